//! `podpis extern reply`: answers what a docflow asks for.
//!
//! **Invariant:** a document that can be answered in more than one way is answered only as the person says; one that
//! cannot be answered keeps none of the others from it.

use std::io::Write as _;
use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;
use podpis::DocumentPath;
use podpis::extern_api::ReplyAsked;
use podpis::extern_api::model::DocflowId;

use super::answer_waiting;
use super::operation::{Account, SigningArguments, stored};
use super::place::{self, InventoryArguments};
use crate::asked::{CertificateChoice, What};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::messages::Message;
use crate::output::Output;
use crate::store::StoredPath;
use crate::waiting::ConsentArguments;

/// Answering one document may make the authority ask for the next; so often the docflow is looked at again.
const ROUNDS: usize = 20;

/// Where a sandbox is sent from.
const SANDBOX_IP: &str = "127.0.0.1";

#[derive(Debug, Args)]
pub(crate) struct AnswerArguments {
    /// The docflow, to answer all that it asks for; a seeded one of the sandbox unless given
    #[arg(long, value_name = "DOCFLOW", conflicts_with = "waiting")]
    docflow: Option<String>,

    /// Answer all that the docflows of the account ask for, as far as it can be answered in one way only
    #[arg(long, conflicts_with_all = ["inventory", "no_wait", "even_if_open"])]
    waiting: bool,

    #[command(flatten)]
    consent: ConsentArguments,

    /// Only this document
    #[arg(long, value_name = "DOCUMENT", requires = "docflow")]
    document: Option<String>,

    #[command(flatten)]
    inventory: InventoryArguments,

    /// Type of the reply, where a document can be answered in several ways
    #[arg(long = "type", value_name = "TYPE")]
    reply_type: Option<String>,

    /// Why a demand is declined; may be given several times
    #[arg(long = "decline", value_name = "CODE", requires = "reply_type")]
    decline_codes: Vec<String>,

    /// Content of the documents of a package for the pension fund: one file for all, or one for each
    #[arg(long = "content", value_name = "FILE")]
    contents: Vec<PathBuf>,

    /// Thumbprint of the certificate to sign with, one of the account's
    #[arg(long, value_name = "THUMBPRINT")]
    cert: Option<String>,

    /// Address of the computer that sends, as the service demands it
    #[arg(long, value_name = "IP")]
    ip: Option<IpAddr>,

    #[command(flatten)]
    signing: SigningArguments,
}

/// How every document is answered.
pub(super) struct Manner {
    reply_type: Option<String>,
    decline_codes: Vec<String>,
    pub(super) contents: Vec<StoredPath>,
    certificate: CertificateChoice,
    sender_ip: String,
}

/// Answers.
pub(super) async fn run(arguments: AnswerArguments, output: Output) -> Result<Exit, Failure> {
    let mut contents = Vec::with_capacity(arguments.contents.len());
    for path in &arguments.contents {
        contents.push(stored(path)?);
    }
    let SigningArguments { operation, strict } = &arguments.signing;
    let places = operation.places(output).await?;
    let account = operation.open(&places, *strict, output).await?;
    let seeded = account.seeded();
    let made_up = match seeded {
        Some(_) if contents.is_empty() && !arguments.waiting => Some(sandbox_content()?),
        _ => None,
    };
    if let Some(file) = &made_up {
        contents.push(stored(file.path())?);
    }
    let needs = |what| Failure::usage(Message::MissingIds(what));
    let certificate = arguments.cert.or_else(|| {
        let known = seeded?.certificate("dss")?;
        Some(known.thumbprint.clone())
    });
    let sender_ip = arguments
        .ip
        .map(|ip| ip.to_string())
        .or_else(|| seeded.map(|_| SANDBOX_IP.to_owned()));
    let manner = Manner {
        reply_type: arguments.reply_type,
        decline_codes: arguments.decline_codes,
        contents,
        certificate: CertificateChoice::Listed(certificate.ok_or_else(|| needs("--cert"))?),
        sender_ip: sender_ip.ok_or_else(|| needs("--ip"))?,
    };
    let yes = operation.yes();
    if arguments.waiting {
        let answerer = Answerer {
            account,
            manner,
            output,
            tried: Vec::new(),
            exit: Exit::Done,
        };
        return answer_waiting::run(answerer, &places.1, &arguments.consent, yes).await;
    }
    let (docflow, others) = match (arguments.docflow, arguments.document, seeded) {
        (Some(docflow), Some(document), _) => {
            let place = arguments.inventory.place(&docflow, &document);
            (None, vec![place])
        }
        (Some(docflow), None, _) => (Some(DocflowId::new(docflow)), Vec::new()),
        (None, _, Some(world)) => {
            // A docflow does not name the documents of its inventories; the sandbox does.
            let places = world.answerable.documents.iter();
            let inventories = places.filter(|place| place.inventory.is_some());
            (
                Some(DocflowId::new(world.answerable.docflow.clone())),
                inventories.map(place::seeded).collect(),
            )
        }
        (None, _, None) => return Err(needs("--docflow")),
    };
    Answerer {
        account,
        manner,
        output,
        tried: Vec::new(),
        exit: Exit::Done,
    }
    .all(docflow, others)
    .await
}

/// What a package is filled with that is sent to nobody.
fn sandbox_content() -> Result<tempfile::NamedTempFile, Failure> {
    let mut file = tempfile::Builder::new()
        .prefix("package-")
        .suffix(".xml")
        .tempfile()
        .map_err(Failure::setup)?;
    file.write_all(b"<?xml version=\"1.0\" encoding=\"utf-8\"?><package/>")
        .map_err(Failure::setup)?;
    Ok(file)
}

pub(super) struct Answerer<'a> {
    pub(super) account: Account<'a>,
    pub(super) manner: Manner,
    pub(super) output: Output,
    /// A document is answered at most once in a call of the program.
    tried: Vec<DocumentPath>,
    pub(super) exit: Exit,
}

impl Answerer<'_> {
    async fn all(
        mut self,
        docflow: Option<DocflowId>,
        others: Vec<DocumentPath>,
    ) -> Result<Exit, Failure> {
        let mut interrupt = Interrupt::new();
        for _ in 0..ROUNDS {
            let mut asked = Vec::new();
            let (client, account) = (&self.account.ready.client, &self.account.id);
            if let Some(docflow) = &docflow {
                asked.extend(client.account(account).replies_asked_for(docflow).await?);
            }
            for place in &others {
                asked.extend(client.account(account).replies_asked_for_by(place).await?);
            }
            asked.retain(|one| !self.tried.contains(&one.place));
            if asked.is_empty() {
                break;
            }
            while let Some(first) = asked.first() {
                let place = first.place.clone();
                let (offers, rest) = asked.into_iter().partition(|one| one.place == place);
                asked = rest;
                self.tried.push(place);
                self.one(offers, &mut interrupt).await?;
                if interrupt.was_pressed() {
                    return Ok(self.exit);
                }
            }
        }
        if self.tried.is_empty() {
            self.output.say(&Message::NothingToAnswer);
        }
        Ok(self.exit)
    }

    /// Answers one document by one of the replies that it offers. Says whether the person stopped that, or does not answer:
    /// then nobody should ask for the next one at once.
    pub(super) async fn one(
        &mut self,
        offers: Vec<ReplyAsked>,
        interrupt: &mut Interrupt,
    ) -> Result<bool, Failure> {
        let answered = match self.choose(&offers) {
            Ok(offer) => {
                let what = What::Answer {
                    place: offer.place.clone(),
                    reply_type: offer.reply_type.clone(),
                    certificate: self.manner.certificate.clone(),
                    decline_codes: self.manner.decline_codes.clone(),
                    // Other replies are made by the service.
                    contents: match offer.is_package {
                        true => self.manner.contents.clone(),
                        false => Vec::new(),
                    },
                    sender_ip: self.manner.sender_ip.clone(),
                };
                self.account.carry_out(what, interrupt).await
            }
            Err(failure) => Err(failure),
        };
        let (exit, was_stopped) = match answered {
            Ok(delivery) => {
                let exit = delivery.print()?;
                (exit, exit == Exit::Open)
            }
            Err(failure) => {
                self.output.failure(&failure);
                let is_left = failure.exit() == Exit::Open && !failure.is_already_open();
                (failure.exit(), failure.is_a_no() || is_left)
            }
        };
        self.exit = self.exit.worst(exit);
        Ok(was_stopped)
    }

    pub(super) fn choose<'a>(&self, offers: &'a [ReplyAsked]) -> Result<&'a ReplyAsked, Failure> {
        let wanted = self.manner.reply_type.as_deref();
        let mut fitting = offers
            .iter()
            .filter(|offer| wanted.is_none_or(|wanted| wanted == offer.reply_type));
        match (fitting.next(), fitting.next()) {
            (Some(offer), None) => Ok(offer),
            _ => {
                let types: Vec<&str> = offers.iter().map(|offer| &*offer.reply_type).collect();
                let document = offers.first().map(|offer| offer.place.document_id());
                Err(Failure::usage(Message::ReplyTypeNeeded {
                    document: document.map(ToString::to_string).unwrap_or_default(),
                    types: types.join(", "),
                }))
            }
        }
    }
}

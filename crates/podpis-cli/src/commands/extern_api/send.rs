//! `podpis extern send`: files to a sent docflow.
//!
//! **Invariant:** who sends what to whom is said by the person, or seeded in a sandbox; nothing of it is guessed.

use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use podpis::extern_api::model::{DraftId, DraftMeta, Payer, Recipient, Sender};

use super::operation::{SigningArguments, stored};
use crate::asked::{CertificateChoice, What};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::{read_small, unreadable};
use crate::interrupt::Interrupt;
use crate::messages::Message;
use crate::output::Output;

/// What is sent in a sandbox unless something else is said.
const SANDBOX_TYPE: &str = "urn:document:fns534-report";

#[derive(Debug, Args)]
pub(crate) struct SendArguments {
    /// The files of the report
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Type of the files, for example urn:document:fns534-report
    #[arg(long = "type", value_name = "URN")]
    document_type: Option<String>,

    /// Who sends, for whom and to whom: the service's own JSON (sender, recipient, payer, …)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["to", "inn", "kpp", "ip"])]
    meta: Option<PathBuf>,

    /// To whom: ifns, mri, togs, upfr, sfr, fss or mvd with its code, for example ifns:0087
    #[arg(long, value_name = "KIND:CODE", value_parser = recipient, requires_all = ["inn", "ip"])]
    to: Option<Recipient>,

    /// INN of the organization that reports
    #[arg(long, value_name = "INN", requires = "to")]
    inn: Option<String>,

    /// KPP of the organization that reports
    #[arg(long, value_name = "KPP", requires = "to")]
    kpp: Option<String>,

    /// Address of the computer that sends, as the service demands it
    #[arg(long, value_name = "IP", requires = "to")]
    ip: Option<IpAddr>,

    /// Thumbprint of the certificate to sign with, one of the account's
    #[arg(long, value_name = "THUMBPRINT")]
    cert: Option<String>,

    /// Send although the check finds errors, where the service allows that
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    signing: SigningArguments,
}

/// Sends.
pub(super) async fn run(arguments: SendArguments, output: Output) -> Result<Exit, Failure> {
    let mut files = Vec::with_capacity(arguments.files.len());
    for path in &arguments.files {
        files.push(stored(path)?);
    }
    let meta = given_meta(&arguments)?;
    let SigningArguments { operation, strict } = &arguments.signing;
    let places = operation.places(output).await?;
    let account = operation.open(&places, *strict, output).await?;
    let seeded = account.seeded();
    let needs = |what| Failure::usage(Message::MissingIds(what));
    let document_type = arguments
        .document_type
        .or_else(|| seeded.map(|_| SANDBOX_TYPE.to_owned()))
        .ok_or_else(|| needs("--type"))?;
    let meta = match (meta, seeded) {
        (Some(meta), _) => meta,
        (None, Some(world)) => {
            let draft = DraftId::new(world.drafts.dss.id.clone());
            let draft = account
                .ready
                .client
                .account(&account.id)
                .draft(&draft)
                .await?;
            draft.meta.unwrap_or_default()
        }
        (None, None) => return Err(needs("--meta, or --to, --inn and --ip")),
    };
    let certificate = match (arguments.cert, own_certificate(&meta), seeded) {
        (Some(thumbprint), _, _) => Some(CertificateChoice::Listed(thumbprint)),
        (None, true, _) => None,
        (None, false, Some(world)) => world
            .certificate("dss")
            .map(|known| CertificateChoice::Listed(known.thumbprint.clone())),
        (None, false, None) => return Err(needs("--cert")),
    };
    let what = What::SendReport {
        files,
        document_type,
        meta: Box::new(meta),
        certificate,
        force: arguments.force,
    };
    let delivery = account.carry_out(what, &mut Interrupt::new()).await?;
    delivery.print()
}

/// What the person said about sender, recipient and payer.
fn given_meta(arguments: &SendArguments) -> Result<Option<DraftMeta>, Failure> {
    if let Some(path) = &arguments.meta {
        return written_meta(path).map(Some);
    }
    let (Some(to), Some(inn), Some(ip)) = (&arguments.to, &arguments.inn, &arguments.ip) else {
        return Ok(None);
    };
    // The certificate comes with the start.
    let mut sender = Sender::default();
    sender.inn = Some(inn.clone());
    sender.ipaddress = Some(ip.to_string());
    let mut payer = Payer::new(inn);
    if let Some(kpp) = &arguments.kpp {
        sender = sender.with_kpp(kpp);
        payer = payer.with_kpp(kpp);
    }
    Ok(Some(DraftMeta::new(sender, to.clone(), payer)))
}

/// The service's own JSON, with the three that it refuses to do without.
fn written_meta(path: &Path) -> Result<DraftMeta, Failure> {
    let text = read_small(path)?;
    let meta = serde_json::from_slice(&text).map_err(io::Error::from);
    let meta: DraftMeta = meta.map_err(unreadable(path))?;
    let missing = [
        ("sender", meta.sender.is_none()),
        ("recipient", meta.recipient.is_none()),
        ("payer", meta.payer.is_none()),
    ];
    match missing.into_iter().find(|(_, is_missing)| *is_missing) {
        Some((what, _)) => {
            let path = path.display().to_string();
            Err(Failure::usage(Message::MetaWithout { path, what }))
        }
        None => Ok(meta),
    }
}

fn own_certificate(meta: &DraftMeta) -> bool {
    let sender = meta.sender.as_ref();
    sender
        .and_then(|sender| sender.certificate.as_ref())
        .is_some_and(|certificate| certificate.content.is_some())
}

fn recipient(text: &str) -> Result<Recipient, String> {
    let (kind, code) = text
        .split_once(':')
        .filter(|(_, code)| !code.trim().is_empty())
        .ok_or("it is a kind and a code with a colon between them, for example ifns:0087")?;
    let code = code.trim();
    Ok(match kind.trim().to_ascii_lowercase().as_str() {
        "ifns" => Recipient::ifns(code),
        "mri" => Recipient::mri(code),
        "togs" => Recipient::togs(code),
        "upfr" => Recipient::upfr(code),
        "sfr" => Recipient::sfr(code),
        "fss" => Recipient::fss(code),
        "mvd" => Recipient::mvd(code),
        _ => return Err("the kind is ifns, mri, togs, upfr, sfr, fss or mvd".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipient_is_a_kind_and_a_code() {
        let ifns = recipient("ifns:0087").unwrap();
        assert_eq!(ifns.ifns_code.as_deref(), Some("0087"));
        let sfr = recipient(" SFR : 077-001 ").unwrap();
        assert_eq!(sfr.sfr_code.as_deref(), Some("077-001"));
        for wrong in ["", "ifns", "ifns:", "ifns: ", "tax:0087"] {
            recipient(wrong).unwrap_err();
        }
    }
}

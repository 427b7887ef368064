//! `podpis diadoc attach --waiting`: signs and attaches what waits for nothing but a signature.
//!
//! Operations of the same box that an earlier call began go on first; what is still open after that is left out of the
//! list. So it can be killed anywhere and run again: nobody is asked twice for a document, and nothing is posted twice.
//!
//! **Invariant:** nothing that was not shown is signed, and nothing is sent for signing before somebody has said yes to
//! the number of documents.

use clap::Args;
use podpis::core::wait::OperationKind as _;
use podpis::diadoc::{BoxId, MessageId, SignAndAttach};
use podpis::operation::JournalError;
use podpis::{Diadoc, Error, Operation};

use crate::asked::{AttachAsk, DiadocAsk};
use crate::connection::DiadocArguments;
use crate::delivery::{FolderGoal, Goal};
use crate::environment;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::messages::DiadocMessage;
use crate::out_folder::OutFolder;
use crate::output::Output;
use crate::prompt;
use crate::ready::Ready;
use crate::store::Store;
use crate::waiting::{FilterArguments, Survey, Waiting, lines, told};

/// How many documents one confirmation is for. How many the service takes, no source says; their signatures have to fit
/// into one record, which is written anew at every step.
const ONE_CONFIRMATION: usize = 100;

#[derive(Args, Clone, Debug)]
pub(super) struct WaitingChoice {
    /// Sign all documents that wait for nothing but a signature, in as many messages as they are, with one confirmation
    #[arg(long, conflicts_with_all = ["message", "entities", "approval"])]
    pub(super) waiting: bool,

    #[command(flatten)]
    pub(super) filter: FilterArguments,

    /// Sign at most so many documents
    #[arg(long, value_name = "NUMBER", requires = "waiting", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    /// Only show what would be signed, and what the others need
    #[arg(long, requires = "waiting")]
    dry_run: bool,

    /// Sign without a question, if it is so many documents, and nothing at all otherwise
    #[arg(long, value_name = "NUMBER", requires = "waiting")]
    confirm_count: Option<usize>,
}

/// What it works with.
pub(super) struct Work<'a> {
    pub(super) arguments: &'a WaitingChoice,
    pub(super) diadoc: &'a DiadocArguments,
    pub(super) ask: AttachAsk,
    pub(super) in_box: BoxId,
    pub(super) folder: OutFolder,
    pub(super) store: &'a Store,
    pub(super) ready: &'a Ready<'a, Diadoc>,
    pub(super) output: Output,
}

impl Work<'_> {
    /// Goes on with what is open, looks, asks, signs.
    pub(super) async fn run(self) -> Result<Exit, Failure> {
        let (arguments, output) = (self.arguments, self.output);
        let filter = arguments.filter.filter()?;
        let mut interrupt = Interrupt::new();
        let mut exit = Exit::Done;
        if !arguments.dry_run {
            exit = self.go_on(&mut interrupt).await?;
            if interrupt.was_pressed() {
                return Ok(exit);
            }
        }
        let open = self.records().await?;
        let client = self.ready.connection.reader();
        let survey = Survey::of(&client, &self.in_box, &self.ask, &open).await?;
        let found = survey.find(filter).await?;
        let (to_sign, others): (Vec<Waiting>, Vec<Waiting>) =
            found.into_iter().partition(Waiting::needs_only_a_signature);
        let packs = packs(to_sign, arguments.limit);
        self.show(&packs, &others)?;
        let documents = packs.iter().map(Vec::len).sum();
        if arguments.dry_run {
            output.say(&DiadocMessage::OnlyShown.into());
            return Ok(exit);
        }
        if !self.is_wanted(documents).await? {
            return Ok(exit);
        }
        for batch in batches(packs) {
            let asked = DiadocAsk::Attach {
                ask: self.ask.about(batch.iter().map(Waiting::place)),
                in_box: self.in_box.clone(),
                folder: self.folder.clone(),
            };
            let delivery = self.ready.carry_out(asked, None, &mut interrupt).await;
            // Who said no, or does not answer, is not asked for the next ones.
            exit = exit.worst(delivery?.print()?);
        }
        Ok(exit)
    }

    /// The operations of the journal that are about documents of this box.
    async fn records(&self) -> Result<Vec<Operation>, Failure> {
        let mut records = self.store.journal().open().await.map_err(Error::from)?;
        let place = self.in_box.as_str();
        records.retain(|record| {
            let origin = record.origin();
            *record.kind() == SignAndAttach::KIND
                && origin.is_at(&self.ready.connection.host())
                && origin
                    .place
                    .as_deref()
                    .is_some_and(|known| known.eq_ignore_ascii_case(place))
        });
        Ok(records)
    }

    /// Goes on with those that are open; what nobody can tell about stays open, and is said.
    async fn go_on(&self, interrupt: &mut Interrupt) -> Result<Exit, Failure> {
        let records = self.records().await?;
        let mut exit = Exit::Done;
        if !records.is_empty() {
            let operations = records.len();
            self.output
                .say(&DiadocMessage::GoingOnFirst { operations }.into());
        }
        for record in records {
            let id = record.id();
            let claim = match self.store.journal().claim(id).await {
                Ok(claim) => claim,
                // Somebody else drives it.
                Err(JournalError::Claimed { .. }) => continue,
                Err(error) => return Err(Failure::from(Error::from(error)).about(id)),
            };
            if claim.record().is_none() {
                continue;
            }
            let noted = self.store.own_note(id)?.and_then(|note| note.folder());
            let folder = match &noted {
                Some(noted) => OutFolder::open(Some(noted))?,
                None => self.folder.clone(),
            };
            let goal = Goal::Folder(FolderGoal::of(folder));
            let ended = match self.ready.go_on(claim, &goal, interrupt).await {
                Ok(delivery) => delivery.print()?,
                Err(failure) => {
                    let failure = failure.about(id);
                    self.output.failure(&failure);
                    failure.exit()
                }
            };
            exit = exit.worst(ended);
            if interrupt.was_pressed() {
                break;
            }
        }
        Ok(exit)
    }

    fn show(&self, packs: &[Vec<Waiting>], others: &[Waiting]) -> Result<(), Failure> {
        let output = self.output;
        let say = |one: &Waiting| {
            for line in lines(&one.document, Some(&one.need), output) {
                output.line(&line);
            }
        };
        if !others.is_empty() {
            let documents = others.len();
            output.say(&DiadocMessage::NotSigned { documents }.into());
        }
        for one in others {
            say(one);
            output.result(&told(&one.document, Some(&one.need), output))?;
        }
        let documents = packs.iter().map(Vec::len).sum();
        if documents == 0 {
            output.say(&DiadocMessage::NothingToSign.into());
            return Ok(());
        }
        let messages = packs.len();
        output.say(
            &DiadocMessage::WillSign {
                documents,
                messages,
            }
            .into(),
        );
        for one in packs.iter().flatten() {
            say(one);
            // What is signed is told with its signature.
            if self.arguments.dry_run {
                output.result(&told(&one.document, Some(&one.need), output))?;
            }
        }
        Ok(())
    }

    /// Whether somebody says yes to so many documents.
    async fn is_wanted(&self, documents: usize) -> Result<bool, Failure> {
        if let Some(expected) = self.arguments.confirm_count {
            if expected != documents {
                let message = DiadocMessage::OtherCount {
                    expected,
                    documents,
                };
                return Err(Failure::usage(message.into()));
            }
            return Ok(documents > 0);
        }
        if documents == 0 {
            return Ok(false);
        }
        // It is refused for anything but a sandbox.
        if self.diadoc.service.yes {
            return Ok(true);
        }
        if !environment::person_at_terminal() {
            let message = DiadocMessage::NobodyToAsk { documents };
            return Err(Failure::usage(message.into()));
        }
        let is_wanted =
            prompt::confirmed(self.output, &DiadocMessage::AskSign { documents }.into()).await;
        if !is_wanted {
            self.output.say(&DiadocMessage::NotWanted.into());
        }
        Ok(is_wanted)
    }
}

/// The documents by their messages, as far as the limit goes: those of one message stay together.
fn packs(to_sign: Vec<Waiting>, limit: Option<u64>) -> Vec<Vec<Waiting>> {
    let mut packs: Vec<(MessageId, Vec<Waiting>)> = Vec::new();
    for one in to_sign {
        let message = one.document.message.clone();
        match packs.iter_mut().find(|(known, _)| *known == message) {
            Some((_, pack)) => pack.push(one),
            None => packs.push((message, vec![one])),
        }
    }
    let mut left = limit.map_or(usize::MAX, |limit| {
        usize::try_from(limit).unwrap_or(usize::MAX)
    });
    let mut kept = Vec::new();
    for (_, pack) in packs {
        if let Some(rest) = left.checked_sub(pack.len()) {
            left = rest;
            kept.push(pack);
        }
    }
    kept
}

/// What one confirmation is for: whole messages.
fn batches(packs: Vec<Vec<Waiting>>) -> Vec<Vec<Waiting>> {
    let mut batches: Vec<Vec<Waiting>> = Vec::new();
    for pack in packs {
        match batches.last_mut() {
            Some(batch) if batch.len() + pack.len() <= ONE_CONFIRMATION => batch.extend(pack),
            _ => batches.push(pack),
        }
    }
    batches
}

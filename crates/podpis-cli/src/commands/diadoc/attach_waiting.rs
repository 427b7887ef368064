//! `podpis diadoc attach --waiting`: signs and attaches what waits for nothing but a signature.
//!
//! Operations of the same box that an earlier call began go on first; what is still open after that is left out of the
//! list. So it can be killed anywhere and run again: nobody is asked twice for a document, and nothing is posted twice. Of
//! several calls at once, one is at work and the others say so.
//!
//! **Invariant:** nothing that was not shown is signed, and nothing is sent for signing before somebody has said yes to
//! the number of documents.

use clap::Args;
use podpis::core::wait::OperationKind as _;
use podpis::diadoc::{BoxId, SignAndAttach};
use podpis::{Diadoc, Operation};

use crate::asked::{AttachAsk, DiadocAsk};
use crate::connection::DiadocArguments;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::messages::DiadocMessage;
use crate::out_folder::OutFolder;
use crate::output::Output;
use crate::ready::Ready;
use crate::store::Store;
use crate::waiting::{
    ConsentArguments, FilterArguments, Survey, Waiting, alone, digits, go_on, lines, told,
};

/// How many documents one confirmation is for. How many the service takes, no source says; their signatures have to fit
/// into one record, which is written anew at every step.
const ONE_CONFIRMATION: usize = 100;

#[derive(Args, Clone, Debug)]
pub(super) struct WaitingChoice {
    /// Sign all documents that wait for nothing but a signature, in as many messages as they are, with one confirmation
    #[arg(long, conflicts_with_all = ["message", "entities", "approval", "no_wait", "even_if_open"])]
    pub(super) waiting: bool,

    #[command(flatten)]
    pub(super) filter: FilterArguments,

    #[command(flatten)]
    consent: ConsentArguments,
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
        let place = digits(self.in_box.as_str());
        let host = self.ready.connection.host();
        let _alone = match arguments.consent.dry_run {
            true => None,
            false => Some(alone(self.store, &host, &place).await?),
        };
        if !arguments.consent.dry_run {
            let mut records = self.records().await?;
            records.retain(|record| {
                record.origin().place.as_deref().map(digits) == Some(place.clone())
            });
            let (store, ready) = (self.store, self.ready);
            exit = go_on(store, ready, records, &self.folder, &mut interrupt, output).await?;
            if interrupt.was_pressed() {
                return Ok(exit);
            }
        }
        let open = self.records().await?;
        let client = self.ready.connection.reader();
        let survey = Survey::of(&client, &self.in_box, &self.ask, &open, output).await?;
        let found = survey.find(filter, arguments.filter.has_drafts()).await?;
        let (to_sign, others): (Vec<Waiting>, Vec<Waiting>) =
            found.into_iter().partition(Waiting::needs_only_a_signature);
        let packs = packs(to_sign, arguments.consent.limit());
        self.show(&packs, &others)?;
        let documents = packs.iter().map(Vec::len).sum();
        let yes = self.diadoc.service.yes;
        if !arguments.consent.given(documents, yes, output).await? {
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

    /// The operations of the journal that are about documents at this service. A box has two names, so those of another
    /// one may be about the same documents.
    async fn records(&self) -> Result<Vec<Operation>, Failure> {
        let records = self.store.journal().open().await;
        let mut records = records.map_err(|error| self.store.failing(error))?;
        records.retain(|record| {
            *record.kind() == SignAndAttach::KIND
                && record.origin().is_at(&self.ready.connection.host())
        });
        Ok(records)
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
            if self.arguments.consent.dry_run {
                output.result(&told(&one.document, Some(&one.need), output))?;
            }
        }
        Ok(())
    }
}

/// The documents by their messages, as far as the limit goes: those of one message stay together.
fn packs(to_sign: Vec<Waiting>, limit: usize) -> Vec<Vec<Waiting>> {
    let message = |one: &Waiting| one.document.message.clone();
    within(limit, grouped(to_sign, message))
}

/// What belongs together, in the order in which it first comes.
fn grouped<T, K: PartialEq>(all: Vec<T>, key: impl Fn(&T) -> K) -> Vec<Vec<T>> {
    let mut packs: Vec<(K, Vec<T>)> = Vec::new();
    for one in all {
        let message = key(&one);
        match packs.iter_mut().find(|(known, _)| *known == message) {
            Some((_, pack)) => pack.push(one),
            None => packs.push((message, vec![one])),
        }
    }
    packs.into_iter().map(|(_, pack)| pack).collect()
}

/// As many whole packs as the limit allows.
fn within<T>(limit: usize, packs: Vec<Vec<T>>) -> Vec<Vec<T>> {
    let mut left = limit;
    let mut kept = Vec::new();
    for pack in packs {
        if let Some(rest) = left.checked_sub(pack.len()) {
            left = rest;
            kept.push(pack);
        }
    }
    kept
}

/// What one confirmation is for: whole messages.
fn batches<T>(packs: Vec<Vec<T>>) -> Vec<Vec<T>> {
    let mut batches: Vec<Vec<T>> = Vec::new();
    for pack in packs {
        match batches.last_mut() {
            Some(batch) if batch.len() + pack.len() <= ONE_CONFIRMATION => batch.extend(pack),
            _ => batches.push(pack),
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_of_one_message_stays_together() {
        // The tens are the messages.
        let packs = grouped(vec![11, 21, 12, 31, 22, 23], |one| one / 10);
        assert_eq!(packs, [vec![11, 12], vec![21, 22, 23], vec![31]]);
        for (limit, expected) in [
            (0, vec![]),
            (1, vec![vec![31]]),
            (2, vec![vec![11, 12]]),
            (4, vec![vec![11, 12], vec![31]]),
            (5, vec![vec![11, 12], vec![21, 22, 23]]),
            (usize::MAX, packs.clone()),
        ] {
            assert_eq!(within(limit, packs.clone()), expected, "{limit}");
        }
        let many: Vec<Vec<u32>> = vec![
            vec![0; 60],
            vec![0; 40],
            vec![0; 1],
            vec![0; 150],
            vec![0; 2],
        ];
        let lengths: Vec<usize> = batches(many).iter().map(Vec::len).collect();
        assert_eq!(lengths, [100, 1, 150, 2]);
        assert!(batches(Vec::<Vec<u32>>::new()).is_empty());
    }
}

//! Goes on with one record and tells what came of it.
//!
//! **Invariant:** the record lies in the journal byte for byte as it was left there, and the program that goes on
//! knows nothing else.

use podpis::operation::State;
use podpis::{
    Deadline, Error, ErrorKind, FileOutcome, FolderJournal, Journal, Next, OperationId, Output,
    Podpis, Refusal, Signatures, Signed,
};
use serde_json::Value;
use tempfile::TempDir;

use super::table::{Came, Effects};
use crate::stage::Stage;

const TEN_MINUTES: Deadline = Deadline::minutes(10);

/// Every call that gives a code.
const CODES: [&str; 6] = [
    "CloudSignConfirm",
    "DraftCloudSignConfirm",
    "ReplyCloudSignConfirm",
    "PfrReplyCloudSignConfirm",
    "ConfirmContentDecryption",
    "DecryptContentConfirm",
];

/// A journal that an earlier version left behind.
pub(super) struct Left {
    folder: TempDir,
    pub(super) journal: FolderJournal,
    pub(super) id: OperationId,
}

impl Left {
    pub(super) fn new(text: &[u8]) -> Self {
        let stored: Value = serde_json::from_slice(text).unwrap();
        let id = stored["operation"]["id"].as_str().unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(format!("{id}.json")), text).unwrap();
        Self {
            journal: FolderJournal::at(folder.path()).unwrap(),
            id: id.parse().unwrap(),
            folder,
        }
    }

    /// The record's file as it is now.
    pub(super) fn text(&self) -> Vec<u8> {
        std::fs::read(self.folder.path().join(format!("{}.json", self.id))).unwrap()
    }
}

pub(super) async fn go_on(stage: &Stage, text: &[u8]) -> Came {
    let left = Left::new(text);
    let listed = left.journal.open().await.unwrap();
    assert_eq!(left.journal.unreadable(), []);
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].id(), &left.id);
    let podpis = Podpis::new()
        .with_diadoc(stage.diadoc())
        .with_extern(stage.extern_api());
    let before = effects(stage);
    let claim = left.journal.claim(&left.id).await.unwrap();
    let mut run = podpis.resume(claim).unwrap();
    let next = match run.next() {
        Next::GiveCode { attempt } => format!("code {attempt}"),
        Next::PollAfter(_) => "poll".to_owned(),
        Next::Reconcile => "reconcile".to_owned(),
        Next::Finished => "finished".to_owned(),
    };
    let had_ended = run.operation().state().is_final();
    let outcome = run.wait(&mut stage.person(), TEN_MINUTES).await;
    let end = match &outcome {
        Ok(output) => format!("done: {}", in_words(output).await),
        Err(error) => failure(error),
    };
    if had_ended {
        // Nothing can change any more: not the file, and what is given out is what it holds.
        assert_eq!(left.text(), text);
        holds(text, &outcome);
    }
    if let State::Refused {
        message: Some(message),
        ..
    } = run.operation().state()
    {
        let error = outcome.unwrap_err().to_string();
        assert!(error.contains(message.as_str()), "{error}");
    }
    Came {
        next,
        end,
        effects: effects(stage).since(before),
    }
}

pub(super) fn effects(stage: &Stage) -> Effects {
    let counters = stage.sandbox.counters();
    let codes = CODES.into_iter().map(|endpoint| stage.calls(endpoint));
    Effects {
        starts: counters.operations_started,
        messages: counters.sms_sent + counters.pushes_sent,
        codes: codes.sum::<usize>() as u64,
        posts: counters.patches
            + counters.drafts_created
            + counters.docflows_created
            + counters.replies_sent,
    }
}

/// Every signature that came is one that the record has, to the byte.
fn holds(text: &[u8], outcome: &Result<Output, Error>) {
    use base64::Engine as _;
    let signatures = match outcome {
        Ok(Output::Signatures(signatures)) => signatures,
        Ok(Output::Report(sent)) => &sent.signatures,
        Ok(Output::Answer(answer)) => &answer.signatures,
        Ok(Output::Attached(attached)) => match &attached.signatures {
            Some(signatures) => signatures,
            None => return,
        },
        _ => return,
    };
    let text = std::str::from_utf8(text).unwrap();
    for signed in signed(signatures) {
        let stored = base64::engine::general_purpose::STANDARD.encode(signed.der());
        assert!(text.contains(&stored));
    }
}

async fn in_words(output: &Output) -> String {
    match output {
        Output::Signatures(signatures) => count(signatures),
        Output::Receipts(receipts) => {
            format!(
                "{} receipts in {} batches, {:?}",
                receipts.signed, receipts.batches, receipts.end
            )
        }
        Output::Posted(posted) => {
            let signatures = posted.signatures().count();
            let found = if posted.was_found { " and found" } else { "" };
            format!("posted{found}, {signatures} signatures")
        }
        Output::Attached(attached) => {
            let all = attached.documents.len();
            let documents = attached.documents.iter();
            let there = documents.filter(|one| one.signature.is_some()).count();
            let signatures = attached.signatures.as_ref().map(count);
            let signatures = signatures.unwrap_or_else(|| "no signatures".to_owned());
            format!("attached to {there} of {all}, {signatures}")
        }
        Output::Content(content) => format!("{} bytes", content.bytes().await.unwrap().len()),
        Output::Checked(result) => {
            let (errors, warnings) = (result.errors().count(), result.warnings().count());
            format!("{errors} errors and {warnings} warnings")
        }
        Output::Prepared(prepared) => format!("prepared, {:?}", prepared.status),
        Output::Sent(_) => "sent".to_owned(),
        Output::Report(sent) => format!("report sent, {}", count(&sent.signatures)),
        Output::Reply(_) => "reply sent".to_owned(),
        Output::Answer(answer) => format!("answer sent, {}", count(&answer.signatures)),
        other => panic!("{other:?}"),
    }
}

fn signed(signatures: &Signatures) -> impl Iterator<Item = &Signed> {
    signatures.files().iter().filter_map(|file| match file {
        FileOutcome::Signed(signed) => Some(&**signed),
        _ => None,
    })
}

fn count(signatures: &Signatures) -> String {
    let all = signatures.files().len();
    format!("{} of {all} signatures", signed(signatures).count())
}

fn failure(error: &Error) -> String {
    match error.refusal() {
        Some(refusal) => format!("refused: {}", reason(refusal)),
        None => match error.kind() {
            ErrorKind::CannotTell => "cannot tell".to_owned(),
            ErrorKind::Deadline => "still open".to_owned(),
            other => format!("error: {other:?}"),
        },
    }
}

/// The name that records have for it.
fn reason(refusal: &Refusal) -> String {
    let refusal = serde_json::to_value(refusal).unwrap();
    refusal["reason"].as_str().unwrap().to_owned()
}

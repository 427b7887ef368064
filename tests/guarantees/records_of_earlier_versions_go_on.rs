//! Promise: what an earlier version left in a journal is gone on with, to the same end.
//!
//! The records in `fixtures/records` were written by versions that are over: every kind, in every state and at every
//! step that can be met, byte for byte. Beside them are the conversations that they are from. A sandbox hears what the
//! service had heard when the program died, which makes it the same world to the last id; then today's program goes on
//! with nothing but the record. `fixtures/records/README.md` says how to read and to add records.

pub(crate) mod conversation;
mod going_on;
mod table;
mod worlds;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use podpis::diadoc::CloudSign;
use podpis::{Begin, ErrorChain, ErrorKind, Journal, MemoryJournal, Operation, Podpis};
use podpis_sandbox::WorldOptions;
use serde_json::Value;

use crate::stage::Stage;
use conversation::{Conversation, wait_until};
use going_on::{Left, effects, go_on};
use table::Row;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/records")
}

fn rows() -> Vec<Row> {
    Row::read_all(&std::fs::read_to_string(folder().join("table.tsv")).unwrap())
}

/// A world in which everything was said that had been said when the program died.
async fn world_of(row: &Row) -> Stage {
    let stage = worlds::stage(&row.world).await;
    // What has ended needs nothing of the service.
    if row.requests > 0 {
        let said = folder().join(format!("conversations/{}.jsonl", row.flow));
        let said = Conversation::read(&std::fs::read_to_string(said).unwrap());
        said.repeat(&stage, row.requests).await;
    }
    wait_until(&stage, row.at);
    stage
}

async fn goes_on(kind: &str) {
    let mut wrong = Vec::new();
    for row in rows().into_iter().filter(|row| row.kind == kind) {
        let stage = world_of(&row).await;
        let asked_before = effects(&stage).messages;
        let text = std::fs::read(folder().join(&row.file)).unwrap();
        let came = go_on(&stage, &text).await;
        // Whoever was asked before the program died is not asked again.
        let asks_again = asked_before > 0 && came.effects.messages > 0;
        if came != row.came || asks_again {
            wrong.push(format!("{row}\n  was  {:?}\n  came {came:?}", row.came));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// One test for each kind, and the list of them.
macro_rules! kinds {
    ($($test:ident $kind:literal,)*) => {
        const KINDS: &[&str] = &[$($kind,)*];

        $(
            #[tokio::test]
            async fn $test() {
                goes_on($kind).await;
            }
        )*
    };
}

kinds! {
    receipts "diadoc.auto-sign-receipts",
    signing_by_sms "diadoc.cloud-sign",
    signing_in_the_app "diadoc.dss-sign",
    posting "diadoc.posting",
    signing_and_attaching "diadoc.sign-and-attach",
    answering "extern.answer",
    checking "extern.check-draft",
    decrypting "extern.decrypt",
    preparing "extern.prepare-draft",
    sending_a_draft "extern.send-draft",
    sending_a_reply "extern.send-reply",
    sending_a_report "extern.send-report",
    signing_a_draft "extern.sign-draft",
    signing_a_package "extern.sign-pfr-reply",
    signing_a_reply "extern.sign-reply",
}

#[tokio::test]
async fn every_record_is_what_the_table_says() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let podpis = Podpis::new()
        .with_diadoc(stage.diadoc())
        .with_extern(stage.extern_api());
    let mut in_table = BTreeSet::new();
    for row in rows() {
        if !in_table.insert(row.file.clone()) {
            continue;
        }
        let text = std::fs::read(folder().join(&row.file)).unwrap();
        let left = Left::new(&text);
        let run = podpis
            .resume(left.journal.claim(&left.id).await.unwrap())
            .unwrap();
        let operation = run.operation();
        assert_eq!(operation.kind().as_str(), row.kind, "{row}");
        assert!(row.state.starts_with(operation.state().name()), "{row}");
        let next = run.next();
        // Looking at a record changes nothing of it.
        drop(run);
        assert_eq!(left.text(), text, "{row}");
        // In a journal of the program's own, which has the record without the file around it, it says the same.
        let stored: Value = serde_json::from_slice(&text).unwrap();
        let record = serde_json::to_vec(&stored["operation"]).unwrap();
        let record = Operation::from_json(&record).unwrap();
        let journal = MemoryJournal::new();
        let mut claim = journal.claim(&left.id).await.unwrap();
        claim.save(&record).await.unwrap();
        drop(claim);
        let claim = journal.claim(&left.id).await.unwrap();
        assert_eq!(podpis.resume(claim).unwrap().next(), next, "{row}");
    }
    let mut there = BTreeSet::new();
    for kind in std::fs::read_dir(folder()).unwrap() {
        let kind = kind.unwrap();
        let name = kind.file_name().into_string().unwrap();
        if !kind.file_type().unwrap().is_dir() || name == "conversations" {
            continue;
        }
        for file in std::fs::read_dir(kind.path()).unwrap() {
            let file = file.unwrap().file_name().into_string().unwrap();
            there.insert(format!("{name}/{file}"));
        }
    }
    assert_eq!(in_table, there);
    let conversations = std::fs::read_dir(folder().join("conversations")).unwrap();
    let conversations: BTreeSet<String> = conversations
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let needed = rows().into_iter().filter(|row| row.requests > 0);
    let needed: BTreeSet<String> = needed.map(|row| format!("{}.jsonl", row.flow)).collect();
    assert_eq!(conversations, needed);
}

/// A kind that is not among them has no promise.
#[test]
fn every_kind_is_among_them() {
    let kinds: BTreeSet<String> = rows().into_iter().map(|row| row.kind).collect();
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    assert_eq!(kinds, KINDS);
}

/// Some record that was left open, as its file.
fn some_record() -> String {
    let row = rows()
        .into_iter()
        .find(|row| row.state == "processing-0")
        .unwrap();
    std::fs::read_to_string(folder().join(row.file)).unwrap()
}

/// The version that today's program writes.
async fn todays_version() -> u64 {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let (client, journal) = (stage.extern_api(), MemoryJournal::new());
    let checking = client
        .account(&stage.account())
        .check_draft(&stage.phone_draft());
    let run = checking.start(&journal).await.unwrap();
    let record: Value = serde_json::from_slice(&run.operation().to_json().unwrap()).unwrap();
    record["version"].as_u64().unwrap()
}

#[tokio::test]
async fn a_record_of_a_newer_version_is_left_alone_and_named() {
    let newer = todays_version().await + 1;
    let before = some_record();
    let text = before.replacen("\"version\": 1", &format!("\"version\": {newer}"), 1);
    let named = format!("version {newer}");
    let left = Left::new(text.as_bytes());
    assert!(left.journal.open().await.unwrap().is_empty());
    let [unreadable] = &left.journal.unreadable()[..] else {
        panic!("it is not told");
    };
    assert!(unreadable.why().contains(&named), "{unreadable}");
    assert!(unreadable.file().ends_with(format!("{}.json", left.id)));
    let refused = left.journal.claim(&left.id).await.unwrap_err();
    let refused = ErrorChain(&refused).to_string();
    assert!(refused.contains(&named), "{refused}");
    // Nor is it written over by whoever has an older copy of it.
    let left = Left::new(before.as_bytes());
    let mut claim = left.journal.claim(&left.id).await.unwrap();
    let older = claim.take_record().unwrap();
    let file = left.journal.path().join(format!("{}.json", left.id));
    std::fs::write(file, &text).unwrap();
    claim.save(&older).await.unwrap_err();
    assert_eq!(left.text(), text.as_bytes());
}

#[tokio::test]
async fn a_record_of_an_unknown_kind_is_listed_and_left_alone() {
    let before = some_record();
    let kind: Value = serde_json::from_str(&before).unwrap();
    let kind = kind["operation"]["kind"].as_str().unwrap();
    let text = before.replacen(&format!("\"{kind}\""), "\"diadoc.something-newer\"", 1);
    let left = Left::new(text.as_bytes());
    let listed = left.journal.open().await.unwrap();
    assert_eq!(left.journal.unreadable(), []);
    assert_eq!(listed[0].kind().as_str(), "diadoc.something-newer");
    let stage = Stage::in_process(WorldOptions::default()).await;
    let podpis = Podpis::new()
        .with_diadoc(stage.diadoc())
        .with_extern(stage.extern_api());
    let error = podpis
        .resume(left.journal.claim(&left.id).await.unwrap())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(
        error.to_string().contains("diadoc.something-newer"),
        "{error}"
    );
    let claim = left.journal.claim(&left.id).await.unwrap();
    let error = stage.diadoc().resume::<CloudSign>(claim);
    let error = error.unwrap_err();
    assert!(
        error.to_string().contains("diadoc.something-newer"),
        "{error}"
    );
    assert!(stage.sandbox.requests().is_empty());
    assert_eq!(left.text(), text.as_bytes());
}

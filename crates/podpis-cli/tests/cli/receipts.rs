//! `podpis diadoc auto-sign-receipts`.
//!
//! **Invariant:** every receipt that waits is signed, and none is signed twice, whenever the program is killed.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use podpis_sandbox::{DiadocOptions, Fault, LastBatchKey, ReceiptsMethod, WorldOptions};
use serde_json::{Value, json};

use crate::bench::{Ended, Folder, Service, advised, podpis, until};

/// So many receipts; one that is signed again shows.
fn waiting(receipts: usize) -> DiadocOptions {
    DiadocOptions::default()
        .receipts(receipts)
        .receipts_signed_again(true)
}

fn quick(options: DiadocOptions) -> Service {
    Service::start(WorldOptions::default().diadoc_options(options))
}

fn each_was_signed_once(service: &Service, receipts: usize) {
    let all = service.sandbox.receipts();
    assert_eq!(all.len(), receipts);
    assert!(all.iter().all(|receipt| receipt.signed == 1), "{all:?}");
}

#[test]
fn the_embedded_sandbox_needs_nothing_else() {
    let command = [
        "diadoc",
        "auto-sign-receipts",
        "--sandbox",
        "--yes",
        "--json",
    ];
    let ended = Ended::of(podpis().args(command));
    assert_eq!(ended.code, 0, "{ended:?}");
    let object = ended.object();
    assert_eq!(
        (&object["signed"], &object["batches"]),
        (&json!(3), &json!(1))
    );
    assert_eq!(object["end"], "no_next_key");
}

#[test]
fn batch_after_batch_is_told_and_the_total_at_last() {
    for (language, so_far, total) in [
        (
            "en",
            "signed so far: 200 receipts, 2 batches",
            "signed and sent: 250 receipts, 3 batches",
        ),
        (
            "ru",
            "пока подписано: 200 извещений, 2 пачки",
            "подписано и отправлено: 250 извещений, 3 пачки",
        ),
    ] {
        let service = quick(waiting(250));
        let seeded = service.sandbox.world_info().diadoc;
        let ended = Ended::of(service.diadoc("auto-sign-receipts").args([
            "--lang",
            language,
            "--cert",
            &seeded.certificate,
        ]));
        assert_eq!(ended.code, 0, "{ended:?}");
        for words in [so_far, total] {
            assert_eq!(ended.stderr.matches(words).count(), 1, "{ended:?}");
        }
        each_was_signed_once(&service, 250);
        assert_eq!(service.calls("AutoSignReceipts"), 3);
        assert!(service.listed().is_empty());
        assert_eq!(service.journal.names(), ["journal.lock", "outputs"]);
        let notes = fs::read_dir(service.journal.path("outputs")).unwrap();
        let notes = notes.map(|note| note.unwrap().file_name());
        assert_eq!(notes.collect::<Vec<_>>(), ["ended"]);
    }
}

#[test]
fn an_end_that_is_no_end_is_told() {
    let service = quick(waiting(150).last_batch_key(LastBatchKey::Repeating));
    let ended = Ended::of(service.diadoc("auto-sign-receipts").arg("--json"));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.object()["end"], "repeated_key");
    assert!(ended.stderr.contains("run it again"), "{ended:?}");
}

/// What the record says, while a program drives the operation.
fn record(service: &Service) -> Option<(String, Value)> {
    let name = service.journal.names();
    let name = name.iter().find(|name| name.ends_with(".json"))?;
    let text = fs::read(service.journal.path(name)).ok()?;
    let record: Value = serde_json::from_slice(&text).ok()?;
    let id = name.trim_end_matches(".json").to_owned();
    Some((id, record["operation"].clone()))
}

#[test]
fn killed_after_the_second_batch_and_resumed_none_is_signed_twice() {
    let options = WorldOptions::default()
        .diadoc_options(waiting(250))
        .processing(Duration::from_millis(300));
    let service = Service::thinking(options);
    let mut child = service
        .podpis_with_pipes()
        .args(["diadoc", "auto-sign-receipts", "--base-url", &service.url])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let id = until(|| {
        let (id, record) = record(&service)?;
        let data = &record["data"];
        (data["batches"] == 2 && data["step"] == "signing").then_some(id)
    });
    child.kill().unwrap();
    child.wait().unwrap();
    let listed = service.listed();
    assert_eq!(listed[0]["kind"], "diadoc.auto-sign-receipts");
    assert_eq!(listed[0]["next"], "resume");

    let ended = service.ops(&["resume", &id, "--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stderr.contains("so far: 200"), "{ended:?}");
    let object = ended.object();
    assert_eq!(object["files"][0]["signed"], 250);
    assert_eq!(object["files"][0]["batches"], 3);
    each_was_signed_once(&service, 250);
    assert_eq!(service.calls("AutoSignReceipts"), 3);
    assert_eq!(service.sandbox.counters().receipts_signed, 250);
    assert!(service.listed().is_empty());
}

#[test]
fn the_same_command_again_names_the_operation_that_is_open() {
    let service = quick(waiting(3));
    let run = |more: &[&str]| {
        let mut podpis = service.diadoc("auto-sign-receipts");
        Ended::of(podpis.args(["--json", "--no-wait"]).args(more))
    };
    let begun = run(&[]);
    assert_eq!(begun.code, 4, "{begun:?}");
    let id = begun.object()["operation"].as_str().unwrap().to_owned();
    let again = run(&[]);
    again.expect(4, &[&id]);
    assert_eq!(again.object()["error"]["kind"], "already_open");
    assert_eq!(again.object()["error"]["operation"], id.as_str());
    assert_eq!(advised(&again.stderr, "resume")[2], id);
    assert_eq!(service.calls("AutoSignReceipts"), 1);
    // By another certificate it is another matter.
    let seeded = service.sandbox.world_info().diadoc;
    let other = run(&["--cert", &seeded.certificate]);
    assert_eq!(other.object()["started"], true, "{other:?}");

    let resumed = service.ops(&["resume", "--all", "--json"]);
    assert_eq!(resumed.code, 0, "{resumed:?}");
    assert!(service.sandbox.receipts().iter().all(|one| one.signed >= 1));
    let anew = run(&[]);
    assert_eq!(anew.object()["started"], true, "{anew:?}");
}

#[test]
fn a_batch_whose_answer_is_lost_is_for_a_person() {
    let service = quick(waiting(250).receipts_signed_again(false));
    service
        .sandbox
        .inject(Fault::on("AutoSignReceipts").call(2).drop_after());
    let seeded = service.sandbox.world_info().diadoc;
    let ended = Ended::of(service.diadoc("auto-sign-receipts").args([
        "--json",
        "--cert",
        &seeded.certificate,
    ]));
    ended.expect(4, &["batch 2"]);
    assert_eq!(ended.object()["error"]["kind"], "cannot_tell");
    assert_eq!(service.listed()[0]["next"], "look");
    service.sandbox.clear_faults();
    let again = advised(&ended.stderr, "start-over");
    let ended = Ended::of(service.podpis().args(&again).arg("--json"));
    assert_eq!(ended.code, 0, "{ended:?}");
    let receipts = service.sandbox.receipts();
    assert!(receipts.iter().all(|one| one.signed == 1), "{receipts:?}");
    assert!(service.listed().is_empty());
}

#[test]
fn a_service_that_has_removed_it_is_a_clear_failure() {
    for (method, status) in [
        (ReceiptsMethod::NotFound, "404"),
        (ReceiptsMethod::Gone, "410"),
    ] {
        let service = quick(waiting(3).receipts_method(method));
        let ended = Ended::of(service.diadoc("auto-sign-receipts").arg("--json"));
        ended.expect(1, &["removed", "AutoSignReceipts", status]);
        let error = &ended.object()["error"];
        assert_eq!(error["kind"], "service");
        assert!(error["operation"].is_null(), "{error}");
        assert!(service.listed().is_empty());
    }
}

#[test]
fn mistakes_are_named() {
    let service = quick(waiting(3));
    let seeded = service.sandbox.world_info().diadoc;
    let run = |arguments: &[&str]| Ended::of(service.diadoc("auto-sign-receipts").args(arguments));
    run(&["--cert", "zz"]).expect(2, &["--cert"]);
    run(&["--box", "zz"]).expect(2, &["--box"]);
    run(&["--box", &seeded.other_box]).expect(1, &[]);
    let folder = Folder::new();
    let file = folder.file("journal", "x");
    run(&["--journal", file.to_str().unwrap()]).expect(2, &[file.to_str().unwrap()]);
    assert_eq!(service.sandbox.counters().receipts_signed, 0);
}

//! `podpis ops watch` and `podpis ops prune`.
//!
//! **Invariant:** what is watched is driven once, whoever else drives and whoever is killed; an open operation is never
//! removed.

#![cfg(unix)]

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use podpis::core::journal::FolderJournal;
use podpis::operation::{Event, Kind, Lease, Origin, Owner, Service as ServiceName, Timestamp};
use podpis::{Journal as _, Operation, OperationId};
use serde_json::Value;

use crate::bench::{Ended, Folder, Service, openssl_accepts, until};
use crate::interrupted::{heard, interrupt};
use crate::running::Running;

fn watch(service: &Service) -> Running {
    let child = service
        .podpis_with_pipes()
        .args(["ops", "watch", "--yes", "--json"])
        .args(["--base-url", &service.url])
        .spawn();
    child.unwrap().into()
}

fn signed(file: &std::path::Path) -> PathBuf {
    let signature = file.with_extension("p7s");
    until(|| signature.exists().then_some(()));
    assert!(openssl_accepts(file, &signature));
    signature
}

#[test]
fn what_is_there_and_what_comes_is_signed_until_ctrl_c() {
    let service = Service::quick();
    let folder = Folder::new();
    let files = ["one", "two", "three"].map(|name| folder.file(name, name));
    service.left_at_the_code(&files[0]);
    service.left_at_the_code(&files[1]);
    let mut child = watch(&service);
    heard(&mut child, "Ctrl-C stops it");
    signed(&files[0]);
    signed(&files[1]);
    service.left_at_the_code(&files[2]);
    signed(&files[2]);
    until(|| service.listed().is_empty().then_some(()));
    heard(&mut child, "operations (done: 3)");
    let ended = interrupt(child);
    assert_eq!(ended.code, 0, "{ended:?}");
    let objects = ended.objects();
    let done = objects.iter().filter(|one| one["exit"] == 0).count();
    assert_eq!(done, 3, "{ended:?}");
    let counts: Vec<&Value> = objects.iter().filter(|one| one["open"].is_u64()).collect();
    let last = counts.last().unwrap();
    assert_eq!((&last["open"], &last["done"]), (&0.into(), &3.into()));
    assert_eq!(service.sandbox.counters().sms_sent, 3);
}

#[test]
fn an_empty_journal_is_watched_too() {
    let service = Service::quick();
    let folder = Folder::new();
    let mut child = watch(&service);
    heard(&mut child, "operations (0)");
    let file = folder.file("act", "x");
    service.left_at_the_code(&file);
    signed(&file);
    let ended = interrupt(child);
    assert_eq!(ended.code, 0, "{ended:?}");
}

#[test]
fn who_is_killed_is_replaced_at_once_and_nobody_is_asked_twice() {
    let service = Service::quick();
    let folder = Folder::new();
    let files: Vec<PathBuf> = (0..8)
        .map(|number| folder.file(&format!("act-{number}"), format!("act {number}")))
        .collect();
    for file in &files {
        service.left_at_the_code(file);
    }
    let mut first = watch(&service);
    heard(&mut first, "the code is taken");
    let second = watch(&service);
    first.kill().unwrap();
    first.wait().unwrap();
    let is_signed = |file: &PathBuf| file.with_extension("p7s").exists();
    // Only what was on its way when the first was killed may be left to a person.
    until(|| {
        let open = service.listed();
        let left = open.iter().all(|one| one["next"] == "look");
        (left && open.len() <= 1).then_some(())
    });
    let ended = interrupt(second);
    assert!([0, 4].contains(&ended.code), "{ended:?}");
    let unsigned = files.iter().filter(|file| !is_signed(file)).count();
    assert_eq!(unsigned, service.listed().len(), "{ended:?}");
    let counters = service.sandbox.counters();
    assert_eq!(counters.sms_sent, 8);
    assert!(counters.confirmations <= 8);
}

fn now() -> Timestamp {
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    Timestamp::from_millis(u64::try_from(now.as_millis()).unwrap())
}

#[test]
fn what_a_running_program_is_about_to_write_outlives_its_record() {
    let service = Service::quick();
    let (folder, out) = (Folder::new(), Folder::new());
    let begun = Ended::of(
        service
            .dss_sign(&[&folder.file("act", "x")])
            .args(["--no-wait", "--json"]),
    );
    let id = begun.object()["operation"].as_str().unwrap().to_owned();
    let record = std::fs::read_to_string(service.journal.path(&format!("{id}.json"))).unwrap();
    let mut open = vec![id.clone()];
    for _ in 1..60 {
        let other = OperationId::random().to_string();
        let record = record.replace(&id, &other);
        service.journal.file(&format!("{other}.json"), record);
        open.push(other);
    }
    let is_over = AtomicBool::new(false);
    let ended = std::thread::scope(|scope| {
        // What `podpis ops prune --older-than 0s` does, at every moment.
        scope.spawn(|| {
            let journal = FolderJournal::at(service.journal.root()).unwrap();
            let runtime = tokio::runtime::Runtime::new().unwrap();
            while !is_over.load(Ordering::SeqCst) {
                let lease = Lease::new(Owner::of_this_process(), now(), Duration::from_secs(60));
                let pruned = runtime.block_on(journal.forget_finished(&lease, Duration::ZERO));
                pruned.unwrap();
            }
        });
        let ended = Ended::of(
            service
                .podpis()
                .args(["ops", "resume", "--all", "--yes", "--json"])
                .args(["--base-url", &service.url])
                .arg("--out")
                .arg(out.root()),
        );
        is_over.store(true, Ordering::SeqCst);
        ended
    });
    assert_eq!(ended.code, 0, "{ended:?}");
    let objects = ended.objects();
    for id in &open {
        let told = objects.iter().find(|one| one["operation"] == **id).unwrap();
        assert_eq!(told["exit"], 0, "{told}");
        assert_eq!(told["files"].as_array().unwrap().len(), 1, "{told}");
    }
    assert_eq!(out.names(), ["act.p7s"]);
    assert!(service.listed().is_empty());
}

#[test]
fn only_what_has_ended_long_ago_is_pruned() {
    let service = Service::quick();
    let folder = Folder::new();
    let open = service.left_at_the_code(&folder.file("act", "x"));
    let journal = FolderJournal::at(service.journal.root()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let put = |moment: Timestamp| {
        let origin = Origin::new(ServiceName::Diadoc, "host");
        let mut record = Operation::prepare(Kind::new("of.before"), origin, moment);
        let data = Value::Null.into();
        record.apply(Event::Finished { data }, moment).unwrap();
        let mut claim = runtime.block_on(journal.claim(record.id())).unwrap();
        runtime.block_on(claim.save(&record)).unwrap();
        record.id().to_string()
    };
    let now = now();
    put(Timestamp::from_millis(1));
    put(Timestamp::from_millis(2));
    let young = put(now);

    for wrong in ["30", "x", "1w", "-1d"] {
        let argument = format!("--older-than={wrong}");
        assert_eq!(service.ops(&["prune", &argument]).code, 2, "{wrong}");
    }
    assert_eq!(service.ops(&["prune"]).code, 2);
    let ended = service.ops(&["prune", "--older-than", "1h", "--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stderr.starts_with("records removed"), "{ended:?}");
    assert_eq!(ended.object()["removed"], 2);
    let mut kept: Vec<Value> = service.listed();
    kept.sort_by_key(|one| one["operation"].to_string());
    let mut expected = [open.clone(), young];
    expected.sort();
    let kept: Vec<&str> = kept
        .iter()
        .filter_map(|one| one["operation"].as_str())
        .collect();
    assert_eq!(kept, expected);
    let ended = service.ops(&["prune", "--older-than", "0s", "--json"]);
    assert_eq!(ended.object()["removed"], 1);
    assert_eq!(service.listed()[0]["operation"], open);
    assert_eq!(service.ops(&["resume", &open, "--yes"]).code, 0);
}

//! `podpis ops resume --all` in a journal where nearly everything is wrong.
//!
//! **Invariant:** each record is told with its outcome, and none keeps another one from being driven.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use podpis::core::journal::FolderJournal;
use podpis::operation::{Event, Fingerprint, Kind, Listing, Origin, Timestamp};
use podpis::{Journal as _, Operation, OperationId, operation::Service as ServiceName};
use serde_json::{Value, json};

use crate::bench::{Ended, Folder, Service, openssl_accepts};

fn put(service: &Service, operation: &Operation) -> String {
    let journal = FolderJournal::at(service.journal.root()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut claim = runtime.block_on(journal.claim(operation.id())).unwrap();
    runtime.block_on(claim.save(operation)).unwrap();
    operation.id().to_string()
}

/// A record that is older than any other.
fn record(kind: &'static str, host: &str, events: &[Event]) -> Operation {
    let service = if kind.starts_with("extern") {
        ServiceName::Extern
    } else {
        ServiceName::Diadoc
    };
    let long_ago = Timestamp::from_millis(1_000);
    let mut operation = Operation::prepare(Kind::new(kind), Origin::new(service, host), long_ago)
        .with_files(vec![Fingerprint::named("act")]);
    for event in events {
        operation.apply(event.clone(), long_ago).unwrap();
    }
    operation
}

fn accepted(data: Value) -> Event {
    Event::Accepted { data: data.into() }
}

fn finished(data: Value) -> Event {
    Event::Finished { data: data.into() }
}

/// A file of the journal that is no record of this version.
fn file(service: &Service, id: &str, text: &str) -> String {
    service.journal.file(&format!("{id}.json"), text);
    id.to_owned()
}

/// The record of an operation with something else in it.
fn changed(service: &Service, id: &str, change: impl FnOnce(&mut Value)) {
    let path = service.journal.path(&format!("{id}.json"));
    let mut stored: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut stored);
    fs::write(&path, stored.to_string()).unwrap();
}

/// Starts a decryption by SMS and leaves it when it waits for the code.
fn left_in_extern(service: &Service, out: &Path) -> String {
    let sms = service.sandbox.world_info().extern_.encrypted.sms;
    let ended = Ended::of(
        service
            .podpis()
            .args(["extern", "decrypt", "--json", "--base-url", &service.url])
            .args(["--docflow", &sms.place.docflow])
            .args(["--document", &sms.place.document])
            .args(["--cert", &sms.certificate])
            .arg("--out")
            .arg(out),
    );
    assert_eq!(ended.code, 4, "{ended:?}");
    let operation = &ended.object()["error"]["operation"];
    operation.as_str().unwrap().to_owned()
}

#[test]
fn no_record_however_bad_keeps_the_others_from_their_turn() {
    let service = Service::quick();
    let (folder, out) = (Folder::new(), Folder::new());
    let host = service.url.trim_start_matches("http://").to_owned();

    // What cannot be read.
    let mut bad = vec![
        (file(&service, "broken", "{"), 1),
        (file(&service, "empty", ""), 1),
        (file(&service, "list", "[1]"), 1),
        (file(&service, "deep", &"[".repeat(100_000)), 1),
    ];
    fs::create_dir(service.journal.path("folder.json")).unwrap();
    bad.push(("folder".to_owned(), 1));
    let newer = service.left_at_the_code(&folder.file("newer", "x"));
    changed(&service, &newer, |stored| {
        stored["operation"]["version"] = 2.into();
    });
    bad.push((newer, 1));
    let other = service.left_at_the_code(&folder.file("other", "x"));
    changed(&service, &other, |stored| {
        stored["operation"]["id"] = "another".into();
    });
    bad.push((other, 1));

    // What cannot be gone on with.
    let open = |data: Value| [accepted(data)];
    let task = json!({ "step": "preparing", "task": "unknown" });
    let html = "PGh0bWw+";
    for (kind, host, events, code) in [
        ("diadoc.of-tomorrow", &*host, open(json!({})), 4),
        ("of-nobody", &host, open(json!({})), 4),
        ("extern.of-tomorrow", &host, [finished(json!({}))], 1),
        ("diadoc.cloud-sign", &host, open(task), 4),
        ("diadoc.cloud-sign", &host, open(json!({ "step": 7 })), 4),
        ("diadoc.dss-sign", &host, open(Value::Null), 4),
        ("diadoc.sign-and-attach", &host, open(json!([])), 4),
        ("diadoc.auto-sign-receipts", &host, open(json!("x")), 4),
        (
            "extern.sign-reply",
            &host,
            open(json!({ "step": "task" })),
            4,
        ),
        ("extern.send-report", &host, open(Value::Null), 4),
        ("extern.answer", &host, open(json!({})), 4),
        (
            "diadoc.cloud-sign",
            &host,
            [finished(json!({ "step": "given" }))],
            1,
        ),
        (
            "diadoc.cloud-sign",
            &host,
            [finished(
                json!({ "step": "given", "given": [{ "signature": html }] }),
            )],
            4,
        ),
    ] {
        let id = put(&service, &record(kind, host, &events));
        bad.push((id, code));
    }
    let mut elsewhere = Vec::new();
    for (kind, host) in [
        ("diadoc.cloud-sign", "127.0.0.1:1"),
        ("diadoc.cloud-sign", "diadoc.invalid"),
        ("diadoc.cloud-sign", "not a host"),
        ("extern.sign-draft", "127.0.0.1:1"),
    ] {
        let data = json!({ "step": "preparing", "task": "unknown" });
        elsewhere.push(put(&service, &record(kind, host, &open(data))));
    }
    // The folder of its signature is gone, and its note is torn.
    let gone = service.left_at_the_code(&folder.file("gone/act", "x"));
    fs::remove_dir_all(folder.path("gone")).unwrap();
    bad.push((gone, 2));
    let torn = service.left_at_the_code(&folder.file("torn", "torn"));
    service.journal.file(&format!("outputs/{torn}.json"), "{");

    // And the good ones, youngest of all.
    let act = folder.file("act", "act");
    let good = [
        torn,
        service.left_at_the_code(&act),
        left_in_extern(&service, out.root()),
        service.left_at_the_code(&folder.file("bill", "bill")),
    ];

    let ended = Ended::of(
        service
            .podpis()
            .args(["ops", "resume", "--all", "--yes", "--json"])
            .args(["--base-url", &service.url])
            .current_dir(out.root()),
    );
    assert_eq!(ended.code, 4, "{ended:?}");
    assert!(!ended.stderr.contains("panicked"), "{ended:?}");
    let objects = ended.objects();
    let good = good.iter().map(|id| (id.clone(), 0));
    let expected: Vec<(String, u64)> = bad.into_iter().chain(good).collect();
    let told = expected.len() + elsewhere.len();
    assert_eq!(objects.len(), told, "{ended:?}");
    for id in &elsewhere {
        let own = objects.iter().find(|one| one["operation"] == **id);
        assert_eq!(own.unwrap()["skipped"], "elsewhere", "{ended:?}");
    }
    for (id, code) in &expected {
        let own = objects.iter().find(|one| one["operation"] == **id);
        let own = own.unwrap_or_else(|| panic!("{id} is not told: {ended:?}"));
        assert_eq!(own["exit"], *code, "{own}");
        let line = format!("outcome of operation {id}: ");
        assert_eq!(ended.stderr.matches(&line).count(), 1, "{ended:?}");
    }
    // They are the end.
    let lines: Vec<&str> = ended.stderr.lines().collect();
    let last = &lines[lines.len() - told..];
    assert!(last.iter().all(|line| line.starts_with("outcome of ")));
    assert!(openssl_accepts(&act, &folder.path("act.p7s")));
    assert!(out.path("torn.p7s").exists() && folder.path("bill.p7s").exists());
    assert_eq!(out.names().len(), 2, "{:?}", out.names());
}

#[cfg(target_os = "linux")]
#[test]
fn a_stdout_that_is_full_keeps_nobody_from_being_driven() {
    let service = Service::quick();
    let folder = Folder::new();
    let files = ["one", "two"].map(|name| folder.file(name, name));
    for file in &files {
        service.left_at_the_code(file);
    }
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let ended: Ended = service
        .podpis_with_pipes()
        .args(["ops", "resume", "--all", "--yes", "--json"])
        .stdout(full)
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap()
        .into();
    ended.expect(1, &["could not be printed"]);
    for file in &files {
        assert!(openssl_accepts(file, &file.with_extension("p7s")));
    }
}

/// There are more than are taken up before any of them is driven, and more than a page of the journal has.
#[test]
fn of_very_many_each_ends_once_and_what_cannot_go_on_is_told() {
    let service = Service::quick();
    let (folder, out) = (Folder::new(), Folder::new());
    let act = folder.file("act", "act");
    let left = Ended::of(service.dss_sign(&[&act]).args(["--timeout", "0"]));
    assert_eq!(left.code, 4, "{left:?}");
    let listed = service.listed();
    let id = listed[0]["operation"].as_str().unwrap();
    let text = fs::read_to_string(service.journal.path(&format!("{id}.json"))).unwrap();
    let mut open = vec![id.to_owned()];
    for _ in 1..120 {
        let other = OperationId::random().to_string();
        file(&service, &other, &text.replace(id, &other));
        open.push(other);
    }
    let host = service.url.trim_start_matches("http://").to_owned();
    let data = json!({ "step": "preparing", "task": "unknown" });
    let elsewhere = record("diadoc.cloud-sign", "diadoc.invalid", &[accepted(data)]);
    let elsewhere = put(&service, &elsewhere);
    let text = fs::read_to_string(service.journal.path(&format!("{elsewhere}.json"))).unwrap();
    let more = Listing::LARGEST;
    for _ in 0..more {
        let other = OperationId::random().to_string();
        file(&service, &other, &text.replace(&elsewhere, &other));
    }
    let unknown = record("diadoc.of-tomorrow", &host, &[accepted(json!({}))]);
    let unknown = put(&service, &unknown);
    let broken = file(&service, "broken", "{");

    let ended = Ended::of(
        service
            .podpis()
            .args(["ops", "resume", "--all", "--yes", "--json"])
            .args(["--base-url", &service.url])
            .arg("--out")
            .arg(out.root()),
    );
    assert_eq!(ended.code, 4, "{ended:?}");
    let objects = ended.objects();
    assert_eq!(objects.len(), open.len() + more + 3, "{ended:?}");
    let told = |id: &str| {
        let own = objects.iter().filter(|one| one["operation"] == *id);
        let own: Vec<&Value> = own.collect();
        assert_eq!(own.len(), 1, "{id}: {ended:?}");
        own[0]
    };
    for id in &open {
        assert_eq!(told(id)["exit"], 0, "{ended:?}");
    }
    assert_eq!(told(&elsewhere)["skipped"], "elsewhere");
    assert_eq!(told(&unknown)["exit"], 4);
    assert_eq!(told(&broken)["exit"], 1);
    // It is one and the same for all of them.
    assert_eq!(out.names(), ["act.p7s"]);
    fs::remove_file(service.journal.path("broken.json")).unwrap();
    assert_eq!(service.listed().len(), more + 2, "the rest is over");
    assert_eq!(service.sandbox.counters().pushes_sent, 1);
}

#[test]
fn who_does_not_answer_is_asked_once_for_all_operations() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    service.left_at_the_code(&file);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    // Takes what comes, and says nothing.
    std::thread::spawn(move || {
        for _ in listener.incoming() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    let data = json!({ "step": "preparing", "task": "1" });
    let silent = [1, 2, 3].map(|_| {
        let operation = record("diadoc.cloud-sign", &host, &[accepted(data.clone())]);
        put(&service, &operation)
    });

    let mut all = service.podpis();
    all.env("DIADOC_BASE_URL", format!("http://{host}"));
    let ended = Ended::of(all.args(["ops", "resume", "--all", "--yes", "--json"]));
    assert_eq!(ended.code, 4, "{ended:?}");
    assert!(openssl_accepts(&file, &file.with_extension("p7s")));
    for id in &silent {
        let objects = ended.objects();
        let told = objects.iter().find(|one| one["operation"] == **id).unwrap();
        assert_eq!(told["error"]["kind"], "no_answer", "{told}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

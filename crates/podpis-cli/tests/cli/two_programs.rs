//! Two programs that go on with the operations of one journal at the same time.
//!
//! **Invariant:** each operation is driven by one of them, told as its own by one, and asked of its signer once; when one is
//! killed, the other takes over what it held, long before its leases end.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use podpis::Journal as _;
use podpis::core::journal::FolderJournal;
use podpis::operation::JournalError;
use podpis_sandbox::{PhoneMode, WorldOptions};

use crate::bench::{Ended, Folder, Service, openssl_accepts, until};
use crate::interrupted::{ASKED, heard, interrupt};
use crate::running::Running;

fn watch(service: &Service, more: &[&str]) -> Running {
    let watching = service
        .podpis_with_pipes()
        .args(["ops", "watch", "--json", "--base-url", &service.url])
        .args(more)
        .spawn();
    let mut watching = Running::from(watching.unwrap());
    heard(&mut watching, "Ctrl-C stops it");
    watching
}

fn documents(folder: &Folder, names: std::ops::Range<u32>) -> Vec<PathBuf> {
    names
        .map(|name| folder.file(&format!("act-{name}"), format!("act {name}")))
        .collect()
}

fn all_are_signed(files: &[PathBuf]) {
    for file in files {
        let signature = file.with_extension("p7s");
        until(|| signature.exists().then_some(()));
        assert!(openssl_accepts(file, &signature));
    }
}

/// How often each operation was told to be delivered.
fn delivered(programs: &[Ended]) -> BTreeMap<String, usize> {
    let mut delivered = BTreeMap::new();
    for object in programs.iter().flat_map(Ended::objects) {
        if object["exit"] == 0 {
            let id = object["operation"].as_str().unwrap().to_owned();
            *delivered.entry(id).or_default() += 1;
        } else if let Some(why) = object["skipped"].as_str() {
            assert!(["claimed", "finished"].contains(&why), "{object}");
        }
    }
    delivered
}

#[test]
fn each_operation_is_driven_by_one_of_them() {
    let service = Service::quick();
    let folder = Folder::new();
    let files = documents(&folder, 0..12);
    // Both look for whatever comes.
    let mut programs = [watch(&service, &["--yes"]), watch(&service, &["--yes"])];
    for program in &mut programs {
        heard(program, "operations (0)");
    }
    let ids: Vec<String> = files
        .iter()
        .map(|file| service.left_at_the_code(file))
        .collect();
    all_are_signed(&files);
    until(|| service.listed().is_empty().then_some(()));
    let programs = programs.map(interrupt);
    for ended in &programs {
        assert_eq!(ended.code, 0, "{ended:?}");
    }
    let delivered = delivered(&programs);
    assert!(ids.iter().all(|id| delivered[id] == 1), "{programs:?}");
    let counters = service.sandbox.counters();
    assert_eq!(counters.operations_started, 12);
    assert_eq!(counters.sms_sent, 12);
    assert_eq!(counters.confirmations, 12);
    assert_eq!(counters.signatures_made, 12);
    // A code that was given twice would have been refused the second time.
    assert_eq!(service.calls("CloudSignConfirm"), 12);
}

/// Who holds an operation now.
fn holder(service: &Service, id: &str) -> Option<String> {
    let journal = FolderJournal::at(service.journal.root()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    match runtime.block_on(journal.claim(&id.parse().unwrap())) {
        Err(JournalError::Claimed { owner, .. }) => owner.map(|owner| owner.to_string()),
        other => {
            drop(other.unwrap());
            None
        }
    }
}

#[test]
fn what_a_killed_program_held_is_taken_over_at_once() {
    let manual = WorldOptions::default().phone(PhoneMode::Manual, Duration::ZERO);
    let service = Service::start(manual);
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let mut sign = service.dss_sign(&[&file]);
    let begun = Ended::of(sign.args(["--no-wait", "--json"])).object();
    let id = begun["operation"].as_str().unwrap();
    // Nobody answers for the person, so it waits for the phone, in the hands of whoever saw it first.
    let mut first = watch(&service, &[]);
    let first_holder = until(|| holder(&service, id));
    assert!(first_holder.contains(&first.id().to_string()));
    let mut second = watch(&service, &[]);
    heard(&mut second, "operations (at work: 1)");
    assert_eq!(until(|| holder(&service, id)), first_holder);

    first.kill().unwrap();
    first.wait().unwrap();
    let second_holder = until(|| holder(&service, id));
    assert!(second_holder.contains(&second.id().to_string()));
    let push = service.sandbox.messages().pop().unwrap();
    service.sandbox.confirm(&push.operation).unwrap();
    all_are_signed(&[file]);
    until(|| service.listed().is_empty().then_some(()));
    let second = interrupt(second);
    assert_eq!(second.code, 0, "{second:?}");
    assert_eq!(delivered(&[second])[id], 1);
    let counters = service.sandbox.counters();
    assert_eq!(counters.operations_started, 1);
    assert_eq!(counters.pushes_sent, 1);
    assert_eq!(counters.confirmations, 1);
    assert_eq!(counters.signatures_made, 1);
}

#[test]
fn what_another_program_asks_a_code_for_is_not_asked_about() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let mut asking = service.podpis_with_pipes();
    asking.args(["diadoc", "sign", "--method", "cloud", "--base-url"]);
    let asking = asking.arg(&service.url).arg(&file).spawn();
    let mut asking = Running::from(asking.unwrap());
    heard(&mut asking, ASKED);
    let mut watching = watch(&service, &["--yes"]);
    heard(&mut watching, ": 1)");

    let code = service.sandbox.last_code().unwrap();
    let mut stdin = asking.stdin.take().unwrap();
    stdin.write_all(format!("{code}\n").as_bytes()).unwrap();
    drop(stdin);
    assert_eq!(asking.ended().code, 0);
    all_are_signed(&[file]);
    let watched = interrupt(watching);
    assert_eq!(watched.code, 0, "{watched:?}");
    assert!(!watched.stderr.contains("the code is taken"), "{watched:?}");
    assert_eq!(service.calls("CloudSignConfirm"), 1);
}

//! Operations of Extern that somebody has to confirm, and those that were left.
//!
//! **Invariant:** whatever stops the program, `podpis ops` goes on and nobody is asked twice.

#![cfg(unix)]

use std::fs;
use std::io::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::bench::{Ended, Folder, Service, openssl_accepts, until};
use crate::interrupted::{heard, interrupt};

/// The arguments of a command for this service and this folder.
fn arguments<'a>(service: &'a Service, command: &'a str, out: &'a Path) -> Vec<&'a str> {
    let out = out.to_str().unwrap();
    let base = &service.url;
    vec![
        "extern",
        command,
        "--json",
        "--base-url",
        base,
        "--out",
        out,
    ]
}

/// Starts something that waits for the phone, and leaves it there.
fn left_at_the_phone(service: &Service, command: &str, out: &Path) -> String {
    let mut child = service
        .podpis_with_pipes()
        .args(arguments(service, command, out))
        .spawn()
        .unwrap();
    heard(&mut child, "confirm on your phone (myDSS)");
    let ended = interrupt(child);
    ended.expect(4, &["interrupted"]);
    let operation = &ended.object()["error"]["operation"];
    operation.as_str().unwrap().to_owned()
}

fn confirm(service: &Service) {
    let push = service.sandbox.messages().pop().unwrap();
    service.sandbox.confirm(&push.operation).unwrap();
}

fn files(resumed: &Ended) -> Vec<Value> {
    assert_eq!(resumed.code, 0, "{resumed:?}");
    resumed.object()["files"].as_array().unwrap().clone()
}

#[test]
fn a_draft_that_was_left_at_the_phone_is_finished() {
    let service = Service::quick();
    let folder = Folder::new();
    let id = left_at_the_phone(&service, "sign-draft", folder.root());
    assert_eq!(service.listed()[0]["kind"], "extern.sign-draft");
    let shown = service.ops(&["show", &id, "--json"]).object();
    let noted = fs::canonicalize(folder.root()).unwrap();
    assert_eq!(shown["outputs"][0]["folder"], noted.to_str().unwrap());
    confirm(&service);
    let files = files(&service.ops(&["resume", &id, "--json"]));
    assert_eq!(files.len(), 3);
    for one in &files {
        let path = |field: &str| Path::new(one[field].as_str().unwrap()).to_owned();
        assert!(openssl_accepts(&path("document"), &path("signature")));
    }
    assert_eq!(folder.names().len(), 6);
    assert_eq!(service.sandbox.counters().pushes_sent, 1);
    assert!(service.listed().is_empty());
}

#[test]
fn a_decryption_that_was_left_at_the_phone_is_finished_elsewhere() {
    let service = Service::quick();
    let (folder, other) = (Folder::new(), Folder::new());
    left_at_the_phone(&service, "decrypt", folder.root());
    let out = other.root().to_str().unwrap();
    let files = files(&service.ops(&["resume", "--all", "--yes", "--json", "--out", out]));
    let written = fs::read(files[0]["document"].as_str().unwrap()).unwrap();
    assert!(written.starts_with(b"<?xml"));
    assert!(folder.names().is_empty());
    assert_eq!(other.names().len(), 1);
}

#[test]
fn an_operation_is_started_over_by_what_was_noted_or_abandoned() {
    let service = Service::quick();
    let folder = Folder::new();
    let id = left_at_the_phone(&service, "sign-reply", folder.root());
    let refused = service.ops(&["start-over", &id, "--yes"]);
    refused.expect(2, &["can still be finished"]);
    let push = service.sandbox.messages().pop().unwrap();
    service.sandbox.decline(&push.operation).unwrap();
    let over = service.ops(&["start-over", &id, "--even-if-open", "--yes", "--json"]);
    assert_eq!(over.code, 0, "{over:?}");
    let signed = over.object();
    let path = |field: &str| Path::new(signed[field].as_str().unwrap()).to_owned();
    assert!(openssl_accepts(&path("document"), &path("signature")));
    assert!(service.listed().is_empty());

    let id = left_at_the_phone(&service, "sign-pfr-reply", folder.root());
    fs::remove_file(service.journal.path(&format!("outputs/{id}.json"))).unwrap();
    let lost = service.ops(&[
        "start-over",
        &id,
        "--even-if-open",
        "--base-url",
        &service.url,
    ]);
    lost.expect(2, &["run the podpis extern command again"]);
    assert_eq!(service.ops(&["abandon", &id]).code, 0);
    assert!(service.listed().is_empty());
}

#[test]
fn a_code_from_stdin_and_the_words_about_a_wrong_one() {
    let service = Service::quick();
    let folder = Folder::new();
    let draft = service.sandbox.world_info().extern_.drafts.sms.id;
    let mut child = service
        .podpis_with_pipes()
        .args(arguments(&service, "sign-draft", folder.root()))
        .args(["--draft", &draft])
        .spawn()
        .unwrap();
    let code = until(|| service.sandbox.last_code());
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let mut stdin = child.stdin.take().unwrap();
    writeln!(stdin, "{wrong}\n{code}").unwrap();
    drop(stdin);
    let ended = Ended::from(child.wait_with_output().unwrap());
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.objects().len(), 3);
    let words = "the service says of the last code: ";
    assert!(ended.stderr.contains(words), "{ended:?}");
}

#[test]
fn what_the_person_declines_is_refused() {
    let service = Service::quick();
    let folder = Folder::new();
    let mut child = service
        .podpis_with_pipes()
        .args(arguments(&service, "sign-draft", folder.root()))
        .spawn()
        .unwrap();
    heard(&mut child, "confirm on your phone (myDSS)");
    let push = service.sandbox.messages().pop().unwrap();
    service.sandbox.decline(&push.operation).unwrap();
    let ended = Ended::from(child.wait_with_output().unwrap());
    assert_eq!(ended.code, 3, "{ended:?}");
    assert_eq!(ended.object()["error"]["refusal"], "cancelled-by-signer");
    assert!(service.listed().is_empty());
    assert!(folder.names().is_empty());
}

//! `podpis ops start-over`.
//!
//! **Invariant:** a person is asked again only for the very same files, and only when there is no other way or
//! somebody insists.

use std::fs;

use podpis_sandbox::Fault;

use crate::bench::{Ended, Folder, Service, advised, openssl_accepts};

/// A signing whose start was answered by nobody.
fn lost(service: &Service, folder: &Folder) -> String {
    let file = folder.file("act", "content");
    service.sandbox.inject(Fault::on("CloudSign").drop_after());
    let ended = Ended::of(service.sign(&[&file]).arg("--yes"));
    ended.expect(4, &[]);
    service.sandbox.clear_faults();
    advised(&ended.stderr, "start-over")[2].clone()
}

#[test]
fn the_new_operation_follows_the_old_one_and_takes_its_place() {
    let service = Service::quick();
    let folder = Folder::new();
    let old = lost(&service, &folder);
    // Left at the code, so that the new record can be seen.
    let ended = service.ops(&["start-over", &old, "--json"]);
    ended.expect(4, &["code"]);
    let new = ended.object()["error"]["operation"].clone();
    assert!(ended.stderr.contains("started over as"), "{ended:?}");
    let listed = service.listed();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["operation"], new);
    assert_eq!(listed[0]["follows"], old);
    let ended = service.ops(&["resume", "--all", "--yes"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(openssl_accepts(
        &folder.path("act"),
        &folder.path("act.p7s")
    ));
    assert_eq!(service.calls("CloudSign"), 2);
}

#[test]
fn files_that_have_changed_are_not_signed() {
    let service = Service::quick();
    let folder = Folder::new();
    let old = lost(&service, &folder);
    let file = folder.path("act");
    for content in ["Content", "content and more", ""] {
        fs::write(&file, content).unwrap();
        let ended = service.ops(&["start-over", &old, "--yes", "--json"]);
        ended.expect(2, &[file.to_str().unwrap()]);
        assert_eq!(ended.object()["error"]["kind"], "invalid_input");
    }
    fs::remove_file(&file).unwrap();
    service
        .ops(&["start-over", &old, "--yes"])
        .expect(2, &[file.to_str().unwrap(), "cannot be read"]);
    fs::remove_dir_all(service.journal.path("outputs")).unwrap();
    service
        .ops(&["start-over", &old, "--yes", "--base-url", &service.url])
        .expect(2, &[&old, "was not noted"]);
    assert_eq!(service.calls("CloudSign"), 1);
    assert_eq!(service.listed().len(), 1);
}

#[test]
fn what_can_be_finished_is_not_asked_for_again() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let open = service.left_at_the_code(&file);
    let ended = service.ops(&["start-over", &open, "--yes"]);
    ended.expect(2, &["asks the person twice"]);
    assert_eq!(advised(&ended.stderr, "resume")[2], open);
    assert_eq!(service.calls("CloudSign"), 1);

    let ended = service.ops(&["start-over", &open, "--yes", "--even-if-open", "--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.object()["file"], file.to_str().unwrap());
    assert_eq!(service.calls("CloudSign"), 2);
    assert!(service.listed().is_empty());
}

#[test]
fn signatures_that_wait_in_the_journal_are_not_asked_for_again() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let ended = service.sign_with_input(&[], &[&file], |code| {
        fs::create_dir(folder.path("act.p7s")).unwrap();
        format!("{code}\n").into_bytes()
    });
    let resume = advised(&ended.stderr, "resume");
    let ended = service.ops(&["start-over", &resume[2], "--yes"]);
    ended.expect(2, &["what it gave is in the journal"]);
    assert_eq!(service.calls("CloudSign"), 1);
}

#[test]
fn a_start_that_is_refused_keeps_the_old_record() {
    let service = Service::quick();
    let folder = Folder::new();
    let old = lost(&service, &folder);
    service.sandbox.inject(Fault::on("CloudSign").status(403));
    let ended = service.ops(&["start-over", &old, "--yes"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    let listed = service.listed();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["operation"], old);
    service.sandbox.clear_faults();
    // When its answer is lost, the new record stands for both.
    service.sandbox.inject(Fault::on("CloudSign").drop_after());
    let ended = service.ops(&["start-over", &old, "--yes"]);
    assert_eq!(ended.code, 4, "{ended:?}");
    let listed = service.listed();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["follows"], old);
}

//! Operations whose records go while somebody waits for them.
//!
//! **Invariant:** that one was finished is said where it is known, and of nothing else.

#![cfg(unix)]

use crate::bench::{Ended, Folder, Service};
use crate::interrupted::{ASKED, heard};

/// What `ops resume --all` says of an operation whose record goes while its code is asked for.
fn told_when(it_goes: impl FnOnce(&Service, &str)) -> (Service, Ended) {
    let service = Service::quick();
    let folder = Folder::new();
    let id = service.left_at_the_code(&folder.file("act", "x"));
    let mut waiting = service
        .podpis_with_pipes()
        .args(["ops", "resume", "--all", "--json"])
        .spawn()
        .unwrap();
    heard(&mut waiting, ASKED);
    it_goes(&service, &id);
    // Nobody types anything, and nothing ends the input.
    let input = waiting.stdin.take();
    let ended = Ended::from(waiting.wait_with_output().unwrap());
    drop(input);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.object()["operation"], id);
    (service, ended)
}

#[test]
fn what_was_forgotten_is_not_said_to_be_finished() {
    let (_, ended) = told_when(|service, id| {
        assert_eq!(service.ops(&["abandon", id]).code, 0);
    });
    assert_eq!(ended.object()["skipped"], "gone");
    assert!(
        ended.stderr.contains("is not in the journal any more"),
        "{ended:?}"
    );
}

#[test]
fn what_another_program_has_finished_is_said_to_be() {
    let (service, ended) = told_when(|service, id| {
        assert_eq!(service.ops(&["resume", id, "--yes"]).code, 0);
    });
    assert_eq!(ended.object()["skipped"], "finished");
    assert!(
        ended.stderr.contains("was finished by another program"),
        "{ended:?}"
    );
    assert_eq!(service.sandbox.counters().sms_sent, 1);
}

//! How the code comes by standard input.
//!
//! **Invariant:** one line is one code, and the person is never sent a second SMS.

use std::time::Duration;

use podpis_sandbox::{ConfirmErrors, PhoneMode, WorldOptions};

use crate::bench::{Ended, Folder, Service, advised};

#[test]
fn a_wrong_code_is_followed_by_the_next_line() {
    for errors in [ConfirmErrors::OnConfirm, ConfirmErrors::OnResult] {
        let service = Service::start(WorldOptions::default().confirm_errors(errors));
        let folder = Folder::new();
        let file = folder.file("act", "x");
        let ended = service.sign_with_input(&[], &[&file], |code| {
            format!("000\r\n{code}\r\n").into_bytes()
        });
        assert_eq!(ended.code, 0, "{ended:?}");
        assert!(ended.stderr.contains("attempt 2 of 3"), "{ended:?}");
        assert_eq!(service.sandbox.counters().sms_sent, 1);
        assert_eq!(service.calls("CloudSign"), 1);
        assert_eq!(service.calls("CloudSignConfirm"), 2);
    }
}

#[test]
fn input_that_is_no_code_leaves_the_operation_open() {
    let too_long = [b"7".repeat(5_000), b"\n".to_vec()].concat();
    for (input, words) in [
        (b"".to_vec(), "ended without a code"),
        (b"\n".to_vec(), "the code is empty"),
        (b"  \r\n".to_vec(), "the code is empty"),
        (b"\xff\xfe\n".to_vec(), "not UTF-8"),
        (too_long, "too long"),
    ] {
        let service = Service::quick();
        let folder = Folder::new();
        let file = folder.file("act", "x");
        let ended = service.sign_with_input(&["--json"], &[&file], |_| input);
        ended.expect(4, &[words]);
        let error = &ended.object()["error"];
        assert_eq!(error["kind"], "prompt");
        let operation = error["operation"].as_str().unwrap();
        let resume = advised(&ended.stderr, "resume");
        assert_eq!(resume[2], operation);
        assert_eq!(service.calls("CloudSignConfirm"), 0);
        assert_eq!(folder.names(), ["act"]);
    }
}

#[test]
fn the_time_for_an_answer_is_limited() {
    let silent = WorldOptions::default().phone(PhoneMode::Silent, Duration::ZERO);
    let service = Service::start(silent);
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let ended = Ended::of(
        service
            .sign(&[&file])
            .args(["--yes", "--timeout", "0", "--json"]),
    );
    ended.expect(4, &[]);
    assert_eq!(ended.object()["error"]["kind"], "deadline");
}

#[test]
fn yes_tries_another_code_when_the_newest_is_for_somebody_else() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    // An SMS of the same person that nobody answers.
    let ended = service.sign_with_input(&[], &[&file], |_| Vec::new());
    assert_eq!(ended.code, 4);
    let ended = Ended::of(service.sign(&[&file]).arg("--yes"));
    assert_eq!(ended.code, 0, "{ended:?}");
}

//! How the code comes by standard input.
//!
//! **Invariant:** one line is one code, and the person is never sent a second SMS.

use std::time::Duration;

use podpis_sandbox::{ConfirmErrors, PhoneMode, WorldOptions};

use crate::bench::{Ended, Folder, Service, until};

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
        assert!(ended.stderr.contains("was not kept"), "{ended:?}");
        assert!(ended.stderr.contains(operation), "{ended:?}");
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

#[cfg(unix)]
#[test]
fn an_interruption_is_4_and_leaves_nothing_behind() {
    use std::process::{Command, Stdio};

    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let child = Command::new(env!("CARGO_BIN_EXE_podpis"))
        .env_clear()
        .args(["diadoc", "sign", "--json", "--base-url", &service.url])
        .arg(&file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    until(|| service.sandbox.last_code());
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
    // Its stdin stays open meanwhile: nobody typed anything.
    let ended = Ended::from(wait(child));
    ended.expect(4, &["interrupted"]);
    assert_eq!(ended.object()["error"]["kind"], "interrupted");
    assert_eq!(folder.names(), ["act"]);
}

/// Waits without closing stdin first, which `wait_with_output` does.
#[cfg(unix)]
fn wait(mut child: std::process::Child) -> std::process::Output {
    let stdin = child.stdin.take();
    let output = child.wait_with_output().unwrap();
    drop(stdin);
    output
}

//! Ctrl-C.
//!
//! **Invariant:** it stops the waiting and not the operation: the line that is printed goes on with it.

#![cfg(unix)]

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use podpis_sandbox::Fault;

use crate::bench::{Ended, Folder, Service, advised, openssl_accepts, until};
use crate::running::Running;

/// A signing, or another command, that runs while the test goes on.
fn spawn(service: &Service, arguments: &[&str], files: &[&Path]) -> Running {
    let child = service
        .podpis_with_pipes()
        .args(arguments)
        .args(files)
        .spawn();
    child.unwrap().into()
}

/// Longer than anything takes to be said.
const A_MINUTE: Duration = Duration::from_secs(60);

/// Reads what the program says to people until these words come.
pub(crate) fn heard(child: &mut Child, words: &str) -> String {
    let id = child.id().to_string();
    let (came, waited_for) = mpsc::channel::<()>();
    // Words that never come end the program, and with it the test.
    std::thread::spawn(move || {
        if waited_for.recv_timeout(A_MINUTE) == Err(RecvTimeoutError::Timeout) {
            let _ = Command::new("kill").args(["-KILL", &id]).status();
        }
    });
    let mut heard = String::new();
    let stderr = child.stderr.as_mut().unwrap();
    while !heard.contains(words) {
        let mut byte = [0];
        assert_eq!(stderr.read(&mut byte).unwrap(), 1, "{heard}");
        heard.push(char::from(byte[0]));
    }
    drop(came);
    // What is said is said just before the waiting begins.
    std::thread::sleep(Duration::from_millis(50));
    heard
}

/// A signing with a code by SMS.
const CLOUD: [&str; 5] = ["diadoc", "sign", "--method", "cloud", "--json"];

/// The words with which the program waits for a code.
pub(crate) const ASKED: &str = "the code is read from";

/// Presses Ctrl-C, with stdin still open: nobody typed anything.
pub(crate) fn interrupt(child: impl Into<Running>) -> Ended {
    let mut child = child.into();
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
    let stdin = child.stdin.take();
    let ended = child.ended();
    drop(stdin);
    ended
}

#[test]
fn the_printed_command_goes_on_with_the_operation() {
    for with_flag in [false, true] {
        let service = Service::quick();
        let folder = Folder::new();
        let file = folder.file("act", "x");
        let elsewhere = folder.path("another journal");
        let mut arguments = CLOUD.to_vec();
        arguments.extend(["--base-url", &service.url]);
        if with_flag {
            arguments.extend(["--journal", elsewhere.to_str().unwrap()]);
        }
        let mut child = spawn(&service, &arguments, &[&file]);
        heard(&mut child, ASKED);
        let ended = interrupt(child);
        ended.expect(4, &["interrupted"]);
        let error = &ended.object()["error"];
        assert_eq!(error["kind"], "interrupted");
        assert!(!folder.names().contains(&"act.p7s".to_owned()));

        // As a shell would run it.
        let line = ended.stderr.lines().last().unwrap();
        let command = line.split("go on with: ").nth(1).unwrap();
        assert_eq!(command.contains("--journal"), with_flag, "{command}");
        assert!(command.contains(error["operation"].as_str().unwrap()));
        let command = command.replacen("podpis", env!("CARGO_BIN_EXE_podpis"), 1);
        let mut shell = Command::new("sh")
            .env_clear()
            .env("PODPIS_JOURNAL", service.journal.root())
            .current_dir("/")
            .args(["-c", &command])
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let code = service.sandbox.last_code().unwrap();
        writeln!(shell.stdin.take().unwrap(), "{code}").unwrap();
        assert!(shell.wait().unwrap().success(), "{command}");
        assert!(openssl_accepts(&file, &folder.path("act.p7s")));
        assert_eq!(service.sandbox.counters().sms_sent, 1);
        assert!(service.listed().is_empty());
    }
}

#[test]
fn a_resumption_is_interrupted_in_the_same_way_and_each_operation_is_told() {
    let service = Service::quick();
    let folder = Folder::new();
    let ids = ["one", "two"].map(|name| service.left_at_the_code(&folder.file(name, name)));
    let polls = service.sandbox.counters().polls;
    let mut child = spawn(&service, &["ops", "resume", "--all", "--json"], &[]);
    heard(&mut child, ASKED);
    let ended = interrupt(child);
    ended.expect(4, &["interrupted"]);
    let objects = ended.objects();
    assert_eq!(objects.len(), 2, "{ended:?}");
    for (object, id) in objects.iter().zip(&ids) {
        assert_eq!(object["operation"], *id);
        assert_eq!(object["exit"], 4);
        assert_eq!(object["error"]["kind"], "interrupted");
    }
    assert_eq!(advised(&ended.stderr, "resume")[2], ids[0]);
    assert_eq!(service.sandbox.counters().polls, polls);
    assert_eq!(service.listed().len(), 2);
}

#[test]
fn before_anything_is_sent_nothing_is_left() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let slow = Duration::from_secs(30);
    service
        .sandbox
        .inject(Fault::on("Authenticate").delay(slow));
    let child = spawn(
        &service,
        &[&CLOUD[..], &["--base-url", &service.url]].concat(),
        &[&file],
    );
    until(|| (service.calls("Authenticate") > 0).then_some(()));
    let ended = interrupt(child);
    ended.expect(1, &["interrupted", "nothing was sent"]);
    assert!(service.listed().is_empty());
    assert_eq!(service.calls("CloudSign"), 0);
    let notes = std::fs::read_dir(service.journal.path("outputs")).unwrap();
    assert_eq!(notes.count(), 0);
}

/// Whether the program has a way of its own to take Ctrl-C.
#[cfg(target_os = "linux")]
fn takes_interrupts(child: &Child) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    let caught = u64::from_str_radix(caught.unwrap().trim(), 16).unwrap();
    // SIGINT is the second one.
    caught & 0b10 != 0
}

#[cfg(target_os = "linux")]
#[test]
fn a_journal_that_another_program_keeps_locked_is_waited_for_no_longer() {
    for is_begun in [false, true] {
        let service = Service::quick();
        let folder = Folder::new();
        let file = folder.file("act", "x");
        let id = is_begun.then(|| service.left_at_the_code(&file));
        let lock = service.journal.path("journal.lock");
        let mut options = std::fs::File::options();
        let options = options.write(true).create(true).truncate(false);
        let lock = options.open(lock).unwrap();
        lock.lock().unwrap();
        let asked = service.calls("CloudSign");
        let child = match &id {
            Some(id) => spawn(&service, &["ops", "resume", id, "--json"], &[]),
            None => {
                let arguments = [&CLOUD[..], &["--base-url", &service.url]].concat();
                spawn(&service, &arguments, &[&file])
            }
        };
        until(|| takes_interrupts(&child).then_some(()));
        let ended = interrupt(child);
        match id {
            Some(id) => {
                ended.expect(4, &["interrupted"]);
                assert_eq!(advised(&ended.stderr, "resume")[2], id);
            }
            None => ended.expect(1, &["interrupted", "nothing was sent"]),
        }
        assert_eq!(service.calls("CloudSign"), asked);
        drop(lock);
    }
}

#[test]
fn a_start_without_an_answer_is_a_case_for_a_person() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let slow = Duration::from_secs(30);
    service.sandbox.inject(Fault::on("CloudSign").delay(slow));
    let child = spawn(
        &service,
        &[&CLOUD[..], &["--base-url", &service.url]].concat(),
        &[&file],
    );
    let id = until(|| {
        service.listed().first()?["operation"]
            .as_str()
            .map(str::to_owned)
    });
    let ended = interrupt(child);
    ended.expect(4, &["interrupted"]);
    assert_eq!(advised(&ended.stderr, "start-over")[2], id);
    assert_eq!(advised(&ended.stderr, "abandon")[2], id);
    assert_eq!(service.listed()[0]["next"], "look");
}

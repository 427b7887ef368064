//! `--no-wait`.
//!
//! **Invariant:** what is started is in the journal, nobody is asked for a code, and the command that is told goes on with
//! it.

use std::time::Duration;

use podpis_sandbox::{Fault, PhoneMode, WorldOptions};
use serde_json::Value;

use crate::bench::{Ended, Folder, Service, advised, openssl_accepts, until};

/// Asserts that an operation was started and left; gives its id.
fn left(service: &Service, ended: &Ended, confirmed_by: &Value) -> String {
    assert_eq!(ended.code, 4, "{ended:?}");
    let told = ended.object();
    assert_eq!(told["started"], true, "{ended:?}");
    assert_eq!(told["next"], "resume");
    assert_eq!(&told["confirmed_by"], confirmed_by, "{ended:?}");
    let id = told["operation"].as_str().unwrap().to_owned();
    assert_eq!(advised(&ended.stderr, "resume")[2], id);
    let command = told["command"].as_str().unwrap();
    assert!(command.starts_with(&format!("podpis ops resume {id}")));
    let listed = service.listed();
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(
        (&listed[0]["operation"], &listed[0]["state"]),
        (&told["operation"], &told["state"])
    );
    id
}

#[test]
fn the_code_is_asked_for_by_the_command_that_is_told() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let ended = Ended::of(service.sign(&[&file]).args(["--no-wait", "--json"]));
    left(&service, &ended, &"code".into());
    assert!(ended.stderr.contains("asks for its code"), "{ended:?}");
    assert_eq!(service.sandbox.counters().confirmations, 0);

    let code = until(|| service.sandbox.last_code());
    let resume = advised(&ended.stderr, "resume");
    let mut podpis = service.podpis();
    let resumed = Ended::of(podpis.args(&resume).write_stdin(format!("{code}\n")));
    assert_eq!(resumed.code, 0, "{resumed:?}");
    assert!(openssl_accepts(&file, &folder.path("act.p7s")));
    assert_eq!(service.sandbox.counters().sms_sent, 1);
    assert_eq!(service.calls("CloudSign"), 1);
    assert!(service.listed().is_empty());
}

#[test]
fn who_asks_to_come_again_before_the_start_is_told() {
    for waiting in [&["--no-wait"][..], &["--timeout", "1", "--yes"]] {
        let service = Service::quick();
        let folder = Folder::new();
        let file = folder.file("act", "x");
        let busy = Fault::on("CloudSign").call(1).status(429).retry_after(1);
        service.sandbox.inject(busy);
        let ended = Ended::of(service.sign(&[&file]).args(waiting));
        let host = service.url.trim_start_matches("http://");
        let line = format!("{host} asks to come again in 1 s\n");
        assert_eq!(ended.stderr.matches(&line).count(), 1, "{ended:?}");
        assert_eq!(service.calls("CloudSign"), 2);
        assert_eq!(service.sandbox.counters().operations_started, 1);
    }
}

#[test]
fn each_command_starts_and_leaves_and_is_gone_on_with() {
    let by_hand = WorldOptions::default();
    for (command, arguments, confirmed_by) in [
        ("diadoc sign", &["act"][..], Value::from("phone")),
        ("diadoc attach", &[], "phone".into()),
        ("diadoc attach", &["--method", "cloud"], "code".into()),
        ("diadoc auto-sign-receipts", &[], Value::Null),
        ("extern sign-draft", &[], "phone_or_code".into()),
        ("extern sign-reply", &[], "phone_or_code".into()),
        ("extern sign-pfr-reply", &[], "phone_or_code".into()),
        ("extern decrypt", &[], "phone_or_code".into()),
        ("extern send", &["act"], "later".into()),
    ] {
        let service = Service::start(by_hand.clone());
        let folder = Folder::new();
        folder.file("act", "<act/>");
        let run = |more: &[&str]| {
            let mut podpis = service.podpis();
            podpis.current_dir(folder.root()).args(command.split(' '));
            podpis.args(["--base-url", &service.url, "--json"]);
            Ended::of(podpis.args(arguments).args(more))
        };
        let ended = run(&["--no-wait"]);
        let id = left(&service, &ended, &confirmed_by);
        // Nobody waits, so nothing is said to be waited for.
        assert!(!ended.stderr.contains('…'), "{ended:?}");
        let counters = service.sandbox.counters();
        assert_eq!(counters.confirmations, 0, "{command}");
        // The same again asks for nothing a second time.
        let again = run(&["--no-wait"]);
        again.expect(4, &[&id]);
        assert_eq!(again.object()["error"]["kind"], "already_open");
        assert_eq!(
            service.sandbox.counters().operations_started,
            counters.operations_started
        );

        let resumed = service.ops(&["resume", &id, "--yes", "--json"]);
        assert_eq!(resumed.code, 0, "{command}: {resumed:?}");
        let counters = service.sandbox.counters();
        assert!(counters.sms_sent + counters.pushes_sent <= 1, "{command}");
        assert!(service.listed().is_empty());
    }
}

#[test]
fn each_answer_of_a_docflow_is_started_and_left() {
    let service = Service::start(WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO));
    let folder = Folder::new();
    let package = folder.file("package.xml", "<package/>");
    let mut podpis = service.podpis();
    podpis.current_dir(folder.root());
    podpis.args([
        "extern",
        "reply",
        "--base-url",
        &service.url,
        "--json",
        "--no-wait",
    ]);
    let ended = Ended::of(podpis.arg("--content").arg(package));
    assert_eq!(ended.code, 4, "{ended:?}");
    let started = ended.objects();
    assert!(
        started.iter().all(|one| one["started"] == true),
        "{ended:?}"
    );
    assert_eq!(service.listed().len(), started.len());
    // One after another: a person confirms one at a time.
    let ids = started.iter().map(|one| one["operation"].as_str().unwrap());
    let resume: Vec<&str> = ["resume", "--yes", "--json"]
        .into_iter()
        .chain(ids)
        .collect();
    let resumed = service.ops(&resume);
    assert_eq!(resumed.code, 0, "{resumed:?}");
    assert!(service.listed().is_empty());
}

#[test]
fn a_start_over_can_be_left_too() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let old = service.left_at_the_code(&file);
    let ended = service.ops(&["start-over", &old, "--even-if-open", "--no-wait", "--json"]);
    let new = left(&service, &ended, &"code".into());
    assert_ne!(new, old);
    assert_eq!(service.listed()[0]["follows"], old);
}

#[test]
fn what_has_no_meaning_without_waiting_is_named_and_nothing_is_sent() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    for (other, value) in [
        ("--yes", None),
        ("--timeout", Some("5")),
        ("--code-attempts", Some("2")),
        ("--strict", None),
    ] {
        let mut sign = service.sign(&[&file]);
        let ended = Ended::of(sign.args(["--no-wait", other]).args(value));
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(
            ended.stderr.contains(other) && ended.stderr.contains("--no-wait"),
            "{ended:?}"
        );
    }
    let mut sandbox = service.podpis();
    sandbox.args(["diadoc", "sign", "--sandbox", "--no-wait"]);
    Ended::of(sandbox.arg(&file)).expect(2, &["--sandbox", "--no-wait"]);
    for command in [["diadoc", "attach"], ["extern", "reply"]] {
        let mut waiting = service.podpis();
        waiting
            .args(command)
            .args(["--waiting", "--no-wait", "--base-url", &service.url]);
        let ended = Ended::of(&mut waiting);
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(ended.stderr.contains("--waiting"), "{ended:?}");
    }
    assert_eq!(service.sandbox.counters().operations_started, 0);
}

#[test]
fn a_file_that_was_changed_meanwhile_is_not_called_signed() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "one");
    let ended = Ended::of(service.sign(&[&file]).args(["--no-wait", "--json"]));
    let id = left(&service, &ended, &"code".into());
    let code = until(|| service.sandbox.last_code());
    std::fs::write(&file, "two").unwrap();

    // It is another document, and not the same asked for again.
    let other = Ended::of(service.sign(&[&file]).args(["--no-wait", "--json"]));
    assert_eq!(other.object()["started"], true, "{other:?}");
    assert_ne!(other.object()["operation"], *id);

    let mut podpis = service.podpis();
    let resume = ["ops", "resume", &id, "--json"];
    let resumed = Ended::of(podpis.args(resume).write_stdin(format!("{code}\n")));
    resumed.expect(1, &["is not the file of the operation any more"]);
    assert_eq!(
        resumed.objects().last().unwrap()["error"]["kind"],
        "file_changed"
    );
    assert_eq!(service.listed().len(), 1, "{resumed:?}");
    assert!(!openssl_accepts(&file, &folder.path("act.p7s")));
    std::fs::write(&file, "one").unwrap();
    assert!(openssl_accepts(&file, &folder.path("act.p7s")));
}

#[test]
fn what_is_begun_several_times_at_once_is_begun_once() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let begin = || {
        let mut command = service.sign(&[&file]);
        command.args(["--no-wait", "--json"]);
        std::thread::spawn(move || Ended::of(&mut command).code)
    };
    let mut codes: Vec<i32> = [begin(), begin(), begin()]
        .into_iter()
        .map(|one| one.join().unwrap())
        .collect();
    codes.sort_unstable();
    assert_eq!(service.calls("CloudSign"), 1, "{codes:?}");
    assert_eq!(service.sandbox.counters().sms_sent, 1, "{codes:?}");
    assert_eq!(service.listed().len(), 1, "{codes:?}");
    // One was begun; the others were told that it is, or that it is being begun.
    assert_eq!(codes[2], 4, "{codes:?}");
    assert!(codes.iter().all(|code| [1, 4].contains(code)), "{codes:?}");
}

#[test]
fn a_report_whose_file_was_changed_meanwhile_is_another_report() {
    let service = Service::quick();
    let (folder, out) = (Folder::new(), Folder::new());
    let file = folder.file("report.xml", "one");
    let send = || {
        let mut podpis = service.podpis();
        podpis.args(["extern", "send", "--no-wait", "--json"]);
        podpis.args(["--base-url", &service.url, "--out"]);
        Ended::of(podpis.arg(out.root()).arg(&file))
    };
    let id = left(&service, &send(), &"later".into());
    let same = send();
    assert_eq!(same.object()["error"]["kind"], "already_open", "{same:?}");
    assert_eq!(same.object()["error"]["operation"], *id, "{same:?}");
    std::fs::write(&file, "two").unwrap();
    let other = send();
    assert_ne!(other.object()["error"]["kind"], "already_open", "{other:?}");
}

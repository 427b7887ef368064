//! What a failure says to do next.
//!
//! **Invariant:** each failure leads somewhere, by commands that can be copied, and says nothing twice.

use std::time::Duration;

use podpis_sandbox::{Fault, PhoneMode, WorldOptions};

use crate::bench::{Ended, Folder, Service};
use crate::russian::leftover;

const UNKNOWN: &str = "0123456789012345678901234567890123456789";

#[test]
fn a_name_that_the_service_does_not_know_leads_to_its_list() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let file = file.to_str().unwrap();
    let guid = "00000000-0000-4000-8000-000000000000";
    let [certificates, boxes] = ["podpis diadoc certificates", "podpis diadoc organizations"];
    for (call, commands) in [
        (
            &["diadoc", "sign", file, "--cert", UNKNOWN][..],
            &[certificates, boxes][..],
        ),
        (
            &[
                "diadoc", "sign", file, "--method", "cloud", "--cert", UNKNOWN,
            ],
            &[certificates],
        ),
        (&["diadoc", "sign", file, "--box", guid], &[boxes]),
        (
            &["diadoc", "attach", "--message", guid, "--entity", guid],
            &["podpis diadoc documents"],
        ),
        (
            &["extern", "reply", "--docflow", guid],
            &["podpis extern docflows"],
        ),
    ] {
        for language in ["en", "ru"] {
            let mut command = service.podpis();
            command.current_dir(folder.root()).args(call);
            command.args(["--base-url", &service.url, "--lang", language]);
            let ended = Ended::of(&mut command);
            ended.expect(1, &["404"]);
            for one in commands {
                assert!(ended.stderr.contains(one), "{one}: {ended:?}");
            }
            if language == "ru" {
                assert_eq!(leftover(&ended.stderr), None, "{ended:?}");
            }
        }
    }
}

#[test]
fn codes_of_the_service_are_for_programs() {
    let service = Service::quick();
    let code = "urn:error:externapi:error";
    for language in ["en", "ru"] {
        let mut command = service.podpis();
        command.args(["extern", "reply", "--docflow", "none", "--json"]);
        command.args(["--base-url", &service.url, "--lang", language]);
        let ended = Ended::of(&mut command);
        ended.expect(1, &["Документооборот не найден"]);
        assert!(!ended.stderr.contains(code), "{ended:?}");
        let error = &ended.object()["error"];
        assert_eq!(error["code"], code);
        let message = error["message"].as_str().unwrap();
        assert!(!message.contains(code), "{message}");
        let verbose = Ended::of(command.arg("--verbose"));
        assert!(verbose.stderr.contains(code), "{verbose:?}");
    }
}

#[test]
fn whoever_cannot_log_in_is_shown_how_to_try() {
    let folder = Folder::new();
    let file = folder.file("act", "x");
    for call in [
        &["diadoc", "sign", file.to_str().unwrap()][..],
        &["extern", "accounts"],
        &["login"],
    ] {
        let mut command = crate::bench::podpis();
        command.env("XDG_STATE_HOME", folder.root());
        Ended::of(command.args(call)).expect(2, &["not set: ", "--sandbox"]);
    }
}

#[test]
fn nothing_is_said_twice() {
    let options = WorldOptions::default().phone(PhoneMode::Silent, Duration::ZERO);
    let service = Service::start(options);
    let folder = Folder::new();
    let (file, empty) = (folder.file("act", "x"), folder.file("empty", ""));

    let nothing = Ended::of(&mut service.dss_sign(&[&empty]));
    nothing.expect(2, &["nothing was sent for signing", "empty"]);
    assert!(
        !nothing.stderr.contains("Nothing was started"),
        "{nothing:?}"
    );

    let fault = Fault::on("DssSign").call(1).status(403);
    let fault = fault.body("text/plain; charset=utf-8", "You may not sign here.");
    service.sandbox.inject(fault);
    let stopped = Ended::of(service.dss_sign(&[&file]).arg("--json"));
    stopped.expect(1, &["You may not sign here", "Nothing was started."]);
    for told in [&stopped.stderr, &stopped.stdout] {
        assert!(!told.contains(".."), "{stopped:?}");
    }

    let waited = Ended::of(
        service
            .dss_sign(&[&file])
            .args(["--timeout", "0", "--json"]),
    );
    waited.expect(4, &["it is not finished"]);
    let open = waited
        .stderr
        .matches("waits for the signer's phone")
        .count();
    assert_eq!(open, 1, "{waited:?}");
    assert!(
        !waited.stderr.contains("still open at the service"),
        "{waited:?}"
    );
    // Programs are not told the advice.
    let message = waited.object()["error"]["message"].to_string();
    assert!(message.contains("still open at the service"), "{message}");
}

#[test]
fn the_phone_is_told_to_whoever_has_to_answer_there_and_to_nobody_else() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let phone = format!("the virtual phone: {}/phone", service.url);
    let told = |ended: &Ended| ended.stderr.matches(&phone).count();
    let id = service.left_at_the_code(&file);
    let resumed = service.ops(&["resume", &id]);
    assert_eq!((resumed.code, told(&resumed)), (4, 1), "{resumed:?}");
    let again = Ended::of(&mut service.sign(&[&file]));
    assert_eq!((again.code, told(&again)), (4, 0), "{again:?}");
    let mut dry = service.diadoc("attach");
    let dry = Ended::of(dry.args(["--waiting", "--dry-run"]));
    assert_eq!((dry.code, told(&dry)), (0, 0), "{dry:?}");
    let yes = service.ops(&[
        "resume",
        &id,
        "--yes",
        "--out",
        folder.root().to_str().unwrap(),
    ]);
    assert_eq!((yes.code, told(&yes)), (0, 0), "{yes:?}");

    service.left_at_the_code(&folder.file("other", "y"));
    let all = service.ops(&["resume", "--all"]);
    assert_eq!((all.code, told(&all)), (4, 1), "{all:?}");
}

//! `podpis diadoc sign -`.
//!
//! **Invariant:** standard input is read once and for one thing; its signature is a file, whatever stops the program, and
//! nothing that is there is replaced.

use std::fs;
use std::time::Duration;

use podpis_sandbox::{PhoneMode, WorldOptions};

use crate::bench::{Ended, Folder, Service, advised, openssl_accepts, podpis};

/// `podpis diadoc sign - --out out …` with this on standard input, in this folder.
fn sign(service: &Service, folder: &Folder, content: &str, more: &[&str]) -> Ended {
    let mut podpis = service.diadoc("sign");
    podpis
        .current_dir(folder.root())
        .args(["-", "--out", "out", "--json"]);
    Ended::of(podpis.args(more).write_stdin(content))
}

fn willing() -> Service {
    Service::start(WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO))
}

#[test]
fn what_comes_in_is_signed_and_nothing_is_replaced() {
    let (service, folder) = (willing(), Folder::new());
    for (content, name) in [("one", "stdin.p7s"), ("two", "stdin.2.p7s")] {
        let ended = sign(&service, &folder, content, &[]);
        assert_eq!(ended.code, 0, "{ended:?}");
        let told = ended.object();
        assert_eq!(told["file"], "stdin");
        let signature = folder.path(told["signature"].as_str().unwrap());
        assert_eq!(signature, folder.path("out").join(name));
        let same = folder.file("same", content);
        assert!(openssl_accepts(&same, &signature));
    }
    assert!(service.listed().is_empty());

    // A file that is called so is another matter.
    let file = folder.file("-", "three");
    let mut podpis = service.diadoc("sign");
    let ended = Ended::of(podpis.current_dir(folder.root()).arg("./-"));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(openssl_accepts(&file, &folder.path("-.p7s")));
}

#[test]
fn what_was_left_is_written_by_resume_and_known_again_by_its_content() {
    let (service, folder) = (Service::quick(), Folder::new());
    let cloud = ["--method", "cloud", "--no-wait"];
    let ended = sign(&service, &folder, "one", &cloud);
    assert_eq!(ended.object()["started"], true, "{ended:?}");
    let id = ended.object()["operation"].as_str().unwrap().to_owned();
    let note = fs::read_to_string(service.journal.path(&format!("outputs/{id}.json"))).unwrap();
    assert!(!note.contains("\"one\""), "{note}");

    let again = sign(&service, &folder, "one", &cloud);
    again.expect(4, &[&id]);
    assert_eq!(again.object()["error"]["kind"], "already_open");
    let other = sign(&service, &folder, "two", &cloud);
    assert_eq!(other.object()["started"], true, "{other:?}");

    let other = other.object()["operation"].as_str().unwrap().to_owned();
    for (id, content, name) in [(&id, "one", "stdin.p7s"), (&other, "two", "stdin.2.p7s")] {
        let resumed = service.ops(&["resume", id, "--yes", "--json"]);
        assert_eq!(resumed.code, 0, "{resumed:?}");
        assert!(!resumed.stderr.contains("was not noted"), "{resumed:?}");
        let same = folder.file("same", content);
        assert!(openssl_accepts(&same, &folder.path("out").join(name)));
    }
    assert_eq!(service.sandbox.counters().sms_sent, 2);
    assert!(service.listed().is_empty());
}

#[test]
fn it_cannot_be_started_over_and_the_way_on_is_told() {
    let (service, folder) = (Service::quick(), Folder::new());
    let ended = sign(&service, &folder, "one", &["--no-wait"]);
    let id = ended.object()["operation"].as_str().unwrap().to_owned();
    let over = service.ops(&["start-over", &id, "--even-if-open", "--json"]);
    over.expect(2, &[&id, "standard input", "podpis diadoc sign"]);
    assert_eq!(service.calls("DssSign"), 1);
    let abandon = advised(&over.stderr, "abandon");
    assert_eq!(Ended::of(service.podpis().args(abandon)).code, 0);
    let anew = sign(&service, &folder, "one", &["--no-wait"]);
    assert_eq!(anew.object()["started"], true, "{anew:?}");
}

#[test]
fn what_cannot_be_signed_is_told_before_anything_is_sent() {
    let (service, folder) = (Service::quick(), Folder::new());
    folder.file("act", "x");
    let run = |arguments: &[&str], content: &str| {
        let mut podpis = service.diadoc("sign");
        podpis.current_dir(folder.root()).args(arguments);
        Ended::of(podpis.write_stdin(content))
    };
    let out = ["--out", "out"];
    for (arguments, content, words) in [
        (&["-"][..], "x", "--out DIR"),
        (&[&["-", "act"][..], &out].concat(), "x", "./-"),
        (&[&["-", "-"][..], &out].concat(), "x", "alone"),
        (&[&["-"][..], &out].concat(), "", "empty"),
        (
            &[&["-", "--method", "cloud"][..], &out].concat(),
            "x",
            "the code cannot come from there",
        ),
        (&["-", "--out", "act"], "x", "act"),
    ] {
        run(arguments, content).expect(2, &[words]);
    }
    assert!(service.sandbox.requests().is_empty());
    // The sandbox's phone has the code.
    let ended = run(
        &[&["-", "--method", "cloud", "--yes"][..], &out].concat(),
        "x",
    );
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(service.listed().is_empty());
}

#[test]
fn the_embedded_sandbox_signs_it_too() {
    let folder = Folder::new();
    let mut command = podpis();
    command.current_dir(folder.root());
    command.args(["diadoc", "sign", "-", "--out", "here", "--sandbox", "--yes"]);
    let ended = Ended::of(command.write_stdin("x"));
    assert_eq!(ended.code, 0, "{ended:?}");
    let same = folder.file("same", "x");
    assert!(openssl_accepts(&same, &folder.path("here/stdin.p7s")));
}

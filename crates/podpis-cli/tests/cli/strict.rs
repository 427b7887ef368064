//! The verdict on signatures that a service gives, and what `--strict` makes of it.
//!
//! **Invariant:** a signature is written and told before the ending says that it is not proven.

use std::fs;
use std::time::Duration;

use podpis_sandbox::{Fault, PhoneMode, WorldOptions};
use serde_json::json;

use crate::bench::{Ended, Folder, Service};
use crate::saving::giving;
use crate::verify_forgeries::forged;

/// A signature of [`CONTENT`] without its signer's certificate, so that nobody can check its value.
pub(crate) const OPEN: &[u8] = include_bytes!("../fixtures/cms/p256.nocerts.p7s");
pub(crate) const CONTENT: &[u8] = include_bytes!("../fixtures/cms/content.txt");

#[test]
fn what_is_proven_is_said_so() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "act");
    let ended = Ended::of(service.sign(&[&file]).args(["--yes", "--json", "--strict"]));
    assert_eq!(ended.code, 0, "{ended:?}");
    let object = ended.object();
    assert_eq!(
        (&object["proven"], &object["form"]),
        (&json!(true), &json!("der"))
    );
    assert!(ended.stderr.contains("act: proven"), "{ended:?}");
    let russian = Ended::of(service.sign(&[&file]).args(["--yes", "--lang", "ru"]));
    assert!(russian.stderr.contains("act: доказано"), "{russian:?}");
}

#[test]
fn what_diadoc_gives_is_written_and_not_proven() {
    let service = Service::quick();
    for (strict, code) in [(&[][..], 0), (&["--strict"], 3)] {
        let folder = Folder::new();
        let file = folder.file("act", CONTENT);
        giving(&service, &[OPEN]);
        let ended = Ended::of(
            service
                .sign(&[&file])
                .args(["--yes", "--json"])
                .args(strict),
        );
        service.sandbox.clear_faults();
        assert_eq!(ended.code, code, "{ended:?}");
        assert_eq!(fs::read(folder.path("act.p7s")).unwrap(), OPEN);
        let object = ended.object();
        assert_eq!(object["proven"], false, "{object}");
        assert_eq!(object["checks"]["value"], "not-checked: no certificate");
        assert!(
            ended.stderr.contains("act: not proven: not checked: "),
            "{ended:?}"
        );
        assert!(
            ended
                .stderr
                .contains("signature value (the signature holds no certificate")
        );
        assert!(service.listed().is_empty());
    }
}

#[test]
fn resuming_can_be_strict_too() {
    let service = Service::quick();
    for (strict, code) in [(&["--yes"][..], 0), (&["--yes", "--strict"], 3)] {
        let folder = Folder::new();
        let file = folder.file("act", CONTENT);
        let id = service.left_at_the_code(&file);
        giving(&service, &[OPEN]);
        let ended = service.ops(&[&["resume", "--json", &id], strict].concat());
        service.sandbox.clear_faults();
        assert_eq!(ended.code, code, "{ended:?}");
        let object = ended.object();
        assert_eq!(object["exit"], code);
        assert_eq!(object["files"][0]["proven"], false, "{object}");
        assert_eq!(fs::read(folder.path("act.p7s")).unwrap(), OPEN);
    }
}

#[test]
fn what_extern_gives_is_written_and_not_proven() {
    let service = Service::start(WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO));
    let send = |more: &[&str]| {
        let folder = Folder::new();
        let file = folder.file("act.xml", "<act/>");
        let mut command = service.podpis();
        command
            .current_dir(folder.root())
            .args(["extern", "send", "--json"]);
        command.args(["--base-url", &service.url]);
        let ended = Ended::of(command.args(more).arg(&file));
        let signature = ended.objects()[0].clone();
        let path = folder.root().join(signature["signature"].as_str().unwrap());
        (ended, signature, fs::read(path).unwrap())
    };
    let (ended, signature, genuine) = send(&["--strict"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(signature["proven"], true, "{signature}");

    // The same by an algorithm that nobody knows.
    let open = forged(&genuine, Some("1.2.3.4.5"), <[u8]>::to_vec);
    for (more, code) in [(&[][..], 0), (&["--strict"], 3)] {
        let fault = Fault::on("DraftDocumentSignature");
        service
            .sandbox
            .inject(fault.body("application/pgp-signature", open.clone()));
        let (ended, signature, written) = send(more);
        service.sandbox.clear_faults();
        assert_eq!(ended.code, code, "{ended:?}");
        assert_eq!(signature["proven"], false, "{signature}");
        assert_eq!(written, open);
        let verdict = "act.xml: not proven: not checked: certificate asked for";
        assert!(ended.stderr.contains(verdict), "{ended:?}");
        assert!(
            ended.stderr.contains("signature value (1.2.3.4.5"),
            "{ended:?}"
        );
    }
}

/// What was signed at the service is here, so that the signature is proven against it.
#[test]
fn a_document_that_comes_along_proves_its_signature() {
    let service = Service::start(WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO));
    let folder = Folder::new();
    let mut command = service.podpis();
    command
        .current_dir(folder.root())
        .args(["extern", "sign-draft", "--json", "--strict"]);
    let ended = Ended::of(command.args(["--base-url", &service.url]));
    assert_eq!(ended.code, 0, "{ended:?}");
    for object in ended.objects() {
        assert_eq!(object["proven"], true, "{object}");
        assert_eq!(object["checks"]["signer"], "passed", "{object}");
    }
}

#[test]
fn a_signature_that_stays_at_the_service_is_not_proven() {
    for (strict, code) in [(&[][..], 0), (&["--strict"], 3)] {
        let folder = Folder::new();
        let mut command = crate::bench::podpis();
        command.current_dir(folder.root());
        command.args([
            "diadoc",
            "attach",
            "--sandbox",
            "--yes",
            "--json",
            "--method",
            "test",
        ]);
        let ended = Ended::of(command.args(strict));
        assert_eq!(ended.code, code, "{ended:?}");
        assert_eq!(ended.object()["proven"], false);
        assert!(ended.stderr.contains("at the service alone"), "{ended:?}");
    }
}

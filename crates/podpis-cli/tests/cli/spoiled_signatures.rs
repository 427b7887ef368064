//! Signatures in forms that are not DER, and bytes that are none, from the service to the files.
//!
//! **Invariant:** a `.p7s` is DER whatever the service gave, and what cannot be read does not stop anything else.

use std::fs;
use std::path::Path;
use std::time::Duration;

use podpis::cms::Signature;
use podpis_sandbox::{Fault, PhoneMode, SignatureFault, WorldOptions};
use serde_json::json;

use crate::bench::{Ended, Folder, Service, advised, openssl_accepts};

const FORMS: [SignatureFault; 2] = [SignatureFault::Ber, SignatureFault::BerToken];

fn is_der(signature: &Path) -> bool {
    let bytes = fs::read(signature).unwrap();
    Signature::parse(&bytes).unwrap().form().is_der()
}

#[test]
fn what_comes_in_ber_is_written_in_der() {
    for fault in FORMS {
        let service = Service::quick();
        let folder = Folder::new();
        let files = ["one.txt", "two.txt"].map(|name| folder.file(name, name));
        let fault = Fault::on("CloudSignConfirmResult").signatures(fault);
        service.sandbox.inject(fault);
        let ended = Ended::of(
            service
                .sign(&files.each_ref().map(|file| &**file))
                .args(["--yes", "--json"]),
        );
        assert_eq!(ended.code, 0, "{ended:?}");
        for file in &files {
            let signature = file.with_extension("txt.p7s");
            assert!(is_der(&signature), "{}", signature.display());
            assert!(openssl_accepts(file, &signature));
        }
        assert!(service.listed().is_empty());
    }
}

#[test]
fn what_comes_in_ber_is_attached_and_written_in_der() {
    for fault in FORMS {
        let options = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
        let service = Service::start(options);
        let folder = Folder::new();
        let fault = Fault::on("DssSignResult").signatures(fault);
        service.sandbox.inject(fault);
        let mut attach = service.diadoc("attach");
        attach.current_dir(folder.root()).arg("--json");
        let ended = Ended::of(&mut attach);
        assert_eq!(ended.code, 0, "{ended:?}");
        let seeded = service.sandbox.world_info().diadoc.unsigned_document;
        let mut documents = service.sandbox.documents().into_iter();
        let document = documents.find(|one| one.entity == seeded.entity).unwrap();
        // The sandbox takes DER only.
        assert!(document.signatures[0].verifies);
        let [name] = &folder.names()[..] else {
            panic!("{:?}", folder.names());
        };
        let signature = folder.path(name);
        assert!(is_der(&signature));
        let posted = fetched(&service, &document.signatures[0].signature);
        assert_eq!(fs::read(&signature).unwrap(), posted);
        let content = folder.file("content", fetched(&service, &document.content));
        assert!(openssl_accepts(&content, &signature));
        assert!(service.listed().is_empty());
    }
}

/// What is under a path of the sandbox.
fn fetched(service: &Service, path: &str) -> Vec<u8> {
    let mut request = podpis::transport::HttpRequest::default();
    *request.uri_mut() = path.parse().unwrap();
    let answer = service.sandbox.handle(&request);
    assert_eq!(answer.status(), 200, "{path}");
    answer.into_body().to_vec()
}

#[test]
fn what_cannot_be_read_is_kept_and_the_others_go_on() {
    let service = Service::quick();
    let (folder, out) = (Folder::new(), Folder::new());
    let file = folder.file("act.xml", "act");
    let fault = Fault::on("CloudSignConfirmResult").signatures(SignatureFault::Unreadable);
    service.sandbox.inject(fault);
    let ended = Ended::of(service.sign(&[&file]).args(["--yes", "--json"]));
    ended.expect(4, &["could not be read"]);
    assert_eq!(ended.object()["error"]["kind"], "signature");
    assert_eq!(folder.names(), ["act.xml"]);
    let id = advised(&ended.stderr, "show")[2].clone();
    service.sandbox.clear_faults();

    // The torn signature becomes a file as it came, which is the beginning of one.
    let to = out.root().to_str().unwrap();
    let ended = service.ops(&["show", &id, "--save", to, "--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let saved = &ended.object()["saved"];
    assert_eq!(saved[0]["is"], "unreadable", "{saved}");
    assert_eq!(saved.as_array().map(Vec::len), Some(1));
    let torn = fs::read(saved[0]["saved"].as_str().unwrap()).unwrap();
    assert!(torn.starts_with(b"\x30\x82") && Signature::parse(&torn).is_err());

    // What waits for its code is driven to its end by the same call.
    let other = folder.file("other.txt", "other");
    let waiting = service.left_at_the_code(&other);
    let sms = service.sandbox.counters().sms_sent;
    let ended = service.ops(&["resume", "--all", "--yes", "--json"]);
    assert_eq!(ended.code, 4, "{ended:?}");
    assert!(ended.stderr.contains("could not be read"), "{ended:?}");
    let signature = folder.path("other.txt.p7s");
    assert!(openssl_accepts(&other, &signature), "{ended:?}");
    assert_eq!(
        service.sandbox.counters().sms_sent,
        sms,
        "nobody is asked again"
    );
    let listed = service.listed();
    let ids: Vec<_> = listed.iter().map(|one| one["operation"].clone()).collect();
    assert_eq!(ids, [json!(id)], "{waiting} is done");
}

//! `podpis extern …` with nothing but a sandbox.
//!
//! **Invariant:** each command works with `--sandbox --yes` and no further argument.

use std::fs;

use podpis::cms::Certificate;
use podpis_sandbox::ExternPlace;
use serde_json::Value;

use crate::bench::{Ended, Folder, Service, openssl_accepts, podpis};

/// `podpis extern COMMAND --sandbox --yes --json` in a folder of its own.
fn embedded(command: &str, folder: &Folder) -> Vec<Value> {
    let mut run = podpis();
    run.current_dir(folder.root());
    let ended = Ended::of(run.args(["extern", command, "--sandbox", "--yes", "--json"]));
    assert_eq!(ended.code, 0, "{ended:?}");
    ended.objects()
}

fn text<'v>(object: &'v Value, field: &str) -> &'v str {
    object[field]
        .as_str()
        .unwrap_or_else(|| panic!("{field}: {object}"))
}

#[test]
fn a_draft_gives_documents_with_signatures_that_openssl_accepts() {
    let folder = Folder::new();
    let signed = embedded("sign-draft", &folder);
    assert_eq!(signed.len(), 3);
    for one in &signed {
        let document = folder.path(text(one, "document"));
        let signature = folder.path(text(one, "signature"));
        assert!(openssl_accepts(&document, &signature));
        assert_eq!(one["checks"]["digest"], "passed");
        let mut bytes = fs::read(&document).unwrap();
        bytes[0] ^= 1;
        let tampered = folder.file("tampered", &bytes);
        assert!(!openssl_accepts(&tampered, &signature));
        fs::remove_file(tampered).unwrap();
    }
    assert_eq!(folder.names().len(), 6);
}

#[test]
fn replies_are_signed() {
    let folder = Folder::new();
    let signed = embedded("sign-reply", &folder);
    assert_eq!(signed.len(), 1);
    let document = folder.path(text(&signed[0], "document"));
    let signature = folder.path(text(&signed[0], "signature"));
    assert!(openssl_accepts(&document, &signature));

    let signed = embedded("sign-pfr-reply", &folder);
    assert_eq!(signed.len(), 3);
    for one in &signed {
        assert!(one["document"].is_null());
        assert!(folder.path(text(one, "signature")).exists());
    }
}

#[test]
fn a_decrypted_document_is_written_and_is_not_asked_for_twice() {
    let folder = Folder::new();
    let decrypted = embedded("decrypt", &folder);
    let bytes = fs::read(folder.path(text(&decrypted[0], "document"))).unwrap();
    assert!(bytes.starts_with(b"<?xml"));
    assert_eq!(decrypted[0]["size"], bytes.len());
}

fn place_arguments(place: &ExternPlace) -> Vec<String> {
    let mut arguments = vec![
        "--docflow".to_owned(),
        place.docflow.clone(),
        "--document".to_owned(),
        place.document.clone(),
    ];
    if let (Some(related), Some(inventory)) = (&place.related_document, &place.inventory) {
        arguments.extend(["--related-document".to_owned(), related.clone()]);
        arguments.extend(["--inventory".to_owned(), inventory.clone()]);
    }
    arguments
}

#[test]
fn a_document_stays_decrypted_at_the_service() {
    let service = Service::quick();
    let seeded = service.sandbox.world_info().extern_;
    for (document, by_file) in [
        (&seeded.encrypted.dss, None),
        (&seeded.encrypted.dss_zip, Some("der")),
        (&seeded.encrypted.inventory_dss, Some("pem")),
    ] {
        let folder = Folder::new();
        let der = service.sandbox.certificate(&document.certificate).unwrap();
        let certificate = match by_file {
            None => vec!["--cert".to_owned(), document.certificate.clone()],
            Some(form) => {
                let bytes = if form == "pem" {
                    let text = podpis::extern_api::model::Base64::encode(&der);
                    let text = text.as_str();
                    format!("x\n-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
                        .into_bytes()
                } else {
                    der.clone()
                };
                let file = folder.file("certificate", bytes);
                vec!["--cert-file".to_owned(), file.to_str().unwrap().to_owned()]
            }
        };
        assert!(Certificate::from_der(&der).is_ok());
        for round in 0..2 {
            let ended = Ended::of(
                service
                    .podpis()
                    .args(["extern", "decrypt", "--yes", "--json"])
                    .args(["--base-url", &service.url])
                    .args(["--out", folder.root().to_str().unwrap()])
                    .args(place_arguments(&document.place))
                    .args(&certificate),
            );
            assert_eq!(ended.code, 0, "{by_file:?} {round} {ended:?}");
            let written = fs::read(text(&ended.object(), "document")).unwrap();
            assert!(written.starts_with(b"<?xml"), "{by_file:?}");
        }
    }
    assert_eq!(service.sandbox.counters().pushes_sent, 3, "once each");

    let read = serde_json::to_string(&is_decrypted(&service)).unwrap();
    assert!(read.contains("true"), "{read}");
    assert!(service.listed().is_empty());
}

/// Whether the first document of the sandbox has an item that is not encrypted.
fn is_decrypted(service: &Service) -> bool {
    use podpis::secret::Token;
    use podpis::{DocumentPath, Extern, ExternLogin, ReqwestTransport};

    let seeded = service.sandbox.world_info().extern_;
    let place = &seeded.encrypted.dss.place;
    let place = DocumentPath::docflow(
        place.docflow.as_str().into(),
        place.document.as_str().into(),
    );
    let client = Extern::builder(
        service.url.parse().unwrap(),
        ExternLogin::bearer(&Token::new(seeded.token)),
        ReqwestTransport::new().unwrap(),
    )
    .build();
    let account = seeded.account.as_str().into();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let document = runtime
        .block_on(client.account(&account).document(&place))
        .unwrap();
    document.has_decrypted_content()
}

#[test]
fn certificates_are_listed_with_every_reason() {
    let folder = Folder::new();
    let listed = embedded("certificates", &folder);
    let kinds: Vec<&str> = listed
        .iter()
        .flat_map(|one| one["reasons"].as_array().unwrap())
        .map(|reason| text(reason, "kind"))
        .collect();
    for kind in [
        "expired",
        "not_qualified",
        "not_remote",
        "issued_by_another_ca",
    ] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
    let usable: Vec<&Value> = listed.iter().filter(|one| one["usable"] == true).collect();
    assert!(!usable.is_empty());
    for one in &listed {
        assert_eq!(text(one, "certificate").len(), 40);
        assert_eq!(one["usable"], one["reasons"].as_array().unwrap().is_empty());
    }
    let mut command = podpis();
    let shown = Ended::of(command.args(["extern", "certificates", "--sandbox", "--lang", "ru"]));
    assert!(shown.stdout.contains("ключ на носителе"), "{shown:?}");
}

#[test]
fn accounts_are_listed() {
    let folder = Folder::new();
    let service = Service::quick();
    let seeded = service.sandbox.world_info().extern_.account;
    let listed = embedded("accounts", &folder);
    assert!(listed.iter().any(|one| one["account"] == seeded.as_str()));
    assert!(listed.iter().all(|one| one["inn"].is_string()));
}

#[test]
fn what_is_missing_is_named_before_anything_is_sent() {
    let service = Service::quick();
    let base = ["--base-url", &service.url];
    let run = |arguments: &[&str]| {
        let folder = Folder::new();
        let mut command = service.podpis();
        command.current_dir(folder.root());
        Ended::of(command.arg("extern").args(arguments).args(base))
    };
    run(&["decrypt", "--docflow", "a", "--document", "b"]).expect(2, &["--cert"]);
    run(&["decrypt", "--cert", &"0".repeat(40)]).expect(2, &["has no certificate"]);
    run(&["sign-reply", "--docflow", "a", "--document", "b"]).expect(2, &["--reply"]);
    run(&["sign-draft", "--out", "/proc/missing"]).expect(2, &["/proc/missing"]);
    for (arguments, words) in [
        (["sign-draft", "--yes"], "--yes"),
        (["sign-draft", "--draft=x"], "EXTERN_TOKEN"),
    ] {
        let mut command = podpis();
        command.args(["extern", "--json"]).args(arguments);
        let ended = Ended::of(command.args(["--base-url", "https://extern.example"]));
        ended.expect(2, &[words]);
    }
    assert_eq!(service.sandbox.counters().operations_started, 0);
}

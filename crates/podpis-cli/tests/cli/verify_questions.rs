//! What `podpis verify` can be asked, and that what it says is true.
//!
//! **Invariant:** a certificate is called the signer's only where its key made the value.

use std::fs;
use std::path::{Path, PathBuf};

use podpis::cms::Certificate;
use serde_json::Value;

use crate::bench::{Ended, Folder, podpis};
use crate::verify_forgeries::forged;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/cms")
        .join(name)
}

fn verify(content: &str, signature: &str, more: &[&str]) -> Ended {
    let mut command = podpis();
    command.args(["verify", "--json"]).args(more);
    Ended::of(command.args([fixture(content), fixture(signature)]))
}

fn thumbprint(certificate: &str) -> String {
    let der = fs::read(fixture(certificate)).unwrap();
    Certificate::from_der(&der)
        .unwrap()
        .thumbprint()
        .to_string()
}

#[test]
fn the_certificate_is_asked_for_by_any_spelling_or_file() {
    let own = thumbprint("keys/p256.crt.der");
    let spaced: Vec<String> = own
        .as_bytes()
        .chunks(2)
        .map(|two| String::from_utf8_lossy(two).to_lowercase())
        .collect();
    let folder = Folder::new();
    let pem = fs::read_to_string(fixture("keys/p256.crt.pem")).unwrap();
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let base64 = folder.file("base64.cer", base64);
    let der = fixture("keys/p256.crt.der");
    let pem = fixture("keys/p256.crt.pem");
    for cert in [
        &*own,
        &spaced.join(" "),
        der.to_str().unwrap(),
        pem.to_str().unwrap(),
        base64.to_str().unwrap(),
    ] {
        let ended = verify("content.txt", "p256.p7s", &["--cert", cert]);
        assert_eq!(ended.code, 0, "{cert}: {ended:?}");
        let object = ended.object();
        assert_eq!(object["checks"]["signer"], "passed");
        assert_eq!(object["certificate"], own);
        assert!(
            ended.stderr.contains("certificate asked for: passed"),
            "{ended:?}"
        );
    }
    let other = thumbprint("keys/rsa.crt.der");
    let ended = verify(
        "content.txt",
        "p256.p7s",
        &["--cert", &other, "--allow-unchecked"],
    );
    ended.expect(1, &["p256.p7s", "content.txt", &own, &other]);
}

#[test]
fn a_file_stands_in_for_a_certificate_that_is_not_embedded() {
    let own = fixture("keys/p256.crt.der");
    let nocerts = |more: &[&str]| verify("content.txt", "p256.nocerts.p7s", more);
    let without = nocerts(&[]);
    assert_eq!(without.code, 3, "{without:?}");
    assert!(
        without
            .stderr
            .contains("holds no certificate of its signer"),
        "{without:?}"
    );
    assert!(!without.stderr.contains("is a signature of"), "{without:?}");
    let with = nocerts(&["--cert", own.to_str().unwrap()]);
    assert_eq!(with.code, 0, "{with:?}");
    let named = nocerts(&["--cert", &thumbprint("keys/p256.crt.der")]);
    assert_eq!(named.code, 3, "{named:?}");
    assert!(named.stderr.contains("certificate asked for"), "{named:?}");
    assert_eq!(nocerts(&["--allow-unchecked"]).code, 0);
}

#[test]
fn what_is_no_certificate_is_said_before_anything_is_looked_at() {
    let folder = Folder::new();
    let pem = fs::read_to_string(fixture("keys/p256.crt.pem")).unwrap();
    let two = folder.file("two.pem", pem.repeat(2));
    let text = folder.file("text.pem", "a text");
    for (cert, words) in [
        ("abcd", "abcd"),
        ("nowhere.cer", "nowhere.cer"),
        (two.to_str().unwrap(), "2 certificates"),
        (text.to_str().unwrap(), "text.pem"),
    ] {
        let ended = verify("content.txt", "p256.p7s", &["--cert", cert]);
        ended.expect(2, &[words]);
    }
}

/// The signature of a key with a certificate in front that names itself the same and has another key.
#[test]
fn a_twin_is_told_from_the_signer() {
    for name in ["twin-in-front", "twin-many-in-front", "twin-key-id-behind"] {
        let ended = verify("foreign/act.txt", &format!("foreign/{name}.p7s"), &[]);
        assert_eq!(ended.code, 0, "{ended:?}");
        let object = ended.object();
        let signer = &object["signers"][0]["certificate"];
        assert_eq!(signer, &object["certificate"]);
        let others = object["embedded"].as_array().unwrap();
        assert!(!others.is_empty(), "{object}");
        for other in others {
            assert_eq!(other["is"], "not_the_signers", "{object}");
            assert_ne!(&other["certificate"], signer);
        }
        assert!(ended.stderr.contains("not the signer's: "), "{ended:?}");
    }
    let renewed = verify("foreign/act.txt", "foreign/twin-same-key.p7s", &[]).object();
    assert_eq!(renewed["embedded"][0]["is"], "same_key", "{renewed}");
}

#[test]
fn a_gost_signature_is_proven() {
    let ended = verify("gost/content.bin", "gost/detached256.withca.p7s", &[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.object()["embedded"][0]["is"], "not_the_signers");
    assert!(ended.stderr.contains("Test CA GOST"), "{ended:?}");
}

#[test]
fn a_signer_whose_value_was_not_checked_is_only_named() {
    let folder = Folder::new();
    let genuine = fs::read(fixture("foreign/twin-many-in-front.p7s")).unwrap();
    let unknown = forged(&genuine, Some("1.2.3.4.5"), <[u8]>::to_vec);
    let path = folder.file("unknown.p7s", unknown);
    let mut command = podpis();
    command.args(["verify", "--json"]);
    let ended = Ended::of(command.args([fixture("foreign/act.txt"), path]));
    assert_eq!(ended.code, 3, "{ended:?}");
    for words in [
        "signed by: not checked; the signature names: ",
        "unknown.p7s states the content of",
        "not known whether the signer's: ",
    ] {
        assert!(ended.stderr.contains(words), "{ended:?}");
    }
    let object = ended.object();
    assert_eq!(object["embedded"][0]["is"], "unknown", "{object}");
}

#[test]
fn of_several_signers_each_has_its_own_certificate() {
    let ended = verify("content.txt", "twosigners.p7s", &[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let object = ended.object();
    let signers = object["signers"].as_array().unwrap();
    let certificates: Vec<&str> = signers
        .iter()
        .map(|one| one["certificate"].as_str().unwrap())
        .collect();
    assert_eq!(certificates.len(), 2);
    assert_ne!(certificates[0], certificates[1]);
    for (signer, certificate) in signers.iter().zip(&certificates) {
        assert_eq!(signer["value"], "passed");
        assert!(ended.stderr.contains(certificate), "{ended:?}");
        // Each may be the one that is asked for.
        let asked = verify("content.txt", "twosigners.p7s", &["--cert", certificate]);
        assert_eq!(asked.object()["certificate"], *certificate);
    }
    assert_eq!(object["embedded"], Value::Array(Vec::new()));
}

#[test]
fn a_weak_key_is_told_with_its_bits() {
    let ended = verify("foreign/act.txt", "foreign/key-rsa-1024.p7s", &[]);
    assert_eq!(ended.code, 3, "{ended:?}");
    let verdict = ended
        .stderr
        .lines()
        .find(|line| line.contains("not proven"))
        .unwrap();
    assert!(
        verdict.contains("1024 bits") && verdict.contains("act.txt"),
        "{verdict}"
    );
    let russian = verify(
        "foreign/act.txt",
        "foreign/key-rsa-1024.p7s",
        &["--lang", "ru"],
    );
    assert!(
        russian.stderr.contains("не доказано") && russian.stderr.contains("1024"),
        "{russian:?}"
    );
}

#[test]
fn a_time_is_told_whatever_its_form_and_its_absence_only_where_there_is_none() {
    let table = fs::read_to_string(fixture("foreign/table.tsv")).unwrap();
    let mut none = 0;
    for line in table.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let (file, reading, time) = (columns[0], columns[3], columns[7]);
        if reading != "reads" || time == "-" {
            continue;
        }
        let ended = verify("foreign/act.txt", &format!("foreign/{file}"), &[]);
        let absent = ended.stderr.contains("the signature does not say");
        let unreadable = ended.stderr.contains("not a time");
        if time == "none" {
            none += 1;
            let has_attribute = !file.contains("no-time");
            assert_eq!(
                (absent, unreadable),
                (!has_attribute, has_attribute),
                "{file}: {ended:?}"
            );
        } else {
            assert!(
                !absent && ended.stderr.contains(time.trim_end_matches('Z')),
                "{file}: {ended:?}"
            );
        }
    }
    assert!(none > 1);
}

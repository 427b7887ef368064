//! GOST R 34.10 values are verified like all others.

use std::fs;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use podpis_cms::{
    BindError, Certificate, Check, Document, Expectation, FormatError, Reason, SignerProof,
    Thumbprint, bind_der, verify_detached, verify_value,
};

use crate::builder::{algorithm, indefinite};
use crate::fixture;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/gost")
}

fn read(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap()
}

/// What must come out of a file.
#[derive(Debug, PartialEq)]
enum Outcome {
    /// By the certificates of these names.
    Proven(Vec<&'static str>),
    /// The content is right, but nothing says whose key made the value.
    NoCertificate,
    Refused(FormatError),
}

const USERS: [&str; 3] = ["user256", "user256tc26", "user512"];

/// File, content and outcome.
fn table() -> Vec<(&'static str, &'static str, Outcome)> {
    let proven = |users: &[&'static str]| Outcome::Proven(users.to_vec());
    let [user256, user256tc26, user512] = USERS;
    let encrypted = || {
        Outcome::Refused(FormatError::NotSignedData {
            oid: "1.2.840.113549.1.7.3".to_owned(),
        })
    };
    let attached = || Outcome::Refused(FormatError::Attached);
    let content = "content.bin";
    vec![
        ("detached256.p7s", content, proven(&[user256])),
        ("detached256.cades.p7s", content, proven(&[user256])),
        ("detached256.keyid.p7s", content, proven(&[user256])),
        ("detached256.noattr.p7s", content, proven(&[user256])),
        ("detached256.withca.p7s", content, proven(&[user256])),
        ("detached256.nocerts.p7s", content, Outcome::NoCertificate),
        (
            "detached256.100k.p7s",
            "content-100k.bin",
            proven(&[user256]),
        ),
        ("detached256tc26.p7s", content, proven(&[user256tc26])),
        ("detached512.p7s", content, proven(&[user512])),
        ("twosigners.p7s", content, proven(&[user256, user256tc26])),
        ("attached256.p7s", content, attached()),
        ("attached256.ber.p7s", content, attached()),
        ("enveloped256.gost89.p7m", content, encrypted()),
        ("enveloped256.magma-ctr-acpkm.p7m", content, encrypted()),
        (
            "enveloped256.kuznyechik-ctr-acpkm.p7m",
            content,
            encrypted(),
        ),
        (
            "enveloped256.kuznyechik-ctr-acpkm-omac.p7m",
            content,
            encrypted(),
        ),
        ("enveloped256tc26.gost89.p7m", content, encrypted()),
    ]
}

/// As OpenSSL printed it.
fn thumbprint(user: &str) -> Thumbprint {
    let text = String::from_utf8(read(&format!("{user}.thumbprint.txt"))).unwrap();
    text.trim().parse().unwrap()
}

fn outcome(content: &[u8], signature: &[u8]) -> Outcome {
    let document = Document::content("a", content);
    let signed = match verify_detached(&document, signature, &Expectation::new()) {
        Ok(signed) => signed,
        Err(BindError::Unreadable { source, .. }) => return Outcome::Refused(source),
        Err(error) => panic!("{error}"),
    };
    let checks = signed.checks();
    assert!(checks.digest().is_passed());
    if checks.value() == &Check::NotChecked(Reason::NoCertificate) {
        assert!(!checks.is_proven());
        return Outcome::NoCertificate;
    }
    assert!(checks.is_proven(), "{checks}");
    let user = |proof: &SignerProof| {
        let found = proof.certificate().unwrap().thumbprint();
        let mut users = USERS.into_iter();
        users.find(|user| thumbprint(user) == found).unwrap()
    };
    Outcome::Proven(signed.signers().map(|(_, proof)| user(proof)).collect())
}

#[test]
fn every_file_by_openssl_has_its_outcome_in_every_form() {
    let table = table();
    for (file, content, expected) in &table {
        let (content, bytes) = (read(content), read(file));
        let text = STANDARD.encode(&bytes);
        let pem = format!("-----BEGIN CMS-----\n{text}\n-----END CMS-----\n");
        let forms = [bytes.clone(), text.into_bytes(), pem.into_bytes()];
        // The outermost element without a length.
        let ber = bytes
            .starts_with(&[0x30, 0x82])
            .then(|| indefinite(0x30, &bytes[4..]));
        for form in forms.into_iter().chain(ber) {
            assert_eq!(&outcome(&content, &form), expected, "{file}");
        }
    }
    let mut left: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".p7s") || name.ends_with(".p7m"))
        .collect();
    left.retain(|name| !table.iter().any(|(file, ..)| file == name));
    assert_eq!(left, [""; 0]);
}

#[test]
fn of_tampered_content_none_is_a_signature() {
    let tampered = read("content.tampered.bin");
    for (file, _, expected) in table() {
        if matches!(expected, Outcome::Refused(_)) {
            continue;
        }
        let document = Document::content("a", &tampered);
        let refused = verify_detached(&document, &read(file), &Expectation::new());
        assert!(matches!(refused, Err(BindError::Mismatch(_))), "{file}");
    }
}

#[test]
fn the_certificates_are_read_alike_in_der_and_pem() {
    let certificates = USERS.into_iter().chain(["ca"]);
    for name in certificates {
        let certificate = Certificate::from_der(&read(&format!("{name}.crt.der"))).unwrap();
        let pem = Certificate::read_all(&read(&format!("{name}.crt.pem"))).unwrap();
        assert_eq!(pem, std::slice::from_ref(&certificate));
        let ca = "C=RU, O=Test CA, CN=Sandbox Test CA GOST 2012-256";
        assert_eq!(certificate.issuer(), ca);
        if USERS.contains(&name) {
            assert_eq!(certificate.thumbprint(), thumbprint(name));
            assert_eq!(
                certificate.subject(),
                "C=RU, O=ООО Тест, SN=Иванов, G=Иван Иванович, CN=Иванов Иван Иванович, \
                 INN=007707083893, SNILS=11223344595"
            );
        } else {
            assert_eq!(certificate.subject(), ca);
        }
    }
}

/// A value without a message around it.
#[test]
fn a_value_alone_verifies_under_its_certificate() {
    let content = read("content.bin");
    let mut value = read("content.rawsig256.bin");
    let key = Certificate::from_der(&read("user256.crt.der")).unwrap();
    let how = algorithm("1.2.643.7.1.1.3.2", &[]);
    let verify = |content: &[u8], value: &[u8]| {
        verify_value(key.spki_der(), &how, content, value, &Expectation::new()).unwrap()
    };
    assert_eq!(verify(&content, &value), podpis_cms::Outcome::Valid);
    assert_eq!(verify(b"other", &value), podpis_cms::Outcome::Invalid);
    value.reverse();
    assert_eq!(verify(&content, &value), podpis_cms::Outcome::Invalid);
}

#[test]
fn a_flipped_bit_and_tampered_content_do_not() {
    let mut der = fixture!("gost/detached256.p7s").to_vec();
    *der.last_mut().unwrap() ^= 1;
    let document = Document::content("a", fixture!("gost/content.bin"));
    assert!(matches!(
        verify_detached(&document, &der, &Expectation::new()),
        Err(BindError::WrongValue { .. })
    ));
    let tampered = Document::content("a", fixture!("gost/content.tampered.bin"));
    for der in [
        fixture!("gost/detached256.p7s"),
        fixture!("gost/detached256.noattr.p7s"),
    ] {
        assert!(matches!(
            verify_detached(&tampered, der, &Expectation::new()),
            Err(BindError::Mismatch(_))
        ));
    }
}

/// Without signed attributes only the value tells which file it is for, and GOST R 34.10 tells it one
/// file at a time.
#[test]
fn bare_values_in_any_order_find_their_files() {
    let content = fixture!("gost/content.bin");
    let bare = fixture!("gost/detached256.noattr.p7s");
    let certificate = Certificate::from_der(fixture!("gost/user256.crt.der")).unwrap();
    let others: Vec<Vec<u8>> = (0..20).map(|number: u8| vec![number; 9]).collect();
    let mut documents: Vec<Document<'_>> = others
        .iter()
        .map(|other| Document::content("other", other))
        .collect();
    documents.push(Document::content("bill", content));
    let asked = Expectation::new().signer(certificate);
    let error = bind_der(&documents, &[bare], &asked).unwrap_err();
    let BindError::Mismatch(mismatch) = error else {
        panic!("{error}")
    };
    assert_eq!(mismatch.missing().len(), others.len());
    assert!(mismatch.missing().iter().all(|place| place.name == "other"));
    assert!(mismatch.strangers().is_empty() && mismatch.surplus().is_empty());
}

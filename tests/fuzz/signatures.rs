//! Signatures, certificates, revocation lists, answers about revocation, time stamps.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use podpis::cms::{
    Attached, Certificate, Document, Expectation, Signature, decode_text, verify_detached,
};
use podpis::trust::{Addresses, Given, Moment, OcspResponse, RevocationList, judge, ocsp_request};

use super::bytes::changed;
use super::corpus::{below, file, files};
use super::der::change_der;
use super::run::{Bound, Linear, Tried, fuzz};

const SIGNATURES: &[&str] = &[
    "podpis-cms/tests/fixtures",
    "podpis-cms/tests/fixtures/foreign",
    "podpis-trust/tests/fixtures/trust/p256",
    "podpis-trust/tests/fixtures/trust/gost256",
];
const TRUST: &[&str] = &[
    "podpis-trust/tests/fixtures/trust/p256",
    "podpis-trust/tests/fixtures/trust/rsa",
    "podpis-trust/tests/fixtures/trust/gost256",
    "podpis-trust/tests/fixtures/trust/gost512",
];

/// Of what a time stamp is over.
const TIME_STAMP: &str = "1.2.840.113549.1.9.16.1.4";
/// 2024-06-15 00:00:00 UTC
const AT: Duration = Duration::from_secs(1_718_409_600);

const BOUND: Bound = Bound {
    allocations: Linear {
        least: 2_000,
        per_byte: 3,
    },
    bytes: Linear {
        least: 100_000,
        per_byte: 100,
    },
};

pub(super) fn signatures() {
    let seeds = files(SIGNATURES, ".p7s");
    let document = Document::content("content", b"content");
    let expectation = Expectation::new();
    fuzz("signatures", 1_500, BOUND, |numbers| {
        let input = changed(&seeds, change_der, numbers);
        Tried::new(input, |bytes| {
            let _ = decode_text(bytes, "CMS").is_ok();
            let _ = Attached::parse(bytes, TIME_STAMP).is_ok();
            let Ok(signature) = Signature::parse(bytes) else {
                return;
            };
            let _ = format!("{signature:?}");
            for signer in signature.signers() {
                let _ = (
                    signer.signing_time(),
                    signer.message_digest(),
                    signer.certificate(),
                );
                let _ = signer
                    .signed_attributes()
                    .chain(signer.unsigned_attributes())
                    .count();
            }
            let _ = verify_detached(&document, bytes, &expectation).is_ok();
        })
    });
}

pub(super) fn certificates() {
    let given = files(SIGNATURES, ".p7s");
    let given = given
        .iter()
        .filter_map(|bytes| Signature::parse(bytes).ok());
    let certificates = given.flat_map(|signature| signature.certificates());
    let mut seeds: Vec<Vec<u8>> = certificates.map(|one| one.der().to_vec()).collect();
    seeds.extend(files(TRUST, ".crt"));
    seeds.sort();
    seeds.dedup();
    fuzz("certificates", 2_500, BOUND, |numbers| {
        let input = changed(&seeds, change_der, numbers);
        Tried::new(input, |bytes| {
            for certificate in Certificate::read_all(bytes).unwrap_or_default() {
                let _ = format!("{certificate:?} {:?}", Addresses::of(&certificate));
                let _ = (
                    certificate.serial(),
                    certificate.thumbprint(),
                    certificate.key_usage(),
                );
                let _ = (
                    certificate.not_before(),
                    certificate.not_after(),
                    certificate.inn(),
                );
                let _ = ocsp_request(&certificate, &certificate);
            }
        })
    });
}

/// What is at hand where a signature is judged, without its lists.
fn given(family: &str) -> Given {
    let read = |name: &str| {
        let bytes = file(&format!(
            "podpis-trust/tests/fixtures/trust/{family}/{name}"
        ));
        Certificate::read_all(&bytes).unwrap()
    };
    Given::new()
        .roots(read("root.crt"))
        .certificates(read("ca.crt"))
}

fn lists(family: &str) -> Vec<RevocationList> {
    let names = ["root.crl", "ca.crl"];
    let read = |name: &str| {
        file(&format!(
            "podpis-trust/tests/fixtures/trust/{family}/{name}"
        ))
    };
    let lists = names.into_iter().map(read);
    lists
        .flat_map(|bytes| RevocationList::read_all(bytes).unwrap())
        .collect()
}

fn content() -> Vec<u8> {
    file("podpis-trust/tests/fixtures/trust/content.txt")
}

pub(super) fn revocation_lists() {
    let seeds = files(TRUST, ".crl");
    let content = content();
    let signature = file("podpis-trust/tests/fixtures/trust/p256/ok.p7s");
    let signature = Signature::parse(&signature).unwrap();
    let given = given("p256");
    fuzz("revocation_lists", 2_000, BOUND, |numbers| {
        let input = changed(&seeds, change_der, numbers);
        Tried::new(input, |bytes| {
            let Ok(lists) = RevocationList::read_all(bytes.to_vec()) else {
                return;
            };
            let _ = format!("{lists:?}");
            let document = Document::content("content", &content);
            let at = Moment::now(SystemTime::UNIX_EPOCH + AT);
            let judged = judge(&document, &signature, &given.clone().lists(lists), at);
            let _ = judged.trust().to_string();
        })
    });
}

/// A file of the answers about revocation, which are about a signer of 2026.
fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(responses().join(name)).unwrap()
}

fn responses() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/ocsp")
}

pub(super) fn ocsp() {
    let seeds = below(&responses(), ".der");
    let content = fixture("content.txt");
    let signature = Signature::parse(&fixture("signature.p7s")).unwrap();
    let given = Given::new().roots(Certificate::read_all(&fixture("root.crt")).unwrap());
    let judged = |answer: OcspResponse| {
        let document = Document::content("content", &content);
        let at = Moment::now(answer.this_update().unwrap_or(SystemTime::UNIX_EPOCH + AT));
        let judged = judge(&document, &signature, &given.clone().ocsp([answer]), at);
        judged.trust().to_string()
    };
    // As they are, they are believed: else changed ones would not get far.
    for seed in &seeds {
        let words = judged(OcspResponse::from_der(seed.clone()).unwrap());
        assert!(
            ["trusted", "refused: revoked"].contains(&words.as_str()),
            "{words}"
        );
    }
    fuzz("ocsp", 2_000, BOUND, |numbers| {
        let input = changed(&seeds, change_der, numbers);
        Tried::new(input, |bytes| {
            if let Ok(answer) = OcspResponse::from_der(bytes.to_vec()) {
                let _ = format!("{answer:?} {:?}", answer.next_update());
                drop(judged(answer));
            }
        })
    });
}

pub(super) fn time_stamps() {
    let seeds = files(TRUST, "stamped.p7s");
    let content = content();
    let given =
        ["p256", "rsa", "gost256", "gost512"].map(|family| given(family).lists(lists(family)));
    fuzz("time_stamps", 300, BOUND, |numbers| {
        let input = changed(&seeds, change_der, numbers);
        let given = numbers.one_of(&given).clone();
        Tried::new(input, |bytes| {
            let Ok(signature) = Signature::parse(bytes) else {
                return;
            };
            let document = Document::content("content", &content);
            let at = Moment::now(SystemTime::UNIX_EPOCH + AT);
            let judged = judge(&document, &signature, &given, at);
            let _ = judged.trust().to_string();
            let _ = format!("{:?}", judged.signers());
        })
    });
}

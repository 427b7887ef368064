//! Whatever the bytes are, there is an answer and no panic.

use podpis_cms::{Certificate, Document, Expectation, FormatError, Signature, verify_detached};

use crate::batch::Numbers;
use crate::fixture;

const ALL: &[&[u8]] = &[
    fixture!("p256.p7s"),
    fixture!("p256.noattr.p7s"),
    fixture!("p256.cades.p7s"),
    fixture!("p384.p7s"),
    fixture!("p521.p7s"),
    fixture!("rsa.pss.p7s"),
    fixture!("rsa.sha256.p7s"),
    fixture!("rsa.noattr.p7s"),
    fixture!("twosigners.p7s"),
    fixture!("attached.p7s"),
    fixture!("attached.ber.p7s"),
    fixture!("p256.pem"),
    fixture!("p256.b64"),
    fixture!("gost/detached256.p7s"),
    fixture!("gost/detached256.keyid.p7s"),
    fixture!("gost/detached256.nocerts.p7s"),
    fixture!("gost/detached512.p7s"),
    fixture!("gost/twosigners.p7s"),
    fixture!("gost/enveloped256.gost89.p7m"),
];

fn try_all(bytes: &[u8]) {
    let document = Document::content("a", fixture!("content.txt"));
    if Signature::parse(bytes).is_ok() {
        let _ = verify_detached(&document, bytes, &Expectation::new());
        let _ = verify_detached(&Document::unknown("a"), bytes, &Expectation::new());
    }
    let _ = Certificate::from_der(bytes);
}

#[test]
fn every_prefix_is_refused() {
    for fixture in ALL {
        for end in 0..fixture.len() {
            let error = match Signature::parse(&fixture[..end]) {
                Err(error) => error,
                // Only line end and padding of a text may be missing.
                Ok(signature) => {
                    assert!(!signature.form().is_der(), "a prefix is a signature");
                    let left = fixture[end..].iter();
                    assert!(
                        left.copied()
                            .all(|byte| matches!(byte, b'=' | b'\n' | b'\r'))
                    );
                    continue;
                }
            };
            if fixture[0] == 0x30 && Signature::parse(fixture).is_ok() && end > 0 {
                assert!(matches!(error, FormatError::Truncated { .. }), "{error:?}");
            }
            assert!(!error.to_string().is_empty());
        }
    }
}

#[test]
fn every_byte_changed_gives_an_answer() {
    for fixture in ALL {
        for index in 0..fixture.len() {
            let mut bytes = fixture.to_vec();
            bytes[index] ^= [0x01, 0x80, 0xFF][index % 3];
            // Verifying every one of them would take minutes.
            if index < 40 || index % 50 == 0 {
                try_all(&bytes);
            } else {
                let _ = Signature::parse(&bytes);
            }
        }
    }
}

#[test]
fn many_bytes_changed_removed_and_repeated_give_an_answer() {
    let mut numbers = Numbers::new(2026);
    for round in 0..20_000 {
        let mut bytes = ALL[round % ALL.len()].to_vec();
        for _ in 0..=numbers.below(4) {
            let at = numbers.below(bytes.len());
            match numbers.below(4) {
                0 => bytes[at] = numbers.below(256) as u8,
                1 => bytes[at] = [0x00, 0x30, 0x31, 0x80, 0x84, 0xA0, 0xFF][numbers.below(7)],
                2 => drop(bytes.drain(at..(at + numbers.below(8)).min(bytes.len()))),
                _ => {
                    let end = (at + numbers.below(40)).min(bytes.len());
                    bytes.splice(at..at, bytes[at..end].to_vec());
                }
            }
            if bytes.is_empty() {
                break;
            }
        }
        let _ = Signature::parse(&bytes);
        let _ = Certificate::from_der(&bytes);
    }
}

#[test]
fn random_bytes_give_an_answer() {
    let mut numbers = Numbers::new(34);
    for _ in 0..20_000 {
        let mut bytes: Vec<u8> = (0..numbers.below(200))
            .map(|_| numbers.below(256) as u8)
            .collect();
        if let Some(first) = bytes.first_mut() {
            *first = 0x30;
        }
        Signature::parse(&bytes).expect_err("random bytes are a signature");
        let _ = Certificate::from_der(&bytes);
    }
}

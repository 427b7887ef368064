//! However a signature is made, reading and checking it takes memory in proportion to its size.

#![expect(
    clippy::unwrap_used,
    reason = "this is all tests; the lint only spares `#[test]` functions"
)]

use std::sync::Mutex;

use peak_alloc::PeakAlloc;
use podpis_cms::tlv::{self, encode};
use podpis_cms::{BindError, Document, Expectation, Signature, bind, verify_detached};
use proptest::prelude::*;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// One test at a time: the allocator counts for all threads.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Bytes allocated at the most while this runs, beyond those before.
fn peak<T>(run: impl FnOnce() -> T) -> (usize, T) {
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let result = run();
    (ALLOCATOR.peak_usage() - before, result)
}

/// Up to four megabytes of certificates and signers.
#[derive(Debug, Clone)]
struct Shape {
    certificates: usize,
    /// Different issuers and serial numbers.
    names: usize,
    signers: usize,
    name_length: usize,
    key_length: usize,
    unsigned_length: usize,
    with_attributes: bool,
    is_indefinite: bool,
    is_text: bool,
}

fn shapes() -> impl Strategy<Value = Shape> {
    let counts = (0..3_000_usize, 1..3_000_usize, 1..1_000_usize);
    let lengths = (0..1_500_usize, 0..1_500_usize, 0..3_000_usize);
    (counts, lengths, any::<(bool, bool, bool)>()).prop_map(|(counts, lengths, flags)| Shape {
        certificates: counts.0,
        // Few twins: how many there may be is bounded.
        names: counts.1.max(counts.0),
        signers: counts.2,
        name_length: lengths.0,
        key_length: lengths.1,
        unsigned_length: lengths.2,
        with_attributes: flags.0,
        is_indefinite: flags.1,
        is_text: flags.2,
    })
}

fn seq(parts: &[Vec<u8>]) -> Vec<u8> {
    encode(tlv::SEQUENCE, &parts.concat())
}

fn oid(content: &[u8]) -> Vec<u8> {
    encode(tlv::OBJECT_IDENTIFIER, content)
}

const P_256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
const EC: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01];
const ECDSA_SHA_256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];
const SHA_256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01];
const SIGNED_DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];
const CONTENT_TYPE: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x03];
const MESSAGE_DIGEST: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x04];

impl Shape {
    fn name(&self) -> Vec<u8> {
        let attribute = seq(&[
            oid(&[0x55, 4, 3]),
            encode(0x0C, &vec![b'a'; self.name_length]),
        ]);
        seq(&[encode(tlv::SET, &attribute)])
    }

    fn serial(&self, number: usize) -> Vec<u8> {
        let number = u32::try_from(number % self.names).unwrap();
        encode(tlv::INTEGER, &number.to_be_bytes())
    }

    fn certificate(&self, number: usize) -> Vec<u8> {
        let mut key = vec![0, 4];
        key.extend(number.to_be_bytes());
        key.resize(key.len() + self.key_length, 7);
        let date = || encode(tlv::UTC_TIME, b"260101000000Z");
        let tbs = seq(&[
            self.serial(number),
            seq(&[oid(ECDSA_SHA_256)]),
            self.name(),
            seq(&[date(), date()]),
            seq(&[]),
            seq(&[seq(&[oid(EC), oid(P_256)]), encode(tlv::BIT_STRING, &key)]),
        ]);
        seq(&[tbs])
    }

    fn signer(&self, number: usize) -> Vec<u8> {
        let attribute = |kind: &[u8], value: Vec<u8>| seq(&[oid(kind), encode(tlv::SET, &value)]);
        let attributes = match self.with_attributes {
            false => Vec::new(),
            true => encode(
                tlv::CONTEXT_0,
                &[
                    attribute(CONTENT_TYPE, oid(DATA)),
                    attribute(MESSAGE_DIGEST, encode(tlv::OCTET_STRING, &[7; 32])),
                ]
                .concat(),
            ),
        };
        seq(&[
            encode(tlv::INTEGER, &[1]),
            seq(&[self.name(), self.serial(number)]),
            seq(&[oid(SHA_256)]),
            attributes,
            seq(&[oid(ECDSA_SHA_256)]),
            encode(tlv::OCTET_STRING, &[0x30, 6, 2, 1, 1, 2, 1, 1]),
            encode(tlv::CONTEXT_1, &vec![0; self.unsigned_length]),
        ])
    }

    fn build(&self) -> Vec<u8> {
        let room = 4_000_000;
        let certificate = self.certificate(0).len();
        let signer = self.signer(0).len();
        let certificates = self.certificates.min(room / 2 / certificate);
        let signers = self.signers.min((room / 2 / signer).max(1));
        let certificates: Vec<u8> = (0..certificates)
            .flat_map(|number| self.certificate(number))
            .collect();
        let signers: Vec<u8> = (0..signers)
            .flat_map(|number| self.signer(number))
            .collect();
        let wrap = |tag: u8, content: &[u8]| match self.is_indefinite {
            false => encode(tag, content),
            true => [&[tag, 0x80], content, &[0, 0]].concat(),
        };
        let signed_data = [
            encode(tlv::INTEGER, &[1]),
            encode(tlv::SET, &seq(&[oid(SHA_256)])),
            seq(&[oid(DATA)]),
            wrap(tlv::CONTEXT_0, &certificates),
            wrap(tlv::SET, &signers),
        ]
        .concat();
        let content = wrap(tlv::CONTEXT_0, &wrap(tlv::SEQUENCE, &signed_data));
        let der = wrap(tlv::SEQUENCE, &[oid(SIGNED_DATA), content].concat());
        match self.is_text {
            false => der,
            true => base64::Engine::encode(&base64::prelude::BASE64_STANDARD, der).into_bytes(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn eight_times_the_input_is_enough(shape in shapes()) {
        let _alone = ONE_AT_A_TIME.lock().unwrap();
        let input = shape.build();
        let allowed = 8 * input.len() + 64 * 1024;
        let document = Document::content("act.txt", b"The act is signed.");

        let (read, signature) = peak(|| Signature::parse(&input).unwrap());
        drop(signature);
        let (checked, bound) = peak(|| verify_detached(&document, &input, &Expectation::new()));
        // A digest or a value that is wrong is an error. Without attributes and certificates there is neither to hold
        // against it, and nothing is proven.
        match bound {
            Ok(signed) => {
                prop_assert!(!shape.with_attributes && shape.certificates == 0);
                prop_assert!(!signed.checks().is_proven());
            }
            Err(_) => prop_assert!(shape.with_attributes || shape.certificates > 0),
        }

        prop_assert!(read <= allowed, "{read} to read {}", input.len());
        prop_assert!(checked <= allowed, "{checked} to check {}", input.len());
    }
}

/// A signer whose issuer has this RDN.
fn named(inside: &[u8]) -> Vec<u8> {
    let name = seq(&[encode(tlv::SET, inside)]);
    detached(&seq(&[
        encode(tlv::INTEGER, &[1]),
        seq(&[name, encode(tlv::INTEGER, &[1])]),
        seq(&[oid(SHA_256)]),
        seq(&[oid(ECDSA_SHA_256)]),
        encode(tlv::OCTET_STRING, &[]),
    ]))
}

/// A signature of these signers, without certificates.
fn detached(signers: &[u8]) -> Vec<u8> {
    let signed_data = seq(&[
        encode(tlv::INTEGER, &[1]),
        encode(tlv::SET, &[]),
        seq(&[oid(DATA)]),
        encode(tlv::SET, signers),
    ]);
    seq(&[oid(SIGNED_DATA), encode(tlv::CONTEXT_0, &signed_data)])
}

/// Names of nothing but the smallest parts there can be: attributes, and words.
#[test]
fn names_of_millions_of_parts_take_no_more() {
    let _alone = ONE_AT_A_TIME.lock().unwrap();
    let room = 2_000_000;
    let text = |tag, text: &[u8]| {
        let value = encode(tag, &text.repeat(room / text.len()));
        seq(&[oid(&[0x55, 4, 3]), value])
    };
    for inside in [
        [5, 0].repeat(room / 2),
        seq(&[oid(&[])]).repeat(room / 4),
        text(0x0C, b"a "),
        text(0x0C, "\u{130}".as_bytes()),
        text(0x14, &[0xE9]),
        text(0x1E, &[0x20, 0xAC]),
    ] {
        let input = named(&inside);
        let (read, signature) = peak(|| Signature::parse(&input).unwrap());
        assert_eq!(signature.signers().len(), 1);
        assert!(
            read <= 8 * input.len() + 64 * 1024,
            "{read} of {}",
            input.len()
        );
    }
}

/// Every signer names a digest of its own, and none of them is one that is computed.
#[test]
fn digests_that_are_not_computed_are_not_looked_for_in_every_document() {
    let _alone = ONE_AT_A_TIME.lock().unwrap();
    let signer = |number: u32| {
        let digest = [
            &[0x2A][..],
            &number.to_be_bytes().map(|byte| byte | 0x80),
            &[1],
        ]
        .concat();
        let attribute = |kind, value: &[u8]| seq(&[oid(kind), encode(tlv::SET, value)]);
        let attributes = [
            attribute(CONTENT_TYPE, &oid(DATA)),
            attribute(MESSAGE_DIGEST, &encode(tlv::OCTET_STRING, &[7])),
        ];
        seq(&[
            encode(tlv::INTEGER, &[1]),
            encode(tlv::CONTEXT_0_PRIMITIVE, &[1]),
            seq(&[oid(&digest)]),
            encode(tlv::CONTEXT_0, &attributes.concat()),
            seq(&[oid(ECDSA_SHA_256)]),
            encode(tlv::OCTET_STRING, &[]),
        ])
    };
    let inputs: Vec<Vec<u8>> = (0..10)
        .map(|first| {
            let signers: Vec<u8> = (0..1_000)
                .flat_map(|second| signer(first << 21 | (second >> 7) << 8 | (second & 0x7F)))
                .collect();
            detached(&signers)
        })
        .collect();
    let signatures: Vec<Signature> = inputs
        .iter()
        .map(|input| Signature::parse(input).unwrap())
        .collect();
    let documents = vec![Document::unknown("act.txt"); 1_000];

    let (bound, error) = peak(|| bind(&documents, &signatures, &Expectation::new()).unwrap_err());

    assert!(matches!(error, BindError::Digest { .. }), "{error:?}");
    let length: usize = inputs.iter().map(Vec::len).sum();
    assert!(bound <= 8 * length + 64 * 1024, "{bound} of {length}");
}

/// The smallest signers that there can be, as many as are allowed.
#[test]
fn a_thousand_small_signers_take_no_more() {
    let _alone = ONE_AT_A_TIME.lock().unwrap();
    let shape = Shape {
        certificates: 1_000,
        names: 1_000,
        signers: 1_000,
        name_length: 0,
        key_length: 0,
        unsigned_length: 0,
        with_attributes: false,
        is_indefinite: true,
        is_text: false,
    };
    let input = shape.build();
    let (read, signature) = peak(|| Signature::parse(&input).unwrap());
    assert_eq!(signature.signers().len(), 1_000);
    assert!(
        read <= 8 * input.len() + 64 * 1024,
        "{read} of {}",
        input.len()
    );
}

//! What one signer's word is worth, and the weakest of several.

use podpis_cms::tlv::{CONTEXT_1, OCTET_STRING, encode};
use podpis_cms::{DigestAlgorithm, Digests, Document, Signature};
use podpis_trust::{File, Note, judge};

use crate::maker::{Draft, Key, Message, general, name, oid_element, sequence, utf8};
use crate::world::{CONTENT, World, judged, judged_der, now, said};

const FIRST: &str = "1.2.840.113549.1.9.16.2.12";
const SECOND: &str = "1.2.840.113549.1.9.16.2.47";
const PROTECTION: &str = "1.2.840.113549.1.9.52";
const SHA_1: &str = "1.3.14.3.2.26";
const DIFFERS: &str = "refused: signing-certificate-differs of signer";

fn octets(bytes: &[u8]) -> Vec<u8> {
    encode(OCTET_STRING, bytes)
}

/// `IssuerSerial` of one directory name.
fn issuer_serial(issuer: &str, serial: u8) -> Vec<u8> {
    let names = sequence(&[&encode(0xA4, &name(&utf8(issuer)))]);
    sequence(&[&names, &[2, 1, serial]])
}

#[test]
fn the_signing_certificate_must_be_the_one_that_is_named() {
    let world = World::new();
    let signer = world.signer();
    let sha1 = signer.thumbprint().as_bytes().to_vec();
    let digests = Digests::of(signer.der());
    let sha256 = digests.get(&DigestAlgorithm::Sha256).unwrap().to_vec();
    let streebog = digests.get(&DigestAlgorithm::Streebog256).unwrap().to_vec();
    let streebog_id = sequence(&[&oid_element("1.2.643.7.1.1.2.2")]);
    let sha1_id = sequence(&[&oid_element(SHA_1)]);
    let ours = issuer_serial("ca", 0x10);
    let value = |all: &[&[u8]]| sequence(&[&sequence(all)]);
    let one = |fields: &[&[u8]]| value(&[&sequence(fields)]);
    let other = sequence(&[&octets(&[0; 32])]);
    for (kind, value, right) in [
        (FIRST, one(&[&octets(&sha1)]), "trusted"),
        (FIRST, one(&[&octets(&sha1), &ours]), "trusted"),
        (FIRST, one(&[&octets(&[0; 20])]), DIFFERS),
        (FIRST, one(&[&octets(&sha256)]), DIFFERS),
        (SECOND, one(&[&octets(&sha256)]), "trusted"),
        (
            SECOND,
            one(&[&streebog_id, &octets(&streebog), &ours]),
            "trusted",
        ),
        (
            SECOND,
            one(&[&octets(&sha256), &issuer_serial("CA", 0x11)]),
            DIFFERS,
        ),
        (
            SECOND,
            one(&[&octets(&sha256), &issuer_serial("Root", 0x10)]),
            DIFFERS,
        ),
        (SECOND, one(&[&octets(&sha256), &sequence(&[])]), DIFFERS),
        (
            SECOND,
            one(&[&sha1_id, &octets(&sha1)]),
            "unproven: algorithm of signer",
        ),
        // The first named is the signer's; what follows is its path.
        (
            SECOND,
            value(&[&sequence(&[&octets(&sha256)]), &other]),
            "trusted",
        ),
        (
            SECOND,
            value(&[&other, &sequence(&[&octets(&sha256)])]),
            DIFFERS,
        ),
        (SECOND, value(&[]), DIFFERS),
        (SECOND, vec![5, 0], DIFFERS),
    ] {
        let message = Message::plain(CONTENT, &world.person, &signer).with_signed(kind, &value);
        let found = said(&message, &world.given(), now());
        assert_eq!(found, right, "{kind} {value:02X?}");
    }
    // Both forms: both must fit.
    let both = world
        .message()
        .with_signed(FIRST, &one(&[&octets(&[0; 20])]));
    assert_eq!(said(&both, &world.given(), now()), DIFFERS);
    let twice = world.message().naming(&signer);
    assert_eq!(said(&twice, &world.given(), now()), DIFFERS);
}

#[test]
fn protected_algorithms_must_be_those_of_the_signer() {
    let world = World::new();
    let sha256 = sequence(&[&oid_element("2.16.840.1.101.3.4.2.1")]);
    let sha256_null = sequence(&[&oid_element("2.16.840.1.101.3.4.2.1"), &[5, 0]]);
    let sha384 = sequence(&[&oid_element("2.16.840.1.101.3.4.2.2")]);
    let ecdsa = encode(CONTEXT_1, &oid_element("1.2.840.10045.4.3.2"));
    let other = encode(CONTEXT_1, &oid_element("1.2.840.10045.4.3.3"));
    let wrong = "refused: value-wrong of signer";
    for (fields, right) in [
        ([&sha256, &ecdsa], "trusted"),
        ([&sha256_null, &ecdsa], "trusted"),
        ([&sha384, &ecdsa], wrong),
        ([&sha256, &other], wrong),
        ([&ecdsa, &sha256], wrong),
    ] {
        let value = sequence(&[fields[0], fields[1]]);
        for by_key in [false, true] {
            let mut message = world.message().with_signed(PROTECTION, &value);
            message.by_key = by_key;
            assert_eq!(said(&message, &world.given(), now()), right);
        }
    }
}

#[test]
fn a_certificate_that_is_not_embedded_can_be_given() {
    let world = World::new();
    for by_key in [false, true] {
        let mut message = world.message();
        message.embedded.clear();
        message.by_key = by_key;
        let missing = "unproven: no-signer-certificate of signer";
        assert_eq!(said(&message, &world.given(), now()), missing);
        let judgement = judged(&message, &world.given(), now());
        let needed = judgement.trust().why().unwrap().needed().unwrap().clone();
        assert_eq!(needed.what(), File::SignerCertificate);
        if by_key {
            assert_eq!(needed.key_id(), Some(world.person.id.as_slice()));
        } else {
            assert_eq!(needed.issuer(), "O=Проба, CN=CA");
            assert_eq!(needed.serial(), Some(&[0x10][..]));
        }
        let given = world.given().certificates([world.signer()]);
        assert_eq!(said(&message, &given, now()), "trusted");
    }
}

#[test]
fn of_certificates_of_one_key_the_one_named_is_meant() {
    let world = World::new();
    let ended = world
        .signer_draft()
        .valid("20200101000000Z", "20230101000000Z");
    let ended = ended.by(&world.ca);
    let mut message = world.message();
    message.by_key = true;
    message.embedded.insert(0, ended);
    assert_eq!(said(&message, &world.given(), now()), "trusted");
}

#[test]
fn the_document_must_be_at_hand_in_the_right_digest() {
    let world = World::new();
    let signature = Signature::parse(&world.message().der()).unwrap();
    let of = |document: &Document<'_>| {
        judge(document, &signature, &world.given(), now())
            .trust()
            .to_string()
    };
    let with = |algorithm| Digests::of_with(CONTENT, &[algorithm]);
    let known = Document::known("content", with(DigestAlgorithm::Sha256));
    assert_eq!(of(&known), "trusted");
    let known = Document::known("content", with(DigestAlgorithm::Streebog256));
    assert_eq!(of(&known), "unproven: needs-file");
    assert_eq!(of(&Document::unknown("content")), "unproven: needs-file");
    assert_eq!(
        of(&Document::content("content", b"other")),
        "refused: content-differs"
    );
}

#[test]
fn the_weakest_of_several_signers_counts() {
    let world = World::new();
    let second = Key::p256(60);
    let of = |from: &str, to: &str| {
        let draft = Draft::person("Second", &second, "CA", 0x20).valid(from, to);
        Message::new(CONTENT, &second, &draft.by(&world.ca))
    };
    let (good, ended) = (
        of("20200101000000Z", "20300101000000Z"),
        of("20200101000000Z", "20230101000000Z"),
    );
    let stranger = Message::new(b"other", &second, &good.embedded[0]);
    let first = world.message();
    let said = |others: &[&Message]| {
        let judgement = judged_der(&first.der_with(others), &world.given(), now());
        assert_eq!(judgement.signers().len(), others.len() + 1);
        judgement.trust().to_string()
    };
    assert_eq!(said(&[&good]), "trusted");
    assert_eq!(said(&[&good, &ended]), "unproven: expired");
    assert_eq!(
        said(&[&ended, &stranger, &good]),
        "refused: content-differs"
    );
}

#[test]
fn the_time_that_a_signer_states_is_shown_and_decides_nothing() {
    let world = World::new();
    let time = general("20010101000000Z");
    let message = world.message().with_signed("1.2.840.113549.1.9.5", &time);
    let judgement = judged(&message, &world.given(), now());
    assert!(judgement.trust().is_trusted());
    let claimed = judgement.signers()[0].claimed_time();
    assert_eq!(claimed, Some(crate::files::time("2001-01-01T00:00:00Z")));
}

#[test]
fn what_decides_nothing_is_noted() {
    let world = World::new();
    let notes = |message: Message| {
        judged(&message, &world.given(), now()).signers()[0]
            .notes()
            .to_vec()
    };
    assert_eq!(notes(world.message()), []);
    let plain = Message::plain(CONTENT, &world.person, &world.signer());
    assert_eq!(notes(plain), [Note::SigningCertificateNotNamed]);
    let policy = world
        .message()
        .with_signed("1.2.840.113549.1.9.16.2.15", &[5, 0]);
    assert_eq!(notes(policy), [Note::SignaturePolicyNotChecked]);
    let archive = world.message().with_unsigned("0.4.0.1733.2.4", &[5, 0]);
    assert_eq!(notes(archive), [Note::ArchiveNotChecked]);
    assert_eq!(Note::ArchiveNotChecked.name(), "archive-not-checked");
}

#[cfg(feature = "gost")]
#[test]
fn keys_of_every_kind_mix_in_one_path() {
    use crate::maker::ListDraft;
    let [root, high, low, person] = [Key::p521(), Key::p384(), Key::p256(1), Key::gost(2)];
    let given = podpis_trust::Given::new()
        .roots([Draft::authority("Root", &root, "Root", 1).by(&root)])
        .certificates([
            Draft::authority("High", &high, "Root", 2).by(&root),
            Draft::authority("Low", &low, "High", 3).by(&high),
        ])
        .lists([
            ListDraft::new("Root").by(&root),
            ListDraft::new("High").by(&high),
            ListDraft::new("Low").by(&low),
        ]);
    let signer = Draft::person("Signer", &person, "Low", 0x10).by(&low);
    let message = Message::new(CONTENT, &person, &signer);
    assert_eq!(said(&message, &given, now()), "trusted");
}

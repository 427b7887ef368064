//! What OCSP answers settle, by whom and of when.

use podpis_cms::tlv::{OCTET_STRING, encode};
use podpis_trust::{Addresses, Moment, OcspError, OcspResponse, ocsp_request};
use proptest::prelude::*;

use crate::files::time;
use crate::maker::{Draft, Key, ListDraft, OcspDraft, oid_element, sequence};
use crate::world::{World, judged, now, said};

const SIGNER: u64 = 0x10;

fn good(world: &World) -> OcspDraft {
    OcspDraft::new("CA", &world.ca, SIGNER)
}

/// The answer where this is all that is known of the signer's certificate.
fn said_with(world: &World, answer: OcspResponse) -> String {
    let given = world.given_but_list().ocsp([answer]);
    said(&world.message(), &given, now())
}

/// A certificate to answer for the issuer.
fn responder(key: &Key) -> Draft {
    let purposes = sequence(&[&oid_element("1.3.6.1.5.5.7.3.9")]);
    Draft::person("Responder", key, "CA", 0x20).with("2.5.29.37", false, &purposes)
}

#[test]
fn the_issuer_itself_answers() {
    let world = World::new();
    assert_eq!(said_with(&world, good(&world).by(&world.ca)), "trusted");
    let revoked = good(&world).revoked("20240612000000Z", 1);
    let given = world.given_but_list().ocsp([revoked.by(&world.ca)]);
    let judgement = judged(&world.message(), &given, now());
    let why = judgement.trust().why().unwrap();
    assert_eq!(why.to_string(), "revoked (signer, keyCompromise)");
    assert_eq!(why.date(), Some(time("2024-06-12T00:00:00Z")));
    let of_root = OcspDraft::new("Root", &world.root, 2).by(&world.root);
    let roots = podpis_trust::Given::new()
        .roots([world.root_certificate()])
        .certificates([world.ca_certificate()])
        .ocsp([of_root, good(&world).by(&world.ca)]);
    let judgement = judged(&world.message(), &roots, now());
    assert!(judgement.trust().is_trusted());
    let used = judgement.signers()[0].ocsp();
    assert_eq!(used.len(), 2);
    assert_eq!(used[0].certificate(), &world.signer());
    assert_eq!(used[0].signer(), &world.ca_certificate());
    assert_eq!(used[0].this_update(), time("2024-06-14T00:00:00Z"));
    assert!(judgement.signers()[0].lists().is_empty());
}

#[test]
fn who_is_certified_for_it_answers_and_nobody_else() {
    let world = World::new();
    let key = Key::p256(7);
    let ask = |draft: Draft, by: &Key| {
        let answer = good(&world).embedding(&draft.by(by)).by(&key);
        said_with(&world, answer)
    };
    assert_eq!(ask(responder(&key), &world.ca), "trusted");
    let wrong = [
        // For documents, not for answers.
        ask(Draft::person("Responder", &key, "CA", 0x20), &world.ca),
        // By somebody else, under the issuer's name.
        ask(responder(&key), &Key::p256(8)),
        // By the issuer's own issuer.
        ask(responder(&key), &world.root),
        ask(
            responder(&key).valid("20200101000000Z", "20240101000000Z"),
            &world.ca,
        ),
        ask(responder(&key).with("1.2.3.4", true, &[5, 0]), &world.ca),
        // Nobody's key at all.
        said_with(&world, good(&world).by(&key)),
        // Certified, and another key signed.
        said_with(
            &world,
            good(&world)
                .embedding(&responder(&key).by(&world.ca))
                .by(&Key::p256(9)),
        ),
    ];
    for said in wrong {
        assert_eq!(said, "unproven: list-not-trusted of signer");
    }
    // A certificate that is revoked itself answers for nobody, unless it says that nobody need ask.
    for (draft, answers) in [
        (responder(&key), false),
        (
            responder(&key).with("1.3.6.1.5.5.7.48.1.5", false, &[5, 0]),
            true,
        ),
    ] {
        let list = ListDraft::new("CA").at("20240601000000Z", "20240620000000Z");
        let list = list.revoke(0x20, "20240612000000Z", 1).by(&world.ca);
        let certificate = draft.by(&world.ca);
        let answer = good(&world).embedding(&certificate).by(&key);
        let given = world.given_but_list().ocsp([answer]).lists([list]);
        let judgement = judged(&world.message(), &given, now());
        // The list itself says that the signer is not in it.
        assert!(judgement.trust().is_trusted());
        assert_eq!(!judgement.signers()[0].ocsp().is_empty(), answers);
    }
}

#[test]
fn keys_of_every_kind_answer() {
    let world = World::new();
    #[cfg(feature = "gost")]
    let keys = [Key::p384(), Key::p521(), Key::gost(7)];
    #[cfg(not(feature = "gost"))]
    let keys = [Key::p384(), Key::p521()];
    for key in keys {
        let certificate = responder(&key).by(&world.ca);
        let answer = good(&world).embedding(&certificate).by(&key);
        assert_eq!(said_with(&world, answer), "trusted");
    }
    let weak = Key::weak();
    let answer = good(&world)
        .embedding(&responder(&weak).by(&world.ca))
        .by(&weak);
    assert_eq!(said_with(&world, answer), "unproven: algorithm of signer");
}

#[test]
fn an_answer_speaks_of_its_certificate_and_its_time() {
    let world = World::new();
    let rows = [
        (
            OcspDraft::new("CA", &world.ca, 0x11),
            "unproven: no-list of signer",
        ),
        (
            OcspDraft::new("Other", &world.ca, SIGNER),
            "unproven: no-list of signer",
        ),
        (
            OcspDraft::new("CA", &world.root, SIGNER),
            "unproven: no-list of signer",
        ),
        (
            good(&world).unknown(),
            "unproven: list-not-usable of signer",
        ),
        (
            good(&world).at("20240601000000Z", "20240610000000Z"),
            "unproven: list-stale of signer",
        ),
        (
            good(&world).at("20240616000000Z", "20240620000000Z"),
            "unproven: list-stale of signer",
        ),
        (
            good(&world).at("20240601000000Z", ""),
            "unproven: list-stale of signer",
        ),
        (good(&world).at("20240614000000Z", ""), "trusted"),
        // A nonce only ties an answer to its question.
        (
            good(&world).with("1.3.6.1.5.5.7.48.1.2", true, &encode(OCTET_STRING, &[7; 8])),
            "trusted",
        ),
        (
            good(&world).with("1.2.3.4", true, &[5, 0]),
            "unproven: list-not-usable of signer",
        ),
        (good(&world).with("1.2.3.4", false, &[5, 0]), "trusted"),
    ];
    for (draft, expected) in rows {
        assert_eq!(said_with(&world, draft.by(&world.ca)), expected);
    }
    // Of a moment in the past a later answer tells too, by the date of the revocation.
    let later = good(&world).revoked("20240612000000Z", 5).by(&world.ca);
    let given = world.given_but_list().ocsp([later]);
    for (at, expected) in [
        ("2024-06-11T00:00:00Z", "trusted"),
        ("2024-06-13T00:00:00Z", "refused: revoked of signer"),
    ] {
        assert_eq!(
            said(&world.message(), &given, Moment::asked(time(at))),
            expected
        );
    }
}

#[test]
fn of_lists_and_answers_the_newer_one_settles_it() {
    let world = World::new();
    let list = |this: &str, revokes: bool| {
        let list = ListDraft::new("CA").at(this, "20240621000000Z");
        let list = if revokes {
            list.revoke(SIGNER, "20240601000000Z", 6)
        } else {
            list
        };
        list.by(&world.ca)
    };
    let answer = |this: &str, revokes: bool| {
        let answer = good(&world).at(this, "20240621000000Z");
        let answer = if revokes {
            answer.revoked("20240601000000Z", 6)
        } else {
            answer
        };
        answer.by(&world.ca)
    };
    let (old, new) = ("20240612000000Z", "20240614000000Z");
    let rows = [
        (list(old, true), answer(new, false), "trusted"),
        (
            list(new, true),
            answer(old, false),
            "refused: revoked of signer",
        ),
        (
            list(old, false),
            answer(new, true),
            "refused: revoked of signer",
        ),
        (list(new, false), answer(old, true), "trusted"),
        (
            list(new, true),
            answer(new, false),
            "refused: revoked of signer",
        ),
        (
            list(new, false),
            answer(new, true),
            "refused: revoked of signer",
        ),
        (list(new, false), answer(new, false), "trusted"),
    ];
    for (number, (list, answer, expected)) in rows.into_iter().enumerate() {
        let given = world.given_but_list().lists([list]).ocsp([answer]);
        assert_eq!(
            said(&world.message(), &given, now()),
            expected,
            "row {number}"
        );
    }
    // Of two answers likewise.
    let given = world
        .given_but_list()
        .ocsp([answer(old, true), answer(new, false)]);
    assert_eq!(said(&world.message(), &given, now()), "trusted");
}

#[test]
fn what_is_no_answer_is_an_error() {
    let world = World::new();
    let der = good(&world).by(&world.ca).der().to_vec();
    let refused = |status| OcspError::Refused { status };
    for (bytes, error) in [
        (sequence(&[&[10, 1, 3]]), refused("tryLater")),
        (sequence(&[&[10, 1, 6]]), refused("unauthorized")),
        (sequence(&[&[10, 1, 0]]), OcspError::Malformed),
        (b"<html>".to_vec(), OcspError::Malformed),
        (Vec::new(), OcspError::Malformed),
        (der[..der.len() - 1].to_vec(), OcspError::Malformed),
    ] {
        assert_eq!(OcspResponse::from_der(bytes).unwrap_err(), error);
    }
    let large = OcspResponse::from_der(vec![0; 1024 * 1024 + 1]).unwrap_err();
    assert!(matches!(large, OcspError::TooLarge { .. }));
}

#[test]
fn a_question_names_the_certificate_as_an_answer_does() {
    let world = World::new();
    let question = ocsp_request(&world.signer(), &world.ca_certificate()).unwrap();
    // The certificate is named in both by the same bytes.
    let named = |bytes: &[u8]| {
        let start = bytes
            .windows(5)
            .position(|at| at == [0x2B, 0x0E, 3, 2, 0x1A])
            .unwrap();
        bytes[start..start + 5 + 2 + 22 + 22 + 3].to_vec()
    };
    let answer = good(&world).der_by(&world.ca);
    assert_eq!(named(&question), named(&answer));
}

#[test]
fn a_certificate_tells_where_to_get_what_it_takes() {
    let place = |text: &str| encode(0x86, text.as_bytes());
    let access = |kind: &str, text: &str| sequence(&[&oid_element(kind), &place(text)]);
    let said = sequence(&[
        &access("1.3.6.1.5.5.7.48.1", "http://ocsp"),
        &access("1.3.6.1.5.5.7.48.2", "http://issuer"),
        &access("1.3.6.1.5.5.7.48.2", "ldap://issuer"),
    ]);
    let point = encode(0xA0, &encode(0xA0, &place("http://list")));
    let points = sequence(&[&sequence(&[&point])]);
    let world = World::new();
    let certificate = world
        .signer_draft()
        .with("1.3.6.1.5.5.7.1.1", false, &said)
        .with("2.5.29.31", false, &points)
        .by(&world.ca);
    let addresses = Addresses::of(&certificate);
    assert_eq!(addresses.ocsp(), ["http://ocsp"]);
    assert_eq!(addresses.issuers(), ["http://issuer", "ldap://issuer"]);
    assert_eq!(addresses.lists(), ["http://list"]);
    assert_eq!(Addresses::of(&world.signer()), Addresses::default());
}

proptest! {
    #[test]
    fn a_damaged_answer_never_says_more_than_the_whole_one(at in 0_usize..400, byte: u8) {
        let world = World::new();
        let mut der = good(&world).der_by(&world.ca);
        let at = at % der.len();
        let before = std::mem::replace(&mut der[at], byte);
        if let Ok(answer) = OcspResponse::from_der(der) {
            let said = said_with(&world, answer);
            prop_assert!(before == byte || said != "trusted" || !is_signed(at), "{at} {said}");
        }
    }
}

/// Whether a change at this place changes what was signed or the value, not what is around them.
fn is_signed(at: usize) -> bool {
    let world = World::new();
    let der = good(&world).der_by(&world.ca);
    let data = der.windows(2).position(|at| at == [0xA2, 0x16]).unwrap();
    (data..der.len()).contains(&at)
}

//! The rules that certificates of a path keep (RFC 5280 6.1), each broken once.

use podpis_cms::tlv::{CONTEXT_0, CONTEXT_1, Element, encode};
use podpis_trust::{Given, Reason};

use crate::maker::{Draft, Key, ListDraft, integer, name, oid_element, printable, sequence, utf8};
use crate::world::{World, judged, now, said};

const NAME_CONSTRAINTS: &str = "2.5.29.30";
const SUBJECT_ALT_NAME: &str = "2.5.29.17";
const POLICIES: &str = "2.5.29.32";
const POLICY_CONSTRAINTS: &str = "2.5.29.36";
const INHIBIT_ANY: &str = "2.5.29.54";
const MAPPINGS: &str = "2.5.29.33";
const KEY_USAGE: &str = "2.5.29.15";
const BASIC: &str = "2.5.29.19";

/// Subtrees of general names, permitted (0xA0) or excluded (0xA1).
fn subtrees(kind: u8, bases: &[Vec<u8>]) -> Vec<u8> {
    let each: Vec<u8> = bases.iter().flat_map(|base| sequence(&[base])).collect();
    sequence(&[&encode(kind, &each)])
}

fn directory(common: &str) -> Vec<u8> {
    encode(0xA4, &name(&utf8(common)))
}

fn mailbox(text: &str) -> Vec<u8> {
    encode(0x81, text.as_bytes())
}

fn policies(all: &[&str]) -> Vec<u8> {
    let each: Vec<u8> = all
        .iter()
        .flat_map(|one| sequence(&[&oid_element(one)]))
        .collect();
    sequence(&[&each])
}

#[test]
fn what_is_right_is_trusted() {
    let world = World::new();
    assert_eq!(said(&world.message(), &world.given(), now()), "trusted");
}

#[test]
fn names_must_be_permitted_by_every_issuer() {
    let world = World::new();
    let mail = sequence(&[&mailbox("ivan@example.ru")]);
    let dns = encode(0x82, b"example.ru");
    let refused = "refused: name-not-permitted of signer";
    let unread = "refused: name-not-permitted of issuer 1";
    let bounded = sequence(&[&directory("Signer"), &[0x80, 1, 1]]);
    for (constraint, is_critical, right) in [
        (subtrees(CONTEXT_0, &[directory("Signer")]), true, "trusted"),
        (subtrees(CONTEXT_0, &[directory("Other")]), true, refused),
        (
            subtrees(CONTEXT_0, &[directory("Other"), directory("SIGNER ")]),
            true,
            "trusted",
        ),
        (subtrees(CONTEXT_1, &[directory("Signer")]), true, refused),
        (subtrees(CONTEXT_1, &[directory("Other")]), false, "trusted"),
        (
            subtrees(CONTEXT_0, &[mailbox("example.ru")]),
            true,
            "trusted",
        ),
        (
            subtrees(CONTEXT_0, &[mailbox("example.com")]),
            true,
            refused,
        ),
        (
            subtrees(CONTEXT_1, &[mailbox("ivan@example.ru")]),
            false,
            refused,
        ),
        (
            subtrees(CONTEXT_0, std::slice::from_ref(&dns)),
            true,
            unread,
        ),
        (subtrees(CONTEXT_0, &[dns]), false, "trusted"),
        (sequence(&[&encode(CONTEXT_0, &bounded)]), true, unread),
        (vec![4, 0], true, unread),
    ] {
        let ca = world
            .ca_draft()
            .with(NAME_CONSTRAINTS, is_critical, &constraint);
        let given = Given::new()
            .roots([world.root_certificate()])
            .certificates([ca.by(&world.root)])
            .lists([world.root_list(), world.ca_list()]);
        let signer = world
            .signer_draft()
            .with(SUBJECT_ALT_NAME, false, &mail)
            .by(&world.ca);
        let found = said(&world.message_of(&signer), &given, now());
        assert_eq!(found, right, "{constraint:02X?}");
    }
}

#[test]
fn an_explicit_policy_must_be_left_where_it_is_required() {
    let world = World::new();
    let require = sequence(&[&[0x80, 1, 0]]);
    let of = |ca: &[&str], signer: &[&str], inhibit: bool, mapped: bool| {
        let mut issuer = world
            .ca_draft()
            .with(POLICY_CONSTRAINTS, true, &require)
            .with(POLICIES, false, &policies(ca));
        if inhibit {
            issuer = issuer.with(INHIBIT_ANY, true, &integer(0));
        }
        if mapped {
            let pair = sequence(&[&oid_element("1.2.3.1"), &oid_element("1.2.3.2")]);
            issuer = issuer.with(MAPPINGS, true, &sequence(&[&pair]));
        }
        let given = Given::new()
            .roots([world.root_certificate()])
            .certificates([issuer.by(&world.root)])
            .lists([world.root_list(), world.ca_list()]);
        let signer = world
            .signer_draft()
            .with(POLICIES, false, &policies(signer));
        said(&world.message_of(&signer.by(&world.ca)), &given, now())
    };
    let any = "2.5.29.32.0";
    let refused = "refused: policy of signer";
    assert_eq!(of(&["1.2.3.1"], &["1.2.3.1"], false, false), "trusted");
    assert_eq!(of(&["1.2.3.1"], &["1.2.3.2"], false, false), refused);
    assert_eq!(of(&[any], &["1.2.3.2"], false, false), "trusted");
    assert_eq!(of(&["1.2.3.1"], &[any], false, false), "trusted");
    assert_eq!(of(&["1.2.3.1"], &[any], true, false), refused);
    assert_eq!(of(&["1.2.3.1"], &["1.2.3.1"], false, true), refused);
    // Where nothing is required, no policy at all will do.
    let plain = world.ca_draft().with(INHIBIT_ANY, true, &integer(0));
    assert_eq!(world.said_under(plain), "trusted");
    let broken = world.ca_draft().with(POLICY_CONSTRAINTS, true, &[5, 0]);
    assert_eq!(world.said_under(broken), "refused: policy of issuer 1");
}

#[test]
fn policies_of_the_signer_are_told() {
    let world = World::new();
    let kc1 = policies(&["1.2.643.100.113.1"]);
    let signer = world
        .signer_draft()
        .with(POLICIES, true, &kc1)
        .by(&world.ca);
    let judgement = judged(&world.message_of(&signer), &world.given(), now());
    assert_eq!(judgement.signers()[0].policies(), ["1.2.643.100.113.1"]);
}

#[test]
fn only_authorities_issue() {
    let world = World::new();
    let refused = "refused: not-a-ca of issuer 1";
    let ca = || world.ca_draft();
    let no_sign = ca()
        .without(KEY_USAGE)
        .with(KEY_USAGE, true, &[3, 2, 6, 0xC0]);
    let unreadable = ca().without(KEY_USAGE).with(KEY_USAGE, false, &[4, 0]);
    let old = Draft { version: 0, ..ca() };
    for (draft, right) in [
        (ca().without(KEY_USAGE), "trusted"),
        (no_sign, refused),
        (unreadable, refused),
        (ca().without(BASIC), refused),
        (
            ca().without(BASIC).with(BASIC, true, &sequence(&[])),
            refused,
        ),
        (old, refused),
    ] {
        assert_eq!(world.said_under(draft), right);
    }
}

#[test]
fn a_path_length_counts_issuers_but_not_those_issued_by_themselves() {
    let world = World::new();
    let limited = |length: &[u8]| sequence(&[&[1, 1, 0xFF], &encode(2, length)]);
    let ca = world
        .ca_draft()
        .without(BASIC)
        .with(BASIC, true, &limited(&[0]));
    // Another key of the same name: a renewal.
    let (renewed, sub) = (Key::p256(5), Key::p256(6));
    let self_issued = Draft::authority("CA", &renewed, "CA", 5).by(&world.ca);
    let below = Draft::authority("Sub", &sub, "CA", 6).by(&world.ca);
    let given = Given::new()
        .roots([world.root_certificate()])
        .certificates([ca.by(&world.root), self_issued, below])
        .lists([
            world.root_list(),
            world.ca_list(),
            ListDraft::new("CA").by(&renewed),
            ListDraft::new("Sub").by(&sub),
        ]);
    let by_renewed = world.signer_draft().by(&renewed);
    assert_eq!(
        said(&world.message_of(&by_renewed), &given, now()),
        "trusted"
    );
    let by_sub = Draft::person("Signer", &world.person, "Sub", 0x10).by(&sub);
    let found = said(&world.message_of(&by_sub), &given, now());
    assert_eq!(found, "refused: path-too-long of issuer 1");
}

#[test]
fn critical_extensions_must_be_known_and_readable() {
    let world = World::new();
    let refused = "refused: unknown-critical-extension of signer";
    let signer = || world.signer_draft();
    let tool = utf8("tool");
    for (draft, right) in [
        (signer().with("1.2.643.100.111", true, &tool), "trusted"),
        (
            signer().with("1.2.643.100.112", true, &sequence(&[&tool])),
            "trusted",
        ),
        (
            signer().with("1.2.643.100.114", true, &[2, 1, 0]),
            "trusted",
        ),
        (signer().with("2.5.29.16", true, &sequence(&[])), "trusted"),
        (signer().with("1.2.3.4", false, &tool), "trusted"),
        (signer().with("1.2.3.4", true, &tool), refused),
        // The same extension twice.
        (
            signer()
                .with("1.2.3.4", false, &tool)
                .with("1.2.3.4", false, &tool),
            refused,
        ),
    ] {
        assert_eq!(world.said_of(&draft), right);
    }
    let mut broken = signer();
    broken.extensions.push(vec![0x30, 3, 2, 1, 0]);
    assert_eq!(world.said_of(&broken), refused);
    let under = world.ca_draft().with("1.2.3.4", true, &tool);
    assert_eq!(
        world.said_under(under),
        "refused: unknown-critical-extension of issuer 1"
    );
    // What is critical is told.
    let signer = signer().with("1.2.3.4", true, &tool).by(&world.ca);
    let judgement = judged(&world.message_of(&signer), &world.given(), now());
    assert_eq!(judgement.trust().why().unwrap().detail(), Some("1.2.3.4"));
}

#[test]
fn a_signer_must_be_allowed_to_sign() {
    let world = World::new();
    let with = |bits: u8| {
        let draft = world.signer_draft().without(KEY_USAGE);
        world.said_of(&draft.with(KEY_USAGE, true, &[3, 2, 0, bits]))
    };
    assert_eq!(with(0x80), "trusted");
    assert_eq!(with(0x40), "trusted");
    assert_eq!(with(0x20), "refused: key-usage of signer");
    assert_eq!(
        world.said_of(&world.signer_draft().without(KEY_USAGE)),
        "trusted"
    );
    // An extended usage restricts nothing.
    let usage = sequence(&[&oid_element("1.3.6.1.5.5.7.3.2")]);
    let draft = world.signer_draft().with("2.5.29.37", true, &usage);
    assert_eq!(world.said_of(&draft), "trusted");
}

#[test]
fn validity_is_that_of_every_certificate_and_dates_may_be_of_any_age() {
    let world = World::new();
    let signer = || world.signer_draft();
    for (from, to, right) in [
        ("20240615000000Z", "20240615000000Z", "trusted"),
        ("19500101000000Z", "99991231235959Z", "trusted"),
        ("00010101000000Z", "20991231235959Z", "trusted"),
        (
            "20200101000000Z",
            "20240614235959Z",
            "unproven: expired of signer",
        ),
        (
            "20240615000001Z",
            "20300101000000Z",
            "unproven: not-yet-valid of signer",
        ),
        (
            "19000101000000Z",
            "19690101000000Z",
            "unproven: expired of signer",
        ),
        (
            "20200101000000Z",
            "100000101000000Z",
            "unproven: expired of signer",
        ),
        ("yesterday", "tomorrow", "unproven: not-yet-valid of signer"),
    ] {
        assert_eq!(
            world.said_of(&signer().valid(from, to)),
            right,
            "{from} {to}"
        );
    }
    let ca = world.ca_draft().valid("20200101000000Z", "20230101000000Z");
    assert_eq!(world.said_under(ca), "unproven: expired of issuer 1");
}

#[test]
fn of_a_root_only_name_key_and_end_count() {
    let world = World::new();
    let of = |root: Draft| {
        let given = Given::new()
            .roots([root.plainly_by(&Key::p256(9))])
            .certificates([world.ca_certificate()])
            .lists([world.root_list(), world.ca_list()]);
        said(&world.message(), &given, now())
    };
    let root = || world.root_draft();
    assert_eq!(of(root().without(BASIC)), "trusted");
    assert_eq!(of(root().with("1.2.3.4", true, &[5, 0])), "trusted");
    assert_eq!(
        of(root().valid("20250101000000Z", "20300101000000Z")),
        "trusted"
    );
    let ended = root().valid("20200101000000Z", "20230101000000Z");
    assert_eq!(of(ended), "unproven: expired of root");
    let version_1 = Draft {
        version: 0,
        ..root()
    };
    assert_eq!(of(version_1), "trusted");
}

#[test]
fn names_are_one_whatever_their_string_type_and_case() {
    let world = World::new();
    let draft = Draft {
        issuer: name(&printable("ca ")),
        ..world.signer_draft()
    };
    assert_eq!(world.said_of(&draft), "trusted");
}

#[test]
fn weak_and_broken_algorithms_are_not_believed() {
    let world = World::new();
    // An issuer with an RSA key of 1,024 bits.
    let weak = Key::weak();
    let ca = Draft::authority("CA", &weak, "Root", 2).by(&world.root);
    let given = Given::new()
        .roots([world.root_certificate()])
        .certificates([ca])
        .lists([world.root_list()]);
    let signer = world.signer_draft().by(&weak);
    let judgement = judged(&world.message_of(&signer), &given, now());
    assert_eq!(judgement.trust().to_string(), "unproven: algorithm");
    // SHA-1 in the value of a certificate.
    let mut old = world.ca.clone();
    old.algorithm = sequence(&[&oid_element("1.2.840.10045.4.1")]);
    let signer = world.signer_draft().by(&old);
    let judgement = judged(&world.message_of(&signer), &world.given(), now());
    let why = judgement.trust().why().unwrap();
    assert_eq!(
        (why.reason(), why.detail()),
        (Reason::Algorithm, Some("SHA-1"))
    );
    // A signer with such a key.
    let signer = Draft::person("Signer", &weak, "CA", 0x10).by(&world.ca);
    let message = crate::maker::Message::new(crate::world::CONTENT, &weak, &signer);
    assert_eq!(
        said(&message, &world.given(), now()),
        "unproven: algorithm of signer"
    );
}

#[test]
fn a_key_off_its_curve_makes_nothing_right() {
    let world = World::new();
    let mut key = world.person.clone();
    let last = key.public.len() - 1;
    key.public[last] ^= 1;
    let signer = Draft::person("Signer", &key, "CA", 0x10).by(&world.ca);
    let message = crate::maker::Message::new(crate::world::CONTENT, &key, &signer);
    assert_eq!(
        said(&message, &world.given(), now()),
        "refused: value-wrong of signer"
    );
    let mut ca = world.ca.clone();
    ca.public[last] ^= 1;
    let draft = Draft::authority("CA", &ca, "Root", 2);
    assert_eq!(world.said_under(draft), "unproven: no-chain of signer");
}

#[test]
fn an_inner_algorithm_must_be_the_outer_one() {
    let world = World::new();
    let der = world.signer().der().to_vec();
    // The first algorithm stands inside what is signed.
    let kind = oid_element("1.2.840.10045.4.3.2");
    let at = der
        .windows(kind.len())
        .rposition(|window| window == kind)
        .unwrap();
    let mut other = der.clone();
    // ecdsa-with-SHA384 outside.
    other[at + kind.len() - 1] = 3;
    let signer = podpis_cms::Certificate::from_der(&other).unwrap();
    let found = said(&world.message_of(&signer), &world.given(), now());
    assert_eq!(found, "unproven: no-chain of signer");
}

/// What follows the part that cannot be read might forbid it.
#[test]
fn constraints_that_break_off_permit_nothing() {
    let world = World::new();
    let cut = [0xA1, 0x7F];
    let permitted = subtrees(0xA0, &[directory("Signer")]);
    let behind = |der: &[u8]| {
        let inside = Element::single(der).unwrap().content();
        sequence(&[inside, &cut])
    };
    for (kind, constraint, reason) in [
        (NAME_CONSTRAINTS, sequence(&[&cut]), "name-not-permitted"),
        (NAME_CONSTRAINTS, behind(&permitted), "name-not-permitted"),
        (NAME_CONSTRAINTS, subtrees(0xA1, &[]), "trusted"),
        (POLICY_CONSTRAINTS, sequence(&[&cut]), "policy"),
    ] {
        let said = world.said_under(world.ca_draft().with(kind, true, &constraint));
        assert!(said.contains(reason), "{said} under {constraint:02X?}");
    }
    // So with the names that they are about.
    let mail = sequence(&[&[0x82, 1, b'a'], &[0x81, 0x7F]]);
    let ca = world.ca_draft().with(
        NAME_CONSTRAINTS,
        true,
        &subtrees(0xA1, &[directory("Other")]),
    );
    let given = Given::new()
        .roots([world.root_certificate()])
        .certificates([ca.by(&world.root)])
        .lists([world.root_list(), world.ca_list()]);
    let signer = world
        .signer_draft()
        .with(SUBJECT_ALT_NAME, false, &mail)
        .by(&world.ca);
    let found = said(&world.message_of(&signer), &given, now());
    assert!(found.contains("name-not-permitted"), "{found}");
}

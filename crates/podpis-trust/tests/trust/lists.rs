//! What revocation lists tell, and what they do not.

use podpis_cms::tlv::{CONTEXT_0, encode};
use podpis_trust::{File, Given, ListError, Moment, Reason, RevocationList};

use crate::files::time;
use crate::maker::{Draft, Key, ListDraft, extension, general, name, sequence, utf8};
use crate::world::{World, judged, now, said};

const SCOPE: &str = "2.5.29.28";
const POINTS: &str = "2.5.29.31";
const USABLE: &str = "trusted";
const UNUSABLE: &str = "unproven: list-not-usable of signer";
const STALE: &str = "unproven: list-stale of signer";
const REVOKED: &str = "refused: revoked of signer";

fn list() -> ListDraft {
    ListDraft::new("CA")
}

/// `distributionPoint [0] { fullName [0] { address } }`
fn point(address: &str) -> Vec<u8> {
    let address = encode(0x86, address.as_bytes());
    encode(CONTEXT_0, &encode(CONTEXT_0, &address))
}

#[test]
fn a_list_is_of_its_time() {
    let world = World::new();
    for (from, to, right) in [
        ("20240615000000Z", "20240615000000Z", USABLE),
        ("20240614000000Z", "20240614235959Z", STALE),
        ("20240615000001Z", "20240621000000Z", STALE),
        ("19600101000000Z", "99991231235959Z", USABLE),
    ] {
        assert_eq!(world.said_with(list().at(from, to)), right);
    }
    let open = |from: &str| world.said_with(list().at(from, "").open());
    assert_eq!(open("20240608000000Z"), USABLE);
    assert_eq!(open("20240607235959Z"), STALE);
    let given = world
        .given_but_list()
        .lists([list().at("20240601000000Z", "").open().by(&world.ca)])
        .list_age(std::time::Duration::from_secs(30 * 86_400));
    assert_eq!(said(&world.message(), &given, now()), USABLE);
}

#[test]
fn of_a_moment_in_the_past_a_later_list_tells() {
    let world = World::new();
    let at = |time_text: &str| Moment::asked(time(time_text));
    let given = world.given();
    assert_eq!(
        said(&world.message(), &given, at("2024-05-01T00:00:00Z")),
        USABLE
    );
    assert_eq!(
        said(&world.message(), &given, at("2024-06-15T00:00:00Z")),
        USABLE
    );
    assert_eq!(
        said(&world.message(), &given, at("2024-06-22T00:00:00Z")),
        STALE
    );
    let revoked = list().revoke(0x10, "20240612000000Z", 5).by(&world.ca);
    let given = world.given_but_list().lists([revoked]);
    assert_eq!(
        said(&world.message(), &given, at("2024-06-11T00:00:00Z")),
        USABLE
    );
    assert_eq!(
        said(&world.message(), &given, at("2024-06-12T00:00:00Z")),
        REVOKED
    );
}

#[test]
fn entries_are_dated_and_have_reasons() {
    let world = World::new();
    let entry = |serial, date, reason| world.said_with(list().revoke(serial, date, reason));
    let (past, future) = ("20240612000000Z", "20240616000000Z");
    assert_eq!(entry(0x10, past, 5), REVOKED);
    assert_eq!(entry(0x11, past, 5), USABLE);
    assert_eq!(entry(0x10, future, 5), USABLE);
    assert_eq!(entry(0x10, past, 6), REVOKED);
    assert_eq!(entry(0x10, past, 8), USABLE);
    // A later entry of the same serial number counts too.
    let both = list().revoke(0x10, future, 5).revoke(0x10, past, 1);
    assert_eq!(world.said_with(both), REVOKED);
    // The key was stolen before it was known.
    let stolen = |reason: u8, date: &str| {
        let said = [
            extension("2.5.29.21", false, &[10, 1, reason]),
            extension("2.5.29.24", false, &general(date)),
        ];
        world.said_with(list().entry(0x10, future, &said))
    };
    assert_eq!(stolen(1, "20240601000000Z"), REVOKED);
    assert_eq!(stolen(5, "20240601000000Z"), USABLE);
    assert_eq!(stolen(1, future), USABLE);
    // Numbers are compared, not their bytes.
    let mut padded = list();
    padded.entries = sequence(&[&[2, 2, 0, 0x10], &crate::maker::utc(past)]);
    assert_eq!(world.said_with(padded), REVOKED);
}

#[test]
fn a_revocation_is_told_with_date_and_reason() {
    let world = World::new();
    let list = list().revoke(0x10, "20240612000000Z", 6).by(&world.ca);
    let judgement = judged(
        &world.message(),
        &world.given_but_list().lists([list]),
        now(),
    );
    let why = judgement.trust().why().unwrap();
    assert_eq!(why.date(), Some(time("2024-06-12T00:00:00Z")));
    assert_eq!(why.detail(), Some("certificateHold"));
    assert_eq!(why.certificate(), Some(&world.signer()));
    // It outweighs a list that is missing for another certificate.
    let list = ListDraft::new("CA")
        .revoke(0x10, "20240612000000Z", 1)
        .by(&world.ca);
    let given = Given::new()
        .roots([world.root_certificate()])
        .certificates([world.ca_certificate()])
        .lists([list]);
    assert_eq!(said(&world.message(), &given, now()), REVOKED);
}

#[test]
fn of_lists_of_one_moment_the_one_that_revokes_counts_in_any_order() {
    let world = World::new();
    let clean = list().by(&world.ca);
    let revoking = list().revoke(0x10, "20240612000000Z", 1).by(&world.ca);
    for lists in [[&clean, &revoking], [&revoking, &clean]] {
        let given = world.given_but_list().lists(lists.map(Clone::clone));
        assert_eq!(said(&world.message(), &given, now()), REVOKED);
    }
}

#[test]
fn an_issuer_can_be_revoked_too() {
    let world = World::new();
    let list = ListDraft::new("Root")
        .revoke(2, "20240101000000Z", 2)
        .by(&world.root);
    let given = Given::new()
        .roots([world.root_certificate()])
        .certificates([world.ca_certificate()])
        .lists([list, world.ca_list()]);
    assert_eq!(
        said(&world.message(), &given, now()),
        "refused: revoked of issuer 1"
    );
}

#[test]
fn a_list_that_leaves_the_certificate_out_does_not_count() {
    let world = World::new();
    let scope = |fields: &[&[u8]]| list().with(SCOPE, true, &sequence(fields));
    let own = name(&utf8("CA"));
    let own = encode(CONTEXT_0, &encode(CONTEXT_0, &encode(0xA4, &own)));
    for (draft, right) in [
        (scope(&[]), USABLE),
        (scope(&[&[0x81, 1, 0xFF]]), USABLE),
        (scope(&[&[0x82, 1, 0xFF]]), UNUSABLE),
        (scope(&[&[0x82, 1, 0]]), USABLE),
        (scope(&[&[0x83, 2, 1, 0x40]]), UNUSABLE),
        (scope(&[&[0x84, 1, 0xFF]]), UNUSABLE),
        (scope(&[&[0x85, 1, 0xFF]]), UNUSABLE),
        (scope(&[&point("http://a/1.crl")]), UNUSABLE),
        (scope(&[&own]), USABLE),
        (scope(&[&[0x99, 0]]), UNUSABLE),
        // A delta list, an extension that nobody knows, and one that is only not critical.
        (list().with("2.5.29.27", true, &[2, 1, 1]), UNUSABLE),
        (list().with("2.5.29.27", false, &[2, 1, 1]), UNUSABLE),
        (list().with("1.2.3.4", true, &[5, 0]), UNUSABLE),
        (list().with("1.2.3.4", false, &[5, 0]), USABLE),
        // An entry for another issuer's certificate.
        (
            list().entry(
                1,
                "20240101000000Z",
                &[extension("2.5.29.29", true, &[5, 0])],
            ),
            UNUSABLE,
        ),
        (list().entry(1, "20240101000000Z", &[vec![5, 0]]), UNUSABLE),
    ] {
        assert_eq!(
            world.said_with(draft.clone()),
            right,
            "{:02X?}",
            draft.extensions
        );
    }
    // Some reasons are enough to refuse, and never enough to trust.
    let some = scope(&[&[0x83, 2, 1, 0x40]]);
    assert_eq!(
        world.said_with(some.revoke(0x10, "20240612000000Z", 1)),
        REVOKED
    );
}

#[test]
fn a_distribution_point_must_be_one_that_the_certificate_names() {
    let world = World::new();
    let points = sequence(&[&sequence(&[&point("http://a/1.crl")])]);
    let signer = world
        .signer_draft()
        .with(POINTS, false, &points)
        .by(&world.ca);
    let with = |address: &str| {
        let list = list().with(SCOPE, true, &sequence(&[&point(address)]));
        let given = world.given_but_list().lists([list.by(&world.ca)]);
        said(&world.message_of(&signer), &given, now())
    };
    assert_eq!(with("http://a/1.crl"), USABLE);
    assert_eq!(with("http://a/2.crl"), UNUSABLE);
    // And that is where a person is told to look.
    let judgement = judged(&world.message_of(&signer), &world.given_but_list(), now());
    let why = judgement.trust().why().unwrap();
    assert_eq!(why.reason(), Reason::NoList);
    assert_eq!(why.needed().unwrap().what(), File::RevocationList);
    assert_eq!(why.needed().unwrap().addresses(), ["http://a/1.crl"]);
}

#[test]
fn a_list_counts_by_its_key_and_not_by_its_name() {
    let world = World::new();
    let other = Key::p256(7);
    let untrusted = "unproven: list-not-trusted of signer";
    let with = |lists: Vec<RevocationList>| {
        let given = world.given_but_list().lists(lists);
        said(&world.message(), &given, now())
    };
    assert_eq!(with(vec![list().by(&other)]), untrusted);
    assert_eq!(
        with(vec![list().plainly_by(&other), world.ca_list()]),
        USABLE
    );
    assert_eq!(with(vec![list().plainly_by(&world.ca)]), USABLE);
    // Another key of the same name signs the list, and its path leads to the same root.
    let renewed = Draft::authority("CA", &other, "Root", 9);
    let given = |draft: Draft, by: &Key| {
        let lists = [list().by(&other)];
        world
            .given_but_list()
            .certificates([draft.by(by)])
            .lists(lists)
    };
    let judgement = judged(
        &world.message(),
        &given(renewed.clone(), &world.root),
        now(),
    );
    assert!(judgement.trust().is_trusted());
    let used = &judgement.signers()[0].lists()[0];
    assert_eq!(used.signer().spki_der(), other.public);
    let stranger = Key::p256(8);
    assert_eq!(
        said(&world.message(), &given(renewed.clone(), &stranger), now()),
        untrusted
    );
    let ended = renewed.clone().valid("20200101000000Z", "20230101000000Z");
    assert_eq!(
        said(&world.message(), &given(ended, &world.root), now()),
        untrusted
    );
    // A key that may not sign lists does not.
    let usage = "2.5.29.15";
    let no_lists = renewed.without(usage).with(usage, true, &[3, 2, 2, 0x04]);
    assert_eq!(
        said(&world.message(), &given(no_lists, &world.root), now()),
        untrusted
    );
}

#[test]
fn after_the_end_of_a_certificate_a_list_may_have_dropped_it() {
    let world = World::new();
    let signer = world
        .signer_draft()
        .valid("20200101000000Z", "20240613000000Z")
        .by(&world.ca);
    let at = Moment::asked(time("2024-06-10T00:00:00Z"));
    let with = |draft: ListDraft| {
        let given = world.given_but_list().lists([draft.by(&world.ca)]);
        said(&world.message_of(&signer), &given, at)
    };
    let after = "unproven: list-after-expiry of signer";
    assert_eq!(with(list()), after);
    assert_eq!(with(list().revoke(0x10, "20240601000000Z", 5)), REVOKED);
    let kept = |since: &str| with(list().with("2.5.29.60", false, &general(since)));
    assert_eq!(kept("20240601000000Z"), USABLE);
    assert_eq!(kept("20240614000000Z"), after);
    assert_eq!(
        with(list().at("20240612000000Z", "20240620000000Z")),
        USABLE
    );
}

#[test]
fn lists_inside_the_signature_count_too() {
    let world = World::new();
    let mut message = world.message();
    message.lists = vec![world.ca_list().der().to_vec(), encode(0xA1, &[5, 0])];
    assert_eq!(said(&message, &world.given_but_list(), now()), USABLE);
    let lists = sequence(&[world.ca_list().der()]);
    let values = sequence(&[&encode(CONTEXT_0, &lists)]);
    let kept = world
        .message()
        .with_unsigned("1.2.840.113549.1.9.16.2.24", &values);
    assert_eq!(said(&kept, &world.given_but_list(), now()), USABLE);
    let certificates = sequence(&[world.ca_certificate().der()]);
    let kept = kept.with_unsigned("1.2.840.113549.1.9.16.2.23", &certificates);
    let given = Given::new()
        .roots([world.root_certificate()])
        .lists([world.root_list()]);
    assert_eq!(said(&kept, &given, now()), USABLE);
}

#[test]
fn thousands_of_lists_are_searched_by_name_and_by_key() {
    let world = World::new();
    let strangers = (0..1_500).map(|number| ListDraft::new(&format!("CA {number}")));
    let twins = (0..1_500).map(|_| list());
    let value = vec![0_u8; 64];
    let other = Key::p256(7);
    let unsigned = Key::new(
        other.public.clone(),
        other.algorithm.clone(),
        other.digest,
        move |_| value.clone(),
    );
    let lists = strangers.chain(twins).map(|draft| draft.by(&unsigned));
    let given = world.given_but_list().lists(lists).lists([world.ca_list()]);
    assert_eq!(said(&world.message(), &given, now()), USABLE);
}

#[test]
fn files_of_lists_are_read_in_every_form() {
    let world = World::new();
    let first = world.ca_list();
    let pem = |list: &RevocationList| {
        use std::fmt::Write as _;
        let mut text = String::new();
        let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".as_bytes();
        for three in list.der().chunks(3) {
            let number = three
                .iter()
                .fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
            let number = number << (8 * (3 - three.len()));
            for place in 0..=three.len() {
                let digit = digits[(number >> (18 - 6 * place) & 63) as usize];
                write!(text, "{}", char::from(digit)).unwrap();
            }
        }
        format!("-----BEGIN X509 CRL-----\n{text}\n-----END X509 CRL-----\n")
    };
    let text = pem(&first) + &pem(&world.root_list());
    let read = RevocationList::read_all(text.into_bytes()).unwrap();
    assert_eq!(read, [first.clone(), world.root_list()]);
    let read = RevocationList::read_all(first.der().to_vec()).unwrap();
    assert_eq!(read, std::slice::from_ref(&first));
    let error = |bytes: &[u8]| RevocationList::read_all(bytes.to_vec()).unwrap_err();
    assert_eq!(error(b""), ListError::Empty);
    assert_eq!(error(b"-----BEGIN X509 CRL-----\n!"), ListError::BadText);
    assert_eq!(error(world.signer().der()), ListError::Malformed);
    assert_eq!(error(&first.der()[..100]), ListError::Malformed);
    let large = RevocationList::from_der(vec![0; 64 * 1024 * 1024 + 1]).unwrap_err();
    assert!(matches!(large, ListError::TooLarge { .. }));
}

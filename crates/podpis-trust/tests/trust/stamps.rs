//! Time stamps: which are trusted, and what they prove.

use podpis_cms::tlv::{CONTEXT_1, encode};
use podpis_trust::{Given, Moment, Source};

use crate::files::time;
use crate::maker::{
    Draft, Key, ListDraft, Message, TokenDraft, extension, general, indefinite, integer,
    oid_element, sequence,
};
use crate::world::{World, judged, now};

const USAGE: &str = "2.5.29.37";

/// The answers for the signature and for each of its stamps.
fn said(message: &Message, given: &Given, at: Moment) -> String {
    let judgement = judged(message, given, at);
    let stamps = judgement.signers()[0].stamps().iter();
    let stamps: Vec<_> = stamps.map(|stamp| stamp.trust().to_string()).collect();
    format!("{}; {}", judgement.trust(), stamps.join("; "))
}

/// The answer for a stamp by whoever has this certificate.
fn said_of(world: &World, stamper: Draft) -> String {
    let message = world.message();
    let stamper = stamper.by(&world.ca);
    let token = world.token_draft(&message).by(&world.tsa, &stamper);
    said(&message.stamped(&token), &world.given(), now())
}

#[test]
fn a_stamp_gives_the_moment() {
    let world = World::new();
    let message = world.message();
    let token = world.token(&message);
    let judgement = judged(&message.clone().stamped(&token), &world.given(), now());
    let signer = &judgement.signers()[0];
    assert!(signer.trust().is_trusted());
    assert_eq!(signer.moment().source(), Source::Stamp(1));
    assert_eq!(signer.moment().time(), time("2024-06-10T12:00:30Z"));
    let stamp = &signer.stamps()[0];
    assert_eq!(stamp.certificate(), Some(&world.stamper()));
    assert_eq!(stamp.path().len(), 3);
    assert_eq!(stamp.lists().len(), 2);
    assert_eq!(stamp.policy(), Some("1.2.3.4.1"));
    // In BER too.
    let message = message.stamped(&indefinite(&token));
    assert_eq!(said(&message, &world.given(), now()), "trusted; trusted");
}

#[test]
fn a_stamp_proves_that_a_signature_is_older_than_what_came_later() {
    let world = World::new();
    let signer = world
        .signer_draft()
        .valid("20200101000000Z", "20240612000000Z")
        .by(&world.ca);
    let message = world.message_of(&signer);
    let stamped = message.clone().stamped(&world.token(&message));
    let list = ListDraft::new("CA")
        .at("20240611000000Z", "20240621000000Z")
        .by(&world.ca);
    let given = world.given_but_list().lists([list]);
    assert_eq!(said(&message, &given, now()), "unproven: expired; ");
    assert_eq!(said(&stamped, &given, now()), "trusted; trusted");
    // After the end, and after the revocation, it proves nothing.
    let late = TokenDraft::new(&message.value(), &world.tsa.digest, "20240613000000Z");
    let late = message
        .clone()
        .stamped(&late.by(&world.tsa, &world.stamper()));
    assert_eq!(said(&late, &given, now()), "unproven: expired; trusted");
    let revoked = |date: &str| {
        let list = ListDraft::new("CA").revoke(0x10, date, 5).by(&world.ca);
        let message = world.message();
        let message = message.clone().stamped(&world.token(&message));
        said(&message, &world.given_but_list().lists([list]), now())
    };
    assert_eq!(revoked("20240610120031Z"), "trusted; trusted");
    assert_eq!(revoked("20240610120030Z"), "refused: revoked; trusted");
}

#[test]
fn accuracy_and_fractions_count() {
    let world = World::new();
    let signer = world
        .signer_draft()
        .valid("20200101000000Z", "20240610120031Z")
        .by(&world.ca);
    let message = world.message_of(&signer);
    let list = ListDraft::new("CA")
        .at("20240610120031Z", "20240621000000Z")
        .by(&world.ca);
    let given = world.given_but_list().lists([list]);
    let with = |time: &str, rest: &[u8]| {
        let mut draft = world.token_draft(&message);
        draft.time = general(time);
        draft.rest = rest.to_vec();
        let token = draft.by(&world.tsa, &world.stamper());
        said(&message.clone().stamped(&token), &given, now())
    };
    let seconds = |count: u8| sequence(&[&[2, 1, count]]);
    let finer = |millis: u16, micros: u16| {
        let [m, n] = [millis, micros].map(u16::to_be_bytes);
        sequence(&[&[0x80, 2, m[0], m[1]], &[0x81, 2, n[0], n[1]]])
    };
    let (trusted, late) = ("trusted; trusted", "unproven: expired; trusted");
    assert_eq!(with("20240610120030.999Z", &[]), trusted);
    assert_eq!(with("20240610120031.001Z", &[]), late);
    assert_eq!(with("20240610120030Z", &seconds(1)), trusted);
    assert_eq!(with("20240610120030Z", &seconds(2)), late);
    assert_eq!(with("20240610120030.5Z", &finer(499, 999)), trusted);
    assert_eq!(with("20240610120030.5Z", &finer(500, 1)), late);
    // So inaccurate that it proves nothing; beyond all time it is no accuracy.
    assert_eq!(
        with("20240610120030Z", &sequence(&[&[2, 4, 0x7F, 0, 0, 0]])),
        late
    );
    let endless = sequence(&[&[2, 8, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]]);
    let unreadable = "unproven: expired; refused: stamp-unreadable";
    assert_eq!(with("20240610120030Z", &endless), unreadable);
    // A nonce and extensions that are not critical are passed over.
    let one = |is_critical| extension("1.2.3.4", is_critical, &[5, 0]);
    let rest = |is_critical| [integer(99), encode(CONTEXT_1, &one(is_critical))].concat();
    assert_eq!(with("20240610120030Z", &rest(false)), trusted);
    assert_eq!(with("20240610120030Z", &rest(true)), unreadable);
    assert_eq!(with("yesterday", &[]), unreadable);
}

#[test]
fn only_a_certificate_for_stamps_alone_makes_them() {
    let world = World::new();
    let stamper = || world.stamper_draft().without(USAGE);
    let stamping = oid_element("1.3.6.1.5.5.7.3.8");
    let both = sequence(&[&stamping, &oid_element("1.3.6.1.5.5.7.3.4")]);
    let refused = "trusted; refused: key-usage";
    for (draft, right) in [
        (world.stamper_draft(), "trusted; trusted"),
        (stamper(), refused),
        (
            stamper().with(USAGE, false, &sequence(&[&stamping])),
            refused,
        ),
        (stamper().with(USAGE, true, &both), refused),
        (stamper().with(USAGE, true, &[5, 0]), refused),
        (
            world
                .stamper_draft()
                .without("2.5.29.15")
                .with("2.5.29.15", true, &[3, 2, 5, 0x20]),
            refused,
        ),
    ] {
        assert_eq!(said_of(&world, draft), right);
    }
}

#[test]
fn a_stamp_does_not_vouch_for_itself() {
    let world = World::new();
    let stamper = || world.stamper_draft();
    let ended = stamper().valid("20200101000000Z", "20240612000000Z");
    assert_eq!(said_of(&world, ended), "trusted; unproven: expired");
    // It states a time when its certificate was not there.
    let young = stamper().valid("20240611000000Z", "20300101000000Z");
    assert_eq!(said_of(&world, young), "trusted; unproven: not-yet-valid");
    let message = world.message();
    let future = TokenDraft::new(&message.value(), &world.tsa.digest, "20250101000000Z");
    let future = message.stamped(&future.by(&world.tsa, &world.stamper()));
    assert_eq!(
        said(&future, &world.given(), now()),
        "trusted; unproven: not-yet-valid"
    );
    // Its own revocation counts at the moment of judging.
    let list = ListDraft::new("CA")
        .revoke(0x11, "20240612000000Z", 5)
        .by(&world.ca);
    let message = world.message();
    let message = message.clone().stamped(&world.token(&message));
    let given = world.given_but_list().lists([list]);
    assert_eq!(said(&message, &given, now()), "trusted; refused: revoked");
}

#[test]
fn what_is_wrong_with_a_stamp_is_its_own() {
    let world = World::new();
    let message = world.message();
    let with = |token: &[u8]| said(&message.clone().stamped(token), &world.given(), now());
    let draft = world.token_draft(&message);
    let unnamed = draft.message(&world.tsa, &world.stamper(), false).der();
    assert_eq!(
        with(&unnamed),
        "trusted; refused: signing-certificate-differs"
    );
    let of_content = TokenDraft::new(b"content", &world.tsa.digest, "20240610120030Z");
    let of_content = of_content.by(&world.tsa, &world.stamper());
    assert_eq!(with(&of_content), "trusted; refused: stamp-differs");
    let mut wrong = draft.by(&world.tsa, &world.stamper());
    let last = wrong.len() - 1;
    wrong[last] ^= 1;
    assert_eq!(with(&wrong), "trusted; refused: value-wrong");
    assert_eq!(with(&[5, 0]), "trusted; refused: stamp-unreadable");
    assert_eq!(with(&message.der()), "trusted; refused: stamp-unreadable");
    let mut bare = draft.message(&world.tsa, &world.stamper(), true);
    bare.embedded.clear();
    assert_eq!(
        with(&bare.der()),
        "trusted; unproven: no-signer-certificate"
    );
    let given = world.given().certificates([world.stamper()]);
    let stamped = message.clone().stamped(&bare.der());
    assert_eq!(said(&stamped, &given, now()), "trusted; trusted");
}

#[test]
fn the_earliest_trusted_stamp_counts_and_wrong_ones_are_ignored() {
    let world = World::new();
    let message = world.message();
    let token = |time: &str| {
        let draft = TokenDraft::new(&message.value(), &world.tsa.digest, time);
        draft.by(&world.tsa, &world.stamper())
    };
    let wrong = TokenDraft::new(b"other", &world.tsa.digest, "20240101000000Z");
    let wrong = wrong.by(&world.tsa, &world.stamper());
    let all = [token("20240611000000Z"), wrong, token("20240609000000Z")];
    let stamped = all
        .iter()
        .fold(message.clone(), |message, token| message.stamped(token));
    let judgement = judged(&stamped, &world.given(), now());
    let moment = judgement.signers()[0].moment();
    assert_eq!(moment.source(), Source::Stamp(3));
    assert_eq!(moment.time(), time("2024-06-09T00:00:00Z"));
}

#[test]
fn stamps_that_anybody_added_do_not_use_up_the_work() {
    let world = World::new();
    let message = world.message();
    let draft = world.token_draft(&message);
    let mut stamped = message.clone();
    // Each by its own key, which no issuer's fits: a value of the token and one for each twin.
    for number in 0..120 {
        let key = Key::p256(1_000 + number);
        let stamper = Draft::stamper("TSA", &key, "CA", u64::from(number)).by(&Key::p256(900));
        stamped = stamped.stamped(&draft.by(&key, &stamper));
    }
    let judgement = judged(&stamped, &world.given(), now());
    assert!(judgement.trust().is_trusted());
    let stamps = judgement.signers()[0].stamps();
    assert_eq!(stamps[99].trust().to_string(), "unproven: too-many-checks");
}

//! Finding a path: among thousands, in circles, by the right key, to the right root.

use podpis_cms::Certificate;
use podpis_cms::tlv::encode;
use podpis_trust::{File, Given, Reason, Source, Step, Whose};

use crate::maker::{Draft, Key, ListDraft, oid_element, sequence};
use crate::world::{World, judged, now, said};

const ACCESS: &str = "1.3.6.1.5.5.7.1.1";

#[test]
fn the_path_is_told_from_the_signer_to_the_root() {
    let world = World::new();
    let judgement = judged(&world.message(), &world.given(), now());
    let signer = &judgement.signers()[0];
    let path = [
        world.signer(),
        world.ca_certificate(),
        world.root_certificate(),
    ];
    assert_eq!(signer.path(), path);
    assert_eq!(signer.certificate(), Some(&path[0]));
    assert_eq!(signer.moment().source(), Source::Now);
    let lists: Vec<_> = signer
        .lists()
        .iter()
        .map(|used| used.list().clone())
        .collect();
    assert_eq!(lists, [world.ca_list(), world.root_list()]);
    assert_eq!(signer.lists()[0].certificate(), &path[0]);
    assert_eq!(signer.lists()[0].signer(), &path[1]);
}

#[test]
fn what_is_missing_is_named_with_where_it_is_to_be_got() {
    let world = World::new();
    let address = encode(0x86, b"http://ca.example/ca.crt\x1b");
    let access = sequence(&[&sequence(&[&oid_element("1.3.6.1.5.5.7.48.2"), &address])]);
    let signer = world
        .signer_draft()
        .with(ACCESS, false, &access)
        .by(&world.ca);
    let given = Given::new().roots([world.root_certificate()]);
    let judgement = judged(&world.message_of(&signer), &given, now());
    let why = judgement.trust().why().unwrap();
    assert_eq!(
        (why.reason(), why.whose()),
        (Reason::NoChain, Whose::Signer)
    );
    assert_eq!(why.certificate(), Some(&signer));
    let needed = why.needed().unwrap();
    assert_eq!(needed.what(), File::IssuerCertificate);
    assert_eq!(needed.issuer(), "O=Проба, CN=CA");
    assert_eq!(needed.key_id(), Some(world.ca.id.as_slice()));
    assert_eq!(needed.addresses(), ["http://ca.example/ca.crt\u{FFFD}"]);
    // With the issuer at hand its own issuer is the one that is missing.
    let given = Given::new().certificates([world.ca_certificate()]);
    assert_eq!(
        said(&world.message(), &given, now()),
        "unproven: no-chain of issuer 1"
    );
}

#[test]
fn of_two_paths_one_that_holds_is_enough() {
    let world = World::new();
    let old = Key::p256(20);
    let ended = ["20200101000000Z", "20230101000000Z"];
    // The issuer's key is certified by two roots, of which one has expired.
    let expired = Draft::authority("Old", &old, "Old", 1)
        .valid(ended[0], ended[1])
        .by(&old);
    let cross = Draft::authority("CA", &world.ca, "Old", 3).by(&old);
    let lists = [
        ListDraft::new("Old").by(&old),
        world.root_list(),
        world.ca_list(),
    ];
    let good = [world.root_certificate()];
    let both = |roots: Vec<Certificate>, others: Vec<Certificate>| {
        let given = Given::new()
            .roots(roots)
            .certificates(others)
            .lists(lists.clone());
        said(&world.message(), &given, now())
    };
    let ca = world.ca_certificate();
    let all = |one: &Certificate, two: &Certificate| vec![one.clone(), two.clone()];
    assert_eq!(both(all(&expired, &good[0]), all(&cross, &ca)), "trusted");
    assert_eq!(both(all(&good[0], &expired), all(&ca, &cross)), "trusted");
    let found = both(vec![expired.clone()], all(&cross, &ca));
    assert_eq!(found, "unproven: expired of root");
    // A path that gets further is told of, not the first.
    let signer = world.signer();
    let given = Given::new()
        .roots([expired, good[0].clone()])
        .certificates([cross, ca])
        .lists([world.ca_list()]);
    let found = said(&world.message_of(&signer), &given, now());
    assert_eq!(found, "unproven: no-list of issuer 1");
}

#[test]
fn a_self_signed_certificate_inside_the_signature_is_no_root() {
    let world = World::new();
    let mut message = world.message();
    message
        .embedded
        .extend([world.ca_certificate(), world.root_certificate()]);
    let given = Given::new().lists([world.root_list(), world.ca_list()]);
    assert_eq!(
        said(&message, &given, now()),
        "unproven: no-chain of issuer 2"
    );
    // The same certificate, given, is one.
    let given = given.roots([world.root_certificate()]);
    assert_eq!(said(&message, &given, now()), "trusted");
}

#[test]
fn what_is_not_self_signed_can_be_a_root() {
    let world = World::new();
    let given = Given::new()
        .roots([world.ca_certificate()])
        .lists([world.ca_list()]);
    assert_eq!(said(&world.message(), &given, now()), "trusted");
    let given = Given::new().roots([world.signer()]);
    let judgement = judged(&world.message(), &given, now());
    assert!(judgement.trust().is_trusted());
    assert_eq!(judgement.signers()[0].path(), [world.signer()]);
}

#[test]
fn issuers_of_one_name_are_told_apart_by_their_keys() {
    let world = World::new();
    let others = (30..45).map(|number| {
        let key = Key::p256(number);
        let serial = u64::from(number);
        Draft::authority("CA", &key, "Root", serial).by(&world.root)
    });
    let given = world.given().certificates(others);
    assert_eq!(said(&world.message(), &given, now()), "trusted");
    // Without key identifiers the values decide.
    let id = "2.5.29.14";
    let bare = |key: &Key, serial| {
        let draft = Draft::authority("CA", key, "Root", serial).without(id);
        draft.plainly_by(&world.root)
    };
    let others = (30..45).map(|number| bare(&Key::p256(number), u64::from(number)));
    let given = Given::new()
        .roots([world.root_certificate()])
        .certificates(others.chain([bare(&world.ca, 2)]))
        .lists([world.root_list(), world.ca_list()]);
    let signer = world.signer_draft().plainly_by(&world.ca);
    assert_eq!(said(&world.message_of(&signer), &given, now()), "trusted");
}

/// Authorities that certify each other in a ring, so that paths could go round without end.
fn ring(count: u16) -> Vec<Certificate> {
    let key = |number: u16| Key::p256(100 + number % count);
    let name = |number: u16| format!("Ring {}", number % count);
    (0..count)
        .map(|number| {
            let (subject, issuer) = (name(number), name(number + 1));
            let draft = Draft::authority(&subject, &key(number), &issuer, u64::from(number));
            draft.by(&key(number + 1))
        })
        .collect()
}

#[test]
fn circles_end() {
    let world = World::new();
    let given = Given::new()
        .roots([world.root_certificate()])
        .certificates(ring(3));
    let signer = Draft::person("Signer", &world.person, "Ring 0", 0x10).by(&Key::p256(100));
    assert_eq!(
        said(&world.message_of(&signer), &given, now()),
        "unproven: no-chain of issuer 3"
    );
    let given = Given::new()
        .roots([world.root_certificate()])
        .certificates(ring(30));
    let found = said(&world.message_of(&signer), &given, now());
    assert_eq!(found, "unproven: chain-too-long of issuer 9");
}

#[test]
fn five_thousand_certificates_are_searched_by_name_and_by_key() {
    let world = World::new();
    // One key for all, and values that are never looked at.
    let key = Key::p256(50);
    let draft = |name: &str, number: u64| Draft::authority(name, &key, "Root", number + 100);
    let value = vec![0_u8; 64];
    let unsigned = Key::new(
        key.public.clone(),
        key.algorithm.clone(),
        key.digest.clone(),
        move |_| value.clone(),
    );
    let strangers = (0..2_500).map(|number| draft(&format!("CA {number}"), number).by(&unsigned));
    let twins = (2_500..5_000).map(|number| draft("CA", number).by(&unsigned));
    let mut message = world.message();
    message.embedded.extend(twins.clone().take(500));
    let given = world.given().certificates(strangers.chain(twins));
    assert_eq!(said(&message, &given, now()), "trusted");
}

#[test]
fn no_more_values_are_verified_than_a_limit_says() {
    let world = World::new();
    // All claim to be the issuer, and none is.
    let twins = (0..250).map(|number| {
        let draft = Draft::authority("CA", &world.tsa, "Root", number + 100);
        draft.without("2.5.29.14").plainly_by(&world.root)
    });
    let given = Given::new()
        .roots([world.root_certificate()])
        .certificates(twins);
    let signer = world.signer_draft().plainly_by(&world.ca);
    let found = said(&world.message_of(&signer), &given, now());
    assert_eq!(found, "unproven: too-many-checks of signer");
}

#[test]
fn no_more_paths_are_tried_than_a_limit_says() {
    let world = World::new();
    // Four layers of three keys each, all certified by all of the next: 81 ways to nowhere; with
    // eight certificates of each key, hundreds of thousands.
    let key = |layer: u16, number: u16| Key::p256(200 + layer * 3 + number);
    let mut all = Vec::new();
    for layer in 0..6 {
        for (below, above) in (0..9).map(|pair| (pair / 3, pair % 3)) {
            let (subject, issuer) = (format!("L{layer}"), format!("L{}", layer + 1));
            let serial = u64::from(layer * 9 + below * 3 + above) + 100;
            let draft = Draft::authority(&subject, &key(layer, below), &issuer, serial);
            all.push(draft.by(&key(layer + 1, above)));
        }
    }
    let given = Given::new()
        .roots([world.root_certificate()])
        .certificates(all);
    let signer = Draft::person("Signer", &world.person, "L0", 0x10).by(&key(0, 0));
    let judgement = judged(&world.message_of(&signer), &given, now());
    let reason = judgement.trust().why().unwrap().reason();
    assert!(matches!(
        reason,
        Reason::TooManyPaths | Reason::TooManyChecks
    ));
}

#[test]
fn every_check_is_told() {
    use podpis_trust::Answer;
    let world = World::new();
    let given = world.given_but_list();
    let judgement = judged(&world.message(), &given, now());
    let why = judgement.trust().why().unwrap().clone();
    let checks = judgement.signers()[0].checks();
    assert_eq!(checks.last().unwrap().answer(), &Answer::Failed(why));
    assert!(
        checks[..7]
            .iter()
            .all(|check| *check.answer() == Answer::Passed)
    );
    let judgement = judged(&world.message(), &Given::new(), now());
    let checks = judgement.signers()[0].checks();
    let reached: Vec<_> = checks
        .iter()
        .filter(|check| *check.answer() != Answer::NotReached)
        .map(|check| check.step())
        .collect();
    let first = [
        Step::Content,
        Step::Value,
        Step::SigningCertificate,
        Step::Chain,
    ];
    assert_eq!(reached, first);
    let names: Vec<_> = checks.iter().map(|check| check.step().name()).collect();
    assert_eq!(
        names,
        [
            "content",
            "value",
            "signing-certificate",
            "chain",
            "validity",
            "constraints",
            "usage",
            "revocation"
        ]
    );
}

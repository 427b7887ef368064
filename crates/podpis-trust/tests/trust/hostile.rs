//! Whatever comes, nothing panics; and what was changed is never trusted.
//!
//! Bytes are changed after they were signed, and before: then the values are right, and what reads the
//! contents has to cope with them.

use podpis_cms::tlv::{Element, encode};
use podpis_cms::{Certificate, Document, Signature};
use podpis_trust::{Given, RevocationList, judge};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::maker::{Draft, Key, ListDraft, Message, TokenDraft, extension, sequence, utf8};
use crate::world::{CONTENT, World, judged_der, now};

/// Where to change a byte, in 65,536ths of the whole, and to what.
type Change = (u16, u8);

fn changes() -> impl Strategy<Value = Vec<Change>> {
    vec(any::<Change>(), 1..4)
}

/// `None` if nothing came of it.
fn changed(bytes: &[u8], changes: &[Change]) -> Option<Vec<u8>> {
    let mut all = bytes.to_vec();
    for (place, byte) in changes {
        let at = all.len() * usize::from(*place) / (usize::from(u16::MAX) + 1);
        all[at] = *byte;
    }
    (all != bytes).then_some(all)
}

/// A certificate with an extension of every kind that is read.
fn rich(draft: Draft) -> Draft {
    let world = World::new();
    let address = |tag: u8| [&[tag, 8][..], b"http://a"].concat();
    let point = sequence(&[&[&[0xA0, 12, 0xA0, 10][..], &address(0x86)].concat()]);
    let policy = sequence(&[&crate::maker::oid_element("1.2.3")]);
    let access = sequence(&[
        &crate::maker::oid_element("1.3.6.1.5.5.7.48.2"),
        &address(0x86),
    ]);
    let tree = sequence(&[&encode(0xA4, world.signer().subject_der())]);
    let permitted = encode(0xA0, &[tree, sequence(&[&[0x81, 2, b'a', b'b']])].concat());
    draft
        .with("2.5.29.31", false, &sequence(&[&point]))
        .with("1.3.6.1.5.5.7.1.1", false, &sequence(&[&access]))
        .with("2.5.29.32", false, &sequence(&[&policy]))
        .with("2.5.29.36", false, &sequence(&[&[0x80, 1, 0, 0x81, 1, 0]]))
        .with("2.5.29.54", false, &[2, 1, 3])
        .with("2.5.29.30", true, &sequence(&[&permitted]))
        .with(
            "2.5.29.17",
            false,
            &sequence(&[&[0x81, 4, b'a', b'@', b'a', b'b']]),
        )
        .with("1.2.3.4", false, &utf8("x"))
}

/// A list with an extension and an entry of every kind that is read.
fn rich_list(name: &str) -> ListDraft {
    let date = crate::maker::general("20240601000000Z");
    let said = [
        extension("2.5.29.21", false, &[10, 1, 1]),
        extension("2.5.29.24", false, &date),
    ];
    ListDraft::new(name)
        .with("2.5.29.28", true, &sequence(&[&[0x81, 1, 0]]))
        .with("2.5.29.60", false, &date)
        .with("2.5.29.20", false, &[2, 1, 5])
        .entry(0x77, "20240601000000Z", &said)
        .revoke(0x78, "20240601000000Z", 6)
}

/// What is signed of a certificate or list, signed anew after the change.
fn resigned(der: &[u8], changes: &[Change], key: &Key) -> Option<Vec<u8>> {
    let message = Element::single(der).ok()?.inside().next()?.whole();
    Some(key.signed(&changed(message, changes)?))
}

fn stamped(world: &World) -> Message {
    let message = world.message();
    let token = world.token(&message);
    message.stamped(&token)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_changed_certificate_or_list_is_not_trusted(changes in changes(), which in 0..4_u8) {
        let world = World::new();
        let [root, ca] = [world.root_certificate(), world.ca_certificate()];
        let [root_list, ca_list] = [world.root_list(), world.ca_list()];
        let change = |number: u8, der: &[u8]| {
            if number == which { changed(der, &changes) } else { Some(der.to_vec()) }
        };
        let certificate = |number, of: &Certificate| {
            change(number, of.der()).and_then(|der| Certificate::from_der(&der).ok())
        };
        let list = |number, of: &RevocationList| {
            change(number, of.der()).and_then(|der| RevocationList::from_der(der).ok())
        };
        let given = Given::new()
            .roots([root])
            .certificates(certificate(0, &ca))
            .certificates(certificate(3, &world.signer()))
            .lists(list(1, &root_list))
            .lists(list(2, &ca_list));
        let mut message = stamped(&world);
        message.embedded.clear();
        let judgement = judged_der(&message.der(), &given, now());
        prop_assert!(!judgement.trust().is_trusted() || has_no_effect(which, &changes, &world));
    }

    #[test]
    fn a_changed_signature_is_trusted_only_for_the_same_signer(changes in changes()) {
        let world = World::new();
        let mut message = stamped(&world);
        message.embedded.push(world.ca_certificate());
        message.lists = vec![world.ca_list().der().to_vec()];
        let given = Given::new().roots([world.root_certificate()]).lists([world.root_list()]);
        if let Some(der) = changed(&message.der(), &changes)
            && let Ok(signature) = Signature::parse(&der)
        {
            let document = Document::content("content", CONTENT);
            let judgement = judge(&document, &signature, &given, now());
            if judgement.trust().is_trusted() {
                let path = judgement.signers()[0].path();
                prop_assert_eq!(path.first(), Some(&world.signer()));
            }
        }
    }

    #[test]
    fn whatever_an_issuer_signed_is_judged(changes in changes(), which in 0..4_u8) {
        let world = World::new();
        let signer = rich(world.signer_draft()).by(&world.ca);
        let ca = rich(world.ca_draft()).by(&world.root);
        let (root_list, ca_list) = (rich_list("Root").by(&world.root), rich_list("CA").by(&world.ca));
        let mut given = Given::new().roots([world.root_certificate()]);
        let certificate = |number: u8, of: &Certificate, key| {
            let der = if number == which { resigned(of.der(), &changes, key) } else { None };
            der.and_then(|der| Certificate::from_der(&der).ok()).unwrap_or_else(|| of.clone())
        };
        let list = |number: u8, of: &RevocationList, key| {
            let der = if number == which { resigned(of.der(), &changes, key) } else { None };
            der.and_then(|der| RevocationList::from_der(der).ok()).unwrap_or_else(|| of.clone())
        };
        given = given
            .certificates([certificate(0, &ca, &world.root)])
            .lists([list(1, &root_list, &world.root), list(2, &ca_list, &world.ca)]);
        let signer = certificate(3, &signer, &world.ca);
        let message = Message::new(CONTENT, &world.person, &signer);
        if let Ok(signature) = Signature::parse(&message.der()) {
            let document = Document::content("content", CONTENT);
            let judgement = judge(&document, &signature, &given, now());
            prop_assert_eq!(judgement.signers().len(), 1);
        }
    }

    #[test]
    fn whatever_a_signer_or_stamper_signed_is_judged(changes in changes(), which in 0..3_usize) {
        let world = World::new();
        let mut message = world.message();
        if let Some(other) = changed(&message.signed[which], &changes) {
            message.signed[which] = other;
        }
        let info = world.token_draft(&message).info();
        let info = changed(&info, &changes).unwrap_or(info);
        let token = TokenDraft::message_of(&info, &world.tsa, &world.stamper());
        let message = message.stamped(&token.naming(&world.stamper()).der());
        if let Ok(signature) = Signature::parse(&message.der()) {
            let document = Document::content("content", CONTENT);
            let judgement = judge(&document, &signature, &world.given(), now());
            prop_assert_eq!(judgement.signers()[0].stamps().len(), 1);
        }
    }

    #[test]
    fn what_is_cut_off_is_no_list(place in any::<u16>()) {
        let der = rich_list("CA").by(&World::new().ca).der().to_vec();
        let at = der.len() * usize::from(place) / (usize::from(u16::MAX) + 1);
        prop_assert!(RevocationList::from_der(der[..at].to_vec()).is_err());
    }
}

/// Did the changes leave the file that was to be changed as it was?
fn has_no_effect(which: u8, changes: &[Change], world: &World) -> bool {
    let der = match which {
        0 => world.ca_certificate().der().to_vec(),
        1 => world.root_list().der().to_vec(),
        2 => world.ca_list().der().to_vec(),
        _ => world.signer().der().to_vec(),
    };
    changed(&der, changes).is_none()
}

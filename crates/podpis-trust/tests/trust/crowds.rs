//! What stands in a signature in masses neither delays nor changes the answer.

use podpis_cms::tlv::encode;
use podpis_cms::{Certificate, Signature};

use crate::maker::{Draft, Key, ListDraft, extension, utc};
use crate::world::{World, judged, judged_der, now};

/// A certificate that says to be the issuer's, with these extensions, and whose value is none.
fn false_issuer(world: &World, serial: u32, extensions: &[u8]) -> Certificate {
    let ca = world.ca_certificate();
    let key = encode(0x30, &[&encode(0x30, &[6, 1, 1])[..], &[3, 1, 0]].concat());
    let message = [
        &[0xA0, 3, 2, 1, 2][..],
        &encode(0x02, &serial.to_be_bytes()),
        &[0x30, 0, 0x30, 0, 0x30, 0],
        ca.subject_der(),
        &key,
        &encode(0xA3, &encode(0x30, extensions)),
    ];
    let whole = [&encode(0x30, &message.concat())[..], &[0x30, 0, 3, 1, 0]].concat();
    Certificate::from_der(&encode(0x30, &whole)).unwrap()
}

/// A list that says to be the issuer's, and whose value is none.
fn false_list(world: &World, number: u32) -> Vec<u8> {
    let dates = [utc("20240614000000Z"), utc("20240621000000Z")].concat();
    let ca = world.ca_certificate();
    let message = encode(0x30, &[&[0x30, 0][..], ca.subject_der(), &dates].concat());
    let value = encode(0x03, &[&[0][..], &number.to_be_bytes()].concat());
    encode(0x30, &[&message[..], &[0x30, 0], &value].concat())
}

/// Whatever stands in the signature, what was given comes first.
#[test]
fn false_issuers_and_lists_in_masses_do_not_hide_the_right_ones() {
    let world = World::new();
    let mut message = world.message();
    let usage = extension("2.5.29.15", true, &[3, 2, 7, 0x80]);
    let crowd = (0..10_000).map(|serial| false_issuer(&world, serial, &usage));
    message.embedded.splice(0..0, crowd);
    message.lists = (0..10_000)
        .map(|number| false_list(&world, number))
        .collect();

    let with_list = judged(&message, &world.given(), now());
    let without = judged(&message, &world.given_but_list(), now());

    assert!(with_list.trust().is_trusted(), "{}", with_list.trust());
    assert!(!without.trust().is_trusted());
}

/// Each list would be tried with each of them, and their extensions looked through each time:
/// minutes.
#[test]
fn a_false_issuer_with_a_million_extensions_is_looked_through_once() {
    let world = World::new();
    let mut message = world.message();
    let extensions = [0x30, 5, 6, 1, 1, 4, 0].repeat(1_000_000);
    message.embedded.push(false_issuer(&world, 1, &extensions));
    message.lists = (0..1_000)
        .map(|number| false_list(&world, number))
        .collect();
    let judgement = judged(&message, &world.given_but_list(), now());
    assert!(!judgement.trust().is_trusted());
}

/// A large list is digested anew for every key that may have made it.
#[test]
fn a_large_list_is_not_tried_with_every_key() {
    let world = World::new();
    let thief = Key::p256(9);
    let mut message = world.message();
    for number in 0..60 {
        let key = Key::p256(20 + number);
        let serial = 100 + u64::from(number);
        let issuer = Draft::authority("CA", &key, "Root", serial).by(&thief);
        message.embedded.push(issuer);
    }
    message.lists = vec![ListDraft::new("CA").others(260_000).der_by(&thief)];
    let judgement = judged(&message, &world.given_but_list(), now());
    assert_eq!(judgement.trust().to_string(), "unproven: too-many-checks");
}

/// What a signer names is taken up before the crowd.
#[test]
fn the_certificates_of_the_signers_are_not_crowded_out() {
    let world = World::new();
    let mut message = world.message();
    let crowd = (0..3_000).map(|serial| false_issuer(&world, serial, &[]));
    message.embedded.splice(0..0, crowd);
    let der = message.der();
    assert_eq!(Signature::parse(&der).unwrap().certificates().len(), 3_001);
    let judgement = judged_der(&der, &world.given(), now());
    assert!(judgement.trust().is_trusted());
}

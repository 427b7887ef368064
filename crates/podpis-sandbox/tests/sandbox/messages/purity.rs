//! The same history gives the same bytes, and no body makes a world panic.

use podpis_diadoc_proto::events::DraftToSend;
use podpis_diadoc_proto::prost::Message as _;

use super::support::{approval, given, of, test_signature};
use crate::purity::Dice;
use crate::support::{Desk, Is as _};

fn history() -> Vec<bytes::Bytes> {
    let mut desk = Desk::new();
    let info = desk.info();
    let (document, unsent) = (info.unsigned_document, info.messages.unsent);
    let wrong = desk.signature_over("something else");
    let mut seen = vec![desk.prepared(&unsent).encode_to_vec().into()];
    for signature in [approval(given(wrong)), test_signature()] {
        let signatures = vec![of(&document, signature)];
        seen.push(desk.patch(&document.message, signatures, "").into_body());
        desk.verified();
    }
    let draft = DraftToSend {
        box_id: info.box_id,
        draft_id: info.messages.draft.message,
        ..DraftToSend::default()
    };
    seen.push(desk.post("/SendDraft", draft.encode_to_vec()).into_body());
    seen.push(desk.get_message(&document.message, "").into_body());
    seen.push(desk.get("/_sandbox/documents").into_body());
    seen
}

#[test]
fn two_worlds_with_one_history_are_alike() {
    assert_eq!(history(), history());
}

#[test]
fn no_signature_and_no_body_makes_a_world_panic() {
    const PATHS: [&str; 5] = [
        "/V4/PostMessagePatch",
        "/V3/PostMessagePatch?operationId=x",
        "/PrepareDocumentsToSign?excludeContent",
        "/SendDraft",
        "/V3/PostMessage",
    ];
    let mut dice = Dice(0x5851_f42d_4c95_7f2d);
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let signature = desk.signature_of(&document);
    for turn in 0..2_000 {
        let mut bytes = signature.to_vec();
        for _ in 0..=dice.roll(3) {
            let at = dice.roll(bytes.len());
            bytes[at] = u8::try_from(dice.roll(256)).unwrap();
        }
        let mut body = desk.patch_of(
            &document.message,
            vec![of(&document, approval(given(bytes)))],
        );
        if dice.roll(2) == 0 {
            let at = dice.roll(body.len());
            body[at] = u8::try_from(dice.roll(256)).unwrap();
        }
        let answer = desk.post(PATHS[dice.roll(5)], body);
        assert!(answer.status().as_u16() < 500, "turn {turn}");
        desk.verified();
        if turn % 50 == 0 {
            desk.get_message(&document.message, "").is(200);
            desk.get("/_sandbox/documents").is(200);
            desk.world.reset();
        }
    }
}

//! What the service finds out later: an invalid signature, what it leaves behind, and how often that is borne.

use std::time::Duration;

use podpis_diadoc_proto::SignatureVerificationResult;
use podpis_diadoc_proto::events::AttachmentType;
use podpis_diadoc_proto::prost::Message as _;
use podpis_diadoc_proto::{ContentV2, SignatureInfo};
use podpis_sandbox::{Fault, MessageOptions, SignatureFault, Verification};

use super::support::{approval, desk, given, test_signature};
use crate::support::{Desk, contents, made, message};

#[test]
fn r_cms_6_a_signature_over_other_bytes_fails_later() {
    let mut desk = desk(MessageOptions::default().verification(Duration::from_secs(60)));
    let info = desk.info();
    let document = info.unsigned_document;
    let wrong = desk.signature_over("something else");
    let id = desk.attach(&document, given(wrong));
    let before = desk.read_message(&document.message, "");
    assert_eq!(before.entities.len(), 2);
    let state = desk.state(&document);
    assert_eq!(state.signatures[0].verification, Verification::Pending);
    assert!(!state.signatures[0].verifies);

    desk.wait(Duration::from_secs(60));
    let after = desk.read_message(&document.message, "");
    let of_kind = |kind: AttachmentType| {
        after
            .entities
            .iter()
            .find(|known| known.attachment_type == Some(kind.number()))
            .unwrap()
    };
    let failure = of_kind(AttachmentType::DELIVERY_FAILURE_NOTIFICATION);
    assert_eq!(failure.parent_entity_id.as_ref(), Some(&document.entity));
    let report = of_kind(AttachmentType::SIGNATURE_VERIFICATION_REPORT);
    assert_eq!(report.parent_entity_id.as_ref(), Some(&failure.entity_id));
    let bytes = desk.entity_content(&document.message, &report.entity_id);
    let result = SignatureVerificationResult::decode(bytes.into_body()).unwrap();
    assert!(!result.is_valid);
    assert!(
        result.certificate_status.unwrap().is_valid,
        "only the value is wrong"
    );
    assert!(after.last_patch_timestamp_ticks > before.last_patch_timestamp_ticks);
    let path = format!(
        "/GetSignatureInfo?boxId={}&messageId={}&entityId={id}",
        info.box_id, document.message
    );
    let about: SignatureInfo = message(&desk.get(&path));
    assert!(!about.signature_verification_result.unwrap().is_valid);
    assert_eq!(desk.world.counters().signatures_invalid, 1);
}

#[test]
fn a_wrong_value_and_a_certificate_that_ended_fail_later_too() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    desk.world.inject(
        Fault::on("CloudSignConfirmResult")
            .call(1)
            .signatures(SignatureFault::Corrupt),
    );
    let content = desk.entity_content(&document.message, &document.entity);
    let content = content.into_body();
    let task = desk.start(vec![made(|it: &mut ContentV2| it.content = Some(content))]);
    let token = desk.token(&task);
    let task = desk.confirmed(&token, "Content");
    let corrupt = contents(&desk.result(&task)).remove(0);
    desk.attach(&document, given(corrupt));
    desk.verified();
    assert_eq!(desk.state(&document).failures, 1);
    let right = desk.signature_of(&document);
    desk.wait(Duration::from_secs(400 * 24 * 60 * 60));
    desk.attach(&document, given(right));
    desk.verified();
    let state = desk.state(&document);
    assert_eq!(state.failures, 2);
    assert!(state.signatures[1].verifies, "the value itself is right");
}

#[test]
fn more_than_three_invalid_signatures_of_a_document_in_a_day_are_refused() {
    let mut desk = Desk::new();
    let document = desk.info().unsigned_document;
    let wrong = desk.signature_over("something else");
    let right = desk.signature_of(&document);
    for _ in 0..3 {
        desk.attach(&document, given(wrong.clone()));
        desk.verified();
    }
    for signature in [
        given(wrong.clone()),
        given(right.clone()),
        approval(given(right.clone())),
    ] {
        let (status, text) = desk.try_attach(&document, signature);
        assert_eq!(status, 409);
        assert!(text.contains("three invalid"), "{text}");
    }
    let other = desk.info().messages.counter_signed;
    assert_eq!(desk.try_attach(&other, test_signature()).0, 200);
    desk.wait(Duration::from_secs(24 * 60 * 60));
    desk.attach(&document, given(right));
    desk.verified();
    let state = desk.state(&document);
    assert_eq!(state.failures, 3);
    let seen = state.signatures.last().unwrap().verification;
    assert_eq!(seen, Verification::Valid);
}

#[test]
fn an_invalid_signature_does_not_send() {
    let mut desk = Desk::new();
    let document = desk.info().messages.unsent;
    let wrong = desk.signature_over("something else");
    desk.attach(&document, given(wrong));
    assert!(desk.state(&document).sent);
    desk.verified();
    assert!(!desk.state(&document).sent);
    let right = desk.signature_of(&document);
    desk.attach(&document, given(right));
    desk.verified();
    let state = desk.state(&document);
    assert!(state.sent);
    assert_eq!(state.failures, 1);
}

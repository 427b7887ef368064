//! Messages written by hand, in the forms that the service may give.

use std::time::{Duration, UNIX_EPOCH};

use podpis_diadoc_proto::documents::{self, MessageType};
use podpis_diadoc_proto::prost::Message as _;
use podpis_diadoc_proto::{Content, DocumentDirection, LockMode, SignatureVerificationResult};

use super::*;

const OURS: &str = "11111111111111111111111111111111@diadoc.ru";
const THEIRS: &str = "22222222222222222222222222222222@diadoc.ru";
const GUID: &str = "33333333-3333-3333-3333-333333333333";

/// The year 2026, in ticks.
const TICKS: i64 = 638_712_864_000_000_000;

fn entity(id: &str, kind: EntityType) -> Entity {
    Entity::new(id).with_entity_type(kind)
}

fn signature(id: &str, parent: &str, signer: &str) -> Entity {
    entity(id, EntityType::SIGNATURE)
        .with_parent_entity_id(parent)
        .with_signer_box_id(signer)
        .with_raw_creation_date(TICKS)
}

fn outgoing(entities: Vec<Entity>) -> events::Message {
    events::Message {
        message_id: "m".to_owned(),
        timestamp_ticks: TICKS,
        from_box_id: OURS.to_owned(),
        to_box_id: Some(THEIRS.to_owned()),
        lock_mode: LockMode::NONE.number(),
        message_type: MessageType::LETTER.number(),
        entities,
        ..events::Message::default()
    }
}

fn read_in(in_box: &str, wire: events::Message) -> Message {
    Message::new(wire, in_box.parse().unwrap(), UNIX_EPOCH)
}

fn document(direction: DocumentDirection) -> documents::Document {
    documents::Document {
        message_id: "m".to_owned(),
        entity_id: "d".to_owned(),
        document_direction: Some(direction.number()),
        ..documents::Document::default()
    }
}

#[test]
fn a_signature_tells_its_document_its_kind_and_its_side() {
    let message = read_in(
        OURS,
        outgoing(vec![
            entity("D", EntityType::ATTACHMENT).with_file_name("act.xml"),
            signature("ours", "d", &OURS.to_uppercase()),
            signature("theirs", "d", THEIRS).with_is_approvement_signature(true),
            entity("nobodys", EntityType::SIGNATURE).with_parent_entity_id("d"),
        ]),
    );
    let told: Vec<_> = message
        .signatures()
        .iter()
        .map(|one| {
            let document = one.document().unwrap();
            (
                one.id().to_string(),
                one.is_approval(),
                one.side(),
                document.file_name(),
            )
        })
        .collect();
    let file = Some("act.xml");
    assert_eq!(
        told,
        [
            ("ours".to_owned(), false, Side::Ours, file),
            ("theirs".to_owned(), true, Side::Theirs, file),
            ("nobodys".to_owned(), false, Side::Unknown, file),
        ]
    );
    let created = message.signatures()[0].created().unwrap();
    let since_1970 = created.duration_since(UNIX_EPOCH).unwrap();
    assert_eq!(since_1970, Duration::from_secs(1_735_689_600));
    assert_eq!(message.signatures()[2].created(), None);
}

#[test]
fn a_time_stamped_signature_is_followed_to_its_document_and_counted_once() {
    for stamped_under in ["s", "d"] {
        let message = read_in(
            OURS,
            outgoing(vec![
                entity("d", EntityType::ATTACHMENT),
                signature("s", "d", OURS),
                signature("t", stamped_under, OURS),
            ]),
        );
        for one in message.signatures() {
            assert_eq!(one.signed_entity().as_str(), "d");
        }
        let extends = message.signatures()[1].extends();
        let counted = message.signatures_of(&EntityId::new("D")).len();
        match stamped_under {
            "s" => assert!(extends.unwrap().as_str() == "s" && counted == 1),
            _ => assert!(extends.is_none() && counted == 2),
        }
    }
}

#[test]
fn a_chain_that_leaves_the_message_or_goes_round_ends() {
    let message = read_in(
        OURS,
        outgoing(vec![
            signature("away", "elsewhere", OURS),
            signature("a", "b", OURS),
            signature("b", "a", OURS),
            entity("alone", EntityType::SIGNATURE),
            signature("itself", "itself", OURS),
        ]),
    );
    let ends: Vec<String> = message
        .signatures()
        .iter()
        .map(|one| one.signed_entity().to_string())
        .collect();
    assert_eq!(ends[0], "elsewhere");
    assert_eq!(ends[3..], ["alone", "itself"]);
    assert!(
        message
            .signatures()
            .iter()
            .all(|one| one.document().is_none())
    );
}

#[test]
fn a_box_that_goes_by_its_other_name_is_known_by_what_else_is_told() {
    let info = |direction| {
        let document = entity("d", EntityType::ATTACHMENT).with_document_info(document(direction));
        vec![
            document,
            signature("a", "d", OURS),
            signature("b", "d", THEIRS),
        ]
    };
    let sides = |wire| {
        let message = read_in(GUID, wire);
        message
            .signatures()
            .iter()
            .map(AttachedSignature::side)
            .collect::<Vec<_>>()
    };
    let outbound = outgoing(info(DocumentDirection::OUTBOUND));
    assert_eq!(sides(outbound), [Side::Ours, Side::Theirs]);
    let inbound = outgoing(info(DocumentDirection::INBOUND));
    assert_eq!(sides(inbound), [Side::Theirs, Side::Ours]);
    let mut by_the_other_side = outgoing(info(DocumentDirection::UNKNOWN_DOCUMENT_DIRECTION));
    let told = by_the_other_side.entities[0]
        .document_info
        .as_mut()
        .unwrap();
    told.counteragent_box_id = Some(OURS.to_owned());
    assert_eq!(sides(by_the_other_side), [Side::Theirs, Side::Ours]);
    let nothing = outgoing(info(DocumentDirection::UNKNOWN_DOCUMENT_DIRECTION));
    assert_eq!(sides(nothing), [Side::Unknown, Side::Unknown]);
    let mut internal = outgoing(info(DocumentDirection::UNKNOWN_DOCUMENT_DIRECTION));
    internal.is_internal = Some(true);
    assert_eq!(sides(internal), [Side::Ours, Side::Ours]);
}

#[test]
fn a_size_that_is_not_known_and_bytes_that_are_absent_are_told_as_such() {
    let content = |size, data: Option<&'static [u8]>| {
        let data = data.map(bytes::Bytes::from_static);
        EntityContent::of(Some(&Content { size, data }))
    };
    let elsewhere = |size| EntityContent::Elsewhere { size };
    assert_eq!(content(-1, None), elsewhere(None));
    assert_eq!(content(7, None), elsewhere(Some(7)));
    assert_eq!(content(7, Some(b"")), elsewhere(Some(7)));
    assert_eq!(content(0, Some(b"")).bytes().unwrap(), &b""[..]);
    assert_eq!(content(-1, Some(b"act")).bytes().unwrap(), &b"act"[..]);
    assert_eq!(EntityContent::of(None), elsewhere(None));
    assert!(!format!("{:?}", content(3, Some(b"act"))).contains("act"));
}

#[test]
fn how_far_a_document_is() {
    use DocumentDirection as Way;
    let sending = |change: &dyn Fn(&mut events::Message)| {
        let document =
            entity("d", EntityType::ATTACHMENT).with_document_info(document(Way::OUTBOUND));
        let mut wire = outgoing(vec![document]);
        change(&mut wire);
        read_in(OURS, wire).documents()[0].sending()
    };
    fn info(wire: &mut events::Message) -> &mut documents::Document {
        wire.entities[0].document_info.as_mut().unwrap()
    }
    assert_eq!(sending(&|_| {}), Sending::Unsent);
    assert_eq!(sending(&|wire| wire.is_draft = Some(true)), Sending::Draft);
    assert_eq!(
        sending(&|wire| info(wire).send_timestamp_ticks = Some(TICKS)),
        Sending::Sent
    );
    assert_eq!(
        sending(&|wire| info(wire).document_direction = Some(Way::INBOUND.number())),
        Sending::Sent
    );
    assert_eq!(
        sending(&|wire| info(wire).sender_signature_status = Some(2)),
        Sending::Sent
    );
    assert_eq!(
        sending(&|wire| {
            info(wire).document_direction = None;
            wire.from_box_id = String::new();
        }),
        Sending::Unknown
    );
}

#[test]
fn documents_are_told_from_service_items_and_forms_from_files() {
    use podpis_diadoc_proto::events::AttachmentType as Type;
    let attachment = |id: &str, kind| entity(id, EntityType::ATTACHMENT).with_attachment_type(kind);
    let mut title =
        attachment("title", Type::TITLE).with_document_info(document(DocumentDirection::OUTBOUND));
    title.document_info.as_mut().unwrap().type_named_id = "UniversalTransferDocument".to_owned();
    let message = read_in(
        OURS,
        outgoing(vec![
            attachment("file", Type::NONFORMALIZED),
            attachment("invoice", Type::INVOICE),
            attachment("receipt", Type::RECEIPT).with_parent_entity_id("file"),
            attachment("failure", Type::DELIVERY_FAILURE_NOTIFICATION),
            title,
        ]),
    );
    let documents: Vec<_> = message
        .documents()
        .iter()
        .map(|one| (one.id().to_string(), one.formality()))
        .collect();
    assert_eq!(
        documents,
        [
            ("file".to_owned(), Formality::Nonformalized),
            ("invoice".to_owned(), Formality::Formalized),
            ("title".to_owned(), Formality::Formalized),
        ]
    );
    assert!(message.attachment(&EntityId::new("receipt")).is_some());
}

#[test]
fn a_delivery_that_failed_tells_what_about_and_what_the_verification_said() {
    use podpis_diadoc_proto::events::AttachmentType as Type;
    let report = SignatureVerificationResult::new(false).encode_to_vec();
    let size = i32::try_from(report.len()).unwrap();
    let attachment = |id: &str, kind, parent: &str| {
        entity(id, EntityType::ATTACHMENT)
            .with_attachment_type(kind)
            .with_parent_entity_id(parent)
    };
    let message = read_in(
        OURS,
        outgoing(vec![
            attachment("failure", Type::DELIVERY_FAILURE_NOTIFICATION, "bad"),
            attachment("report", Type::SIGNATURE_VERIFICATION_REPORT, "failure")
                .with_content(Content::new(size).with_data(report)),
            attachment("absent", Type::SIGNATURE_VERIFICATION_REPORT, "failure")
                .with_content(Content::new(-1)),
            attachment("other", Type::SIGNATURE_VERIFICATION_REPORT, "elsewhere"),
            signature("bad", "d", OURS),
            signature("good", "d", OURS),
            signature("undelivered", "d", OURS).with_not_delivered_event_id("e"),
        ]),
    );
    let failures = message.delivery_failures();
    let [failure] = &failures[..] else {
        panic!("{failures:?}");
    };
    assert_eq!(failure.about().unwrap().as_str(), "bad");
    let results: Vec<Option<bool>> = failure
        .reports()
        .iter()
        .map(|report| report.result().map(|result| result.is_valid))
        .collect();
    assert_eq!(results, [Some(false), None]);
    let rejected: Vec<bool> = message
        .signatures()
        .iter()
        .map(AttachedSignature::is_rejected)
        .collect();
    assert_eq!(rejected, [true, false, true]);
}

#[test]
fn a_signature_that_is_not_verified_yet_has_no_result() {
    use podpis_diadoc_proto::{self as proto, Timestamp};
    let thumbprint = "0778b8efd8b4c49040494c15355b2556d2957774";
    let wire = proto::SignatureInfo::new(Timestamp::new(TICKS), thumbprint, "1f");
    let info = SignatureInfo::from(wire.clone());
    assert!(info.verification.is_none() && info.verified_at.is_none());
    assert_eq!(info.thumbprint.unwrap(), thumbprint.parse().unwrap());
    assert!(info.signed_at.is_some());
    let result = SignatureVerificationResult::new(false);
    let verified = wire
        .with_signature_verification_result(result)
        .with_surname("Иванов")
        .with_signature_verification_time(Timestamp::new(TICKS));
    let info = SignatureInfo::from(verified);
    assert!(!info.verification.as_ref().unwrap().is_valid);
    assert!(info.verified_at.is_some());
    assert!(!format!("{info:?}").contains("Иванов"));
}

#[test]
fn what_is_printed_of_one_document_or_signature_is_not_the_whole_message() {
    let entities = vec![
        entity("D", EntityType::ATTACHMENT).with_file_name("act.xml"),
        signature("S", "D", OURS),
    ];
    let message = read_in(OURS, outgoing(entities));
    let document = format!("{:?}", message.attachment(&EntityId::new("D")));
    assert!(
        document.contains("\"D\"") && !document.contains("\"S\""),
        "{document}"
    );
    let signature = format!("{:?}", message.signatures());
    assert!(signature.contains("\"S\""), "{signature}");
    assert!(!signature.contains("timestamp_ticks"), "{signature}");
}

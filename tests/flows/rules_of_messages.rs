//! The rules of signatures that need the message, against messages that are written out.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use podpis::diadoc::document_signature::{
    Breach, DocumentSenderSignature, DocumentSignature, Rule, SignatureSource,
};
use podpis::diadoc::message::Message;
use podpis::diadoc::prepare::{DocumentRef, PatchedContent, PostedBy};
use podpis::diadoc::{BoxId, EntityId, MessageId, PatchedContentId};
use podpis::diadoc_proto::documents::{self, MessageType, SenderSignatureStatus};
use podpis::diadoc_proto::events::{self, AttachmentType, Entity, EntityType};
use podpis::diadoc_proto::{DocumentDirection, LockMode};
use podpis::secret::{ApiClientId, Password};
use podpis::{Diadoc, DiadocLogin};
use podpis_sandbox::{Sandbox, WorldOptions};

use super::rules::{breaks, document, is_silent, warns};

const OURS: &str = "11111111111111111111111111111111@diadoc.ru";
const THEIRS: &str = "22222222222222222222222222222222@diadoc.ru";

/// 2026-11-18 at noon in UTC: a time that is the same day in Moscow.
const NOON: u64 = 1_795_003_200;

fn ticks(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap() * 10_000_000 + 621_355_968_000_000_000
}

fn time(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

/// A letter of ours with one unsent document `d` of this kind.
fn unsent(kind: AttachmentType) -> events::Message {
    let info = documents::Document {
        message_id: "m".to_owned(),
        entity_id: "d".to_owned(),
        document_direction: Some(DocumentDirection::OUTBOUND.number()),
        ..documents::Document::default()
    };
    let document = Entity::new("d")
        .with_entity_type(EntityType::ATTACHMENT)
        .with_attachment_type(kind)
        .with_document_info(info);
    events::Message {
        message_id: "m".to_owned(),
        from_box_id: OURS.to_owned(),
        to_box_id: Some(THEIRS.to_owned()),
        lock_mode: LockMode::NONE.number(),
        message_type: MessageType::LETTER.number(),
        entities: vec![document],
        ..events::Message::default()
    }
}

/// A client that is never asked to send anything.
fn diadoc() -> Diadoc {
    let login = DiadocLogin::password(ApiClientId::new("c"), "l", Password::new("p"));
    let nowhere = Sandbox::new(WorldOptions::default());
    Diadoc::builder("http://localhost".parse().unwrap(), login, nowhere).build()
}

fn check_patch(signatures: &[DocumentSignature], message: &Message) -> Result<Vec<Breach>, Breach> {
    let patching = diadoc()
        .in_box(message.in_box())
        .patch_message(message.id());
    patching.signatures(signatures.to_vec()).check(message)
}

fn check_draft(
    signatures: &[DocumentSenderSignature],
    to: Option<&BoxId>,
    draft: &Message,
) -> Result<Vec<Breach>, Breach> {
    let sending = diadoc().in_box(draft.in_box()).send_draft(draft.id());
    let sending = sending.signatures(signatures.to_vec());
    match to {
        Some(to) => sending.to(to).check(draft),
        None => sending.check(draft),
    }
}

fn info(wire: &mut events::Message) -> &mut documents::Document {
    wire.entities[0].document_info.as_mut().unwrap()
}

/// The same after the document was sent.
fn sent(kind: AttachmentType) -> events::Message {
    let mut wire = unsent(kind);
    info(&mut wire).send_timestamp_ticks = Some(ticks(NOON));
    wire
}

fn plain() -> events::Message {
    sent(AttachmentType::NONFORMALIZED)
}

fn with(mut wire: events::Message, entities: impl IntoIterator<Item = Entity>) -> events::Message {
    wire.entities.extend(entities);
    wire
}

fn signature_of(parent: &str, signer: &str) -> Entity {
    Entity::new(format!("{parent}-{signer}"))
        .with_entity_type(EntityType::SIGNATURE)
        .with_parent_entity_id(parent)
        .with_signer_box_id(signer)
}

fn message(wire: events::Message) -> Message {
    Message::new(wire, OURS.parse().unwrap(), time(NOON))
}

fn ordinary() -> DocumentSignature {
    let builder = DocumentSignature::builder(&document(), SignatureSource::Test);
    builder.build().unwrap()
}

fn approval() -> DocumentSignature {
    let builder = DocumentSignature::builder(&document(), SignatureSource::Test);
    builder.approval().build().unwrap()
}

fn check(signature: &DocumentSignature, wire: events::Message) -> Result<Vec<Breach>, Breach> {
    signature.check(&message(wire))
}

#[test]
fn r_sig_1_one_ordinary_signature_per_document_and_side() {
    let ours = || signature_of("d", OURS);
    breaks(Rule::Sig1, check(&ordinary(), with(plain(), [ours()])));
    // Also where the only one there is has its time stamp, above the one that was posted or instead of it.
    let stamp = signature_of("d-11111111111111111111111111111111@diadoc.ru", OURS);
    breaks(
        Rule::Sig1,
        check(&ordinary(), with(plain(), [ours(), stamp])),
    );

    let good = [
        plain(),
        with(plain(), [signature_of("d", THEIRS)]),
        with(plain(), [ours().with_is_approvement_signature(true)]),
        with(plain(), [signature_of("other", OURS)]),
        // The service did not accept the first one.
        with(plain(), [ours().with_not_delivered_event_id("e")]),
    ];
    for wire in good {
        is_silent(Rule::Sig1, &check(&ordinary(), wire).unwrap());
    }
    let mut invalid = with(plain(), [ours()]);
    let bad = SenderSignatureStatus::SENDER_SIGNATURE_CHECKED_AND_INVALID;
    info(&mut invalid).sender_signature_status = Some(bad.number());
    check(&ordinary(), invalid).unwrap();
    check(&approval(), with(plain(), [ours()])).unwrap();

    let nobodys = signature_of("d", "");
    warns(
        Rule::Sig1,
        &check(&ordinary(), with(plain(), [nobodys])).unwrap(),
    );
    // Within one organization both sides have the same box.
    let internal = |signatures: usize| {
        let signatures = (0..signatures).map(|number| {
            let mut one = ours();
            one.entity_id = format!("s{number}");
            one
        });
        let mut wire = with(plain(), signatures);
        wire.is_internal = Some(true);
        check(&ordinary(), wire)
    };
    is_silent(Rule::Sig1, &internal(0).unwrap());
    warns(Rule::Sig1, &internal(1).unwrap());
    breaks(Rule::Sig1, internal(2));
}

#[test]
fn r_sig_1_in_one_patch() {
    let of = |id: &str| {
        let builder = DocumentSignature::builder(&EntityId::new(id), SignatureSource::Test);
        builder.build().unwrap()
    };
    let wire = || {
        with(
            plain(),
            [Entity::new("e").with_entity_type(EntityType::ATTACHMENT)],
        )
    };
    let both = |one, other| check_patch(&[one, other], &message(wire()));
    breaks(Rule::Sig1, both(ordinary(), of("D")));
    both(ordinary(), of("e")).unwrap();
    both(ordinary(), approval()).unwrap();
    both(approval(), approval()).unwrap();

    let sender = |id: &str| {
        let builder = DocumentSenderSignature::builder(&EntityId::new(id), SignatureSource::Test);
        builder.build().unwrap()
    };
    let draft = || {
        let mut wire = wire();
        wire.is_draft = Some(true);
        message(wire)
    };
    breaks(
        Rule::Sig1,
        check_draft(&[sender("d"), sender("D")], None, &draft()),
    );
    check_draft(&[sender("d"), sender("e")], None, &draft()).unwrap();
}

#[test]
fn r_sig_2_the_parent_is_in_the_message() {
    let of = |id: &str| DocumentSignature::builder(&EntityId::new(id), SignatureSource::Test);
    breaks(Rule::Sig2, check(&of("other").build().unwrap(), plain()));
    check(&of("D").build().unwrap(), plain()).unwrap();
}

#[test]
fn r_sig_7_the_content_was_prepared_in_this_message() {
    let patched = |message: &str| {
        let document = DocumentRef::new(&MessageId::new(message), &document());
        let id = PatchedContentId::new("p");
        let patched = PatchedContent::new(document, PostedBy::PostMessagePatch, id);
        let builder = DocumentSignature::builder(&EntityId::new("d"), SignatureSource::Test);
        builder.patched_content(&patched).build().unwrap()
    };
    let formal = || unsent(AttachmentType::INVOICE);
    breaks(Rule::Sig7, check(&patched("other"), formal()));
    is_silent(Rule::Sig7, &check(&patched("M"), formal()).unwrap());
    let after = check(&patched("m"), sent(AttachmentType::INVOICE)).unwrap();
    warns(Rule::Sig7, &after);
}

#[test]
fn r_sig_8_an_unsent_document_has_no_signature_yet() {
    let wire = || unsent(AttachmentType::NONFORMALIZED);
    breaks(
        Rule::Sig8,
        check(&ordinary(), with(wire(), [signature_of("d", OURS)])),
    );
    let approved = signature_of("d", OURS).with_is_approvement_signature(true);
    check(&ordinary(), with(wire(), [approved])).unwrap();
}

#[test]
fn r_apr_1_an_approval_before_sending_waits_for_it() {
    let before = check(&approval(), unsent(AttachmentType::NONFORMALIZED)).unwrap();
    warns(Rule::Apr1, &before);
    is_silent(Rule::Apr1, &check(&approval(), plain()).unwrap());
    is_silent(
        Rule::Apr1,
        &check(&ordinary(), unsent(AttachmentType::NONFORMALIZED)).unwrap(),
    );
}

#[test]
fn r_apr_2_a_formalized_document_is_approved_after_it_was_sent() {
    for kind in [
        AttachmentType::INVOICE,
        AttachmentType::XML_TORG12,
        AttachmentType::UNIVERSAL_TRANSFER_DOCUMENT,
    ] {
        breaks(Rule::Apr2, check(&approval(), unsent(kind)));
        is_silent(Rule::Apr2, &check(&approval(), sent(kind)).unwrap());
        check(&ordinary(), unsent(kind)).unwrap();
    }
    let mut draft = unsent(AttachmentType::INVOICE);
    draft.is_draft = Some(true);
    breaks(Rule::Apr2, check(&approval(), draft));
    // A type that is not known here: the service decides.
    let other = check(&approval(), unsent(AttachmentType(1_000))).unwrap();
    warns(Rule::Apr2, &other);
    let mut inbound = unsent(AttachmentType::INVOICE);
    info(&mut inbound).document_direction = Some(DocumentDirection::INBOUND.number());
    check(&approval(), inbound).unwrap();
}

#[test]
fn r_apr_3_five_hundred_approvals_a_day() {
    let approved = |number: usize, at: u64| {
        let one = |index| {
            let mut one = signature_of("d", THEIRS)
                .with_is_approvement_signature(true)
                .with_raw_creation_date(ticks(at));
            one.entity_id = format!("a{index}");
            one
        };
        with(plain(), (0..number).map(one))
    };
    let hour = 60 * 60;
    breaks(Rule::Apr3, check(&approval(), approved(500, NOON - hour)));
    is_silent(
        Rule::Apr3,
        &check(&approval(), approved(499, NOON - hour)).unwrap(),
    );
    let two = [approval(), approval()];
    breaks(
        Rule::Apr3,
        check_patch(&two, &message(approved(499, NOON - hour))),
    );
    // Yesterday evening: a day ago or the day before, by how the service counts.
    warns(
        Rule::Apr3,
        &check(&approval(), approved(500, NOON - 20 * hour)).unwrap(),
    );
    is_silent(
        Rule::Apr3,
        &check(&approval(), approved(500, NOON - 25 * hour)).unwrap(),
    );
    check(&ordinary(), approved(500, NOON - hour)).unwrap();
}

#[test]
fn r_drf_1_a_draft_goes_to_another_box() {
    let draft = |is_internal: bool| {
        let mut wire = unsent(AttachmentType::NONFORMALIZED);
        wire.is_draft = Some(true);
        wire.is_internal = Some(is_internal);
        message(wire)
    };
    let ours: BoxId = OURS.to_uppercase().parse().unwrap();
    let as_guid: BoxId = "11111111-1111-1111-1111-111111111111".parse().unwrap();
    let theirs: BoxId = THEIRS.parse().unwrap();
    breaks(Rule::Drf1, check_draft(&[], Some(&ours), &draft(false)));
    breaks(Rule::Drf1, check_draft(&[], Some(&as_guid), &draft(false)));
    breaks(Rule::Drf1, check_draft(&[], Some(&theirs), &draft(true)));
    check_draft(&[], Some(&theirs), &draft(false)).unwrap();
    check_draft(&[], None, &draft(true)).unwrap();
}

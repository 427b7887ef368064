//! Decides which further documents wait in the box from the start, each for something else.
//!
//! **Invariant:** what a list tells of such a document and what is refused under it come from the same row.

use podpis_diadoc_proto::docflow::{PowerOfAttorneyAttachmentStatus, StatusName};
use podpis_diadoc_proto::documents::ResolutionStatusType;
use podpis_diadoc_proto::documents::{Document as WireDocument, ResolutionStatus};
use podpis_diadoc_proto::events::AttachmentType;
use podpis_diadoc_proto::{DocumentType, ResolutionTarget};

use super::blank;
use super::info::{DocumentInfo, WaitingInfo};
use super::message::{Document, Entity, Message};
use crate::diadoc::places::BOX_ID;
use crate::moment::Moment;

/// The first and the second user of the seed.
const DIRECTOR: &str = "d0b3a6c2-7777-4c5e-9a57-0d1ad0c00001";
const ACCOUNTANT: &str = "d0b3a6c2-7777-4c5e-9a57-0d1ad0c00002";

/// The number of the first of them: their ids and those of their messages are numbered through.
const FIRST: u8 = 20;

/// Which way a document goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    In,
    Out,
    Within,
}

/// What a document needs beside a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Demand {
    Nothing,
    /// A title of the recipient.
    Title,
    PowerOfAttorney,
    /// The signature of this user, who was asked for it.
    User(&'static str),
    /// Somebody who can decrypt it.
    Decryption,
}

/// One of them: the name of its file, its type and function, its flow.
struct Row(&'static str, &'static str, &'static str, Way, i32, Demand);

/// In the order of their numbers.
const ROWS: [Row; 14] = [
    Row(
        "contract-20.txt",
        "Contract",
        "default",
        Way::In,
        2,
        Demand::Nothing,
    ),
    Row(
        "reconciliation-21.txt",
        "ReconciliationAct",
        "default",
        Way::In,
        2,
        Demand::Nothing,
    ),
    Row(
        "waybill-22.txt",
        "Torg12",
        "default",
        Way::In,
        1,
        Demand::Nothing,
    ),
    Row(
        "contract-23.txt",
        "Contract",
        "default",
        Way::In,
        2,
        Demand::User(DIRECTOR),
    ),
    Row(
        "contract-24.txt",
        "Contract",
        "default",
        Way::In,
        2,
        Demand::User(ACCOUNTANT),
    ),
    Row(
        "act-25.xml",
        "XmlAcceptanceCertificate",
        "default",
        Way::In,
        3,
        Demand::Title,
    ),
    Row(
        "waybill-26.xml",
        "XmlTorg12",
        "default",
        Way::In,
        3,
        Demand::Title,
    ),
    Row(
        "contract-27.bin",
        "Contract",
        "default",
        Way::In,
        2,
        Demand::Decryption,
    ),
    Row(
        "agreement-28.txt",
        "SupplementaryAgreement",
        "default",
        Way::In,
        2,
        Demand::PowerOfAttorney,
    ),
    Row(
        "invoice-29.xml",
        "Invoice",
        "default",
        Way::Out,
        10,
        Demand::Nothing,
    ),
    Row(
        "prices-30.txt",
        "PriceListAgreement",
        "default",
        Way::Out,
        1,
        Demand::Nothing,
    ),
    Row(
        "act-31.txt",
        "AcceptanceCertificate",
        "default",
        Way::Within,
        1,
        Demand::Nothing,
    ),
    // A flow that is newer than every list of flows.
    Row(
        "contract-32.txt",
        "Contract",
        "default",
        Way::In,
        99,
        Demand::Nothing,
    ),
    Row(
        "prices-33.txt",
        "PriceListAgreement",
        "default",
        Way::Out,
        1,
        Demand::PowerOfAttorney,
    ),
];

fn numbered() -> impl Iterator<Item = (u8, &'static Row)> {
    (FIRST..).zip(&ROWS)
}

fn message_id(number: u8) -> String {
    format!("d0b3a6c2-2222-4c5e-9a57-0d1ad0c0{number:04x}")
}

/// The row of a document.
fn row(entity: &str) -> Option<&'static Row> {
    let digits = entity.get(entity.len().checked_sub(4)?..)?;
    let number = u8::from_str_radix(digits, 16).ok()?;
    let place = number.checked_sub(FIRST)?;
    let row = ROWS.get(usize::from(place))?;
    blank::entity_id(number)
        .eq_ignore_ascii_case(entity)
        .then_some(row)
}

/// Their messages.
pub(super) fn seeded(at: Moment) -> impl Iterator<Item = Message> {
    numbered().map(move |(number, Row(name, kind, function, way, flow, _))| {
        let is_formal = name.ends_with(".xml");
        let content = if is_formal {
            blank::transfer_document(name)
        } else {
            format!("Документ песочницы {name}.\n")
        };
        let entity = Entity {
            created: at,
            ..blank::document(
                number,
                content,
                Document {
                    file_name: (*name).to_owned(),
                    type_named_id: (*kind).to_owned(),
                    function: (*function).to_owned(),
                    version: "v1".to_owned(),
                    can_be_prepared: is_formal && *way == Way::Out,
                    needs_recipient_signature: *way != Way::Within && *flow != 10,
                    custom_id: None,
                    sent_at: (*way == Way::In).then_some(at),
                    patched: false,
                },
            )
        };
        let id = message_id(number);
        let mut message = Message {
            outgoing: *way != Way::In,
            internal: *way == Way::Within,
            entities: vec![entity],
            ..blank::message(&id, at)
        };
        if *way == Way::Within {
            message.other_box = Some(BOX_ID.to_owned());
        }
        message
    })
}

/// What is told of such a document beside what is told of all.
pub(super) fn tell(entity: &str, wire: &mut WireDocument) {
    let Some(Row(_, _, _, _, flow, demand)) = row(entity) else {
        return;
    };
    wire.workflow_id = *flow;
    match demand {
        Demand::Decryption => wire.is_encrypted_content = Some(true),
        Demand::User(user) => {
            let target = ResolutionTarget {
                user_id: Some((*user).to_owned()),
                ..ResolutionTarget::default()
            };
            wire.resolution_status = Some(ResolutionStatus {
                r#type: Some(ResolutionStatusType::SIGNATURE_REQUESTED.number()),
                target: Some(target),
                author_user_id: DIRECTOR.to_owned(),
                ..ResolutionStatus::default()
            });
        }
        _ => {}
    }
}

/// Whether a signature of such a document needs a power of attorney.
pub(super) fn power(entity: &str) -> Option<PowerOfAttorneyAttachmentStatus> {
    let Row(.., demand) = row(entity)?;
    (*demand == Demand::PowerOfAttorney)
        .then(|| PowerOfAttorneyAttachmentStatus::new(StatusName::POWER_OF_ATTORNEY_REQUIRED))
}

/// What a document needs beside a signature; none for one that is not of these.
pub(super) fn demand(entity: &str) -> Option<Demand> {
    let Row(.., demand) = row(entity)?;
    Some(*demand)
}

/// The kind of attachment, and the number of its type in the older schema.
pub(super) fn kind(type_named_id: &str) -> Option<(AttachmentType, DocumentType)> {
    Some(match type_named_id {
        "Contract" => (AttachmentType::CONTRACT, DocumentType::CONTRACT),
        "ReconciliationAct" => (
            AttachmentType::RECONCILIATION_ACT,
            DocumentType::RECONCILIATION_ACT,
        ),
        "Torg12" => (AttachmentType::TORG12, DocumentType::TORG12),
        "XmlAcceptanceCertificate" => (
            AttachmentType::XML_ACCEPTANCE_CERTIFICATE,
            DocumentType::XML_ACCEPTANCE_CERTIFICATE,
        ),
        "XmlTorg12" => (AttachmentType::XML_TORG12, DocumentType::XML_TORG12),
        "SupplementaryAgreement" => (
            AttachmentType::SUPPLEMENTARY_AGREEMENT,
            DocumentType::SUPPLEMENTARY_AGREEMENT,
        ),
        "Invoice" => (AttachmentType::INVOICE, DocumentType::INVOICE),
        "PriceListAgreement" => (
            AttachmentType::PRICE_LIST_AGREEMENT,
            DocumentType::PRICE_LIST_AGREEMENT,
        ),
        "AcceptanceCertificate" => (
            AttachmentType::ACCEPTANCE_CERTIFICATE,
            DocumentType::ACCEPTANCE_CERTIFICATE,
        ),
        _ => return None,
    })
}

/// All that waits from the start, and what the director has to give for it.
pub(super) fn describe(others: impl IntoIterator<Item = DocumentInfo>) -> Vec<WaitingInfo> {
    let others = others.into_iter().map(|document| WaitingInfo {
        document,
        needs: "signature".to_owned(),
    });
    let rows = numbered().map(|(number, Row(_, _, _, _, flow, demand))| {
        let needs = match demand {
            Demand::Nothing if *flow == 99 => "other",
            Demand::Nothing => "signature",
            Demand::User(user) if *user == DIRECTOR => "signature",
            Demand::User(_) => "colleague",
            Demand::Title => "title",
            Demand::PowerOfAttorney => "power_of_attorney",
            Demand::Decryption => "decryption",
        };
        WaitingInfo {
            document: DocumentInfo {
                message: message_id(number),
                entity: blank::entity_id(number),
            },
            needs: needs.to_owned(),
        }
    });
    others.chain(rows).collect()
}

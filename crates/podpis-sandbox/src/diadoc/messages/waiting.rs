//! Decides which further documents wait in the box from the start, each for something else.
//!
//! **Invariant:** what a list tells of such a document and what is refused under it come from the same row.

use podpis_diadoc_proto::ResolutionTarget;
use podpis_diadoc_proto::docflow::{PowerOfAttorneyAttachmentStatus, StatusName};
use podpis_diadoc_proto::documents::ResolutionStatusType;
use podpis_diadoc_proto::documents::{Document as WireDocument, ResolutionStatus};

use super::blank;
use super::info::{DocumentInfo, WaitingInfo};
use super::message::{Demand, Document, Entity, Message};
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

use Demand::{Decryption, Nothing, PowerOfAttorney, Title, Unknown, User};
use Way::{In, Out, Within};

/// One of them: the name of its file, its type, which way it goes, what it needs.
struct Row(&'static str, &'static str, Way, Demand);

/// In the order of their numbers.
#[rustfmt::skip]
const ROWS: [Row; 14] = [
    Row("contract-20.txt", "Contract", In, Nothing),
    Row("reconciliation-21.txt", "ReconciliationAct", In, Nothing),
    Row("waybill-22.txt", "Torg12", In, Nothing),
    Row("contract-23.txt", "Contract", In, User(DIRECTOR)),
    Row("contract-24.txt", "Contract", In, User(ACCOUNTANT)),
    Row("act-25.xml", "XmlAcceptanceCertificate", In, Title),
    Row("waybill-26.xml", "XmlTorg12", In, Title),
    Row("contract-27.bin", "Contract", In, Decryption),
    Row("agreement-28.txt", "SupplementaryAgreement", In, PowerOfAttorney),
    Row("invoice-29.xml", "Invoice", Out, Nothing),
    Row("prices-30.txt", "PriceListAgreement", Out, Nothing),
    Row("act-31.txt", "AcceptanceCertificate", Within, Nothing),
    Row("contract-32.txt", "Contract", In, Unknown),
    Row("prices-33.txt", "PriceListAgreement", Out, PowerOfAttorney),
];

fn numbered() -> impl Iterator<Item = (u8, &'static Row)> {
    (FIRST..).zip(&ROWS)
}

fn message_id(number: u8) -> String {
    format!("d0b3a6c2-2222-4c5e-9a57-0d1ad0c0{number:04x}")
}

/// Their messages.
pub(super) fn seeded(at: Moment) -> impl Iterator<Item = Message> {
    numbered().map(move |(number, Row(name, kind, way, demand))| {
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
                    type_named_id: (*kind).to_owned(),
                    can_be_prepared: is_formal && *way == Out,
                    needs_recipient_signature: *way != Within && *kind != "Invoice",
                    sent_at: (*way == In).then_some(at),
                    demand: *demand,
                    ..Document::plain(name)
                },
            )
        };
        let id = message_id(number);
        let mut message = Message {
            outgoing: *way != In,
            internal: *way == Within,
            entities: vec![entity],
            ..blank::message(&id, at)
        };
        if *way == Within {
            message.other_box = Some(BOX_ID.to_owned());
        }
        message
    })
}

/// What is told of such a document beside what is told of all.
pub(super) fn tell(demand: Demand, wire: &mut WireDocument) {
    match demand {
        Decryption => wire.is_encrypted_content = Some(true),
        Unknown => wire.workflow_id = 99,
        User(user) => {
            let target = ResolutionTarget {
                user_id: Some(user.to_owned()),
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
pub(super) fn power(demand: Demand) -> Option<PowerOfAttorneyAttachmentStatus> {
    (demand == PowerOfAttorney)
        .then(|| PowerOfAttorneyAttachmentStatus::new(StatusName::POWER_OF_ATTORNEY_REQUIRED))
}

/// All that waits from the start, and what the director has to give for it.
pub(super) fn describe(others: impl IntoIterator<Item = DocumentInfo>) -> Vec<WaitingInfo> {
    let others = others.into_iter().map(|document| WaitingInfo {
        document,
        needs: "signature".to_owned(),
    });
    let rows = numbered().map(|(number, Row(.., demand))| {
        let needs = match demand {
            Nothing | User(DIRECTOR) => "signature",
            Unknown => "other",
            User(_) => "colleague",
            Title => "title",
            PowerOfAttorney => "power_of_attorney",
            Decryption => "decryption",
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

//! Decides how a seeded message and a document in it begin, before anything is said of them.
//!
//! **Invariant:** ids of entities are numbered through, so a manual can name them.

use super::message::{Document, Entity, Message, What};
use crate::diadoc::places::OTHER_BOX_ID;
use crate::moment::Moment;

/// Ids of entities are numbered through.
pub(super) fn entity_id(number: u8) -> String {
    format!("d0b3a6c2-3333-4c5e-9a57-0d1ad0c0{number:04x}")
}

/// An empty outgoing message.
pub(super) fn message(id: &str, at: Moment) -> Message {
    Message {
        id: id.to_owned(),
        outgoing: true,
        other_box: Some(OTHER_BOX_ID.to_owned()),
        created: at,
        changed: at,
        ..Message::default()
    }
}

pub(super) fn document(number: u8, content: String, about: Document) -> Entity {
    Entity {
        id: entity_id(number),
        content: content.into(),
        what: What::Document(Box::new(about)),
        ..Entity::default()
    }
}

pub(super) fn transfer_document(number: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Файл ВерсФорм=\"5.03\"><Документ НомерДок=\"{number}\">Передано по счёту-фактуре № {number}.</Документ></Файл>\n"
    )
}

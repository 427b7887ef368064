//! Decides what happens to messages in Diadoc: reading, signing, preparing, sending.
//!
//! **Invariant:** what the shape of a request shows is refused at once; whether a signature is right is found out
//! later, as the service does it.

mod attach;
mod blank;
mod draft;
mod events;
mod index;
mod info;
mod lists;
mod message;
mod options;
mod patch;
mod post;
mod posts;
mod prepare;
mod read;
mod rules;
mod seed;
mod shown;
mod store;
mod types;
mod waiting;
mod wire;

use podpis_diadoc_proto::{Checked, decode_checked};

use super::boxes;
use crate::answer::{Handled, Refusal, bad_request};
use crate::call::Call;
use crate::diadoc::places::{BOX_ID, OTHER_BOX_ID};
use crate::diadoc::state::Room;
use message::Message;

pub(crate) use attach::settle;
pub use info::{
    DocumentInfo, DocumentState, MessagesInfo, PacketInfo, SignatureState, Verification,
    WaitingInfo,
};
pub use options::{MessageOptions, PostRunning, StampedParent};
pub(crate) use seed::{describe, seeded};
pub(crate) use shown::{control, states};
pub(crate) use store::Messages;

pub(super) use draft::send as send_draft;
pub(super) use events::{event, last as last_event, list as events, list_v6 as events_v6};
pub(super) use lists::{documents, documents_v4, of_message as documents_of_message};
pub(super) use patch::{v3 as patch_v3, v4 as patch_v4};
pub(super) use post::message as post_message;
pub(super) use prepare::documents as prepare_documents;
pub(super) use read::{content, document, message, signature_info};
pub(super) use types::{
    list as document_types, list_v1 as document_types_v1, list_v3 as document_types_v3,
};

/// Reads a body. Required fields have to be there: the service is strict about them (R-POA-2 among others).
fn body<M: Checked>(call: &Call) -> Handled<M> {
    decode_checked(call.body.clone()).map_err(|error| Refusal::bad_request(error.to_string()))
}

/// The box of the other side, in the form of a GUID (R-DRF-1).
fn recipient(id: &str) -> Handled<String> {
    if boxes::is(id, OTHER_BOX_ID) {
        Ok(OTHER_BOX_ID.to_owned())
    } else if boxes::is(id, BOX_ID) {
        bad_request("R-DRF-1: ToBoxId is the box of the sender.")
    } else {
        Err(Refusal::not_found("No box has this id."))
    }
}

/// A message, an entity or a document that is not there.
const NOT_FOUND: &str = "DiadocApi.NotFound";

/// The message that a query names.
fn named<'a>(room: &'a Room, call: &Call) -> Handled<&'a Message> {
    boxes::own(call)?;
    let id = call.query.required("messageId")?;
    room.own
        .messages
        .get(id)
        .ok_or_else(|| Refusal::not_found("The box has no such message.").coded(NOT_FOUND))
}

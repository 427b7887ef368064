//! Decides who may call a method of Diadoc, and in which form its messages travel.
//!
//! **Invariant:** every method but the logins asks for a login first; an error is plain text with a code in a header,
//! whatever form the request asked for.

mod authorization;
mod boxes;
mod certificates;
mod certificates_store;
mod cloud_confirm;
mod cloud_operations;
mod cloud_sign;
mod counteragents;
mod dss_operations;
mod dss_result;
mod dss_sign;
mod endpoints;
mod info;
mod json;
mod login;
mod messages;
mod options;
mod organizations;
mod people;
mod places;
mod receipts;
mod receipts_store;
mod shelf;
mod shelf_store;
mod signatures;
mod source;
mod state;

use crate::answer::{Handled, Refusal, Reply};
use crate::call::Call;
use crate::moment::Moment;
use endpoints::Access;
use state::Room;

pub(crate) use endpoints::{ALL as ENDPOINTS, Endpoint, at};
pub(crate) use info::describe;
pub use info::{CertificateInfo, DiadocCertificateInfo, DiadocInfo, OrganizationInfo, UserInfo};
pub use messages::{
    DocumentInfo, DocumentState, MessageOptions, MessagesInfo, PacketInfo, PostRunning,
    SignatureState, StampedParent, Verification, WaitingInfo,
};
pub(crate) use messages::{control as show_documents, states as document_states};
pub use options::{DiadocOptions, DssRunning, LastBatchKey, ReceiptsLayout, ReceiptsMethod};
pub use receipts_store::ReceiptInfo;
pub(crate) use state::{Diadoc, seeded};

/// Does everything that happens in Diadoc by itself up to `now`.
pub(crate) fn settle(room: &mut Room, now: Moment) {
    room.own.shelf.forget_expired(now);
    room.own.cloud.settle(now, room.shared.line());
    messages::settle(room, now);
    room.own.dss.settle(now, room.shared.line());
    room.counters().receipts_signed += room.own.receipts.settle(now, &room.own.options);
}

/// Answers a call.
pub(crate) fn handle(room: &mut Room, endpoint: &Endpoint, call: Call) -> Reply {
    answered(room, endpoint, call).unwrap_or_else(Refusal::into_diadoc_reply)
}

fn answered(room: &mut Room, endpoint: &Endpoint, call: Call) -> Handled {
    if endpoint.access == Access::Receipts {
        receipts::offered(room)?;
    }
    let user = match endpoint.access {
        Access::Client => {
            authorization::client(room, &call)?;
            0
        }
        Access::Person | Access::Receipts => authorization::user(room, &call)?,
    };
    let body = match endpoint.takes {
        Some(message) => json::request(message, &call)?,
        None => None,
    };
    let call = Call {
        body: body.as_ref().unwrap_or(call.body),
        ..call
    };
    let reply = (endpoint.handle)(room, user, &call)?;
    Ok(match endpoint.gives {
        Some(message) => json::answer(message, &call, reply),
        None => reply,
    })
}

//! Decides who may call a method of Diadoc, and in which form its messages travel.
//!
//! **Invariant:** every method but the logins asks for a login first; an error is plain text with a code in a header,
//! whatever form the request asked for.

mod authorization;
mod boxes;
mod call;
mod certificates;
mod cloud_confirm;
mod cloud_sign;
mod course;
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
mod receipts;
mod receipts_store;
mod script;
mod shelf;
mod source;
mod spoil;
mod state;

use crate::answer::{Handled, Refusal, Reply};
use crate::world::World;
use endpoints::Access;

pub(crate) use call::Call;
pub(crate) use course::{confirm, crash, decline, known_as, message_state, settle};
pub(crate) use endpoints::{ALL as ENDPOINTS, Endpoint, at};
pub use info::{DiadocCertificateInfo, OrganizationInfo};
pub use messages::{
    DocumentState, MessageOptions, MessagesInfo, PacketInfo, PostRunning, SignatureState,
    StampedParent, Verification, WaitingInfo,
};
pub(crate) use messages::{
    Messages, control as show_documents, describe as describe_messages, seeded as seeded_messages,
    states as document_states,
};
pub use options::{DiadocOptions, DssRunning, LastBatchKey, ReceiptsLayout, ReceiptsMethod};
pub use receipts_store::ReceiptInfo;
pub(crate) use script::{DssScript, FileScript};
pub(crate) use state::{Diadoc, describe, dss_certificate, seeded};

/// Answers a call.
pub(crate) fn handle(world: &mut World, endpoint: &Endpoint, call: Call<'_>) -> Reply {
    answered(world, endpoint, call).unwrap_or_else(Refusal::into_diadoc_reply)
}

fn answered(world: &mut World, endpoint: &Endpoint, call: Call<'_>) -> Handled {
    if endpoint.access == Access::Receipts {
        receipts::offered(world)?;
    }
    let user = match endpoint.access {
        Access::Client => {
            authorization::client(world, &call)?;
            0
        }
        Access::Person | Access::Receipts => authorization::user(world, &call)?,
    };
    let body = match endpoint.takes {
        Some(message) => json::request(message, &call)?,
        None => None,
    };
    let call = Call {
        body: body.as_ref().unwrap_or(call.body),
        ..call
    };
    let reply = (endpoint.handle)(world, user, &call)?;
    Ok(match endpoint.gives {
        Some(message) => json::answer(message, &call, reply),
        None => reply,
    })
}

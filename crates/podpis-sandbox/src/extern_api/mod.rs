//! Decides how a request to Extern is answered: login, account, limit, method.
//!
//! **Invariant:** every answer of an API method is JSON or a content; a refusal comes in this order: limit, login,
//! account, and only then what the method says.

mod accounts;
mod api_tasks;
mod auth;
mod call;
mod checking;
mod contents;
mod contents_store;
mod course;
mod decryption;
mod descriptions;
mod docflow_list;
mod docflows;
mod draft_edit;
mod draft_meta;
mod drafts;
mod error;
mod identity;
mod identity_store;
mod info;
mod operations;
mod options;
mod outcome;
mod outlines;
mod packing;
mod portal;
mod replies;
mod route;
mod seed;
mod seed_answerable;
mod seed_docflows;
mod sending;
mod signing;
mod spelling;
mod spoil;
mod state;
mod tasks;
mod uploads;

use http::StatusCode;
use podpis_transport::HttpRequest;

use crate::answer::Reply;
use crate::faults::SignatureFault;
use crate::moment::Moment;
use crate::world::World;
use call::Call;
use error::{Answered, ApiError};

pub(crate) use course::{confirm, decline, end, known_as, message_state, settle};
pub use info::{
    ExternAnswerableInfo, ExternCertificateInfo, ExternDraftInfo, ExternDraftsInfo,
    ExternEncryptedDocumentInfo, ExternEncryptedInfo, ExternInfo, ExternPlace, ExternRepliesInfo,
    ExternReplyInfo,
};
pub use operations::OperationEnd;
pub use options::{
    DataToSign, DraftVerdict, ExternOptions, Profile, UnconfirmedOperation, UnusableCertificate,
};
pub(crate) use route::{Endpoint, Route, journal_name, route};
pub(crate) use seed::{describe, seeded};
pub use spelling::{
    ConfirmTypeSpelling, ContentAnswerSpelling, ContentRangeSpelling, DecryptionTaskIdName,
    ExternSpelling, ProgressPlace, ProgressSpelling, StatusCodeSpelling, TaskStateSpelling,
    TokenLifetimeName,
};
pub(crate) use state::Extern;

/// Whether a path is one that the limit of open requests counts.
pub(crate) fn is_limited(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next();
    first.is_some_and(|first| first.eq_ignore_ascii_case("v1"))
}

/// Answers a request.
pub(crate) fn handle(
    world: &mut World,
    route: &Route<'_>,
    request: &HttpRequest,
    now: Moment,
    signature_fault: Option<SignatureFault>,
) -> Reply {
    let answered = match route {
        Route::Unknown => Err(ApiError::not_found("There is no method at this path.")),
        Route::WrongMethod(allowed) => Err(ApiError::method_not_allowed(allowed.clone())),
        Route::To(endpoint, ids) => {
            let mut call = Call::of(request, *ids, now, signature_fault);
            to(world, *endpoint, &mut call, request.uri().path())
        }
    };
    let spelling = world.options.extern_options.spelling;
    answered.unwrap_or_else(|error| error.into_reply(spelling, &world.trace))
}

fn to(world: &mut World, endpoint: Endpoint, call: &mut Call<'_>, path: &str) -> Answered {
    match endpoint {
        Endpoint::ConnectToken => return Ok(identity::token(world, call)),
        Endpoint::DeviceAuthorization => return Ok(identity::device(world, call)),
        Endpoint::Authorize => return Ok(identity::authorize(world, call)),
        Endpoint::ConfirmationCode => {
            let (code, operation) = course::code_of(world, call.query.required("requestId")?)?;
            return Ok(Reply::text(code).about(&operation));
        }
        Endpoint::AuthenticateByPass => return portal::by_password(world, call),
        Endpoint::AuthenticateByCert => return portal::by_certificate(world, call),
        Endpoint::ApproveCert => return portal::approve_certificate(world, call),
        Endpoint::SessionsRefresh => return portal::refresh(world, call),
        _ => {}
    }
    let limit = world.options.extern_options.in_flight_limit;
    if is_limited(path) && limit.is_some_and(|limit| world.journal.extern_in_flight() > limit) {
        return Err(ApiError::new(StatusCode::TOO_MANY_REQUESTS, "Throttling"));
    }
    call.user = auth::user(world, call)?;
    match endpoint {
        Endpoint::Accounts => return accounts::list(world, call),
        Endpoint::Events => return outlines::events(world, call),
        _ => {}
    }
    call.account = accounts::find(world, call)?;
    let call = &*call;
    match endpoint {
        Endpoint::Account => accounts::one(world, call),
        Endpoint::Organizations => outlines::organizations(world, call, false),
        Endpoint::Organization => outlines::organizations(world, call, true),
        Endpoint::Warrants => outlines::warrants(call),
        Endpoint::Certificates => accounts::certificates(world, call),
        Endpoint::Contents => contents::create(world, call),
        Endpoint::ContentPart => contents::put(world, call),
        Endpoint::Content => contents::get(world, call),
        Endpoint::Docflows => docflow_list::list(world, call),
        Endpoint::Docflow | Endpoint::DocflowDocuments => docflows::docflow(world, endpoint, call),
        other if other.is_of_drafts() => drafts::handle(world, other, call),
        _ => docflows::document(world, endpoint, call),
    }
}

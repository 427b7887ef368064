//! Decides how a request to Extern is answered: login, account, limit, method.
//!
//! **Invariant:** every answer of an API method is JSON or a content; a refusal comes in this order: limit, login,
//! account, and only then what the method says.

mod accounts;
mod api_task;
mod api_tasks;
mod auth;
mod call;
mod checking;
mod contents;
mod contents_store;
mod decryption;
mod docflow_json;
mod docflow_list;
mod docflows;
mod draft_edit;
mod draft_json;
mod draft_meta;
mod drafts;
mod error;
mod info;
mod operations;
mod options;
mod outcome;
mod outlines;
mod packing;
mod replies;
mod route;
mod seed;
mod seed_docflows;
mod seed_ids;
mod sending;
mod signing;
mod spelling;
mod state;
mod tasks;
mod things;
mod uploads;
mod work;

use crate::answer::{Handled, Refusal, Reply};
use crate::call::Call as AnyCall;
use crate::identity;
use crate::moment::Moment;
use call::Call;

use http::StatusCode;

pub use info::{
    ExternAnswerableInfo, ExternCertificateInfo, ExternDraftInfo, ExternDraftsInfo,
    ExternEncryptedDocumentInfo, ExternEncryptedInfo, ExternInfo, ExternPlace, ExternRepliesInfo,
    ExternReplyInfo,
};
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
use state::Room;
pub use work::OperationEnd;

/// Whether a path is one that the limit of open requests counts.
pub(crate) fn is_limited(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next();
    first.is_some_and(|first| first.eq_ignore_ascii_case("v1"))
}

/// Does everything that happens in Extern by itself up to `now`.
pub(crate) fn settle(room: &mut Room, now: Moment) {
    room.own.contents.forget_expired(now);
    api_tasks::settle(room, now);
    sending::settle(room, now);
    room.own.operations.settle(now, room.shared.line());
}

/// Answers a request.
pub(crate) fn handle(room: &mut Room, route: &Route<'_>, path: &str, call: AnyCall<'_>) -> Reply {
    let answered = match route {
        Route::Unknown => Err(Refusal::not_found("There is no method at this path.")),
        Route::WrongMethod(allowed) => Err(error::wrong_method(allowed)),
        Route::To(endpoint, ids) => {
            let mut call = Call {
                call,
                ids: *ids,
                user: 0,
                account: 0,
            };
            to(room, *endpoint, &mut call, path)
        }
    };
    let spelling = room.own.options.spelling;
    answered.unwrap_or_else(|refusal| error::reply(refusal, spelling, &room.shared.trace))
}

fn to(room: &mut Room, endpoint: Endpoint, call: &mut Call, path: &str) -> Handled {
    match endpoint {
        Endpoint::ConnectToken => return Ok(identity::token(room.shared, call)),
        Endpoint::DeviceAuthorization => return Ok(identity::device(room.shared, call)),
        Endpoint::AuthenticationCertificate => return identity::certificate(room.shared, call),
        Endpoint::Authorize => return Ok(identity::authorize(room.shared, call)),
        Endpoint::ConfirmationCode => {
            let (code, operation) = operations::code_of(room, call.query.required("requestId")?)?;
            return Ok(Reply::text(code).about(&operation));
        }
        Endpoint::AuthenticateByPass => return identity::by_password(room.shared, call),
        Endpoint::AuthenticateByCert => return identity::by_certificate(room.shared, call),
        Endpoint::ApproveCert => return identity::approve_certificate(room.shared, call),
        Endpoint::AuthenticateByTruster => return identity::by_truster(room.shared, call),
        Endpoint::ApproveTruster => return identity::approve_truster(room.shared, call),
        Endpoint::RegisterExternalServiceId => return identity::register(room.shared, call),
        Endpoint::SessionsRefresh => return identity::refresh(room.shared, call),
        _ => {}
    }
    let open = room.shared.journal.extern_in_flight();
    let limit = room.own.options.in_flight_limit;
    if is_limited(path) && limit.is_some_and(|limit| open > limit) {
        return Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, "Throttling"));
    }
    call.user = auth::user(room, call)?;
    match endpoint {
        Endpoint::Accounts => return accounts::list(room, call),
        Endpoint::Events => return outlines::events(room, call),
        _ => {}
    }
    call.account = accounts::find(room, call)?;
    let call = &*call;
    match endpoint {
        Endpoint::Account => accounts::one(room, call),
        Endpoint::Organizations => outlines::organizations(room, call, false),
        Endpoint::Organization => outlines::organizations(room, call, true),
        Endpoint::Warrants => outlines::warrants(call),
        Endpoint::Certificates => accounts::certificates(room, call),
        Endpoint::Contents => contents::create(room, call),
        Endpoint::ContentPart => contents::put(room, call),
        Endpoint::Content => contents::get(room, call),
        Endpoint::Docflows => docflow_list::list(room, call),
        Endpoint::Docflow | Endpoint::DocflowDocuments => docflows::docflow(room, endpoint, call),
        other if other.is_of_drafts() => drafts::handle(room, other, call),
        _ => docflows::document(room, endpoint, call),
    }
}

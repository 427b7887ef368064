//! Reads Diadoc's error answers: a code in a header and words for a human in the body.
//!
//! **Invariant:** the code is an open set; a body that is not text is left out.

use http::StatusCode;
use podpis_core::Error;
use podpis_core::call::Explanation;
use podpis_core::error::ServiceAnswer;
use podpis_core::wait::Learned;
use podpis_operation::{Event, Refusal};
use podpis_transport::HttpResponse;

/// The wrong code was given; another may be given to the same token.
const BAD_CODE: &str = "CloudCrypt.BadConfirmationCode";

/// The code, or the whole operation, is too old.
const EXPIRED: &str = "CloudCrypt.ExpiredRequest";

pub(crate) fn explain(response: &HttpResponse) -> Explanation {
    let code = response
        .headers()
        .get("x-diadoc-errorcode")
        .and_then(|value| value.to_str().ok())
        .map(|code| code.trim().to_owned())
        .filter(|code| !code.is_empty());
    let message = std::str::from_utf8(response.body())
        .ok()
        .filter(|text| !text.contains('\0'))
        .map(str::to_owned);
    Explanation {
        code,
        message,
        ..Explanation::default()
    }
}

/// What an error of a call that asks for a result says of the operation: a conflict means that it has failed, and no
/// later call says anything else.
pub(crate) fn failed<R>(error: Error) -> Result<Learned<R>, Error> {
    let Some(answer) = error.service() else {
        return Err(error);
    };
    if answer.status != StatusCode::CONFLICT || answer.is_page || answer.retry_after.is_some() {
        return Err(error);
    }
    let words = [&answer.message, &answer.code];
    Ok(Event::Refused {
        refusal: Refusal::Other,
        message: words.into_iter().flatten().next().cloned(),
    }
    .into())
}

/// What a conflict during a confirmation by code means.
pub(crate) enum CodeProblem {
    Wrong,
    Expired,
}

/// Reads the two codes that are known. They may come from the confirmation and from its result alike: the
/// service's documents and its SDKs differ in where.
pub(crate) fn code_problem(answer: &ServiceAnswer) -> Option<CodeProblem> {
    let code = answer
        .code
        .as_deref()
        .filter(|_| answer.status.is_client_error())?;
    if code.eq_ignore_ascii_case(BAD_CODE) {
        Some(CodeProblem::Wrong)
    } else if code.eq_ignore_ascii_case(EXPIRED) {
        Some(CodeProblem::Expired)
    } else {
        None
    }
}

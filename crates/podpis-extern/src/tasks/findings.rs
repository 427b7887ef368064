//! Puts what the service found into words, and says what kind of refusal it is.
//!
//! **Invariant:** every document with an error is named, at most [`NAMED`] of them, and the text is one line.

use podpis_core::Error;
use podpis_core::error::tidy;
use podpis_extern_model::{ApiError, CheckError, CheckResult};
use podpis_operation::Refusal;

use crate::explain::is_id;

/// How many findings are told; the others are counted.
const NAMED: usize = 5;

/// The errors that a check found: the document and what is wrong with it. None where there are only warnings.
pub(crate) fn in_words(result: &CheckResult) -> Option<String> {
    let errors: Vec<String> = result.errors().map(one).collect();
    if errors.is_empty() {
        return None;
    }
    let mut text = errors
        .iter()
        .take(NAMED)
        .map(|one| tidy(one).chars().take(200).collect::<String>())
        .collect::<Vec<_>>()
        .join("; ");
    if let Some(more) = errors.len().checked_sub(NAMED).filter(|more| *more > 0) {
        text.push_str(&format!("; and {more} more"));
    }
    Some(text)
}

fn one((document, finding): (Option<&str>, &CheckError)) -> String {
    let text = finding.description.as_deref();
    let text = text.or(finding.id.as_deref()).unwrap_or("an error");
    match document {
        Some(document) => format!("document {document}: {text}"),
        None => text.to_owned(),
    }
}

/// What the service's name of an error means for an operation.
pub(super) fn refusal_of(code: Option<&str>) -> Refusal {
    let is = |id: &str| code.is_some_and(|code| is_id(code.trim(), id));
    if is(ApiError::SIGNATURE_NOT_FOUND) {
        Refusal::NotSigned
    } else if is(ApiError::CHECK_PROTOCOL_HAS_ERRORS) || is(ApiError::EMPTY_CONTENT) {
        Refusal::DocumentsRefused
    } else {
        Refusal::Other
    }
}

/// The service's own words about an error that is known to it by name; the documents are named there.
pub(crate) fn known(error: Error) -> Error {
    let Some(answer) = error.service() else {
        return error;
    };
    let refusal = refusal_of(answer.code.as_deref());
    if refusal == Refusal::Other {
        return error;
    }
    let mut text = format!("{refusal} ({error})");
    if let Some(findings) = answer
        .details
        .get("findings")
        .and_then(|text| text.as_str())
    {
        text.push_str(": ");
        text.push_str(findings);
    }
    error
        .with_kind(podpis_core::ErrorKind::Refused, text)
        .with_refusal(refusal)
}

#[cfg(test)]
mod tests {
    use podpis_extern_model::read;

    use super::*;

    #[test]
    fn errors_are_named_with_their_documents_and_warnings_are_not() {
        let errors: Vec<String> = (0..7)
            .map(|at| format!(r#"{{"description":"wrong {at}","level":"Error"}}"#))
            .collect();
        let body = format!(
            r#"{{"documents-errors":{{"d1":[{}],"d2":[{{"description":"odd","level":"Warning"}}]}}}}"#,
            errors.join(",")
        );
        let text = in_words(&read(body.as_bytes()).unwrap()).unwrap();
        assert!(
            text.starts_with("document d1: wrong 0; document d1: wrong 1"),
            "{text}"
        );
        assert!(
            text.ends_with("; and 2 more") && !text.contains("odd"),
            "{text}"
        );
        let clean = br#"{"documents-errors":{"d2":[{"level":"Warning"}]}}"#;
        assert_eq!(in_words(&read(clean).unwrap()), None);
    }

    #[test]
    fn the_services_names_of_errors() {
        for (code, expected) in [
            ("urn:error:externapi:signatureNotFound", Refusal::NotSigned),
            (
                "urn:error:externapi:signature-not-found",
                Refusal::NotSigned,
            ),
            (
                "urn:error:externapi:checkProtocolHasErrors",
                Refusal::DocumentsRefused,
            ),
            ("urn:error:externapi:error", Refusal::Other),
        ] {
            assert_eq!(refusal_of(Some(code)), expected, "{code}");
        }
        assert_eq!(refusal_of(None), Refusal::Other);
    }
}

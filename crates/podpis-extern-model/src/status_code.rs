//! Decides which HTTP status a word means.
//!
//! **Invariant:** whatever the service wrote is kept; a number is given only where the word or the digits leave
//! no doubt.

use std::fmt;

use serde::{Deserialize, Deserializer};

use crate::{lenient, open_enum};

/// The names of .NET's `HttpStatusCode`, which the service writes in every case there is.
const NAMES: &[(u16, &[&str])] = &[
    (100, &["Continue"]),
    (101, &["SwitchingProtocols"]),
    (102, &["Processing"]),
    (103, &["EarlyHints"]),
    (200, &["OK"]),
    (201, &["Created"]),
    (202, &["Accepted"]),
    (203, &["NonAuthoritativeInformation"]),
    (204, &["NoContent"]),
    (205, &["ResetContent"]),
    (206, &["PartialContent"]),
    (207, &["MultiStatus"]),
    (208, &["AlreadyReported"]),
    (226, &["IMUsed"]),
    (300, &["MultipleChoices", "Ambiguous"]),
    (301, &["MovedPermanently", "Moved"]),
    (302, &["Found", "Redirect"]),
    (303, &["SeeOther", "RedirectMethod"]),
    (304, &["NotModified"]),
    (305, &["UseProxy"]),
    (306, &["Unused"]),
    (307, &["TemporaryRedirect", "RedirectKeepVerb"]),
    (308, &["PermanentRedirect"]),
    (400, &["BadRequest"]),
    (401, &["Unauthorized"]),
    (402, &["PaymentRequired"]),
    (403, &["Forbidden"]),
    (404, &["NotFound"]),
    (405, &["MethodNotAllowed"]),
    (406, &["NotAcceptable"]),
    (407, &["ProxyAuthenticationRequired"]),
    (408, &["RequestTimeout"]),
    (409, &["Conflict"]),
    (410, &["Gone"]),
    (411, &["LengthRequired"]),
    (412, &["PreconditionFailed"]),
    (
        413,
        &[
            "RequestEntityTooLarge",
            "ContentTooLarge",
            "PayloadTooLarge",
        ],
    ),
    (414, &["RequestUriTooLong"]),
    (415, &["UnsupportedMediaType"]),
    (416, &["RequestedRangeNotSatisfiable"]),
    (417, &["ExpectationFailed"]),
    (421, &["MisdirectedRequest"]),
    (422, &["UnprocessableEntity", "UnprocessableContent"]),
    (423, &["Locked"]),
    (424, &["FailedDependency"]),
    (426, &["UpgradeRequired"]),
    (428, &["PreconditionRequired"]),
    (429, &["TooManyRequests"]),
    (431, &["RequestHeaderFieldsTooLarge"]),
    (451, &["UnavailableForLegalReasons"]),
    (500, &["InternalServerError"]),
    (501, &["NotImplemented"]),
    (502, &["BadGateway"]),
    (503, &["ServiceUnavailable"]),
    (504, &["GatewayTimeout"]),
    (505, &["HttpVersionNotSupported"]),
    (506, &["VariantAlsoNegotiates"]),
    (507, &["InsufficientStorage"]),
    (508, &["LoopDetected"]),
    (510, &["NotExtended"]),
    (511, &["NetworkAuthenticationRequired"]),
];

/// An HTTP status inside a body.
///
/// HTTP errors have a number there, errors of tasks a word, like `request-timeout`; the swagger of 2018 lists
/// `badRequest` and `oK`, and the official C# SDK takes numbers in quotes and words in any case.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct StatusCode(String);

impl StatusCode {
    /// The number; absent when the word is not the name of an HTTP status.
    #[must_use]
    pub fn number(&self) -> Option<u16> {
        let word = self.0.trim();
        if let Ok(number) = word.parse::<u16>() {
            return (100..1000).contains(&number).then_some(number);
        }
        let named =
            |(_, names): &&(u16, &[&str])| names.iter().any(|name| open_enum::same(name, word));
        NAMES.iter().find(named).map(|(number, _)| *number)
    }

    /// What the service wrote; a number as its digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<u16> for StatusCode {
    fn from(number: u16) -> Self {
        Self(number.to_string())
    }
}

impl fmt::Display for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StatusCode({})", self.0)
    }
}

impl<'de> Deserialize<'de> for StatusCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::word(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(json: &str) -> Option<u16> {
        serde_json::from_str::<StatusCode>(json).unwrap().number()
    }

    #[test]
    fn numbers_quoted_numbers_and_names_in_every_case() {
        for json in [
            "400",
            "\"400\"",
            "\" 400 \"",
            "\"BadRequest\"",
            "\"badRequest\"",
            "\"bad-request\"",
            "\"BADREQUEST\"",
            "\"bad_request\"",
            "\"badrequest\"",
        ] {
            assert_eq!(number(json), Some(400), "{json}");
        }
        for json in ["\"oK\"", "\"OK\"", "\"ok\"", "\"o-k\"", "200"] {
            assert_eq!(number(json), Some(200), "{json}");
        }
        assert_eq!(number("\"request-timeout\""), Some(408));
        assert_eq!(number("\"permanent-redirect\""), Some(308));
    }

    #[test]
    fn what_is_no_status_has_no_number() {
        for json in [
            "0",
            "99",
            "1000",
            "70000",
            "-400",
            "400.5",
            "\"\"",
            "\"nonsense\"",
            "true",
        ] {
            assert_eq!(number(json), None, "{json}");
        }
        let kept: StatusCode = serde_json::from_str("\"I-am-new\"").unwrap();
        assert_eq!(kept.as_str(), "I-am-new");
    }

    #[test]
    fn no_name_means_two_numbers() {
        let names: Vec<&str> = NAMES
            .iter()
            .flat_map(|(_, names)| names.iter().copied())
            .collect();
        for (index, name) in names.iter().enumerate() {
            let twin = names[index + 1..]
                .iter()
                .find(|other| open_enum::same(name, other));
            assert_eq!(twin, None, "{name}");
        }
    }
}

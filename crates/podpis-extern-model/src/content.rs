//! Answers of the contents service, and references to what it keeps.
//!
//! **Invariant:** whether an upload is complete is told by the HTTP status (201), not by the body.

use serde::{Deserialize, Serialize};

use crate::{ContentId, Link, lenient};

/// Answer to an upload, or to a part of one.
///
/// Source: `{"id"}` in the documentation, `{"content":{"id"},"is-completed"}` in the official C# SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "UploadAnswerOnWire")]
#[non_exhaustive]
pub struct UploadAnswer {
    /// Where the bytes are.
    pub id: Option<ContentId>,
    /// Whether no more parts are expected, in the C# form of the answer.
    pub is_completed: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct UploadAnswerOnWire {
    #[serde(deserialize_with = "lenient::filled")]
    id: Option<ContentId>,
    #[serde(deserialize_with = "lenient::filled")]
    content_id: Option<ContentId>,
    content: Option<UploadedContent>,
    #[serde(deserialize_with = "lenient::flag")]
    is_completed: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct UploadedContent {
    #[serde(deserialize_with = "lenient::filled")]
    id: Option<ContentId>,
}

impl From<UploadAnswerOnWire> for UploadAnswer {
    fn from(wire: UploadAnswerOnWire) -> Self {
        let inside = wire.content.and_then(|content| content.id);
        Self {
            id: wire.id.or(wire.content_id).or(inside),
            is_completed: wire.is_completed,
        }
    }
}

/// A reference to a content: result of a print, a decryption, or of storing a decrypted content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct ContentReference {
    /// Where the bytes are.
    #[serde(deserialize_with = "lenient::filled")]
    pub content_id: Option<ContentId>,
    /// Where to go on.
    #[serde(deserialize_with = "lenient::list")]
    pub links: Vec<Link>,
}

/// Body of a request about a content: to print it, or to store it as the decrypted content of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct ContentRequest {
    /// Where the bytes are.
    pub content_id: ContentId,
}

impl ContentRequest {
    /// About this content.
    #[must_use]
    pub fn new(content_id: ContentId) -> Self {
        Self { content_id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    #[test]
    fn the_id_is_found_in_every_place() {
        for body in [
            r#"{"id":"c"}"#,
            r#"{"content-id":"c"}"#,
            r#"{"content":{"id":"c"},"is-completed":true}"#,
            r#"{"id":null,"content":{"id":"c"}}"#,
        ] {
            let answer: UploadAnswer = read(body.as_bytes()).unwrap();
            assert_eq!(answer.id, Some(ContentId::new("c")), "{body}");
        }
    }

    #[test]
    fn a_request_names_the_content() {
        let body = serde_json::to_string(&ContentRequest::new(ContentId::new("c"))).unwrap();
        assert_eq!(body, r#"{"content-id":"c"}"#);
    }
}

//! What a posting keeps in its record.
//!
//! **Invariant:** the body is there as it is sent, byte for byte; of documents it has names on the shelf, never bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use podpis_core::Error;
use podpis_core::call::Endpoint;
use podpis_core::wait::KeptBytes;
use podpis_core::wait::{Record as _, unreadable};
use podpis_diadoc_proto::events::MessagePatchToPostV2;
use podpis_diadoc_proto::prost::Message as _;
use podpis_operation::Data;
use podpis_operation::Operation;
use serde::{Deserialize, Serialize};

use super::posted::Posted;
use super::{KIND, Letter};
use crate::endpoints::{POST_MESSAGE, POST_MESSAGE_PATCH, SEND_DRAFT};

/// Which call posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Post {
    Patch,
    Draft,
    Message,
}

impl Post {
    pub(super) fn endpoint(self) -> &'static Endpoint {
        match self {
            Self::Patch => &POST_MESSAGE_PATCH,
            Self::Draft => &SEND_DRAFT,
            Self::Message => &POST_MESSAGE,
        }
    }
}

/// The client's part of the record.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Record {
    post: Post,
    #[serde(rename = "box")]
    pub(super) in_box: String,
    /// The message or the draft that is changed; a new message has no name yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    /// What the service knows a repetition by. Chosen before anything is sent.
    pub(crate) operation_id: String,
    /// The body in Base64.
    pub(crate) body: String,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) posted: Option<Posted>,
}

impl podpis_core::wait::Record for Record {}

impl Record {
    pub(crate) fn new(letter: &Letter, operation_id: impl Into<String>) -> Self {
        Self {
            post: letter.post,
            in_box: letter.in_box.as_str().to_owned(),
            message: letter.message.as_ref().map(ToString::to_string),
            operation_id: operation_id.into(),
            body: STANDARD.encode(&letter.body),
            posted: None,
        }
    }

    pub(super) fn post(&self) -> Post {
        self.post
    }

    /// The bytes that are sent.
    pub(crate) fn bytes(&self, operation: &Operation) -> Result<Vec<u8>, Error> {
        STANDARD
            .decode(&self.body)
            .map_err(|error| unreadable(operation, error))
    }

    /// The signatures in the body of a patch. A draft and a new message have documents in them.
    pub(super) fn kept(&self, operation: &Operation) -> Vec<KeptBytes> {
        let body = (self.post == Post::Patch).then(|| self.bytes(operation).ok());
        let patch = body
            .flatten()
            .and_then(|body| MessagePatchToPostV2::decode(body.as_slice()).ok());
        let signatures = patch.map_or_else(Vec::new, |patch| patch.signatures);
        let signatures = signatures.into_iter().filter_map(|one| one.signature);
        signatures
            .map(|der| KeptBytes::new(None, der.to_vec()))
            .collect()
    }

    /// What came of it, where that is known.
    pub(crate) fn posted(&self) -> Option<&Posted> {
        self.posted.as_ref()
    }

    /// The same record with what came of it.
    pub(super) fn with(&self, posted: Posted) -> Data {
        Self {
            posted: Some(posted),
            ..self.clone()
        }
        .to_data()
    }
}

/// The posting that a record is, or has in it: that of an operation that signs and attaches.
pub(super) fn posting_in(operation: &Operation) -> Option<Record> {
    let mut data = operation.data().to_value();
    if operation.kind().as_str() != KIND {
        data = data.get_mut("posting")?.take();
    }
    serde_json::from_value(data).ok()
}

#[cfg(test)]
mod tests {
    use podpis_core::wait::OperationKind as _;
    use podpis_diadoc_proto::events::DocumentSignature;
    use podpis_operation::{Origin, Service, Timestamp};
    use serde_json::json;

    use super::*;
    use crate::posting::Posting;

    #[test]
    fn the_signatures_of_a_patch_are_kept_in_its_body() {
        let signature = |bytes: Option<&'static [u8]>| DocumentSignature {
            parent_entity_id: "e".to_owned(),
            signature: bytes.map(Into::into),
            ..DocumentSignature::default()
        };
        let signatures = [Some(&b"one"[..]), None, Some(b"<html>")].map(signature);
        let body = MessagePatchToPostV2::new("b", "m").with_signatures(signatures);
        let body = STANDARD.encode(body.encode_to_vec());
        let kept = |post: &str, body: &str| {
            let origin = Origin::new(Service::Diadoc, "h");
            let now = Timestamp::from_millis(0);
            let record = json!({ "post": post, "box": "b", "operation_id": "o", "body": body });
            let operation = Operation::prepare(Posting::KIND, origin, now).with_data(record);
            let kept = Posting::kept(&operation).into_iter();
            kept.map(|one| one.bytes).collect::<Vec<_>>()
        };
        assert_eq!(kept("patch", &body), [&b"one"[..], b"<html>"]);
        for (post, body) in [
            ("draft", &*body),
            ("patch", "?"),
            ("patch", "/w=="),
            ("no", &body),
        ] {
            assert!(kept(post, body).is_empty(), "{post} {body}");
        }
    }
}

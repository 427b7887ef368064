//! What a posting keeps in its record.
//!
//! **Invariant:** the body is there as it is sent, byte for byte; of documents it has names on the shelf, never bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use podpis_core::call::Endpoint;
use podpis_diadoc_proto::events::{
    DocumentSenderSignature, DocumentSignature, DraftToSend, MessagePatchToPostV2,
};
use podpis_diadoc_proto::prost::Message as _;
use podpis_operation::{Operation, OperationId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::posted::Posted;
use super::{KIND, Outgoing};
use crate::endpoints::{POST_MESSAGE, POST_MESSAGE_PATCH, SEND_DRAFT};
use crate::{EntityId, MessageId};

/// Which call posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Post {
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
#[expect(missing_debug_implementations, reason = "it is for the journal alone")]
pub struct Record {
    pub(super) post: Post,
    #[serde(rename = "box")]
    pub(super) in_box: String,
    /// The message or the draft that is changed; a new message has no name yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    /// What the service knows a repetition by. Chosen before anything is sent.
    pub(super) operation_id: String,
    /// The body in Base64.
    pub(super) body: String,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) posted: Option<Posted>,
}

impl Record {
    pub(super) fn new(outgoing: &Outgoing, operation_id: impl Into<String>) -> Self {
        Self {
            post: outgoing.post,
            in_box: outgoing.in_box.as_str().to_owned(),
            message: outgoing.message.as_ref().map(ToString::to_string),
            operation_id: operation_id.into(),
            body: STANDARD.encode(&outgoing.body),
            posted: None,
        }
    }

    /// A patch with these signatures, under an operationId of its own.
    pub(crate) fn patch(
        in_box: &str,
        message: &str,
        signatures: impl IntoIterator<Item = DocumentSignature>,
    ) -> Self {
        let body = MessagePatchToPostV2::new(in_box, message).with_signatures(signatures);
        Self::of(Post::Patch, in_box, message, body.encode_to_vec())
    }

    /// A draft that is sent with these signatures, to the recipient that it names.
    pub(crate) fn draft(
        in_box: &str,
        draft: &str,
        signatures: impl IntoIterator<Item = DocumentSenderSignature>,
    ) -> Self {
        let body = DraftToSend::new(in_box, draft).with_document_signatures(signatures);
        Self::of(Post::Draft, in_box, draft, body.encode_to_vec())
    }

    fn of(post: Post, in_box: &str, message: &str, body: Vec<u8>) -> Self {
        Self {
            post,
            in_box: in_box.to_owned(),
            message: Some(message.to_owned()),
            operation_id: OperationId::random().as_str().to_owned(),
            body: STANDARD.encode(body),
            posted: None,
        }
    }

    /// The bytes that are sent.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, base64::DecodeError> {
        STANDARD.decode(&self.body)
    }

    /// The signatures in the body of a patch or of a draft that is sent. A new message has documents in it.
    pub(crate) fn signatures(&self) -> Result<Vec<DocumentSignature>, base64::DecodeError> {
        let body = self.bytes()?;
        let signatures = match self.post {
            Post::Patch => MessagePatchToPostV2::decode(&*body).map(|patch| patch.signatures),
            Post::Draft => DraftToSend::decode(&*body).map(|draft| {
                let signatures = draft.document_signatures.into_iter();
                signatures.map(as_of_a_patch).collect()
            }),
            Post::Message => Ok(Vec::new()),
        };
        Ok(signatures.unwrap_or_default())
    }

    /// Whether it sends a draft, which is another message from then on.
    pub(crate) fn sends_a_draft(&self) -> bool {
        self.post == Post::Draft
    }

    /// The message that is patched.
    pub(crate) fn message(&self) -> Option<MessageId> {
        self.message.as_deref().map(MessageId::new)
    }

    /// What came of it, where that is known.
    pub(crate) fn posted(&self) -> Option<&Posted> {
        self.posted.as_ref()
    }

    /// This record with what came of it.
    pub(super) fn with(&self, posted: Posted) -> Self {
        Self {
            posted: Some(posted),
            ..self.clone()
        }
    }
}

fn as_of_a_patch(signature: DocumentSenderSignature) -> DocumentSignature {
    DocumentSignature {
        parent_entity_id: signature.parent_entity_id,
        signature: signature.signature,
        sign_with_test_signature: signature.sign_with_test_signature,
        ..DocumentSignature::default()
    }
}

/// The signatures that an operation posts, or will post: each in DER, with the document that it is for.
pub(crate) fn posted_signatures(operation: &Operation) -> Vec<(EntityId, Vec<u8>)> {
    let postings = postings_in(operation).into_iter();
    let signatures = postings.filter_map(|posting| posting.signatures().ok());
    signatures
        .flatten()
        .filter_map(|one| Some((EntityId::new(one.parent_entity_id), one.signature?.to_vec())))
        .collect()
}

/// The posting that a record is, or those that it has in it: an operation that signs and attaches has one for each
/// message, the present one, those that come after it, and those that were refused.
pub(super) fn postings_in(operation: &Operation) -> Vec<Record> {
    let mut data = operation.data().to_value();
    let data = if operation.kind().as_str() == KIND {
        vec![data]
    } else {
        let mut postings = Vec::new();
        postings.extend(data.get_mut("posting").map(Value::take));
        for (list, place) in [("later", ""), ("ended", "/refused/posting")] {
            let list = data.get_mut(list).and_then(Value::as_array_mut);
            let list = list.into_iter().flatten();
            let found = list.filter_map(|one| one.pointer_mut(place).map(Value::take));
            postings.extend(found);
        }
        postings
    };
    let read = |data| serde_json::from_value(data).ok();
    data.into_iter().filter_map(read).collect()
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
    fn the_signatures_of_a_patch_and_of_a_draft_are_kept_in_its_body() {
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
        let signature = |bytes: &'static [u8]| DocumentSenderSignature {
            parent_entity_id: "e".to_owned(),
            signature: Some(bytes.into()),
            ..DocumentSenderSignature::default()
        };
        let draft = DraftToSend::new("b", "d").with_document_signatures([signature(b"one")]);
        let draft = STANDARD.encode(draft.encode_to_vec());
        assert_eq!(kept("draft", &draft), [&b"one"[..]]);
        for (post, body) in [
            ("patch", "?"),
            ("patch", "/w=="),
            ("message", &*body),
            ("no", &body),
        ] {
            assert!(kept(post, body).is_empty(), "{post} {body}");
        }
    }
}

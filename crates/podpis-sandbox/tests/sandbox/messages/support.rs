//! What a client of messages does: it reads one, signs bytes in the cloud and posts the signature.

use std::time::Duration;

use bytes::Bytes;
use podpis_diadoc_proto::events::{
    DocumentSignature, Entity, EntityType, Message, MessagePatch, MessagePatchToPostV2,
};
use podpis_diadoc_proto::prost::Message as _;
use podpis_diadoc_proto::{ContentV2, DocumentIdEx};
use podpis_sandbox::{DocumentInfo, DocumentState, MessageOptions, WorldOptions};
use podpis_transport::HttpResponse;

use crate::support::{Desk, but, made, message};

pub(super) fn desk(options: MessageOptions) -> Desk {
    Desk::with(WorldOptions::default().message_options(options))
}

/// A document by its ids.
pub(super) fn place(message: &str, entity: &str) -> DocumentInfo {
    let mut place = Desk::new().info().unsigned_document;
    message.clone_into(&mut place.message);
    entity.clone_into(&mut place.entity);
    place
}

impl Desk {
    /// A signature of the director under the bytes of a document, made by CloudSign.
    pub(super) fn signature_of(&mut self, document: &DocumentInfo) -> Bytes {
        let content = made(|it: &mut ContentV2| {
            it.document_id = Some(DocumentIdEx {
                message_id: document.message.clone(),
                entity_id: document.entity.clone(),
                box_id: self.info().box_id,
            })
        });
        self.sign(vec![content]).remove(0)
    }

    /// A signature of bytes of one's own.
    pub(super) fn signature_over(&mut self, content: impl Into<Bytes>) -> Bytes {
        let content = made(|it: &mut ContentV2| it.content = Some(content.into()));
        self.sign(vec![content]).remove(0)
    }

    pub(super) fn patch(
        &mut self,
        message: &str,
        signatures: Vec<DocumentSignature>,
        id: &str,
    ) -> HttpResponse {
        let body = self.patch_of(message, signatures);
        self.post(&format!("/V4/PostMessagePatch?operationId={id}"), body)
    }

    pub(super) fn patch_of(&self, message: &str, signatures: Vec<DocumentSignature>) -> Vec<u8> {
        MessagePatchToPostV2 {
            box_id: self.info().box_id,
            message_id: message.to_owned(),
            signatures,
            ..MessagePatchToPostV2::default()
        }
        .encode_to_vec()
    }

    /// Puts a signature under a document, which has to work, and gives its id.
    pub(super) fn attach(
        &mut self,
        document: &DocumentInfo,
        signature: DocumentSignature,
    ) -> String {
        let signature = but(signature, |it| {
            it.parent_entity_id = document.entity.clone()
        });
        let answer = self.patch(&document.message, vec![signature], "");
        assert_eq!(answer.status(), 200, "{:?}", answer.body());
        let mut patch: MessagePatch = message(&answer);
        patch.entities.remove(0).entity_id
    }

    /// The status of putting a signature under a document, and the text when it is refused.
    pub(super) fn try_attach(
        &mut self,
        document: &DocumentInfo,
        signature: DocumentSignature,
    ) -> (u16, String) {
        let signature = but(signature, |it| {
            it.parent_entity_id = document.entity.clone()
        });
        let answer = self.patch(&document.message, vec![signature], "");
        refusal(&answer)
    }

    pub(super) fn get_message(&mut self, id: &str, more: &str) -> HttpResponse {
        let path = format!(
            "/V6/GetMessage?boxId={}&messageId={id}{more}",
            self.info().box_id
        );
        self.get(&path)
    }

    pub(super) fn read_message(&mut self, id: &str, more: &str) -> Message {
        let answer = self.get_message(id, more);
        assert_eq!(answer.status(), 200, "{:?}", answer.body());
        message(&answer)
    }

    pub(super) fn entity_content(&mut self, id: &str, entity: &str) -> HttpResponse {
        let path = format!(
            "/V4/GetEntityContent?boxId={}&messageId={id}&entityId={entity}",
            self.info().box_id
        );
        self.get(&path)
    }

    /// A document as the sandbox shows it.
    pub(super) fn state(&mut self, document: &DocumentInfo) -> DocumentState {
        self.world
            .documents()
            .into_iter()
            .find(|known| known.message == document.message && known.entity == document.entity)
            .unwrap()
    }

    /// Lets the service verify what was posted.
    pub(super) fn verified(&mut self) {
        self.wait(Duration::from_secs(1));
        let _ = self.world.counters();
    }
}

pub(super) fn given(signature: impl Into<Bytes>) -> DocumentSignature {
    made(|it: &mut DocumentSignature| it.signature = Some(signature.into()))
}

pub(super) fn test_signature() -> DocumentSignature {
    made(|it: &mut DocumentSignature| it.sign_with_test_signature = Some(true))
}

pub(super) fn approval(signature: DocumentSignature) -> DocumentSignature {
    but(signature, |it| it.is_approvement_signature = Some(true))
}

pub(super) fn of(document: &DocumentInfo, signature: DocumentSignature) -> DocumentSignature {
    but(signature, |it| {
        it.parent_entity_id = document.entity.clone()
    })
}

pub(super) fn refusal(answer: &HttpResponse) -> (u16, String) {
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    (answer.status().as_u16(), text)
}

pub(super) fn is_signature(entity: &&Entity) -> bool {
    entity.entity_type == Some(EntityType::SIGNATURE.number())
}

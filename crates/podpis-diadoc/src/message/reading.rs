//! How a message, the bytes of an entity, and what is known of a signature are asked for.
//!
//! **Invariant:** only reads: each call is safe to repeat, and nothing is signed or sent by it.

use bytes::Bytes;
use podpis_core::Error;
use podpis_core::call::Call;
use podpis_diadoc_proto::{self as proto, events};

use super::{Message, SignatureInfo};
use crate::Diadoc;
use crate::InBox;
use crate::endpoints::{GET_ENTITY_CONTENT, GET_MESSAGE, GET_SIGNATURE_INFO};
use crate::{BoxId, EntityId, MessageId, protobuf};

/// A message that was not read yet.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `read`"]
pub struct MessageReading {
    diadoc: Diadoc,
    in_box: BoxId,
    message: MessageId,
    entity: Option<EntityId>,
    original_signatures: bool,
    contents: bool,
}

impl InBox {
    /// Reads a message or a draft: its documents and the signatures under them.
    pub fn message(&self, message: &MessageId) -> MessageReading {
        MessageReading {
            diadoc: self.client.clone(),
            in_box: self.id.clone(),
            message: message.clone(),
            entity: None,
            original_signatures: false,
            contents: false,
        }
    }

    /// The bytes of a document, a signature or another entity.
    ///
    /// # Errors
    /// When the service does not answer or refuses: 404 also where the entity has no content.
    pub async fn entity_content(
        &self,
        message: &MessageId,
        entity: &EntityId,
    ) -> Result<Bytes, Error> {
        let call = Call::new(&GET_ENTITY_CONTENT)
            .query("boxId", self.id.as_str())
            .query("messageId", message.as_str())
            .query("entityId", entity.as_str())
            .any_body();
        let answer = self.caller().call(call).await?;
        if answer.body().is_empty() {
            return Err(answer.unreadable("the content is empty"));
        }
        Ok(answer.body().clone())
    }

    /// What the service says of a signature; `signature` is the entity of the signature, not of what it signs.
    ///
    /// # Errors
    /// When the service does not answer or refuses: 404 where there is no such signature.
    pub async fn signature_info(
        &self,
        message: &MessageId,
        signature: &EntityId,
    ) -> Result<SignatureInfo, Error> {
        let call = Call::new(&GET_SIGNATURE_INFO)
            .query("boxId", self.id.as_str())
            .query("messageId", message.as_str())
            .query("entityId", signature.as_str());
        let answer = self.caller().call(call).await?;
        let info: proto::SignatureInfo = protobuf::read(&answer)?;
        Ok(info.into())
    }
}

impl MessageReading {
    /// Reads only what belongs to this entity.
    pub fn entity(mut self, entity: &EntityId) -> Self {
        self.entity = Some(entity.clone());
        self
    }

    /// Reads signatures as they were posted; without it, with the time stamp of the service (CAdES-T).
    pub fn original_signatures(mut self) -> Self {
        self.original_signatures = true;
        self
    }

    /// Reads the bytes of documents and signatures too. At most 1 MiB comes in one answer; what does not fit has to
    /// be fetched by [`InBox::entity_content`].
    pub fn contents(mut self) -> Self {
        self.contents = true;
        self
    }

    /// Reads it.
    ///
    /// # Errors
    /// When the service does not answer or refuses: 404 where there is no such message.
    pub async fn read(self) -> Result<Message, Error> {
        // Whether `false` or only its absence means "no" differs between the service's SDKs for the first of the two.
        let original = self.original_signatures.then_some("true");
        let contents = if self.contents { "true" } else { "false" };
        let call = Call::new(&GET_MESSAGE)
            .query("boxId", self.in_box.as_str())
            .query("messageId", self.message.as_str())
            .query_if("entityId", self.entity.as_ref().map(EntityId::as_str))
            .query_if("originalSignature", original)
            .query("injectEntityContent", contents);
        let answer = self.diadoc.caller().call(call).await?;
        let wire: events::Message = protobuf::read(&answer)?;
        let now = self.diadoc.runs().time.now();
        Ok(Message::new(wire, self.in_box, now))
    }
}

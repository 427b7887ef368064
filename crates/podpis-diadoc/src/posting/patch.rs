//! A patch that attaches signatures to documents of a message.
//!
//! **Invariant:** only signatures, so that the record holds no byte of a document.

use podpis_core::wait::{Beginning, Run};
use podpis_core::{Error, ErrorKind, begins};
use podpis_diadoc_proto::events::MessagePatchToPostV2;
use podpis_diadoc_proto::prost::Message as _;
use podpis_operation::Journal;

use super::record::Post;
use super::starting::{self, refuse_two};
use super::{Outgoing, Posting};
use crate::Diadoc;
use crate::document_signature::{Breach, DocumentSignature, check_patch};
use crate::message::Message;
use crate::{BoxId, InBox, MessageId};

/// A patch that was not posted yet.
#[derive(Clone)]
#[must_use = "nothing is sent until `start` or `run`"]
pub struct MessagePatching {
    begin: Beginning<Diadoc>,
    in_box: BoxId,
    message: MessageId,
    signatures: Vec<DocumentSignature>,
}

begins!(MessagePatching { in_box, message, signatures } => Posting);

impl InBox {
    /// Attaches signatures to documents of a message (V4/PostMessagePatch).
    ///
    /// An ordinary signature of a document that waits for it sends the document. Nothing is read before: compare with
    /// the message by [`MessagePatching::check`]; [`InBox::sign_and_attach`] does so by itself.
    ///
    /// ```no_run
    /// # use podpis_core::wait::{Begin, Deadline, NoPrompt};
    /// # use podpis_diadoc::document_signature::DocumentSignature;
    /// # use podpis_diadoc::{BoxId, Diadoc, EntityId, MessageId};
    /// # async fn example(
    /// #     diadoc: Diadoc,
    /// #     in_box: BoxId,
    /// #     message: MessageId,
    /// #     document: EntityId,
    /// #     der: Vec<u8>,
    /// # ) -> Result<(), Box<dyn std::error::Error>> {
    /// let signature = DocumentSignature::builder(&document, der).build()?;
    /// let patching = diadoc.in_box(&in_box).patch_message(&message).signature(signature);
    /// for warning in patching.check(&diadoc.in_box(&in_box).message(&message).read().await?)? {
    ///     println!("{warning}");
    /// }
    /// let posted = patching.run(&mut NoPrompt, Deadline::minutes(5)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn patch_message(&self, message: &MessageId) -> MessagePatching {
        MessagePatching {
            begin: Beginning::new(self.client.clone()),
            in_box: self.id.clone(),
            message: message.clone(),
            signatures: Vec::new(),
        }
    }
}

impl MessagePatching {
    /// Adds a signature: one element for each document and signature.
    pub fn signature(mut self, signature: DocumentSignature) -> Self {
        self.signatures.push(signature);
        self
    }

    /// Adds several.
    pub fn signatures(mut self, signatures: impl IntoIterator<Item = DocumentSignature>) -> Self {
        self.signatures.extend(signatures);
        self
    }

    /// Checks the signatures against the message as it was just read; gives warnings. Sends nothing.
    ///
    /// # Errors
    /// The first hard rule that is broken, as [`DocumentSignature::check`]; R-SIG-1 also for two ordinary signatures of
    /// one document in the patch, and R-LIM-1 for one that is too large.
    pub fn check(&self, message: &Message) -> Result<Vec<Breach>, Breach> {
        check_patch(&self.signatures, message)
    }

    /// The body as it is sent, but for a power of attorney that is here: that goes by the shelf.
    fn body(&self) -> MessagePatchToPostV2 {
        let signatures = self.signatures.iter().map(Into::into);
        MessagePatchToPostV2::new(self.in_box.as_str(), self.message.as_str())
            .with_signatures(signatures)
    }

    /// Puts powers of attorney that are here on the shelf, stores id and body, and posts them.
    ///
    /// # Errors
    /// Nothing to post, or two ordinary signatures of one document; another body under the id of a posting in the
    /// journal (R-OPS-1); a posting that the service refuses as it is (nothing is stored then). What is lost on the way
    /// is not an error here: [`Run::wait`] sends the same again. Nor is a conflict: the message is read, and the run is
    /// done if the signatures are there, else refused.
    async fn started(self, journal: &dyn Journal) -> Result<Run<'_, Posting>, Error> {
        let outgoing = self.outgoing().await?;
        starting::start(self.begin, journal, &outgoing, Vec::new()).await
    }

    async fn outgoing(&self) -> Result<Outgoing, Error> {
        if self.signatures.is_empty() {
            let text = "there is no signature to attach";
            return Err(Error::new(ErrorKind::InvalidInput, text));
        }
        let ordinary = self.signatures.iter().filter(|one| !one.is_approval());
        refuse_two(ordinary.map(DocumentSignature::parent))?;
        let to_judge: Vec<_> = (self.signatures.iter())
            .filter_map(DocumentSignature::to_judge)
            .collect();
        self.begin.client.judge_given(to_judge).await?;
        let mut posted = self.clone();
        posted.signatures.clear();
        for signature in &self.signatures {
            let signature = signature.clone().by_shelf(&self.begin.client).await?;
            posted.signatures.push(signature);
        }
        Ok(Outgoing {
            post: Post::Patch,
            in_box: self.in_box.clone(),
            message: Some(self.message.clone()),
            body: posted.body().encode_to_vec(),
        })
    }
}

//! A draft that is sent, with the signatures that it lacks.
//!
//! **Invariant:** a draft is not sent to its own box.

use podpis_core::wait::{Beginning, Run};
use podpis_core::{Error, begins};
use podpis_diadoc_proto::events::DraftToSend;
use podpis_diadoc_proto::prost::Message as _;
use podpis_operation::Journal;

use super::record::Post;
use super::starting::{self, refuse_two};
use super::{Outgoing, Posting};
use crate::Diadoc;
use crate::document_signature::{Breach, DocumentSenderSignature, Rule, check_draft};
use crate::message::{Message, same_box};
use crate::{BoxId, InBox, MessageId};

/// A draft that was not sent yet.
#[derive(Clone)]
#[must_use = "nothing is sent until `start` or `run`"]
pub struct DraftPosting {
    begin: Beginning<Diadoc>,
    in_box: BoxId,
    draft: MessageId,
    to_box: Option<BoxId>,
    to_department: Option<String>,
    signatures: Vec<DocumentSenderSignature>,
}

begins!(DraftPosting { in_box, draft, to_box } => Posting);

impl InBox {
    /// Signs and sends a draft (SendDraft). Nothing is read before: compare with the draft by [`DraftPosting::check`].
    pub fn send_draft(&self, draft: &MessageId) -> DraftPosting {
        DraftPosting {
            begin: Beginning::new(self.client.clone()),
            in_box: self.id.clone(),
            draft: draft.clone(),
            to_box: None,
            to_department: None,
            signatures: Vec::new(),
        }
    }
}

impl DraftPosting {
    /// The recipient, where the draft does not name one.
    pub fn to(mut self, to_box: &BoxId) -> Self {
        self.to_box = Some(to_box.clone());
        self
    }

    /// The recipient's department.
    pub fn to_department(mut self, department: impl Into<String>) -> Self {
        self.to_department = Some(department.into());
        self
    }

    /// Adds the signature of a document of the draft.
    pub fn signature(mut self, signature: DocumentSenderSignature) -> Self {
        self.signatures.push(signature);
        self
    }

    /// Adds several.
    pub fn signatures(
        mut self,
        signatures: impl IntoIterator<Item = DocumentSenderSignature>,
    ) -> Self {
        self.signatures.extend(signatures);
        self
    }

    /// Checks recipient and signatures against the draft as it was just read; gives warnings. Sends nothing.
    ///
    /// # Errors
    /// The first hard rule that is broken, as [`DocumentSenderSignature::check`]; R-SIG-1 also for two signatures of
    /// one document, R-DRF-1 for a recipient that is the draft's own box or is named for an internal draft, and R-LIM-1
    /// for a request that is too large.
    pub fn check(&self, draft: &Message) -> Result<Vec<Breach>, Breach> {
        check_draft(&self.signatures, self.to_box.as_ref(), draft)
    }

    /// The body as it is sent, but for a power of attorney that is here: that goes by the shelf.
    fn body(&self) -> DraftToSend {
        let to_box = self.to_box.as_ref().map_or("", BoxId::as_str);
        let signatures = self.signatures.iter();
        DraftToSend::new(self.in_box.as_str(), self.draft.as_str())
            .with_to_box_id(to_box)
            .with_to_department_id(self.to_department.as_deref().unwrap_or_default())
            .with_document_signatures(signatures.map(Into::into))
    }

    /// Puts powers of attorney that are here on the shelf, stores id and body, and sends them.
    /// [`Posted::message`](super::Posted::message) is the message that the draft became.
    ///
    /// # Errors
    /// The draft's own box as the recipient, or two signatures of one document; another body under the id of a posting
    /// in the journal (R-OPS-1); a posting that the service refuses as it is (nothing is stored then). What is lost on
    /// the way is not an error here: [`Run::wait`] sends the same again. Nor is a conflict: the message is read, and
    /// the run is done if the signatures are there, else refused.
    async fn started(self, journal: &dyn Journal) -> Result<Run<'_, Posting>, Error> {
        let outgoing = self.outgoing().await?;
        starting::start(self.begin, journal, &outgoing, Vec::new()).await
    }

    async fn outgoing(&self) -> Result<Outgoing, Error> {
        let to_itself = |to: &BoxId| same_box(to.as_str(), self.in_box.as_str()) == Some(true);
        if self.to_box.as_ref().is_some_and(to_itself) {
            let text = "the draft would be sent to its own box";
            return Err(Breach::new(Rule::Drf1, text).into());
        }
        refuse_two(self.signatures.iter().map(DocumentSenderSignature::parent))?;
        let to_judge: Vec<_> = (self.signatures.iter())
            .filter_map(DocumentSenderSignature::to_judge)
            .collect();
        self.begin.client.judge_given(to_judge).await?;
        let mut posted = self.clone();
        posted.signatures.clear();
        for signature in &self.signatures {
            let signature = signature.clone().by_shelf(&self.begin.client).await?;
            posted.signatures.push(signature);
        }
        Ok(Outgoing {
            post: Post::Draft,
            in_box: self.in_box.clone(),
            message: Some(self.draft.clone()),
            body: posted.body().encode_to_vec(),
        })
    }
}

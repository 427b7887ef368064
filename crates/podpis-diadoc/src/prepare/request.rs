//! What is to be prepared, and for whom.
//!
//! **Invariant:** a request whose answer could not be matched is not sent: no document twice, and at most one content
//! that is not in Diadoc yet.

use bytes::Bytes;
use podpis_core::call::Call;
use podpis_core::{Error, ErrorKind};
use podpis_diadoc_proto::DocumentId;
use podpis_diadoc_proto::events::{
    ContentToPatch, DocumentToPatch, DraftDocumentToPatch, PrepareDocumentsToSignRequest,
    PrepareDocumentsToSignResponse, UnsignedContent,
};
use podpis_diadoc_proto::invoicing::signers::ExtendedSigner;
use podpis_diadoc_proto::prost::Message as _;

use super::answer::{self, PreparedDocuments};
use super::patched::{DocumentRef, PostedBy};
use super::signer::Signer;
use crate::InBox;
use crate::document_signature::{Breach, PowerOfAttorney, Rule, SignedBytes};
use crate::endpoints::PREPARE_DOCUMENTS_TO_SIGN;
use crate::message::same_id;
use crate::{BoxId, Diadoc, EntityId, MessageId, protobuf};

/// A document to prepare, and its signer.
#[derive(Clone, Debug)]
pub struct ToPrepare {
    what: What,
    to_box: Option<BoxId>,
    signer: Option<Signer>,
    extended: Vec<ExtendedSigner>,
    signer_content: Option<Bytes>,
}

#[derive(Clone, Debug)]
enum What {
    Document(DocumentRef, PostedBy),
    Content {
        type_named_id: String,
        function: String,
        version: String,
        bytes: SignedBytes,
    },
}

impl ToPrepare {
    /// A document that waits unsent in a message. Its signature is posted by PostMessagePatch.
    #[must_use]
    pub fn unsent(message: &MessageId, document: &EntityId) -> Self {
        let document = DocumentRef::new(message, document);
        Self::new(What::Document(document, PostedBy::PostMessagePatch))
    }

    /// A document in a draft. Its signature is sent by SendDraft.
    #[must_use]
    pub fn in_draft(draft: &MessageId, document: &EntityId) -> Self {
        let document = DocumentRef::new(draft, document);
        Self::new(What::Document(document, PostedBy::SendDraft))
    }

    /// An XML that is not in Diadoc yet, by its type, function and version. What comes back is posted by PostMessage
    /// instead of it.
    pub fn content(
        type_named_id: impl Into<String>,
        function: impl Into<String>,
        version: impl Into<String>,
        bytes: impl Into<SignedBytes>,
    ) -> Self {
        Self::new(What::Content {
            type_named_id: type_named_id.into(),
            function: function.into(),
            version: version.into(),
            bytes: bytes.into(),
        })
    }

    fn new(what: What) -> Self {
        Self {
            what,
            to_box: None,
            signer: None,
            extended: Vec::new(),
            signer_content: None,
        }
    }

    /// The recipient, where a draft does not name it and for a content.
    #[must_use]
    pub fn to_box(mut self, to_box: &BoxId) -> Self {
        self.to_box = Some(to_box.clone());
        self
    }

    /// Who signs. Not for universal transfer documents.
    #[must_use]
    pub fn signer(mut self, signer: Signer) -> Self {
        self.signer = Some(signer);
        self
    }

    /// Who signs, with the powers that newer forms ask for. At most one.
    #[must_use]
    pub fn extended_signer(mut self, signer: ExtendedSigner) -> Self {
        self.extended.push(signer);
        self
    }

    /// Who signs, as a content of its own (`SignerContent`): for universal signers.
    #[must_use]
    pub fn signer_content(mut self, content: impl Into<Bytes>) -> Self {
        self.signer_content = Some(content.into());
        self
    }

    fn check(&self) -> Result<(), Error> {
        if self.extended.len() > 1 {
            let text = "a document is prepared for one extended signer at most";
            return Err(Breach::new(Rule::Prp1, text).into());
        }
        let powers = self
            .extended
            .iter()
            .filter_map(|one| one.power_of_attorney.clone());
        for power in powers {
            PowerOfAttorney::try_from(power)?;
        }
        match &self.what {
            What::Document(_, PostedBy::PostMessagePatch) if self.to_box.is_some() => {
                Err(invalid("the recipient of a document in a message is fixed"))
            }
            What::Document(document, _)
                if document.message.as_str().trim().is_empty()
                    || document.entity.as_str().trim().is_empty() =>
            {
                Err(invalid("a document to prepare has no message or no entity"))
            }
            What::Document(..) => Ok(()),
            What::Content { bytes, .. } if *bytes == SignedBytes::Inline(Bytes::new()) => {
                Err(invalid("the content to prepare is empty"))
            }
            What::Content { .. } => Ok(()),
        }
    }
}

/// Documents that were not prepared yet.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct Preparing {
    diadoc: Diadoc,
    in_box: BoxId,
    items: Vec<ToPrepare>,
    without_contents: bool,
}

impl InBox {
    /// Has the service write the signer into documents of a box before they are signed.
    ///
    /// ```no_run
    /// # use podpis_core::wait::{Begin, Deadline, NoPrompt};
    /// # use podpis_diadoc::document_signature::DocumentSignature;
    /// # use podpis_diadoc::prepare::ToPrepare;
    /// # use podpis_diadoc::{BoxId, Diadoc, EntityId, MessageId};
    /// # async fn example(
    /// #     diadoc: Diadoc,
    /// #     in_box: BoxId,
    /// #     message: MessageId,
    /// #     document: EntityId,
    /// # ) -> Result<(), Box<dyn std::error::Error>> {
    /// let item = ToPrepare::unsent(&message, &document);
    /// let prepared = diadoc.in_box(&in_box).prepare_documents([item]).send().await?;
    /// for document in prepared.prepared() {
    ///     let signing = diadoc.in_box(&in_box).dss_sign([document.file("act.xml")]);
    ///     let signatures = signing.run(&mut NoPrompt, Deadline::minutes(10)).await?;
    ///     let signed = signatures.all()?[0];
    ///     let signature = DocumentSignature::of_prepared(document, signed).build()?;
    ///     let patching = diadoc.in_box(&in_box).patch_message(&message).signature(signature);
    ///     patching.run(&mut NoPrompt, Deadline::minutes(5)).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn prepare_documents(&self, documents: impl IntoIterator<Item = ToPrepare>) -> Preparing {
        Preparing {
            diadoc: self.client.clone(),
            in_box: self.id.clone(),
            items: documents.into_iter().collect(),
            without_contents: false,
        }
    }
}

impl Preparing {
    /// Does not ask for the prepared bytes: they are signed by their name. What came back as a signature can then not
    /// be compared with them.
    pub fn without_contents(mut self) -> Self {
        self.without_contents = true;
        self
    }

    /// Has them prepared. Safe to repeat: that makes other temporary contents.
    ///
    /// # Errors
    /// When the request could not be matched with its answer or breaks a rule (nothing was sent), when the service
    /// does not answer or refuses, and when its answer does not match what was asked for.
    pub async fn send(self) -> Result<PreparedDocuments, Error> {
        self.check()?;
        let exclude = self.without_contents.then_some("true");
        let call = Call::new(&PREPARE_DOCUMENTS_TO_SIGN)
            .query_if("excludeContent", exclude)
            .body(self.request().encode_to_vec());
        let answer = self.diadoc.caller().call(call).await?;
        let response: PrepareDocumentsToSignResponse = protobuf::read(&answer)?;
        let documents = self.items.iter().filter_map(|item| match &item.what {
            What::Document(document, posted_by) => Some((document.clone(), *posted_by)),
            What::Content { .. } => None,
        });
        let documents: Vec<_> = documents.collect();
        let has_content = documents.len() < self.items.len();
        answer::matched(documents, has_content, response).map_err(|why| answer.unreadable(why))
    }

    fn check(&self) -> Result<(), Error> {
        if self.items.is_empty() {
            return Err(invalid("there are no documents to prepare"));
        }
        let mut contents = 0;
        for (index, item) in self.items.iter().enumerate() {
            item.check()?;
            let What::Document(document, _) = &item.what else {
                contents += 1;
                continue;
            };
            let is_same = |other: &ToPrepare| match &other.what {
                What::Document(other, _) => {
                    same_id(other.message.as_str(), document.message.as_str())
                        && same_id(other.entity.as_str(), document.entity.as_str())
                }
                What::Content { .. } => false,
            };
            if self.items[..index].iter().any(is_same) {
                let text = format!("{} is to be prepared twice", document.entity);
                return Err(invalid(&text));
            }
        }
        if contents > 1 {
            return Err(invalid(
                "only one content that is not in Diadoc yet can be prepared at once: what comes back for several \
                 could not be told apart",
            ));
        }
        if contents > 0 && self.without_contents {
            return Err(invalid(
                "the bytes of a content that is not in Diadoc yet are needed: they are what is posted",
            ));
        }
        Ok(())
    }

    fn request(&self) -> PrepareDocumentsToSignRequest {
        let mut drafts = Vec::new();
        let mut documents = Vec::new();
        let mut contents = Vec::new();
        for item in &self.items {
            match &item.what {
                What::Document(document, PostedBy::SendDraft) => drafts.push(item.draft(document)),
                What::Document(document, PostedBy::PostMessagePatch) => {
                    documents.push(item.document(document));
                }
                What::Content {
                    type_named_id,
                    function,
                    version,
                    bytes,
                } => {
                    let bytes = match bytes {
                        SignedBytes::Inline(bytes) => {
                            UnsignedContent::new().with_content(bytes.clone())
                        }
                        SignedBytes::OnShelf(name) => {
                            UnsignedContent::new().with_name_on_shelf(name.as_str())
                        }
                    };
                    let wire = ContentToPatch::new(
                        type_named_id.as_str(),
                        function.as_str(),
                        version.as_str(),
                        bytes,
                    );
                    contents.push(ContentToPatch {
                        to_box_id: item.to_box.as_ref().map(ToString::to_string),
                        signer: item.signer.as_ref().map(Signer::to_proto),
                        extended_signer: item.extended.clone(),
                        signer_content: item.signer_content.clone(),
                        ..wire
                    });
                }
            }
        }
        PrepareDocumentsToSignRequest::new(self.in_box.as_str())
            .with_draft_documents(drafts)
            .with_documents(documents)
            .with_contents(contents)
    }
}

impl ToPrepare {
    fn draft(&self, document: &DocumentRef) -> DraftDocumentToPatch {
        DraftDocumentToPatch {
            to_box_id: self.to_box.as_ref().map(ToString::to_string),
            signer: self.signer.as_ref().map(Signer::to_proto),
            extended_signer: self.extended.clone(),
            signer_content: self.signer_content.clone(),
            ..DraftDocumentToPatch::new(wire_id(document))
        }
    }

    fn document(&self, document: &DocumentRef) -> DocumentToPatch {
        DocumentToPatch {
            signer: self.signer.as_ref().map(Signer::to_proto),
            extended_signer: self.extended.clone(),
            signer_content: self.signer_content.clone(),
            ..DocumentToPatch::new(wire_id(document))
        }
    }
}

fn wire_id(document: &DocumentRef) -> DocumentId {
    DocumentId::new(document.message.as_str(), document.entity.as_str())
}

fn invalid(text: &str) -> Error {
    Error::new(ErrorKind::InvalidInput, text)
}

//! A new message: documents with their signatures, a draft, or documents that wait for their signature.
//!
//! **Invariant:** the bytes of documents go by the shelf, so that the record has only their names.

use std::fmt;

use bytes::Bytes;
use podpis_core::wait::{Beginning, Run};
use podpis_core::{Error, ErrorKind, begins};
use podpis_diadoc_proto::events::{
    self, DocumentAttachment, MessageToPost, MetadataItem, NonformalizedAttachment,
};
use podpis_diadoc_proto::prost::Message as _;
use podpis_operation::{Fingerprint, Journal};

use super::record::Post;
use super::starting;
use super::{Outgoing, Posting};
use crate::Diadoc;
use crate::document_signature::{SignedContent, When};
use crate::shelf::put_on_shelf;
use crate::{BoxId, File, InBox};

/// What one message takes for certain: the service's documents name 30 and 40.
const DOCUMENTS: usize = 30;

/// A document of a new message.
#[derive(Clone)]
pub struct OutgoingDocument {
    name: String,
    content: SignedContent,
    form: Form,
    comment: Option<String>,
    needs_signature: bool,
    custom_id: Option<String>,
    /// The setter that a file does not have.
    misplaced: Option<&'static str>,
}

#[derive(Clone, Debug)]
enum Form {
    File {
        number: Option<String>,
        date: Option<String>,
    },
    Typed {
        type_named_id: String,
        function: Option<String>,
        version: Option<String>,
        metadata: Vec<(String, String)>,
    },
}

impl OutgoingDocument {
    /// A file of any kind (NonformalizedDocuments).
    pub fn file(name: impl Into<String>, content: SignedContent) -> Self {
        let form = Form::File {
            number: None,
            date: None,
        };
        Self::new(name.into(), content, form)
    }

    /// A document of a type, such as `Nonformalized` or `UniversalTransferDocument` (DocumentAttachments).
    pub fn typed(type_named_id: impl Into<String>, content: SignedContent) -> Self {
        let type_named_id = type_named_id.into();
        let name = type_named_id.clone();
        let form = Form::Typed {
            type_named_id,
            function: None,
            version: None,
            metadata: Vec::new(),
        };
        Self::new(name, content, form)
    }

    fn new(name: String, content: SignedContent, form: Form) -> Self {
        Self {
            name,
            content,
            form,
            comment: None,
            needs_signature: false,
            custom_id: None,
            misplaced: None,
        }
    }

    /// The number of the document: a field of a file, and for a document of a type its `DocumentNumber`.
    #[must_use]
    pub fn number(mut self, text: impl Into<String>) -> Self {
        match &mut self.form {
            Form::File { number, .. } => *number = Some(text.into()),
            Form::Typed { metadata, .. } => metadata.push(("DocumentNumber".into(), text.into())),
        }
        self
    }

    /// The date of the document, as the service writes it (`25.12.2026`): a field of a file, and for a document of a
    /// type its `DocumentDate`.
    #[must_use]
    pub fn date(mut self, text: impl Into<String>) -> Self {
        match &mut self.form {
            Form::File { date, .. } => *date = Some(text.into()),
            Form::Typed { metadata, .. } => metadata.push(("DocumentDate".into(), text.into())),
        }
        self
    }

    /// What a type asks for beside the content, for example `FileName`. For a document of a type only: the start refuses it for a file.
    #[must_use]
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        if let Form::Typed { metadata, .. } = &mut self.form {
            metadata.push((key.into(), value.into()));
        } else {
            self.misplaced = Some("metadata");
        }
        self
    }

    /// The function and the version of the type. For a document of a type only: the start refuses it for a file.
    #[must_use]
    pub fn format(mut self, of: impl Into<String>, in_version: impl Into<String>) -> Self {
        if let Form::Typed {
            function, version, ..
        } = &mut self.form
        {
            *function = Some(of.into());
            *version = Some(in_version.into());
        } else {
            self.misplaced = Some("format");
        }
        self
    }

    /// A comment for people.
    #[must_use]
    pub fn comment(mut self, text: impl Into<String>) -> Self {
        self.comment = Some(text.into());
        self
    }

    /// Asks the recipient for a signature.
    #[must_use]
    pub fn needs_recipient_signature(mut self) -> Self {
        self.needs_signature = true;
        self
    }

    /// An identifier of the sender's own.
    #[must_use]
    pub fn custom_id(mut self, id: impl Into<String>) -> Self {
        self.custom_id = Some(id.into());
        self
    }

    fn misplaced(&self) -> Option<String> {
        let setter = self.misplaced?;
        let name = &self.name;
        Some(format!(
            "`{setter}` is for a document of a type, and {name} is a file of any kind"
        ))
    }

    fn add_to(&self, message: &mut MessageToPost, content: events::SignedContent) {
        let comment = self.comment.as_deref().unwrap_or_default();
        let custom_id = self.custom_id.as_deref().unwrap_or_default();
        match &self.form {
            Form::File { number, date } => {
                let attachment = NonformalizedAttachment::new(content, self.name.as_str())
                    .with_comment(comment)
                    .with_need_recipient_signature(self.needs_signature)
                    .with_document_date(date.as_deref().unwrap_or_default())
                    .with_document_number(number.as_deref().unwrap_or_default())
                    .with_custom_document_id(custom_id);
                message.nonformalized_documents.push(attachment);
            }
            Form::Typed {
                type_named_id,
                function,
                version,
                metadata,
            } => {
                let items = metadata.iter();
                let attachment = DocumentAttachment::new(content, type_named_id.as_str())
                    .with_comment(comment)
                    .with_need_recipient_signature(self.needs_signature)
                    .with_custom_document_id(custom_id)
                    .with_function(function.as_deref().unwrap_or_default())
                    .with_version(version.as_deref().unwrap_or_default())
                    .with_metadata(
                        items.map(|(key, value)| MetadataItem::new(key.as_str(), value.as_str())),
                    );
                message.document_attachments.push(attachment);
            }
        }
    }
}

impl fmt::Debug for OutgoingDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutgoingDocument")
            .field("name", &self.name)
            .field("content", &self.content)
            .finish_non_exhaustive()
    }
}

/// A message that was not posted yet.
#[derive(Clone)]
#[must_use = "nothing is sent until `start` or `run`"]
pub struct MessagePosting {
    begin: Beginning<Diadoc>,
    from_box: BoxId,
    to_box: Option<BoxId>,
    from_department: Option<String>,
    to_department: Option<String>,
    is_internal: bool,
    lock_draft: bool,
    documents: Vec<OutgoingDocument>,
}

begins!(MessagePosting { from_box, to_box, documents } => Posting);

impl InBox {
    /// Posts a new message (V3/PostMessage): documents that are sent now, a draft, or documents that wait for their
    /// signature, as [`When`] in their content says.
    pub fn post_message(&self) -> MessagePosting {
        MessagePosting {
            begin: Beginning::new(self.client.clone()),
            from_box: self.id.clone(),
            to_box: None,
            from_department: None,
            to_department: None,
            is_internal: false,
            lock_draft: false,
            documents: Vec::new(),
        }
    }
}

impl MessagePosting {
    /// The recipient. Drafts may be without, and internal messages are.
    pub fn to(mut self, to_box: &BoxId) -> Self {
        self.to_box = Some(to_box.clone());
        self
    }

    /// The recipient's department.
    pub fn to_department(mut self, department: impl Into<String>) -> Self {
        self.to_department = Some(department.into());
        self
    }

    /// The sender's department.
    pub fn from_department(mut self, department: impl Into<String>) -> Self {
        self.from_department = Some(department.into());
        self
    }

    /// Makes it a message within the organization.
    pub fn internal(mut self) -> Self {
        self.is_internal = true;
        self
    }

    /// Lets a draft take no more documents. For drafts only: see [`When::Draft`].
    pub fn lock_draft(mut self) -> Self {
        self.lock_draft = true;
        self
    }

    /// Adds a document. All of them are sent at the same time, or none.
    pub fn document(mut self, document: OutgoingDocument) -> Self {
        self.documents.push(document);
        self
    }

    /// Puts the bytes of the documents on the shelf, stores id and body, and posts them.
    ///
    /// # Errors
    /// No documents, too many, some for now and some for later, or a setter that says nothing of such documents; an
    /// upload that failed; another body under the id of a posting in the journal (R-OPS-1); a posting that the service
    /// refuses as it is (nothing is stored then). What is lost on the way is not an error here: [`Run::wait`] sends the
    /// same again. Nor is a conflict: the run is refused then.
    async fn started(self, journal: &dyn Journal) -> Result<Run<'_, Posting>, Error> {
        let (outgoing, files) = self.outgoing().await?;
        starting::start(self.begin, journal, &outgoing, files).await
    }

    async fn outgoing(&self) -> Result<(Outgoing, Vec<Fingerprint>), Error> {
        let when = self.when()?;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut message = MessageToPost::new(self.from_box.as_str())
            .with_to_box_id(self.to_box.as_ref().map_or("", BoxId::as_str))
            .with_to_department_id(text(&self.to_department))
            .with_from_department_id(text(&self.from_department))
            .with_is_draft(when == When::Draft)
            .with_delay_send(when == When::Later)
            .with_lock_draft(self.lock_draft)
            .with_is_internal(self.is_internal);
        let to_judge = self.documents.iter();
        let to_judge: Vec<_> = to_judge
            .filter_map(|document| document.content.to_judge(&document.name))
            .collect();
        self.begin.client.judge_given(to_judge).await?;
        let mut files = Vec::with_capacity(self.documents.len());
        for document in &self.documents {
            let content = document.content.clone();
            let content = content.power_by_shelf(&self.begin.client).await?;
            let mut content = events::SignedContent::from(&content);
            let mut file = Fingerprint::named(document.name.as_str());
            if let Some(bytes) = content.content.take() {
                file.size = Some(bytes.len() as u64);
                content.name_on_shelf = Some(self.upload(&document.name, bytes).await?);
            }
            files.push(file);
            document.add_to(&mut message, content);
        }
        let outgoing = Outgoing {
            post: Post::Message,
            in_box: self.from_box.clone(),
            message: None,
            body: message.encode_to_vec(),
        };
        Ok((outgoing, files))
    }

    async fn upload(&self, name: &str, bytes: Bytes) -> Result<String, Error> {
        let file = put_on_shelf(&self.begin.client, &File::bytes(name, bytes)).await?;
        let name = file.shelf_name().map(ToString::to_string);
        Ok(name.unwrap_or_default())
    }

    fn when(&self) -> Result<When, Error> {
        let count = self.documents.len();
        let mut whens = self
            .documents
            .iter()
            .map(|document| document.content.when());
        let problem = match whens.next() {
            None => "there are no documents to post".to_owned(),
            Some(_) if count > DOCUMENTS => {
                format!("there are {count} documents, and one message takes {DOCUMENTS}")
            }
            Some(first) if whens.any(|when| when != first) => {
                "the documents are not all sent at the same time: some now, in a draft or later"
                    .to_owned()
            }
            Some(first) if self.lock_draft && first != When::Draft => {
                "`lock_draft` is for drafts, and the documents are not for one".to_owned()
            }
            Some(first) => match self.documents.iter().find_map(OutgoingDocument::misplaced) {
                None => return Ok(first),
                Some(problem) => problem,
            },
        };
        Err(Error::new(ErrorKind::InvalidInput, problem))
    }
}

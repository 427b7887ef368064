//! Operations that were not started yet.
//!
//! **Invariant:** what is signed is looked at before anybody is asked: names and digests of the documents are in
//! the record when the start is sent.

use bytes::Bytes;
use futures_util::FutureExt as _;
use podpis_cms::{Certificate, DigestAlgorithm, DigestBuilder, Thumbprint};
use podpis_core::wait::{Beginning, OperationKind, Prepared, Run};
use podpis_core::{Error, ErrorKind, begins};
use podpis_extern_model::{
    AccountId, CertificateRequest, DocumentId, DraftId, DraftMeta, ReplyDocument, ReplyId,
};
use podpis_operation::{Fingerprint, Journal};

use super::collect::fingerprint;
use super::kinds::{CloudStart, DecryptDocument, SignDraft, SignPfrReply, SignReply};
use super::record::{Before, Record, Step};
use super::target::{ConfirmPath, Target};
use crate::drafts::{DraftContent, Keeping, KeptDocuments, side_by_side};
use crate::{DocumentPath, Extern, InAccount};

/// What is signed, and by which certificate.
struct What {
    target: Target,
    documents: Vec<(DocumentId, Fingerprint)>,
    certificate: Option<Thumbprint>,
    before: Before,
}

impl What {
    fn prepared<K>(self, account: AccountId, start: CloudStart) -> Prepared<K>
    where
        K: OperationKind<Client = Extern, Record = Record, Request = CloudStart>,
    {
        let (ids, files): (Vec<_>, Vec<_>) = self.documents.into_iter().unzip();
        let place = account.to_string();
        let record = Record {
            account,
            target: self.target,
            documents: ids,
            certificate: self.certificate.as_ref().map(ToString::to_string),
            before: self.before,
            progress: None,
            step: Step::Starting,
        };
        Prepared::new(record, start).in_place(place).about(files)
    }
}

/// Signing a draft that was not started yet.
#[must_use = "nothing is sent until `start` or `run`"]
pub struct DraftSigning {
    begin: Beginning<Extern>,
    account: AccountId,
    draft: DraftId,
    kept: Option<KeptDocuments>,
}

begins!(DraftSigning { draft } => SignDraft);

impl DraftSigning {
    pub(crate) fn new(client: Extern, account: AccountId, draft: DraftId) -> Self {
        Self {
            begin: Beginning::new(client),
            account,
            draft,
            kept: None,
        }
    }

    /// Keeps the documents' bytes, which are read to make their digests, so that nobody has to fetch them again.
    pub fn keep_documents(mut self, kept: &KeptDocuments) -> Self {
        self.kept = Some(kept.clone());
        self
    }

    /// Reads the draft, stores the record, and sends the start.
    ///
    /// # Errors
    /// A draft that cannot be read or has no documents (nothing was started), a start that was refused (nothing is
    /// stored then), or one whose effect is unknown (the record is in the journal and in the error).
    async fn started(self, journal: &dyn Journal) -> Result<Run<'_, SignDraft>, Error> {
        let (client, account) = (self.begin.client.clone(), self.account.clone());
        let draft = client
            .account(&account)
            .draft(&self.draft)
            .await
            .map_err(Error::before_start)?;
        let certificate = draft.meta.as_ref().and_then(sender_certificate);
        let algorithms = DigestAlgorithm::of_signer(certificate.as_ref());
        let in_account = client.account(&account);
        let contents = in_account
            .contents_of(&self.draft, &draft)
            .await
            .map_err(Error::before_start)?;
        if contents.is_empty() {
            let text = format!(
                "draft {} has no documents: there is nothing to sign",
                self.draft
            );
            return Err(Error::new(ErrorKind::InvalidInput, text));
        }
        let reading = Reading {
            account: &in_account,
            draft: &self.draft,
            algorithms: &algorithms,
            kept: self.kept.as_ref(),
        };
        let asked = contents.into_iter();
        let asked = asked.map(|(content, is_signed)| reading.document(content, is_signed).boxed());
        let read = side_by_side(asked.collect()).await;
        let read = read.map_err(Error::before_start)?;
        let (mut documents, mut before) = (Vec::new(), Before::default());
        let mut bytes = Vec::new();
        for one in read {
            documents.push((one.document, one.file));
            before.signatures.extend(one.signature);
            bytes.push(one.bytes);
        }
        if let Some(kept) = &self.kept {
            kept.put(bytes);
        }
        let what = What {
            target: Target::Draft { draft: self.draft },
            documents,
            certificate: certificate.map(|certificate| certificate.thumbprint()),
            before,
        };
        let prepared = what.prepared(self.account, CloudStart::Nothing);
        self.begin.start(journal, prepared).await
    }
}

/// Reads what will be signed of a draft.
struct Reading<'a> {
    account: &'a InAccount,
    draft: &'a DraftId,
    algorithms: &'a [DigestAlgorithm],
    kept: Option<&'a KeptDocuments>,
}

/// A document that will be signed.
struct ReadDocument {
    document: DocumentId,
    file: Fingerprint,
    bytes: Option<Bytes>,
    /// What its signature before the start is recognised by: a lost answer must not be made up for by what is older.
    signature: Option<String>,
}

impl Reading<'_> {
    async fn document(
        &self,
        content: DraftContent,
        is_signed: bool,
    ) -> Result<ReadDocument, Error> {
        let mut file = Fingerprint::named(content.name);
        let mut keeping = None;
        if let Some(id) = &content.content {
            keeping = self.kept.map(KeptDocuments::begin);
            let each = |part| {
                if let Some(keeping) = &mut keeping {
                    keeping.add(part);
                }
            };
            let digested = self.account.digest_content(id, self.algorithms, each);
            let (size, digests) = digested.await?;
            file.size = Some(size);
            file.digests = digests.iter().collect();
        }
        let document = content.document;
        let signature = if is_signed {
            let signature = self.account.draft_document_signature(self.draft, &document);
            signature.await?
        } else {
            None
        };
        Ok(ReadDocument {
            document,
            file,
            bytes: keeping.and_then(Keeping::whole),
            signature: signature.as_deref().map(fingerprint),
        })
    }
}

/// The certificate that a draft is signed by, where its sender has one there that can be read.
pub(crate) fn sender_certificate(meta: &DraftMeta) -> Option<Certificate> {
    let certificate = meta.sender.as_ref()?.certificate.as_ref()?;
    let der = certificate.content.as_ref()?.decode().ok()?;
    Certificate::from_der(&der).ok()
}

/// Signing a reply that was not started yet.
#[must_use = "nothing is sent until `start` or `run`"]
pub struct ReplySigning {
    begin: Beginning<Extern>,
    account: AccountId,
    place: DocumentPath,
    reply: ReplyId,
    force_confirmation: bool,
    certificate: Option<Thumbprint>,
}

begins!(ReplySigning { reply } => SignReply);

impl ReplySigning {
    pub(crate) fn new(
        client: Extern,
        account: AccountId,
        place: DocumentPath,
        reply: ReplyId,
    ) -> Self {
        Self {
            begin: Beginning::new(client),
            account,
            place,
            reply,
            force_confirmation: false,
            certificate: None,
        }
    }

    /// The service's `forceConfirmation`; false unless set. Its meaning for receipts is told both ways round by the
    /// service's own documents, so what happens is read from the answer, and both work.
    pub fn force_confirmation(mut self, force: bool) -> Self {
        self.force_confirmation = force;
        self
    }

    /// Which certificate the signature must be of, where that is known.
    pub fn certificate(mut self, thumbprint: Thumbprint) -> Self {
        self.certificate = Some(thumbprint);
        self
    }

    /// Reads the reply, stores the record, and sends the start.
    ///
    /// # Errors
    /// A reply that cannot be read (nothing was started), a start that was refused (nothing is stored then), or one
    /// whose effect is unknown (the record is in the journal and in the error).
    async fn started(self, journal: &dyn Journal) -> Result<Run<'_, SignReply>, Error> {
        let client = &self.begin.client;
        let reply = client
            .account(&self.account)
            .reply(&self.place, &self.reply)
            .await
            .map_err(Error::before_start)?;
        let signature = reply
            .signature
            .as_ref()
            .and_then(|signature| signature.decode().ok());
        let before = Before {
            signatures: signature.as_deref().map(fingerprint).into_iter().collect(),
            tasks: Vec::new(),
        };
        let file = reply_file(&self.reply, &reply);
        let document = self.place.document_id().clone();
        let target = Target::Reply {
            place: self.place,
            reply: self.reply,
            force_confirmation: self.force_confirmation,
        };
        let what = What {
            target,
            documents: vec![(document, file)],
            certificate: self.certificate,
            before,
        };
        let prepared = what.prepared(self.account, CloudStart::Nothing);
        self.begin.start(journal, prepared).await
    }
}

/// What is signed of a reply, as far as the service shows it.
pub(crate) fn reply_file(id: &ReplyId, reply: &ReplyDocument) -> Fingerprint {
    let name = reply
        .filename
        .as_deref()
        .filter(|name| !name.trim().is_empty());
    let mut file = Fingerprint::named(name.unwrap_or(id.as_str()));
    let shown = [&reply.data_to_sign, &reply.content].into_iter().flatten();
    let mut shown = shown.filter_map(|content| content.decode().ok());
    if let Some(bytes) = shown.find(|bytes| !bytes.is_empty()) {
        let mut digests = DigestBuilder::standard();
        digests.update(&bytes);
        file.size = Some(bytes.len() as u64);
        file.digests = digests.finish().iter().collect();
    }
    file
}

/// Signing a PFR reply that was not started yet.
#[must_use = "nothing is sent until `start` or `run`"]
pub struct PfrReplySigning {
    begin: Beginning<Extern>,
    account: AccountId,
    place: DocumentPath,
    reply: ReplyId,
    certificate: Option<Thumbprint>,
}

begins!(PfrReplySigning { reply } => SignPfrReply);

impl PfrReplySigning {
    pub(crate) fn new(
        client: Extern,
        account: AccountId,
        place: DocumentPath,
        reply: ReplyId,
    ) -> Self {
        Self {
            begin: Beginning::new(client),
            account,
            place,
            reply,
            certificate: None,
        }
    }

    /// Which certificate the signatures must be of, where that is known.
    pub fn certificate(mut self, thumbprint: Thumbprint) -> Self {
        self.certificate = Some(thumbprint);
        self
    }

    /// Reads the reply, stores the record, and sends the start. The service does not give the
    /// plain contents of these documents, so their signatures say `NotChecked(NeedsFile)` until they are bound
    /// with the bytes.
    ///
    /// # Errors
    /// A reply that cannot be read or has no documents (nothing was started), a start that was refused (nothing is
    /// stored then), or one whose effect is unknown (the record is in the journal and in the error).
    async fn started(self, journal: &dyn Journal) -> Result<Run<'_, SignPfrReply>, Error> {
        let client = &self.begin.client;
        let reply = client
            .account(&self.account)
            .pfr_reply(&self.place, &self.reply)
            .await
            .map_err(Error::before_start)?;
        let signatures = reply
            .documents
            .iter()
            .filter_map(|document| document.signature.as_ref()?.decode().ok());
        let before = Before {
            signatures: signatures.map(|der| fingerprint(&der)).collect(),
            tasks: Vec::new(),
        };
        let documents: Vec<_> = reply
            .documents
            .into_iter()
            .filter_map(|document| document.id)
            .map(|id| (id.clone(), Fingerprint::named(id.to_string())))
            .collect();
        if documents.is_empty() {
            let text = format!(
                "PFR reply {} has no documents: there is nothing to sign",
                self.reply
            );
            return Err(Error::new(ErrorKind::InvalidInput, text));
        }
        let target = Target::PfrReply {
            place: self.place,
            reply: self.reply,
        };
        let what = What {
            target,
            documents,
            certificate: self.certificate,
            before,
        };
        let prepared = what.prepared(self.account, CloudStart::Nothing);
        self.begin.start(journal, prepared).await
    }
}

/// Decrypting a document that was not started yet.
#[must_use = "nothing is sent until `start` or `run`"]
pub struct Decrypting {
    begin: Beginning<Extern>,
    account: AccountId,
    place: DocumentPath,
    certificate: Vec<u8>,
    unzip: bool,
    confirm: ConfirmPath,
}

begins!(Decrypting { place } => DecryptDocument);

impl Decrypting {
    pub(crate) fn new(
        client: Extern,
        account: AccountId,
        place: DocumentPath,
        certificate: Vec<u8>,
    ) -> Self {
        Self {
            begin: Beginning::new(client),
            account,
            place,
            certificate,
            unzip: true,
            confirm: ConfirmPath::default(),
        }
    }

    /// Whether the service unpacks what was compressed before it was encrypted; true unless set.
    pub fn unzip(mut self, unzip: bool) -> Self {
        self.unzip = unzip;
        self
    }

    /// Which call takes the code; the current one unless set.
    pub fn confirm_path(mut self, path: ConfirmPath) -> Self {
        self.confirm = path;
        self
    }

    /// Looks whether the document is decrypted already, stores the record, and sends the
    /// start. A document that is decrypted already ends the operation at once, without asking anybody.
    ///
    /// # Errors
    /// A certificate that is not one or a document that cannot be read (nothing was started), a start that was
    /// refused (nothing is stored then), or one whose effect is unknown (the record is in the journal and in the
    /// error).
    async fn started(self, journal: &dyn Journal) -> Result<Run<'_, DecryptDocument>, Error> {
        let certificate = Certificate::from_der(&self.certificate).map_err(|error| {
            Error::new(
                ErrorKind::InvalidInput,
                format!("the certificate to decrypt with cannot be read: {error}"),
            )
            .with_source(error)
        })?;
        let client = &self.begin.client;
        let document = client
            .account(&self.account)
            .document(&self.place)
            .await
            .map_err(Error::before_start)?;
        let start = match document.decrypted_content_id() {
            Some(content) => CloudStart::AlreadyDecrypted(content.clone()),
            None => CloudStart::Certificate(CertificateRequest::new(&self.certificate)),
        };
        let name = document
            .description
            .and_then(|description| description.filename);
        let id = self.place.document_id().clone();
        let file = Fingerprint::named(name.unwrap_or_else(|| id.to_string()));
        let target = Target::Document {
            place: self.place,
            unzip: self.unzip,
            confirm: self.confirm,
        };
        let what = What {
            target,
            documents: vec![(id, file)],
            certificate: Some(certificate.thumbprint()),
            before: Before::default(),
        };
        let prepared = what.prepared(self.account, start);
        self.begin.start(journal, prepared).await
    }
}

#[cfg(test)]
mod tests {
    use podpis_extern_model::Base64;

    use super::*;

    #[test]
    fn what_is_signed_of_a_reply_is_what_is_there() {
        let text = |bytes: &str| Some(Base64::encode(bytes));
        for (data_to_sign, content, expected) in [
            (text("signed"), text("content"), Some(6)),
            (None, text("content"), Some(7)),
            (text(""), text("content"), Some(7)),
            (text(""), None, None),
            (None, None, None),
        ] {
            let mut reply = ReplyDocument::default();
            (reply.data_to_sign, reply.content) = (data_to_sign, content);
            let file = reply_file(&"r".into(), &reply);
            assert_eq!(file.size, expected);
            assert_eq!(file.digests.is_empty(), expected.is_none());
        }
    }
}

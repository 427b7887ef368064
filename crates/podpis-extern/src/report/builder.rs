//! The sending of a report that was not started yet.
//!
//! **Invariant:** the contents are at the service before the record is written, so that nothing after it needs a
//! file, and a sending that failed before has left nothing but unused contents behind.

use std::sync::Arc;

use podpis_cms::{Certificate, DigestAlgorithm};
use podpis_core::wait::{Beginning, Prepared, Run};
use podpis_core::{Error, ErrorKind, begins};
use podpis_extern_model::{AccountId, Base64, CertificateText, DraftMeta};
use podpis_operation::Journal;

use super::document::ReportDocument;
use super::kind::SendReport;
use super::record::{Document, Record, Step};
use crate::Extern;
use crate::contents::UploadProgress;
use crate::drafts::new_id;

type OnUpload = Arc<dyn Fn(&UploadProgress) + Send + Sync>;

/// Sending a report that was not started yet.
#[must_use = "nothing is sent until `start` or `run`"]
pub struct ReportSending {
    begin: Beginning<Extern>,
    account: AccountId,
    meta: DraftMeta,
    documents: Vec<ReportDocument>,
    certificate: Option<Vec<u8>>,
    force: bool,
    on_upload: Option<OnUpload>,
}

begins!(ReportSending { documents } => SendReport);

impl ReportSending {
    pub(crate) fn new(
        client: Extern,
        account: AccountId,
        meta: DraftMeta,
        documents: Vec<ReportDocument>,
    ) -> Self {
        Self {
            begin: Beginning::new(client),
            account,
            meta,
            documents,
            certificate: None,
            force: false,
            on_upload: None,
        }
    }

    /// The certificate that signs, in DER. It becomes the sender's in the draft, by which the service picks the key;
    /// needed where the sender has none there yet.
    pub fn certificate(mut self, der: impl Into<Vec<u8>>) -> Self {
        self.certificate = Some(der.into());
        self
    }

    /// Goes on although the check finds errors, with the service's `force` at the end: it sends reports for the
    /// pension fund so. False unless set.
    pub fn force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }

    /// Is told how far the upload of each file is.
    pub fn on_upload(mut self, tell: impl Fn(&UploadProgress) + Send + Sync + 'static) -> Self {
        self.on_upload = Some(Arc::new(tell));
        self
    }

    /// Uploads the contents, stores the record, and makes the draft; the steps after it are
    /// taken by [`Run::wait`].
    ///
    /// # Errors
    /// No documents, no certificate, or an upload that failed (nothing was started), a draft that the service
    /// refused (nothing is stored then), or one whose making is unknown (the record is in the journal and in the
    /// error, and going on makes the same draft).
    async fn started(mut self, journal: &dyn Journal) -> Result<Run<'_, SendReport>, Error> {
        let wrong = |text: &str| Error::new(ErrorKind::InvalidInput, text).before_start();
        if self.documents.is_empty() {
            return Err(wrong("a report has at least one document"));
        }
        let certificate = self.signer().map_err(Error::before_start)?;
        let mut files = Vec::with_capacity(self.documents.len());
        let mut documents = Vec::with_capacity(self.documents.len());
        for document in std::mem::take(&mut self.documents) {
            let mut upload = self
                .begin
                .client
                .account(&self.account)
                .upload(document.file)
                .content_type(&*document.content_type)
                .digests(&DigestAlgorithm::of_signer(Some(&certificate)));
            if let Some(tell) = self.on_upload.clone() {
                upload = upload.on_progress(move |progress| tell(progress));
            }
            let uploaded = upload.run().await.map_err(Error::before_start)?;
            let mut file = uploaded.fingerprint();
            file.name = document.filename.unwrap_or(file.name);
            documents.push(Document {
                id: new_id().into(),
                content: uploaded.content,
                document_type: document.document_type,
                filename: file.name.clone(),
                content_type: document.content_type,
                data_to_sign: None,
            });
            files.push(file);
        }
        let record = Record {
            account: self.account,
            draft: new_id().into(),
            meta: Box::new(self.meta),
            documents,
            certificate: certificate.thumbprint().to_string(),
            force: self.force,
            check: Default::default(),
            signed: None,
            step: Step::Draft,
        };
        let place = record.account.to_string();
        let prepared = Prepared::new(record, ()).in_place(place).about(files);
        self.begin.start(journal, prepared).await
    }

    /// The certificate that signs, put where the service looks for it.
    fn signer(&mut self) -> Result<Certificate, Error> {
        let sender = self.meta.sender.get_or_insert_default();
        if let Some(der) = self.certificate.take() {
            let mut text = CertificateText::default();
            text.content = Some(Base64::encode(der));
            sender.certificate = Some(text);
        }
        let content = sender
            .certificate
            .as_ref()
            .and_then(|certificate| certificate.content.as_ref());
        let Some(content) = content else {
            let text = "the sender has no certificate: give the one that signs";
            return Err(Error::new(ErrorKind::InvalidInput, text));
        };
        let wrong = |error: Box<dyn std::error::Error + Send + Sync>| {
            let text = format!("the certificate of the sender cannot be read: {error}");
            Error::new(ErrorKind::InvalidInput, text).with_source(error)
        };
        let der = content.decode().map_err(|error| wrong(error.into()))?;
        Certificate::from_der(&der).map_err(|error| wrong(error.into()))
    }
}

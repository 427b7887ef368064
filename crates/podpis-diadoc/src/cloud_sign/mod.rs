//! Signing by Kontur.Certificate with a code by SMS: the CloudSign conversation.
//!
//! ```text
//! CloudSign → task → CloudSignResult → token, SMS → CloudSignConfirm(token, code) → task →
//! CloudSignConfirmResult → signatures
//! ```
//!
//! The service calls this way obsolete; it is here because programs still use it.
//!
//! **Invariant:** CloudSign and CloudSignConfirm are sent once each per operation and code. Diadoc has no list of
//! operations, so a lost answer to either of them can only be reported, never guessed.

mod conversation;
mod record;
mod request;

use std::sync::Arc;

use podpis_cms::Thumbprint;
use podpis_core::wait::{Beginning, Prepared, Run};
use podpis_core::{Error, begins};
use podpis_diadoc_proto::prost::Message as _;
use podpis_diadoc_proto::{CloudSignFile, CloudSignRequest};
use podpis_operation::{Fingerprint, Journal};
use serde::{Deserialize, Serialize};

use crate::shelf::{UploadProgress, UploadSettings, prepare};
use crate::{Diadoc, File};
use record::Step;

pub(crate) use record::Record;
pub(crate) use request::Request;

/// The kind of operation: signing by SMS.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CloudSign;

/// How the service hands the signatures over. Both give the same [`Signatures`](crate::Signatures).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::exhaustive_enums, reason = "the service knows these two")]
pub enum ResultForm {
    /// Inside the answer.
    #[default]
    Content,
    /// As names on the shelf, fetched from there.
    Reference,
}

impl ResultForm {
    fn as_str(self) -> &'static str {
        match self {
            Self::Content => "Content",
            Self::Reference => "Reference",
        }
    }
}

/// A CloudSign that was not started yet.
#[must_use = "nothing is sent until `start` or `run`"]
pub struct CloudSigning {
    begin: Beginning<Diadoc>,
    files: Vec<File>,
    certificate: Option<Thumbprint>,
    form: ResultForm,
    uploads: UploadSettings,
}

begins!(CloudSigning { files, certificate, form } => CloudSign);

impl CloudSigning {
    pub(crate) fn new(diadoc: Diadoc, files: Vec<File>) -> Self {
        let uploads = diadoc.uploads().clone();
        Self {
            begin: Beginning::new(diadoc),
            files,
            certificate: None,
            form: ResultForm::default(),
            uploads,
        }
    }

    /// Signs by this certificate; without it, by the user's current Kontur.Certificate.
    pub fn certificate(mut self, thumbprint: Thumbprint) -> Self {
        self.certificate = Some(thumbprint);
        self
    }

    /// How the service hands the signatures over.
    pub fn form(mut self, form: ResultForm) -> Self {
        self.form = form;
        self
    }

    /// Is told how far uploads are.
    pub fn on_upload(mut self, watcher: impl Fn(&UploadProgress) + Send + Sync + 'static) -> Self {
        self.uploads.watcher = Some(Arc::new(watcher));
        self
    }

    /// Uploads what has to be uploaded, stores the record, and sends the start.
    ///
    /// # Errors
    /// A file that cannot be read or sent (nothing was started), a start that was refused (nothing is stored
    /// then), or one whose effect is unknown (the record is in the journal and in the error).
    async fn started(self, journal: &dyn Journal) -> Result<Run<'_, CloudSign>, Error> {
        let (record, files, request) = Box::pin(self.ready()).await?;
        let prepared = Prepared::new(record, request).about(files);
        self.begin.start(journal, prepared).await
    }

    /// What is kept before the start, the files, and what the start sends.
    pub(crate) async fn ready(&self) -> Result<(Record, Vec<Fingerprint>, Request), Error> {
        let prepared = prepare(&self.begin.client, &self.uploads, &self.files).await?;
        let record = Record {
            certificate: self.certificate.as_ref().map(ToString::to_string),
            form: self.form,
            shelf: prepared
                .iter()
                .map(|file| file.on_shelf().map(ToString::to_string))
                .collect(),
            step: Step::Starting,
        };
        let mut files = Vec::with_capacity(prepared.len());
        let mut fingerprints = Vec::with_capacity(prepared.len());
        for file in prepared {
            files.push(
                CloudSignFile::new()
                    .with_content(file.content_v2())
                    .with_file_name(file.fingerprint.name.as_str()),
            );
            fingerprints.push(file.fingerprint);
        }
        let request = Request {
            body: CloudSignRequest::new()
                .with_files(files)
                .encode_to_vec()
                .into(),
            certificate: self.certificate,
        };
        Ok((record, fingerprints, request))
    }
}

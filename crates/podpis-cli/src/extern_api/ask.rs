//! What can be asked of Extern.
//!
//! An ask is noted beside the record of its operation, so that the same can be asked again.
//!
//! **Invariant:** ids and paths, never a secret and never a byte of a document.

use std::path::PathBuf;

use podpis::cms::Certificate;
use podpis::extern_api::model::{AccountId, Base64, DraftId, DraftMeta, ReplyId};
use podpis::extern_api::{ConfirmPath, ReportDocument, Source};
use podpis::{AnyRun, DocumentPath, Error, Extern, Journal, OperationId, Thumbprint};
use serde::{Deserialize, Serialize};

use crate::connection::parse;
use crate::failure::Failure;
use crate::messages::Message;
use crate::store::StoredPath;

/// Something to sign or to decrypt, in an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ask {
    pub(crate) account: AccountId,
    #[serde(flatten)]
    pub(crate) what: What,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub(crate) enum What {
    SignDraft {
        draft: DraftId,
    },
    SignReply {
        place: DocumentPath,
        reply: ReplyId,
        force_confirmation: bool,
    },
    SignPfrReply {
        place: DocumentPath,
        reply: ReplyId,
    },
    Decrypt {
        place: DocumentPath,
        certificate: CertificateChoice,
        old_confirm: bool,
    },
    SendReport {
        files: Vec<StoredPath>,
        document_type: String,
        meta: Box<DraftMeta>,
        /// None where the sender has one in `meta`.
        certificate: Option<CertificateChoice>,
        force: bool,
    },
    Answer {
        place: DocumentPath,
        reply_type: String,
        certificate: CertificateChoice,
        decline_codes: Vec<String>,
        /// For the documents of a package.
        contents: Vec<StoredPath>,
        sender_ip: String,
    },
}

/// The certificate to decrypt with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CertificateChoice {
    /// A thumbprint among the certificates of the account.
    Listed(String),
    /// A file, DER or PEM.
    File(StoredPath),
}

impl Ask {
    /// The certificate that has to be at hand before the start, in DER.
    pub(crate) async fn certificate(&self, client: &Extern) -> Result<Vec<u8>, Failure> {
        let certificate = match &self.what {
            What::Decrypt { certificate, .. } | What::Answer { certificate, .. } => certificate,
            What::SendReport {
                certificate: Some(certificate),
                ..
            } => certificate,
            _ => return Ok(Vec::new()),
        };
        match certificate {
            CertificateChoice::Listed(text) => self.listed(client, text).await,
            CertificateChoice::File(path) => from_file(path),
        }
    }

    /// The files that are sent, in the order of the operation.
    pub(crate) fn files(&self) -> impl Iterator<Item = PathBuf> {
        let files: &[StoredPath] = match &self.what {
            What::SendReport { files, .. } => files,
            _ => &[],
        };
        files.iter().map(StoredPath::to_path)
    }

    async fn listed(&self, client: &Extern, text: &str) -> Result<Vec<u8>, Failure> {
        let wanted: Thumbprint = parse("--cert", text)?;
        let listed = client.certificates(&self.account).await?;
        listed
            .iter()
            .filter_map(|one| one.der().ok())
            .find(|der| Certificate::from_der(der).is_ok_and(|known| known.thumbprint() == wanted))
            .ok_or_else(|| Failure::usage(Message::NoSuchCertificate(wanted.to_string())))
    }

    /// Starts it.
    pub(crate) async fn start<'j>(
        &self,
        client: &Extern,
        certificate: Vec<u8>,
        id: OperationId,
        follows: Option<OperationId>,
        journal: &'j dyn Journal,
    ) -> Result<AnyRun<'j>, Error> {
        macro_rules! start {
            ($kind:ident, $builder:expr) => {{
                let mut builder = $builder.id(id);
                if let Some(earlier) = follows {
                    builder = builder.follows(earlier);
                }
                builder.start(journal).await.map(AnyRun::$kind)
            }};
        }
        let account = &self.account;
        match &self.what {
            What::SignDraft { draft } => start!(SignDraft, client.sign_draft(account, draft)),
            What::SignReply {
                place,
                reply,
                force_confirmation,
            } => start!(
                SignReply,
                client
                    .sign_reply(account, place, reply)
                    .force_confirmation(*force_confirmation)
            ),
            What::SignPfrReply { place, reply } => {
                start!(SignPfrReply, client.sign_pfr_reply(account, place, reply))
            }
            What::Decrypt {
                place, old_confirm, ..
            } => {
                let path = if *old_confirm {
                    ConfirmPath::DecryptContentConfirm
                } else {
                    ConfirmPath::ConfirmContentDecryption
                };
                start!(
                    DecryptDocument,
                    client
                        .decrypt(account, place, certificate)
                        .confirm_path(path)
                )
            }
            What::SendReport {
                files,
                document_type,
                meta,
                force,
                ..
            } => {
                let documents = files
                    .iter()
                    .map(|file| ReportDocument::new(document_type, Source::path(file.to_path())));
                let mut sending = client
                    .send_report(account, (**meta).clone(), documents)
                    .force(*force);
                if !certificate.is_empty() {
                    sending = sending.certificate(certificate);
                }
                start!(SendReport, sending)
            }
            What::Answer {
                place,
                reply_type,
                decline_codes,
                contents,
                sender_ip,
                ..
            } => {
                let contents = contents.iter().map(|path| Source::path(path.to_path()));
                start!(
                    AnswerDocument,
                    client
                        .answer(account, place, reply_type, certificate, sender_ip)
                        .decline_codes(decline_codes)
                        .contents(contents)
                )
            }
        }
    }

    /// What was signed, in the order of the signatures, where the service has it.
    pub(crate) async fn contents(&self, client: &Extern) -> Result<Vec<Option<Vec<u8>>>, Error> {
        let account = &self.account;
        match &self.what {
            What::SignDraft { draft } => {
                let mut contents = Vec::new();
                for document in client.draft_contents(account, draft).await? {
                    contents.push(match &document.content {
                        Some(content) => Some(client.content(account, content).await?.to_vec()),
                        None => None,
                    });
                }
                Ok(contents)
            }
            What::SignReply { place, reply, .. } => {
                let reply = client.reply(account, place, reply).await?;
                let content = reply.data_to_sign.or(reply.content);
                let bytes = content.and_then(|content| content.decode().ok());
                Ok(vec![bytes.filter(|bytes| !bytes.is_empty())])
            }
            // Of these the service has no plain documents, or the person has them.
            What::SignPfrReply { .. }
            | What::Decrypt { .. }
            | What::SendReport { .. }
            | What::Answer { .. } => Ok(Vec::new()),
        }
    }
}

/// A certificate from a file, DER or PEM.
fn from_file(path: &StoredPath) -> Result<Vec<u8>, Failure> {
    let path = path.to_path();
    let shown = path.display().to_string();
    let bytes = std::fs::read(&path).map_err(|error| {
        Failure::usage(Message::FileUnreadable(shown.clone())).with_source(error)
    })?;
    let der = match std::str::from_utf8(&bytes).ok().and_then(pem_body) {
        Some(text) => Base64::from(text).decode().unwrap_or_default(),
        None => bytes,
    };
    match Certificate::from_der(&der) {
        Ok(_) => Ok(der),
        Err(error) => Err(Failure::usage(Message::CertificateUnreadable(shown)).with_source(error)),
    }
}

/// The Base64 of the first certificate in a text.
fn pem_body(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("-----BEGIN CERTIFICATE-----")?;
    let (body, _) = rest.split_once("-----END CERTIFICATE-----")?;
    Some(body.to_owned())
}

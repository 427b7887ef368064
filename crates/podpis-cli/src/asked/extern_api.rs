//! What is asked of Extern.
//!
//! **Invariant:** what is already at the service is named by its ids; files on disk must still be the same.

use std::path::PathBuf;

use bytes::Bytes;
use podpis::cms::Certificate;
use podpis::extern_api::model::{AccountId, DraftId, DraftMeta, ReplyId};
use podpis::extern_api::{ConfirmPath, KeptDocuments, LocalFile, ReportDocument};
use podpis::{DocumentPath, Error, Extern, Operation, Thumbprint};
use serde::{Deserialize, Serialize};

use super::{Asked, Start, Starting};
use crate::delivery::{FolderGoal, Goal};
use crate::environment::parse;
use crate::failure::Failure;
use crate::files::{must_be_the_same, read_small};
use crate::messages::Message;
use crate::out_folder::OutFolder;
use crate::store::{Note, Store, StoredPath, Subject};

/// How many bytes of a draft's documents are kept from the start on; what is larger is fetched again.
const KEPT: usize = 64 * 1024 * 1024;

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
    async fn certificate(&self, client: &Extern) -> Result<Vec<u8>, Failure> {
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
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let files: &[StoredPath] = match &self.what {
            What::SendReport { files, .. } => files,
            _ => &[],
        };
        files.iter().map(StoredPath::to_path).collect()
    }

    /// What it is about.
    pub(crate) fn subject(&self) -> Subject {
        match &self.what {
            What::SignDraft { draft } => Subject::of_made("draft", draft),
            What::SignReply { reply, .. } | What::SignPfrReply { reply, .. } => {
                Subject::of_made("reply", reply)
            }
            What::Decrypt { place, .. } => Subject::of_id("decrypt", place),
            What::Answer { place, .. } => Subject::of_id("answer", place).making(),
            What::SendReport {
                document_type,
                meta,
                ..
            } => {
                let sent = (&self.account, document_type, &meta.recipient, &meta.payer);
                let name = serde_json::to_string(&sent).unwrap_or_default();
                Subject::of_sending(name, self.files()).making()
            }
        }
    }

    async fn listed(&self, client: &Extern, text: &str) -> Result<Vec<u8>, Failure> {
        let wanted: Thumbprint = parse("--cert", text)?;
        let listed = client.account(&self.account).certificates().await?;
        listed
            .iter()
            .filter_map(|one| one.der().ok())
            .find(|der| Certificate::from_der(der).is_ok_and(|known| known.thumbprint() == wanted))
            .ok_or_else(|| Failure::usage(Message::NoSuchCertificate(wanted.to_string())))
    }

    /// What was signed, in the order of the signatures, where the service has it.
    async fn contents(&self, client: &Extern) -> Result<Vec<Option<Bytes>>, Error> {
        let account = &self.account;
        match &self.what {
            What::SignDraft { draft } => {
                let mut contents = Vec::new();
                for document in client.account(account).draft_contents(draft).await? {
                    contents.push(match &document.content {
                        Some(content) => Some(client.account(account).content(content).await?),
                        None => None,
                    });
                }
                Ok(contents)
            }
            What::SignReply { place, reply, .. } => {
                let reply = client.account(account).reply(place, reply).await?;
                let content = reply.data_to_sign.or(reply.content);
                let bytes = content.and_then(|content| content.decode().ok());
                let bytes = bytes.filter(|bytes| !bytes.is_empty());
                Ok(vec![bytes.map(Bytes::from)])
            }
            // Of these the service has no plain documents, or the person has them.
            What::SignPfrReply { .. }
            | What::Decrypt { .. }
            | What::SendReport { .. }
            | What::Answer { .. } => Ok(Vec::new()),
        }
    }
}

/// Where the documents are that go with the signatures.
#[derive(Debug)]
pub(crate) struct Contents {
    client: Extern,
    ask: Ask,
    kept: KeptDocuments,
}

impl Contents {
    /// Of an operation that was started before.
    pub(crate) fn at_the_service(client: Extern, ask: Ask) -> Self {
        Self {
            client,
            ask,
            kept: KeptDocuments::at_most(0),
        }
    }

    /// In the order of the signatures, from the service where they were not kept.
    pub(crate) async fn get(&self) -> Result<Vec<Option<Bytes>>, Error> {
        let kept = self.kept.take();
        if !kept.is_empty() && kept.iter().all(Option::is_some) {
            return Ok(kept);
        }
        self.ask.contents(&self.client).await
    }
}

/// About to be asked.
#[derive(Debug)]
pub(crate) struct ExternAsk {
    ask: Ask,
    folder: OutFolder,
    /// In DER; empty where none is needed.
    certificate: Vec<u8>,
    /// What is read to be signed.
    kept: KeptDocuments,
}

impl ExternAsk {
    /// Whose results go into this folder.
    pub(crate) fn new(ask: Ask, folder: OutFolder) -> Self {
        Self {
            ask,
            folder,
            certificate: Vec::new(),
            kept: KeptDocuments::at_most(KEPT),
        }
    }
}

impl Asked for ExternAsk {
    type Service = Extern;

    fn again(store: &Store, record: &Operation) -> Result<Self, Failure> {
        let noted = store.note(record.id()).ok().flatten();
        let noted = noted.and_then(|note| Some((note.ask.clone()?, note.folder()?)));
        let Some((ask, folder)) = noted else {
            let command = store.command("abandon", record.id());
            let id = record.id().to_string();
            return Err(Failure::usage(Message::AskUnknown { id, command }).about(record.id()));
        };
        must_be_the_same(&ask.files(), record)?;
        Ok(Self::new(ask, OutFolder::open(Some(&folder))?))
    }

    async fn get_ready(&mut self, client: &Extern) -> Result<(), Failure> {
        self.certificate = self.ask.certificate(client).await?;
        Ok(())
    }

    fn note(&self) -> Result<Note, Failure> {
        let mut note = Note::in_folder(self.folder.real().to_owned());
        note.ask = Some(self.ask.clone());
        Ok(note)
    }

    fn make_folders(&self) -> Result<(), Failure> {
        self.folder.make()
    }

    fn start<'j>(&self, client: &Extern, start: Start<'j>) -> Result<Starting<'j>, Failure> {
        let (account, certificate) = (&self.ask.account, self.certificate.clone());
        match &self.ask.what {
            What::SignDraft { draft } => {
                let signing = client.account(account).sign_draft(draft);
                start.begin(signing.keep_documents(&self.kept))
            }
            What::SignReply {
                place,
                reply,
                force_confirmation,
            } => start.begin(
                client
                    .account(account)
                    .sign_reply(place, reply)
                    .force_confirmation(*force_confirmation),
            ),
            What::SignPfrReply { place, reply } => {
                start.begin(client.account(account).sign_pfr_reply(place, reply))
            }
            What::Decrypt {
                place, old_confirm, ..
            } => {
                let path = if *old_confirm {
                    ConfirmPath::DecryptContentConfirm
                } else {
                    ConfirmPath::ConfirmContentDecryption
                };
                start.begin(
                    client
                        .account(account)
                        .decrypt(place, certificate)
                        .confirm_path(path),
                )
            }
            What::SendReport {
                files,
                document_type,
                meta,
                force,
                ..
            } => {
                let documents = files.iter().map(|file| {
                    ReportDocument::new(document_type, LocalFile::path(file.to_path()))
                });
                let mut sending = client
                    .account(account)
                    .send_report((**meta).clone(), documents)
                    .force(*force);
                if !certificate.is_empty() {
                    sending = sending.certificate(certificate);
                }
                start.begin(sending)
            }
            What::Answer {
                place,
                reply_type,
                decline_codes,
                contents,
                sender_ip,
                ..
            } => {
                let contents = contents.iter().map(|path| LocalFile::path(path.to_path()));
                start.begin(
                    client
                        .account(account)
                        .answer(place, reply_type, certificate, sender_ip)
                        .decline_codes(decline_codes)
                        .contents(contents),
                )
            }
        }
    }

    fn goal(&self, client: &Extern) -> Goal {
        Goal::Folder(FolderGoal {
            folder: self.folder.clone(),
            contents: Some(Box::new(Contents {
                client: client.clone(),
                ask: self.ask.clone(),
                kept: self.kept.clone(),
            })),
        })
    }
}

/// A certificate from a file, DER or PEM.
fn from_file(path: &StoredPath) -> Result<Vec<u8>, Failure> {
    let path = path.to_path();
    let bytes = read_small(&path)?;
    match Certificate::read_all(&bytes).map(|all| all.into_iter().next()) {
        Ok(first) => Ok(first.map(|known| known.der().to_vec()).unwrap_or_default()),
        Err(error) => {
            let shown = path.display().to_string();
            Err(Failure::usage(Message::CertificateUnreadable(shown)).with_source(error))
        }
    }
}

//! What one signature is worth for one file.
//!
//! **Invariant:** a file is read as a stream and is never in memory whole; of a signature no more is read than one can
//! have. What is wrong is a failure with a sentence of its own, and what was not checked stands in the result. What is said
//! of trust never contradicts what is said of the checks.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use podpis::Signed;
use podpis::cms::{BindError, Digests, Document, Signature, Thumbprint, verify_detached};
use podpis::trust::{Judgement, Trust};

use super::fetch::Fetched;
use super::question::Question;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::{read_at_most, unreadable};
use crate::messages::{Message, SignatureMessage};

/// The largest signature or certificate file read, in bytes.
const LIMIT: u64 = 16 * 1024 * 1024;

/// A file and its signature.
#[derive(Debug)]
pub(super) struct Pair {
    file: PathBuf,
    signature: PathBuf,
    /// Whether the signature is only where it should be, because nobody named it.
    is_guessed: bool,
}

impl Pair {
    /// The two as they were named.
    pub(super) fn of(file: &Path, signature: &Path) -> Self {
        Self {
            file: file.to_owned(),
            signature: signature.to_owned(),
            is_guessed: false,
        }
    }

    /// A file and `FILE.p7s` beside it.
    pub(super) fn beside(file: &Path) -> Self {
        let mut signature = file.as_os_str().to_owned();
        signature.push(".p7s");
        Self {
            file: file.to_owned(),
            signature: signature.into(),
            is_guessed: true,
        }
    }

    /// The file as people know it.
    pub(super) fn file(&self) -> String {
        self.file.display().to_string()
    }

    /// The signature as people know it.
    pub(super) fn signature(&self) -> String {
        self.signature.display().to_string()
    }
}

/// What was found of a file and its signature.
#[derive(Debug)]
pub(super) struct Judged {
    /// The checks, or what is wrong.
    pub(super) signed: Result<Signed, Failure>,
    judgement: Option<Judgement>,
    /// What was fetched for trust, if that was asked for.
    pub(super) fetched: Option<Vec<Fetched>>,
}

impl Judged {
    /// What is said of trust: only what is no better than what the checks say, which ask for more than trust does where
    /// a certificate is asked for or the digest proves nothing.
    pub(super) fn judgement(&self) -> Option<&Judgement> {
        let told = self.judgement.as_ref()?;
        let exit = exit_of(told.trust());
        (self.checks().worst(exit) == exit).then_some(told)
    }

    /// How that ends.
    pub(super) fn exit(&self) -> Exit {
        let trust = self.judgement.as_ref().map(Judgement::trust);
        self.checks().worst(trust.map_or(Exit::Done, exit_of))
    }

    fn checks(&self) -> Exit {
        match &self.signed {
            Ok(signed) if signed.checks().is_proven() => Exit::Done,
            Ok(_) => Exit::NotProven,
            Err(failure) => failure.exit(),
        }
    }
}

fn exit_of(trust: &Trust) -> Exit {
    match trust {
        Trust::Trusted => Exit::Done,
        Trust::Refused(_) => Exit::Failed,
        Trust::Unproven(_) => Exit::NotProven,
    }
}

/// Checks all that can be checked. What is asked for more in time is asked here.
pub(super) async fn judge(pair: &Pair, question: &mut Question) -> Judged {
    let judged = read_and_judge(pair, question).await;
    judged.unwrap_or_else(|failure| Judged {
        signed: Err(failure),
        judgement: None,
        fetched: None,
    })
}

async fn read_and_judge(pair: &Pair, question: &mut Question) -> Result<Judged, Failure> {
    let unreadable = unreadable(&pair.file);
    let opened = open(&pair.file).map_err(&unreadable)?;
    let bytes = signature(pair)?;
    let signature = Signature::parse(&bytes).map_err(|error| {
        let message = SignatureMessage::Unreadable(pair.signature());
        Failure::failed("signature", message.into()).with_source(error)
    })?;
    let digests = Digests::read(opened, &signature.digest_algorithms()).map_err(unreadable)?;
    let document = Document::known(pair.file(), digests);
    let (judgement, fetched) = match question.basis_mut() {
        Some(basis) => {
            let verdict = basis.judge(&document, &signature).await;
            (Some(verdict.judgement), verdict.fetched)
        }
        None => (None, None),
    };
    // A signer's certificate that trust found among what was given must not be missing for the checks.
    let found = judgement.iter().flat_map(Judgement::signers);
    let found = found.filter_map(|signer| signer.certificate().cloned());
    let expectation = question.expectation().clone().at_hand(found);
    let signed = verify_detached(&document, &bytes, &expectation);
    Ok(Judged {
        signed: signed.map_err(|error| wrong(error, pair)),
        judgement,
        fetched,
    })
}

fn signature(pair: &Pair) -> Result<Vec<u8>, Failure> {
    read(&pair.signature).map_err(|error| match error {
        ReadError::Io(error) if pair.is_guessed && error.kind() == io::ErrorKind::NotFound => {
            let message = SignatureMessage::NotThere {
                file: pair.file(),
                signature: pair.signature(),
            };
            Failure::failed("no_signature", message.into())
        }
        error => error.into_failure(&pair.signature()),
    })
}

/// Why a small file is not read.
#[derive(Debug)]
pub(super) enum ReadError {
    Io(io::Error),
    TooLarge,
}

impl ReadError {
    /// Likewise for people.
    pub(super) fn into_failure(self, path: &str) -> Failure {
        let path = path.to_owned();
        match self {
            Self::Io(error) => Failure::usage(Message::FileUnreadable(path)).with_source(error),
            Self::TooLarge => Failure::usage(Message::TooLargeForSignature { path, limit: LIMIT }),
        }
    }
}

/// The bytes of a signature or a certificate.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, ReadError> {
    let read = open(path).and_then(|file| read_at_most(file, LIMIT));
    read.map_err(ReadError::Io)?.ok_or(ReadError::TooLarge)
}

fn open(path: &Path) -> io::Result<fs::File> {
    let file = fs::File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    Ok(file)
}

fn wrong(error: BindError, pair: &Pair) -> Failure {
    let (file, signature) = (pair.file(), pair.signature());
    let failed = |message: SignatureMessage| Failure::failed("signature", message.into());
    match error {
        BindError::Mismatch(_) => failed(SignatureMessage::OtherContent { file, signature }),
        BindError::WrongValue { .. } => failed(SignatureMessage::WrongValue { file, signature }),
        BindError::OtherSigner { wanted, found, .. } => {
            let found: Vec<String> = found.iter().map(Thumbprint::to_string).collect();
            failed(SignatureMessage::OtherCertificate {
                file,
                signature,
                wanted: wanted.to_string(),
                found: found.join(", "),
            })
        }
        BindError::Digest { algorithm, .. } => failed(SignatureMessage::DigestProvesNothing {
            file,
            signature,
            algorithm: algorithm.title().to_owned(),
        }),
        BindError::Unreadable { source, .. } => {
            failed(SignatureMessage::Unreadable(signature)).with_source(source)
        }
        // Nothing is known to be wrong.
        other => {
            let message = SignatureMessage::NotChecked { file, signature };
            Failure::new(Exit::NotProven, "signature", message.into()).with_source(other)
        }
    }
}

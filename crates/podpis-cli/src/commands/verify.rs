//! `podpis verify`: says which file a signature is for, who signed, and what was checked.
//!
//! **Invariant:** done (0) means that the signature is for this very file and that nothing was found wrong; what
//! was not checked is said. A file is read as a stream and is never in memory whole.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;
use podpis::Signed;
use podpis::cms::{BindError, Digests, Document, Expectation, Signature, verify_detached};
use serde_json::{Value, json};

use crate::checks;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::{CheckName, Message};
use crate::moment::rfc3339;
use crate::output::Output;

/// The largest signature file read, in bytes.
const SIGNATURE_LIMIT: u64 = 16 * 1024 * 1024;

#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    /// The file
    file: PathBuf,

    /// Its detached signature: CMS in DER, such as FILE.p7s
    signature: PathBuf,
}

/// Checks and tells.
pub(crate) fn run(arguments: &VerifyArguments, output: Output) -> Result<Exit, Failure> {
    let file = arguments.file.display().to_string();
    let path = arguments.signature.display().to_string();
    let der = read_signature(&arguments.signature, &path)?;
    let signature = Signature::parse(&der).map_err(|error| {
        Failure::failed("signature", Message::SignatureUnreadable(path.clone())).with_source(error)
    })?;
    let digests = open(&arguments.file)
        .and_then(|opened| Digests::read(opened, &signature.digest_algorithms()))
        .map_err(|error| {
            Failure::usage(Message::FileUnreadable(file.clone())).with_source(error)
        })?;
    let document = Document::known(&*file, digests);
    let signed = verify_detached(&document, &der, &Expectation::new())
        .map_err(|error| wrong(error, &file, &path))?;
    if !signed.checks().digest().is_passed() {
        let message = Message::CannotTellFile {
            file,
            signature: path,
        };
        let why = checks::word(signed.checks().digest());
        return Err(Failure::failed("signature", message).with_source(why));
    }
    tell(&signed, &file, &path, output);
    output.result(&result(&signed, &file, &path))?;
    Ok(Exit::Done)
}

fn open(path: &Path) -> io::Result<fs::File> {
    let file = fs::File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    Ok(file)
}

fn read_signature(path: &Path, shown: &str) -> Result<Vec<u8>, Failure> {
    let mut der = Vec::new();
    open(path)
        .and_then(|file| file.take(SIGNATURE_LIMIT + 1).read_to_end(&mut der))
        .map_err(|error| {
            Failure::usage(Message::FileUnreadable(shown.to_owned())).with_source(error)
        })?;
    if der.len() as u64 > SIGNATURE_LIMIT {
        return Err(Failure::usage(Message::TooLargeForSignature {
            path: shown.to_owned(),
            limit: SIGNATURE_LIMIT,
        }));
    }
    Ok(der)
}

fn wrong(error: BindError, file: &str, signature: &str) -> Failure {
    let (file, signature) = (file.to_owned(), signature.to_owned());
    let failed = |message| Failure::failed("signature", message);
    match error {
        BindError::Mismatch(_) => failed(Message::NotForThisFile { file, signature }),
        BindError::WrongValue { .. } => failed(Message::WrongValue { file, signature }),
        other => failed(Message::SignatureNotChecked(signature)).with_source(other),
    }
}

fn tell(signed: &Signed, file: &str, path: &str, output: Output) {
    output.say(&Message::Belongs {
        file: file.to_owned(),
        signature: path.to_owned(),
    });
    for signer in signed.signature().signers() {
        match signer.certificate() {
            Some(certificate) => {
                output.say(&Message::Signer(certificate.subject().to_owned()));
                output.say(&Message::Thumbprint(certificate.thumbprint().to_string()));
            }
            None => output.say(&Message::NoCertificate),
        }
        output.say(&match signer.signing_time().and_then(rfc3339) {
            Some(time) => Message::SignedAt(time),
            None => Message::NoTime,
        });
    }
    checks::say(
        signed.checks(),
        &[CheckName::Digest, CheckName::Value],
        output,
    );
    output.say(&Message::TrustNotChecked);
}

fn result(signed: &Signed, file: &str, path: &str) -> Value {
    let signers: Vec<Value> = signed
        .signature()
        .signers()
        .iter()
        .map(|signer| {
            let certificate = signer.certificate();
            json!({
                "subject": certificate.map(|c| c.subject()),
                "certificate": certificate.map(|c| c.thumbprint().to_string()),
                "signing_time": signer.signing_time().and_then(rfc3339),
            })
        })
        .collect();
    json!({
        "file": file,
        "signature": path,
        "certificate": signed.certificate().map(|c| c.thumbprint().to_string()),
        "signers": signers,
        "checks": checks::json(signed.checks()),
    })
}

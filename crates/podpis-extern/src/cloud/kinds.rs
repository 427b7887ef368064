//! The four kinds of operation.
//!
//! **Invariant:** they differ in their name and in what they give; the conversation is one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use podpis_cms::{Digests, Document, Signatures, Thumbprint};
use podpis_core::secret::ConfirmationCode;
use podpis_core::wait::Record as _;
use podpis_core::wait::{KeptBytes, Learned, LockName, OperationKind, Reconciled};
use podpis_core::{Error, ErrorKind};
use podpis_extern_model::{CertificateRequest, ContentId};
use podpis_operation::{Kind, Operation};

use super::conversation::{confirm, poll, reconcile, start};
use super::decrypt::Decrypted;
use super::record::{Record, Step, kept};
use super::unreadable;
use crate::Extern;

/// What a start sends beyond what the record holds. Made by the builders.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CloudStart {
    /// No body.
    Nothing,
    /// The certificate that a document is encrypted for.
    Certificate(CertificateRequest),
    /// Nothing at all: the document is decrypted already.
    AlreadyDecrypted(ContentId),
}

macro_rules! kind {
    ($(#[$doc:meta])* $name:ident = $kind:literal gives $output:ty => $give:path) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        #[non_exhaustive]
        pub struct $name;

        #[async_trait::async_trait]
        impl OperationKind for $name {
            const KIND: Kind = Kind::new($kind);
            type Client = Extern;
            type Request = CloudStart;
            type Output = $output;

            fn locks(operation: &Operation) -> Vec<LockName> {
                locks(operation)
            }

            fn kept(operation: &Operation) -> Vec<KeptBytes> {
                kept(&operation.data().to_value(), operation.files())
            }

            async fn start(client: &Extern, operation: &Operation, request: CloudStart) -> Result<Learned, Error> {
                start(client, operation, request).await
            }

            async fn poll(client: &Extern, operation: &Operation) -> Result<Learned, Error> {
                poll(client, operation).await
            }

            async fn confirm(
                client: &Extern,
                operation: &Operation,
                code: &ConfirmationCode,
            ) -> Result<Learned, Error> {
                confirm(client, operation, code).await
            }

            async fn reconcile(client: &Extern, operation: &Operation) -> Result<Reconciled, Error> {
                reconcile(client, operation).await
            }

            fn output(client: &Extern, operation: &Operation) -> Result<$output, Error> {
                $give(client, operation)
            }
        }
    };
}

kind! {
    /// The kind of operation: signing all documents of a draft.
    SignDraft = "extern.sign-draft" gives Signatures => signatures
}

kind! {
    /// The kind of operation: signing a reply.
    SignReply = "extern.sign-reply" gives Signatures => signatures
}

kind! {
    /// The kind of operation: signing a PFR reply.
    SignPfrReply = "extern.sign-pfr-reply" gives Signatures => signatures
}

kind! {
    /// The kind of operation: decrypting a document.
    DecryptDocument = "extern.decrypt" gives Decrypted => decrypted
}

fn locks(operation: &Operation) -> Vec<LockName> {
    let Ok(record) = Record::of(operation) else {
        return Vec::new();
    };
    let mut locks = vec![record.target.lock()];
    // One person can confirm one operation at a time.
    locks.extend(record.certificate.as_deref().map(LockName::person));
    locks
}

fn decrypted(client: &Extern, operation: &Operation) -> Result<Decrypted, Error> {
    let record = Record::of(operation)?;
    match record.step {
        Step::Decrypted { content } => Ok(Decrypted {
            client: client.clone(),
            account: record.account,
            content,
        }),
        _ => Err(unreadable(operation, "it is done and names no content")),
    }
}

fn signatures(client: &Extern, operation: &Operation) -> Result<Signatures, Error> {
    let record = Record::of(operation)?;
    let Step::Signed { signatures } = record.step else {
        return Err(unreadable(operation, "it is done and has no signatures"));
    };
    let mut documents = Vec::with_capacity(operation.files().len());
    for file in operation.files() {
        documents.push(if file.digests.is_empty() {
            Document::unknown(file.name.clone())
        } else {
            let digests =
                Digests::from_pairs(&file.digests).map_err(|error| unreadable(operation, error))?;
            Document::known(file.name.clone(), digests)
        });
    }
    let mut given = Vec::with_capacity(signatures.len());
    for signature in signatures {
        given.push(match signature {
            Some(text) => Ok(STANDARD
                .decode(text)
                .map_err(|error| unreadable(operation, error))?),
            None => Err("the service attached no signature to it".to_owned()),
        });
    }
    let certificate: Option<Thumbprint> = match &record.certificate {
        Some(text) => Some(Thumbprint::parse(text).map_err(|error| unreadable(operation, error))?),
        None => None,
    };
    Signatures::bind(&documents, given, &client.expectation(certificate)).map_err(|error| {
        let text = format!("what came back are not the signatures of the documents: {error}");
        Error::new(ErrorKind::Signature, text).with_source(error)
    })
}

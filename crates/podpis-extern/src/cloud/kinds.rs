//! The four kinds of operation.
//!
//! **Invariant:** they differ in their name and in what they give; the conversation is one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use podpis_cms::{Signatures, Thumbprint};
use podpis_core::Error;
use podpis_core::client::{TrustCheck, bind};
use podpis_core::secret::ConfirmationCode;
use podpis_core::wait::{Conversation, Current, KeptBytes, Learned, LockName, OperationKind};
use podpis_extern_model::{CertificateRequest, ContentId};
use podpis_operation::{Event, Kind, Operation};

use super::conversation::{confirm, poll, reconcile, start};
use super::decrypt::Decrypted;
use super::record::{Record, Step, kept};
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

        impl OperationKind for $name {
            const KIND: Kind = Kind::new($kind);
            type Client = Extern;
            type Record = Record;
            type Request = CloudStart;
            type Output = $output;

            fn locks(record: &Record) -> Vec<LockName> {
                let mut locks = vec![record.target.lock()];
                // One person can confirm one operation at a time.
                locks.extend(record.certificate.as_deref().map(LockName::person));
                locks
            }

            fn kept(operation: &Operation) -> Vec<KeptBytes> {
                kept(&operation.data().to_value(), operation.files())
            }

            fn output(client: &Extern, at: Current<'_, Record>) -> Result<$output, Error> {
                $give(client, at)
            }
        }

        #[async_trait::async_trait]
        impl Conversation for $name {
            async fn start(client: &Extern, at: Current<'_, Record>, request: CloudStart) -> Result<Learned<Record>, Error> {
                start(client, at, request).await
            }

            async fn next_step(client: &Extern, at: Current<'_, Record>) -> Result<Learned<Record>, Error> {
                start(client, at, CloudStart::Nothing).await
            }

            async fn poll(client: &Extern, at: Current<'_, Record>) -> Result<Learned<Record>, Error> {
                poll(client, at).await
            }

            async fn confirm(
                client: &Extern,
                at: Current<'_, Record>,
                code: &ConfirmationCode,
            ) -> Result<Learned<Record>, Error> {
                confirm(client, at, code).await
            }

            async fn reconcile(client: &Extern, at: Current<'_, Record>) -> Result<Event<Record>, Error> {
                reconcile(client, at).await
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

fn decrypted(client: &Extern, at: Current<'_, Record>) -> Result<Decrypted, Error> {
    let record = at.record();
    match &record.step {
        Step::Decrypted { content } => Ok(Decrypted {
            client: client.clone(),
            account: record.account.clone(),
            content: content.clone(),
        }),
        _ => Err(at.unreadable("it is done and names no content")),
    }
}

fn signatures(client: &Extern, at: Current<'_, Record>) -> Result<Signatures, Error> {
    bound(client, at, client.trust().as_ref())
}

/// The signatures of a record that has them; with `trust` their signers are judged.
pub(crate) fn bound(
    client: &Extern,
    at: Current<'_, Record>,
    trust: Option<&TrustCheck>,
) -> Result<Signatures, Error> {
    let record = at.record();
    let Step::Signed { signatures } = &record.step else {
        return Err(at.unreadable("it is done and has no signatures"));
    };
    let decoded = |signature: &Option<String>| match signature {
        Some(text) => STANDARD.decode(text).map(Ok),
        None => Ok(Err("the service attached no signature to it".to_owned())),
    };
    let given = signatures.iter().map(decoded).collect::<Result<_, _>>();
    let given = given.map_err(|error| at.unreadable(error))?;
    let certificate = record.certificate.as_deref().map(Thumbprint::parse);
    let certificate = certificate.transpose();
    let certificate = certificate.map_err(|error| at.unreadable(error))?;
    bind(at.files(), given, &client.expectation(certificate), trust)
}

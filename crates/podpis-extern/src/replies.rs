//! Makes replies to documents and fills them: single ones, and packages for the pension fund.
//!
//! Which replies a document can have now is told by the document itself: see
//! [`Document::reply_options`](podpis_extern_model::Document::reply_options). Sending is not here, because it cannot
//! be undone: a reply is sent by an operation of its own.
//!
//! **Invariant:** nothing here is said to anybody; every call may be repeated.

use bytes::Bytes;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use podpis_core::Error;
use podpis_core::call::{Answer, Call};
use podpis_extern_model::{CertificateRequest, DocumentId, PfrReply, ReplyDocument, ReplyId};

use crate::endpoints::{
    GENERATE_REPLY, PFR_GENERATE_REPLY, PFR_REPLY, PFR_REPLY_DECRYPTED_CONTENT_PUT,
    PFR_REPLY_SIGNATURE_PUT, REPLY, REPLY_CONTENT_PUT, REPLY_SIGNATURE_PUT,
};
use crate::given_signature;
use crate::json::{asking, reading, sending};
use crate::{DocumentPath, InAccount};

impl InAccount {
    async fn put_octets(&self, call: Call, bytes: impl Into<Bytes>) -> Result<Answer, Error> {
        let octets = HeaderValue::from_static("application/octet-stream");
        let call = asking(call).header(CONTENT_TYPE, octets).body(bytes);
        self.caller().call(call).await
    }
}

impl InAccount {
    /// A reply.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn reply(
        &self,
        place: &DocumentPath,
        reply: &ReplyId,
    ) -> Result<ReplyDocument, Error> {
        let call = Call::new(&REPLY)
            .segment("account", self.id.as_str())
            .segments("place", place.segments())
            .segment("reply", reply.as_str());
        reading(&self.caller().call(asking(call)).await?)
    }

    /// A PFR reply with all its documents.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn pfr_reply(
        &self,
        place: &DocumentPath,
        reply: &ReplyId,
    ) -> Result<PfrReply, Error> {
        let call = Call::new(&PFR_REPLY)
            .segment("account", self.id.as_str())
            .segments("place", place.segments())
            .segment("reply", reply.as_str());
        reading(&self.caller().call(asking(call)).await?)
    }

    /// Makes a reply of a type, for example `fns534-report-receipt`, with or without `urn:document:`. The certificate
    /// is the one that will sign. Codes of refusal belong to `fns534-demand-acceptance-result-negative` only.
    ///
    /// # Errors
    /// When the service does not answer or refuses: this document has no such reply, it was answered already, the
    /// certificate is not one that can sign, or a code is unknown.
    pub async fn generate_reply(
        &self,
        place: &DocumentPath,
        reply_type: &str,
        certificate: &CertificateRequest,
        decline_codes: &[&str],
    ) -> Result<ReplyDocument, Error> {
        let call = Call::new(&GENERATE_REPLY)
            .segment("account", self.id.as_str())
            .segments("place", place.segments())
            .query("documentType", bare(reply_type));
        let call = decline_codes.iter().fold(call, |call, code| {
            call.query("declineNoticeErrorCode", *code)
        });
        reading(&self.caller().call(sending(call, certificate)).await?)
    }

    /// Replaces the content of a reply, before it is signed.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn put_reply_content(
        &self,
        place: &DocumentPath,
        reply: &ReplyId,
        content: impl Into<Bytes>,
    ) -> Result<ReplyDocument, Error> {
        let call = Call::new(&REPLY_CONTENT_PUT)
            .segment("account", self.id.as_str())
            .segments("place", place.segments())
            .segment("reply", reply.as_str());
        reading(&self.put_octets(call, content).await?)
    }

    /// Gives a reply a signature that was made elsewhere: a detached CMS in any form that can be read, of which the DER is
    /// sent. It goes as bytes, as the official Java SDK sends it; the answer, which the sources describe as the reply or
    /// as nothing, is not read.
    ///
    /// # Errors
    /// [`InvalidInput`](podpis_core::ErrorKind::InvalidInput) before anything is sent when the signature cannot be read;
    /// when the service does not answer or refuses.
    pub async fn put_reply_signature(
        &self,
        place: &DocumentPath,
        reply: &ReplyId,
        signature: impl Into<Bytes>,
    ) -> Result<(), Error> {
        let call = Call::new(&REPLY_SIGNATURE_PUT)
            .segment("account", self.id.as_str())
            .segments("place", place.segments())
            .segment("reply", reply.as_str());
        let der = given_signature::der(&self.client, signature.into()).await?;
        self.put_octets(call, der).await.map(drop)
    }

    /// Makes a PFR reply: a package of documents under one signature. Each of them needs its content
    /// ([`InAccount::put_pfr_reply_content`]) before it is signed.
    ///
    /// # Errors
    /// As in [`InAccount::generate_reply`].
    pub async fn generate_pfr_reply(
        &self,
        place: &DocumentPath,
        reply_type: &str,
        certificate: &CertificateRequest,
    ) -> Result<PfrReply, Error> {
        let call = Call::new(&PFR_GENERATE_REPLY)
            .segment("account", self.id.as_str())
            .segments("place", place.segments())
            .query("documentType", bare(reply_type));
        reading(&self.caller().call(sending(call, certificate)).await?)
    }

    /// Stores the decrypted bytes of one document of a PFR reply.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn put_pfr_reply_content(
        &self,
        place: &DocumentPath,
        reply: &ReplyId,
        document: &DocumentId,
        content: impl Into<Bytes>,
    ) -> Result<(), Error> {
        let call = Call::new(&PFR_REPLY_DECRYPTED_CONTENT_PUT)
            .segment("account", self.id.as_str())
            .segments("place", place.segments())
            .segment("reply", reply.as_str())
            .segment("part", document.as_str());
        self.put_octets(call, content).await.map(drop)
    }

    /// Gives one document of a PFR reply a signature that was made elsewhere: a detached CMS in any form that can be read,
    /// of which the DER is sent.
    ///
    /// # Errors
    /// [`InvalidInput`](podpis_core::ErrorKind::InvalidInput) before anything is sent when the signature cannot be read;
    /// when the service does not answer or refuses.
    pub async fn put_pfr_reply_signature(
        &self,
        place: &DocumentPath,
        reply: &ReplyId,
        document: &DocumentId,
        signature: impl Into<Bytes>,
    ) -> Result<(), Error> {
        let call = Call::new(&PFR_REPLY_SIGNATURE_PUT)
            .segment("account", self.id.as_str())
            .segments("place", place.segments())
            .segment("reply", reply.as_str())
            .segment("part", document.as_str());
        let der = given_signature::der(&self.client, signature.into()).await?;
        self.put_octets(call, der).await.map(drop)
    }
}

/// A type as the query takes it.
pub(crate) fn bare(reply_type: &str) -> &str {
    reply_type
        .strip_prefix("urn:document:")
        .unwrap_or(reply_type)
}

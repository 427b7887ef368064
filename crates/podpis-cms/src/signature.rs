//! Decides whether bytes are a detached CMS signature in DER.
//!
//! **Invariant:** a `Signature` keeps exactly the bytes it was read from, is detached, and has at
//! least one signer. It says nothing of any document yet: that is what [`bind`](crate::bind) is for.

use std::fmt;

use crate::element::{self, Element, Elements};
use crate::{Certificate, DigestAlgorithm, FormatError, Signer, oid};

/// A detached CMS signature (RFC 5652 `SignedData` without content) in DER.
#[derive(Clone)]
pub struct Signature {
    der: Vec<u8>,
    signers: Vec<Signer>,
}

impl Signature {
    /// Reads a signature. Only strict DER is accepted, down to the last element: definite lengths
    /// in their shortest form, nothing after the end, no PEM and no Base64 text.
    ///
    /// # Errors
    ///
    /// [`FormatError`], a variant for each thing that can be wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut content_info = outer(bytes)?.inside();
        let content_type = content_info
            .expect(element::OBJECT_IDENTIFIER, "contentType")
            .map_err(|_| FormatError::NotCms)?;
        let content_type = oid::text(content_type.content);
        if content_type != oid::SIGNED_DATA {
            return Err(FormatError::NotSignedData { oid: content_type });
        }
        let mut content = content_info.expect(element::CONTEXT_0, "content")?.inside();
        content_info.end("ContentInfo")?;
        let mut fields = content.expect(element::SEQUENCE, "SignedData")?.inside();
        content.end("ContentInfo")?;

        fields.expect(element::INTEGER, "version")?;
        fields.expect(element::SET, "digestAlgorithms")?;
        detached(
            fields
                .expect(element::SEQUENCE, "encapContentInfo")?
                .inside(),
        )?;
        let certificates = fields.optional(element::CONTEXT_0, "certificates")?;
        fields.optional(element::CONTEXT_1, "crls")?;
        let mut infos = fields.expect(element::SET, "signerInfos")?.inside();
        fields.end("SignedData")?;

        let embedded = Embedded::read(certificates)?;
        let mut signers = Vec::new();
        while !infos.is_empty() {
            let position = signers.len();
            let info = infos
                .expect(element::SEQUENCE, "SignerInfo")
                .map_err(|error| error.in_signer(position))?;
            let mut signer = Signer::read(&info, position)?;
            embedded.give_to(&mut signer, position)?;
            signers.push(signer);
        }
        if signers.is_empty() {
            return Err(FormatError::NoSigners);
        }
        Ok(Self {
            der: bytes.to_vec(),
            signers,
        })
    }

    /// The bytes, exactly as given.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The bytes, exactly as given.
    #[must_use]
    pub fn into_der(self) -> Vec<u8> {
        self.der
    }

    /// Who signed: one or more.
    #[must_use]
    pub fn signers(&self) -> &[Signer] {
        &self.signers
    }

    /// The digests of a document that are needed to say whether this signature is for it, each
    /// once. Among them may be ones that the crate cannot compute.
    #[must_use]
    pub fn digest_algorithms(&self) -> Vec<DigestAlgorithm> {
        let mut all: Vec<_> = self
            .signers
            .iter()
            .map(|signer| signer.document_digest().clone())
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl PartialEq for Signature {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Signature {}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signature")
            .field("length", &self.der.len())
            .field("signers", &self.signers)
            .finish()
    }
}

/// The outermost element, or the most telling reason why there is none.
fn outer(bytes: &[u8]) -> Result<Element<'_>, FormatError> {
    match bytes.first() {
        None => Err(FormatError::Empty),
        Some(&element::SEQUENCE) => element::single(bytes),
        Some(&first) => {
            let text = bytes
                .strip_prefix(b"\xEF\xBB\xBF")
                .unwrap_or(bytes)
                .trim_ascii();
            if text.starts_with(b"-----BEGIN") {
                Err(FormatError::Pem)
            } else if is_base64(text) {
                Err(FormatError::Base64)
            } else {
                Err(FormatError::NotDer { first })
            }
        }
    }
}

/// The Base64 of any SEQUENCE starts with `M`.
fn is_base64(text: &[u8]) -> bool {
    text.starts_with(b"M")
        && text.len() >= 16
        && text.iter().all(|byte| {
            byte.is_ascii_alphanumeric()
                || byte.is_ascii_whitespace()
                || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=')
        })
}

/// `encapContentInfo` of plain data, without the data.
fn detached(mut fields: Elements<'_>) -> Result<(), FormatError> {
    let what = "encapContentInfo";
    let content_type = fields.expect(element::OBJECT_IDENTIFIER, what)?;
    if fields.optional(element::CONTEXT_0, what)?.is_some() {
        return Err(FormatError::Attached);
    }
    fields.end(what)?;
    let content_type = oid::text(content_type.content);
    if content_type != oid::DATA {
        return Err(FormatError::NotData { oid: content_type });
    }
    Ok(())
}

/// Certificates in the signature. One that cannot be read matters only if it may be a signer's.
struct Embedded {
    readable: Vec<Certificate>,
    some_unreadable: bool,
}

impl Embedded {
    fn read(set: Option<Element<'_>>) -> Result<Self, FormatError> {
        let mut embedded = Self {
            readable: Vec::new(),
            some_unreadable: false,
        };
        let Some(set) = set else { return Ok(embedded) };
        let mut choices = set.inside();
        while !choices.is_empty() {
            let choice = choices.any("certificates")?;
            // The other choices (attribute certificates and the like) are never a signer's.
            if choice.tag != element::SEQUENCE {
                continue;
            }
            match Certificate::from_der(choice.whole) {
                Ok(certificate) => embedded.readable.push(certificate),
                Err(_) => embedded.some_unreadable = true,
            }
        }
        Ok(embedded)
    }

    fn give_to(&self, signer: &mut Signer, position: usize) -> Result<(), FormatError> {
        match self
            .readable
            .iter()
            .find(|certificate| signer.names(certificate))
        {
            Some(certificate) => signer.set_certificate(certificate.clone()),
            None if self.some_unreadable => {
                return Err(FormatError::SignerCertificate { signer: position });
            }
            None => {}
        }
        Ok(())
    }
}

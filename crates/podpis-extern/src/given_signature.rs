//! Decides what is sent of a signature that was made elsewhere: its DER, in whatever form it was given.
//!
//! **Invariant:** what is no detached CMS signature is not sent. Whose it is and what it is for is not looked at.

use bytes::Bytes;
use podpis_cms::Signature;
use podpis_core::{Error, ErrorKind};
use podpis_extern_model::{Base64, DocumentRequest, SignatureRequest};

/// The DER of a signature.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when it cannot be read.
pub(crate) fn der(given: Bytes) -> Result<Bytes, Error> {
    let signature = Signature::parse(&given).map_err(unreadable)?;
    Ok(if signature.form().is_der() {
        given
    } else {
        Bytes::copy_from_slice(signature.to_der())
    })
}

/// The request with its signature in DER.
///
/// # Errors
/// As [`der`].
pub(crate) fn signature_request(given: &SignatureRequest) -> Result<SignatureRequest, Error> {
    let mut request = given.clone();
    request.base64_content = in_der(&given.base64_content)?;
    Ok(request)
}

/// The request with its signature, where it has one, in DER.
///
/// # Errors
/// As [`der`].
pub(crate) fn document_request(given: &DocumentRequest) -> Result<DocumentRequest, Error> {
    let mut request = given.clone();
    request.signature = given.signature.as_ref().map(in_der).transpose()?;
    Ok(request)
}

fn in_der(given: &Base64) -> Result<Base64, Error> {
    let bytes = given.decode().map_err(unreadable)?;
    Ok(Base64::encode(der(bytes.into())?))
}

fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    let text =
        format!("the signature that was given cannot be read, and nothing was sent: {error}");
    Error::new(ErrorKind::InvalidInput, text).with_source(error)
}

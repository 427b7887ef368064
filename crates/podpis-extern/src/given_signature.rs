//! Decides what is sent of a signature that was made elsewhere: its DER, in whatever form it was given.
//!
//! **Invariant:** what is no detached CMS signature is not sent, nor what the client's judge of signers refuses. What it
//! is for is not looked at.

use bytes::Bytes;
use podpis_cms::Signature;
use podpis_core::{Error, ErrorKind};
use podpis_extern_model::{Base64, DocumentRequest, SignatureRequest};

use crate::Extern;

/// The DER of a signature.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when it cannot be read, [`ErrorKind::NotTrusted`] when the client judges signers and this
/// one is not trusted.
pub(crate) async fn der(client: &Extern, given: Bytes) -> Result<Bytes, Error> {
    let signature = Signature::parse(&given).map_err(unreadable)?;
    let der = if signature.form().is_der() {
        given
    } else {
        Bytes::copy_from_slice(signature.to_der())
    };
    client.judge_given(der.clone()).await?;
    Ok(der)
}

/// The request with its signature in DER.
///
/// # Errors
/// As [`der`].
pub(crate) async fn signature_request(
    client: &Extern,
    given: &SignatureRequest,
) -> Result<SignatureRequest, Error> {
    let mut request = given.clone();
    request.base64_content = in_der(client, &given.base64_content).await?;
    Ok(request)
}

/// The request with its signature, where it has one, in DER.
///
/// # Errors
/// As [`der`].
pub(crate) async fn document_request(
    client: &Extern,
    given: &DocumentRequest,
) -> Result<DocumentRequest, Error> {
    let mut request = given.clone();
    if let Some(signature) = &given.signature {
        request.signature = Some(in_der(client, signature).await?);
    }
    Ok(request)
}

async fn in_der(client: &Extern, given: &Base64) -> Result<Base64, Error> {
    let bytes = given.decode().map_err(unreadable)?;
    Ok(Base64::encode(der(client, bytes.into()).await?))
}

fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    let text =
        format!("the signature that was given cannot be read, and nothing was sent: {error}");
    Error::new(ErrorKind::InvalidInput, text).with_source(error)
}

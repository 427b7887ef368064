//! Decides whether a signature that a client made by itself is taken.
//!
//! **Invariant:** what is kept is CMS SignedData in DER with at least one signer; one that says the SHA-256 of other
//! bytes is refused. Its value and its certificate are not judged.

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerInfo};
use const_oid::db::{rfc5911, rfc5912};
use der::asn1::OctetString;
use der::{Decode as _, Encode as _};
use serde_json::Value;

use super::call::decoded;
use super::contents_store::Pieces;
use super::error::ApiError;
use super::outcome::digests;
use super::things::Signature;
use crate::signer::thumbprint;

/// The signature in a body of raw octets, or of a JSON string of Base64.
pub(super) fn octets(body: &[u8]) -> Result<Vec<u8>, ApiError> {
    if body.trim_ascii_start().first() != Some(&b'"') {
        return Ok(body.to_vec());
    }
    let text: String = serde_json::from_slice(body)
        .map_err(|_| ApiError::bad_request("The body is neither octets nor a JSON string."))?;
    decoded(&text)
}

/// The signature in a body `{"base64-content", "is-third-party-signature"}`.
pub(super) fn described(body: &Value) -> Result<(Vec<u8>, bool), ApiError> {
    let bytes = body["base64-content"]
        .as_str()
        .ok_or_else(|| ApiError::bad_request("base64-content is missing."))
        .and_then(decoded)?;
    let third_party = body["is-third-party-signature"]
        .as_bool()
        .unwrap_or_default();
    Ok((bytes, third_party))
}

/// The signature, when it can be one of this content.
pub(super) fn accepted(
    id: String,
    bytes: Vec<u8>,
    third_party: bool,
    content: Option<&Pieces>,
) -> Result<Signature, ApiError> {
    let wrong = || ApiError::bad_request("Это не подпись CMS в кодировке DER.");
    let data = signed_data(&bytes).ok_or_else(wrong)?;
    let signer = data.signer_infos.0.iter().next().ok_or_else(wrong)?;
    if let (Some(content), Some(told)) = (content, message_digest(signer))
        && told != digests(Some(content)).sha256
    {
        return Err(ApiError::bad_request(
            "Подпись сделана для другого содержимого.",
        ));
    }
    let certificates = data.certificates.iter().flat_map(|set| set.0.iter());
    let thumbprint = certificates
        .filter_map(|known| match known {
            CertificateChoices::Certificate(known) => known.to_der().ok(),
            CertificateChoices::Other(_) => None,
        })
        .next()
        .map(|der| thumbprint(&der));
    Ok(Signature {
        id,
        bytes,
        thumbprint,
        third_party,
    })
}

fn signed_data(bytes: &[u8]) -> Option<SignedData> {
    let info = ContentInfo::from_der(bytes).ok()?;
    (info.content_type == rfc5911::ID_SIGNED_DATA)
        .then(|| info.content.decode_as().ok())
        .flatten()
}

/// What the signer says of the content, when that is a SHA-256.
fn message_digest(signer: &SignerInfo) -> Option<Vec<u8>> {
    if signer.digest_alg.oid != rfc5912::ID_SHA_256 {
        return None;
    }
    let attributes = signer.signed_attrs.as_ref()?;
    let digest = attributes
        .iter()
        .find(|known| known.oid == rfc5911::ID_MESSAGE_DIGEST)?
        .values
        .iter()
        .next()?;
    let digest: OctetString = digest.decode_as().ok()?;
    Some(digest.as_bytes().to_vec())
}

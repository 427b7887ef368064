//! Decides whether a signature that a client made by itself is taken.
//!
//! **Invariant:** what is kept is CMS SignedData in DER with at least one signer; one that says the SHA-256 of other
//! bytes is refused. Its value and its certificate are not judged.

use cms::cert::CertificateChoices;
use der::Encode as _;
use serde_json::Value;

use super::call::decoded;
use super::contents_store::Pieces;
use super::outcome::digests;
use super::things::Signature;
use crate::answer::{Handled, Needed as _, Refusal, bad_request};
use crate::options::Signatures;
use crate::signer;

/// The signature in a body of raw octets, or of a JSON string of Base64.
pub(super) fn octets(body: &[u8]) -> Handled<Vec<u8>> {
    if body.trim_ascii_start().first() != Some(&b'"') {
        return Ok(body.to_vec());
    }
    let text: String = serde_json::from_slice(body)
        .or_bad_request("The body is neither octets nor a JSON string.")?;
    decoded(&text)
}

/// The signature in a body `{"base64-content", "is-third-party-signature"}`.
pub(super) fn described(body: &Value) -> Handled<(Vec<u8>, bool)> {
    let bytes = body["base64-content"]
        .as_str()
        .or_bad_request("base64-content is missing.")
        .and_then(decoded)?;
    let third_party = body["is-third-party-signature"].as_bool();
    Ok((bytes, third_party.unwrap_or_default()))
}

/// The signature, when it can be one of this content.
pub(super) fn accepted(
    id: String,
    bytes: Vec<u8>,
    third_party: bool,
    (signatures, content): (Signatures, Option<&Pieces>),
) -> Handled<Signature> {
    let wrong = || Refusal::bad_request("Это не подпись CMS в кодировке DER.");
    let data = signer::signed_data(&bytes).map_err(|_| wrong())?;
    let signer = data.signer_infos.0.iter().next().ok_or_else(wrong)?;
    let told = signer::message_digest(signer);
    if let (Some(content), Some(told)) = (content, told)
        && digests(signatures, Some(content)).contradicts(signer.digest_alg.oid, &told)
    {
        return bad_request("Подпись сделана для другого содержимого.");
    }
    let mut certificates = data.certificates.iter().flat_map(|set| set.0.iter());
    let thumbprint = certificates
        .find_map(|known| match known {
            CertificateChoices::Certificate(known) => known.to_der().ok(),
            CertificateChoices::Other(_) => None,
        })
        .map(|der| signer::thumbprint(&der));
    Ok(Signature {
        id,
        bytes,
        thumbprint,
        third_party,
    })
}

//! What an expert would write for this very data: `cms` reads, aws-lc verifies, a table of digests finds the
//! document.
//!
//! *Invariant:* it proves the same as podpis does: the digest and the value of every signer.

use std::collections::HashMap;

use aws_lc_rs::digest::{Digest, SHA256, digest};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, VerificationAlgorithm,
};
use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use const_oid::db::{rfc5911, rfc5912};
use der::asn1::OctetStringRef;
use der::{Decode as _, Encode as _};

use crate::Error;

/// Where the signature of each document stands, all checked.
///
/// # Errors
///
/// When a document has none or two, or a signature is wrong or of none.
pub fn bind(documents: &[Vec<u8>], signatures: &[Vec<u8>]) -> Result<Vec<usize>, Error> {
    let digests: Vec<Digest> = documents
        .iter()
        .map(|document| digest(&SHA256, document))
        .collect();
    let digests: Vec<&[u8]> = digests.iter().map(AsRef::as_ref).collect();
    bind_digests(&digests, signatures)
}

/// The same, where only the SHA-256 digests of the documents are at hand.
///
/// # Errors
///
/// As [`bind`].
pub fn bind_digests(digests: &[&[u8]], signatures: &[Vec<u8>]) -> Result<Vec<usize>, Error> {
    let by_digest: HashMap<&[u8], usize> = digests
        .iter()
        .enumerate()
        .map(|(position, digest)| (*digest, position))
        .collect();
    let mut of_document = vec![None; digests.len()];
    for (position, signature) in signatures.iter().enumerate() {
        let document = document_of(signature, position, digests, &by_digest, &of_document)?;
        if of_document[document].replace(position).is_some() {
            return Err("two signatures of one document".into());
        }
    }
    let bound: Vec<usize> = of_document.into_iter().flatten().collect();
    if bound.len() < digests.len() {
        return Err("a document without a signature".into());
    }
    Ok(bound)
}

/// The document that all signers of the signature have signed.
fn document_of(
    signature: &[u8],
    position: usize,
    digests: &[&[u8]],
    by_digest: &HashMap<&[u8], usize>,
    taken: &[Option<usize>],
) -> Result<usize, Error> {
    let data: SignedData = ContentInfo::from_der(signature)?.content.decode_as()?;
    let mut found = None;
    for signer in data.signer_infos.0.iter() {
        if signer.digest_alg.oid != rfc5912::ID_SHA_256 {
            return Err("another digest than SHA-256".into());
        }
        let key = key_of(&data, signer)?;
        let value = signer.signature.as_bytes();
        let document = match &signer.signed_attrs {
            Some(attributes) => {
                key.verify_sig(&attributes.to_der()?, value)?;
                let stated = message_digest(signer)?;
                *by_digest.get(stated).ok_or("a signature of no document")?
            }
            // Nothing says which document it is: most likely the one in the same place, or else any other
            // that has no signature yet.
            None => std::iter::once(position)
                .chain((0..digests.len()).filter(|other| *other != position))
                .filter(|document| taken[*document].is_none())
                .find(|document| {
                    Digest::import_less_safe(digests[*document], &SHA256)
                        .is_ok_and(|digest| key.verify_digest_sig(&digest, value).is_ok())
                })
                .ok_or("a signature of no document")?,
        };
        if found.is_some_and(|other| other != document) {
            return Err("signers of several documents".into());
        }
        found = Some(document);
    }
    found.ok_or_else(|| "no signer".into())
}

/// The key in the signer's certificate.
fn key_of(data: &SignedData, signer: &SignerInfo) -> Result<ParsedPublicKey, Error> {
    let SignerIdentifier::IssuerAndSerialNumber(id) = &signer.sid else {
        return Err("a signer without issuer and serial number".into());
    };
    let certificates = data.certificates.iter().flat_map(|set| set.0.iter());
    let certificate = certificates
        .filter_map(|choice| match choice {
            CertificateChoices::Certificate(certificate) => Some(&certificate.tbs_certificate),
            CertificateChoices::Other(_) => None,
        })
        .find(|body| body.serial_number == id.serial_number && body.issuer == id.issuer)
        .ok_or("a signer without a certificate")?;
    let public_key = &certificate.subject_public_key_info;
    let algorithm: &'static dyn VerificationAlgorithm = match public_key.algorithm.oid {
        rfc5912::ID_EC_PUBLIC_KEY => &ECDSA_P256_SHA256_ASN1,
        rfc5912::RSA_ENCRYPTION => &RSA_PKCS1_2048_8192_SHA256,
        _ => return Err("another algorithm".into()),
    };
    let key = public_key.subject_public_key.raw_bytes();
    Ok(ParsedPublicKey::new(algorithm, key)?)
}

/// The digest that the signer states.
fn message_digest(signer: &SignerInfo) -> Result<&[u8], Error> {
    let attributes = signer.signed_attrs.iter().flat_map(|set| set.iter());
    let value = attributes
        .filter(|attribute| attribute.oid == rfc5911::ID_MESSAGE_DIGEST)
        .find_map(|attribute| attribute.values.get(0))
        .ok_or("no message digest")?;
    Ok(value.decode_as::<OctetStringRef<'_>>()?.as_bytes())
}

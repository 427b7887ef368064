//! Decides what a signature is: a detached CMS SignedData in DER with one signer and its certificate.
//!
//! **Invariant:** it is built by the `cms` crate from the SHA-256 of the exact bytes; nothing of the library
//! under test takes part.

use cms::builder::{SignedDataBuilder, SignerInfoBuilder};
use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{
    EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use const_oid::db::{rfc5911, rfc5912};
use der::asn1::{Any, GeneralizedTime, OctetString, SetOfVec, UtcTime};
use der::{Decode as _, Encode as _};
use p256::ecdsa::DerSignature;
use spki::AlgorithmIdentifierOwned;
use std::time::Duration;
use x509_cert::attr::Attribute;

use super::{Identity, Key};
use crate::moment::Moment;

/// What is signed, or why it is not.
pub(crate) type Signed<T> = Result<T, SignError>;

/// A signature that could not be made; a bug of the sandbox, answered with 500.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignError {
    #[error("the signature cannot be encoded: {0}")]
    Der(#[from] der::Error),
    #[error("the signature cannot be built: {0}")]
    Builder(cms::builder::Error),
    #[error("the value cannot be computed: {0}")]
    Value(#[from] signature::Error),
}

impl From<cms::builder::Error> for SignError {
    fn from(error: cms::builder::Error) -> Self {
        Self::Builder(error)
    }
}

/// Signs bytes of which only the SHA-256 is known.
pub(crate) fn sign_detached(
    identity: &Identity,
    digest: &[u8; 32],
    at: Moment,
    signed_attributes: bool,
) -> Signed<Vec<u8>> {
    let content = EncapsulatedContentInfo {
        econtent_type: rfc5911::ID_DATA,
        econtent: None,
    };
    let signed = signed(identity, &content, Some(digest), Some(signing_time(at)?))?;
    if signed_attributes {
        return Ok(signed);
    }
    // The builder always adds attributes, so they are taken away again and the content itself is signed.
    let value = identity.key.value(digest)?;
    change_data(&signed, |_, info| {
        info.signed_attrs = None;
        info.signature = OctetString::new(value)?;
        Ok(())
    })
}

/// A SignedData with one signer and its certificate.
pub(super) fn signed(
    identity: &Identity,
    content: &EncapsulatedContentInfo,
    digest: Option<&[u8]>,
    attribute: Option<Attribute>,
) -> Signed<Vec<u8>> {
    let sha256 = AlgorithmIdentifierOwned {
        oid: rfc5912::ID_SHA_256,
        parameters: None,
    };
    let number = SignerIdentifier::IssuerAndSerialNumber(identity.number());
    let certificate = CertificateChoices::Certificate(identity.certificate.clone());
    let mut builder = SignedDataBuilder::new(content);
    builder
        .add_digest_algorithm(sha256.clone())?
        .add_certificate(certificate)?;
    macro_rules! sign {
        ($key:expr, $Signature:ty) => {{
            let mut info = SignerInfoBuilder::new($key, number, sha256, content, digest)?;
            if let Some(attribute) = attribute {
                info.add_signed_attribute(attribute)?;
            }
            builder.add_signer_info::<_, $Signature>(info)?;
        }};
    }
    match &identity.key {
        Key::Ecdsa(key) => sign!(key, DerSignature),
        Key::Rsa(key) => sign!(&**key, rsa::pkcs1v15::Signature),
    }
    Ok(builder.build()?.to_der()?)
}

/// The same signature with one bit of its value turned.
pub(crate) fn with_broken_value(signature: &[u8]) -> Signed<Vec<u8>> {
    change_data(signature, |_, info| {
        let mut value = info.signature.as_bytes().to_vec();
        // The last byte belongs to a number, not to the structure around it.
        if let Some(last) = value.last_mut() {
            *last ^= 1;
        }
        info.signature = OctetString::new(value)?;
        Ok(())
    })
}

/// The same SignedData with its first signer, and only that one, changed.
pub(super) fn change_data(
    signature: &[u8],
    change: impl FnOnce(&mut SignedData, &mut SignerInfo) -> Signed<()>,
) -> Signed<Vec<u8>> {
    let signed = ContentInfo::from_der(signature)?;
    let mut data: SignedData = signed.content.decode_as()?;
    if let Some(mut info) = data.signer_infos.0.iter().next().cloned() {
        change(&mut data, &mut info)?;
        data.signer_infos = SignerInfos::try_from(vec![info])?;
    }
    let content = Any::from_der(&data.to_der()?)?;
    Ok(ContentInfo {
        content_type: signed.content_type,
        content,
    }
    .to_der()?)
}

fn signing_time(at: Moment) -> Signed<Attribute> {
    let time = Duration::from_secs(at.since_epoch().as_secs());
    // RFC 5652 11.3: UTCTime up to 2049, GeneralizedTime from then on.
    let value = match UtcTime::from_unix_duration(time) {
        Ok(time) => Any::encode_from(&time)?,
        Err(_) => Any::encode_from(&GeneralizedTime::from_unix_duration(time)?)?,
    };
    Ok(Attribute {
        oid: rfc5911::ID_SIGNING_TIME,
        values: SetOfVec::try_from(vec![value])?,
    })
}

//! Decides what a signature is: a CMS SignedData in DER with one signer and its certificate.
//!
//! **Invariant:** it is made of the digest of the exact bytes, and nothing of the library under test takes part but, in
//! worlds of GOST, the arithmetic of the curve.

use std::time::Duration;

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911;
use der::asn1::{Any, GeneralizedTime, OctetString, SetOfVec, UtcTime};
use der::{Decode as _, Encode as _, EncodeValue, Sequence, Tagged};
use spki::AlgorithmIdentifierOwned;
use x509_cert::attr::{Attribute, Attributes};
use x509_cert::ext::pkix::name::{GeneralName, GeneralNames};
use x509_cert::serial_number::SerialNumber;

use super::{Hash, Identity, Signed};
use crate::moment::Moment;

const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// Signs a content that the signature holds.
pub(super) fn sign_attached(
    identity: &Identity,
    kind: ObjectIdentifier,
    content: &[u8],
    at: Moment,
) -> Signed<Vec<u8>> {
    let attached = EncapsulatedContentInfo {
        econtent_type: kind,
        econtent: Some(Any::encode_from(&OctetString::new(content)?)?),
    };
    let digest = identity.key.hash().digest(content);
    let mut attributes = signed_attributes(kind, &digest, at)?;
    attributes.push(signing_certificate(identity)?);
    let attributes = Attributes::try_from(attributes)?;
    signed(identity, attached, &digest, Some(attributes))
}

/// A SignedData with one signer and its certificate. Without signed attributes the value is over the content itself.
pub(super) fn signed(
    identity: &Identity,
    content: EncapsulatedContentInfo,
    digest: &[u8; 32],
    attributes: Option<Attributes>,
) -> Signed<Vec<u8>> {
    let key = &identity.key;
    let value = match &attributes {
        Some(attributes) => key.sign(&attributes.to_der()?)?,
        None => key.value(digest)?,
    };
    // RFC 5652 5.1: of another content than plain data the version is 3.
    let version = if content.econtent_type == rfc5911::ID_DATA {
        CmsVersion::V1
    } else {
        CmsVersion::V3
    };
    let signer = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(identity.number()),
        digest_alg: key.hash().algorithm(),
        signed_attrs: attributes,
        signature_algorithm: key.algorithm_in_signatures()?,
        signature: OctetString::new(value)?,
        unsigned_attrs: None,
    };
    let certificate = CertificateChoices::Certificate(identity.certificate.clone());
    let data = SignedData {
        version,
        digest_algorithms: SetOfVec::try_from(vec![key.hash().algorithm()])?,
        encap_content_info: content,
        certificates: Some(CertificateSet::try_from(vec![certificate])?),
        crls: None,
        signer_infos: SignerInfos::try_from(vec![signer])?,
    };
    Ok(ContentInfo {
        content_type: rfc5911::ID_SIGNED_DATA,
        content: Any::encode_from(&data)?,
    }
    .to_der()?)
}

pub(super) fn signed_attributes(
    kind: ObjectIdentifier,
    digest: &[u8; 32],
    at: Moment,
) -> der::Result<Vec<Attribute>> {
    let digest = OctetString::new(digest.as_slice())?;
    Ok(vec![
        attribute(rfc5911::ID_CONTENT_TYPE, &kind)?,
        attribute(rfc5911::ID_MESSAGE_DIGEST, &digest)?,
        signing_time(at)?,
    ])
}

fn attribute(oid: ObjectIdentifier, value: &(impl Tagged + EncodeValue)) -> der::Result<Attribute> {
    Ok(Attribute {
        oid,
        values: SetOfVec::try_from(vec![Any::encode_from(value)?])?,
    })
}

fn signing_time(at: Moment) -> der::Result<Attribute> {
    let time = Duration::from_secs(at.since_epoch().as_secs());
    // RFC 5652 11.3: UTCTime up to 2049, GeneralizedTime from then on.
    match UtcTime::from_unix_duration(time) {
        Ok(time) => attribute(rfc5911::ID_SIGNING_TIME, &time),
        Err(_) => {
            let time = GeneralizedTime::from_unix_duration(time)?;
            attribute(rfc5911::ID_SIGNING_TIME, &time)
        }
    }
}

/// RFC 5035 3.
#[derive(Sequence)]
struct SigningCertificateV2 {
    certificates: Vec<EssCertIdV2>,
}

#[derive(Sequence)]
struct EssCertIdV2 {
    /// Left out where it is SHA-256.
    algorithm: Option<AlgorithmIdentifierOwned>,
    digest: OctetString,
    number: IssuerSerial,
}

#[derive(Sequence)]
struct IssuerSerial {
    issuer: GeneralNames,
    serial: SerialNumber,
}

pub(super) fn signing_certificate(identity: &Identity) -> der::Result<Attribute> {
    let hash = identity.key.hash();
    let IssuerAndSerialNumber {
        issuer,
        serial_number,
    } = identity.number();
    let named = SigningCertificateV2 {
        certificates: vec![EssCertIdV2 {
            algorithm: (hash != Hash::Sha256).then(|| hash.algorithm()),
            digest: OctetString::new(hash.digest(&identity.der).as_slice())?,
            number: IssuerSerial {
                issuer: vec![GeneralName::DirectoryName(issuer)],
                serial: serial_number,
            },
        }],
    };
    attribute(SIGNING_CERTIFICATE_V2, &named)
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

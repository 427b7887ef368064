//! Decides what certificates look like: names as Russian authorities write them, and, where the sandbox has an address, those
//! of the issuer and of the list of what it revoked.
//!
//! **Invariant:** certificates of one day and one address are equal byte for byte, so thumbprints survive a restart on that
//! day. Without an address and with P-256 they are those that records of earlier versions name.

use std::time::Duration;

use const_oid::db::{rfc4519, rfc5280};
use const_oid::{AssociatedOid, ObjectIdentifier};
use der::asn1::{Any, BitString, GeneralizedTime, Ia5String, OctetString, SetOfVec, UtcTime};
use der::flagset::FlagSet;
use der::{Encode, Tag};
use sha1::{Digest as _, Sha1};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::crl::CrlDistributionPoints;
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AccessDescription, AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints,
    ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectKeyIdentifier,
};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};
use x509_cert::{Certificate, TbsCertificate, Version};

use super::{Identity, Key, Signed, thumbprint};
use crate::moment::Moment;

/// The last second that an X.509 time can hold.
const END_OF_TIME: Duration = Duration::from_secs(253_402_300_799);

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Issues certificates and lists.
    Authority,
    Person,
    TimeStamps,
}

/// What a certificate says.
pub(super) struct Said {
    pub(super) subject: Name,
    pub(super) serial: SerialNumber,
    pub(super) from: Moment,
    pub(super) until: Moment,
    pub(super) used_for: Use,
}

/// Who signs it, and where its certificate and its list are.
pub(super) struct By<'a> {
    pub(super) name: &'a Name,
    pub(super) key: &'a Key,
    pub(super) addresses: Option<Addresses>,
}

/// Where an issuer's certificate and its list are.
pub(super) struct Addresses {
    pub(super) certificate: String,
    pub(super) list: String,
}

/// A certificate of this key.
pub(super) fn written(said: Said, key: Key, by: &By<'_>) -> Signed<Identity> {
    let public = key.public()?;
    let mut extensions = vec![extension(
        false,
        &SubjectKeyIdentifier(key_identifier(&key)?),
    )?];
    if by.name != &said.subject {
        extensions.push(issued_by(by.key)?);
    }
    let limits = BasicConstraints {
        ca: said.used_for == Use::Authority,
        path_len_constraint: None,
    };
    extensions.push(extension(true, &limits)?);
    let mut usage: FlagSet<KeyUsages> = KeyUsages::DigitalSignature | KeyUsages::NonRepudiation;
    match said.used_for {
        Use::Authority => usage = KeyUsages::KeyCertSign | KeyUsages::CRLSign,
        Use::Person if matches!(key, Key::Rsa(_)) => usage |= KeyUsages::KeyEncipherment,
        Use::Person => {}
        Use::TimeStamps => {
            let only = ExtendedKeyUsage(vec![rfc5280::ID_KP_TIME_STAMPING]);
            extensions.push(extension(true, &only)?);
        }
    }
    extensions.push(extension(true, &KeyUsage(usage))?);
    if let Some(addresses) = &by.addresses {
        extensions.extend(addresses.extensions()?);
    }
    let body = TbsCertificate {
        version: Version::V3,
        serial_number: said.serial,
        signature: by.key.signature_algorithm(),
        issuer: by.name.clone(),
        validity: Validity {
            not_before: time(said.from)?,
            not_after: time(said.until)?,
        },
        subject: said.subject,
        subject_public_key_info: public,
        issuer_unique_id: None,
        subject_unique_id: None,
        extensions: Some(extensions),
    };
    let certificate = Certificate {
        signature: BitString::from_bytes(&by.key.sign(&body.to_der()?)?)?,
        signature_algorithm: by.key.signature_algorithm(),
        tbs_certificate: body,
    };
    let der = certificate.to_der()?;
    Ok(Identity {
        thumbprint: thumbprint(&der),
        key,
        certificate,
        der,
        not_before: said.from,
        not_after: said.until,
    })
}

impl Addresses {
    fn extensions(&self) -> der::Result<[Extension; 2]> {
        let list = DistributionPoint {
            distribution_point: Some(DistributionPointName::FullName(vec![at(&self.list)?])),
            reasons: None,
            crl_issuer: None,
        };
        let certificate = AccessDescription {
            access_method: rfc5280::ID_AD_CA_ISSUERS,
            access_location: at(&self.certificate)?,
        };
        Ok([
            extension(false, &CrlDistributionPoints(vec![list]))?,
            extension(false, &AuthorityInfoAccessSyntax(vec![certificate]))?,
        ])
    }
}

pub(super) fn extension<T: AssociatedOid + Encode>(
    critical: bool,
    value: &T,
) -> der::Result<Extension> {
    Ok(Extension {
        extn_id: T::OID,
        critical,
        extn_value: OctetString::new(value.to_der()?)?,
    })
}

/// Which key signed it.
pub(super) fn issued_by(key: &Key) -> Signed<Extension> {
    let identifier = AuthorityKeyIdentifier {
        key_identifier: Some(key_identifier(key)?),
        authority_cert_issuer: None,
        authority_cert_serial_number: None,
    };
    Ok(extension(false, &identifier)?)
}

fn at(address: &str) -> der::Result<GeneralName> {
    Ia5String::new(address).map(GeneralName::UniformResourceIdentifier)
}

/// SHA-1 of the bits of the public key (RFC 5280 4.2.1.2).
fn key_identifier(key: &Key) -> Signed<OctetString> {
    let public = key.public()?.subject_public_key;
    Ok(OctetString::new(Sha1::digest(public.raw_bytes()).to_vec())?)
}

/// As a time before 2050 and after it is written (RFC 5280 4.1.2.5).
pub(super) fn time(moment: Moment) -> der::Result<Time> {
    let seconds = Duration::from_secs(moment.since_epoch().min(END_OF_TIME).as_secs());
    UtcTime::from_unix_duration(seconds)
        .map(Time::UtcTime)
        .or_else(|_| GeneralizedTime::from_unix_duration(seconds).map(Time::GeneralTime))
}

/// Serial numbers with their high half fixed, so that they are long like real ones.
pub(super) fn serial(number: u64) -> SerialNumber {
    let mut bytes = [0x4b; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    SerialNumber::new(&bytes).unwrap_or_else(|_| SerialNumber::from(number))
}

/// The name of an authority.
pub(super) fn authority_name(common_name: &str) -> der::Result<Name> {
    name(&[
        (rfc4519::C, Tag::PrintableString, "RU"),
        (rfc4519::O, Tag::Utf8String, "podpis"),
        (rfc4519::CN, Tag::Utf8String, common_name),
    ])
}

pub(super) fn name(parts: &[(ObjectIdentifier, Tag, &str)]) -> der::Result<Name> {
    let mut sequence = RdnSequence::default();
    for &(oid, tag, text) in parts {
        let part = AttributeTypeAndValue {
            oid,
            value: Any::new(tag, text.as_bytes())?,
        };
        sequence
            .0
            .push(RelativeDistinguishedName(SetOfVec::from_iter([part])?));
    }
    Ok(sequence)
}

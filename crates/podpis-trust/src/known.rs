//! Decides what judging needs of a certificate, read once.
//!
//! **Invariant:** a certificate whose extensions cannot all be read is never sound; one whose value
//! cannot be found has no parts, so that no key fits it.

use std::ops::Range;

use const_oid::ObjectIdentifier;
use podpis_cms::tlv::{self, Elements};
use podpis_cms::{Certificate, KeyUsage, canonical_name, oid_text};

use crate::extension::{self, AuthorityKeyId, BasicConstraints, Extension, number};
use crate::oid;
use crate::signed_bytes::{Parts, SignedBytes, place};
use crate::why::{File, Needed};

/// A certificate with what judging needs.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) certificate: Certificate,
    /// Comparable forms of the names.
    pub(crate) subject: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    signed: Option<SignedBytes>,
    pub(crate) is_version_3: bool,
    extensions: Range<usize>,
    /// Why the extensions forbid judging it: a critical one that is not known, or one that cannot
    /// be read.
    pub(crate) obstacle: Option<String>,
    /// Where the subject's key identifier stands.
    key_id: Option<Range<usize>>,
    usage: Usage,
}

/// What the key may be used for.
#[derive(Debug, Clone, Copy)]
enum Usage {
    /// Nothing is said.
    Any,
    Only(KeyUsage),
    Unreadable,
}

impl Known {
    pub(crate) fn new(certificate: Certificate) -> Self {
        let read = fields(certificate.der());
        let (signed, is_version_3, extensions) = match read {
            Some((signed, is_version_3, extensions)) => (Some(signed), is_version_3, extensions),
            None => (None, false, 0..0),
        };
        let is_readable = signed.is_some();
        let list = certificate.der().get(extensions.clone());
        let obstacle = if is_readable {
            obstacle(list.unwrap_or_default())
        } else {
            Some(UNREADABLE.to_owned())
        };
        let subject = canonical_name(certificate.subject_der());
        let issuer = if certificate.issuer_der() == certificate.subject_der() {
            subject.clone()
        } else {
            canonical_name(certificate.issuer_der())
        };
        let mut known = Self {
            subject,
            issuer,
            signed,
            is_version_3,
            extensions,
            obstacle,
            key_id: None,
            usage: Usage::Any,
            certificate,
        };
        // Asked of every candidate, again and again, and there can be a million extensions.
        known.key_id = known.find_key_id();
        known.usage = known.find_usage();
        known
    }

    fn find_key_id(&self) -> Option<Range<usize>> {
        let value = self.extension(oid::SUBJECT_KEY_ID)?.element()?;
        let id = (value.tag() == tlv::OCTET_STRING).then(|| value.content())?;
        place(self.certificate.der(), id)
    }

    fn find_usage(&self) -> Usage {
        match self.certificate.key_usage() {
            Some(found) => Usage::Only(found),
            None if self.extension(oid::KEY_USAGE).is_none() => Usage::Any,
            None => Usage::Unreadable,
        }
    }

    pub(crate) fn extension(&self, kind: ObjectIdentifier) -> Option<Extension<'_>> {
        let list = self.certificate.der().get(self.extensions.clone());
        extension::all(list.unwrap_or_default())
            .flatten()
            .find(|extension| extension.is(kind))
    }

    /// What is signed, how, and the value.
    pub(crate) fn parts(&self) -> Option<Parts<'_>> {
        let signed = self.signed.as_ref()?;
        Some(signed.of(self.certificate.der()))
    }

    pub(crate) fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }

    /// `None` if it is absent or cannot be read; neither makes an issuer.
    pub(crate) fn basic_constraints(&self) -> Option<BasicConstraints> {
        extension::basic_constraints(&self.extension(oid::BASIC_CONSTRAINTS)?)
    }

    pub(crate) fn is_ca(&self) -> bool {
        self.basic_constraints().is_some_and(|basic| basic.is_ca)
    }

    pub(crate) fn subject_key_id(&self) -> Option<&[u8]> {
        self.certificate.der().get(self.key_id.clone()?)
    }

    pub(crate) fn authority_key_id(&self) -> AuthorityKeyId<'_> {
        self.extension(oid::AUTHORITY_KEY_ID)
            .and_then(|extension| extension::authority_key_id(&extension))
            .unwrap_or_default()
    }

    /// Does the key usage, if there is one, allow this? One that cannot be read allows nothing.
    pub(crate) fn allows(&self, usage: fn(KeyUsage) -> bool) -> bool {
        match self.usage {
            Usage::Any => true,
            Usage::Only(found) => usage(found),
            Usage::Unreadable => false,
        }
    }

    /// The issuer's certificate, as a file to get.
    pub(crate) fn needed_issuer(&self) -> Needed {
        let access = self.extension(oid::AUTHORITY_ACCESS);
        let addresses = access.map(|access| extension::access_addresses(&access, oid::CA_ISSUERS));
        self.needed(File::IssuerCertificate, addresses)
    }

    /// A revocation list of the issuer, as a file to get.
    pub(crate) fn needed_list(&self) -> Needed {
        let points = self.extension(oid::DISTRIBUTION_POINTS);
        let addresses = points.map(|points| extension::list_addresses(&points));
        self.needed(File::RevocationList, addresses)
    }

    fn needed(&self, what: File, addresses: Option<Vec<String>>) -> Needed {
        Needed {
            what,
            issuer: self.certificate.issuer().to_owned(),
            serial: None,
            key_id: self.authority_key_id().key_id.map(<[u8]>::to_vec),
            addresses: addresses.unwrap_or_default(),
        }
    }
}

const UNREADABLE: &str = "unreadable";

/// The parts, whether it is of version 3, and where the list of extensions stands.
fn fields(der: &[u8]) -> Option<(SignedBytes, bool, Range<usize>)> {
    let what = "certificate";
    let (signed, mut fields) = SignedBytes::read(der)?;
    let version = fields.optional(tlv::CONTEXT_0, what).ok()?;
    let is_version_3 = version.is_some_and(|version| version.content() == [tlv::INTEGER, 1, 2]);
    fields.expect(tlv::INTEGER, what).ok()?;
    let algorithm = fields.expect(tlv::SEQUENCE, what).ok()?;
    if algorithm.whole() != signed.of(der).algorithm {
        return None;
    }
    // Names, validity, key, unique identifiers.
    let mut extensions = 0..0;
    while !fields.is_empty() {
        let field = fields.any(what).ok()?;
        if field.tag() == tlv::CONTEXT_3 {
            let mut inside = field.inside();
            let list = inside.expect(tlv::SEQUENCE, what).ok()?;
            inside.end(what).ok()?;
            fields.end(what).ok()?;
            extensions = place(der, list.content())?;
        }
    }
    Some((signed, is_version_3, extensions))
}

/// The first extension that forbids judging the certificate: its OID, or that it cannot be read.
fn obstacle(list: &[u8]) -> Option<String> {
    let mut seen: Vec<&[u8]> = Vec::new();
    for one in extension::all(list) {
        match one {
            Ok(one) if one.is_critical && !oid::is_known_if_critical(one.kind) => {
                return Some(oid_text(one.kind));
            }
            // RFC 5280 4.2: an extension stands in a certificate once.
            Ok(one) if !seen.contains(&one.kind) && seen.len() < MAX_EXTENSIONS => {
                seen.push(one.kind);
            }
            Ok(_) | Err(_) => return Some(UNREADABLE.to_owned()),
        }
    }
    None
}

/// No certificate has so many, and looking for repeated ones must stay cheap.
const MAX_EXTENSIONS: usize = 100;

/// A form of issuer and serial number that is equal when they name the same certificate.
pub(crate) fn certificate_id(issuer: &[u8], serial: &[u8]) -> Vec<u8> {
    let mut id = tlv::encode(tlv::INTEGER, number(serial));
    id.extend_from_slice(issuer);
    id
}

/// Issuer and serial number of a GeneralNames and an INTEGER (RFC 5035 `IssuerSerial`), in the form
/// of [`certificate_id`]; `None` if the issuer is not one directory name.
pub(crate) fn issuer_serial(mut fields: Elements<'_>) -> Option<Vec<u8>> {
    let what = "issuerSerial";
    let mut names = fields.expect(tlv::SEQUENCE, what).ok()?.inside();
    let serial = fields.expect(tlv::INTEGER, what).ok()?;
    let name = names.expect(DIRECTORY_NAME, what).ok()?;
    names.end(what).ok()?;
    Some(certificate_id(
        &canonical_name(name.content()),
        serial.content(),
    ))
}

/// directoryName of a GeneralName.
pub(crate) const DIRECTORY_NAME: u8 = 0xA4;

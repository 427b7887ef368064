//! Decides whether the signed attributes name the certificate whose key made the value (RFC 5035).
//!
//! **Invariant:** where such an attribute stands it must fit: the first certificate it names is the
//! signer's, by digest and, if it is there, by issuer and serial number. One that cannot be read
//! does not fit.

use podpis_cms::tlv::{self, Element, Elements};
use podpis_cms::{DigestAlgorithm, Digests, Signer, oid_text};

use crate::known::{Known, certificate_id, issuer_serial};
use crate::{attribute, oid};

/// What the attributes say of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Named {
    /// They name it.
    This,
    /// They name another one.
    Other,
    /// They name none.
    Nobody,
    /// The digest cannot be computed.
    Unknown(String),
}

pub(crate) fn check(signer: &Signer, known: &Known) -> Named {
    let mut named = Named::Nobody;
    for (kind, is_second) in [
        (oid::SIGNING_CERTIFICATE, false),
        (oid::SIGNING_CERTIFICATE_V2, true),
    ] {
        let of_kind = attribute::all(signer.signed_attributes())
            .filter(|(found, _)| *found == kind.as_bytes());
        for (number, (_, mut values)) in of_kind.enumerate() {
            let first = values.next();
            // RFC 5035: one attribute with one value.
            let is_one = number == 0 && values.is_empty();
            let one = first.filter(|_| is_one);
            match one.and_then(|value| fits(&value, known, is_second)) {
                Some(Named::This) => {
                    if named == Named::Nobody {
                        named = Named::This;
                    }
                }
                Some(unknown @ Named::Unknown(_)) => named = unknown,
                _ => return Named::Other,
            }
        }
    }
    named
}

/// `None` if the value cannot be read.
fn fits(value: &Element<'_>, known: &Known, is_second: bool) -> Option<Named> {
    let what = "signingCertificate";
    let mut certificates = value.inside().expect(tlv::SEQUENCE, what).ok()?.inside();
    let mut fields = certificates.expect(tlv::SEQUENCE, what).ok()?.inside();
    // SHA-256 is the default and need not be written.
    let mut algorithm = DigestAlgorithm::Sha256;
    if is_second && let Some(stated) = fields.optional(tlv::SEQUENCE, what).ok()? {
        let kind = stated.inside().expect(tlv::OBJECT_IDENTIFIER, what).ok()?;
        algorithm = DigestAlgorithm::from_oid(&oid_text(kind.content()));
    }
    let digest = fields.expect(tlv::OCTET_STRING, what).ok()?.content();
    let id = fields.optional(tlv::SEQUENCE, what).ok()?;
    fields.end(what).ok()?;
    if let Some(id) = id {
        let certificate = &known.certificate;
        let wanted = certificate_id(&known.issuer, certificate.serial_bytes());
        if issuer_serial(id.inside())? != wanted {
            return Some(Named::Other);
        }
    }
    let is_same = if is_second {
        let all = Digests::of_with(known.certificate.der(), std::slice::from_ref(&algorithm));
        let Some(computed) = all.get(&algorithm) else {
            return Some(Named::Unknown(algorithm.title().to_owned()));
        };
        computed == digest
    } else {
        // The first form knows SHA-1 only, which does for telling certificates apart.
        known.certificate.thumbprint().as_bytes() == digest
    };
    Some(if is_same { Named::This } else { Named::Other })
}

/// Does the attribute that protects the algorithms (RFC 6211), if it is there, state those of the
/// signer?
pub(crate) fn are_algorithms_protected(signer: &Signer) -> bool {
    let mut fields = signer.info().filter(|field| field.tag() == tlv::SEQUENCE);
    // The first SEQUENCE is the name of the certificate, unless a key identifier stands for it.
    let names_key = signer
        .info()
        .nth(1)
        .is_some_and(|id| id.tag() != tlv::SEQUENCE);
    let digest = fields.nth(usize::from(!names_key));
    let value = fields.next();
    attribute::values(signer.signed_attributes(), oid::ALGORITHM_PROTECTION).all(|stated| {
        let mut stated = stated.inside();
        let (Some(digest), Some(value)) = (digest, value) else {
            return false;
        };
        let is_digest = stated.next().is_some_and(|one| {
            one.tag() == tlv::SEQUENCE && is_same_algorithm(one.inside(), digest.inside())
        });
        let is_value = stated.next().is_some_and(|one| {
            one.tag() == tlv::CONTEXT_1 && is_same_algorithm(one.inside(), value.inside())
        });
        is_digest && is_value && stated.is_empty()
    })
}

/// Parameters that are absent and ones that are NULL say the same.
fn is_same_algorithm(mut one: Elements<'_>, mut other: Elements<'_>) -> bool {
    const NULL: &[u8] = &[5, 0];
    let bare = |rest: &[u8]| rest.is_empty() || rest == NULL;
    let kinds = (one.next(), other.next());
    let is_same = matches!(kinds, (Some(one), Some(other)) if one.whole() == other.whole());
    is_same && (one.rest() == other.rest() || bare(one.rest()) && bare(other.rest()))
}

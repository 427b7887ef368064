//! Decides how a signature value is to be verified, by its algorithm identifier.
//!
//! **Invariant:** what an identifier says is read once; an algorithm that stands in no table has no
//! family, and parameters that are not understood leave it without a salt.

use crate::algorithm::{Family, SCHEMES};
use crate::pss::PssParameters;
use crate::tlv::Element;
use crate::{DigestAlgorithm, SignatureAlgorithm, oid};

/// What an `AlgorithmIdentifier` of a value says.
#[derive(Clone)]
pub(crate) struct Scheme {
    pub(crate) algorithm: SignatureAlgorithm,
    /// The keys it is for; `None` if it stands in no table.
    pub(crate) family: Option<Family>,
    /// The digest that the value is made over.
    pub(crate) digest: DigestAlgorithm,
    /// Salt length of RSASSA-PSS in bytes; `None` if the parameters are not ones we verify.
    pub(crate) pss_salt: Option<usize>,
}

impl Scheme {
    /// By the content of the identifier and the parameters. `stated` is the digest where neither
    /// names one.
    pub(crate) fn of(
        identifier: &[u8],
        parameters: Option<&Element<'_>>,
        stated: &DigestAlgorithm,
    ) -> Self {
        let known = SCHEMES
            .iter()
            .find(|(known, ..)| known.as_bytes() == identifier);
        let family = known.map(|(_, family, _)| *family);
        let other = || SignatureAlgorithm::Other(oid::oid_text(identifier));
        let algorithm = match family {
            Some(Family::Gost2001) => SignatureAlgorithm::Gost2001,
            Some(Family::Gost2012_256) => SignatureAlgorithm::Gost2012_256,
            Some(Family::Gost2012_512) => SignatureAlgorithm::Gost2012_512,
            Some(Family::Rsa) if identifier == oid::RSA_PSS.as_bytes() => {
                SignatureAlgorithm::RsaPss
            }
            Some(Family::Rsa) => SignatureAlgorithm::RsaPkcs1,
            Some(Family::Ec) => SignatureAlgorithm::Ecdsa,
            Some(Family::Gost94 | Family::Dsa | Family::Ed25519 | Family::Ed448) | None => other(),
        };
        let pss = match algorithm {
            SignatureAlgorithm::RsaPss => PssParameters::read(parameters),
            _ => None,
        };
        let named = known.and_then(|(_, _, digest)| *digest);
        Self {
            digest: named
                .map(|oid| DigestAlgorithm::of(oid.as_bytes()))
                .or_else(|| pss.as_ref().map(|pss| pss.digest.clone()))
                .unwrap_or_else(|| stated.clone()),
            algorithm,
            family,
            pss_salt: pss.map(|pss| pss.salt),
        }
    }
}

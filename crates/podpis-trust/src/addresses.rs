//! Decides where a certificate says that its issuer, its revocation lists and its OCSP responder are.
//!
//! **Invariant:** addresses are copied, as text without hidden characters; nothing is fetched here.

use podpis_cms::Certificate;

use crate::known::Known;
use crate::{extension, oid};

/// What a certificate says of where to get what judging it takes. Whoever made the certificate chose these addresses: a
/// program that goes there must expect anything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Addresses {
    issuers: Vec<String>,
    lists: Vec<String>,
    ocsp: Vec<String>,
}

impl Addresses {
    /// Those of a certificate, at most eight of each sort.
    #[must_use]
    pub fn of(certificate: &Certificate) -> Self {
        let known = Known::new(certificate.clone());
        let access = known.extension(oid::AUTHORITY_ACCESS);
        let access = |method| {
            let found = access.map(|access| extension::access_addresses(&access, method));
            found.unwrap_or_default()
        };
        Self {
            issuers: access(oid::CA_ISSUERS),
            ocsp: access(oid::OCSP),
            lists: known.needed_list().addresses,
        }
    }

    /// Where certificates of the issuer are: RFC 5280 4.2.2.1, `caIssuers`.
    #[must_use]
    pub fn issuers(&self) -> &[String] {
        &self.issuers
    }

    /// Where revocation lists are: RFC 5280 4.2.1.13.
    #[must_use]
    pub fn lists(&self) -> &[String] {
        &self.lists
    }

    /// Where OCSP responders are: RFC 6960 3.1.
    #[must_use]
    pub fn ocsp(&self) -> &[String] {
        &self.ocsp
    }
}

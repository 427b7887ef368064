//! Decides what the caller gives to judge by: roots, other certificates, revocation lists, OCSP answers.
//!
//! **Invariant:** only what was given as a root is one. What is given is read and sorted once, for
//! any number of signatures.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use podpis_cms::{Certificate, Expectation, Verifier};

use crate::certificates::Certificates;
use crate::lists::Lists;
use crate::{OcspResponse, RevocationList};

const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What to judge by, besides what stands in the signature itself.
///
/// ```
/// use podpis_cms::Certificate;
/// use podpis_trust::{Given, RevocationList};
///
/// # fn example(root: &[u8], ca: &[u8], list: Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
/// let given = Given::new()
///     .roots(Certificate::read_all(root)?)
///     .certificates(Certificate::read_all(ca)?)
///     .lists(RevocationList::read_all(list)?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Given {
    pub(crate) certificates: Certificates,
    pub(crate) roots: HashSet<usize>,
    pub(crate) lists: Lists,
    pub(crate) ocsp: Vec<OcspResponse>,
    pub(crate) list_age: Duration,
    pub(crate) expectation: Expectation,
}

impl Given {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            certificates: Certificates::default(),
            roots: HashSet::new(),
            lists: Lists::default(),
            ocsp: Vec::new(),
            list_age: WEEK,
            expectation: Expectation::new(),
        }
    }

    /// These certificates are trusted. They need not be self-signed; of what stands in them only
    /// name, key and the end of validity count.
    #[must_use]
    pub fn roots(mut self, roots: impl IntoIterator<Item = Certificate>) -> Self {
        for root in roots {
            let number = self.certificates.add(root);
            self.roots.insert(number);
        }
        self
    }

    /// Paths may go through these certificates; a signer's own that is not embedded may be among
    /// them.
    #[must_use]
    pub fn certificates(mut self, certificates: impl IntoIterator<Item = Certificate>) -> Self {
        for certificate in certificates {
            self.certificates.add(certificate);
        }
        self
    }

    /// These lists say what was revoked, if their values are right.
    #[must_use]
    pub fn lists(mut self, lists: impl IntoIterator<Item = RevocationList>) -> Self {
        for list in lists {
            self.lists.add(list);
        }
        self
    }

    /// These OCSP answers say what was revoked, if their values are right: by the key of the issuer, or by one that it
    /// certified for that (RFC 6960 4.2.2.2).
    #[must_use]
    pub fn ocsp(mut self, answers: impl IntoIterator<Item = OcspResponse>) -> Self {
        for answer in answers {
            for certificate in answer.certificates() {
                self.certificates.add(certificate.clone());
            }
            self.ocsp.push(answer);
        }
        self
    }

    /// How old a list or an OCSP answer may be that does not say when the next one comes. Seven days by default.
    #[must_use]
    pub fn list_age(mut self, age: Duration) -> Self {
        self.list_age = age;
        self
    }

    /// Verifies the values that podpis-cms does not. An error of it leaves the value unproven, with
    /// the reason [`Algorithm`](crate::Reason::Algorithm).
    #[must_use]
    pub fn verifier(mut self, verifier: Arc<dyn Verifier>) -> Self {
        self.expectation = Expectation::new().verifier(verifier);
        self
    }
}

impl Default for Given {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Given")
            .field("roots", &self.roots.len())
            .field("certificates", &self.certificates.len())
            .field("lists", &self.lists.len())
            .field("ocsp", &self.ocsp.len())
            .finish_non_exhaustive()
    }
}

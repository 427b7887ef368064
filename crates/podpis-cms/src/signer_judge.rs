//! Decides how a signature that is bound is handed to code that says whether its signers are trusted.
//!
//! **Invariant:** a judge is asked only of what was bound, and says one of three things; what cannot be found out is
//! unproven, never trusted.

use std::fmt;
use std::time::SystemTime;

use crate::{Document, Signed};

/// Says whether the signers of a signature are trusted: whose certificates they are, whether they were revoked.
///
/// That the signature is for the document and was made by the key of the certificate is proven before; who stands behind
/// that key only a judge can say. `podpis-trust` has one: `Given`, by chains to roots, revocation lists and time stamps.
///
/// It may be asked by any thread, so what takes long, such as a call to a server, delays only who asks; it should not
/// wait without end.
///
/// ```
/// use std::time::SystemTime;
///
/// use podpis_cms::{Document, Signed, SignerJudge, SignerTrust, Thumbprint};
///
/// /// Trusts the certificates that the company knows.
/// #[derive(Debug)]
/// struct OurPeople(Vec<Thumbprint>);
///
/// impl SignerJudge for OurPeople {
///     fn judge(&self, _: &Document<'_>, signed: &Signed, _: SystemTime) -> SignerTrust {
///         match signed.certificate() {
///             Some(certificate) if self.0.contains(&certificate.thumbprint()) => SignerTrust::Trusted,
///             Some(_) => SignerTrust::Refused("it is nobody's of ours".to_owned()),
///             None => SignerTrust::Unproven("there is no certificate".to_owned()),
///         }
///     }
/// }
/// ```
pub trait SignerJudge: fmt::Debug + Send + Sync {
    /// Are all signers of the signature trusted at this moment? The weakest answer counts.
    ///
    /// `document` is the one that the signature was bound to, as far as it is known; `signed` has the certificate of the
    /// signer and, in [`Signed::signature`], all certificates that are embedded; `at` is the present.
    fn judge(&self, document: &Document<'_>, signed: &Signed, at: SystemTime) -> SignerTrust;
}

/// What a [`SignerJudge`] answers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "proven, wrong or not known: there is no fourth"
)]
pub enum SignerTrust {
    /// The signers are trusted.
    Trusted,
    /// Something is wrong, and no further file would change that: revoked, or not allowed to sign. With the reason, for
    /// people.
    Refused(String),
    /// Nothing is wrong, but something is missing: an issuer, a revocation list. With the reason, for people.
    Unproven(String),
}

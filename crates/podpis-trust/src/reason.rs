//! Decides which reasons there are for not trusting, and which of them more evidence could lift.
//!
//! **Invariant:** a reason has one name, which programs may store and compare. It refuses if and
//! only if no further file and no proof of an earlier time would make the signature good; revocation
//! refuses too, because nobody may rely on it.

use std::fmt;

/// Why a signature or a time stamp is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The document is another one, or was changed.
    ContentDiffers,
    /// The value was not made by the key of the certificate, or the algorithms that the signer
    /// protects are others.
    ValueWrong,
    /// The signed attribute names another certificate; in a time stamp also: none.
    SigningCertificateDiffers,
    /// A certificate was revoked, or is on hold.
    Revoked,
    /// An issuer may not issue certificates.
    NotACa,
    /// An issuer may not have so many issuers under it.
    PathTooLong,
    /// An issuer may not issue certificates for this name.
    NameNotPermitted,
    /// The policies of the certificates leave none that holds.
    Policy,
    /// A critical extension is not known here, or cannot be read.
    UnknownCriticalExtension,
    /// The signer's certificate is not for signing, or the stamp's not for stamping.
    KeyUsage,
    /// The time stamp is for another signature.
    StampDiffers,
    /// The time stamp cannot be read.
    StampUnreadable,
    /// The document is not at hand in the digest that the signer used.
    NeedsFile,
    /// The signer's certificate is neither embedded nor given.
    NoSignerCertificate,
    /// No path leads to a root that was given.
    NoChain,
    /// A certificate's validity has ended, and nothing proves that the signature is older.
    Expired,
    /// A certificate's validity has not begun; a time stamp is from later than the moment.
    NotYetValid,
    /// No revocation list of the issuer is at hand, and no OCSP answer.
    NoList,
    /// The revocation lists at hand are of another time; with the detail `OCSP` the answers.
    ListStale,
    /// The revocation lists at hand are not by the issuer's key; with the detail `OCSP` the answers are by nobody who may
    /// answer for it.
    ListNotTrusted,
    /// The revocation lists at hand leave the certificate out, or cannot be understood whole; with a detail that begins
    /// with `OCSP` the answers.
    ListNotUsable,
    /// The revocation lists are from after the certificate's end, when its entry may be dropped.
    ListAfterExpiry,
    /// A value cannot be verified: its algorithm is not supported, or the key is too weak.
    Algorithm,
    /// The path goes on beyond ten certificates.
    ChainTooLong,
    /// More paths would have to be tried than are.
    TooManyPaths,
    /// More values would have to be verified than are.
    TooManyChecks,
}

impl Reason {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::ContentDiffers,
        Self::ValueWrong,
        Self::SigningCertificateDiffers,
        Self::Revoked,
        Self::NotACa,
        Self::PathTooLong,
        Self::NameNotPermitted,
        Self::Policy,
        Self::UnknownCriticalExtension,
        Self::KeyUsage,
        Self::StampDiffers,
        Self::StampUnreadable,
        Self::NeedsFile,
        Self::NoSignerCertificate,
        Self::NoChain,
        Self::Expired,
        Self::NotYetValid,
        Self::NoList,
        Self::ListStale,
        Self::ListNotTrusted,
        Self::ListNotUsable,
        Self::ListAfterExpiry,
        Self::Algorithm,
        Self::ChainTooLong,
        Self::TooManyPaths,
        Self::TooManyChecks,
    ];

    /// The word for programs: `value-wrong`, `no-chain`, `list-stale` and the like.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ContentDiffers => "content-differs",
            Self::ValueWrong => "value-wrong",
            Self::SigningCertificateDiffers => "signing-certificate-differs",
            Self::Revoked => "revoked",
            Self::NotACa => "not-a-ca",
            Self::PathTooLong => "path-too-long",
            Self::NameNotPermitted => "name-not-permitted",
            Self::Policy => "policy",
            Self::UnknownCriticalExtension => "unknown-critical-extension",
            Self::KeyUsage => "key-usage",
            Self::StampDiffers => "stamp-differs",
            Self::StampUnreadable => "stamp-unreadable",
            Self::NeedsFile => "needs-file",
            Self::NoSignerCertificate => "no-signer-certificate",
            Self::NoChain => "no-chain",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::NoList => "no-list",
            Self::ListStale => "list-stale",
            Self::ListNotTrusted => "list-not-trusted",
            Self::ListNotUsable => "list-not-usable",
            Self::ListAfterExpiry => "list-after-expiry",
            Self::Algorithm => "algorithm",
            Self::ChainTooLong => "chain-too-long",
            Self::TooManyPaths => "too-many-paths",
            Self::TooManyChecks => "too-many-checks",
        }
    }

    /// Is something wrong, rather than missing?
    #[must_use]
    pub fn refuses(self) -> bool {
        matches!(
            self,
            Self::ContentDiffers
                | Self::ValueWrong
                | Self::SigningCertificateDiffers
                | Self::Revoked
                | Self::NotACa
                | Self::PathTooLong
                | Self::NameNotPermitted
                | Self::Policy
                | Self::UnknownCriticalExtension
                | Self::KeyUsage
                | Self::StampDiffers
                | Self::StampUnreadable
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::Reason;

    #[test]
    fn all_reasons_are_listed_once_and_have_names_of_their_own() {
        let places = 0..Reason::ALL.len();
        let in_order: Vec<usize> = Reason::ALL.iter().map(|one| *one as usize).collect();
        assert_eq!(in_order, places.collect::<Vec<_>>());
        // The last one that is declared.
        assert_eq!(Reason::ALL.last(), Some(&Reason::TooManyChecks));
        let names: HashSet<&str> = Reason::ALL.iter().map(|one| one.name()).collect();
        assert_eq!(names.len(), Reason::ALL.len());
    }
}

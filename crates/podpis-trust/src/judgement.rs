//! Decides how it is said what was found: the answer, and everything it rests on.
//!
//! **Invariant:** an answer is trusted only if every check was passed (or, for the attribute that
//! names the certificate, was not needed); with several signers the weakest answer counts.

use std::fmt;
use std::time::SystemTime;

use podpis_cms::Certificate;

use crate::{Moment, OcspResponse, RevocationList, Why};

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "proven, wrong or not known: there is no fourth"
)]
pub enum Trust {
    /// Everything was checked and is right.
    Trusted,
    /// Something is wrong.
    Refused(Why),
    /// Nothing is wrong, something is missing.
    Unproven(Why),
}

impl Trust {
    pub(crate) fn of(why: Option<Why>) -> Self {
        match why {
            None => Self::Trusted,
            Some(why) if why.reason().refuses() => Self::Refused(why),
            Some(why) => Self::Unproven(why),
        }
    }

    /// Is it trusted?
    #[must_use]
    pub fn is_trusted(&self) -> bool {
        matches!(self, Self::Trusted)
    }

    /// Why not; `None` if it is trusted.
    #[must_use]
    pub fn why(&self) -> Option<&Why> {
        match self {
            Self::Trusted => None,
            Self::Refused(why) | Self::Unproven(why) => Some(why),
        }
    }

    /// The word for programs: `trusted`, `refused`, `unproven`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Trusted => "trusted",
            Self::Refused(_) => "refused",
            Self::Unproven(_) => "unproven",
        }
    }

    fn strength(&self) -> u8 {
        match self {
            Self::Refused(_) => 0,
            Self::Unproven(_) => 1,
            Self::Trusted => 2,
        }
    }
}

impl fmt::Display for Trust {
    /// `trusted`, `refused: revoked`: for logs and developers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self.why() {
            Some(why) => write!(f, ": {}", why.reason()),
            None => Ok(()),
        }
    }
}

/// One of the checks, in the order in which they are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Step {
    /// The document is the one that was signed; a time stamp is for this signature.
    Content,
    /// The value was made by the key of the certificate.
    Value,
    /// The signed attribute names the certificate.
    SigningCertificate,
    /// A path leads to a root.
    Chain,
    /// All certificates of the path are valid at the moment.
    Validity,
    /// Every issuer may issue what is under it.
    Constraints,
    /// The certificate is for signing, or for stamping.
    Usage,
    /// No certificate of the path is in the lists.
    Revocation,
}

impl Step {
    pub(crate) const ALL: [Self; 8] = [
        Self::Content,
        Self::Value,
        Self::SigningCertificate,
        Self::Chain,
        Self::Validity,
        Self::Constraints,
        Self::Usage,
        Self::Revocation,
    ];

    /// The word for programs: `content`, `value`, `signing-certificate` and the like.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Value => "value",
            Self::SigningCertificate => "signing-certificate",
            Self::Chain => "chain",
            Self::Validity => "validity",
            Self::Constraints => "constraints",
            Self::Usage => "usage",
            Self::Revocation => "revocation",
        }
    }
}

/// What came of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// It is right.
    Passed,
    /// It is wrong or not proven.
    Failed(Why),
    /// There is nothing to check: the certificate is not named among the signed attributes.
    Absent,
    /// An earlier one failed.
    NotReached,
}

/// One check and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    step: Step,
    answer: Answer,
}

impl Check {
    /// Which.
    #[must_use]
    pub fn step(&self) -> Step {
        self.step
    }

    /// What came of it.
    #[must_use]
    pub fn answer(&self) -> &Answer {
        &self.answer
    }
}

/// All checks: those before the failed one are passed, those after it were not reached.
pub(crate) fn checks(failed: Option<(Step, &Why)>, is_named: bool) -> Vec<Check> {
    Step::ALL
        .into_iter()
        .map(|step| {
            let answer = match failed {
                Some((at, why)) if at == step => Answer::Failed(why.clone()),
                Some((at, _)) if at < step => Answer::NotReached,
                _ if step == Step::SigningCertificate && !is_named => Answer::Absent,
                _ => Answer::Passed,
            };
            Check { step, answer }
        })
        .collect()
}

/// A revocation list that was looked into, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListUsed {
    pub(crate) list: RevocationList,
    pub(crate) certificate: Certificate,
    pub(crate) signer: Certificate,
}

impl ListUsed {
    /// The list. Up to the moment of the judgement the certificate is not in the list *of its date*; an entry that
    /// counts from later may be.
    #[must_use]
    pub fn list(&self) -> &RevocationList {
        &self.list
    }

    /// Whose certificate was looked for.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The certificate of the key that signed the list.
    #[must_use]
    pub fn signer(&self) -> &Certificate {
        &self.signer
    }
}

/// An OCSP answer that says of a certificate that it was not revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcspUsed {
    pub(crate) answer: OcspResponse,
    pub(crate) certificate: Certificate,
    pub(crate) signer: Certificate,
    pub(crate) this_update: SystemTime,
    pub(crate) next_update: Option<SystemTime>,
}

impl OcspUsed {
    /// The answer.
    #[must_use]
    pub fn answer(&self) -> &OcspResponse {
        &self.answer
    }

    /// Whose certificate it speaks of.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The certificate of the key that signed the answer: the issuer's, or one that it certified to answer.
    #[must_use]
    pub fn signer(&self) -> &Certificate {
        &self.signer
    }

    /// Of which moment the answer is. Up to it the certificate was not revoked, or not so that it counts.
    #[must_use]
    pub fn this_update(&self) -> SystemTime {
        self.this_update
    }

    /// By when there will be a newer one, if it says so.
    #[must_use]
    pub fn next_update(&self) -> Option<SystemTime> {
        self.next_update
    }
}

/// What says that the certificates of a path were not revoked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Statuses {
    pub(crate) lists: Vec<ListUsed>,
    pub(crate) ocsp: Vec<OcspUsed>,
}

/// Something to know that decides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Note {
    /// No signed attribute names the certificate: plain CMS, not CAdES.
    SigningCertificateNotNamed,
    /// The signer states a signature policy, which was not looked at.
    SignaturePolicyNotChecked,
    /// Attributes of archive forms (references, further stamps) were passed over.
    ArchiveNotChecked,
}

impl Note {
    /// The word for programs: `signing-certificate-not-named` and the like.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SigningCertificateNotNamed => "signing-certificate-not-named",
            Self::SignaturePolicyNotChecked => "signature-policy-not-checked",
            Self::ArchiveNotChecked => "archive-not-checked",
        }
    }
}

/// What was found of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    pub(crate) signers: Vec<SignerJudgement>,
}

impl Judgement {
    /// The answer: the weakest of the signers'.
    #[must_use]
    pub fn trust(&self) -> &Trust {
        &self.weakest().trust
    }

    /// The signer whose answer is the weakest, the first if there are several.
    #[must_use]
    pub fn weakest(&self) -> &SignerJudgement {
        let weakest = (self.signers.iter()).min_by_key(|signer| signer.trust.strength());
        // A signature has at least one signer.
        weakest.unwrap_or(&self.signers[0])
    }

    /// Every signer, in the order of the signature.
    #[must_use]
    pub fn signers(&self) -> &[SignerJudgement] {
        &self.signers
    }
}

/// What was found of one signer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignerJudgement {
    pub(crate) trust: Trust,
    pub(crate) moment: Moment,
    pub(crate) certificate: Option<Certificate>,
    pub(crate) path: Vec<Certificate>,
    pub(crate) statuses: Statuses,
    pub(crate) checks: Vec<Check>,
    pub(crate) stamps: Vec<Stamp>,
    pub(crate) policies: Vec<String>,
    pub(crate) claimed: Option<SystemTime>,
    pub(crate) notes: Vec<Note>,
}

impl SignerJudgement {
    /// The answer.
    #[must_use]
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// At which moment it holds, and where that comes from.
    #[must_use]
    pub fn moment(&self) -> Moment {
        self.moment
    }

    /// The certificate whose key made the value; where none did, the first that the signer may mean.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// The path: the signer's certificate first, the root last. Where none leads to a root it is the
    /// longest that was found.
    #[must_use]
    pub fn path(&self) -> &[Certificate] {
        &self.path
    }

    /// The revocation lists that the certificates of the path are not in, up to the moment.
    #[must_use]
    pub fn lists(&self) -> &[ListUsed] {
        &self.statuses.lists
    }

    /// The OCSP answers that say so of certificates of the path. Of each certificate there is a list or an answer,
    /// whichever is newer.
    #[must_use]
    pub fn ocsp(&self) -> &[OcspUsed] {
        &self.statuses.ocsp
    }

    /// Every check, in the order in which they are made.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// The time stamps, in the order of the signature. One that is not trusted is ignored: anybody
    /// can have added it.
    #[must_use]
    pub fn stamps(&self) -> &[Stamp] {
        &self.stamps
    }

    /// The certificate policies of the signer's certificate, dotted.
    #[must_use]
    pub fn policies(&self) -> &[String] {
        &self.policies
    }

    /// When the signer says it signed. Nobody vouches for it, and it decides nothing.
    #[must_use]
    pub fn claimed_time(&self) -> Option<SystemTime> {
        self.claimed
    }

    /// What to know besides.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }
}

/// What was found of a time stamp (RFC 3161) on a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    pub(crate) trust: Trust,
    pub(crate) time: Option<SystemTime>,
    pub(crate) latest: Option<SystemTime>,
    pub(crate) policy: Option<String>,
    pub(crate) certificate: Option<Certificate>,
    pub(crate) path: Vec<Certificate>,
    pub(crate) statuses: Statuses,
    pub(crate) checks: Vec<Check>,
}

impl Stamp {
    /// The answer.
    #[must_use]
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// The time that it states; `None` if it cannot be read.
    #[must_use]
    pub fn time(&self) -> Option<SystemTime> {
        self.time
    }

    /// With its accuracy added.
    #[must_use]
    pub fn latest(&self) -> Option<SystemTime> {
        self.latest
    }

    /// The policy under which it was made, dotted.
    #[must_use]
    pub fn policy(&self) -> Option<&str> {
        self.policy.as_deref()
    }

    /// The certificate of who made it.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// The path from it to a root, as [`SignerJudgement::path`].
    #[must_use]
    pub fn path(&self) -> &[Certificate] {
        &self.path
    }

    /// The revocation lists that the certificates of the path are not in, up to the moment.
    #[must_use]
    pub fn lists(&self) -> &[ListUsed] {
        &self.statuses.lists
    }

    /// The OCSP answers that say so of certificates of the path. Of each certificate there is a list or an answer,
    /// whichever is newer.
    #[must_use]
    pub fn ocsp(&self) -> &[OcspUsed] {
        &self.statuses.ocsp
    }

    /// Every check, in the order in which they are made.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }
}

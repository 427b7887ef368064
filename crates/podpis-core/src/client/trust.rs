//! Decides whether the signers of what came back are trusted, where the caller asked for that.
//!
//! **Invariant:** whoever is refused by the judge is an error before anything is attached or posted, and no signature is
//! lost by it: what came stays in the record, and the person is not asked again.

use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use podpis_cms::{
    Document, Expectation, FileOutcome, Signatures, Signed, SignerJudge, SignerTrust,
    verify_detached,
};

use crate::{Error, ErrorKind};

/// By whom a client has the signers of signatures judged, and what it does where that proves nothing.
///
/// ```
/// use std::sync::Arc;
///
/// use podpis_cms::SignerJudge;
/// use podpis_core::client::TrustPolicy;
///
/// # fn example(judge: Arc<dyn SignerJudge>) {
/// // A revoked certificate is an error; one whose issuer is not known is not.
/// let lenient = TrustPolicy::by(judge.clone());
/// // Whatever is not proven to be trusted is an error.
/// let strict = TrustPolicy::by(judge).require_trusted();
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "it judges nothing until a client has it"]
pub struct TrustPolicy {
    judge: Arc<dyn SignerJudge>,
    unproven: Unproven,
}

/// What becomes of a signature whose signers are neither trusted nor refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unproven {
    Passes,
    IsAnError,
}

impl TrustPolicy {
    /// Signers are judged by this judge; those that it [refuses](SignerTrust::Refused) are an error.
    pub fn by(judge: Arc<dyn SignerJudge>) -> Self {
        Self {
            judge,
            unproven: Unproven::Passes,
        }
    }

    /// Makes it an error, too, when the judge says [`Unproven`](SignerTrust::Unproven): the issuer is not known, or a
    /// revocation list is missing.
    pub fn require_trusted(mut self) -> Self {
        self.unproven = Unproven::IsAnError;
        self
    }

    /// This policy at one moment, the present.
    pub(super) fn at(&self, moment: SystemTime) -> TrustCheck {
        TrustCheck {
            policy: self.clone(),
            moment,
        }
    }
}

/// A [`TrustPolicy`] at one moment.
#[derive(Clone, Debug)]
pub struct TrustCheck {
    policy: TrustPolicy,
    moment: SystemTime,
}

impl TrustCheck {
    /// Judges all signatures that were bound to these documents, in their order.
    ///
    /// # Errors
    /// [`ErrorKind::NotTrusted`], which names the first file whose signers are not, and why.
    pub(super) fn all(
        &self,
        documents: &[Document<'_>],
        signatures: &Signatures,
    ) -> Result<(), Error> {
        for (document, outcome) in documents.iter().zip(signatures.files()) {
            if let FileOutcome::Signed(signed) = outcome {
                self.one(document, signed)?;
            }
        }
        Ok(())
    }

    fn one(&self, document: &Document<'_>, signed: &Signed) -> Result<(), Error> {
        let (what, why) = match self.policy.judge.judge(document, signed, self.moment) {
            SignerTrust::Refused(why) => ("is not trusted", why),
            SignerTrust::Unproven(why) if self.policy.unproven == Unproven::IsAnError => {
                ("is not proven to be trusted", why)
            }
            SignerTrust::Trusted | SignerTrust::Unproven(_) => return Ok(()),
        };
        let text = format!("who signed {} {what}: {why}", signed.name());
        Err(Error::new(ErrorKind::NotTrusted, text))
    }

    /// Judges a signature that the caller has.
    pub(super) fn given(
        &self,
        given: &GivenSignature,
        expectation: &Expectation,
    ) -> Result<(), Error> {
        let document = match &given.content {
            Some(bytes) => Document::content(given.name.as_str(), bytes),
            None => Document::unknown(given.name.as_str()),
        };
        let signed = verify_detached(&document, &given.der, expectation);
        let signed = signed.map_err(|error| {
            let text = format!("the signature that was given cannot be used: {error}");
            Error::new(ErrorKind::InvalidInput, text).with_source(error)
        });
        signed
            .and_then(|signed| self.one(&document, &signed))
            .map_err(Error::before_start)
    }
}

/// A signature that the caller has and that is about to be sent.
#[derive(Clone, Debug)]
pub struct GivenSignature {
    name: String,
    der: Bytes,
    content: Option<Bytes>,
}

impl GivenSignature {
    /// A signature, with the name of what it is for, as people know it.
    #[must_use]
    pub fn new(name: impl Into<String>, der: Bytes) -> Self {
        Self {
            name: name.into(),
            der,
            content: None,
        }
    }

    /// With the bytes that it is for, where they are known. Without them only who signed is judged.
    #[must_use]
    pub fn of_content(mut self, content: Option<Bytes>) -> Self {
        self.content = content;
        self
    }
}

//! Decides which values are right and which entries lists have, each once, and how many values are
//! verified at most.
//!
//! **Invariant:** no more than [`MOST`] values are verified in one judgement, and time stamps, which
//! anybody can add to a signature, cannot use up what the signature itself needs.

use std::collections::HashMap;
use std::time::SystemTime;

use podpis_cms::{Digests, Expectation, Outcome, Reason, Signer, VerifierError, verify_value};

use crate::entry::{self, Revocation, Spoilt};
use crate::evidence::Evidence;
use crate::known::Known;
use crate::signed_bytes::Parts;

/// Values verified in one judgement at most.
const MOST: usize = 200;
/// Of these, what is kept from the time stamps.
const KEPT: usize = 100;

/// Bytes that are digested for these at most: of a list of 50 MB, with each key that may have signed
/// it.
const MOST_BYTES: usize = 512 * 1024 * 1024;

/// What is known of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Checked {
    Right,
    Wrong,
    /// It cannot be verified; with the name of what is in the way.
    Unknown(String),
    /// Too many were verified before it.
    OverLimit,
}

pub(crate) struct Values<'a> {
    expectation: &'a Expectation,
    left: usize,
    kept: usize,
    bytes_left: usize,
    certificates: HashMap<(usize, usize), Checked>,
    lists: HashMap<(usize, usize), Checked>,
    answers: HashMap<(usize, usize), Checked>,
    entries: HashMap<(usize, usize), Result<Vec<Revocation>, Spoilt>>,
}

impl<'a> Values<'a> {
    pub(crate) fn new(expectation: &'a Expectation) -> Self {
        Self {
            expectation,
            left: MOST,
            kept: 0,
            bytes_left: MOST_BYTES,
            certificates: HashMap::new(),
            lists: HashMap::new(),
            answers: HashMap::new(),
            entries: HashMap::new(),
        }
    }

    /// Time stamps are judged next, or no longer.
    pub(crate) fn keep_for_signature(&mut self, keep: bool) {
        self.kept = if keep { KEPT } else { 0 };
    }

    /// Did the key of this certificate make the value of the signer?
    pub(crate) fn signer(&mut self, signer: &Signer, known: &Known, document: &Digests) -> Checked {
        if !self.spend(signer.signed_attributes().rest().len()) {
            return Checked::OverLimit;
        }
        checked(signer.verify(&known.certificate, document, self.expectation))
    }

    /// Did the key of the issuer make the certificate's value?
    pub(crate) fn certificate(
        &mut self,
        evidence: &Evidence<'_>,
        certificate: usize,
        issuer: usize,
    ) -> Checked {
        if let Some(checked) = self.certificates.get(&(certificate, issuer)) {
            return checked.clone();
        }
        let parts = evidence.certificate(certificate).and_then(Known::parts);
        let checked = self.parts(parts, evidence.certificate(issuer));
        self.certificates
            .insert((certificate, issuer), checked.clone());
        checked
    }

    /// Did the key of this certificate make the list's value?
    pub(crate) fn list(&mut self, evidence: &Evidence<'_>, list: usize, signer: usize) -> Checked {
        if let Some(checked) = self.lists.get(&(list, signer)) {
            return checked.clone();
        }
        let parts = evidence.list(list).map(crate::RevocationList::parts);
        let checked = self.parts(parts, evidence.certificate(signer));
        self.lists.insert((list, signer), checked.clone());
        checked
    }

    /// Did the key of this certificate make the value of the OCSP answer?
    pub(crate) fn answer(
        &mut self,
        evidence: &Evidence<'_>,
        answer: usize,
        signer: usize,
    ) -> Checked {
        if let Some(checked) = self.answers.get(&(answer, signer)) {
            return checked.clone();
        }
        let parts = evidence
            .given
            .ocsp
            .get(answer)
            .map(crate::OcspResponse::parts);
        let checked = self.parts(parts, evidence.certificate(signer));
        self.answers.insert((answer, signer), checked.clone());
        checked
    }

    /// The entry of this list that revokes this certificate at this moment.
    pub(crate) fn entry(
        &mut self,
        evidence: &Evidence<'_>,
        list: usize,
        certificate: usize,
        moment: SystemTime,
    ) -> Result<Option<Revocation>, Spoilt> {
        let found = self.entries.entry((list, certificate)).or_insert_with(|| {
            let list = evidence.list(list).ok_or(Spoilt)?;
            let known = evidence.certificate(certificate).ok_or(Spoilt)?;
            entry::find(list.entries(), known.certificate.serial_bytes())
        });
        match found {
            Ok(entries) => Ok(entries
                .iter()
                .find(|entry| entry.revokes_at(moment))
                .copied()),
            Err(Spoilt) => Err(Spoilt),
        }
    }

    fn parts(&mut self, parts: Option<Parts<'_>>, issuer: Option<&Known>) -> Checked {
        let (Some(parts), Some(issuer)) = (parts, issuer) else {
            return Checked::Wrong;
        };
        if !self.spend(parts.message.len()) {
            return Checked::OverLimit;
        }
        checked(verify_value(
            issuer.certificate.spki_der(),
            parts.algorithm,
            parts.message,
            parts.value,
            self.expectation,
        ))
    }

    /// May one more value, over a message of so many bytes, be verified?
    fn spend(&mut self, bytes: usize) -> bool {
        // Time stamps leave half of the bytes, too.
        let kept = MOST_BYTES / MOST * self.kept;
        let Some(left) = self.bytes_left.checked_sub(bytes) else {
            return false;
        };
        if self.left <= self.kept || left < kept {
            return false;
        }
        self.left -= 1;
        self.bytes_left = left;
        true
    }
}

fn checked(outcome: Result<Outcome, VerifierError>) -> Checked {
    match outcome {
        Ok(Outcome::Valid) => Checked::Right,
        Ok(Outcome::Invalid) => Checked::Wrong,
        Ok(Outcome::Unknown(Reason::Algorithm(name))) => Checked::Unknown(name),
        Ok(Outcome::Unknown(reason)) => Checked::Unknown(reason.to_string()),
        Err(error) => Checked::Unknown(error.to_string()),
    }
}

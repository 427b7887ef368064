//! Decides whether an OCSP answer settles that a certificate was revoked or not (RFC 6960 3.2, 4.2.2.2).
//!
//! **Invariant:** an answer speaks only if its value is right under the key of the very issuer, or under a key that this
//! issuer certified for nothing less than answering (`id-kp-OCSPSigning`) and did not revoke.

use std::time::SystemTime;

use podpis_cms::KeyUsage;

use crate::entry::Revocation;
use crate::extension;
use crate::judgement::OcspUsed;
use crate::known::Known;
use crate::ocsp::{Dated, Status};
use crate::path::Search;
use crate::revocation::{Timeliness, Unsettled, weight};
use crate::values::Checked;
use crate::{OcspResponse, Reason, oid};

/// How it is said in details that a reason is about an OCSP answer.
const OCSP: &str = "OCSP";

/// What OCSP answers say, with the moment from which the answer is.
pub(crate) enum Told {
    Good(OcspUsed),
    Revoked(Revocation, SystemTime),
}

impl Search<'_, '_> {
    /// What the newest answer that may speak says of the certificate.
    pub(crate) fn told_by_ocsp(
        &mut self,
        certificate: usize,
        issuer: usize,
        root: usize,
    ) -> Result<Told, Unsettled> {
        let evidence = self.evidence;
        let mut unsettled = Unsettled::new(Reason::NoList);
        let (Some(subject), Some(by)) = (
            evidence.certificate(certificate),
            evidence.certificate(issuer),
        ) else {
            return Err(unsettled);
        };
        let mut about: Vec<(usize, &OcspResponse, Dated)> = (evidence.given.ocsp.iter())
            .enumerate()
            .filter_map(|(number, answer)| Some((number, answer, answer.says_of(subject, by)?)))
            .collect();
        // The newest first, and of the same moment those that revoke.
        about.sort_by_key(|(_, _, said)| {
            let is_good = !matches!(said.status, Status::Revoked(_));
            (std::cmp::Reverse(said.this_update), is_good)
        });
        for (number, answer, said) in about {
            match self.told(number, answer, said, subject, issuer, root) {
                Ok(told) => return Ok(told),
                Err(why) if weight(why.reason) > weight(unsettled.reason) => unsettled = why,
                Err(_) => {}
            }
        }
        Err(unsettled)
    }

    fn told(
        &mut self,
        number: usize,
        answer: &OcspResponse,
        said: Dated,
        subject: &Known,
        issuer: usize,
        root: usize,
    ) -> Result<Told, Unsettled> {
        let unsettled = |reason, detail: String| Unsettled {
            date: Some(said.this_update),
            detail: Some(detail),
            ..Unsettled::new(reason)
        };
        if let Some(obstacle) = answer.obstacle() {
            return Err(unsettled(
                Reason::ListNotUsable,
                format!("{OCSP}, {obstacle}"),
            ));
        }
        let signer = self.answerer(number, answer, said, issuer, root);
        let signer = signer.map_err(|reason| unsettled(reason, OCSP.to_owned()))?;
        let dates = (said.this_update, said.next_update);
        let timeliness = self.covers(dates, subject, None);
        if let Timeliness::None(reason) = timeliness {
            return Err(unsettled(reason, OCSP.to_owned()));
        }
        match (said.status, timeliness) {
            (Status::Revoked(revocation), _) if revocation.revokes_at(self.moment.latest()) => {
                Ok(Told::Revoked(revocation, said.this_update))
            }
            (Status::Unknown, _) => {
                let detail = format!("{OCSP}, unknown");
                Err(unsettled(Reason::ListNotUsable, detail))
            }
            (_, Timeliness::EntriesOnly(reason)) => {
                let reason = reason.unwrap_or(Reason::ListNotUsable);
                Err(unsettled(reason, OCSP.to_owned()))
            }
            _ => Ok(Told::Good(OcspUsed {
                answer: answer.clone(),
                certificate: subject.certificate.clone(),
                signer: self
                    .evidence
                    .certificate(signer)
                    .unwrap_or(subject)
                    .certificate
                    .clone(),
                this_update: said.this_update,
                next_update: said.next_update,
            })),
        }
    }

    /// The number of the certificate whose key signed the answer, if it may.
    fn answerer(
        &mut self,
        number: usize,
        answer: &OcspResponse,
        said: Dated,
        issuer: usize,
        root: usize,
    ) -> Result<usize, Reason> {
        let evidence = self.evidence;
        let mut problem = Reason::ListNotTrusted;
        match self.values.answer(evidence, number, issuer) {
            Checked::Right => return Ok(issuer),
            Checked::OverLimit => return Err(Reason::TooManyChecks),
            Checked::Unknown(_) => problem = Reason::Algorithm,
            Checked::Wrong => {}
        }
        for embedded in answer.certificates() {
            let found = evidence.given.certificates.number_of(embedded);
            let Some((own, known)) = found.and_then(|own| Some((own, evidence.certificate(own)?)))
            else {
                continue;
            };
            if own == issuer || !self.may_answer(known, said) {
                continue;
            }
            // The cheap question first: hostile answers may have many certificates in them.
            let is_certified = self.values.certificate(evidence, own, issuer);
            if is_certified == Checked::OverLimit {
                return Err(Reason::TooManyChecks);
            }
            if is_certified != Checked::Right {
                continue;
            }
            match self.values.answer(evidence, number, own) {
                Checked::Right if self.is_revoked_answerer(own, known, issuer, root) => {}
                Checked::Right => return Ok(own),
                Checked::OverLimit => return Err(Reason::TooManyChecks),
                Checked::Unknown(_) => problem = Reason::Algorithm,
                Checked::Wrong => {}
            }
        }
        Err(problem)
    }

    /// Was the certificate made for answering, and was it valid then?
    fn may_answer(&self, known: &Known, said: Dated) -> bool {
        let usage = known.extension(oid::EXTENDED_KEY_USAGE);
        let purposes = usage.and_then(|usage| extension::identifiers(&usage));
        let wanted = oid::OCSP_SIGNING.as_bytes();
        let is_for_answers = purposes.is_some_and(|all| all.contains(&wanted));
        let is_valid = |at| known.certificate.valid_at(at);
        is_for_answers
            && known.obstacle.is_none()
            && known.allows(KeyUsage::signs_documents)
            && is_valid(said.this_update)
            && (!self.moment.is_now() || is_valid(self.moment.time()))
    }

    /// Do the lists at hand say that the issuer revoked who answers? Nobody need ask where the certificate says so.
    fn is_revoked_answerer(
        &mut self,
        own: usize,
        known: &Known,
        issuer: usize,
        root: usize,
    ) -> bool {
        known.extension(oid::OCSP_NO_CHECK).is_none() && self.is_in_lists(own, issuer, root)
    }
}

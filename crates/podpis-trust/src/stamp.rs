//! Decides whether a time stamp on a signature is trusted (RFC 3161, ETSI EN 319 122-1 5.3).
//!
//! **Invariant:** a stamp's certificates and lists are judged at the caller's moment, never at the
//! time that the stamp states, or it would vouch for itself.

use podpis_cms::Digests;
use podpis_cms::Signer;

use crate::evidence::Evidence;
use crate::judgement::{Stamp, Statuses, Step, Trust, checks};
use crate::known::Known;
use crate::path::{Purpose, Search};
use crate::signer::{self, Word};
use crate::time_stamp::Token;
use crate::values::Values;
use crate::{Moment, Reason, Whose, Why, extension, oid};

/// Is the certificate for time stamps and nothing else, and does it say so critically
/// (RFC 3161 2.3)?
pub(crate) fn is_for_stamps(known: &Known) -> bool {
    known
        .extension(oid::EXTENDED_KEY_USAGE)
        .is_some_and(|usage| {
            let purposes = extension::identifiers(&usage);
            usage.is_critical && purposes.as_deref() == Some(&[oid::TIME_STAMPING.as_bytes()])
        })
}

/// Judges one stamp on the value of this signer. `None` stands for a token that cannot be read.
pub(crate) fn judge(
    number: usize,
    token: Option<&Token>,
    stamped: &Signer,
    evidence: &Evidence<'_>,
    values: &mut Values<'_>,
    at: Moment,
) -> Stamp {
    let whose = Whose::Stamp(number);
    let mut stamp = Stamp {
        trust: Trust::Trusted,
        time: token.map(|token| token.time),
        latest: token.map(|token| token.latest),
        policy: token.map(|token| token.policy.clone()),
        certificate: None,
        path: Vec::new(),
        statuses: Statuses::default(),
        checks: Vec::new(),
    };
    let failed = match token.and_then(|token| token.signer().map(|signer| (token, signer))) {
        None => {
            let why = Why::new(Reason::StampUnreadable, whose, None);
            Some((Step::Content, why))
        }
        Some((token, signer)) => {
            let word = word(token, signer, stamped, evidence, values, whose);
            let known = signer::shown(word.certificate, evidence);
            stamp.certificate = known.map(|known| known.certificate.clone());
            match (word.failed, word.certificate) {
                (None, Some(certificate)) => {
                    let search = Search::new(evidence, values, at, Purpose::Stamp(number));
                    let found = search.from(certificate);
                    stamp.path = found.certificates(evidence);
                    // Whatever the path: a time that cannot be.
                    let own = known.and_then(|known| time_differs(token, known, whose, at));
                    stamp.statuses = found.statuses;
                    match (found.failed, own) {
                        (Some((step, why)), own) if step <= Step::Validity || own.is_none() => {
                            Some((step, why))
                        }
                        (_, own) => own,
                    }
                }
                (failed, _) => failed,
            }
        }
    };
    let told = failed.as_ref().map(|(step, why)| (*step, why));
    stamp.checks = checks(told, true);
    stamp.trust = Trust::of(failed.map(|(_, why)| why));
    stamp
}

/// Is the stamp for this signature, and is it the word of who made it?
fn word(
    token: &Token,
    signer: &Signer,
    stamped: &Signer,
    evidence: &Evidence<'_>,
    values: &mut Values<'_>,
    whose: Whose,
) -> Word {
    let failed = |step, why| Word {
        certificate: None,
        is_named: true,
        failed: Some((step, why)),
    };
    let imprint = Digests::of_with(stamped.value(), std::slice::from_ref(&token.algorithm));
    match imprint.get(&token.algorithm) {
        None => {
            let why = Why::new(Reason::Algorithm, whose, None).saying(token.algorithm.title());
            return failed(Step::Content, why);
        }
        Some(digest) if digest != token.imprint => {
            let why = Why::new(Reason::StampDiffers, whose, None);
            return failed(Step::Content, why);
        }
        Some(_) => {}
    }
    let algorithm = signer.document_digest();
    let content = Digests::of_with(token.message.content(), std::slice::from_ref(algorithm));
    let mut word = signer::check(signer, &content, evidence, values, whose);
    if word.failed.is_none() && !word.is_named {
        // RFC 3161 2.4.2, RFC 5816: in a stamp the attribute must be there.
        let known = signer::shown(word.certificate, evidence);
        let certificate = known.map(|known| &known.certificate);
        let why = Why::new(Reason::SigningCertificateDiffers, whose, certificate);
        word.failed = Some((Step::SigningCertificate, why));
    }
    word
}

/// A stamp is from no later than the moment, and from when its certificate was valid.
fn time_differs(token: &Token, known: &Known, whose: Whose, at: Moment) -> Option<(Step, Why)> {
    let certificate = &known.certificate;
    let (start, end) = (certificate.not_before(), certificate.not_after());
    let (reason, date) = if token.time > at.latest() {
        (Reason::NotYetValid, Some(token.time))
    } else if start.is_none_or(|start| token.time < start) {
        (Reason::NotYetValid, start)
    } else if end.is_none_or(|end| end < token.time) {
        (Reason::Expired, end)
    } else {
        return None;
    };
    let why = Why::new(reason, whose, Some(certificate)).since(date);
    Some((Step::Validity, why))
}

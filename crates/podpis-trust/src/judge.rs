//! Decides whether a signature is trusted: who signed, when at the latest, and whether the path held.
//!
//! **Invariant:** nothing is fetched, no clock is read; the same input gives the same answer.

use podpis_cms::{Digests, Document, Signature, Signer};

use crate::evidence::Evidence;
use crate::judgement::{Judgement, Note, SignerJudgement, Stamp, Statuses, Trust, checks};
use crate::path::{Purpose, Search};
use crate::time_stamp::Token;
use crate::values::Values;
use crate::{Given, Moment, Whose, attribute, oid, policy, signer, stamp};

/// Time stamps of one signer that are read at most; more are as if they were not there.
const MAX_STAMPS: usize = 100;

/// Judges a detached signature of a document at a moment, by what is given.
///
/// Where a trusted time stamp stands on the signature, its time is the moment for the signer; the
/// stamp itself is judged at the moment given. The work is bounded: ten certificates in a path, 200
/// values in all, each limit a reason of its own.
#[must_use]
pub fn judge(
    document: &Document<'_>,
    signature: &Signature,
    given: &Given,
    at: Moment,
) -> Judgement {
    let digests = document.digests(&signature.digest_algorithms());
    let tokens: Vec<Vec<Option<Token>>> = signature.signers().iter().map(tokens_of).collect();
    let mut evidence = Evidence::new(given);
    evidence.take(signature);
    for token in tokens.iter().flatten().flatten() {
        evidence.take(token.message.signature());
    }
    let mut values = Values::new(&given.expectation);
    let signers = signature
        .signers()
        .iter()
        .zip(&tokens)
        .map(|(signer, tokens)| judge_signer(signer, tokens, &digests, &evidence, &mut values, at))
        .collect();
    Judgement { signers }
}

fn tokens_of(signer: &Signer) -> Vec<Option<Token>> {
    attribute::values(signer.unsigned_attributes(), oid::SIGNATURE_TIME_STAMP)
        .take(MAX_STAMPS)
        .map(|token| Token::read(token.whole()))
        .collect()
}

fn judge_signer(
    signer: &Signer,
    tokens: &[Option<Token>],
    document: &Digests,
    evidence: &Evidence<'_>,
    values: &mut Values<'_>,
    at: Moment,
) -> SignerJudgement {
    let word = signer::check(signer, document, evidence, values, Whose::Signer);
    values.keep_for_signature(true);
    let stamps: Vec<Stamp> = (1..)
        .zip(tokens)
        .map(|(number, token)| stamp::judge(number, token.as_ref(), signer, evidence, values, at))
        .collect();
    values.keep_for_signature(false);

    let known = signer::shown(word.certificate, evidence);
    let mut judgement = SignerJudgement {
        trust: Trust::Trusted,
        moment: moment(&stamps, at),
        certificate: known.map(|known| known.certificate.clone()),
        path: Vec::new(),
        statuses: Statuses::default(),
        checks: Vec::new(),
        stamps,
        policies: known.map(policy::stated).unwrap_or_default(),
        claimed: signer.signing_time(),
        notes: notes(signer, word.is_named),
    };
    let mut failed = word.failed;
    if let (None, Some(certificate)) = (&failed, word.certificate) {
        let search = Search::new(evidence, values, judgement.moment, Purpose::Sign);
        let found = search.from(certificate);
        judgement.path = found.certificates(evidence);
        judgement.statuses = found.statuses;
        failed = found.failed;
    }
    let told = failed.as_ref().map(|(step, why)| (*step, why));
    judgement.checks = checks(told, word.is_named);
    judgement.trust = Trust::of(failed.map(|(_, why)| why));
    judgement
}

/// The time of the earliest trusted stamp, else the moment given.
fn moment(stamps: &[Stamp], at: Moment) -> Moment {
    (1..)
        .zip(stamps)
        .filter(|(_, stamp)| stamp.trust.is_trusted())
        .filter_map(|(number, stamp)| Some((stamp.time?, stamp.latest?, number)))
        .min()
        // The signature is at hand at the moment given, however inaccurate the stamp.
        .map_or(at, |(time, latest, number)| {
            Moment::stamped(time, latest.min(at.latest()), number)
        })
}

fn notes(signer: &Signer, is_named: bool) -> Vec<Note> {
    let mut notes = Vec::new();
    if !is_named {
        notes.push(Note::SigningCertificateNotNamed);
    }
    let mut signed = attribute::all(signer.signed_attributes());
    if signed.any(|(kind, _)| kind == oid::SIGNATURE_POLICY.as_bytes()) {
        notes.push(Note::SignaturePolicyNotChecked);
    }
    let mut unsigned = attribute::all(signer.unsigned_attributes());
    if unsigned.any(|(kind, _)| oid::is_archival(kind)) {
        notes.push(Note::ArchiveNotChecked);
    }
    notes
}

//! How trust is told to programs.
//!
//! **Invariant:** every word is one of the library's, stable and the same in every language; a certificate goes by its
//! thumbprint, a moment by the form of RFC 3339.

use podpis::cms::Certificate;
use podpis::trust::{
    Answer, Check, File, Judgement, ListUsed, Moment, Needed, OcspUsed, SignerJudgement, Source,
    Stamp, Trust, Why,
};
use serde_json::{Value, json};

use super::fetch::Fetched;
use super::trust_text::hex;
use crate::messages::Trouble;
use crate::moment::rfc3339;
use crate::output::joined;

/// What was found: of the signer whose answer is the weakest, and, of several, of each.
pub(super) fn judgement(judgement: &Judgement) -> Value {
    let told = signer(judgement.weakest());
    match judgement.signers() {
        [_, _, ..] => {
            let all: Vec<Value> = judgement.signers().iter().map(signer).collect();
            joined(told, json!({ "signers": all }))
        }
        _ => told,
    }
}

fn signer(signer: &SignerJudgement) -> Value {
    let stamps: Vec<Value> = signer.stamps().iter().map(stamp).collect();
    let notes: Vec<&str> = signer.notes().iter().map(|note| note.name()).collect();
    let more = json!({
        "signer": signer.certificate().map(thumbprint),
        "signer_subject": signer.certificate().map(Certificate::subject),
        "moment": rfc3339(signer.moment().time()),
        "moment_from": source(signer.moment()),
        "path": path(signer.path()),
        "lists": lists(signer.lists()),
        "ocsp": ocsp(signer.ocsp()),
        "checks": checks(signer.checks()),
        "stamps": stamps,
        "notes": notes,
        "policies": signer.policies(),
        "claimed_time": signer.claimed_time().and_then(rfc3339),
    });
    joined(answer(signer.trust()), more)
}

fn stamp(stamp: &Stamp) -> Value {
    let more = json!({
        "signer": stamp.certificate().map(thumbprint),
        "signer_subject": stamp.certificate().map(Certificate::subject),
        "time": stamp.time().and_then(rfc3339),
        "latest": stamp.latest().and_then(rfc3339),
        "policy": stamp.policy(),
        "path": path(stamp.path()),
        "lists": lists(stamp.lists()),
        "ocsp": ocsp(stamp.ocsp()),
        "checks": checks(stamp.checks()),
    });
    joined(answer(stamp.trust()), more)
}

/// The verdict and why; what there is nothing to say of is `null`.
fn answer(trust: &Trust) -> Value {
    let why = trust.why();
    json!({
        "verdict": trust.name(),
        "reason": why.map(|why| why.reason().name()),
        "whose": why.map(|why| why.whose().to_string()),
        "certificate": why.and_then(Why::certificate).map(thumbprint),
        "subject": why.and_then(Why::certificate).map(Certificate::subject),
        "date": why.and_then(Why::date).and_then(rfc3339),
        "detail": why.and_then(Why::detail),
        "needed": why.and_then(Why::needed).map(needed),
    })
}

fn needed(needed: &Needed) -> Value {
    json!({
        "what": match needed.what() {
            File::SignerCertificate => "signer-certificate",
            File::IssuerCertificate => "issuer-certificate",
            File::RevocationList => "revocation-list",
            _ => "file",
        },
        "issuer": needed.issuer(),
        "serial": needed.serial().map(hex),
        "key_id": needed.key_id().map(hex),
        "addresses": needed.addresses(),
    })
}

fn source(moment: Moment) -> String {
    match moment.source() {
        Source::Now => "now".to_owned(),
        Source::Asked => "asked".to_owned(),
        Source::Stamp(number) => format!("stamp {number}"),
        _ => "other".to_owned(),
    }
}

fn path(path: &[Certificate]) -> Vec<Value> {
    let one = |known: &Certificate| json!({ "subject": known.subject(), "certificate": thumbprint(known) });
    path.iter().map(one).collect()
}

/// The lists that certificates of the path are not in.
fn lists(lists: &[ListUsed]) -> Vec<Value> {
    let one = |used: &ListUsed| {
        json!({
            "certificate": thumbprint(used.certificate()),
            "date": rfc3339(used.list().this_update()),
            "next": used.list().next_update().and_then(rfc3339),
            "number": used.list().number().map(hex),
            "signer": thumbprint(used.signer()),
        })
    };
    lists.iter().map(one).collect()
}

/// The OCSP answers that say that certificates of the path were not revoked.
fn ocsp(answers: &[OcspUsed]) -> Vec<Value> {
    let one = |used: &OcspUsed| {
        json!({
            "certificate": thumbprint(used.certificate()),
            "date": rfc3339(used.this_update()),
            "next": used.next_update().and_then(rfc3339),
            "signer": thumbprint(used.signer()),
        })
    };
    answers.iter().map(one).collect()
}

/// What became of an address that was gone to.
pub(super) fn fetched(fetched: &Fetched) -> Value {
    let (from, trouble) = match &fetched.outcome {
        Ok(from) => (Some(from.name()), None),
        Err(trouble) => (None, Some(trouble)),
    };
    json!({
        "what": fetched.what.name(),
        "address": fetched.address,
        "from": from,
        "error": trouble.map(Trouble::name),
        "detail": trouble.and_then(Trouble::detail),
    })
}

fn checks(checks: &[Check]) -> Vec<Value> {
    let one = |check: &Check| {
        let (answer, reason) = match check.answer() {
            Answer::Passed => ("passed", None),
            Answer::Failed(why) => ("failed", Some(why.reason().name())),
            Answer::Absent => ("absent", None),
            Answer::NotReached => ("not-reached", None),
            _ => ("other", None),
        };
        json!({ "check": check.step().name(), "answer": answer, "reason": reason })
    };
    checks.iter().map(one).collect()
}

fn thumbprint(certificate: &Certificate) -> String {
    certificate.thumbprint().to_string()
}

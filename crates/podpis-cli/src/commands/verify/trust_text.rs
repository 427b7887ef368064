//! How trust is told to people: at which moment, by which path and lists, why not, and what would help.
//!
//! **Invariant:** the verdict comes last, after all that it rests on. A path is called one to a root only where it leads to
//! one.

use podpis::cms::Certificate;
use podpis::trust::{
    Answer, Check, Judgement, ListUsed, Moment, Needed, OcspUsed, SignerJudgement, Source, Stamp,
    Step, Trust, Whose, Why,
};

use super::fetch::Fetched;
use crate::messages::{Judged, MomentFrom, Reasoned, TrustMessage, Verdict, Wanted};
use crate::moment::rfc3339;
use crate::output::Output;

/// Tells all of it, and the verdict.
pub(super) fn say(judgement: &Judgement, file: &str, output: Output) {
    let say = |message: TrustMessage| output.say(&message.into());
    let signers = judgement.signers();
    for (number, signer) in (1..).zip(signers) {
        if signers.len() > 1 {
            say(TrustMessage::OneOfSeveral {
                number,
                count: signers.len(),
                verdict: self::answer(signer.trust()),
            });
        }
        one(signer).into_iter().for_each(say);
    }
    say(verdict(judgement, file));
}

/// The line that says it in short.
pub(super) fn verdict(judgement: &Judgement, file: &str) -> TrustMessage {
    TrustMessage::Verdict {
        file: file.to_owned(),
        judged: judged(judgement.weakest()),
        verdict: answer(judgement.trust()),
    }
}

/// What became of an address that was gone to.
pub(super) fn fetched(fetched: &Fetched) -> TrustMessage {
    let (what, address) = (fetched.what, fetched.address.clone());
    match &fetched.outcome {
        Ok(from) => TrustMessage::Fetched {
            what,
            from: *from,
            address,
        },
        Err(trouble) => TrustMessage::NotFetched {
            what,
            address,
            trouble: trouble.clone(),
        },
    }
}

fn one(signer: &SignerJudgement) -> Vec<TrustMessage> {
    let mut lines = vec![TrustMessage::JudgedAt(judged(signer))];
    let leads_to_root = leads_to_root(signer.checks());
    for (at, certificate) in signer.path().iter().enumerate() {
        let is_last = at + 1 == signer.path().len();
        let whose = match at {
            0 => Whose::Signer,
            _ if is_last && leads_to_root => Whose::Root,
            _ => Whose::Issuer(at),
        };
        let certificate = shown(certificate);
        lines.push(TrustMessage::Path { whose, certificate });
    }
    lines.extend(signer.lists().iter().map(list));
    lines.extend(signer.ocsp().iter().map(ocsp));
    for (number, stamp) in (1..).zip(signer.stamps()) {
        lines.extend(told(number, stamp));
    }
    lines.extend(signer.notes().iter().copied().map(TrustMessage::Note));
    lines.extend(needed(signer.trust()));
    lines
}

fn told(number: usize, stamp: &Stamp) -> Vec<TrustMessage> {
    let mut lines = vec![TrustMessage::Stamp {
        number,
        time: stamp.time().and_then(rfc3339),
        certificate: stamp.certificate().map(shown),
        verdict: answer(stamp.trust()),
    }];
    // Its own certificate has been named.
    for certificate in stamp.path().iter().skip(1) {
        let whose = Whose::Stamp(number);
        let certificate = shown(certificate);
        lines.push(TrustMessage::Path { whose, certificate });
    }
    lines.extend(stamp.lists().iter().map(list));
    lines.extend(stamp.ocsp().iter().map(ocsp));
    lines.extend(needed(stamp.trust()));
    lines
}

/// Was a path to a root found, whatever is wrong with it?
pub(super) fn leads_to_root(checks: &[Check]) -> bool {
    let chain = checks.iter().find(|check| check.step() == Step::Chain);
    chain.is_some_and(|chain| *chain.answer() == Answer::Passed)
}

fn list(used: &ListUsed) -> TrustMessage {
    TrustMessage::NotInList {
        certificate: shown(used.certificate()),
        date: date(used.list().this_update()),
        next: used.list().next_update().map(date),
    }
}

fn ocsp(used: &OcspUsed) -> TrustMessage {
    TrustMessage::GoodByOcsp {
        certificate: shown(used.certificate()),
        date: date(used.this_update()),
        next: used.next_update().map(date),
    }
}

fn judged(signer: &SignerJudgement) -> Judged {
    let moment: Moment = signer.moment();
    Judged {
        at: date(moment.time()),
        from: match moment.source() {
            Source::Asked => MomentFrom::Asked,
            Source::Stamp(number) => {
                let place = number.checked_sub(1);
                let stamp = place.and_then(|place| signer.stamps().get(place));
                let certificate = stamp.and_then(Stamp::certificate).map(shown);
                MomentFrom::Stamp {
                    number,
                    certificate,
                }
            }
            _ => MomentFrom::Now,
        },
    }
}

fn answer(trust: &Trust) -> Verdict {
    match trust {
        Trust::Trusted => Verdict::Trusted,
        Trust::Refused(why) => Verdict::Refused(reasoned(why)),
        Trust::Unproven(why) => Verdict::NotProven(reasoned(why)),
    }
}

fn reasoned(why: &Why) -> Reasoned {
    Reasoned {
        reason: why.reason(),
        whose: why.whose(),
        certificate: why.certificate().map(shown),
        date: why.date().map(date),
        detail: why.detail().map(str::to_owned),
    }
}

fn needed(trust: &Trust) -> Option<TrustMessage> {
    let needed: &Needed = trust.why()?.needed()?;
    Some(TrustMessage::Needed(Wanted {
        what: needed.what(),
        issuer: needed.issuer().to_owned(),
        serial: needed.serial().map(hex),
        key_id: needed.key_id().map(hex),
        addresses: needed.addresses().to_vec(),
    }))
}

/// A certificate as people tell it from others.
fn shown(certificate: &Certificate) -> String {
    format!("{}, {}", certificate.subject(), certificate.thumbprint())
}

/// A moment in the form of RFC 3339. Those of certificates, lists and stamps have one; what has none is beyond all years.
fn date(time: std::time::SystemTime) -> String {
    rfc3339(time).unwrap_or_else(|| "?".to_owned())
}

/// Bytes in upper-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

//! How it is told what a signature is worth.
//!
//! **Invariant:** an object for each file, whatever became of it; a certificate is called the signer's only where its key
//! made the value.

use std::collections::HashSet;

use podpis::Signed;
use podpis::cms::{Certificate, Signer, SignerProof};
use podpis::trust::Judgement;
use serde_json::{Value, json};

use super::judge::{Judged, Pair};
use super::question::Question;
use super::{trust_json, trust_text};
use crate::checks;
use crate::failure::Failure;
use crate::messages::SignatureMessage;
use crate::moment::rfc3339;
use crate::output::{Output, joined};

/// Tells people and programs.
pub(super) fn tell(
    pair: &Pair,
    question: &Question,
    judged: &Judged,
    output: Output,
) -> Result<(), Failure> {
    let place = json!({ "file": pair.file(), "signature": pair.signature() });
    for one in judged.fetched.iter().flatten() {
        output.say(&trust_text::fetched(one).into());
    }
    let judgement = judged.judgement();
    let mut told = match &judged.signed {
        Ok(signed) => {
            say(pair, question, signed, judgement, output);
            result(place, signed)
        }
        Err(failure) => {
            output.complain(failure);
            if let Some(judgement) = judgement {
                output.say(&trust_text::verdict(judgement, &pair.file()).into());
            }
            joined(place, json!({ "error": output.told(failure) }))
        }
    };
    if question.basis().is_some() {
        let trust = judgement.map(trust_json::judgement);
        told = joined(told, json!({ "trust": trust }));
    }
    if let Some(fetched) = &judged.fetched {
        let fetched: Vec<Value> = fetched.iter().map(trust_json::fetched).collect();
        told = joined(told, json!({ "fetched": fetched }));
    }
    output.result(&told)
}

fn say(
    pair: &Pair,
    question: &Question,
    signed: &Signed,
    judgement: Option<&Judgement>,
    output: Output,
) {
    let checks = signed.checks();
    let (file, signature) = (pair.file(), pair.signature());
    let say = |message: SignatureMessage| output.say(&message.into());
    say(if !checks.digest().is_passed() {
        SignatureMessage::CannotTellFile { file, signature }
    } else if !checks.value().is_passed() {
        SignatureMessage::StatesContent { file, signature }
    } else {
        SignatureMessage::Belongs { file, signature }
    });
    let form = signed.signature().form();
    if !form.is_der() {
        say(SignatureMessage::NotDer(form.clone()));
    }
    for (signer, proof) in signed.signers() {
        say(checks::signer(proof));
        if let Some(certificate) = proof.certificate() {
            let thumbprint = certificate.thumbprint().to_string();
            say(SignatureMessage::Thumbprint(thumbprint));
        }
        say(time(signer));
    }
    for (certificate, role) in others(signed) {
        let shown = format!("{}, {}", certificate.subject(), certificate.thumbprint());
        say(match role {
            Role::SameKey => SignatureMessage::SameKey(shown),
            Role::NotTheSigners => SignatureMessage::NotTheSigners(shown),
            Role::Unknown => SignatureMessage::PerhapsTheSigners(shown),
        });
    }
    let names = if question.names_certificate() {
        checks::ALL
    } else {
        checks::UNNAMED
    };
    checks::each(checks, names).for_each(say);
    if question.basis().is_none() {
        say(SignatureMessage::TrustNotChecked);
    }
    match judgement {
        Some(judgement) => trust_text::say(judgement, &pair.file(), output),
        None => say(checks::verdict(checks, &pair.file())),
    }
}

fn time(signer: &Signer) -> SignatureMessage {
    match signer.signing_time().and_then(rfc3339) {
        Some(time) => SignatureMessage::SignedAt(time),
        None if signer.has_signing_time() => SignatureMessage::TimeUnreadable,
        None => SignatureMessage::NoTime,
    }
}

fn result(place: Value, signed: &Signed) -> Value {
    let one = |(signer, proof): (&Signer, &SignerProof)| {
        let certificate = proof.certificate();
        json!({
            "subject": certificate.map(Certificate::subject),
            "certificate": certificate.map(|known| known.thumbprint().to_string()),
            "signing_time": signer.signing_time().and_then(rfc3339),
            "value": checks::word(proof.value()),
        })
    };
    let other = |(certificate, role): (Certificate, Role)| {
        json!({
            "subject": certificate.subject(),
            "certificate": certificate.thumbprint().to_string(),
            "is": match role {
                Role::SameKey => "same_key",
                Role::NotTheSigners => "not_the_signers",
                Role::Unknown => "unknown",
            },
        })
    };
    let signers: Vec<Value> = signed.signers().map(one).collect();
    let others: Vec<Value> = others(signed).into_iter().map(other).collect();
    let more = json!({ "signers": signers, "embedded": others });
    joined(checks::result(place, Some(signed)), more)
}

/// What an embedded certificate is that was not told as a signer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Its key is that of a signer's certificate, and so made a value.
    SameKey,
    /// Its key made no value.
    NotTheSigners,
    /// A signer may mean it, and the value was not checked.
    Unknown,
}

/// The embedded certificates but for those of the signers, each once.
fn others(signed: &Signed) -> Vec<(Certificate, Role)> {
    let mut told = HashSet::new();
    let (mut keys, mut named) = (HashSet::new(), HashSet::new());
    for (signer, proof) in signed.signers() {
        let Some(certificate) = proof.certificate() else {
            continue;
        };
        told.insert(certificate.thumbprint());
        if proof.value().is_passed() {
            keys.insert(certificate.spki_der().to_vec());
        } else {
            named.extend(signer.certificates().iter().map(Certificate::thumbprint));
        }
    }
    let mut others = Vec::new();
    for certificate in signed.signature().certificates() {
        let thumbprint = certificate.thumbprint();
        if !told.insert(thumbprint) {
            continue;
        }
        let role = if keys.contains(certificate.spki_der()) {
            Role::SameKey
        } else if named.contains(&thumbprint) {
            Role::Unknown
        } else {
            Role::NotTheSigners
        };
        others.push((certificate, role));
    }
    others
}

//! Decides how a signature is told, the same way by every command: who made it, what was checked, and the verdict.
//!
//! **Invariant:** each check is told, and one that was not done says why. "Proven" is said where the library says so and
//! nowhere else; a certificate is the signer's only where its key made the value.

use clap::Args;
use podpis::Signed;
use podpis::cms::{Certificate, Check, Checks, Reason, SignerProof};
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::messages::{CheckName, Message, SignatureMessage};
use crate::output::joined;

/// Every check.
pub(crate) const ALL: &[CheckName] = &[CheckName::Digest, CheckName::Signer, CheckName::Value];

/// Those of a signature for which nobody named a certificate.
pub(crate) const UNNAMED: &[CheckName] = &[CheckName::Digest, CheckName::Value];

// How much has to be known of signatures that a service gives.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct StrictArguments {
    /// End with 3 when a signature could not be checked whole; it is written all the same
    #[arg(long)]
    strict: bool,
}

impl StrictArguments {
    /// Whether it has to be known whole.
    pub(crate) fn is_asked_for(self) -> bool {
        self.strict
    }

    /// What it means for the ending that signatures came, all of them proven or not.
    pub(crate) fn exit(self, proven: bool) -> Exit {
        if self.strict && !proven {
            Exit::NotProven
        } else {
            Exit::Done
        }
    }
}

/// The lines that say who made a signature, what of `names` was checked, and the verdict. `file` is the file as people
/// know it.
pub(crate) fn lines(signed: &Signed, names: &[CheckName], file: &str) -> Vec<Message> {
    let names = match signed.checks().signer() {
        Check::NotChecked(Reason::NotAsked) => UNNAMED,
        _ => names,
    };
    let signers = signed.signers().map(|(_, proof)| signer(proof));
    let told = signers
        .chain(each(signed.checks(), names))
        .chain([verdict(signed.checks(), file)]);
    told.map(Message::from).collect()
}

/// The line that says who a signer is, as far as that is known.
pub(crate) fn signer(proof: &SignerProof) -> SignatureMessage {
    let subject = |certificate: &Certificate| certificate.subject().to_owned();
    match (proof.certificate(), proof.value()) {
        (Some(certificate), Check::Passed) => SignatureMessage::Signer(subject(certificate)),
        (Some(certificate), Check::NotChecked(_)) => SignatureMessage::Named(subject(certificate)),
        (None, Check::NotChecked(Reason::UnreadableCertificate)) => {
            SignatureMessage::NoReadableCertificate
        }
        (None, _) => SignatureMessage::NoCertificate,
    }
}

/// A line for each of these checks.
pub(crate) fn each(checks: &Checks, names: &[CheckName]) -> impl Iterator<Item = SignatureMessage> {
    names.iter().map(|&what| SignatureMessage::Checked {
        what,
        check: of(checks, what).clone(),
    })
}

/// Whether all that was asked is proven, or what is open.
pub(crate) fn verdict(checks: &Checks, file: &str) -> SignatureMessage {
    let file = file.to_owned();
    if checks.is_proven() {
        return SignatureMessage::Proven(file);
    }
    let open = ALL
        .iter()
        .copied()
        .filter_map(|what| Some((what, of(checks, what).reason()?.clone())))
        .filter(|(_, why)| *why != Reason::NotAsked)
        .collect();
    SignatureMessage::NotProven { file, open }
}

fn of(checks: &Checks, what: CheckName) -> &Check {
    match what {
        CheckName::Digest => checks.digest(),
        CheckName::Signer => checks.signer(),
        CheckName::Value => checks.value(),
    }
}

/// A result for `--json`, with all that is known of its signature; `None` for one that never was here.
pub(crate) fn result(result: Value, signed: Option<&Signed>) -> Value {
    let certificate = signed.and_then(Signed::certificate);
    let known = json!({
        "certificate": certificate.map(|known| known.thumbprint().to_string()),
        "checks": signed.map(|signed| json(signed.checks())),
        "proven": signed.is_some_and(|signed| signed.checks().is_proven()),
        "form": signed.map(form),
    });
    joined(result, known)
}

/// `"der"`, or the words for how it came otherwise.
fn form(signed: &Signed) -> Value {
    let form = signed.signature().form();
    if form.is_der() {
        return json!("der");
    }
    form.departures()
        .map(|departure| departure.name())
        .collect()
}

fn json(checks: &Checks) -> Value {
    json!({
        "digest": word(checks.digest()),
        "signer": word(checks.signer()),
        "value": word(checks.value()),
    })
}

/// A check in a word or a few. They are stable and the same in every language.
pub(crate) fn word(check: &Check) -> String {
    let reason = match check {
        Check::Passed => return "passed".to_owned(),
        Check::NotChecked(Reason::NeedsFile) => "needs file".to_owned(),
        Check::NotChecked(Reason::Algorithm(name)) => format!("algorithm {name}"),
        Check::NotChecked(Reason::NoCertificate) => "no certificate".to_owned(),
        Check::NotChecked(Reason::NotAsked) => "not asked".to_owned(),
        Check::NotChecked(other) => other.to_string(),
    };
    format!("not-checked: {reason}")
}

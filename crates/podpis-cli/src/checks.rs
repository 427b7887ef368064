//! Decides how the checks of a signature are told, the same way by every command.
//!
//! **Invariant:** each check is told, and one that was not done says why.

use podpis::cms::{Check, Checks, Reason};
use serde_json::{Value, json};

use crate::messages::{CheckName, Message};
use crate::output::Output;

/// A line for each of these checks.
pub(crate) fn say(checks: &Checks, names: &[CheckName], output: Output) {
    for &what in names {
        let check = match what {
            CheckName::Digest => checks.digest(),
            CheckName::Signer => checks.signer(),
            CheckName::Value => checks.value(),
        };
        output.say(&Message::Checked {
            what,
            check: check.clone(),
        });
    }
}

/// All checks for `--json`.
pub(crate) fn json(checks: &Checks) -> Value {
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

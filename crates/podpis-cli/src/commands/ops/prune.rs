//! `podpis ops prune`: removes what has been over for long.
//!
//! **Invariant:** an open operation is never removed, nor one that a program is at work on.

use std::time::Duration;

use clap::Args;
use podpis::operation::{Lease, Owner};
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Message;
use crate::moment::now;
use crate::output::Output;
use crate::store::{JournalArguments, Store};

/// How long a record is held while it is removed.
const LEASE: Duration = Duration::from_secs(60);

#[derive(Debug, Args)]
pub(crate) struct PruneArguments {
    /// How long ago they have ended at least: a number with s, m, h or d, for example 30d. Signatures that were not
    /// written yet go with their records
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    older_than: Duration,

    #[command(flatten)]
    journal: JournalArguments,
}

/// Removes.
pub(super) async fn run(arguments: &PruneArguments, output: Output) -> Result<Exit, Failure> {
    let store = Store::existing(&arguments.journal, output).await?;
    let lease = Lease::new(Owner::of_this_process(), now().into(), LEASE);
    let removed = store
        .journal()
        .forget_finished(&lease, arguments.older_than)
        .await
        .map_err(|error| store.failing(error))?;
    store.sweep().await?;
    output.say(&Message::Pruned {
        removed,
        journal: store.shown(),
    });
    output.result(&json!({ "removed": removed }))?;
    Ok(Exit::Done)
}

/// A number and its unit.
fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "a number with s, m, h or d is wanted, for example 30d".to_owned();
    let unit = text.chars().last().ok_or_else(wrong)?;
    let seconds: u64 = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        _ => return Err(wrong()),
    };
    let number = text.strip_suffix(unit).ok_or_else(wrong)?;
    if !number.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(wrong());
    }
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let seconds = number.checked_mul(seconds).ok_or_else(wrong)?;
    Ok(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn a_duration_has_a_number_and_a_unit() {
        for (text, seconds) in [
            ("0s", 0),
            ("90m", 5_400),
            ("12h", 43_200),
            ("30d", 2_592_000),
        ] {
            assert_eq!(duration(text).unwrap().as_secs(), seconds, "{text}");
        }
        for text in [
            "",
            "d",
            "30",
            "-1d",
            "+1d",
            "1.5h",
            "30 d",
            "30w",
            "дн",
            "99999999999999999d",
        ] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}

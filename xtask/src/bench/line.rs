//! Decides what a line means that a benchmark program prints.
//!
//! *Invariant:* a line that is not understood ends the comparison: a figure is never lost in silence.

use std::num::NonZeroU64;

use serde::Deserialize;

/// What one process says of one case.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Line {
    /// The same on every side.
    pub(super) case: String,
    #[serde(flatten)]
    pub(super) outcome: Outcome,
}

/// A figure, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Outcome {
    Measured {
        /// Processor time of one pass, in nanoseconds.
        cpu_ns: u64,
        /// How many things (signatures, bytes, operations) one pass works on.
        per: NonZeroU64,
    },
    Held {
        /// What all of them hold in memory, in bytes.
        bytes: u64,
        /// How many things.
        per: NonZeroU64,
    },
    Skipped {
        /// Why.
        skipped: String,
    },
}

/// Reads what a program printed.
pub(super) fn parse(output: &str) -> Result<Vec<Line>, String> {
    let lines = output.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| serde_json::from_str(line).map_err(|error| format!("{line}: {error}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Line, NonZeroU64, Outcome, parse};

    #[test]
    fn figures_and_reasons_are_read_in_their_order() {
        let output = r#"{"case":"a thousand","cpu_ns":41,"per":1000}

{"case":"a thousand open","bytes":12000,"per":1000}
{"case":"a million","skipped":"takes days"}
"#;
        let expected = [
            Line {
                case: "a thousand".into(),
                outcome: Outcome::Measured {
                    cpu_ns: 41,
                    per: NonZeroU64::new(1000).unwrap(),
                },
            },
            Line {
                case: "a thousand open".into(),
                outcome: Outcome::Held {
                    bytes: 12_000,
                    per: NonZeroU64::new(1000).unwrap(),
                },
            },
            Line {
                case: "a million".into(),
                outcome: Outcome::Skipped {
                    skipped: "takes days".into(),
                },
            },
        ];
        assert_eq!(parse(output).unwrap(), expected);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for line in [
            "warming up",
            r#"{"case":"a thousand"}"#,
            r#"{"case":"a thousand","cpu_ns":41}"#,
            r#"{"case":"a thousand","cpu_ns":41,"per":0}"#,
            r#"{"case":"a thousand","cpu_ns":-1,"per":1}"#,
            r#"{"case":"a thousand","bytes":1,"per":0}"#,
        ] {
            let complaint = parse(line).unwrap_err();
            assert!(complaint.starts_with(line), "{complaint}");
        }
    }
}

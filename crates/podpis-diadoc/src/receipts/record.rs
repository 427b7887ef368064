//! What an AutoSignReceipts keeps in its record, and which step follows a batch.
//!
//! **Invariant:** no key is sent twice, and there is an end.

use podpis_operation::Event;
use serde::{Deserialize, Serialize};

use super::ReceiptsEnd;

/// The most batches of one operation.
const LIMIT: u32 = 1_000;

/// The client's part of the record.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    #[serde(rename = "box")]
    pub(super) in_box: String,
    /// The certificate that was asked for, as a thumbprint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) certificate: Option<String>,
    /// How many receipts were signed in the batches that are done.
    #[serde(default)]
    pub(super) signed: u64,
    /// How many batches are done.
    #[serde(default)]
    pub(super) batches: u32,
    /// Every key that a batch was, or is about to be, sent with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) keys: Vec<String>,
    #[serde(flatten)]
    pub(super) step: Step,
}

/// How far the batch is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum Step {
    /// The batch is about to be sent; the first has no key.
    Starting {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<String>,
    },
    /// The service signs it.
    Signing { task: String },
    /// There is no further batch.
    Ended { end: ReceiptsEnd },
}

impl Record {
    /// This record at another step.
    pub(super) fn at(&self, step: Step) -> Self {
        Self {
            step,
            ..self.clone()
        }
    }

    /// A refusal of this batch, with what the batches before have done.
    pub(super) fn telling_what_was_signed(&self, event: Event<Self>) -> Event<Self> {
        match event {
            Event::Refused { refusal, message } if self.signed > 0 => {
                let words = message.unwrap_or_else(|| "it says nothing more".to_owned());
                let signed = self.signed;
                Event::Refused {
                    refusal,
                    message: Some(format!(
                        "{words}; {signed} receipts of the batches before are signed"
                    )),
                }
            }
            other => other,
        }
    }

    /// A batch is done: counts it, and tells what follows.
    pub(super) fn counted(mut self, signed: u64, next_key: String) -> Event<Self> {
        self.signed = self.signed.saturating_add(signed);
        self.batches = self.batches.saturating_add(1);
        let end = if next_key.is_empty() {
            ReceiptsEnd::NoNextKey
        } else if self.keys.contains(&next_key) {
            ReceiptsEnd::RepeatedKey
        } else if self.batches >= LIMIT {
            ReceiptsEnd::TooManyBatches
        } else {
            self.keys.push(next_key.clone());
            self.step = Step::Starting {
                key: Some(next_key),
            };
            return Event::NextStep { data: self };
        };
        self.step = Step::Ended { end };
        Event::Finished { data: self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(batches: u32, keys: &[&str]) -> Record {
        Record {
            in_box: "box".to_owned(),
            certificate: None,
            signed: 100,
            batches,
            keys: keys.iter().map(ToString::to_string).collect(),
            step: Step::Signing {
                task: "A".to_owned(),
            },
        }
    }

    #[test]
    fn what_follows_a_batch() {
        let next = |key: &str| Step::Starting {
            key: Some(key.to_owned()),
        };
        let ended = |end| Step::Ended { end };
        let rows = [
            (record(0, &[]), "k1", "next_step", next("k1")),
            (record(1, &["k1"]), "k2", "next_step", next("k2")),
            (
                record(1, &["k1"]),
                "",
                "finished",
                ended(ReceiptsEnd::NoNextKey),
            ),
            (
                record(1, &["k1"]),
                "k1",
                "finished",
                ended(ReceiptsEnd::RepeatedKey),
            ),
            (
                record(2, &["k1", "k2"]),
                "k1",
                "finished",
                ended(ReceiptsEnd::RepeatedKey),
            ),
            (record(998, &[]), "k", "next_step", next("k")),
            (
                record(999, &[]),
                "k",
                "finished",
                ended(ReceiptsEnd::TooManyBatches),
            ),
        ];
        for (record, key, event, step) in rows {
            let batches = record.batches;
            let came = record.counted(7, key.to_owned());
            assert_eq!(came.name(), event, "{key}");
            let (Event::NextStep { data: stored } | Event::Finished { data: stored }) = came else {
                panic!("{key}");
            };
            assert_eq!(stored.step, step, "{key}");
            assert_eq!((stored.signed, stored.batches), (107, batches + 1), "{key}");
        }
    }
}

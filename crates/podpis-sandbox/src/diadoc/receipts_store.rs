//! Decides which receipts wait in the box, which batch signs which of them, and what the keys mean.
//!
//! **Invariant:** a start without a key is about what waits then, and a key names one place in that list, so the
//! same key is always about the same receipts. What is signed is not signed again, unless the option says so.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::options::{DiadocOptions, LastBatchKey};
use crate::ids::Ids;
use crate::kept::Kept;
use crate::moment::Moment;

/// One receipt, as GET `/_sandbox/receipts` lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReceiptInfo {
    /// The id, a GUID.
    pub id: String,
    /// How many signatures are under it: 0 while it waits; more than 1 only by
    /// [`DiadocOptions::receipts_signed_again`].
    pub signed: u64,
    /// How many processed batches were about it; more than 1 when a client started a batch twice.
    pub batches: u64,
}

/// A place in the list of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Range {
    sequence: usize,
    from: usize,
}

/// One AutoSignReceipts.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    pub(super) id: String,
    pub(super) task: String,
    pub(super) user: usize,
    pub(super) range: Range,
    pub(super) ready_at: Moment,
    /// How many it signed, once it was processed.
    pub(super) signed: Option<i64>,
    pub(super) next_key: String,
}

/// The receipts of the box.
#[derive(Clone, Debug)]
pub(crate) struct Receipts {
    all: Vec<ReceiptInfo>,
    /// What waited when a start came without a key.
    sequences: Kept<Vec<usize>>,
    keys: Kept<Range>,
    /// The keys by what they are about.
    given: BTreeMap<Range, String>,
    batches: Kept<Batch>,
}

impl Receipts {
    pub(super) fn seeded(number: usize, limit: usize) -> Self {
        let receipt = |number: usize| ReceiptInfo {
            id: format!("d0b3a6c2-6666-4c5e-9a57-{number:012x}"),
            signed: 0,
            batches: 0,
        };
        Self {
            all: (1..=number).map(receipt).collect(),
            sequences: Kept::new(limit),
            keys: Kept::new(limit),
            given: BTreeMap::new(),
            batches: Kept::new(limit),
        }
    }

    pub(crate) fn all(&self) -> &[ReceiptInfo] {
        &self.all
    }

    /// What a batch is about; none for an unknown key.
    pub(super) fn range(&mut self, key: Option<&str>) -> Option<Range> {
        if let Some(key) = key {
            return self.keys.named(key).copied();
        }
        let waits = |index: &usize| self.all.get(*index).is_some_and(|known| known.signed == 0);
        let waiting = (0..self.all.len()).filter(waits).collect();
        let sequence = self.sequences.add(waiting, []);
        Some(Range { sequence, from: 0 })
    }

    /// The key behind a batch: always the same one, except for keys that never end.
    pub(super) fn next_key(
        &mut self,
        range: Range,
        options: &DiadocOptions,
        ids: &mut Ids,
    ) -> String {
        let length = self.sequences.get(range.sequence).map_or(0, Vec::len);
        let next = Range {
            from: range
                .from
                .saturating_add(options.receipts_batch.max(1))
                .min(length),
            ..range
        };
        let is_last = next.from == length;
        match options.last_batch_key {
            LastBatchKey::Empty | LastBatchKey::Absent if is_last => return String::new(),
            LastBatchKey::NeverEnding if is_last => {}
            _ => {
                let known = self.given.get(&next);
                if let Some(key) = known.filter(|key| self.keys.find(key).is_some()) {
                    return key.clone();
                }
            }
        }
        let key = ids.guid();
        self.keys.add(next, [&*key]);
        self.given.retain(|_, key| self.keys.find(key).is_some());
        self.given.insert(next, key.clone());
        key
    }

    pub(super) fn add(&mut self, batch: Batch) {
        let task = batch.task.clone();
        self.batches.open(batch, [&*task]);
    }

    pub(super) fn by_task(&self, task: &str, user: usize) -> Option<&Batch> {
        let known = self.batches.named(task);
        known.filter(|known| known.user == user)
    }

    /// Processes the batches that are due, and gives the number of signatures made.
    pub(super) fn settle(&mut self, now: Moment, options: &DiadocOptions) -> u64 {
        let mut made = 0;
        let due = self.batches.all_open();
        let due = due.filter(|(_, batch)| batch.ready_at <= now);
        let due: Vec<usize> = due.map(|(place, _)| place).collect();
        for place in due {
            self.batches.close(place);
            let Some(batch) = self.batches.get_mut(place) else {
                continue;
            };
            let mut signed = 0;
            let about = self
                .sequences
                .get(batch.range.sequence)
                .into_iter()
                .flatten()
                .skip(batch.range.from)
                .take(options.receipts_batch.max(1));
            for index in about {
                let Some(receipt) = self.all.get_mut(*index) else {
                    continue;
                };
                receipt.batches += 1;
                if receipt.signed == 0 || options.receipts_signed_again {
                    receipt.signed += 1;
                    signed += 1;
                    made += 1;
                }
            }
            batch.signed = Some(signed);
        }
        made
    }
}

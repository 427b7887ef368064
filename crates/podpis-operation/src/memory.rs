//! A journal that lasts as long as its process.
//!
//! **Invariant:** the same rules of claim and revision as any other journal, so that a program can be written
//! with this one and run with another.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{Claim, Journal, JournalError, Operation, OperationId, Revision};

/// Keeps records in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryJournal(Arc<Mutex<Records>>);

#[derive(Debug, Default)]
struct Records {
    /// The records as JSON, which takes a fraction of what they take when they are read.
    saved: HashMap<OperationId, (Revision, Box<[u8]>)>,
    claimed: HashSet<OperationId>,
}

impl MemoryJournal {
    /// An empty journal.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn records(&self) -> MutexGuard<'_, Records> {
        // A panic elsewhere cannot leave the maps half-changed: every change is one call.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl Journal for MemoryJournal {
    async fn claim(&self, id: &OperationId) -> Result<Claim<'_>, JournalError> {
        let mut records = self.records();
        if !records.claimed.insert(id.clone()) {
            return Err(JournalError::Claimed { id: id.clone() });
        }
        let hold = Hold {
            journal: self.clone(),
            id: id.clone(),
        };
        let saved = records.saved.get(id).cloned();
        // The hold gives the claim back under the same lock.
        drop(records);
        let (revision, record) = match saved {
            Some((revision, text)) => (revision, Some(read(&text)?)),
            None => (Revision::NONE, None),
        };
        Ok(Claim::new(self, id.clone(), record, revision, hold))
    }

    async fn save(
        &self,
        operation: &Operation,
        expected: Revision,
    ) -> Result<Revision, JournalError> {
        let id = operation.id();
        let text = serde_json::to_vec(operation).map_err(unreadable)?;
        let mut records = self.records();
        let stored = records
            .saved
            .get(id)
            .map_or(Revision::NONE, |(revision, _)| *revision);
        if stored != expected {
            return Err(JournalError::Conflict {
                id: id.clone(),
                expected,
            });
        }
        let revision = expected.next();
        records
            .saved
            .insert(id.clone(), (revision, text.into_boxed_slice()));
        Ok(revision)
    }

    async fn open(&self) -> Result<Vec<Operation>, JournalError> {
        let mut open: Vec<Operation> = self
            .records()
            .saved
            .values()
            .map(|(_, text)| read(text))
            .collect::<Result<_, _>>()?;
        open.sort_by(|a, b| (a.created(), a.id()).cmp(&(b.created(), b.id())));
        Ok(open)
    }

    async fn forget(&self, id: &OperationId) -> Result<(), JournalError> {
        self.records().saved.remove(id);
        Ok(())
    }
}

fn read(text: &[u8]) -> Result<Operation, JournalError> {
    Operation::from_json(text).map_err(unreadable)
}

/// What was written here can be read; serde's signature allows it not to be.
fn unreadable(source: serde_json::Error) -> JournalError {
    JournalError::Unreadable {
        what: "an operation in memory".to_owned(),
        source: source.into(),
    }
}

struct Hold {
    journal: MemoryJournal,
    id: OperationId,
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.journal.records().claimed.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn obeys_the_contract() {
        crate::conformance::a_journal_obeys_the_contract(&MemoryJournal::new()).await;
    }
}

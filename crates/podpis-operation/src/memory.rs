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
    saved: HashMap<OperationId, (Revision, Operation)>,
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
        let (revision, record) = match records.saved.get(id) {
            Some((revision, record)) => (*revision, Some(record.clone())),
            None => (Revision::NONE, None),
        };
        Ok(Claim::new(self, record, revision, hold))
    }

    async fn save(
        &self,
        operation: &Operation,
        expected: Revision,
    ) -> Result<Revision, JournalError> {
        let mut records = self.records();
        let id = operation.id();
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
            .insert(id.clone(), (revision, operation.clone()));
        Ok(revision)
    }

    async fn open(&self) -> Result<Vec<Operation>, JournalError> {
        let mut open: Vec<Operation> = self
            .records()
            .saved
            .values()
            .map(|(_, record)| record.clone())
            .collect();
        open.sort_by(|a, b| (a.created(), a.id()).cmp(&(b.created(), b.id())));
        Ok(open)
    }

    async fn forget(&self, id: &OperationId) -> Result<(), JournalError> {
        self.records().saved.remove(id);
        Ok(())
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

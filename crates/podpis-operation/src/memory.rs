//! A journal that lasts as long as its process.
//!
//! **Invariant:** the same rules of claim and revision as any other journal, so that a program can be written
//! with this one and run with another.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{
    Claim, ClaimKey, Entry, Held, Journal, JournalError, Lease, Listing, Operation, OperationId,
    Owner, Page, Revision, Stored, Summary, Timestamp, Which,
};

/// Keeps records in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryJournal(Arc<Mutex<Records>>);

#[derive(Debug, Default)]
struct Records {
    /// An operation that is driven here shares its record with whoever drives it.
    saved: BTreeMap<OperationId, Stored>,
    /// What is due at all and held by nobody, the longest due first: whoever looks for work reads no other records.
    due: BTreeSet<(Timestamp, OperationId)>,
    claimed: HashMap<OperationId, Holder>,
}

#[derive(Debug)]
struct Holder {
    key: ClaimKey,
    owner: Owner,
    ends: Timestamp,
}

impl Holder {
    fn new(key: ClaimKey, lease: &Lease) -> Self {
        Self {
            key,
            owner: lease.owner().clone(),
            ends: lease.ends(),
        }
    }
}

impl Records {
    fn is_held(&self, id: &OperationId, key: &ClaimKey) -> bool {
        self.claimed
            .get(id)
            .is_some_and(|holder| holder.key == *key)
    }

    /// Gives it to a holder.
    fn hold(&mut self, id: &OperationId, holder: Holder) -> Option<Stored> {
        self.claimed.insert(id.clone(), holder);
        let stored = self.saved.get(id)?;
        if let Some(due) = stored.due {
            self.due.remove(&(due, id.clone()));
        }
        Some(stored.clone())
    }

    /// Takes it back.
    fn release(&mut self, id: &OperationId) {
        self.claimed.remove(id);
        let due = self.saved.get(id).and_then(|stored| stored.due);
        self.due.extend(due.map(|due| (due, id.clone())));
    }

    fn remove(&mut self, id: &OperationId) {
        let stored = self.saved.remove(id);
        if let Some(due) = stored.and_then(|stored| stored.due) {
            self.due.remove(&(due, id.clone()));
        }
    }

    /// A page of what is due and held by nobody, or by somebody whose lease has run out.
    fn due(&self, listing: &Listing, now: Timestamp) -> Page {
        let from = listing.cursor().map_or(Bound::Unbounded, |after| {
            Bound::Excluded((after.due.unwrap_or_default(), after.id.clone()))
        });
        let free = self.due.range((from, Bound::Unbounded));
        let free = free.map(|(_, id)| id).take(listing.most() + 1);
        let ended = self.claimed.iter().filter(|(_, holder)| holder.ends <= now);
        let ended = ended.map(|(id, _)| id);
        let found = free.chain(ended).filter_map(|id| self.saved.get(id));
        let due = found.filter(|stored| stored.due.is_some_and(|due| due <= now));
        listing.page(due.map(entry))
    }

    /// The holder, unless its lease has run out.
    fn holder(&self, id: &OperationId, now: Timestamp) -> Option<&Holder> {
        self.claimed.get(id).filter(|holder| now < holder.ends)
    }
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
    async fn claim_for(&self, id: &OperationId, lease: &Lease) -> Result<Claim<'_>, JournalError> {
        let mut records = self.records();
        if let Some(holder) = records.holder(id, lease.now()) {
            return Err(JournalError::Claimed {
                id: id.clone(),
                owner: Some(holder.owner.clone()),
            });
        }
        let hold = Hold {
            journal: self.clone(),
            id: id.clone(),
            key: ClaimKey::random(),
        };
        let record = records.hold(id, Holder::new(hold.key.clone(), lease));
        let (key, lease) = (hold.key.clone(), lease.clone());
        Ok(Claim::new(self, id.clone(), key, lease, record, hold))
    }

    async fn renew(&self, held: &Held, lease: &Lease) -> Result<Lease, JournalError> {
        let mut records = self.records();
        match records.claimed.get_mut(&held.id) {
            Some(holder) if holder.key == held.key => {
                *holder = Holder::new(held.key.clone(), lease);
                Ok(lease.clone())
            }
            _ => Err(JournalError::conflict(held)),
        }
    }

    async fn save(
        &self,
        held: &Held,
        operation: &Operation,
        due: Option<Timestamp>,
    ) -> Result<Revision, JournalError> {
        let mut records = self.records();
        let stored = records.saved.get(&held.id);
        let stored = stored.map_or(Revision::NONE, |stored| stored.revision);
        let fits = stored == held.revision && *operation.id() == held.id;
        if !fits || !records.is_held(&held.id, &held.key) {
            return Err(JournalError::conflict(held));
        }
        let revision = stored.next();
        let stored = Stored {
            operation: operation.clone(),
            revision,
            due,
        };
        records.saved.insert(held.id.clone(), stored);
        Ok(revision)
    }

    async fn forget_held(&self, held: &Held) -> Result<(), JournalError> {
        let mut records = self.records();
        if !records.is_held(&held.id, &held.key) {
            return Err(JournalError::conflict(held));
        }
        records.remove(&held.id);
        Ok(())
    }

    async fn forget(&self, id: &OperationId) -> Result<(), JournalError> {
        self.records().remove(id);
        Ok(())
    }

    async fn look(&self, id: &OperationId) -> Result<Option<Stored>, JournalError> {
        Ok(self.records().saved.get(id).cloned())
    }

    async fn list(&self, listing: &Listing) -> Result<Page, JournalError> {
        let which = listing.which();
        let records = self.records();
        if let Which::Due(now) = which {
            return Ok(records.due(listing, now));
        }
        let from = listing
            .cursor()
            .map_or(Bound::Unbounded, |after| Bound::Excluded(&after.id));
        let saved = records
            .saved
            .range::<OperationId, _>((from, Bound::Unbounded));
        let entries = saved
            .map(|(_, stored)| stored)
            .filter(|stored| which.holds(stored.operation.state(), stored.due))
            .map(entry);
        Ok(listing.page(entries.take(listing.most() + 1)))
    }
}

fn entry(stored: &Stored) -> Entry {
    Entry::Record(Summary::of(&stored.operation, stored.due))
}

struct Hold {
    journal: MemoryJournal,
    id: OperationId,
    key: ClaimKey,
}

impl Drop for Hold {
    /// Gives back what nobody else has taken over.
    fn drop(&mut self) {
        let mut records = self.journal.records();
        if records.is_held(&self.id, &self.key) {
            records.release(&self.id);
        }
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

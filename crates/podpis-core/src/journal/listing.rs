//! Looks through the folder of a journal.
//!
//! **Invariant:** without the folder's lock, for a rename shows the old record or the new one, and without waiting for
//! whoever writes. A whole listing costs one look at the folder and one read of each record that it tells, however many
//! pages it has.
//!
//! The first page reads the names, and those of what is due also look at each file whether it has changed since it was read.
//! The pages behind it go on with what is remembered then, and with what this journal itself has changed. Which record is due
//! first is known once all were read; where that would take long, what is due is told by id, so that work can begin with the
//! first page.
//!
//! All records are in one folder, not in several: a program of an earlier version that looks for an operation asked for
//! just the same would not find it in another place, and would ask the person again. Nor would several be faster: it is the
//! files that cost, and not their names.

use std::fs;
use std::sync::{MutexGuard, PoisonError};

use podpis_operation::{
    Cursor, Entry, JournalError, Listing, Operation, OperationId, Page, Summary, Timestamp, Which,
};

use super::files::{FileKind, LeftBehind};
use super::folder::Folder;
use super::holding::Owners;
use super::known::{Known, Mark, Said, Seen};
use super::several::look_at_each;
use super::{UnreadableRecord, stored};

/// How many files are looked at together.
const LOOKED_AT: usize = 8_192;

/// How many records are looked for at once that may be due and held by nobody.
const DUE_AT_ONCE: usize = 1_024;

/// More records than that are not read before the first of what is due is told.
pub(super) const READ_AHEAD: usize = if cfg!(test) { 128 } else { 8_192 };

impl Folder {
    /// A page of a listing.
    pub(super) fn list(&self, listing: &Listing) -> Result<Page, JournalError> {
        match listing.which() {
            Which::Due(now) => self.due(listing, now),
            which => Ok(listing.page(self.by_id(listing, which)?)),
        }
    }

    /// The entries of a page in the order of ids, and the one behind it.
    fn by_id(&self, listing: &Listing, which: Which) -> Result<Vec<Entry>, JournalError> {
        let mut last = listing.cursor().map(|cursor| cursor.id.clone());
        if last.is_none() || !self.known().is_believed() {
            let mut left = LeftBehind::default();
            self.read_names_again(|id, kind| left.add(id, kind))?;
            if last.is_none() {
                self.sweep(&left);
            }
        }
        let (mut entries, most) = (Vec::new(), listing.most() + 1);
        while entries.len() < most {
            let Some(next) = self.look_behind(&mut last, most - entries.len(), which)? else {
                break;
            };
            entries.extend(next);
        }
        Ok(entries)
    }

    /// What belongs to a listing of the next records behind an id, which moves on; none where there are no more.
    fn look_behind(
        &self,
        last: &mut Option<OperationId>,
        number: usize,
        which: Which,
    ) -> Result<Option<Vec<Entry>>, JournalError> {
        let next = self.known().after(last.as_ref(), number);
        let Some((id, _)) = next.last() else {
            return Ok(None);
        };
        *last = Some(id.clone());
        let found = look_at_each(&next, |(id, seen)| {
            let is_none_of_them =
                seen.is_some_and(|seen| !seen.may_belong(which) && seen.is_of(self.mark(id)));
            match is_none_of_them {
                true => Ok(None),
                false => self.entry(id, which),
            }
        });
        let found = found.into_iter().collect::<Result<Vec<_>, _>>()?;
        let (mut entries, mut known) = (Vec::new(), self.known());
        for ((id, _), (seen, entry)) in next
            .iter()
            .zip(found)
            .filter_map(|(id, found)| Some((id, found?)))
        {
            known.saw(id, seen);
            entries.extend(entry);
        }
        Ok(Some(entries))
    }

    /// A page of what is due: in its order, or by id where most of the records were never read.
    fn due(&self, listing: &Listing, now: Timestamp) -> Result<Page, JournalError> {
        self.give_back_again();
        let cursor = listing.cursor();
        let is_old = cursor.is_none() || !self.known().is_believed();
        if is_old {
            self.read_names_again(|_, _| {})?;
        }
        match cursor {
            // Such a listing has begun so.
            Some(Cursor { due: None, id }) => self.due_by_id(Some(id.clone()), listing, now),
            None if self.known().are_unread(READ_AHEAD) => self.due_by_id(None, listing, now),
            _ => {
                if is_old {
                    self.forget_what_has_changed();
                }
                let unread = self.known().unread();
                self.read(&unread)?;
                Ok(listing.page(self.by_due(listing, now)?))
            }
        }
    }

    /// What is due of the next records behind an id.
    fn due_by_id(
        &self,
        mut last: Option<OperationId>,
        listing: &Listing,
        now: Timestamp,
    ) -> Result<Page, JournalError> {
        let (mut records, mut owners) = (Vec::new(), Owners::default());
        while records.is_empty() {
            let next = self.look_behind(&mut last, listing.most(), Which::Due(now))?;
            let Some(next) = next else {
                last = None;
                break;
            };
            records.extend(next.into_iter().filter_map(|entry| match entry {
                Entry::Record(summary) if !self.is_held(&summary.id, now, &mut owners) => {
                    Some(summary)
                }
                _ => None,
            }));
        }
        Ok(Page {
            records,
            unreadable: Vec::new(),
            next: last.map(|id| Cursor { due: None, id }),
        })
    }

    /// The entries of a page of what is due, in its order, and the one behind it.
    fn by_due(&self, listing: &Listing, now: Timestamp) -> Result<Vec<Entry>, JournalError> {
        let cursor = listing.cursor();
        let mut last = cursor.map(|last| (last.due.unwrap_or_default(), last.id.clone()));
        let most = listing.most() + 1;
        let (mut entries, mut owners) = (Vec::new(), Owners::default());
        while entries.len() < most {
            let next = self.known().due(now, last.as_ref(), most.max(DUE_AT_ONCE));
            let Some(place) = next.last() else { break };
            last = Some(place.clone());
            for (due, id) in next {
                if entries.len() == most {
                    break;
                }
                if self.is_held(&id, now, &mut owners) {
                    continue;
                }
                let found = self.entry(&id, Which::Due(now))?;
                let Some((seen, entry)) = found else { continue };
                self.known().saw(&id, seen);
                // What was given another place meanwhile is found there by the next listing.
                let is_here =
                    |entry: &Entry| matches!(entry, Entry::Record(it) if it.due == Some(due));
                entries.extend(entry.filter(is_here));
            }
        }
        Ok(entries)
    }

    /// Reads which records there are, and gives the names of the other files.
    fn read_names_again(
        &self,
        mut other: impl FnMut(OperationId, FileKind),
    ) -> Result<(), JournalError> {
        let _reading = self.reading();
        self.known().begin_reading();
        self.each_name(|id, kind| match kind {
            FileKind::Record => self.known().is_there(id),
            kind => other(id, kind),
        })?;
        self.known().end_reading();
        Ok(())
    }

    /// Forgets what is not as it is remembered.
    fn forget_what_has_changed(&self) {
        let mut last = None;
        loop {
            let next = self.known().read_after(last.as_ref(), LOOKED_AT);
            let Some((id, _)) = next.last() else { break };
            last = Some(id.clone());
            let is_known = look_at_each(&next, |(id, seen)| seen.is_of(self.mark(id)));
            let mut known = self.known();
            for ((id, _), is_known) in next.iter().zip(is_known) {
                if !is_known {
                    known.forget(id);
                }
            }
        }
    }

    fn read(&self, ids: &[OperationId]) -> Result<(), JournalError> {
        let seen = look_at_each(ids, |id| {
            let found = self.entry(id, Which::All)?;
            Ok(found.map(|(seen, _)| seen))
        });
        let seen = seen.into_iter().collect::<Result<Vec<_>, _>>()?;
        let mut known = self.known();
        for (id, seen) in ids.iter().zip(seen) {
            match seen {
                Some(seen) => known.saw(id, seen),
                None => known.gone(id),
            }
        }
        Ok(())
    }

    /// What the file of a record says, and a listing of it if it belongs there; none when it was forgotten in between.
    fn entry(
        &self,
        id: &OperationId,
        which: Which,
    ) -> Result<Option<(Seen, Option<Entry>)>, JournalError> {
        #[cfg(test)]
        self.counted.record();
        let (mark, read) = self.read_marked(id);
        match read {
            Ok(None) => Ok(None),
            Ok(Some(record)) => {
                let state = record.operation.state();
                let (is_over, due) = (state.is_final(), record.due);
                let entry = which
                    .holds(state, due)
                    .then(|| Entry::Record(Summary::of(&record.operation, due)));
                let seen = Seen::new(mark, Said::Record { is_over, due });
                Ok(Some((seen, entry)))
            }
            Err(error @ JournalError::Storage { .. }) => Err(error),
            Err(error) => {
                let mark = mark.filter(|_| !stored::may_pass(&error));
                let path = self.record(id);
                let entry = (!matches!(which, Which::Due(_))).then(|| {
                    Entry::Unreadable(podpis_operation::UnreadableRecord {
                        id: id.clone(),
                        place: path.display().to_string(),
                        why: UnreadableRecord::new(path, &error).why,
                    })
                });
                Ok(Some((Seen::new(mark, Said::Nothing), entry)))
            }
        }
    }

    fn mark(&self, id: &OperationId) -> Option<Mark> {
        let file = fs::symlink_metadata(self.record(id)).ok()?;
        Mark::of(&file, self.settled)
    }

    /// All records, oldest first, and what cannot be read, by name.
    pub(super) fn everything(
        &self,
    ) -> Result<(Vec<Operation>, Vec<UnreadableRecord>), JournalError> {
        let (mut records, mut left) = (Vec::new(), LeftBehind::default());
        self.each_name(|id, kind| match kind {
            FileKind::Record => records.push(id),
            kind => left.add(id, kind),
        })?;
        records.sort_unstable();
        records.dedup();
        self.sweep(&left);
        let read = look_at_each(&records, |id| {
            let path = self.record(id);
            match self.read_record(id) {
                Ok(stored) => Ok(Ok(stored.map(|stored| stored.operation))),
                Err(error @ JournalError::Storage { .. }) => Err(error),
                Err(error) => Ok(Err(UnreadableRecord::new(path, &error))),
            }
        });
        let (mut records, mut unreadable) = (Vec::new(), Vec::new());
        for stored in read {
            match stored? {
                Ok(record) => records.extend(record),
                Err(error) => unreadable.push(error),
            }
        }
        records.sort_by(|a, b| (a.created(), a.id()).cmp(&(b.created(), b.id())));
        unreadable.sort_by(|a, b| a.file.cmp(&b.file));
        Ok((records, unreadable))
    }

    pub(super) fn known(&self) -> MutexGuard<'_, Known> {
        // Whatever a panic leaves is a hint as before.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One reads the folder at a time, so that what is remembered last was read last.
    fn reading(&self) -> MutexGuard<'_, ()> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

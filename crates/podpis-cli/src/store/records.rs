//! Finds operations in the journal, however many it has.
//!
//! **Invariant:** no more than a page of records is in memory unless all of them are asked for, and what cannot be read is
//! told or passed over, and hides nothing else.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use podpis::core::wait::{SystemTimer, Time as _};
use podpis::operation::{
    JournalError, Listing, Origin, Service, State, Summary, Timestamp, UnreadableRecord, Which,
};
use podpis::{ErrorChain, Operation, OperationId};

use super::note::Notes;
use super::subject::{Subject, may_share, shared, signed};
use super::{Keeping, Store};
use crate::address::known_as;
use crate::failure::Failure;
use crate::messages::Message;

/// When an operation was begun, and which it is.
pub(crate) type Begun = (Timestamp, OperationId);

/// What a journal holds, without the records, as far as it was looked through.
pub(crate) struct Contents<'s> {
    pages: Pages<'s>,
    /// The operations, oldest first.
    pub(crate) operations: BTreeSet<Begun>,
    /// The oldest open one of each host.
    oldest: HashMap<(Service, String), Begun>,
}

impl Contents<'_> {
    /// Whether it was looked through.
    pub(crate) fn is_whole(&self) -> bool {
        self.pages.next.is_none()
    }

    /// Looks at the next page; gives what cannot be read there.
    pub(crate) async fn look_on(&mut self) -> Result<Vec<UnreadableRecord>, Failure> {
        let Some((records, unreadable)) = self.pages.next().await? else {
            return Ok(Vec::new());
        };
        for Summary {
            id,
            created,
            origin,
            state,
            ..
        } in records
        {
            let begun = (created, id);
            if !state.is_final() {
                let host = self.oldest.entry((origin.service, origin.host));
                let first = host.or_insert_with(|| begun.clone());
                if begun < *first {
                    first.clone_from(&begun);
                }
            }
            self.operations.insert(begun);
        }
        Ok(unreadable)
    }

    /// Whether there may be an operation that was not taken out.
    pub(crate) fn has_more(&self) -> bool {
        !self.is_whole() || !self.operations.is_empty()
    }

    /// Takes out the oldest operation.
    pub(crate) fn take_oldest(&mut self) -> Option<OperationId> {
        Some(self.operations.pop_first()?.1)
    }

    /// Takes out the oldest open one of some host, as long as one of these is there.
    pub(crate) fn take_of_a_host(&mut self) -> Option<OperationId> {
        let is_there = |begun: &&Begun| self.operations.contains(*begun);
        let oldest = self.oldest.values().filter(is_there).min()?;
        Some(self.operations.take(&oldest.clone())?.1)
    }
}

impl Store {
    /// What is in the journal, of which nothing was looked at.
    pub(crate) fn contents(&self) -> Contents<'_> {
        Contents {
            pages: self.pages(Which::All),
            operations: BTreeSet::new(),
            oldest: HashMap::new(),
        }
    }

    /// Every record, oldest first, and what cannot be read.
    pub(crate) async fn everything(
        &self,
    ) -> Result<(Vec<Operation>, Vec<UnreadableRecord>), Failure> {
        let records = self.journal().open().await;
        let records = records.map_err(|error| self.failing(error))?;
        if let Keeping::Folder(journal, _) = &self.kept {
            // They were found on the way.
            let unreadable = journal.unreadable().into_iter().filter_map(|record| {
                Some(UnreadableRecord {
                    id: of_file(record.file())?,
                    place: record.file().display().to_string(),
                    why: record.why().to_owned(),
                })
            });
            return Ok((records, unreadable.collect()));
        }
        let mut all = Vec::new();
        let mut pages = self.pages(Which::All);
        while let Some((_, unreadable)) = pages.next().await? {
            all.extend(unreadable);
        }
        Ok((records, all))
    }

    /// Which of these are not open any more; what cannot be read may be.
    pub(crate) async fn not_open<'i>(
        &self,
        mut ids: HashSet<&'i OperationId>,
    ) -> Result<HashSet<&'i OperationId>, Failure> {
        let mut pages = self.pages(Which::Open);
        while let Some((records, unreadable)) = pages.next().await? {
            for Summary { id, .. } in &records {
                ids.remove(id);
            }
            for UnreadableRecord { id, .. } in &unreadable {
                ids.remove(id);
            }
        }
        Ok(ids)
    }

    async fn ids(&self) -> Result<HashSet<OperationId>, Failure> {
        let mut ids = HashSet::new();
        let mut pages = self.pages(Which::All);
        while let Some((records, unreadable)) = pages.next().await? {
            ids.extend(records.into_iter().map(|record| record.id));
            ids.extend(unreadable.into_iter().map(|record| record.id));
        }
        Ok(ids)
    }

    fn pages(&self, which: Which) -> Pages<'_> {
        Pages {
            store: self,
            next: Some(Listing::of(which).limit(Listing::LARGEST)),
        }
    }

    /// The operation that is meant by an id or by how it begins, be it over and forgotten.
    pub(crate) async fn meant(&self, named: &OperationId) -> Result<OperationId, Failure> {
        match self.journal().look(named).await {
            Ok(None) => {}
            Ok(Some(_)) | Err(JournalError::Unreadable { .. }) => return Ok(named.clone()),
            Err(error) => return Err(self.failing(error)),
        }
        let mut meant = Vec::new();
        let mut pages = self.pages(Which::All);
        while let Some((records, unreadable)) = pages.next().await? {
            let records = records.into_iter().map(|record| record.id);
            let unreadable = unreadable.into_iter().map(|record| record.id);
            let begins = |id: &OperationId| id.as_str().starts_with(named.as_str());
            meant.extend(records.chain(unreadable).filter(begins));
        }
        match meant.as_slice() {
            [] => Ok(self.ended_id(named).unwrap_or_else(|| named.clone())),
            [id] => Ok(id.clone()),
            several => Err(Failure::usage(Message::SeveralOperations {
                beginning: named.to_string(),
                ids: several.iter().map(ToString::to_string).collect(),
            })),
        }
    }

    /// The oldest operation at this service that is about one of these and whose result is not written yet, and which one;
    /// `except` is started over. What is not noted on this machine is known by its files alone.
    pub(crate) async fn open_about<'a>(
        &self,
        at: &Origin,
        asked: &'a [Subject],
        except: Option<&OperationId>,
    ) -> Result<Option<(Operation, &'a Subject)>, Failure> {
        let host = known_as(&at.host);
        let is_there = |origin: &Origin| {
            origin.service == at.service
                && (origin.is_at(&at.host) || known_as(&origin.host) == host)
        };
        let noted = |id: &OperationId| {
            let note = self.note(id).ok().flatten();
            note.map(|note| note.subjects())
        };
        let (mut seen, mut open) = (HashSet::new(), BTreeMap::new());
        let mut pages = self.pages(Which::Open);
        while let Some((records, _)) = pages.next().await? {
            for Summary {
                id,
                created,
                origin,
                ..
            } in records
            {
                if is_there(&origin) && Some(&id) != except {
                    let noted = noted(&id);
                    if noted.as_ref().is_none_or(|noted| may_share(asked, noted)) {
                        open.insert((created, id.clone()), noted);
                    }
                }
                seen.insert(id);
            }
        }
        // What is done and has a note was not written yet.
        let with_notes = self.notes().map(Notes::ids).unwrap_or_default();
        let others = with_notes.into_iter();
        for id in others.filter(|id| !seen.contains(id) && Some(id) != except) {
            let noted = noted(&id);
            if noted.as_ref().is_some_and(|noted| may_share(asked, noted)) {
                open.insert((Timestamp::default(), id), noted);
            }
        }
        for ((_, id), noted) in open {
            match self.journal().look(&id).await {
                Ok(Some(stored)) if is_there(stored.operation.origin()) => {
                    let record = stored.operation;
                    let is_over = record.state().is_final() && *record.state() != State::Done;
                    // Nobody is asked by what the service has forgotten, and one of these is started over already.
                    if is_over || (except.is_some() && self.is_gone(&record)) {
                        continue;
                    }
                    let about = match &noted {
                        Some(noted) => shared(asked, noted, &record),
                        None => signed(asked, &record),
                    };
                    if let Some(subject) = about {
                        return Ok(Some((record, subject)));
                    }
                }
                Ok(_) | Err(JournalError::Unreadable { .. }) => {}
                Err(error) => return Err(self.failing(error)),
            }
        }
        Ok(None)
    }

    /// The record, also while this program drives the operation.
    pub(crate) async fn look(&self, id: &OperationId) -> Result<Operation, Failure> {
        match self.journal().look(id).await {
            Ok(Some(stored)) => Ok(stored.operation),
            Ok(None) => Err(self.unknown(id)),
            Err(JournalError::Unreadable { what, source }) => Err(unreadable(UnreadableRecord {
                id: id.clone(),
                place: what,
                why: ErrorChain(&*source).to_string(),
            })),
            Err(error) => Err(self.failing(error)),
        }
    }

    /// Removes notes that crashes left behind: old ones of operations that have no record.
    pub(crate) async fn sweep(&self) -> Result<(), Failure> {
        let Some(notes) = self.notes() else {
            return Ok(());
        };
        let old = notes.old(SystemTimer::new().now());
        if !old.is_empty() {
            let with_record = self.ids().await?;
            notes.sweep(old, |id| with_record.contains(id));
        }
        Ok(())
    }
}

/// A record that cannot be read, as it is told.
pub(crate) fn unreadable(record: UnreadableRecord) -> Failure {
    let message = Message::RecordUnreadable(record.place);
    let failure = Failure::failed("journal", message).with_source(record.why);
    failure.about(&record.id)
}

fn of_file(record: &Path) -> Option<OperationId> {
    record.file_stem()?.to_str()?.parse().ok()
}

/// The pages of a listing.
struct Pages<'s> {
    store: &'s Store,
    next: Option<Listing>,
}

impl Pages<'_> {
    async fn next(&mut self) -> Result<Option<(Vec<Summary>, Vec<UnreadableRecord>)>, Failure> {
        let Some(listing) = self.next.take() else {
            return Ok(None);
        };
        let page = self.store.journal().list(&listing).await;
        let page = page.map_err(|error| self.store.failing(error))?;
        self.next = page.next.map(|next| listing.after(next));
        Ok(Some((page.records, page.unreadable)))
    }
}

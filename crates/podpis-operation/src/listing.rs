//! Decides how a journal is looked through: in pages of summaries.
//!
//! **Invariant:** a page is bounded, whatever the journal holds, and pages that follow each other show every record
//! once that is there all the time and keeps its place in the order.

use crate::{Kind, Operation, OperationId, Origin, State, Timestamp};

/// Which records are listed, and in which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "every journal must be able to list each of them"
)]
pub enum Which {
    /// Every record, claimed or not, by id.
    All,
    /// The operations that have not ended, claimed or not, by id.
    Open,
    /// The operations that are done or refused and were not forgotten, claimed or not, by id.
    Finished,
    /// What wants to be looked at by this moment and is held by nobody: the longest due first, then by id. A journal with
    /// a clock of its own ignores the moment.
    Due(Timestamp),
}

impl Which {
    /// Whether a record belongs to it; that nobody holds it is for the journal to know.
    #[must_use]
    pub fn holds(self, state: &State, due: Option<Timestamp>) -> bool {
        match self {
            Self::All => true,
            Self::Open => !state.is_final(),
            Self::Finished => state.is_final(),
            Self::Due(now) => due.is_some_and(|due| due <= now),
        }
    }
}

/// A page that is asked for.
#[derive(Clone, Debug)]
pub struct Listing {
    which: Which,
    after: Option<Cursor>,
    limit: usize,
}

impl Listing {
    /// The most that one page holds.
    pub const LARGEST: usize = 1_000;

    /// The first page, of at most 100 entries.
    #[must_use]
    pub fn of(which: Which) -> Self {
        Self {
            which,
            after: None,
            limit: 100,
        }
    }

    /// At most this many entries in the page: 1 to [`Listing::LARGEST`], the nearest of these otherwise.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit.clamp(1, Self::LARGEST);
        self
    }

    /// The page that follows the one which gave this cursor. The same records have to be asked for.
    #[must_use]
    pub fn after(mut self, cursor: Cursor) -> Self {
        self.after = Some(cursor);
        self
    }

    /// Which records are asked for.
    #[must_use]
    pub fn which(&self) -> Which {
        self.which
    }

    /// The last entry of the page before.
    #[must_use]
    pub fn cursor(&self) -> Option<&Cursor> {
        self.after.as_ref()
    }

    /// How many entries the page may have.
    #[must_use]
    pub fn most(&self) -> usize {
        self.limit
    }

    /// Makes a page of entries in any order, for a journal that has no index. Give every entry that belongs to it: what
    /// is before the cursor or behind the page is left out, and no more is kept than twice the page.
    #[must_use]
    pub fn page(&self, entries: impl IntoIterator<Item = Entry>) -> Page {
        let place = |entry: &Entry| entry.cursor(self.which);
        let mut kept: Vec<Entry> = Vec::new();
        let shrink = |kept: &mut Vec<Entry>| {
            kept.sort_by_cached_key(place);
            kept.truncate(self.limit + 1);
        };
        for entry in entries {
            if self
                .after
                .as_ref()
                .is_none_or(|after| place(&entry) > *after)
            {
                kept.push(entry);
            }
            if kept.len() > 2 * self.limit {
                shrink(&mut kept);
            }
        }
        shrink(&mut kept);
        let more = kept.len() > self.limit;
        kept.truncate(self.limit);
        let next = kept.last().filter(|_| more).map(place);
        let mut page = Page {
            records: Vec::new(),
            unreadable: Vec::new(),
            next,
        };
        for entry in kept {
            match entry {
                Entry::Record(summary) => page.records.push(summary),
                Entry::Unreadable(record) => page.unreadable.push(record),
            }
        }
        page
    }
}

/// A place in a listing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// When the entry is due, in a listing of what is due.
    pub due: Option<Timestamp>,
    /// The entry.
    pub id: OperationId,
}

/// A part of what a journal holds.
#[derive(Clone, Debug)]
pub struct Page {
    /// In the order of the listing.
    pub records: Vec<Summary>,
    /// The records that are there and cannot be read: broken, or of a newer program. They count towards the limit, at
    /// their place by id, and are left as they are. A listing of what is due has none: nobody knows when they are.
    pub unreadable: Vec<UnreadableRecord>,
    /// Where the next page goes on; none when this is the last one.
    pub next: Option<Cursor>,
}

/// What a listing says of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The operation.
    pub id: OperationId,
    /// What sort of operation it is.
    pub kind: Kind,
    /// Where it lives.
    pub origin: Origin,
    /// Where it stands.
    pub state: State,
    /// When the record was made.
    pub created: Timestamp,
    /// When the state changed last.
    pub changed: Timestamp,
    /// When it wants to be looked at next.
    pub due: Option<Timestamp>,
}

impl Summary {
    /// The summary of a record.
    #[must_use]
    pub fn of(operation: &Operation, due: Option<Timestamp>) -> Self {
        Self {
            id: operation.id().clone(),
            kind: operation.kind().clone(),
            origin: operation.origin().clone(),
            state: operation.state().clone(),
            created: operation.created(),
            changed: operation.changed(),
            due,
        }
    }
}

/// A record that is there and cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableRecord {
    /// The operation.
    pub id: OperationId,
    /// Where the record is, for people.
    pub place: String,
    /// Why it cannot be read.
    pub why: String,
}

/// One entry of a page.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a record can be read or it cannot")]
pub enum Entry {
    /// A record.
    Record(Summary),
    /// One that cannot be read.
    Unreadable(UnreadableRecord),
}

impl Entry {
    fn cursor(&self, which: Which) -> Cursor {
        match self {
            Self::Record(summary) => Cursor {
                due: summary.due.filter(|_| matches!(which, Which::Due(_))),
                id: summary.id.clone(),
            },
            Self::Unreadable(record) => Cursor {
                due: None,
                id: record.id.clone(),
            },
        }
    }
}

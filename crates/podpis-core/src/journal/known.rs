//! What a journal remembers of the records in its folder, so that a look at them reads only what has changed since.
//!
//! **Invariant:** a hint. It decides which files are read, and nothing else: what is told of a record is in its file, and
//! what is remembered of another file than the one that is there now is not believed. A record takes about 150 bytes, and a
//! name that is read again takes none: names are read over and over, on whichever thread, and what is large for a moment on
//! each of many threads stays large.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Bound;
use std::time::{Duration, SystemTime};

use podpis_operation::{OperationId, Timestamp, Which};

use crate::wait::{SystemTimer, Time as _};

/// Two files of one length under one name cannot be told apart while the clock of the file system stands still between
/// them, which no system's does for so long.
pub(super) const SETTLED: Duration = Duration::from_secs(2);

/// For how long a page that goes on with a listing believes the names that the one before it has read.
const BELIEVED: Duration = Duration::from_secs(10);

/// The names in the folder, and what their files said.
#[derive(Debug, Default)]
pub(super) struct Known {
    records: BTreeMap<OperationId, Name>,
    /// Which reading of the names was begun last.
    reading: u32,
    /// A clock that was started when the names were read.
    read: Option<SystemTimer>,
}

#[derive(Debug)]
struct Name {
    /// Nothing is remembered of what this journal has changed itself.
    seen: Option<Seen>,
    /// The last reading in which it was there.
    reading: u32,
}

/// What a file said when it was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// None where it was too young then to be told from its successor.
    mark: Option<Mark>,
    said: Said,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Said {
    Record {
        is_over: bool,
        due: Option<Timestamp>,
    },
    /// It could not be read.
    Nothing,
}

/// What tells a file from every other one that had its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark(u64);

impl Known {
    /// From here on the names are read: those that are not there until [`Known::end_reading`] are gone. A reading that fails is
    /// as good as none.
    pub(super) fn begin_reading(&mut self) {
        self.reading = self.reading.wrapping_add(1);
    }

    /// A name was read.
    pub(super) fn is_there(&mut self, id: OperationId) {
        let reading = self.reading;
        let new = Name {
            seen: None,
            reading,
        };
        self.records.entry(id).or_insert(new).reading = reading;
    }

    pub(super) fn end_reading(&mut self) {
        let reading = self.reading;
        self.records.retain(|_, name| name.reading == reading);
        self.read = Some(SystemTimer::new());
    }

    /// Whether the names are new enough for a page that goes on with a listing.
    pub(super) fn is_believed(&self) -> bool {
        self.read.is_some_and(|read| read.elapsed() < BELIEVED)
    }

    /// This journal has changed a record, or made it.
    pub(super) fn changed(&mut self, id: &OperationId) {
        self.forget(id);
        // Names that are read anew anyway need not be kept until then.
        if self.is_believed() {
            self.is_there(id.clone());
        }
    }

    /// What is remembered of a record is not so any more.
    pub(super) fn forget(&mut self, id: &OperationId) {
        if let Some(name) = self.records.get_mut(id) {
            name.seen = None;
        }
    }

    /// A record is gone.
    pub(super) fn gone(&mut self, id: &OperationId) {
        self.records.remove(id);
    }

    /// What a file said.
    pub(super) fn saw(&mut self, id: &OperationId, seen: Seen) {
        if let Some(name) = self.records.get_mut(id) {
            name.seen = Some(seen);
        }
    }

    /// The next ones behind an id.
    pub(super) fn after(
        &self,
        last: Option<&OperationId>,
        most: usize,
    ) -> Vec<(OperationId, Option<Seen>)> {
        let each = |(id, seen): (&OperationId, _)| (id.clone(), seen);
        self.behind(last).take(most).map(each).collect()
    }

    fn behind(
        &self,
        last: Option<&OperationId>,
    ) -> impl Iterator<Item = (&OperationId, Option<Seen>)> {
        let from = last.map_or(Bound::Unbounded, Bound::Excluded);
        let behind = self
            .records
            .range::<OperationId, _>((from, Bound::Unbounded));
        behind.map(|(id, name)| (id, name.seen))
    }

    /// The next ones behind an id of which something is remembered.
    pub(super) fn read_after(
        &self,
        last: Option<&OperationId>,
        most: usize,
    ) -> Vec<(OperationId, Seen)> {
        let read = self
            .behind(last)
            .filter_map(|(id, seen)| Some((id.clone(), seen?)));
        read.take(most).collect()
    }

    /// Those of which nothing is remembered.
    pub(super) fn unread(&self) -> Vec<OperationId> {
        let unread = self.records.iter().filter(|(_, name)| name.seen.is_none());
        unread.map(|(id, _)| id.clone()).collect()
    }

    /// Whether these are more than so many.
    pub(super) fn are_unread(&self, more_than: usize) -> bool {
        let mut unread = self.records.values().filter(|name| name.seen.is_none());
        unread.nth(more_than).is_some()
    }

    /// Those that are due by then, as far as is remembered: the next ones behind a place, the longest due first.
    pub(super) fn due(
        &self,
        now: Timestamp,
        last: Option<&(Timestamp, OperationId)>,
        most: usize,
    ) -> Vec<(Timestamp, OperationId)> {
        let last = last.map(|(due, id)| (*due, id));
        let due = |(id, name): (_, &Name)| Some((name.seen?.due()?, id));
        let places = self.records.iter().filter_map(due);
        let places = places.filter(|place| place.0 <= now && last.is_none_or(|last| *place > last));
        let mut next: Vec<(Timestamp, &OperationId)> = Vec::new();
        for place in places {
            next.push(place);
            // All that are due may be all that there are.
            if next.len() == 2 * most {
                first(&mut next, most);
            }
        }
        first(&mut next, most);
        next.sort_unstable();
        let owned = |(due, id): (Timestamp, &OperationId)| (due, id.clone());
        next.into_iter().map(owned).collect()
    }
}

/// Leaves the least of them, so many.
fn first<T: Ord>(of: &mut Vec<T>, most: usize) {
    if of.len() > most {
        of.select_nth_unstable(most);
        of.truncate(most);
    }
}

impl Seen {
    /// What a file said that had this mark, if it had one, before it was read.
    pub(super) fn new(mark: Option<Mark>, said: Said) -> Self {
        Self { mark, said }
    }

    /// Whether the file with this mark is the one that was read.
    pub(super) fn is_of(&self, mark: Option<Mark>) -> bool {
        mark.is_some() && self.mark == mark
    }

    /// Whether its record may belong to a listing.
    pub(super) fn may_belong(&self, which: Which) -> bool {
        match (self.said, which) {
            (Said::Record { is_over, .. }, Which::Open) => !is_over,
            (Said::Record { is_over, .. }, Which::Finished) => is_over,
            (Said::Record { due, .. }, Which::Due(now)) => due.is_some_and(|due| due <= now),
            _ => true,
        }
    }

    fn due(&self) -> Option<Timestamp> {
        match self.said {
            Said::Record { due, .. } => due,
            Said::Nothing => None,
        }
    }
}

impl Mark {
    /// The mark of a file, unless it is so young that the next one may have the same.
    pub(super) fn of(file: &Metadata, settled: Duration) -> Option<Self> {
        let (number, changed) = identity(file);
        let age = SystemTimer::new().now().duration_since(changed?).ok()?;
        if age < settled {
            return None;
        }
        let mut hasher = DefaultHasher::new();
        (number, changed, file.len()).hash(&mut hasher);
        Some(Self(hasher.finish()))
    }
}

/// The number of a file in its file system, and when it was changed last, be it its name or who may write it.
#[cfg(unix)]
fn identity(file: &Metadata) -> (u64, Option<SystemTime>) {
    use std::os::unix::fs::MetadataExt as _;

    let seconds = u64::try_from(file.ctime()).ok();
    let nanos = u64::try_from(file.ctime_nsec()).unwrap_or_default();
    let since = seconds.map(|seconds| Duration::from_secs(seconds) + Duration::from_nanos(nanos));
    let changed = since.and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since));
    (file.ino(), changed)
}

#[cfg(not(unix))]
fn identity(file: &Metadata) -> (u64, Option<SystemTime>) {
    (0, file.modified().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_that_are_due_those_are_next_that_have_waited_longest() {
        let mut known = Known::default();
        let mut expected = Vec::new();
        for number in 0..100 {
            let id: OperationId = format!("{number:02}").parse().unwrap();
            // Several at once, and in another order than their ids.
            let due = Timestamp::from_millis(number * 37 % 50);
            let said = Said::Record {
                is_over: false,
                due: Some(due),
            };
            known.is_there(id.clone());
            known.saw(&id, Seen::new(None, said));
            expected.push((due, id));
        }
        expected.sort();
        let now = Timestamp::from_millis(40);
        expected.retain(|(due, _)| *due <= now);
        let (mut found, mut last) = (Vec::new(), None);
        loop {
            let next = known.due(now, last.as_ref(), 3);
            let Some(place) = next.last() else { break };
            last = Some(place.clone());
            assert!(next.len() <= 3);
            found.extend(next);
        }
        assert_eq!(found, expected);
    }
}

//! Decides how files lie on the shelf: parts, completeness, size and life.
//!
//! **Invariant:** a file is readable only when every part up to the highest one marked as last is there, and
//! only by the user who put it there.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bytes::Bytes;

use crate::moment::Moment;

/// Where the sandbox stops counting: 400 MB in the smallest parts that anyone sends are far fewer.
pub(super) const LONGEST_PART_INDEX: u32 = 9_999;

const LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A part on its way to the shelf.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) index: u32,
    pub(super) is_last: bool,
    pub(super) body: Bytes,
}

/// Why a file cannot be read or written.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ShelfError {
    NotFound,
    Incomplete,
    TooLarge,
}

#[derive(Clone, Debug, Default)]
struct File {
    parts: BTreeMap<u32, Bytes>,
    total: Option<u32>,
}

impl File {
    fn missing(&self) -> Vec<u32> {
        (0..self.total.unwrap_or_default())
            .filter(|index| !self.parts.contains_key(index))
            .collect()
    }

    fn size(&self) -> u64 {
        self.parts.values().map(|part| part.len() as u64).sum()
    }
}

#[derive(Clone, Debug)]
pub(super) struct Shelf {
    files: BTreeMap<(usize, String), File>,
    /// In the order in which they go.
    ends: BTreeSet<(Moment, usize, String)>,
    /// The most bytes of a file.
    limit: u64,
    most_files: usize,
}

impl Shelf {
    pub(super) fn new(limit: u64, most_files: usize) -> Self {
        Self {
            files: BTreeMap::new(),
            ends: BTreeSet::new(),
            limit,
            most_files,
        }
    }

    /// Puts a part. For a part marked as last, gives the indices that are still missing.
    pub(super) fn put(
        &mut self,
        user: usize,
        name: &str,
        part: Part,
        now: Moment,
    ) -> Result<Option<Vec<u32>>, ShelfError> {
        let key = (user, name.to_owned());
        let before = self.files.get(&key).map_or(0, |file| {
            let old = file.parts.get(&part.index);
            file.size() - old.map_or(0, |old| old.len() as u64)
        });
        if before + part.body.len() as u64 > self.limit {
            return Err(ShelfError::TooLarge);
        }
        if !self.files.contains_key(&key) {
            while self.files.len() >= self.most_files.max(1) && self.forget_oldest() {}
            self.ends.insert((now.after(LIFE), user, name.to_owned()));
        }
        let file = self.files.entry(key).or_default();
        if part.is_last {
            // A repeated round may mark any part as last; the highest one tells how many there are.
            let total = part.index.saturating_add(1);
            file.total = Some(file.total.map_or(total, |known| known.max(total)));
        }
        file.parts.insert(part.index, part.body);
        Ok(part.is_last.then(|| file.missing()))
    }

    pub(super) fn contains(&self, user: usize, name: &str) -> bool {
        self.files.contains_key(&(user, name.to_owned()))
    }

    pub(super) fn read(&self, user: usize, name: &str) -> Result<Bytes, ShelfError> {
        let file = self.files.get(&(user, name.to_owned()));
        let file = file.ok_or(ShelfError::NotFound)?;
        let total = file.total.ok_or(ShelfError::Incomplete)?;
        if !file.missing().is_empty() {
            return Err(ShelfError::Incomplete);
        }
        let parts: Vec<&Bytes> = file.parts.range(..total).map(|(_, part)| part).collect();
        match *parts {
            [only] => Ok(only.clone()),
            _ => Ok(parts.into_iter().flatten().copied().collect()),
        }
    }

    pub(super) fn forget_expired(&mut self, now: Moment) {
        while self.ends.first().is_some_and(|(at, ..)| *at <= now) {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) -> bool {
        let oldest = self.ends.pop_first();
        oldest.is_some_and(|(_, user, name)| self.files.remove(&(user, name)).is_some())
    }
}

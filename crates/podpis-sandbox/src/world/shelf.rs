//! Decides how files lie on the shelf: parts, completeness, size and life.
//!
//! **Invariant:** a file is readable only when every part up to the highest one marked as last is there, and
//! only by the user who put it there.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;

use crate::moment::Moment;

/// Where the sandbox stops counting: 400 MB in the smallest parts that anyone sends are far fewer.
pub(crate) const LONGEST_PART_INDEX: u32 = 9_999;

const LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A part on its way to the shelf.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) index: u32,
    pub(crate) is_last: bool,
    pub(crate) body: Bytes,
}

/// Why a file cannot be read or written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ShelfError {
    NotFound,
    Incomplete,
    TooLarge,
}

#[derive(Clone, Debug, Default)]
struct File {
    parts: BTreeMap<u32, Bytes>,
    total: Option<u32>,
    expires: Moment,
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
pub(crate) struct Shelf {
    files: BTreeMap<(usize, String), File>,
    oldest_expires: Option<Moment>,
    limit: u64,
}

impl Shelf {
    pub(crate) fn new(limit: u64) -> Self {
        Self {
            files: BTreeMap::new(),
            oldest_expires: None,
            limit,
        }
    }

    /// Puts a part. For a part marked as last, gives the indices that are still missing.
    pub(crate) fn put(
        &mut self,
        user: usize,
        name: &str,
        part: Part,
        now: Moment,
    ) -> Result<Option<Vec<u32>>, ShelfError> {
        let key = (user, name.to_owned());
        let before = self.files.get(&key).map_or(0, |file| {
            file.size()
                - file
                    .parts
                    .get(&part.index)
                    .map_or(0, |old| old.len() as u64)
        });
        if before + part.body.len() as u64 > self.limit {
            return Err(ShelfError::TooLarge);
        }
        self.oldest_expires.get_or_insert(now.after(LIFE));
        let file = self.files.entry(key).or_insert_with(|| File {
            expires: now.after(LIFE),
            ..File::default()
        });
        if part.is_last {
            // A repeated round may mark any part as last; the highest one tells how many there are.
            let total = part.index.saturating_add(1);
            file.total = Some(file.total.map_or(total, |known| known.max(total)));
        }
        file.parts.insert(part.index, part.body);
        Ok(part.is_last.then(|| file.missing()))
    }

    pub(crate) fn contains(&self, user: usize, name: &str) -> bool {
        self.files.contains_key(&(user, name.to_owned()))
    }

    pub(crate) fn read(&self, user: usize, name: &str) -> Result<Bytes, ShelfError> {
        let file = self
            .files
            .get(&(user, name.to_owned()))
            .ok_or(ShelfError::NotFound)?;
        let total = file.total.ok_or(ShelfError::Incomplete)?;
        if !file.missing().is_empty() {
            return Err(ShelfError::Incomplete);
        }
        let mut parts = file.parts.range(..total).map(|(_, part)| part);
        match (parts.next(), total) {
            (Some(only), 1) => Ok(only.clone()),
            (first, _) => {
                let mut whole = Vec::new();
                for part in first.into_iter().chain(parts) {
                    whole.extend_from_slice(part);
                }
                Ok(whole.into())
            }
        }
    }

    pub(crate) fn forget_expired(&mut self, now: Moment) {
        // All live equally long, so nothing is looked at before the oldest one is too old.
        if self.oldest_expires.is_none_or(|expires| now < expires) {
            return;
        }
        self.files.retain(|_, file| now < file.expires);
        self.oldest_expires = self.files.values().map(|file| file.expires).min();
    }
}

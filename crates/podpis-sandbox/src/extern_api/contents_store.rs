//! Decides how contents are put together from parts and how long they are kept.
//!
//! **Invariant:** a content can be read only when its length is known and every byte of it is there; parts never
//! overlap, and what was uploaded is handed on without being copied.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bytes::Bytes;

use crate::kept::Kept;
use crate::moment::Moment;

/// The largest part, up or down.
pub(super) const LARGEST_PART: u64 = 64 * 1024 * 1024;
/// The largest content.
pub(super) const LARGEST_CONTENT: u64 = 30 * 1024 * 1024 * 1024;

const LIFE: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// A part on its way in.
#[derive(Debug)]
pub(super) struct Chunk {
    pub(super) from: u64,
    pub(super) total: Option<u64>,
    pub(super) body: Bytes,
}

/// The bytes of one document, in the parts they came in; a copy of it shares them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pieces(Vec<Bytes>);

impl From<Bytes> for Pieces {
    fn from(whole: Bytes) -> Self {
        Self(vec![whole])
    }
}

impl Pieces {
    pub(super) fn len(&self) -> u64 {
        self.0.iter().map(|piece| piece.len() as u64).sum()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Bytes> {
        self.0.iter()
    }

    /// The same with more at the end.
    pub(super) fn with(&self, more: Bytes) -> Self {
        Self(self.0.iter().cloned().chain([more]).collect())
    }

    /// The first `most` bytes, copied only when they lie in several parts.
    pub(super) fn head(&self, most: usize) -> Bytes {
        match self.0.first() {
            None => Bytes::new(),
            Some(first) if self.0.len() == 1 || first.len() >= most => {
                first.slice(..most.min(first.len()))
            }
            Some(_) => {
                let bytes: Vec<u8> = self.0.iter().flatten().copied().take(most).collect();
                bytes.into()
            }
        }
    }

    /// All bytes, copied only when they came in several parts.
    pub(super) fn whole(&self) -> Bytes {
        self.head(usize::MAX)
    }
}

/// One content.
#[derive(Clone, Debug)]
pub(super) struct Content {
    account: usize,
    kind: String,
    chunks: BTreeMap<u64, Bytes>,
    total: Option<u64>,
    /// Uploaded contents go; contents of docflows stay.
    until: Option<Moment>,
}

impl Content {
    fn whole(account: usize, kind: &str, body: Bytes) -> Self {
        Self {
            account,
            kind: kind.to_owned(),
            total: Some(body.len() as u64),
            chunks: BTreeMap::from([(0, body)]),
            until: None,
        }
    }

    pub(super) fn kind(&self) -> &str {
        &self.kind
    }

    /// The length, once all bytes up to it are there.
    pub(super) fn complete(&self) -> Option<u64> {
        let total = self.total?;
        let there: u64 = self.chunks.values().map(|chunk| chunk.len() as u64).sum();
        (there == total).then_some(total)
    }

    /// Everything, once it is complete.
    pub(super) fn pieces(&self) -> Option<Pieces> {
        self.complete()?;
        Some(Pieces(self.chunks.values().cloned().collect()))
    }

    /// Bytes `from..to` of a complete content, copied only when they lie in several parts.
    pub(super) fn read(&self, from: u64, to: u64) -> Bytes {
        if let Some((start, chunk)) = self.chunks.range(..=from).next_back()
            && end_of(*start, chunk) >= to
        {
            return chunk.slice(index(from - start)..index(to - start));
        }
        let mut bytes = Vec::with_capacity(index(to.saturating_sub(from)));
        for (start, chunk) in &self.chunks {
            let (begin, end) = (from.max(*start), end_of(*start, chunk).min(to));
            if begin < end {
                bytes.extend_from_slice(&chunk[index(begin - start)..index(end - start)]);
            }
        }
        bytes.into()
    }

    /// Whether a part shares bytes with one that is there already.
    fn overlaps(&self, from: u64, end: u64) -> bool {
        self.chunks
            .range(..end)
            .next_back()
            .is_some_and(|(start, chunk)| end_of(*start, chunk) > from)
    }
}

fn end_of(start: u64, chunk: &Bytes) -> u64 {
    start.saturating_add(chunk.len() as u64)
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// All contents of a world.
#[derive(Clone, Debug)]
pub(super) struct Contents {
    all: Kept<Content>,
    /// When uploaded ones go.
    ends: BTreeSet<(Moment, usize)>,
}

impl Contents {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            all: Kept::new(limit),
            ends: BTreeSet::new(),
        }
    }

    /// A content that is complete from the start.
    pub(super) fn keep(&mut self, id: &str, account: usize, kind: &str, body: Bytes) {
        self.all.add(Content::whole(account, kind, body), [id]);
    }

    /// The same, which is never forgotten.
    pub(super) fn seed(&mut self, id: &str, account: usize, kind: &str, body: Bytes) {
        self.all.seed(Content::whole(account, kind, body), [id]);
    }

    pub(super) fn begin(&mut self, id: &str, account: usize, kind: &str, now: Moment) {
        let until = now.after(LIFE);
        let content = Content {
            account,
            kind: kind.to_owned(),
            chunks: BTreeMap::new(),
            total: None,
            until: Some(until),
        };
        self.ends.insert((until, self.all.add(content, [id])));
    }

    /// Stores a part and says whether the content is complete now; none when the part contradicts what is known.
    /// The very same part again changes nothing.
    pub(super) fn put(&mut self, id: &str, account: usize, chunk: Chunk) -> Option<bool> {
        let place = self.all.find(id)?;
        let content = self.all.get_mut(place);
        let content = content.filter(|one| one.account == account)?;
        let end = end_of(chunk.from, &chunk.body);
        let total = chunk.total.or(content.total);
        let last = content.chunks.last_key_value();
        let longest = last.map_or(end, |(start, body)| end.max(end_of(*start, body)));
        let contradicts = content
            .total
            .is_some_and(|known| chunk.total.is_some_and(|told| told != known));
        if contradicts || total.is_some_and(|total| longest > total) {
            return None;
        }
        let again = content.chunks.get(&chunk.from);
        let again = again.is_some_and(|known| *known == chunk.body);
        if !again {
            // Contents are what they are once they are complete.
            if content.until.is_none() || content.overlaps(chunk.from, end) {
                return None;
            }
            // Equal parts are kept once, so that a test can put up a large content of one repeated part.
            let first = content.chunks.values().next();
            let body = match first.filter(|first| **first == chunk.body) {
                Some(first) => first.clone(),
                None => chunk.body,
            };
            content.chunks.insert(chunk.from, body);
        }
        content.total = total;
        Some(content.complete().is_some())
    }

    /// From now on time does not end it: it belongs to something that was sent.
    pub(super) fn keep_forever(&mut self, id: &str) {
        if let Some(place) = self.all.find(id)
            && let Some(content) = self.all.get_mut(place)
            && let Some(until) = content.until.take()
        {
            self.ends.remove(&(until, place));
        }
    }

    pub(super) fn get(&self, id: &str, account: usize) -> Option<&Content> {
        self.all.named(id).filter(|one| one.account == account)
    }

    pub(super) fn forget_expired(&mut self, now: Moment) {
        while let Some((_, place)) = self.ends.first().copied().filter(|(at, _)| *at <= now) {
            self.ends.pop_first();
            self.all.remove(place);
        }
    }
}

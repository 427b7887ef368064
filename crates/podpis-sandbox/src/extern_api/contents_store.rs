//! Decides how contents are put together from parts and how long they are kept.
//!
//! **Invariant:** a content can be read only when its length is known and every byte of it is there.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;

use crate::world::Moment;

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
    pub(super) fn kind(&self) -> &str {
        &self.kind
    }

    /// The length, once all bytes up to it are there.
    pub(super) fn complete(&self) -> Option<u64> {
        let total = self.total?;
        let mut reached = 0;
        for (from, chunk) in &self.chunks {
            if *from > reached {
                return None;
            }
            reached = reached.max(from.saturating_add(chunk.len() as u64));
        }
        (reached == total).then_some(total)
    }

    /// Bytes `from..to` of a complete content.
    pub(super) fn read(&self, from: u64, to: u64) -> Bytes {
        if let Some(whole) = self.chunks.get(&0)
            && whole.len() as u64 >= to
            && self.chunks.len() == 1
        {
            return whole.slice(index(from)..index(to));
        }
        let mut bytes = Vec::new();
        for (start, chunk) in &self.chunks {
            // Chunks can overlap; what was read already is skipped.
            let at = from.saturating_add(bytes.len() as u64);
            let end = start.saturating_add(chunk.len() as u64).min(to);
            if *start <= at && end > at {
                bytes.extend_from_slice(&chunk[index(at - start)..index(end - start)]);
            }
        }
        bytes.into()
    }
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// All contents of a world.
#[derive(Clone, Debug, Default)]
pub(super) struct Contents(BTreeMap<String, Content>);

impl Contents {
    /// A content that is complete from the start and never goes.
    pub(super) fn keep(&mut self, id: &str, account: usize, kind: &str, body: Bytes) {
        let total = Some(body.len() as u64);
        self.0.insert(
            id.to_owned(),
            Content {
                account,
                kind: kind.to_owned(),
                chunks: BTreeMap::from([(0, body)]),
                total,
                until: None,
            },
        );
    }

    pub(super) fn begin(&mut self, id: &str, account: usize, kind: &str, now: Moment) {
        self.0.insert(
            id.to_owned(),
            Content {
                account,
                kind: kind.to_owned(),
                chunks: BTreeMap::new(),
                total: None,
                until: Some(now.after(LIFE)),
            },
        );
    }

    /// Stores a part and says whether the content is complete now; none when the part contradicts what is known.
    pub(super) fn put(&mut self, id: &str, account: usize, chunk: Chunk) -> Option<bool> {
        let content = self.0.get_mut(id).filter(|one| one.account == account)?;
        let end = chunk.from.saturating_add(chunk.body.len() as u64);
        let total = chunk.total.or(content.total);
        let longest = content
            .chunks
            .iter()
            .map(|(from, body)| from.saturating_add(body.len() as u64))
            .fold(end, u64::max);
        let contradicts = content
            .total
            .is_some_and(|known| chunk.total.is_some_and(|told| told != known));
        // Contents are what they are once they are complete.
        if contradicts || total.is_some_and(|total| longest > total) || content.until.is_none() {
            return None;
        }
        content.total = total;
        content.chunks.insert(chunk.from, chunk.body);
        Some(content.complete().is_some())
    }

    pub(super) fn get(&self, id: &str, account: usize) -> Option<&Content> {
        self.0
            .get(&id.to_ascii_lowercase())
            .filter(|one| one.account == account)
    }

    pub(super) fn forget_expired(&mut self, now: Moment) {
        self.0
            .retain(|_, one| one.until.is_none_or(|until| now < until));
    }
}

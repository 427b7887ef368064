//! Counts what was done in the folder of a journal, for tests, and breaks it for them.
//!
//! **Invariant:** what costs is counted where it is done, so that no test measures time.

use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicBool, AtomicUsize};

/// The counts of a folder.
#[derive(Debug, Default)]
pub(super) struct Counted {
    folders: AtomicUsize,
    records: AtomicUsize,
    syncs: AtomicUsize,
    turns: AtomicUsize,
    fails: AtomicBool,
}

impl Counted {
    pub(super) fn folder(&self) {
        self.folders.fetch_add(1, SeqCst);
    }

    pub(super) fn record(&self) {
        self.records.fetch_add(1, SeqCst);
    }

    /// The next record cannot be read, as on a disk that stumbles.
    pub(super) fn fail_once(&self) {
        self.fails.store(true, SeqCst);
    }

    pub(super) fn may_read(&self) -> std::io::Result<()> {
        match self.fails.swap(false, SeqCst) {
            true => Err(std::io::Error::other("the disk stumbles")),
            false => Ok(()),
        }
    }

    pub(super) fn sync(&self) {
        self.syncs.fetch_add(1, SeqCst);
    }

    /// How often the folder was made safe.
    pub(super) fn syncs(&self) -> usize {
        self.syncs.load(SeqCst)
    }

    pub(super) fn turn(&self) {
        self.turns.fetch_add(1, SeqCst);
    }

    /// How often somebody had the folder for changes.
    pub(super) fn turns(&self) -> usize {
        self.turns.load(SeqCst)
    }

    /// How often the folder was read, and how many records, since this was asked last.
    pub(super) fn take(&self) -> (usize, usize) {
        let take = |count: &AtomicUsize| count.swap(0, SeqCst);
        (take(&self.folders), take(&self.records))
    }
}

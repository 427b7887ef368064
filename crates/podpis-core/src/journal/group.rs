//! Saves that arrive together are made safe together: the disk is waited for once for their folder, and at the same time for
//! their files.
//!
//! **Invariant:** nobody is told that a record is stored before its file and its name are safe; each save is judged by itself,
//! in the order in which they came; and of two saves of one operation the second sees the first.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use podpis_operation::{Held, JournalError, Operation, Revision, Timestamp};
use tokio::sync::oneshot;

use super::folder::Folder;
use super::lock::LockFile;

/// The most that are stored together: each has a file open for that time.
const MOST: usize = 16;

/// A record that is to be stored.
#[derive(Debug)]
pub(super) struct Save {
    pub(super) held: Held,
    pub(super) operation: Operation,
    pub(super) due: Option<Timestamp>,
}

type Stored = Result<Revision, JournalError>;

/// The saves that wait for the folder.
#[derive(Debug, Default)]
pub(super) struct Group(Mutex<VecDeque<(Save, oneshot::Sender<Stored>)>>);

impl Group {
    /// Adds one, which whoever has the folder next stores with its own.
    pub(super) fn add(&self, save: Save) -> oneshot::Receiver<Stored> {
        let (reply, stored) = oneshot::channel();
        self.waiting().push_back((save, reply));
        stored
    }

    /// Stores what waits now.
    pub(super) fn store(&self, folder: &Folder, lock: &LockFile) {
        let mut waiting = std::mem::take(&mut *self.waiting());
        while !waiting.is_empty() {
            let (together, later) = take(waiting);
            waiting = later;
            let (saves, replies): (Vec<_>, Vec<_>) = together.into_iter().unzip();
            for (stored, reply) in folder.save_all(&saves, lock).into_iter().zip(replies) {
                // Who has gone away does not want to know.
                let _ = reply.send(stored);
            }
        }
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<(Save, oneshot::Sender<Stored>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Waiting = VecDeque<(Save, oneshot::Sender<Stored>)>;

/// What is stored together, and what comes after it.
fn take(waiting: Waiting) -> (Vec<(Save, oneshot::Sender<Stored>)>, Waiting) {
    let mut ids = HashSet::new();
    let (mut together, mut later) = (Vec::new(), VecDeque::new());
    // Nobody wants to know any more, and nothing was stored.
    for asked in waiting.into_iter().filter(|(_, reply)| !reply.is_closed()) {
        if ids.insert(asked.0.held.id.clone()) && together.len() < MOST {
            together.push(asked);
        } else {
            later.push_back(asked);
        }
    }
    (together, later)
}

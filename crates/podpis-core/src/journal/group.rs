//! Changes that arrive together are made together by one of those who wait, and saves among them are made safe together: the
//! disk is waited for once for their folder, and at the same time for their files.
//!
//! **Invariant:** nobody is told that a record is stored before its file and its name are safe; each save is judged by itself,
//! in the order in which they came; of two saves of one operation the second sees the first; and what nobody waits for any
//! more is not begun.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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

type Reply<T> = oneshot::Sender<Result<T, JournalError>>;

/// What comes of a change, once somebody has made it.
pub(super) type Done<T> = oneshot::Receiver<Result<T, JournalError>>;

type Saves = VecDeque<(Save, Reply<Revision>)>;

/// A change other than a save.
type Change = Box<dyn FnOnce(&Arc<Folder>, &LockFile) + Send>;

/// What waits for the folder.
#[derive(Default)]
pub(super) struct Group(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    changes: Vec<Change>,
    saves: Saves,
}

impl Group {
    /// Adds a save.
    pub(super) fn save(&self, save: Save) -> Done<Revision> {
        let (reply, done) = oneshot::channel();
        self.waiting().saves.push_back((save, reply));
        done
    }

    /// Adds another change.
    pub(super) fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Arc<Folder>, &LockFile) -> Result<T, JournalError> + Send + 'static,
    ) -> Done<T> {
        let (reply, done) = oneshot::channel();
        let change = move |folder: &Arc<Folder>, lock: &LockFile| {
            if !reply.is_closed() {
                // Who has gone away meanwhile does not want to know.
                let _ = reply.send(change(folder, lock));
            }
        };
        self.waiting().changes.push(Box::new(change));
        done
    }

    /// Makes all changes that wait now.
    pub(super) fn make(&self, folder: &Arc<Folder>, lock: &LockFile) {
        #[cfg(test)]
        folder.counted.turn();
        let Waiting { changes, mut saves } = std::mem::take(&mut *self.waiting());
        for change in changes {
            change(folder, lock);
        }
        while !saves.is_empty() {
            let (together, later) = take(saves);
            saves = later;
            let (together, replies): (Vec<_>, Vec<_>) = together.into_iter().unzip();
            for (stored, reply) in folder.save_all(&together, lock).into_iter().zip(replies) {
                let _ = reply.send(stored);
            }
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is stored together, and what comes after it.
fn take(saves: Saves) -> (Vec<(Save, Reply<Revision>)>, Saves) {
    let mut ids = HashSet::new();
    let (mut together, mut later) = (Vec::new(), VecDeque::new());
    for asked in saves.into_iter().filter(|(_, reply)| !reply.is_closed()) {
        if ids.insert(asked.0.held.id.clone()) && together.len() < MOST {
            together.push(asked);
        } else {
            later.push_back(asked);
        }
    }
    (together, later)
}

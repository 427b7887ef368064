//! Where records are kept between runs of a program: one file per operation in a folder.
//!
//! **Invariant:** a record on disk is always a whole one, the old or the new; and what cannot be read is named,
//! never passed over and never written over.
//!
//! A save is stored safely before it returns, and everything a run saves it saves before it sends. A poll that
//! finds nothing new saves nothing, so waiting costs no disk writes.

mod folder;
mod group;
mod holding;
mod known;
mod listing;
mod lock;
mod private;
mod several;
mod stored;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::{Either, select};
use podpis_operation::{
    Claim, Held, Journal, JournalError, Lease, Listing, Operation, OperationId, Page, Revision,
    Stored, Timestamp,
};

use crate::ErrorChain;

use folder::Folder;
use group::{Group, Save};
pub use private::{LARGEST_FILE, private_folder, read_private};

/// Keeps each operation in a file of its own, `<id>.json`, so that another program can go on with it.
///
/// Several programs, and several journals in one program, may use the same folder: a claim keeps all others
/// out, and ends with its lease, or with its process however that ends. Times are those of who claims. However many
/// operations a journal holds, it keeps one file open for them. A listing looks at the folder once and reads each record that
/// it tells once, however many pages it has; what is due is found by reading the records that have changed since this journal
/// looked last. It remembers about a hundred bytes of each record for that. The folder must be on a file system where
/// [`File::lock`](std::fs::File::lock) works; local ones are. The files that are not records belong to the
/// journal: deleting them while a program runs lets a second one claim the same operation.
///
/// On Unix the folder is made with mode 0700 and the files with 0600, since a record holds the service's
/// handles and, when it is done, the signatures. A folder or a record that others may write, or that belongs to somebody
/// else than the user or root, is refused: what is in it decides what is sent.
///
/// The methods of [`Journal`] must be called within a tokio runtime, of either flavour. A future that is
/// dropped midway may still finish its work in the background; its claim is free then, or runs out when it was a renewal.
#[derive(Clone)]
pub struct FolderJournal {
    folder: Arc<Folder>,
    /// Whoever writes waits for the folder's lock on a thread of the blocking pool; waiting here first means
    /// that a thousand tasks wait on one thread and not on a thousand.
    turn: Arc<tokio::sync::Mutex<()>>,
    saves: Arc<Group>,
    unreadable: Arc<Mutex<Vec<UnreadableRecord>>>,
}

impl FolderJournal {
    /// The journal in the folder at `path`, which is made if it is not there. A relative path is resolved now.
    ///
    /// # Errors
    /// [`JournalError::Storage`] when there is no such folder and it cannot be made, or when others may write it.
    pub fn at(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        Ok(Self {
            folder: Arc::new(Folder::at(path.as_ref())?),
            turn: Arc::default(),
            saves: Arc::default(),
            unreadable: Arc::default(),
        })
    }

    /// The folder, as an absolute path.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The records that the last [`Journal::open`] of this journal found and could not read: broken, from a
    /// newer program, or not what their name says. They stay where they are; [`Journal::forget`] removes them.
    #[must_use]
    pub fn unreadable(&self) -> Vec<UnreadableRecord> {
        self.found_unreadable().clone()
    }

    fn found_unreadable(&self) -> MutexGuard<'_, Vec<UnreadableRecord>> {
        // The list is only ever replaced as a whole, so a panic elsewhere cannot leave half of one.
        self.unreadable
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Does file work where it may block.
    async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Arc<Folder>) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        let folder = Arc::clone(&self.folder);
        tokio::task::spawn_blocking(move || job(&folder))
            .await
            .unwrap_or_else(|stopped| Err(storage(self.path(), stopped)))
    }

    /// Likewise for what takes the folder's lock.
    async fn work_in_turn<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Arc<Folder>) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        self.work(move |folder| {
            // The work goes on when its future is dropped, and its turn with it.
            let _turn = turn;
            job(folder)
        })
        .await
    }
}

#[async_trait::async_trait]
impl Journal for FolderJournal {
    async fn claim_for(&self, id: &OperationId, lease: &Lease) -> Result<Claim<'_>, JournalError> {
        let (claimed, asked) = (id.clone(), lease.clone());
        let (hold, record) = self
            .work_in_turn(move |folder| folder.claim(claimed, &asked))
            .await?;
        let (key, lease) = (hold.key.clone(), lease.clone());
        Ok(Claim::new(self, id.clone(), key, lease, record, hold))
    }

    async fn renew(&self, held: &Held, lease: &Lease) -> Result<Lease, JournalError> {
        let (held, lease) = (held.clone(), lease.clone());
        self.work_in_turn(move |folder| folder.renew(&held, &lease).map(|()| lease))
            .await
    }

    async fn save(
        &self,
        held: &Held,
        operation: &Operation,
        due: Option<Timestamp>,
    ) -> Result<Revision, JournalError> {
        let (held, operation) = (held.clone(), operation.clone());
        let save = Save {
            held,
            operation,
            due,
        };
        let stored = self.saves.add(save);
        let turn = pin!(Arc::clone(&self.turn).lock_owned());
        // Whoever has its turn before stores what waits, too.
        let stored = match select(stored, turn).await {
            Either::Left((stored, _)) => stored,
            Either::Right((turn, stored)) => {
                let saves = Arc::clone(&self.saves);
                let storing = self.work(move |folder| {
                    let _turn = turn;
                    saves.store(folder);
                    Ok(())
                });
                storing.await?;
                stored.await
            }
        };
        stored.unwrap_or_else(|stopped| Err(storage(self.path(), stopped)))
    }

    async fn forget_held(&self, held: &Held) -> Result<(), JournalError> {
        let held = held.clone();
        self.work_in_turn(move |folder| folder.forget_held(&held))
            .await
    }

    async fn forget(&self, id: &OperationId) -> Result<(), JournalError> {
        let id = id.clone();
        self.work_in_turn(move |folder| folder.forget(&id)).await
    }

    async fn look(&self, id: &OperationId) -> Result<Option<Stored>, JournalError> {
        let id = id.clone();
        let stored = self.work(move |folder| stored::read(&folder.record(&id), &id));
        Ok(stored.await?.map(|stored| stored.record))
    }

    async fn list(&self, listing: &Listing) -> Result<Page, JournalError> {
        let listing = listing.clone();
        self.work(move |folder| folder.list(&listing)).await
    }

    /// Every record that can be read; the others are in [`FolderJournal::unreadable`] afterwards, with a warning
    /// in the log. One broken file does not hide the rest.
    async fn open(&self) -> Result<Vec<Operation>, JournalError> {
        let (records, unreadable) = self.work(|folder| folder.everything()).await?;
        for record in &unreadable {
            let UnreadableRecord { file, why } = record;
            tracing::warn!(file = %file.display(), why, "a record in the journal cannot be read");
        }
        *self.found_unreadable() = unreadable;
        Ok(records)
    }
}

/// Prints the folder alone.
impl fmt::Debug for FolderJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FolderJournal").field(&self.path()).finish()
    }
}

/// How many characters of a reason are told.
const LONGEST_REASON: usize = 500;

/// A file that has the name of a record and cannot be read as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableRecord {
    file: PathBuf,
    why: String,
}

impl UnreadableRecord {
    fn new(file: PathBuf, error: &JournalError) -> Self {
        let why = match error {
            JournalError::Unreadable { source, .. } => ErrorChain(&**source).to_string(),
            other => ErrorChain(other).to_string(),
        };
        // What is in the file may be a part of it.
        let why = why.chars().take(LONGEST_REASON).collect();
        Self { file, why }
    }

    /// The file.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Why it cannot be read.
    #[must_use]
    pub fn why(&self) -> &str {
        &self.why
    }
}

impl fmt::Display for UnreadableRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.why)
    }
}

fn storage(place: &Path, source: impl Into<Box<dyn Error + Send + Sync>>) -> JournalError {
    JournalError::Storage {
        place: place.display().to_string(),
        source: source.into(),
    }
}

//! Where records are kept between runs of a program: one file per operation in a folder.
//!
//! **Invariant:** a record on disk is always a whole one, the old or the new; and what cannot be read is named,
//! never passed over and never written over.
//!
//! A save is stored safely before it returns, and everything a run saves it saves before it sends. A poll that
//! finds nothing new saves nothing, so waiting costs no disk writes.

#[cfg(test)]
mod counted;
mod files;
mod folder;
mod group;
mod holding;
mod known;
mod lease_file;
mod listing;
mod lock;
mod names;
mod patience;
mod private;
#[cfg(any(test, feature = "test-util"))]
pub mod probed;
mod regular;
mod room;
mod saving;
mod several;
mod stored;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use podpis_operation::{
    Claim, Held, Journal, JournalError, Lease, Listing, Operation, OperationId, Page, Revision,
    Stored, Timestamp,
};
use tokio::sync::OwnedMutexGuard;

use crate::ErrorChain;
use crate::wait::SharedTime;

use folder::Folder;
use group::{Done, Group, Save};
use lock::LockFile;
use patience::Patience;
pub use private::{LARGEST_FILE, private_folder, read_private};
pub use regular::open_regular;
pub use several::look_at_each;

/// Keeps each operation in a file of its own, `<id>.json`, so that another program can go on with it.
///
/// Several programs, and several journals in one program, may use the same folder: a claim keeps all others
/// out, and ends with its lease, or with its process however that ends. Times are those of who claims. However many
/// operations a journal holds, it keeps one file open for them. A listing looks at the folder once and reads each record that
/// it tells once, however many pages it has; what is due is found by reading the records that have changed since this journal
/// looked last. It remembers about 150 bytes of each record for that. Where thousands were never read, what is due is
/// listed by id and not the longest due first, so that the first page is there at once. The folder must be on a file system where
/// [`File::lock`](std::fs::File::lock) works; local ones are. The files that are not records belong to the
/// journal: deleting them while a program runs lets a second one claim the same operation.
///
/// On Unix the folder is made with mode 0700 and the files with 0600, since a record holds the service's
/// handles and, when it is done, the signatures. A folder or a record that others may write, or that belongs to somebody
/// else than the user or root, is refused: what is in it decides what is sent.
///
/// The methods of [`Journal`] must be called within a tokio runtime, of either flavour, with its timer. A future that is
/// dropped before it has begun to change the folder changes nothing; one that is dropped later may still finish its work in
/// the background, and its claim is free then, or runs out when it was a renewal.
#[derive(Clone)]
pub struct FolderJournal {
    folder: Arc<Folder>,
    /// Whoever changes the folder waits here first, so that of a thousand tasks one looks for the folder's lock.
    turn: Arc<tokio::sync::Mutex<()>>,
    patience: Patience,
    group: Arc<Group>,
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
            patience: Patience::default(),
            group: Arc::default(),
            unreadable: Arc::default(),
        })
    }

    /// Waits no longer than this for another program that has locked the folder: a minute unless set. A change of a program
    /// takes milliseconds, so that one which takes longer hangs or was stopped. After a wait in vain nothing is waited for
    /// until the folder is seen free.
    #[must_use]
    pub fn waiting_at_most(mut self, longest: Duration) -> Self {
        self.patience.longest = longest;
        self
    }

    /// Calls this with the path of the lock when one change has waited five seconds for it; without it that is a warning in
    /// the log.
    #[must_use]
    pub fn telling_of_waits(mut self, tell: impl Fn(&Path) + Send + Sync + 'static) -> Self {
        self.patience.tell = Arc::new(tell);
        self
    }

    /// Measures waits by this clock; that of the machine unless set.
    #[must_use]
    pub fn time(mut self, time: impl Into<SharedTime>) -> Self {
        self.patience.time = time.into();
        self
    }

    /// From here on waits no longer than a second, which is plenty for the changes of others, in all clones of this journal:
    /// for a program that is about to end and stores what is under way.
    pub fn hurry(&self) {
        self.patience.hurry();
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

    /// Likewise for what changes the folder.
    async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Arc<Folder>, &LockFile) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        self.done(self.group.change(change)).await
    }

    /// Waits until a change was made: by whoever has its turn before, or here.
    async fn done<T>(&self, done: Done<T>) -> Result<T, JournalError> {
        let turn = pin!(Arc::clone(&self.turn).lock_owned());
        let done = match select(done, turn).await {
            Either::Left((done, _)) => done,
            Either::Right((turn, mut done)) => match self.make_changes(turn).await {
                Ok(()) => done.await,
                Err((error, _turn)) => {
                    // As long as it is the turn of this one, nobody begins what failed; it may have been made before.
                    done.close();
                    return done.try_recv().unwrap_or(Err(error));
                }
            },
        };
        done.unwrap_or_else(|stopped| Err(storage(self.path(), stopped)))
    }

    /// Makes all changes that wait, as soon as no other program has the folder's lock. Gives the turn back with a failure.
    async fn make_changes(&self, mut turn: Turn) -> Result<(), (JournalError, Option<Turn>)> {
        let mut waiting = self.patience.begin();
        let wanted = Arc::new(());
        loop {
            let (asked, group) = (Arc::downgrade(&wanted), Arc::clone(&self.group));
            let tried = self.work(move |folder| match free(folder) {
                Ok(Some(lock)) if asked.strong_count() > 0 => {
                    // The work goes on when its future is dropped, and its turn with it.
                    group.make(folder, &lock);
                    drop(lock);
                    drop(turn);
                    Ok(None)
                }
                other => Ok(Some((other.err(), turn))),
            });
            let (failed, again) = match tried.await {
                Ok(None) => {
                    self.patience.was_rewarded();
                    return Ok(());
                }
                Ok(Some(not_yet)) => not_yet,
                Err(error) => return Err((error, None)),
            };
            turn = again;
            let lock = self.folder.lock_file();
            let waited = match failed {
                None => self.patience.wait(&mut waiting, &lock).await,
                Some(error) => Err(error),
            };
            if let Err(error) = waited {
                return Err((error, Some(turn)));
            }
        }
    }
}

/// Whoever has it may change the folder, as far as this journal is concerned.
type Turn = OwnedMutexGuard<()>;

/// The folder's lock. Whoever only sweeps has it for so short a time that it is not worth a pause.
fn free(folder: &Folder) -> Result<Option<LockFile>, JournalError> {
    for _ in 0..3 {
        if let Some(lock) = folder.try_lock()? {
            return Ok(Some(lock));
        }
        std::thread::yield_now();
    }
    Ok(None)
}

#[async_trait::async_trait]
impl Journal for FolderJournal {
    async fn claim_for(&self, id: &OperationId, lease: &Lease) -> Result<Claim<'_>, JournalError> {
        let (claimed, asked) = (id.clone(), lease.clone());
        let (hold, record) = self
            .change(move |folder, lock| folder.claim(claimed, &asked, lock))
            .await?;
        let (key, lease) = (hold.key.clone(), lease.clone());
        Ok(Claim::new(self, id.clone(), key, lease, record, hold))
    }

    async fn renew(&self, held: &Held, lease: &Lease) -> Result<Lease, JournalError> {
        let (held, lease) = (held.clone(), lease.clone());
        self.change(move |folder, lock| folder.renew(&held, &lease, lock).map(|()| lease))
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
        self.done(self.group.save(save)).await
    }

    async fn forget_held(&self, held: &Held) -> Result<(), JournalError> {
        let held = held.clone();
        self.change(move |folder, lock| folder.forget_held(&held, lock))
            .await
    }

    async fn forget(&self, id: &OperationId) -> Result<(), JournalError> {
        let id = id.clone();
        self.change(move |folder, lock| folder.forget(&id, lock))
            .await
    }

    async fn look(&self, id: &OperationId) -> Result<Option<Stored>, JournalError> {
        let id = id.clone();
        self.work(move |folder| folder.read_record(&id)).await
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

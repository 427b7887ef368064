//! What happens in the folder of a journal, one blocking step after the other.
//!
//! **Invariant:** records are made, replaced and removed only while the folder's own lock is held, and that lock's file is
//! never removed.
//!
//! | file | what it is |
//! |---|---|
//! | `<id>.json` | the record, its revision, and when it is due |
//! | `<id>.tmp` | the next version of the record or of the lease, until it is renamed |
//! | `<id>.lease` | who holds the operation, and until when |
//! | `<id>.claim` | keeps out programs of before lease files |
//! | `<random>.owner` | locked by a journal while it holds any operation, and until the next look at it afterwards |
//! | `journal.lock` | locked for the length of one change: a claim, a save, a removal |
//!
//! A lock file that may be removed is a trap: somebody can open it, lose it to a removal, and lock a file that
//! has no name while a third one locks its successor. Here every lock file is opened and locked, or checked to be
//! free and removed, in one go under the folder's lock, so no open file is ever without its name. For the
//! same reason a temporary file seen under the folder's lock is a leftover of a crash.
//!
//! One lock for the whole folder costs that two changes wait for each other. Saves that wait are made together by one of
//! them.

use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use podpis_operation::{ClaimKey, Held, JournalError, OperationId, Stored};

use tempfile::NamedTempFile;

use super::holding::{Left, OwnerLock};
use super::known::{Known, Mark, SETTLED};
use super::lock::LockFile;
use super::names::Names;
use super::private::{LARGEST_FILE, private_folder};
use super::room::Room;
use super::{storage, stored};

/// The folder of a journal.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// There while this journal holds any operation.
    pub(super) owner: Mutex<Option<Arc<OwnerLock>>>,
    /// Lease files that this journal has emptied.
    pub(super) left: Mutex<Left>,
    /// Claims that were dropped and could not be given back.
    pub(super) kept_claims: Mutex<Vec<(OperationId, ClaimKey)>>,
    /// What was read of the records.
    pub(super) known: Mutex<Known>,
    /// Held while the folder is read.
    pub(super) reading: Mutex<()>,
    /// For the records that are read.
    pub(super) room: Room,
    /// From which age on a file is told from the next one of its name.
    pub(super) settled: Duration,
    #[cfg(test)]
    pub(super) counted: super::counted::Counted,
}

impl Folder {
    pub(super) fn at(path: &Path) -> Result<Self, JournalError> {
        let path = std::path::absolute(path).map_err(|error| storage(path, error))?;
        let missing: Vec<&Path> = path.ancestors().take_while(|part| !part.exists()).collect();
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .create(&path)
            .map_err(|error| storage(&path, error))?;
        private_folder(&path).map_err(|error| storage(&path, error))?;
        for made in missing.iter().filter_map(|part| part.parent()) {
            // A record is as safe as the name of its folder. Not every folder above may be read, and that
            // is no reason to refuse the journal.
            if let Err(error) = Names::open(made).and_then(|names| names.sync()) {
                tracing::debug!(folder = %made.display(), %error, "a folder could not be synced");
            }
        }
        Ok(Self {
            path,
            owner: Mutex::default(),
            left: Mutex::default(),
            kept_claims: Mutex::default(),
            known: Mutex::default(),
            reading: Mutex::default(),
            room: Room::of(LARGEST_FILE),
            settled: SETTLED,
            #[cfg(test)]
            counted: super::counted::Counted::default(),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn forget_held(&self, held: &Held, _lock: &LockFile) -> Result<(), JournalError> {
        self.must_be_held(held)?;
        self.remove_record(&held.id)
    }

    pub(super) fn forget(&self, id: &OperationId, _lock: &LockFile) -> Result<(), JournalError> {
        self.remove_record(id)?;
        self.remove_free_claim(id);
        Ok(())
    }

    fn remove_record(&self, id: &OperationId) -> Result<(), JournalError> {
        let path = self.record(id);
        let unsafe_names = |error| storage(&self.path, error);
        let names = Names::open(&self.path).map_err(unsafe_names)?;
        remove(&path).map_err(|error| storage(&path, error))?;
        self.known().gone(id);
        self.remove_leftover(id);
        names.sync().map_err(unsafe_names)
    }

    /// The folder's lock, if it is free.
    pub(super) fn try_lock(&self) -> Result<Option<LockFile>, JournalError> {
        let path = self.lock_file();
        LockFile::try_take(&path).map_err(|error| storage(&path, error))
    }

    /// The record as it is stored.
    pub(super) fn read_record(&self, id: &OperationId) -> Result<Option<Stored>, JournalError> {
        self.read_marked(id).1
    }

    /// The same, and the mark of the very file that was read.
    pub(super) fn read_marked(
        &self,
        id: &OperationId,
    ) -> (Option<Mark>, Result<Option<Stored>, JournalError>) {
        let path = self.record(id);
        #[cfg(test)]
        if let Err(error) = self.counted.may_read() {
            return (None, Err(stored::failed(&path, error)));
        }
        match stored::open(&path) {
            Ok(None) => (None, Ok(None)),
            Ok(Some(file)) => {
                let mark = Mark::of(file.known(), self.settled);
                let stored = stored::read(file, &path, id, &self.room);
                (mark, stored.map(|stored| Some(stored.record)))
            }
            Err(error) => (None, Err(error)),
        }
    }

    /// Writes the next version beside the record or the lease, and renames it over that. Under the folder's lock.
    pub(super) fn replace(
        &self,
        path: &Path,
        text: &[u8],
        make_safe: impl FnOnce(&File) -> io::Result<()>,
    ) -> io::Result<()> {
        let temporary = self.beside(path, text)?;
        make_safe(temporary.as_file())?;
        temporary.persist(path)?;
        Ok(())
    }

    /// Writes the next version beside the record or the lease. Under the folder's lock.
    ///
    /// `tempfile` removes the new file unless it is renamed, and replaces on Windows too.
    pub(super) fn beside(&self, path: &Path, text: &[u8]) -> io::Result<NamedTempFile> {
        let name = path.file_stem().unwrap_or_default();
        let mut builder = tempfile::Builder::new();
        // One name per record, so that a leftover is found without a search.
        builder.prefix(name).suffix(".tmp").rand_bytes(0);
        let made = builder.tempfile_in(&self.path);
        let mut temporary = made.or_else(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                remove(&path.with_extension("tmp"))?;
                builder.tempfile_in(&self.path)
            }
            _ => Err(error),
        })?;
        temporary.write_all(text)?;
        Ok(temporary)
    }

    /// Under the folder's lock.
    pub(super) fn remove_leftover(&self, id: &OperationId) {
        if let Err(error) = remove(&self.temporary(id)) {
            tracing::debug!(%id, %error, "a leftover of a crash could not be removed");
        }
    }

    pub(super) fn record(&self, id: &OperationId) -> PathBuf {
        self.path.join(format!("{id}.json"))
    }

    pub(super) fn temporary(&self, id: &OperationId) -> PathBuf {
        self.path.join(format!("{id}.tmp"))
    }

    pub(super) fn lock_file(&self) -> PathBuf {
        self.path.join("journal.lock")
    }
}

/// Removes a file; one that is not there is fine.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

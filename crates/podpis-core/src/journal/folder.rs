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
//! | `<random>.owner` | locked by a journal for as long as it holds any operation |
//! | `journal.lock` | locked for the length of one change: a claim, a save, a removal |
//!
//! A lock file that may be removed is a trap: somebody can open it, lose it to a removal, and lock a file that
//! has no name while a third one locks its successor. Here every lock file is opened and locked, or checked to be
//! free and removed, in one go under the folder's lock, so no open file is ever without its name. For the
//! same reason a temporary file seen under the folder's lock is a leftover of a crash.
//!
//! One lock for the whole folder costs that two saves wait for each other. That is a few milliseconds a handful
//! of times per operation, and operations wait for people.

use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Weak};
use std::time::Duration;

use podpis_operation::{Held, JournalError, Operation, OperationId, Revision, Timestamp};

use super::holding::OwnerLock;
use super::known::{Known, SETTLED};
use super::lock::LockFile;
use super::private::private_folder;
use super::{storage, stored};

/// The folder of a journal.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// There while this journal holds any operation.
    pub(super) owner: Mutex<Weak<OwnerLock>>,
    /// What was read of the records.
    pub(super) known: Mutex<Known>,
    /// Held while the folder is read.
    pub(super) reading: Mutex<()>,
    /// From which age on a file is told from the next one of its name.
    pub(super) settled: Duration,
    #[cfg(test)]
    pub(super) counted: super::listing::Counted,
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
            if let Err(error) = sync_folder(made) {
                tracing::debug!(folder = %made.display(), %error, "a folder could not be synced");
            }
        }
        Ok(Self {
            path,
            owner: Mutex::default(),
            known: Mutex::default(),
            reading: Mutex::default(),
            settled: SETTLED,
            #[cfg(test)]
            counted: super::listing::Counted::default(),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn save(
        &self,
        held: &Held,
        operation: &Operation,
        due: Option<Timestamp>,
    ) -> Result<Revision, JournalError> {
        let id = &held.id;
        let path = self.record(id);
        let _lock = self.lock()?;
        self.must_be_held(held)?;
        let before = stored::read(&path, id)?;
        let stored = before
            .as_ref()
            .map_or(Revision::NONE, |stored| stored.record.revision);
        if stored != held.revision || operation.id() != id {
            return Err(JournalError::conflict(held));
        }
        let revision = stored.next();
        let failed = |error| storage(&path, error);
        let text = stored::write(operation, revision, due).map_err(|error| failed(error.into()))?;
        self.replace(&path, &text, File::sync_all).map_err(failed)?;
        self.known().changed(id);
        if let Err(error) = sync_folder(&self.path) {
            self.put_back(id, before.map(|stored| stored.text).as_deref());
            return Err(storage(&self.path, error));
        }
        Ok(revision)
    }

    pub(super) fn forget_held(&self, held: &Held) -> Result<(), JournalError> {
        let _lock = self.lock()?;
        self.must_be_held(held)?;
        self.remove_record(&held.id)
    }

    pub(super) fn forget(&self, id: &OperationId) -> Result<(), JournalError> {
        let _lock = self.lock()?;
        self.remove_record(id)?;
        self.remove_free_claim(id);
        Ok(())
    }

    fn remove_record(&self, id: &OperationId) -> Result<(), JournalError> {
        let path = self.record(id);
        remove(&path).map_err(|error| storage(&path, error))?;
        self.known().gone(id);
        self.remove_leftover(id);
        sync_folder(&self.path).map_err(|error| storage(&self.path, error))
    }

    /// Waits for the folder's lock.
    pub(super) fn lock(&self) -> Result<LockFile, JournalError> {
        let path = self.lock_file();
        LockFile::take(&path).map_err(|error| storage(&path, error))
    }

    /// Writes the next version beside the record or the lease, and renames it over that. Under the folder's lock.
    ///
    /// `tempfile` removes the new file on every way out but the last, and replaces on Windows too.
    pub(super) fn replace(
        &self,
        path: &Path,
        text: &[u8],
        make_safe: impl FnOnce(&File) -> io::Result<()>,
    ) -> io::Result<()> {
        let name = path.file_stem().unwrap_or_default();
        remove(&path.with_extension("tmp"))?;
        let mut temporary = tempfile::Builder::new()
            .prefix(name)
            .suffix(".tmp")
            .rand_bytes(0) // one name per record, so that a leftover is found without a search
            .tempfile_in(&self.path)?;
        temporary.write_all(text)?;
        make_safe(temporary.as_file())?;
        temporary.persist(path)?;
        Ok(())
    }

    /// Undoes a replacement that may not outlast a power cut, since a save that failed changes nothing.
    pub(super) fn put_back(&self, id: &OperationId, before: Option<&[u8]>) {
        let undone = match before {
            Some(text) => self.replace(&self.record(id), text, File::sync_all),
            None => remove(&self.record(id)),
        };
        if let Err(error) = undone {
            tracing::warn!(%id, %error, "a record that could not be stored safely could not be put back either");
        }
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

/// Makes the names in a folder outlast a power cut, where the system can do that.
fn sync_folder(path: &Path) -> io::Result<()> {
    // Elsewhere a folder cannot be opened as a file, and the system keeps names safe by itself.
    if !cfg!(unix) {
        return Ok(());
    }
    match File::open(path)?.sync_all() {
        // The file system has no such thing for folders: the record is as safe as it can be there.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::InvalidInput | ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        result => result,
    }
}

//! What happens in the folder of a journal, one blocking step after the other.
//!
//! **Invariant:** records and claim files are made, replaced and removed only while the folder's own lock is
//! held, and that lock's file is never removed.
//!
//! | file | what it is |
//! |---|---|
//! | `<id>.json` | the record and its revision |
//! | `<id>.tmp` | the next version of the record, until it is renamed |
//! | `<id>.claim` | locked by whoever drives the operation, for as long as it does |
//! | `journal.lock` | locked for the length of one change: a claim, a save, a removal |
//!
//! Two locks, because a save must exclude other savers even when nobody claimed the record, and the claim's
//! lock is already held by the very program that saves. They are taken in one order, folder before claim, and
//! nobody waits for a claim, so they cannot block each other for ever.
//!
//! A lock file that may be removed is a trap: somebody can open it, lose it to a removal, and lock a file that
//! has no name while a third one locks its successor. Here a claim file is opened and locked, or checked to be
//! free and removed, in one go under the folder's lock, so no open file is ever without its name. For the
//! same reason a temporary file seen under the folder's lock is a leftover of a crash.
//!
//! One lock for the whole folder costs that two saves wait for each other. That is a few milliseconds a handful
//! of times per operation, and operations wait for people.

use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use podpis_operation::{JournalError, Operation, OperationId, Revision};

use super::lock::LockFile;
use super::private::private_folder;
use super::{UnreadableRecord, storage, stored};

/// The folder of a journal.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

/// What a look at the folder found.
pub(super) struct Listing {
    /// Oldest first.
    pub(super) records: Vec<Operation>,
    pub(super) unreadable: Vec<UnreadableRecord>,
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
        Ok(Self { path })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn claim(
        self: &Arc<Self>,
        id: OperationId,
    ) -> Result<(Hold, Option<(Revision, Operation)>), JournalError> {
        let claim_file = self.claim_file(&id);
        let hold = {
            let _lock = self.lock()?;
            match LockFile::try_take(&claim_file).map_err(|error| storage(&claim_file, error))? {
                None => return Err(JournalError::Claimed { id }),
                Some(lock) => {
                    self.remove_leftover(&id);
                    Hold {
                        folder: Arc::clone(self),
                        id,
                        _lock: lock,
                    }
                }
            }
        };
        let stored = stored::read(&self.record(&hold.id), &hold.id)?;
        Ok((
            hold,
            stored.map(|stored| (stored.revision, stored.operation)),
        ))
    }

    pub(super) fn save(
        &self,
        operation: &Operation,
        expected: Revision,
    ) -> Result<Revision, JournalError> {
        let id = operation.id();
        let path = self.record(id);
        let _lock = self.lock()?;
        let before = stored::read(&path, id)?;
        let stored = before
            .as_ref()
            .map_or(Revision::NONE, |stored| stored.revision);
        if stored != expected {
            return Err(JournalError::Conflict {
                id: id.clone(),
                expected,
            });
        }
        let revision = expected.next();
        let text = stored::write(operation, revision).map_err(|error| storage(&path, error))?;
        self.replace(id, &text)
            .map_err(|error| storage(&path, error))?;
        if let Err(error) = sync_folder(&self.path) {
            self.put_back(id, before.map(|stored| stored.text).as_deref());
            return Err(storage(&self.path, error));
        }
        Ok(revision)
    }

    pub(super) fn forget(&self, id: &OperationId) -> Result<(), JournalError> {
        let path = self.record(id);
        let _lock = self.lock()?;
        remove(&path).map_err(|error| storage(&path, error))?;
        self.remove_leftover(id);
        self.remove_free_claim(id);
        sync_folder(&self.path).map_err(|error| storage(&self.path, error))
    }

    /// Looks at every record, without a lock: a rename shows the old record or the new one.
    pub(super) fn list(&self) -> Result<Listing, JournalError> {
        let mut listing = Listing {
            records: Vec::new(),
            unreadable: Vec::new(),
        };
        let mut leftovers = Vec::new();
        let failed = |error| storage(&self.path, error);
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            let Some((id, ending)) = name.to_str().and_then(|name| name.split_once('.')) else {
                continue;
            };
            let Ok(id) = id.parse::<OperationId>() else {
                continue;
            };
            match ending {
                "json" => match stored::read(&self.record(&id), &id) {
                    Ok(Some(stored)) => listing.records.push(stored.operation),
                    // It was forgotten in between.
                    Ok(None) => {}
                    Err(error) => listing
                        .unreadable
                        .push(UnreadableRecord::new(self.record(&id), &error)),
                },
                "tmp" => leftovers.push(id),
                "claim" if !self.has_record(&id) => leftovers.push(id),
                _ => {}
            }
        }
        listing
            .records
            .sort_by(|a, b| (a.created(), a.id()).cmp(&(b.created(), b.id())));
        listing.unreadable.sort_by(|a, b| a.file.cmp(&b.file));
        self.sweep(&leftovers);
        Ok(listing)
    }

    /// Removes what crashes left behind. Looking at a journal waits for nobody and needs no right to write, so
    /// this is left for the next time when the folder is locked or read-only.
    fn sweep(&self, leftovers: &[OperationId]) {
        if leftovers.is_empty() {
            return;
        }
        if let Ok(Some(_lock)) = LockFile::try_take(&self.lock_file()) {
            for id in leftovers {
                self.remove_leftover(id);
                self.remove_free_claim(id);
            }
        }
    }

    /// Waits for the folder's lock.
    pub(super) fn lock(&self) -> Result<LockFile, JournalError> {
        let path = self.lock_file();
        LockFile::take(&path).map_err(|error| storage(&path, error))
    }

    /// Writes the next version beside the record and renames it over the record. Under the folder's lock.
    ///
    /// `tempfile` removes the new file on every way out but the last, and replaces on Windows too.
    fn replace(&self, id: &OperationId, text: &[u8]) -> io::Result<()> {
        remove(&self.temporary(id))?;
        let mut temporary = tempfile::Builder::new()
            .prefix(id.as_str())
            .suffix(".tmp")
            .rand_bytes(0) // one name per record, so that a leftover is found without a search
            .tempfile_in(&self.path)?;
        temporary.write_all(text)?;
        temporary.as_file().sync_all()?;
        temporary.persist(self.record(id))?;
        Ok(())
    }

    /// Undoes a replacement that may not outlast a power cut, since a save that failed changes nothing.
    pub(super) fn put_back(&self, id: &OperationId, before: Option<&[u8]>) {
        let undone = match before {
            Some(text) => self.replace(id, text),
            None => remove(&self.record(id)),
        };
        if let Err(error) = undone {
            tracing::warn!(%id, %error, "a record that could not be stored safely could not be put back either");
        }
    }

    /// Under the folder's lock.
    fn remove_leftover(&self, id: &OperationId) {
        if let Err(error) = remove(&self.temporary(id)) {
            tracing::debug!(%id, %error, "a leftover of a crash could not be removed");
        }
    }

    /// Removes the claim file of an operation that has no record and no holder. Under the folder's lock.
    fn remove_free_claim(&self, id: &OperationId) {
        let path = self.claim_file(id);
        if self.has_record(id) || !path.exists() {
            return;
        }
        if let Ok(Some(_free)) = LockFile::try_take(&path)
            && let Err(error) = remove(&path)
        {
            tracing::debug!(%id, %error, "a claim file could not be removed");
        }
    }

    /// Whether there may be a record: doubts keep its claim file.
    fn has_record(&self, id: &OperationId) -> bool {
        self.record(id).try_exists().unwrap_or(true)
    }

    pub(super) fn record(&self, id: &OperationId) -> PathBuf {
        self.path.join(format!("{id}.json"))
    }

    pub(super) fn temporary(&self, id: &OperationId) -> PathBuf {
        self.path.join(format!("{id}.tmp"))
    }

    pub(super) fn claim_file(&self, id: &OperationId) -> PathBuf {
        self.path.join(format!("{id}.claim"))
    }

    pub(super) fn lock_file(&self) -> PathBuf {
        self.path.join("journal.lock")
    }
}

/// Keeps others out of one operation until it is dropped.
#[derive(Debug)]
pub(super) struct Hold {
    folder: Arc<Folder>,
    id: OperationId,
    _lock: LockFile,
}

impl Drop for Hold {
    /// Removes the claim file of an operation that is over, unless that would mean waiting: a drop happens on
    /// a thread of the runtime. The next look at the journal removes what stays.
    fn drop(&mut self) {
        if self.folder.has_record(&self.id) {
            return;
        }
        if let Ok(Some(_lock)) = LockFile::try_take(&self.folder.lock_file())
            && !self.folder.has_record(&self.id)
        {
            // A file that stays is harmless: it is locked by nobody.
            let _ = remove(&self.folder.claim_file(&self.id));
        }
    }
}

/// Removes a file; one that is not there is fine.
fn remove(path: &Path) -> io::Result<()> {
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

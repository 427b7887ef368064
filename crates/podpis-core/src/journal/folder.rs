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
//! One lock for the whole folder costs that two changes wait for each other. Saves that wait are made together by one of
//! them.

use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Weak};
use std::time::Duration;

use podpis_operation::{ClaimKey, Held, JournalError, OperationId, Revision, Stored};

use tempfile::NamedTempFile;

use super::group::Save;
use super::holding::OwnerLock;
use super::known::{Known, Mark, SETTLED};
use super::lock::LockFile;
use super::private::{LARGEST_FILE, private_folder};
use super::room::Room;
use super::several::at_once;
use super::{storage, stored};

/// The folder of a journal.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// There while this journal holds any operation.
    pub(super) owner: Mutex<Weak<OwnerLock>>,
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
            if let Err(error) = Names::open(made).and_then(|names| names.sync()) {
                tracing::debug!(folder = %made.display(), %error, "a folder could not be synced");
            }
        }
        Ok(Self {
            path,
            owner: Mutex::default(),
            kept_claims: Mutex::default(),
            known: Mutex::default(),
            reading: Mutex::default(),
            room: Room::of(LARGEST_FILE),
            settled: SETTLED,
            #[cfg(test)]
            counted: super::listing::Counted::default(),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Stores records of different operations together, and says of each what came of it.
    pub(super) fn save_all(
        &self,
        saves: &[Save],
        _lock: &LockFile,
    ) -> Vec<Result<Revision, JournalError>> {
        // Before anything is changed, since what cannot be made safe would have to be undone.
        let names = match Names::open(&self.path) {
            Ok(names) => names,
            Err(error) => {
                let failed = |_: &Save| Err(storage(&self.path, same(&error)));
                return saves.iter().map(failed).collect();
            }
        };
        let mut stored = Vec::with_capacity(saves.len());
        while stored.len() < saves.len() {
            stored.extend(self.save_first(&saves[stored.len()..], &names));
        }
        stored
    }

    /// Stores the first ones of them: so many that what is to be put back if it cannot be made safe has room in memory.
    fn save_first(&self, saves: &[Save], names: &Names) -> Vec<Result<Revision, JournalError>> {
        let (mut next, mut size) = (Vec::new(), 0);
        for save in saves {
            let one = self.next(save);
            size += one.as_ref().map_or(0, Next::size);
            next.push(one);
            if size >= LARGEST_FILE {
                break;
            }
        }
        let safe = at_once(&next, |next| match next {
            Ok(next) => next.file.as_file().sync_all(),
            Err(_) => Ok(()),
        });
        let stored = next.into_iter().zip(safe);
        let stored: Vec<_> = stored.map(|(next, safe)| next?.store(self, safe)).collect();
        #[cfg(test)]
        self.counted.sync();
        let unsafe_names = match stored.iter().any(Result::is_ok) {
            true => names.sync().err(),
            false => None,
        };
        let Some(error) = unsafe_names else {
            let revision = |(revision, _)| revision;
            return stored
                .into_iter()
                .map(|stored| stored.map(revision))
                .collect();
        };
        let undone = saves.iter().zip(stored).map(|(save, stored)| {
            let (_, before) = stored?;
            self.put_back(&save.held.id, before.as_deref());
            Err(storage(&self.path, same(&error)))
        });
        undone.collect()
    }

    /// Writes the next version of a record beside it.
    fn next(&self, save: &Save) -> Result<Next, JournalError> {
        let Save {
            held,
            operation,
            due,
        } = save;
        let id = &held.id;
        let path = self.record(id);
        self.must_be_held(held)?;
        let before = stored::open(&path)?
            .map(|file| stored::read(file, &path, id, &self.room))
            .transpose()?;
        let stored = before
            .as_ref()
            .map_or(Revision::NONE, |stored| stored.record.revision);
        if stored != held.revision || operation.id() != id {
            return Err(JournalError::conflict(held));
        }
        let revision = stored.next();
        let failed = |error| storage(&path, error);
        let text =
            stored::write(operation, revision, *due).map_err(|error| failed(error.into()))?;
        let file = self.beside(&path, &text).map_err(failed)?;
        Ok(Next {
            id: id.clone(),
            path,
            revision,
            before: before.map(|stored| stored.text),
            file,
        })
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
    fn beside(&self, path: &Path, text: &[u8]) -> io::Result<NamedTempFile> {
        let name = path.file_stem().unwrap_or_default();
        remove(&path.with_extension("tmp"))?;
        let mut temporary = tempfile::Builder::new()
            .prefix(name)
            .suffix(".tmp")
            .rand_bytes(0) // one name per record, so that a leftover is found without a search
            .tempfile_in(&self.path)?;
        temporary.write_all(text)?;
        Ok(temporary)
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

/// The next version of a record, which is not safe yet.
struct Next {
    id: OperationId,
    path: PathBuf,
    revision: Revision,
    /// The file as it is.
    before: Option<Vec<u8>>,
    file: NamedTempFile,
}

impl Next {
    /// How many bytes of it are in memory.
    fn size(&self) -> u64 {
        self.before.as_ref().map_or(0, |before| before.len() as u64)
    }

    /// Puts it in the place of the record, where it is safe; gives what was there.
    fn store(
        self,
        folder: &Folder,
        safe: io::Result<()>,
    ) -> Result<(Revision, Option<Vec<u8>>), JournalError> {
        let stored = safe.and_then(|()| Ok(self.file.persist(&self.path)?));
        stored.map_err(|error| storage(&self.path, error))?;
        folder.known().changed(&self.id);
        Ok((self.revision, self.before))
    }
}

/// A failure that several are told of.
fn same(error: &io::Error) -> io::Error {
    let unknown = || io::Error::new(error.kind(), error.to_string());
    error
        .raw_os_error()
        .map_or_else(unknown, io::Error::from_raw_os_error)
}

/// Removes a file; one that is not there is fine.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

/// The names in a folder, which outlast a power cut once they are synced, where the system can do that.
struct Names(Option<File>);

impl Names {
    fn open(folder: &Path) -> io::Result<Self> {
        // Elsewhere a folder cannot be opened as a file, and the system keeps names safe by itself.
        Ok(Self(match cfg!(unix) {
            true => Some(File::open(folder)?),
            false => None,
        }))
    }

    fn sync(&self) -> io::Result<()> {
        match self.0.as_ref().map_or(Ok(()), File::sync_all) {
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
}

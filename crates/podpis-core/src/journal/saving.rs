//! How records are stored: several together, each judged by itself.
//!
//! **Invariant:** a record is told to be stored once its file and then its name are safe, and not before; one that could not
//! be made safe is as it was. The next version of a record is whole and safe before it takes the record's name.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use podpis_operation::{JournalError, OperationId, Revision};
use tempfile::NamedTempFile;

use super::folder::{Folder, remove};
use super::group::Save;
use super::lock::LockFile;
use super::names::Names;
use super::private::LARGEST_FILE;
use super::several::at_once;
use super::{storage, stored};

impl Folder {
    /// Stores records of different operations together, and says of each what came of it.
    pub(super) fn save_all(
        &self,
        saves: &[Save],
        _lock: &LockFile,
    ) -> Vec<Result<Revision, JournalError>> {
        // Before anything is changed, since what cannot be made safe would have to be undone.
        let names = match Names::open(self.path()) {
            Ok(names) => names,
            Err(error) => {
                let failed = |_: &Save| Err(storage(self.path(), same(&error)));
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
            Err(storage(self.path(), same(&error)))
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

//! How a lease file looks, and how it is written and given back.
//!
//! **Invariant:** in a lease file is one whole lease or nothing: it is made or replaced under the folder's lock, and emptied
//! or removed by whoever has read its own key in it. What is damaged, or of a newer program, is named and left alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use podpis_operation::{ClaimKey, JournalError, OperationId, Owner, Timestamp};
use serde::{Deserialize, Serialize};

use super::folder::{Folder, remove};
use super::lock::LockFile;
use super::private::{PrivateFile, has_no_room};
use super::regular::open_regular;
use super::storage;

/// The largest lease file: the names in it are short.
const LARGEST_LEASE: u64 = 4096;

/// The JSON of a lease file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Holder {
    pub(super) key: ClaimKey,
    pub(super) owner: Owner,
    /// The name of the owner file, which is a safe one as ids are.
    pub(super) lock: OperationId,
    pub(super) ends: Timestamp,
}

impl Folder {
    /// What the lease file says; none when there is none, or when it was given back.
    pub(super) fn holder(&self, id: &OperationId) -> Result<Option<Holder>, JournalError> {
        let path = self.lease_file(id);
        let unknown =
            |source: Box<dyn std::error::Error + Send + Sync>| JournalError::HolderUnknown {
                place: path.display().to_string(),
                source,
            };
        let text = PrivateFile::open(&path).and_then(|file| file.read(LARGEST_LEASE));
        let text = match text {
            // Nothing is in it, or zeros, which a power cut may leave.
            Ok(text) if text.iter().all(|byte| *byte == 0) => return Ok(None),
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) if has_no_room(&error) => return Err(storage(&path, error)),
            Err(error) => return Err(unknown(error.into())),
        };
        match serde_json::from_slice(&text) {
            Ok(holder) => Ok(Some(holder)),
            // Given back while it was being read.
            Err(_) if fs::metadata(&path).is_ok_and(|known| known.len() == 0) => Ok(None),
            // It may be of a newer program.
            Err(error) => Err(unknown(error.into())),
        }
    }

    /// Not synced: after a power cut nobody holds anything. Under the folder's lock.
    pub(super) fn write_holder(&self, id: &OperationId, holder: &Holder) -> io::Result<()> {
        let (path, text) = (self.lease_file(id), serde_json::to_vec(holder)?);
        match made(&path) {
            // Until something is in it, nobody holds the operation.
            Ok(mut file) => file.write_all(&text).inspect_err(|_| {
                let _ = remove(&path);
            }),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                self.replace(&path, &text, |_| Ok(()))
            }
            Err(error) => Err(error),
        }
    }

    /// Empties the lease file of a claim. Without the folder's lock: see the top of `holding`.
    pub(super) fn give_back(&self, id: &OperationId, key: &ClaimKey) -> io::Result<()> {
        let Some(file) = self.own_lease(id, key, OpenOptions::new().read(true).write(true))? else {
            return Ok(());
        };
        // Before the lease file, since it would be taken for the lock of an old program afterwards. If somebody takes over
        // what has run out at this very moment, it is theirs that goes, and only old programs can tell.
        remove(&self.claim_file(id))?;
        file.set_len(0)
    }

    /// Removes the files of a claim.
    pub(super) fn remove_claim(
        &self,
        id: &OperationId,
        key: &ClaimKey,
        _lock: &LockFile,
    ) -> io::Result<()> {
        if self
            .own_lease(id, key, OpenOptions::new().read(true))?
            .is_none()
        {
            return Ok(());
        }
        remove(&self.claim_file(id))?;
        remove(&self.lease_file(id))
    }

    /// The lease file of a claim; none when it was given back, for example with its record, or taken over.
    fn own_lease(
        &self,
        id: &OperationId,
        key: &ClaimKey,
        options: &mut OpenOptions,
    ) -> io::Result<Option<File>> {
        let file = match open_regular(&self.lease_file(id), options) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        let mut text = Vec::new();
        (&file).take(LARGEST_LEASE).read_to_end(&mut text)?;
        let holder: Holder = serde_json::from_slice(&text)?;
        Ok((holder.key == *key).then_some(file))
    }

    pub(super) fn lease_file(&self, id: &OperationId) -> PathBuf {
        self.path().join(format!("{id}.lease"))
    }
}

/// A file that is not there yet, which nobody else can read.
fn made(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

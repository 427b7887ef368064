//! How a lease file looks, and how it is written and given back.
//!
//! **Invariant:** in a lease file is one whole lease or nothing. A lease is written under the folder's lock, into a file that
//! is empty or in the place of one that is not, and a file is emptied only by whoever has read its own key in it. What is
//! damaged, or of a newer program, is named and left alone.
//!
//! What was emptied is used again, for another operation too: on some file systems more than half of all that a start costs
//! was the making of files that are gone a moment later.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use podpis_operation::{ClaimKey, JournalError, OperationId, Owner, Timestamp};
use serde::{Deserialize, Serialize};

use super::folder::{Folder, remove};
use super::private::{PrivateFile, has_no_room};
use super::regular::{open_known, open_regular};
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
        match self.empty_lease(&path)? {
            Some(mut file) => file.write_all(&text).inspect_err(|_| {
                let _ = remove(&path);
            }),
            None => self.replace(&path, &text, |_| Ok(())),
        }
    }

    /// An empty file in the place of a lease file: the one that is there, or one that this journal gave back for another
    /// operation, or a new one. None where a lease is in the file, or it cannot be written.
    fn empty_lease(&self, path: &Path) -> io::Result<Option<File>> {
        match open_known(path, OpenOptions::new().write(true)) {
            Ok((file, known)) => return Ok((known.len() == 0).then_some(file)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(_) => return Ok(None),
        }
        while let Some(left) = self.next_left() {
            let left = self.lease_file(&left);
            if let Ok((file, known)) = open_known(&left, OpenOptions::new().write(true))
                && known.len() == 0
                && fs::rename(&left, path).is_ok()
            {
                return Ok(Some(file));
            }
        }
        made(path).map(Some)
    }

    /// Empties the lease file of a claim. Without the folder's lock: see the top of `holding`.
    pub(super) fn give_back(&self, id: &OperationId, key: &ClaimKey) -> io::Result<()> {
        let path = self.lease_file(id);
        let file = match open_regular(&path, OpenOptions::new().read(true).write(true)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            file => file?,
        };
        let mut text = Vec::new();
        (&file).take(LARGEST_LEASE).read_to_end(&mut text)?;
        let holder: Holder = serde_json::from_slice(&text)?;
        if holder.key != *key {
            return Ok(());
        }
        // Before the lease file, since it would be taken for the lock of an old program afterwards. If somebody takes over
        // what has run out at this very moment, it is theirs that goes, and only old programs can tell.
        remove(&self.claim_file(id))?;
        file.set_len(0)
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

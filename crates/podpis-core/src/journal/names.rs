//! Makes the names in a folder outlast a power cut.
//!
//! **Invariant:** where the system cannot do that for a folder, the names are as safe as they can be there, and that is no
//! failure.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;

/// The names in a folder, which outlast a power cut once they are synced, where the system can do that.
pub(super) struct Names(Option<File>);

impl Names {
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        // Elsewhere a folder cannot be opened as a file, and the system keeps names safe by itself.
        Ok(Self(match cfg!(unix) {
            true => Some(File::open(folder)?),
            false => None,
        }))
    }

    pub(super) fn sync(&self) -> io::Result<()> {
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

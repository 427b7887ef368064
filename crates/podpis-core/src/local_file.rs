//! A file that is here and not at the service: bytes in memory, or a path on disk.
//!
//! **Invariant:** nothing is read before the file is opened, and what is on disk is never in memory whole.

use std::fmt;
use std::path::PathBuf;

use bytes::Bytes;

use crate::Error;
use crate::parts::Parts;

/// A file to send.
#[derive(Clone)]
pub struct LocalFile {
    name: String,
    bytes: Place,
}

#[derive(Clone)]
enum Place {
    Memory(Bytes),
    Disk(PathBuf),
}

impl LocalFile {
    /// A file on disk, under its file name. It is read while it is sent.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().map_or_else(
            || path.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        );
        Self {
            name,
            bytes: Place::Disk(path),
        }
    }

    /// Bytes in memory; `name` is what progress and errors call them.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self {
            name: name.into(),
            bytes: Place::Memory(bytes.into()),
        }
    }

    /// What progress and errors call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Opens it, to be read part by part.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), with its name or path, when it cannot be opened, is no file, is
    /// empty, or has more than `limit` bytes.
    pub async fn open(&self, limit: u64) -> Result<Parts, Error> {
        match &self.bytes {
            Place::Memory(bytes) => Parts::of_bytes(&self.name, bytes, limit),
            Place::Disk(path) => Parts::of_path(path, limit).await,
        }
    }
}

/// Shows how many bytes there are, never what they are.
impl fmt::Debug for LocalFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("LocalFile");
        shown.field("name", &self.name);
        match &self.bytes {
            Place::Memory(bytes) => shown.field("bytes", &bytes.len()),
            Place::Disk(path) => shown.field("path", path),
        };
        shown.finish()
    }
}

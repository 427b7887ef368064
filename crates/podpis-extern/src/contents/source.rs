//! Decides where the bytes of an upload come from.
//!
//! **Invariant:** nothing is read before the upload runs, and a file on disk is never in memory whole.

use std::fmt;
use std::path::PathBuf;

use bytes::Bytes;
use podpis_core::Error;
use podpis_core::parts::Parts;

use super::CONTENT_LIMIT;

/// What is uploaded.
#[derive(Clone)]
pub struct Source {
    name: String,
    bytes: Where,
}

#[derive(Clone)]
enum Where {
    Memory(Bytes),
    Disk(PathBuf),
}

impl Source {
    /// A file on disk, under its file name. It is read while it is uploaded.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().map_or_else(
            || path.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        );
        Self {
            name,
            bytes: Where::Disk(path),
        }
    }

    /// Bytes in memory; `name` is what progress and errors call them.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self {
            name: name.into(),
            bytes: Where::Memory(bytes.into()),
        }
    }

    /// What progress and errors call it; the service is told no name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) async fn open(&self) -> Result<Parts, Error> {
        match &self.bytes {
            Where::Memory(bytes) => Parts::of_bytes(&self.name, bytes, CONTENT_LIMIT),
            Where::Disk(path) => Parts::of_path(path, CONTENT_LIMIT).await,
        }
    }
}

/// Shows how many bytes there are, never what they are.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Source");
        shown.field("name", &self.name);
        match &self.bytes {
            Where::Memory(bytes) => shown.field("bytes", &bytes.len()),
            Where::Disk(path) => shown.field("path", path),
        };
        shown.finish()
    }
}

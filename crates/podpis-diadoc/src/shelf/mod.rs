//! How the bytes of a file reach the service.
//!
//! A small file travels inside the signing request, a large one in parts to the user's shelf. The digests are
//! made from the same bytes that are sent, while they are sent.
//!
//! **Invariant:** a file is never in memory whole unless it travels inside the request; at most a few parts are.

mod content;
mod download;
mod upload;

use std::fmt;
use std::sync::Arc;

pub(crate) use content::{prepare, put_on_shelf};
pub(crate) use download::download;

/// The largest file, in bytes: what the service names 400 MB, read in the larger sense; if it meant the smaller
/// one, its own answer says so.
pub const FILE_LIMIT: u64 = 400 * 1024 * 1024;

/// The largest file that travels inside the request, in bytes. Several small files travel by the shelf too when
/// they are too much together.
pub const INLINE_LIMIT: u64 = 500_000;

/// All files inside one request together, in bytes. The service's documents name 5 MB and 70 MB for requests.
pub(crate) const INLINE_TOTAL: u64 = 4_000_000;

/// How far an upload is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UploadProgress {
    /// The file's name.
    pub file: String,
    /// Its place in the request, from 0.
    pub position: usize,
    /// Bytes that have arrived at the service.
    pub sent: u64,
    /// Bytes in all.
    pub total: u64,
}

/// Is told how far an upload is.
pub(crate) type UploadWatcher = Arc<dyn Fn(&UploadProgress) + Send + Sync>;

/// How files travel.
#[derive(Clone)]
pub(crate) struct UploadSettings {
    pub(crate) part_size: usize,
    pub(crate) parts_in_flight: usize,
    pub(crate) watcher: Option<UploadWatcher>,
}

impl UploadSettings {
    pub(crate) fn with_part_size(mut self, bytes: usize) -> Self {
        // The service takes parts of at most 3 MB.
        self.part_size = bytes.clamp(1, 3_000_000);
        self
    }
}

impl Default for UploadSettings {
    fn default() -> Self {
        Self {
            part_size: 512 * 1024,
            parts_in_flight: 4,
            watcher: None,
        }
    }
}

impl fmt::Debug for UploadSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadSettings")
            .field("part_size", &self.part_size)
            .finish_non_exhaustive()
    }
}

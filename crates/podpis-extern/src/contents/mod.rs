//! How document bytes come and go: the contents service.
//!
//! | module | decides |
//! |---|---|
//! | `upload` | in which parts they go up, and when the content is whole |
//! | `state` | what an interrupted upload is resumed from |
//! | `download` | in which parts a content comes down, and where to |
//! | `partial` | how a half-read file on disk becomes a whole one |
//! | `range` | how ranges are written and read |
//!
//! **Invariant:** a content comes in parts that fit together, each checked against the range that was asked for;
//! a whole content is never guessed from a piece, in either direction. Memory does not grow with the content.

mod checked;
mod download;
mod fetch;
mod partial;
mod range;
mod sending;
mod state;
mod upload;

use bytes::Bytes;
use podpis_cms::{DigestAlgorithm, Digests};
use podpis_core::Error;
use podpis_core::local_file::LocalFile;
use podpis_extern_model::ContentId;

pub use checked::Downloaded;
pub use download::{Download, DownloadProgress};
pub use state::{UploadState, Uploaded};
pub use upload::{Upload, UploadProgress};

use crate::InAccount;

/// The largest part of a content, in bytes: what the service names 64 MB, read in the smaller sense.
pub const PART_LIMIT: usize = 64_000_000;

/// The largest content, in bytes: what the service names 30 GB, read in the larger sense; if it meant the smaller
/// one, its own answer says so.
pub const CONTENT_LIMIT: u64 = 30 * 1024 * 1024 * 1024;

/// How much the parts of one content may take together while they travel, in bytes.
const IN_FLIGHT: usize = 64 * 1024 * 1024;

impl InAccount {
    /// Puts bytes or a file into the contents service, in parts where they are large.
    pub fn upload(&self, file: LocalFile) -> Upload {
        Upload::new(self.clone(), file)
    }

    /// Gets a content: to a file, to a writer, or into memory.
    pub fn download(&self, content: &ContentId) -> Download {
        Download::new(self.clone(), content.clone())
    }

    /// The bytes of a content, whole in memory.
    ///
    /// # Errors
    /// When the service does not answer or refuses, or when the parts do not fit together.
    pub async fn content(&self, content: &ContentId) -> Result<Bytes, Error> {
        self.download(content).to_memory().await
    }

    /// Gives the size and the digests of a content. Its parts are not kept here.
    pub(crate) async fn digest_content(
        &self,
        content: &ContentId,
        algorithms: &[DigestAlgorithm],
        each: impl FnMut(Bytes) + Send,
    ) -> Result<(u64, Digests), Error> {
        let download = self.download(content).digests(algorithms);
        let read = download.each(each).await?;
        Ok((read.size, read.digests))
    }

    /// Puts small bytes into the contents service.
    pub(crate) async fn put_content(&self, bytes: impl Into<Bytes>) -> Result<ContentId, Error> {
        upload::whole(self, upload::OCTETS, bytes.into()).await
    }
}

/// How many parts travel at once, so that all of them together keep within their memory.
fn at_once(parallel: usize, part_size: usize) -> usize {
    parallel.clamp(1, (IN_FLIGHT / part_size.max(1)).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_in_flight_keep_within_their_memory() {
        const MIB: usize = 1024 * 1024;
        for (parallel, part_size, expected) in [
            (3, 8 * MIB, 3),
            (20, 8 * MIB, 8),
            (3, 60 * MIB, 1),
            (0, MIB, 1),
            (1_000, 1, 1_000),
        ] {
            assert_eq!(at_once(parallel, part_size), expected);
            assert!(expected * part_size <= IN_FLIGHT);
        }
    }
}

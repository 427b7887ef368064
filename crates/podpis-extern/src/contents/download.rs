//! Downloads one content: to a file, to a writer, to a function, or into memory.
//!
//! **Invariant:** parts are handed on in order and then forgotten. Whether the content is what was expected is known
//! only at its end, so only the file on disk, which appears whole or not at all, and the bytes in memory are safe to
//! use without waiting for it.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use podpis_cms::{DigestAlgorithm, DigestBuilder, Digests};
use podpis_core::{Error, ErrorKind};
use podpis_extern_model::ContentId;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::checked::{Downloaded, Expected};
use super::fetch::{Fetch, Stream, is_beyond_the_end};
use super::partial::Partial;
use super::{PART_LIMIT, at_once};
use crate::InAccount;

/// How far a download is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownloadProgress {
    /// Bytes that are here, those of an earlier attempt counted in.
    pub received: u64,
    /// Bytes in all, where the service tells.
    pub total: Option<u64>,
}

type Watcher = Arc<dyn Fn(&DownloadProgress) + Send + Sync>;

/// A download that is about to run; made by [`InAccount::download`].
///
/// ```no_run
/// # async fn example(extern_api: podpis_extern::Extern, account: podpis_extern::model::AccountId,
/// #     uploaded: podpis_extern::Uploaded) -> Result<(), podpis_core::Error> {
/// let downloaded = extern_api
///     .account(&account).download(&uploaded.content)
///     .expect_size(uploaded.size)
///     .expect_digests(&uploaded.digests)
///     .to_path("report.xml")
///     .await?;
/// # let _ = downloaded;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "nothing is asked for until a `to_…` method"]
pub struct Download {
    account: InAccount,
    content: ContentId,
    part_size: usize,
    parallel: usize,
    expected: Expected,
    watcher: Option<Watcher>,
}

impl Download {
    pub(super) fn new(account: InAccount, content: ContentId) -> Self {
        Self {
            account,
            content,
            part_size: 8 * 1024 * 1024,
            parallel: 2,
            expected: Expected::default(),
            watcher: None,
        }
    }

    /// How many bytes are asked for in one call, at most [`PART_LIMIT`]; 8 MiB unless set.
    pub fn part_size(mut self, bytes: usize) -> Self {
        self.part_size = bytes.clamp(1, PART_LIMIT);
        self
    }

    /// How many parts are asked for at once; 2 unless set. Together they take at most 64 MiB, or one part if that
    /// is more.
    pub fn parallel(mut self, parts: usize) -> Self {
        self.parallel = parts;
        self
    }

    /// A content of another size is an error.
    pub fn expect_size(mut self, bytes: u64) -> Self {
        self.expected.size = Some(bytes);
        self
    }

    /// A content with other digests is an error. All of them are compared.
    pub fn expect_digests(mut self, digests: &Digests) -> Self {
        self.expected.digests = digests.clone();
        self
    }

    /// Makes these digests too, to be found in [`Downloaded::digests`].
    pub fn digests(mut self, algorithms: &[DigestAlgorithm]) -> Self {
        self.expected.also = algorithms.to_vec();
        self
    }

    /// Is told how far the download is. Return soon: the download waits for you.
    pub fn on_progress(
        mut self,
        watcher: impl Fn(&DownloadProgress) + Send + Sync + 'static,
    ) -> Self {
        self.watcher = Some(Arc::new(watcher));
        self
    }

    /// Downloads to a file. It appears when it is whole and what was expected, replacing one that is there; until
    /// then the bytes are in `.NAME.CONTENT.part` beside it, from which the same call goes on after an
    /// interruption.
    ///
    /// # Errors
    /// When the service does not answer or refuses, the parts do not fit together, the content is not what was
    /// expected, the file cannot be written, or another program is downloading it.
    pub async fn to_path(self, path: impl AsRef<Path>) -> Result<Downloaded, Error> {
        let mut partial = Partial::open(path.as_ref(), &self.content).await?;
        let mut digests = self.expected.builder()?;
        let mut received = partial.take_up(|piece| digests.update(piece)).await?;
        let mut stream = match self.fetch().from(received).await {
            Err(error) if received > 0 && is_beyond_the_end(&error) => {
                // It is longer than the content, so it is not a part of it.
                partial.restart().await?;
                (received, digests) = (0, self.expected.builder()?);
                self.fetch().from(0).await?
            }
            stream => stream?,
        };
        if let Some(total) = stream.total
            && let Err(error) = self.expected.check_size(&self.content, total)
        {
            partial.discard().await;
            return Err(error);
        }
        self.tell(received, &stream);
        while let Some(part) = stream.parts.next().await {
            let part = part?;
            digests.update(&part);
            partial.append(&part).await?;
            received += part.len() as u64;
            self.tell(received, &stream);
        }
        match self.expected.check(&self.content, received, digests) {
            Ok(downloaded) => {
                partial.finish().await?;
                Ok(downloaded)
            }
            Err(error) => {
                partial.discard().await;
                Err(error)
            }
        }
    }

    /// Downloads to a writer, which is flushed at the end.
    ///
    /// # Errors
    /// When the service does not answer or refuses, the parts do not fit together, the writer fails, or, after all
    /// of it was written, the content is not what was expected.
    pub async fn to_writer(
        self,
        mut writer: impl AsyncWrite + Unpin + Send,
    ) -> Result<Downloaded, Error> {
        let failed = |error: std::io::Error| {
            let text = format!("content {} could not be written: {error}", self.content);
            Error::new(ErrorKind::InvalidInput, text).with_source(error)
        };
        let (mut stream, mut digests) = self.open().await?;
        let mut received = 0;
        while let Some(part) = stream.parts.next().await {
            let part = part?;
            digests.update(&part);
            writer.write_all(&part).await.map_err(failed)?;
            received += part.len() as u64;
            self.tell(received, &stream);
        }
        writer.flush().await.map_err(failed)?;
        self.expected.check(&self.content, received, digests)
    }

    /// Hands the bytes to a function, part by part in order.
    ///
    /// # Errors
    /// When the service does not answer or refuses, the parts do not fit together, or, after all of it was handed
    /// over, the content is not what was expected.
    pub async fn each(self, mut take: impl FnMut(Bytes) + Send) -> Result<Downloaded, Error> {
        let (mut stream, mut digests) = self.open().await?;
        let mut received = 0;
        while let Some(part) = stream.parts.next().await {
            let part = part?;
            digests.update(&part);
            received += part.len() as u64;
            take(part);
            self.tell(received, &stream);
        }
        self.expected.check(&self.content, received, digests)
    }

    /// Downloads into memory, whole.
    ///
    /// # Errors
    /// When the service does not answer or refuses, the parts do not fit together, or the content is not what was
    /// expected.
    pub async fn to_memory(self) -> Result<Bytes, Error> {
        let mut first = Bytes::new();
        let mut whole = BytesMut::new();
        self.each(|part| {
            if first.is_empty() && whole.is_empty() {
                // A content of one part is not copied.
                first = part;
            } else {
                if whole.is_empty() {
                    whole.extend_from_slice(&std::mem::take(&mut first));
                }
                whole.extend_from_slice(&part);
            }
        })
        .await?;
        Ok(if whole.is_empty() {
            first
        } else {
            whole.freeze()
        })
    }

    /// Whether the service gives the last of this many bytes and, where it tells a total, this one.
    pub(super) async fn last_byte(&self, size: u64) -> Result<bool, Error> {
        let part = self.fetch().part(size.saturating_sub(1), 1).await?;
        Ok(part.total.is_none_or(|total| total == size))
    }

    async fn open(&self) -> Result<(Stream<'_>, DigestBuilder), Error> {
        let digests = self.expected.builder()?;
        let stream = self.fetch().from(0).await?;
        if let Some(total) = stream.total {
            self.expected.check_size(&self.content, total)?;
        }
        self.tell(0, &stream);
        Ok((stream, digests))
    }

    fn fetch(&self) -> Fetch<'_> {
        Fetch {
            account: &self.account,
            content: &self.content,
            part_size: self.part_size as u64,
            parallel: at_once(self.parallel, self.part_size),
        }
    }

    fn tell(&self, received: u64, stream: &Stream<'_>) {
        if let Some(watcher) = &self.watcher {
            watcher(&DownloadProgress {
                received,
                total: stream.total,
            });
        }
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("account", &self.account)
            .field("content", &self.content)
            .field("part_size", &self.part_size)
            .field("parallel", &self.parallel)
            .finish_non_exhaustive()
    }
}

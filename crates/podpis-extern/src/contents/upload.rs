//! Uploads one file.
//!
//! A file of one part goes up in one call without a range. A larger one begins with its first part, which gives
//! the content its id; the other parts follow, a few at once.
//!
//! **Invariant:** a part that is lost on the way is sent again to the same place, and the content is handed out only
//! when the service has all of it.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::HeaderValue;
use http::header::{CONTENT_RANGE, CONTENT_TYPE};
use podpis_cms::{DigestAlgorithm, DigestBuilder};
use podpis_core::call::Call;
use podpis_core::local_file::LocalFile;
use podpis_core::{Error, ErrorKind};
use podpis_extern_model::{ContentId, UploadAnswer};

use super::sending::Sending;
use super::state::{UploadState, Uploaded};
use super::{CONTENT_LIMIT, PART_LIMIT, at_once, range};
use crate::InAccount;
use crate::endpoints::CONTENT_UPLOAD;
use crate::json::reading;

/// The content type of bytes of which nothing is known.
pub(super) const OCTETS: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// How far an upload is.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct UploadProgress<'a> {
    /// What the file is called.
    pub name: &'a str,
    /// Bytes that have arrived at the service.
    pub sent: u64,
    /// Bytes in all.
    pub total: u64,
    /// What to resume from, once the first of several parts is there.
    pub state: Option<&'a UploadState>,
}

type Watcher = Arc<dyn Fn(&UploadProgress<'_>) + Send + Sync>;

/// An upload that is about to run; made by [`InAccount::upload`].
///
/// ```no_run
/// # async fn example(extern_api: podpis_extern::Extern, account: podpis_extern::model::AccountId)
/// # -> Result<(), podpis_core::Error> {
/// use podpis_extern::LocalFile;
///
/// let uploaded = extern_api
///     .account(&account).upload(LocalFile::path("report.xml"))
///     .on_progress(|progress| tracing::info!(progress.sent, progress.total, "uploading"))
///     .run()
///     .await?;
/// println!("{} bytes as {}", uploaded.size, uploaded.content);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "nothing is sent until `run` or `resume`"]
pub struct Upload {
    account: InAccount,
    file: LocalFile,
    /// None where it cannot be a header.
    content_type: Option<HeaderValue>,
    part_size: usize,
    parallel: usize,
    algorithms: Vec<DigestAlgorithm>,
    watcher: Option<Watcher>,
}

impl Upload {
    pub(super) fn new(account: InAccount, file: LocalFile) -> Self {
        Self {
            account,
            file,
            content_type: Some(OCTETS),
            part_size: 8 * 1024 * 1024,
            parallel: 3,
            algorithms: DigestAlgorithm::STANDARD.to_vec(),
            watcher: None,
        }
    }

    /// What the bytes are, for example `application/xml`; `application/octet-stream` unless set.
    pub fn content_type(mut self, content_type: impl AsRef<str>) -> Self {
        self.content_type = HeaderValue::from_str(content_type.as_ref()).ok();
        self
    }

    /// How many bytes go up in one call, at most [`PART_LIMIT`]; 8 MiB unless set.
    pub fn part_size(mut self, bytes: usize) -> Self {
        self.part_size = bytes.clamp(1, PART_LIMIT);
        self
    }

    /// How many parts go up at once; 3 unless set. Together they take at most 64 MiB, or one part if that is more.
    pub fn parallel(mut self, parts: usize) -> Self {
        self.parallel = parts;
        self
    }

    /// Which digests are made of what is sent, for [`Uploaded::digests`]; all of
    /// [`STANDARD`](DigestAlgorithm::STANDARD) unless set. Whoever knows the certificate that will sign needs its digest
    /// alone, and those of GOST take most of an upload's work.
    pub fn digests(mut self, algorithms: &[DigestAlgorithm]) -> Self {
        self.algorithms = algorithms.to_vec();
        self
    }

    /// Is told how far the upload is, with what it can be resumed from. Return soon: the upload waits for you.
    pub fn on_progress(
        mut self,
        watcher: impl Fn(&UploadProgress<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.watcher = Some(Arc::new(watcher));
        self
    }

    /// Uploads.
    ///
    /// # Errors
    /// When the file cannot be read or changes while it is read, and when the service does not answer or
    /// refuses. [`UploadState::of`] gives what an upload in parts can be resumed from.
    pub async fn run(self) -> Result<Uploaded, Error> {
        let content_type = self.kind_of_content()?;
        let mut parts = self.file.open(CONTENT_LIMIT).await?;
        let size = parts.size();
        self.tell(0, size, None);
        let first = parts.read(0, self.part_size).await?;
        let mut digests = DigestBuilder::new(&self.algorithms);
        digests.update(&first);
        let read = first.len() as u64;
        if read == size {
            let content = whole(&self.account, content_type, first)
                .await
                .map_err(|error| self.not_begun(error))?;
            self.tell(size, size, None);
            return Ok(self.uploaded(content, size, digests));
        }
        let content = self
            .begin(content_type.clone(), first, size)
            .await
            .map_err(|error| self.not_begun(error))?;
        let host = self.account.caller().base().host().to_owned();
        let mut state = UploadState::begun(
            &host,
            self.account.id(),
            content,
            size,
            self.part_size as u64,
        );
        state.has_read(read, &digests);
        state.has_sent(0);
        self.tell(state.sent(), size, Some(&state));
        let sending = Sending::new(&self, content_type, parts, digests, state);
        let (content, digests) = sending.run().await?;
        Ok(self.uploaded(content, size, digests))
    }

    /// Goes on with an upload that was interrupted: sends only what is not there. The part size and the
    /// digests are those of the beginning.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when the file is not the one whose upload was begun, or goes to another account
    /// or host; nothing is sent then. Otherwise as in [`Upload::run`].
    pub async fn resume(self, state: &UploadState) -> Result<Uploaded, Error> {
        let content_type = self.kind_of_content()?;
        let mut parts = self.file.open(CONTENT_LIMIT).await?;
        let (name, size) = (self.file.name(), parts.size());
        let host = self.account.caller().base().host();
        state.check(&host, self.account.id(), name, size)?;
        // What was read before is read again, for its digest. What is there is not sent again.
        let mut digests =
            DigestBuilder::new(&state.algorithms().unwrap_or(self.algorithms.clone()));
        let mut at = 0;
        while at < state.read() {
            let length = state.part_size().min(state.read() - at);
            let part = parts
                .read(at, usize::try_from(length).unwrap_or(PART_LIMIT))
                .await?;
            digests.update(&part);
            at += part.len() as u64;
        }
        state.check_beginning(name, &digests)?;
        self.tell(state.sent(), size, Some(state));
        let sending = Sending::new(&self, content_type, parts, digests, state.clone());
        let (content, digests) = sending.run().await?;
        Ok(self.uploaded(content, size, digests))
    }

    /// Sends the first part, which gives the content its id.
    async fn begin(
        &self,
        content_type: HeaderValue,
        first: Bytes,
        size: u64,
    ) -> Result<ContentId, Error> {
        let mut call = Call::new(&CONTENT_UPLOAD)
            .segment("account", self.account.id().as_str())
            .header(CONTENT_TYPE, content_type);
        if let Some(range) = range::sent(0, first.len() as u64, size) {
            call = call.header(CONTENT_RANGE, range);
        }
        new_content(&self.account, call.body(first)).await
    }

    pub(super) fn account(&self) -> &InAccount {
        &self.account
    }

    pub(super) fn name(&self) -> &str {
        self.file.name()
    }

    fn kind_of_content(&self) -> Result<HeaderValue, Error> {
        self.content_type.clone().ok_or_else(|| {
            let text = format!("{}: its content type is malformed", self.file.name());
            Error::new(ErrorKind::InvalidInput, text)
        })
    }

    pub(super) fn at_once(&self, part_size: u64) -> usize {
        at_once(
            self.parallel,
            usize::try_from(part_size).unwrap_or(PART_LIMIT),
        )
    }

    pub(super) fn tell(&self, sent: u64, total: u64, state: Option<&UploadState>) {
        if let Some(watcher) = &self.watcher {
            watcher(&UploadProgress {
                name: self.file.name(),
                sent,
                total,
                state,
            });
        }
    }

    fn uploaded(&self, content: ContentId, size: u64, digests: DigestBuilder) -> Uploaded {
        Uploaded {
            name: self.file.name().to_owned(),
            content,
            size,
            digests: digests.finish(),
        }
    }

    fn not_begun(&self, error: Error) -> Error {
        let text = format!("{} could not be uploaded ({error})", self.file.name());
        let kind = error.kind();
        error.with_kind(kind, text)
    }
}

/// Puts a whole content in one call.
pub(super) async fn whole(
    account: &InAccount,
    content_type: HeaderValue,
    bytes: Bytes,
) -> Result<ContentId, Error> {
    let call = Call::new(&CONTENT_UPLOAD)
        .segment("account", account.id().as_str())
        .header(CONTENT_TYPE, content_type)
        .body(bytes);
    new_content(account, call).await
}

async fn new_content(account: &InAccount, call: Call) -> Result<ContentId, Error> {
    let answer = account.caller().call(call).await?;
    let uploaded: UploadAnswer = reading(&answer)?;
    uploaded
        .id
        .ok_or_else(|| answer.unreadable("id is missing"))
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("account", &self.account)
            .field("file", &self.file)
            .field("part_size", &self.part_size)
            .field("parallel", &self.parallel)
            .finish_non_exhaustive()
    }
}

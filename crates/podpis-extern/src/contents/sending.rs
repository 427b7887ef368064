//! Sends the parts of a content after its first one, a few at once, and makes sure that the content is whole.
//!
//! **Invariant:** parts are read and hashed in order, whatever order they arrive in. After a failure no new part is
//! begun, and those on their way are waited for, so that the state that is handed out counts them.

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use http::header::{CONTENT_RANGE, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use podpis_cms::DigestBuilder;
use podpis_core::call::{Answer, Call};
use podpis_core::parts::Parts;
use podpis_core::{Error, ErrorKind};
use podpis_extern_model::{ContentId, UploadAnswer, read};

use super::state::UploadState;
use super::upload::Upload;
use super::{PART_LIMIT, range};
use crate::endpoints::CONTENT_PART;

pub(super) struct Sending<'a> {
    upload: &'a Upload,
    content_type: HeaderValue,
    parts: Parts,
    digests: DigestBuilder,
    state: UploadState,
    /// Whether an answer said that nothing is missing any more.
    is_whole: bool,
}

impl<'a> Sending<'a> {
    pub(super) fn new(
        upload: &'a Upload,
        content_type: HeaderValue,
        parts: Parts,
        digests: DigestBuilder,
        state: UploadState,
    ) -> Self {
        Self {
            upload,
            content_type,
            parts,
            digests,
            state,
            is_whole: false,
        }
    }

    pub(super) async fn run(mut self) -> Result<(ContentId, DigestBuilder), Error> {
        let sent = self.send_missing().await;
        let whole = match sent {
            Ok(()) => self.make_sure().await,
            Err(error) => Err(error),
        };
        match whole {
            Ok(()) => Ok((self.state.content().clone(), self.digests)),
            // What is wrong with the source, sending it again does not mend.
            Err(error) if error.kind() == ErrorKind::InvalidInput => Err(error),
            Err(error) => Err(self.state.interrupted(self.upload.name(), error)),
        }
    }

    async fn send_missing(&mut self) -> Result<(), Error> {
        let upload = self.upload;
        let (total, at_once) = (self.state.size(), upload.at_once(self.state.part_size()));
        let mut on_their_way = FuturesUnordered::new();
        let mut next = 0;
        let mut failure = None;
        loop {
            while failure.is_none()
                && on_their_way.len() < at_once
                && let Some(part) = self.state.missing(next)
            {
                next = part + 1;
                match self.read(part).await {
                    Ok(bytes) => {
                        let sent = self.put(self.state.offset(part), bytes);
                        on_their_way.push(async move { (part, sent.await) });
                    }
                    Err(error) => failure = Some(error),
                }
            }
            match on_their_way.next().await {
                None => break,
                Some((part, Ok(answer))) => {
                    self.is_whole |= says_whole(&answer);
                    self.state.has_sent(part);
                    upload.tell(self.state.sent(), total, Some(&self.state));
                }
                Some((_, Err(error))) => failure = failure.or(Some(error)),
            }
        }
        failure.map_or(Ok(()), Err)
    }

    /// The bytes of a part. Those that were not read before are hashed on the way.
    async fn read(&mut self, part: u64) -> Result<Bytes, Error> {
        let (from, length) = (self.state.offset(part), self.state.length(part));
        let length = usize::try_from(length).unwrap_or(PART_LIMIT);
        let bytes = self.parts.read(from, length).await?;
        if from == self.state.read() {
            self.digests.update(&bytes);
            self.state
                .has_read(from + bytes.len() as u64, &self.digests);
        }
        Ok(bytes)
    }

    /// Puts bytes to their place. What it needs is taken now, and not kept while they travel.
    fn put(
        &self,
        from: u64,
        bytes: Bytes,
    ) -> impl Future<Output = Result<Answer, Error>> + use<'a> {
        let upload = self.upload;
        let mut call = Call::new(&CONTENT_PART)
            .segment("account", upload.account().id().as_str())
            .segment("content", self.state.content().as_str())
            .header(CONTENT_TYPE, self.content_type.clone());
        if let Some(range) = range::sent(from, bytes.len() as u64, self.state.size()) {
            call = call.header(CONTENT_RANGE, range);
        }
        async move { upload.account().caller().call(call.body(bytes)).await }
    }

    /// All parts were taken. Where no answer said that this is all, because it was lost or given to a program that is
    /// no more, the last part is sent once more, and if that says nothing either, the last byte is asked for.
    async fn make_sure(&mut self) -> Result<(), Error> {
        if self.is_whole {
            return Ok(());
        }
        let (content, size) = (self.state.content().clone(), self.state.size());
        let last = self.state.count().saturating_sub(1);
        let bytes = self.read(last).await?;
        match self.put(self.state.offset(last), bytes).await {
            Ok(answer) if says_whole(&answer) => return Ok(()),
            // Such a refusal may be about a content that is whole already.
            Err(error) if error.service().is_none() || error.is_transient() => return Err(error),
            Ok(_) | Err(_) => {}
        }
        let download = self.upload.account().download(&content);
        match download.last_byte(size).await {
            Ok(true) => Ok(()),
            Err(error) if error.service().is_none() || error.is_transient() => Err(error),
            Ok(false) | Err(_) => Err(Error::new(
                ErrorKind::UnreadableAnswer,
                "the service took every part and does not say that the content is whole",
            )),
        }
    }
}

/// The documentation's sign is the status; the C# SDK reads `is-completed`. The body may be anything else.
fn says_whole(answer: &Answer) -> bool {
    answer.status() == StatusCode::CREATED
        || read::<UploadAnswer>(answer.body()).is_ok_and(|answer| answer.is_completed == Some(true))
}

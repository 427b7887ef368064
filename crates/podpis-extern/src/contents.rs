//! How document bytes come and go: the contents service.
//!
//! **Invariant:** a content comes in parts that fit together, each checked against the range that was asked for;
//! a whole content is never guessed from a piece.

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_RANGE, CONTENT_TYPE, RANGE};
use http::{HeaderValue, StatusCode};
use podpis_cms::{DigestAlgorithm, DigestBuilder, Digests};
use podpis_core::Error;
use podpis_core::call::{Answer, Call};
use podpis_extern_model::{AccountId, ContentId, UploadAnswer};

use crate::Extern;
use crate::endpoints::{CONTENT, CONTENT_UPLOAD};
use crate::json::reading;

/// How much is asked for at once, in bytes; the service gives at most 64 MB.
const PART: u64 = 8 * 1024 * 1024;

impl Extern {
    /// The bytes of a content, whole in memory.
    ///
    /// # Errors
    /// When the service does not answer or refuses, or when the parts do not fit together.
    pub async fn content(&self, account: &AccountId, content: &ContentId) -> Result<Bytes, Error> {
        let mut whole = BytesMut::new();
        self.read_content(account, content, |part| whole.extend_from_slice(part))
            .await?;
        Ok(whole.freeze())
    }

    /// Gives the size and the digests of a content without keeping it.
    pub(crate) async fn digest_content(
        &self,
        account: &AccountId,
        content: &ContentId,
        algorithms: &[DigestAlgorithm],
    ) -> Result<(u64, Digests), Error> {
        let mut digests = DigestBuilder::new(algorithms);
        let size = self
            .read_content(account, content, |part| digests.update(part))
            .await?;
        Ok((size, digests.finish()))
    }

    async fn read_content(
        &self,
        account: &AccountId,
        content: &ContentId,
        mut take: impl FnMut(&[u8]),
    ) -> Result<u64, Error> {
        let mut read = 0;
        loop {
            let range = format!("bytes={read}-{}", read + PART - 1);
            let mut call = Call::new(&CONTENT)
                .segment("account", account.as_str())
                .segment("content", content.as_str());
            if let Ok(range) = HeaderValue::try_from(range) {
                call = call.header(RANGE, range);
            }
            let answer = match self.caller().call(call.any_body()).await {
                // The total was not told, and there is nothing behind what was read.
                Err(error) if read > 0 && is_beyond_the_end(&error) => return Ok(read),
                answer => answer?,
            };
            if answer.status() != StatusCode::PARTIAL_CONTENT {
                // The whole of it, whatever was asked for.
                return if read == 0 {
                    take(answer.body());
                    Ok(answer.body().len() as u64)
                } else {
                    Err(answer.unreadable("it is not the part that was asked for"))
                };
            }
            let (from, total) = content_range(&answer)
                .ok_or_else(|| answer.unreadable("its Content-Range cannot be read"))?;
            let length = answer.body().len() as u64;
            // The end of the range is not looked at: the service's own examples are off by one.
            let fits =
                from == read && length > 0 && total.is_none_or(|total| read + length <= total);
            if !fits {
                return Err(answer.unreadable("it is not the part that was asked for"));
            }
            take(answer.body());
            read += length;
            if total == Some(read) {
                return Ok(read);
            }
        }
    }

    /// Puts small bytes into the contents service.
    pub(crate) async fn put_content(
        &self,
        account: &AccountId,
        bytes: impl Into<Bytes>,
    ) -> Result<ContentId, Error> {
        let call = Call::new(&CONTENT_UPLOAD)
            .segment("account", account.as_str())
            .header(
                CONTENT_TYPE,
                HeaderValue::from_static("application/octet-stream"),
            )
            .body(bytes);
        let answer = self.caller().call(call).await?;
        let uploaded: UploadAnswer = reading(&answer)?;
        uploaded
            .id
            .ok_or_else(|| answer.unreadable("id is missing"))
    }
}

/// `bytes 0-99/100`, and the documents' own slip `bytes=0-99/100`; the total may be `*`.
fn content_range(answer: &Answer) -> Option<(u64, Option<u64>)> {
    let text = answer.headers().get(CONTENT_RANGE)?.to_str().ok()?.trim();
    let text = text.strip_prefix("bytes")?.trim_start_matches([' ', '=']);
    let (range, total) = text.split_once('/')?;
    let (from, _) = range.split_once('-')?;
    let total = match total.trim() {
        "*" => None,
        total => Some(total.parse().ok()?),
    };
    Some((from.trim().parse().ok()?, total))
}

fn is_beyond_the_end(error: &Error) -> bool {
    error
        .service()
        .is_some_and(|answer| answer.status == StatusCode::RANGE_NOT_SATISFIABLE)
}

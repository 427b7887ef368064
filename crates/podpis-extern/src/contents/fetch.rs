//! Asks for ranges of a content and gives them in order.
//!
//! **Invariant:** every part begins where the one before it ended, and all of them tell the same total. A service
//! that gives less than it was asked for is asked again; one that gives the whole at once is taken at its word only
//! at the beginning.

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use http::StatusCode;
use http::header::RANGE;
use podpis_core::Error;
use podpis_core::call::{Answer, Call};
use podpis_extern_model::ContentId;

use super::range;
use crate::InAccount;
use crate::endpoints::CONTENT;

const NOT_ASKED_FOR: &str = "it is not the part that was asked for";

/// A content that is being read.
#[derive(Clone, Copy)]
pub(super) struct Fetch<'a> {
    pub(super) account: &'a InAccount,
    pub(super) content: &'a ContentId,
    /// How much is asked for at once, in bytes.
    pub(super) part_size: u64,
    /// How many parts are asked for at once.
    pub(super) parallel: usize,
}

/// What came for one range.
pub(super) struct Part {
    pub(super) bytes: Bytes,
    /// How many bytes the content has, where that is told.
    pub(super) total: Option<u64>,
}

/// The parts of a content from some place to its end.
pub(super) struct Stream<'a> {
    /// How many bytes the content has in all, where that is told.
    pub(super) total: Option<u64>,
    pub(super) parts: BoxStream<'a, Result<Bytes, Error>>,
}

impl<'a> Fetch<'a> {
    /// All parts from `from` on. The first is asked for alone, because it tells how many there are.
    pub(super) async fn from(self, from: u64) -> Result<Stream<'a>, Error> {
        let first = self.part(from, self.part_size).await?;
        let next = from + first.bytes.len() as u64;
        let rest = match first.total {
            Some(total) => self.known(next, total),
            None => self.unknown(next),
        };
        let first_bytes = first.bytes;
        Ok(Stream {
            total: first.total,
            parts: stream::once(async move { Ok(first_bytes) })
                .chain(rest)
                .boxed(),
        })
    }

    /// The rest of a content whose size is known, several parts at once.
    fn known(self, from: u64, total: u64) -> BoxStream<'a, Result<Bytes, Error>> {
        let places = std::iter::successors(Some(from), move |at| at.checked_add(self.part_size))
            .take_while(move |at| *at < total);
        stream::iter(places)
            .map(move |at| self.filled(at, self.part_size.min(total - at), total))
            .buffered(self.parallel)
            .boxed()
    }

    /// The rest of a content whose size was not told: its end is where there is nothing more.
    fn unknown(self, from: u64) -> BoxStream<'a, Result<Bytes, Error>> {
        stream::try_unfold(Some(from), move |at| async move {
            let Some(at) = at else { return Ok(None) };
            match self.part(at, self.part_size).await {
                Err(error) if is_beyond_the_end(&error) => Ok(None),
                Err(error) => Err(error),
                Ok(part) => {
                    let next = at + part.bytes.len() as u64;
                    // The total may be told later; then nobody has to run into the end.
                    let next = Some(next).filter(|next| part.total != Some(*next));
                    Ok(Some((part.bytes, next)))
                }
            }
        })
        .boxed()
    }

    /// Exactly these bytes, asked for again where fewer came.
    async fn filled(self, from: u64, length: u64, total: u64) -> Result<Bytes, Error> {
        let first = self.fitting(from, length, total).await?;
        if first.len() as u64 == length {
            return Ok(first);
        }
        let mut bytes = BytesMut::from(first);
        while (bytes.len() as u64) < length {
            let got = bytes.len() as u64;
            let more = self.fitting(from + got, length - got, total).await?;
            bytes.extend_from_slice(&more);
        }
        Ok(bytes.freeze())
    }

    async fn fitting(self, from: u64, length: u64, total: u64) -> Result<Bytes, Error> {
        let (mut part, answer) = self.ask(from, length).await?;
        if part.total.is_some_and(|told| told != total) {
            return Err(answer.unreadable(NOT_ASKED_FOR));
        }
        // More than was asked for belongs to the next part, which is on its way already.
        part.bytes
            .truncate(usize::try_from(length).unwrap_or(usize::MAX));
        Ok(part.bytes)
    }

    /// What the service gives for a range; at the beginning that may be the whole.
    pub(super) async fn part(self, from: u64, length: u64) -> Result<Part, Error> {
        self.ask(from, length).await.map(|(part, _)| part)
    }

    async fn ask(self, from: u64, length: u64) -> Result<(Part, Answer), Error> {
        let mut call = Call::new(&CONTENT)
            .segment("account", self.account.id().as_str())
            .segment("content", self.content.as_str());
        if let Some(range) = range::asked(from, length) {
            call = call.header(RANGE, range);
        }
        let answer = self.account.caller().call(call.any_body()).await?;
        let bytes = answer.body().clone();
        if answer.status() != StatusCode::PARTIAL_CONTENT {
            // The whole of it, whatever was asked for.
            if from > 0 {
                return Err(answer.unreadable(NOT_ASKED_FOR));
            }
            let total = Some(bytes.len() as u64);
            return Ok((Part { bytes, total }, answer));
        }
        let (begins, total) = range::of_answer(&answer)
            .ok_or_else(|| answer.unreadable("its Content-Range cannot be read"))?;
        let length = bytes.len() as u64;
        let fits = begins == from && length > 0 && total.is_none_or(|total| from + length <= total);
        if !fits {
            return Err(answer.unreadable(NOT_ASKED_FOR));
        }
        Ok((Part { bytes, total }, answer))
    }
}

pub(super) fn is_beyond_the_end(error: &Error) -> bool {
    error
        .service()
        .is_some_and(|answer| answer.status == StatusCode::RANGE_NOT_SATISFIABLE)
}

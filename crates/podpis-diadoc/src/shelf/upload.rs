//! Uploads one file to the shelf.
//!
//! A file of one part goes up in one call. A larger one begins with its first part, which gives the name; then
//! the middle parts, a few at once; then the last part, whose answer lists what did not arrive. What is missing
//! is sent again, and the last part with it, so that the service always learns the true number of parts.
//!
//! **Invariant:** bytes are hashed once, in order, as they are first read; a rejected part ends the upload at
//! once, a lost one is sent again in the next round.

use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use podpis_cms::{DigestBuilder, Digests};
use podpis_core::call::{Answer, Call};
use podpis_core::parts::Parts;
use podpis_core::{Error, ErrorKind};

use super::{UploadProgress, UploadSettings};
use crate::endpoints::{SHELF_UPLOAD, SHELF_UPLOAD_PART, SHELF_UPLOAD_PART_INIT};
use crate::{Diadoc, File, ShelfName};

/// How often missing parts are sent again.
const ROUNDS: u32 = 3;

/// The pause before the first such round; it doubles.
const PAUSE: Duration = Duration::from_secs(1);

/// A longer pause that the service asks for is an error, and not waited for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

struct Upload<'a> {
    diadoc: &'a Diadoc,
    settings: &'a UploadSettings,
    file: &'a str,
    position: usize,
    total: u64,
    count: u64,
    sent: u64,
}

pub(super) async fn upload(
    diadoc: &Diadoc,
    settings: &UploadSettings,
    file: &File,
    position: usize,
    parts: &mut Parts,
) -> Result<(ShelfName, Digests), Error> {
    let total = parts.size();
    let count = total.div_ceil(settings.part_size as u64);
    let mut upload = Upload {
        diadoc,
        settings,
        file: file.name(),
        position,
        total,
        count,
        sent: 0,
    };
    let mut digests = file.digests();
    upload.tell();

    let first = upload.read(parts, 0).await?;
    digests.update(&first);
    let endpoint = if count == 1 {
        &SHELF_UPLOAD
    } else {
        &SHELF_UPLOAD_PART_INIT
    };
    let length = first.len();
    let call = Call::new(endpoint)
        .query_if("fileExtension", extension(file.name()))
        .body(first);
    let answer = diadoc
        .caller()
        .call(call)
        .await
        .map_err(|error| upload.failed(error))?;
    let name = shelf_name(&answer).map_err(|error| upload.failed(error))?;
    upload.arrived(length);
    if count == 1 {
        return Ok((name, digests.finish()));
    }

    let mut missing = upload.send_middle(parts, &name, &mut digests).await?;
    let last = upload.read(parts, count - 1).await?;
    digests.update(&last);
    let mut pause = PAUSE;
    for round in 0.. {
        let failure = match upload.send_last(&name, last.clone()).await {
            Ok(reported) if reported.is_empty() => break,
            Ok(reported) => {
                missing = reported;
                None
            }
            Err(error) if upload.passes(&error) && round < ROUNDS => Some(error),
            Err(error) => return Err(upload.failed(error)),
        };
        if round == ROUNDS {
            return Err(upload.incomplete(missing.len()));
        }
        tracing::debug!(
            missing = missing.len(),
            "parts did not arrive; sending them again"
        );
        let asked = failure.as_ref().map(retry_after).unwrap_or_default();
        if !diadoc.caller().sleep(pause.max(asked)).await {
            return Err(match failure {
                Some(error) => upload.failed(error),
                None => upload.incomplete(missing.len()),
            });
        }
        pause *= 2;
        for index in std::mem::take(&mut missing) {
            if index == count - 1 {
                continue;
            }
            let bytes = upload.read(parts, index).await?;
            match upload.send_part(&name, index, bytes).await {
                Ok(_) => {}
                Err(error) if upload.passes(&error) => missing.push(index),
                Err(error) => return Err(upload.failed(error)),
            }
        }
    }
    upload.sent = total;
    upload.tell();
    Ok((name, digests.finish()))
}

impl<'a> Upload<'a> {
    async fn read(&self, parts: &mut Parts, index: u64) -> Result<Bytes, Error> {
        parts
            .read(
                index * self.settings.part_size as u64,
                self.settings.part_size,
            )
            .await
    }

    /// Sends the parts between the first and the last; gives those that were lost on the way.
    async fn send_middle(
        &mut self,
        parts: &mut Parts,
        name: &ShelfName,
        digests: &mut DigestBuilder,
    ) -> Result<Vec<u64>, Error> {
        let mut on_their_way = FuturesUnordered::new();
        let mut lost = Vec::new();
        for index in 1..self.count - 1 {
            // It is read and hashed while the others are on their way: as much memory as one part more than these.
            let bytes = self.read(parts, index).await?;
            digests.update(&bytes);
            while on_their_way.len() >= self.settings.parts_in_flight
                && let Some(sent) = on_their_way.next().await
            {
                lost.extend(self.settled(sent)?);
            }
            let (length, sent) = (bytes.len(), self.send_part(name, index, bytes));
            on_their_way.push(async move { (index, length, sent.await) });
        }
        while let Some(sent) = on_their_way.next().await {
            lost.extend(self.settled(sent)?);
        }
        Ok(lost)
    }

    /// The part, where it was lost on the way.
    fn settled(
        &mut self,
        (index, length, sent): (u64, usize, Result<Answer, Error>),
    ) -> Result<Option<u64>, Error> {
        match sent {
            Ok(_) => {
                self.arrived(length);
                Ok(None)
            }
            Err(error) if self.passes(&error) => Ok(Some(index)),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Sends a part. What it needs is taken now, and not kept while it travels.
    fn send_part(
        &self,
        name: &ShelfName,
        index: u64,
        bytes: Bytes,
    ) -> impl Future<Output = Result<Answer, Error>> + use<'a> {
        let is_last = index + 1 == self.count;
        let call = Call::new(&SHELF_UPLOAD_PART)
            .query("fileName", name.as_str())
            .query("partIndex", index.to_string())
            .query("isLastPart", is_last.to_string())
            .body(bytes);
        self.diadoc.caller().call(call)
    }

    /// Sends the last part; gives the parts that the service misses.
    async fn send_last(&self, name: &ShelfName, bytes: Bytes) -> Result<Vec<u64>, Error> {
        let answer = self.send_part(name, self.count - 1, bytes).await?;
        let missing: Vec<u64> = serde_json::from_slice(answer.body())
            .map_err(|_| answer.unreadable("it is not a list of missing parts"))?;
        match missing.iter().find(|index| **index >= self.count) {
            Some(index) => {
                Err(answer.unreadable(format!("it misses part {index} of {}", self.count)))
            }
            None => Ok(missing),
        }
    }

    fn arrived(&mut self, bytes: usize) {
        self.sent = (self.sent + bytes as u64).min(self.total);
        self.tell();
    }

    fn tell(&self) {
        if let Some(watcher) = &self.settings.watcher {
            watcher(&UploadProgress {
                file: self.file.to_owned(),
                position: self.position,
                sent: self.sent,
                total: self.total,
            });
        }
    }

    /// Whether the part may simply be sent again in the next round.
    fn passes(&self, error: &Error) -> bool {
        error.is_transient() && retry_after(error) <= LONGEST_PAUSE
    }

    fn incomplete(&self, missing: usize) -> Error {
        let text = format!(
            "{}: {missing} of {} parts did not arrive at the shelf; nothing was started",
            self.file, self.count
        );
        Error::new(ErrorKind::Service, text).before_start()
    }

    fn failed(&self, error: Error) -> Error {
        let text = format!(
            "{} could not be put on the shelf ({error}); nothing was started",
            self.file
        );
        // Whether the upload arrived does not matter: no signing was asked for.
        let kind = error.kind();
        error.with_kind(kind, text).before_start()
    }
}

fn retry_after(error: &Error) -> Duration {
    error
        .service()
        .and_then(|answer| answer.retry_after)
        .unwrap_or_default()
}

fn shelf_name(answer: &Answer) -> Result<ShelfName, Error> {
    let name = std::str::from_utf8(answer.body()).ok().map(ShelfName::new);
    name.filter(|name| !name.as_str().is_empty() && !name.as_str().contains(char::is_whitespace))
        .ok_or_else(|| answer.unreadable("it is not a name on the shelf"))
}

/// The extension with its dot, where it is a plain one.
fn extension(file: &str) -> Option<String> {
    let (stem, extension) = file.rsplit_once('.')?;
    let plain = !stem.is_empty()
        && (1..=16).contains(&extension.len())
        && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain.then(|| format!(".{extension}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_extension_is_told() {
        assert_eq!(extension("act.xml").as_deref(), Some(".xml"));
        for none in ["act", ".profile", "act.", "act.тест", "a/b.c d"] {
            assert_eq!(extension(none), None, "{none}");
        }
    }
}

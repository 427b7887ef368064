//! What an interrupted upload is resumed from.
//!
//! **Invariant:** ids, sizes and digests; never a byte of the content. The digests are of the beginning of the
//! source up to the last byte that was read, so that another source is refused before anything of it is sent.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use podpis_cms::{DigestAlgorithm, DigestBuilder, Digests};
use podpis_core::{Error, ErrorKind};
use podpis_extern_model::{AccountId, ContentId};
use podpis_operation::Fingerprint;
use serde::{Deserialize, Serialize};

use super::{CONTENT_LIMIT, PART_LIMIT};

/// A finished upload.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Uploaded {
    /// What the source was called.
    pub name: String,
    /// Where the bytes are at the service; kept there for 90 days unless something refers to them.
    pub content: ContentId,
    /// How many bytes there are.
    pub size: u64,
    /// Their digests, made from the bytes that were sent: the standard ones unless others were asked for.
    pub digests: Digests,
}

impl Uploaded {
    /// As an operation remembers it.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let mut fingerprint = Fingerprint::named(self.name.clone());
        fingerprint.size = Some(self.size);
        fingerprint.digests = self.digests.iter().collect();
        fingerprint
    }
}

/// How far an upload in parts is: store it, and [`Upload::resume`](crate::Upload::resume) sends what is missing.
///
/// It is told with every progress, and [`UploadState::of`] takes it out of an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadState {
    host: String,
    account: AccountId,
    content: ContentId,
    size: u64,
    part_size: u64,
    /// All parts with a smaller number are there.
    below: u64,
    /// Parts beyond those that are there too.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    beyond: BTreeSet<u64>,
    /// How many bytes from the beginning the digests are of.
    read: u64,
    digests: BTreeMap<String, String>,
}

impl UploadState {
    /// The state that an interrupted upload left in its error.
    #[must_use]
    pub fn of(error: &Error) -> Option<&Self> {
        let mut source = std::error::Error::source(error);
        while let Some(error) = source {
            if let Some(interrupted) = error.downcast_ref::<Interrupted>() {
                return Some(&interrupted.state);
            }
            source = error.source();
        }
        None
    }

    /// The content that the parts belong to.
    #[must_use]
    pub fn content(&self) -> &ContentId {
        &self.content
    }

    /// The account that the content is in.
    #[must_use]
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// How many bytes the content has when it is whole.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// How many bytes are at the service.
    #[must_use]
    pub fn sent(&self) -> u64 {
        let in_order = self.below.saturating_mul(self.part_size).min(self.size);
        let beyond = self.beyond.iter().map(|part| self.length(*part));
        in_order.saturating_add(beyond.sum())
    }

    /// The content was begun, and nothing is counted yet.
    pub(super) fn begun(
        host: &str,
        account: &AccountId,
        content: ContentId,
        size: u64,
        part_size: u64,
    ) -> Self {
        Self {
            host: host.to_owned(),
            account: account.clone(),
            content,
            size,
            part_size,
            below: 0,
            beyond: BTreeSet::new(),
            read: 0,
            digests: BTreeMap::new(),
        }
    }

    /// The digests that were made so far; none where nothing was read.
    pub(super) fn algorithms(&self) -> Option<Vec<DigestAlgorithm>> {
        let digests = Digests::from_pairs(self.digests.clone()).ok()?;
        let algorithms: Vec<_> = digests.algorithms().cloned().collect();
        Some(algorithms).filter(|algorithms| !algorithms.is_empty())
    }

    /// Counts the bytes that were read in order so far.
    pub(super) fn has_read(&mut self, bytes: u64, digests: &DigestBuilder) {
        self.read = bytes;
        self.digests = digests.clone().finish().iter().collect();
    }

    pub(super) fn has_sent(&mut self, part: u64) {
        self.beyond.insert(part);
        while self.beyond.remove(&self.below) {
            self.below += 1;
        }
    }

    pub(super) fn read(&self) -> u64 {
        self.read
    }

    pub(super) fn part_size(&self) -> u64 {
        self.part_size
    }

    pub(super) fn count(&self) -> u64 {
        self.size.div_ceil(self.part_size)
    }

    /// The first part from `part` on that is not there.
    pub(super) fn missing(&self, part: u64) -> Option<u64> {
        let mut parts = part.max(self.below)..self.count();
        parts.find(|part| !self.beyond.contains(part))
    }

    pub(super) fn offset(&self, part: u64) -> u64 {
        part.saturating_mul(self.part_size)
    }

    pub(super) fn length(&self, part: u64) -> u64 {
        let offset = self.offset(part);
        self.size.saturating_sub(offset).min(self.part_size)
    }

    /// Whether it belongs to this account and source, as far as that can be told without reading.
    pub(super) fn check(
        &self,
        host: &str,
        account: &AccountId,
        name: &str,
        size: u64,
    ) -> Result<(), Error> {
        let sound = (1..=PART_LIMIT as u64).contains(&self.part_size)
            && (1..=CONTENT_LIMIT).contains(&self.size)
            && self.below <= self.count()
            && self.read <= self.size
            && self.sent() <= self.read
            && self.beyond.iter().all(|part| *part < self.count());
        let problem = if !sound {
            "the stored upload contradicts itself".to_owned()
        } else if self.host != host || self.account != *account {
            format!("{name} was being uploaded to another account or host")
        } else if self.size != size {
            format!(
                "{name} has {size} bytes, and what was being uploaded has {}",
                self.size
            )
        } else {
            return Ok(());
        };
        Err(Error::new(ErrorKind::InvalidInput, problem))
    }

    /// Whether the beginning of the source is what was read before.
    pub(super) fn check_beginning(&self, name: &str, digests: &DigestBuilder) -> Result<(), Error> {
        let found: BTreeMap<String, String> = digests.clone().finish().iter().collect();
        if self.read == 0 || found == self.digests {
            return Ok(());
        }
        let text = format!("{name} is not what was being uploaded: it has another digest");
        Err(Error::new(ErrorKind::InvalidInput, text))
    }

    /// The failure of an upload, with the state to go on from.
    pub(super) fn interrupted(self, name: &str, error: Error) -> Error {
        let (there, count) = (self.below + self.beyond.len() as u64, self.count());
        let text = format!(
            "{name} could not be uploaded: {there} of {count} parts are there, and the upload can go on ({error})"
        );
        let kind = error.kind();
        let cause = Interrupted {
            state: self,
            cause: error.clone(),
        };
        error.with_kind(kind, text).with_source(cause)
    }
}

/// Carries the state inside an error.
#[derive(Debug)]
struct Interrupted {
    state: UploadState,
    cause: Error,
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the upload stopped at {} of {} bytes",
            self.state.sent(),
            self.state.size
        )
    }
}

impl std::error::Error for Interrupted {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.cause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> UploadState {
        UploadState::begun("host", &"a".into(), "c".into(), 45, 10)
    }

    #[test]
    fn parts_are_counted_in_any_order() {
        let mut state = state();
        for part in [0, 2, 4] {
            state.has_sent(part);
        }
        assert_eq!(
            [0, 1, 2].map(|from| state.missing(from)),
            [Some(1), Some(1), Some(3)]
        );
        assert_eq!(state.sent(), 25);
        state.has_sent(1);
        assert_eq!((state.missing(0), state.below), (Some(3), 3));
        state.has_sent(3);
        assert_eq!((state.missing(0), state.sent()), (None, 45));
    }

    #[test]
    fn what_is_stored_is_read_back_and_checked() {
        let mut state = state();
        let mut digests = DigestBuilder::standard();
        digests.update(b"0123456789");
        state.has_read(10, &digests);
        state.has_sent(0);
        let stored = serde_json::to_string(&state).unwrap();
        let read: UploadState = serde_json::from_str(&stored).unwrap();
        assert_eq!(read, state);
        read.check("host", &"a".into(), "x", 45).unwrap();
        read.check_beginning("x", &digests).unwrap();
        read.check_beginning("x", &DigestBuilder::standard())
            .unwrap_err();
        for (host, account, size) in [("other", "a", 45), ("host", "b", 45), ("host", "a", 44)] {
            read.check(host, &account.into(), "x", size).unwrap_err();
        }
        for (from, to) in [
            (r#""part_size":10"#, r#""part_size":0"#),
            (r#""below":1"#, r#""below":6"#),
            (r#""below":1"#, r#""below":18446744073709551615"#),
            (r#""below":1"#, r#""below":1,"beyond":[5]"#),
            (r#""below":1"#, r#""below":2"#),
            (r#""read":10"#, r#""read":46"#),
        ] {
            let stored = stored.replace(from, to);
            let broken: UploadState = serde_json::from_str(&stored).unwrap();
            let error = broken.check("host", &"a".into(), "x", 45).unwrap_err();
            assert_eq!(error.to_string(), "the stored upload contradicts itself");
        }
    }

    #[test]
    fn an_error_hands_the_state_out() {
        let state = state();
        let error = Error::new(ErrorKind::NoAnswer, "ContentPart: no answer");
        assert!(UploadState::of(&error).is_none());
        let error = state.clone().interrupted("x", error);
        assert_eq!(UploadState::of(&error), Some(&state));
        assert_eq!(error.kind(), ErrorKind::NoAnswer);
        assert!(!error.may_have_been_applied());
    }
}

//! The bytes of documents that were read to be signed, for whoever wants them too.
//!
//! **Invariant:** at most as many bytes as were allowed, and a document whole or not at all.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};

/// The documents of a draft, as they were when their digests were made; see
/// [`DraftSigning::keep_documents`](crate::DraftSigning::keep_documents). Clones share them.
#[derive(Clone)]
pub struct KeptDocuments(Arc<Shared>);

struct Shared {
    /// How many more bytes may be kept.
    room: AtomicUsize,
    documents: Mutex<Vec<Option<Bytes>>>,
}

impl KeptDocuments {
    /// Room for so many bytes in all.
    #[must_use]
    pub fn at_most(bytes: usize) -> Self {
        Self(Arc::new(Shared {
            room: AtomicUsize::new(bytes),
            documents: Mutex::default(),
        }))
    }

    /// Takes them out, in the order of the signatures; none for a document that the service did not show, or that found
    /// no room. Nothing before the signing was started.
    #[must_use]
    pub fn take(&self) -> Vec<Option<Bytes>> {
        std::mem::take(&mut *self.documents())
    }

    pub(crate) fn put(&self, documents: Vec<Option<Bytes>>) {
        *self.documents() = documents;
    }

    /// One document that is about to come in parts.
    pub(crate) fn begin(&self) -> Keeping {
        Keeping {
            shared: self.0.clone(),
            first: Bytes::new(),
            more: BytesMut::new(),
            fits: true,
        }
    }

    fn documents(&self) -> std::sync::MutexGuard<'_, Vec<Option<Bytes>>> {
        let documents = self.0.documents.lock();
        documents.unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for KeptDocuments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptDocuments").finish_non_exhaustive()
    }
}

/// One document while it comes.
pub(crate) struct Keeping {
    shared: Arc<Shared>,
    /// A document of one part is not copied.
    first: Bytes,
    more: BytesMut,
    fits: bool,
}

impl Keeping {
    pub(crate) fn add(&mut self, part: Bytes) {
        let room = &self.shared.room;
        let taken = |room: usize| room.checked_sub(part.len());
        let (success, failure) = (Ordering::Relaxed, Ordering::Relaxed);
        self.fits &= room.fetch_update(success, failure, taken).is_ok();
        if !self.fits {
            (self.first, self.more) = (Bytes::new(), BytesMut::new());
        } else if self.first.is_empty() && self.more.is_empty() {
            self.first = part;
        } else {
            if self.more.is_empty() {
                self.more
                    .extend_from_slice(&std::mem::take(&mut self.first));
            }
            self.more.extend_from_slice(&part);
        }
    }

    pub(crate) fn whole(self) -> Option<Bytes> {
        let bytes = if self.more.is_empty() {
            self.first
        } else {
            self.more.freeze()
        };
        self.fits.then_some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_kept_whole_or_not_at_all() {
        let kept = KeptDocuments::at_most(8);
        let read = |parts: &[&'static str]| {
            let mut one = kept.begin();
            for part in parts {
                one.add(Bytes::from_static(part.as_bytes()));
            }
            one.whole()
        };
        let documents = vec![read(&["abc", "d"]), read(&["efg", "hi", "j"]), read(&[])];
        kept.put(documents);
        let (whole, empty) = (Bytes::from_static(b"abcd"), Bytes::new());
        assert_eq!(kept.take(), [Some(whole), None, Some(empty)]);
        assert_eq!(kept.take(), []);
    }
}

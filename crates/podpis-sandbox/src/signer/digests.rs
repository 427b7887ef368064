//! Decides what is kept of the bytes that are to be signed: their digests.
//!
//! **Invariant:** both are of the same bytes.

use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// The digests of one content: the one that signatures are made with, and the one of a fault.
#[derive(Clone, Debug)]
pub(crate) struct Digests {
    pub(crate) sha256: [u8; 32],
    pub(crate) sha1: [u8; 20],
}

impl Digests {
    pub(crate) fn of(content: impl AsRef<[u8]>) -> Self {
        Self::of_pieces([content])
    }

    /// Of a content that is kept in pieces.
    pub(crate) fn of_pieces(pieces: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Self {
        let (mut sha256, mut sha1) = (Sha256::new(), Sha1::new());
        for piece in pieces {
            sha256.update(piece.as_ref());
            sha1.update(piece.as_ref());
        }
        Self {
            sha256: sha256.finalize().into(),
            sha1: sha1.finalize().into(),
        }
    }
}

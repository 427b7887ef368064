//! Decides what is kept of the bytes that are to be signed: their digests.
//!
//! **Invariant:** all are of the same bytes. Streebog is computed only where a key may need it: it is slow.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use spki::AlgorithmIdentifierOwned;
use streebog::Streebog256;

use super::{SignError, Signed};
use crate::options::Signatures;

const STREEBOG_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.2");

/// What a signature is made with, beside its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    /// GOST R 34.11-2012.
    Streebog256,
}

impl Hash {
    pub(super) fn named(oid: ObjectIdentifier) -> Option<Self> {
        let mut all = [Self::Sha256, Self::Streebog256].into_iter();
        all.find(|known| known.oid() == oid)
    }

    pub(super) fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sha256 => rfc5912::ID_SHA_256,
            Self::Streebog256 => STREEBOG_256,
        }
    }

    pub(super) fn algorithm(self) -> AlgorithmIdentifierOwned {
        AlgorithmIdentifierOwned {
            oid: self.oid(),
            parameters: None,
        }
    }

    pub(super) fn digest(self, bytes: impl AsRef<[u8]>) -> [u8; 32] {
        match self {
            Self::Sha256 => Sha256::digest(bytes).into(),
            Self::Streebog256 => Streebog256::digest(bytes).into(),
        }
    }
}

/// The digests of one content: those that the signatures of a world are made with, and the one of a fault.
#[derive(Clone, Debug)]
pub(crate) struct Digests {
    sha256: [u8; 32],
    streebog: Option<[u8; 32]>,
    pub(crate) sha1: [u8; 20],
}

impl Digests {
    pub(crate) fn of(signatures: Signatures, content: impl AsRef<[u8]>) -> Self {
        Self::of_pieces(signatures, [content])
    }

    /// Of a content that is kept in pieces.
    pub(crate) fn of_pieces(
        signatures: Signatures,
        pieces: impl IntoIterator<Item = impl AsRef<[u8]>>,
    ) -> Self {
        let (mut sha256, mut sha1) = (Sha256::new(), Sha1::new());
        let mut streebog = (signatures == Signatures::Gost).then(Streebog256::new);
        for piece in pieces {
            sha256.update(piece.as_ref());
            sha1.update(piece.as_ref());
            if let Some(streebog) = &mut streebog {
                streebog.update(piece.as_ref());
            }
        }
        Self {
            sha256: sha256.finalize().into(),
            streebog: streebog.map(|streebog| streebog.finalize().into()),
            sha1: sha1.finalize().into(),
        }
    }

    /// The digest by this algorithm.
    pub(super) fn by(&self, hash: Hash) -> Signed<&[u8; 32]> {
        match hash {
            Hash::Sha256 => Ok(&self.sha256),
            Hash::Streebog256 => self.streebog.as_ref().ok_or(SignError::NoStreebog),
        }
    }

    /// Whether a signature that tells this digest is over another content. One by an algorithm that nobody here signs with
    /// tells nothing.
    pub(crate) fn contradicts(&self, algorithm: ObjectIdentifier, told: &[u8]) -> bool {
        let known = Hash::named(algorithm).and_then(|hash| self.by(hash).ok());
        known.is_some_and(|known| known != told)
    }
}

//! Decides what a document is known by: its digests in several algorithms, made in one pass.
//!
//! **Invariant:** every digest has the length of its algorithm, and an algorithm appears once.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::thread;

use gost94::Gost94CryptoPro;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use streebog::{Streebog256, Streebog512};

use crate::{DigestAlgorithm, Signer};

/// From how many bytes on a piece is worth threads.
const LARGE: usize = 256 * 1024;

/// Digests of one document.
///
/// Stored outward as pairs of strings ([`iter`](Self::iter), [`from_pairs`](Self::from_pairs)).
///
/// ```
/// use podpis_cms::Digests;
/// let digests = Digests::of(b"content");
/// let stored: Vec<(String, String)> = digests.iter().collect();
/// assert_eq!(Digests::from_pairs(stored)?, digests);
/// # Ok::<(), podpis_cms::DigestsError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Digests(BTreeMap<DigestAlgorithm, Vec<u8>>);

impl Digests {
    /// Digests of the bytes in the [`STANDARD`](DigestAlgorithm::STANDARD) algorithms.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self::of_with(bytes, &DigestAlgorithm::STANDARD)
    }

    /// Digests of the bytes in the algorithms given; those the crate cannot compute are left out.
    #[must_use]
    pub fn of_with(bytes: &[u8], algorithms: &[DigestAlgorithm]) -> Self {
        let mut builder = DigestBuilder::new(algorithms);
        builder.update(bytes);
        builder.finish()
    }

    /// Digests of all that can be read, 64 kB at a time.
    ///
    /// # Errors
    ///
    /// What the reader reports.
    pub fn read(mut reader: impl io::Read, algorithms: &[DigestAlgorithm]) -> io::Result<Self> {
        let mut builder = DigestBuilder::new(algorithms);
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(builder.finish()),
                Ok(count) => builder.update(buffer.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The digests that signers state of the document. Nothing says that they are its own; of signers of one algorithm
    /// the first is believed.
    pub(crate) fn stated<'s>(signers: impl IntoIterator<Item = &'s Signer>) -> Self {
        let mut digests = BTreeMap::new();
        for signer in signers {
            let algorithm = signer.document_digest();
            let stated = signer.message_digest();
            let is_whole = |digest: &&[u8]| algorithm.length() == Some(digest.len());
            if let Some(digest) = stated.filter(is_whole) {
                let place = digests.entry(algorithm.clone());
                place.or_insert_with(|| digest.to_vec());
            }
        }
        Self(digests)
    }

    /// The digest in this algorithm, if it was made.
    #[must_use]
    pub fn get(&self, algorithm: &DigestAlgorithm) -> Option<&[u8]> {
        self.0.get(algorithm).map(Vec::as_slice)
    }

    /// The algorithms there are digests in.
    pub fn algorithms(&self) -> impl Iterator<Item = &DigestAlgorithm> {
        self.0.keys()
    }

    /// Is there no digest at all?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Pairs to store: the algorithm's [name](DigestAlgorithm::name), the digest in lower-case hex.
    /// The order is always the same.
    pub fn iter(&self) -> impl Iterator<Item = (String, String)> + '_ {
        self.0.iter().map(|(algorithm, digest)| {
            (
                algorithm.name().to_owned(),
                base16ct::lower::encode_string(digest),
            )
        })
    }

    /// Reads stored pairs back.
    ///
    /// # Errors
    ///
    /// An unknown name, a repeated algorithm, text that is not hex, a digest of another length.
    pub fn from_pairs<N, H>(pairs: impl IntoIterator<Item = (N, H)>) -> Result<Self, DigestsError>
    where
        N: AsRef<str>,
        H: AsRef<str>,
    {
        let mut digests = BTreeMap::new();
        for (name, text) in pairs {
            let algorithm: DigestAlgorithm = name.as_ref().parse()?;
            let digest =
                base16ct::mixed::decode_vec(text.as_ref()).map_err(|_| DigestsError::NotHex {
                    algorithm: algorithm.clone(),
                })?;
            if algorithm
                .length()
                .is_some_and(|length| length != digest.len())
            {
                return Err(DigestsError::Length {
                    algorithm,
                    found: digest.len(),
                });
            }
            if digests.insert(algorithm.clone(), digest).is_some() {
                return Err(DigestsError::Repeated { algorithm });
            }
        }
        Ok(Self(digests))
    }
}

impl fmt::Debug for Digests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// Why stored digests cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DigestsError {
    /// Neither a name nor an OID.
    #[error("unknown digest algorithm {name:?}")]
    UnknownAlgorithm {
        /// The text given.
        name: String,
    },
    /// Not hex text.
    #[error("the {algorithm} digest is not hex")]
    NotHex {
        /// Whose digest.
        algorithm: DigestAlgorithm,
    },
    /// Not the length of its algorithm.
    #[error("the {algorithm} digest has {found} bytes")]
    Length {
        /// Whose digest.
        algorithm: DigestAlgorithm,
        /// Length found, in bytes.
        found: usize,
    },
    /// The same algorithm twice.
    #[error("two {algorithm} digests of one document")]
    Repeated {
        /// Whose digest.
        algorithm: DigestAlgorithm,
    },
}

/// Computes several digests in one pass, piece by piece.
///
/// It is [`io::Write`], so `io::copy` feeds it too.
///
/// ```
/// use podpis_cms::{DigestBuilder, Digests};
/// let mut builder = DigestBuilder::standard();
/// for part in [b"con".as_slice(), b"tent"] {
///     builder.update(part);
/// }
/// assert_eq!(builder.finish(), Digests::of(b"content"));
/// ```
#[derive(Clone)]
pub struct DigestBuilder(Vec<Hasher>);

impl DigestBuilder {
    /// For the algorithms given, each once. What the crate cannot compute is left out, and then the
    /// result does not have it.
    #[must_use]
    pub fn new(algorithms: &[DigestAlgorithm]) -> Self {
        let mut wanted: Vec<&DigestAlgorithm> = algorithms.iter().collect();
        wanted.sort_unstable();
        wanted.dedup();
        Self(wanted.into_iter().filter_map(Hasher::new).collect())
    }

    /// For the [`STANDARD`](DigestAlgorithm::STANDARD) algorithms.
    #[must_use]
    pub fn standard() -> Self {
        Self::new(&DigestAlgorithm::STANDARD)
    }

    /// Takes the next piece of the document. Of a piece of 256 KiB or more each digest is made on a core of its own,
    /// where there are several.
    pub fn update(&mut self, bytes: &[u8]) {
        let side_by_side = match bytes.len() {
            LARGE.. => thread::available_parallelism().map_or(1, usize::from),
            _ => 1,
        };
        let helpers = self.0.len().min(side_by_side).saturating_sub(1);
        let hashers = Mutex::new(self.0.iter_mut());
        let work = || {
            loop {
                let next = hashers
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .next();
                let Some(hasher) = next else { return };
                hasher.update(bytes);
            }
        };
        thread::scope(|scope| {
            for _ in 0..helpers {
                // Where there are no threads to be had, this one does it all.
                let _ = thread::Builder::new().spawn_scoped(scope, work);
            }
            work();
        });
    }

    /// The digests of all pieces together.
    #[must_use]
    pub fn finish(self) -> Digests {
        let mut digests = Digests::default();
        digests.0.extend(self.0.into_iter().map(Hasher::finish));
        digests
    }
}

impl Default for DigestBuilder {
    fn default() -> Self {
        Self::standard()
    }
}

impl io::Write for DigestBuilder {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for DigestBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(Hasher::algorithm))
            .finish()
    }
}

#[derive(Clone)]
enum Hasher {
    Streebog256(Streebog256),
    Streebog512(Streebog512),
    Gost94(Gost94CryptoPro),
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
}

impl Hasher {
    fn new(algorithm: &DigestAlgorithm) -> Option<Self> {
        Some(match algorithm {
            DigestAlgorithm::Streebog256 => Self::Streebog256(Streebog256::new()),
            DigestAlgorithm::Streebog512 => Self::Streebog512(Streebog512::new()),
            DigestAlgorithm::Gost94 => Self::Gost94(Gost94CryptoPro::new()),
            DigestAlgorithm::Sha256 => Self::Sha256(Sha256::new()),
            DigestAlgorithm::Sha384 => Self::Sha384(Sha384::new()),
            DigestAlgorithm::Sha512 => Self::Sha512(Sha512::new()),
            DigestAlgorithm::Other(_) => return None,
        })
    }

    fn algorithm(&self) -> DigestAlgorithm {
        match self {
            Self::Streebog256(_) => DigestAlgorithm::Streebog256,
            Self::Streebog512(_) => DigestAlgorithm::Streebog512,
            Self::Gost94(_) => DigestAlgorithm::Gost94,
            Self::Sha256(_) => DigestAlgorithm::Sha256,
            Self::Sha384(_) => DigestAlgorithm::Sha384,
            Self::Sha512(_) => DigestAlgorithm::Sha512,
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Streebog256(hasher) => hasher.update(bytes),
            Self::Streebog512(hasher) => hasher.update(bytes),
            Self::Gost94(hasher) => hasher.update(bytes),
            Self::Sha256(hasher) => hasher.update(bytes),
            Self::Sha384(hasher) => hasher.update(bytes),
            Self::Sha512(hasher) => hasher.update(bytes),
        }
    }

    fn finish(self) -> (DigestAlgorithm, Vec<u8>) {
        let algorithm = self.algorithm();
        let digest = match self {
            Self::Streebog256(hasher) => hasher.finalize().to_vec(),
            Self::Streebog512(hasher) => hasher.finalize().to_vec(),
            Self::Gost94(hasher) => hasher.finalize().to_vec(),
            Self::Sha256(hasher) => hasher.finalize().to_vec(),
            Self::Sha384(hasher) => hasher.finalize().to_vec(),
            Self::Sha512(hasher) => hasher.finalize().to_vec(),
        };
        (algorithm, digest)
    }
}

#[cfg(test)]
mod tests {
    use super::{DigestBuilder, Digests, DigestsError, LARGE};
    use crate::DigestAlgorithm;

    const CONTENT: &[u8] = include_bytes!("../tests/fixtures/gost/content.bin");

    fn hex_of(bytes: &[u8], algorithm: DigestAlgorithm) -> String {
        let digests = Digests::of_with(bytes, std::slice::from_ref(&algorithm));
        base16ct::lower::encode_string(digests.get(&algorithm).unwrap())
    }

    #[test]
    fn large_pieces_and_small_ones_give_the_same() {
        let document: Vec<u8> = (0..3 * LARGE).map(|at| (at % 251) as u8).collect();
        let mut builder = DigestBuilder::standard();
        let (first, rest) = document.split_at(7);
        builder.update(first);
        builder.update(rest);
        let mut small = DigestBuilder::standard();
        for piece in document.chunks(LARGE / 2) {
            small.update(piece);
        }
        let digests = builder.finish();
        assert_eq!(digests, small.finish());
        assert_eq!(digests.algorithms().count(), 3);
    }

    #[test]
    fn streebog_agrees_with_openssl() {
        assert_eq!(
            hex_of(CONTENT, DigestAlgorithm::Streebog256),
            include_str!("../tests/fixtures/gost/content.streebog256.hex").trim()
        );
        assert_eq!(
            hex_of(CONTENT, DigestAlgorithm::Streebog512),
            include_str!("../tests/fixtures/gost/content.streebog512.hex").trim()
        );
    }

    /// The vector of the GOST engine (`test/01-digest.t`), which only the CryptoPro set gives.
    #[test]
    fn gost94_uses_the_cryptopro_parameter_set() {
        assert_eq!(
            hex_of(&b"12345670".repeat(128), DigestAlgorithm::Gost94),
            "f7fc6d16a6a5c12ac4f7d320e0fd0d8354908699125e09727a4ef929122b1cae"
        );
    }

    #[test]
    fn sha2_known_answers() {
        assert_eq!(
            hex_of(b"abc", DigestAlgorithm::Sha256),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(
            hex_of(b"abc", DigestAlgorithm::Sha384).starts_with("cb00753f45a35e8bb5a03d699ac65007")
        );
        assert!(
            hex_of(b"abc", DigestAlgorithm::Sha512).starts_with("ddaf35a193617abacc417349ae204131")
        );
    }

    #[test]
    fn pieces_reader_and_writer_give_what_one_call_gives() {
        let content: Vec<u8> = (0..200_000_u32).map(|i| i.to_le_bytes()[0]).collect();
        let whole = Digests::of_with(&content, &DigestAlgorithm::SUPPORTED);
        let mut builder = DigestBuilder::new(&DigestAlgorithm::SUPPORTED);
        content.chunks(777).for_each(|piece| builder.update(piece));
        assert_eq!(builder.finish(), whole);
        assert_eq!(
            Digests::read(&content[..], &DigestAlgorithm::SUPPORTED).unwrap(),
            whole
        );
        let mut builder = DigestBuilder::new(&DigestAlgorithm::SUPPORTED);
        std::io::copy(&mut &content[..], &mut builder).unwrap();
        assert_eq!(builder.finish(), whole);
    }

    #[test]
    fn what_cannot_be_computed_is_left_out_and_repeats_count_once() {
        let digests = Digests::of_with(
            b"x",
            &[
                DigestAlgorithm::Sha256,
                DigestAlgorithm::Other("1.3.14.3.2.26".into()),
                DigestAlgorithm::Sha256,
            ],
        );
        assert_eq!(
            digests.algorithms().collect::<Vec<_>>(),
            [&DigestAlgorithm::Sha256]
        );
    }

    #[test]
    fn stored_pairs_are_checked() {
        let digests = Digests::of_with(b"x", &DigestAlgorithm::SUPPORTED);
        assert_eq!(Digests::from_pairs(digests.iter()), Ok(digests));
        let sha256 = DigestAlgorithm::Sha256;
        assert_eq!(
            Digests::from_pairs([("md6", "00")]),
            Err(DigestsError::UnknownAlgorithm { name: "md6".into() })
        );
        assert_eq!(
            Digests::from_pairs([("sha256", "0x")]),
            Err(DigestsError::NotHex {
                algorithm: sha256.clone()
            })
        );
        assert_eq!(
            Digests::from_pairs([("sha256", "00")]),
            Err(DigestsError::Length {
                algorithm: sha256.clone(),
                found: 1
            })
        );
        let zeros = "00".repeat(32);
        assert_eq!(
            Digests::from_pairs([("sha256", &zeros), (&sha256.oid(), &zeros)]),
            Err(DigestsError::Repeated { algorithm: sha256 })
        );
    }
}

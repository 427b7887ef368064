//! Makes digests of a file that stays on disk, when the signature has come.
//!
//! **Invariant:** they are of the very bytes that were sent: every digest that was made while they were sent is made again,
//! in the same reading, and must be the same.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{self, Read as _};
use std::path::Path;

use podpis_cms::{DigestAlgorithm, Digests, Signature};
use podpis_operation::Fingerprint;

use crate::journal::open_regular;
use crate::{Error, ErrorKind};

/// The digests that these signatures may be of.
pub(super) fn algorithms_of<'s>(
    signatures: impl Iterator<Item = &'s Vec<u8>>,
) -> BTreeSet<DigestAlgorithm> {
    signatures
        .filter_map(|der| Signature::parse(der).ok())
        .flat_map(|signature| signature.digest_algorithms())
        .filter(DigestAlgorithm::is_supported)
        .collect()
}

/// The known digests of the file at `path`, and those that are missing among `wanted`.
///
/// # Errors
/// [`Signature`](ErrorKind::Signature), with the path, where the file cannot be read or is another: what came cannot be told
/// to be of it.
pub(super) fn digests_of(
    file: &Fingerprint,
    path: &Path,
    known: Digests,
    wanted: &BTreeSet<DigestAlgorithm>,
) -> Result<Digests, Error> {
    if wanted
        .iter()
        .all(|algorithm| known.get(algorithm).is_some())
    {
        return Ok(known);
    }
    let all: Vec<_> = known.algorithms().chain(wanted).cloned().collect();
    let failed = |why: String| {
        let text = format!(
            "whether the signature is of {} cannot be told: {} {why}; put it there as it was, and go on",
            file.name,
            path.display()
        );
        Error::new(ErrorKind::Signature, text)
    };
    let own = read(path, file.size, &all)
        .map_err(|error| failed(format!("cannot be read ({error})")).with_source(error))?;
    let is_same = |algorithm| own.get(algorithm) == known.get(algorithm);
    if known.algorithms().all(is_same) {
        Ok(own)
    } else {
        Err(failed("is not what was sent".to_owned()))
    }
}

/// One byte more than there were is enough to know that it is another file.
fn read(path: &Path, size: Option<u64>, all: &[DigestAlgorithm]) -> io::Result<Digests> {
    let file = open_regular(path, OpenOptions::new().read(true))?;
    let most = size.map_or(u64::MAX, |size| size.saturating_add(1));
    Digests::read(file.take(most), all)
}

//! Files that operations are about, and whether one is still the same.
//!
//! **Invariant:** compared by size and by every digest of the record; a record without digests matches nothing.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use podpis::cms::{DigestAlgorithm, Digests};
use podpis::operation::{Fingerprint, Operation};

use crate::failure::Failure;
use crate::messages::Message;

/// The most that a small file may have, in bytes.
const SMALL: u64 = 16 * 1024 * 1024;

/// That a file cannot be read.
pub(crate) fn unreadable(path: &Path) -> impl Fn(io::Error) -> Failure {
    move |error| {
        let shown = path.display().to_string();
        Failure::usage(Message::FileUnreadable(shown)).with_source(error)
    }
}

/// That this is a file which can be read again and again: what is asked for by phone takes longer than a pipe lasts.
pub(crate) fn must_be_kept(path: &Path) -> Result<(), Failure> {
    let data = fs::metadata(path).map_err(unreadable(path))?;
    let shown = || path.display().to_string();
    if data.is_dir() {
        return Err(Failure::usage(Message::NotAFile(shown())));
    }
    if !data.is_file() {
        return Err(Failure::usage(Message::ReadOnce(shown())));
    }
    Ok(())
}

/// Likewise, and that it has at most so many bytes. None of them is read.
pub(crate) fn must_fit(path: &Path, limit: u64) -> Result<(), Failure> {
    must_be_kept(path)?;
    let data = fs::metadata(path).map_err(unreadable(path))?;
    match data.len() > limit {
        true => Err(too_large(path, limit)),
        false => Ok(()),
    }
}

fn too_large(path: &Path, limit: u64) -> Failure {
    let path = path.display().to_string();
    Failure::usage(Message::FileTooLarge { path, limit })
}

/// What is in a small file that was named: a certificate, or what is said of a report.
pub(crate) fn read_small(path: &Path) -> Result<Vec<u8>, Failure> {
    must_be_kept(path)?;
    let read = fs::File::open(path).and_then(|file| read_at_most(file, SMALL));
    let bytes = read.map_err(unreadable(path))?;
    bytes.ok_or_else(|| too_large(path, SMALL))
}

/// What is in a file, unless that is more than so many bytes. It may be a pipe, or grow while it is read.
pub(crate) fn read_at_most(file: fs::File, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let size = file.metadata()?.len();
    if size > limit {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    file.take(limit + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= limit))
}

/// A path that stays right in another folder.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path).map_err(unreadable(path))
}

/// What bytes are known again by, as text.
pub(crate) fn digest(bytes: &[u8]) -> String {
    let digests = Digests::of_with(bytes, &[DigestAlgorithm::Sha256]);
    let digest = digests.iter().next().map(|(_, digest)| digest);
    digest.unwrap_or_default()
}

/// The same of what is in a file. What it grows by meanwhile is not read.
pub(crate) fn digest_of(path: &Path) -> io::Result<String> {
    let file = fs::File::open(path)?;
    let size = file.metadata()?.len();
    let digests = Digests::read(file.take(size), &[DigestAlgorithm::Sha256])?;
    let digest = digests.iter().next().map(|(_, digest)| digest);
    Ok(digest.unwrap_or_default())
}

/// Compares files with those of the operation, in their order.
pub(crate) fn must_be_the_same(files: &[PathBuf], record: &Operation) -> Result<(), Failure> {
    let mut pairs = files.iter().zip(record.files());
    pairs.try_for_each(|(path, expected)| is_the_same(path, expected))
}

/// The first file that can be read and is not the one that the operation was begun with.
pub(crate) fn changed<'f>(files: &'f [PathBuf], record: &Operation) -> Option<&'f PathBuf> {
    let mut pairs = files.iter().zip(record.files());
    let (path, _) = pairs.find(|(path, expected)| {
        let is_known = !expected.digests.is_empty()
            && must_be_kept(path).is_ok()
            && fs::File::open(path).is_ok();
        is_known && is_the_same(path, expected).is_err()
    })?;
    Some(path)
}

/// Compares size and digest.
pub(crate) fn is_the_same(path: &Path, expected: &Fingerprint) -> Result<(), Failure> {
    let unreadable = unreadable(path);
    let changed = || Failure::usage(Message::FileChanged(path.display().to_string()));
    let digests = Digests::from_pairs(expected.digests.iter())
        .map_err(|error| changed().with_source(error))?;
    must_be_kept(path)?;
    let file = fs::File::open(path).map_err(&unreadable)?;
    let size = file.metadata().map_err(&unreadable)?.len();
    if digests.is_empty() || expected.size.is_some_and(|expected| expected != size) {
        return Err(changed());
    }
    // One suffices, and that of SHA-256 costs a tenth of the others.
    let known = |algorithm: &DigestAlgorithm| digests.get(algorithm).is_some();
    let algorithm = match known(&DigestAlgorithm::Sha256) {
        true => Some(DigestAlgorithm::Sha256),
        false => digests.algorithms().next().cloned(),
    };
    let algorithm = algorithm.ok_or_else(changed)?;
    let own =
        Digests::read(file.take(size), std::slice::from_ref(&algorithm)).map_err(&unreadable)?;
    match own.get(&algorithm) == digests.get(&algorithm) {
        true => Ok(()),
        false => Err(changed()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn what_has_no_size_is_held_to_the_limit_while_it_is_read() {
        let endless = fs::File::open("/dev/zero").unwrap();
        assert_eq!(read_at_most(endless, 10).unwrap(), None);
        let nothing = fs::File::open("/dev/null").unwrap();
        assert_eq!(read_at_most(nothing, 10).unwrap(), Some(Vec::new()));
    }

    #[test]
    fn what_is_too_large_is_not_read() {
        let file = tempfile::tempfile().unwrap();
        file.set_len(1 << 40).unwrap();
        let mut again = file.try_clone().unwrap();
        assert_eq!(read_at_most(file, 10).unwrap(), None);
        // Both are at the same place of it.
        assert_eq!(io::Seek::stream_position(&mut again).unwrap(), 0);
    }
}

//! Which certificates a server is verified by, and whether the ones that the environment names are there.
//!
//! **Invariant:** only looks whether there is anything to verify by; whether it is right, only the server shows.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use super::finding::Findings;
use crate::environment;
use crate::failure::Failure;
use crate::messages::{Check, DoctorMessage};

/// No bundle of certificates is larger, in bytes.
const LARGEST: u64 = 16 * 1024 * 1024;

/// What a certificate in PEM begins with.
const MARK: &[u8] = b"-----BEGIN ";

const FILE: &str = "SSL_CERT_FILE";
const FOLDER: &str = "SSL_CERT_DIR";

/// What servers are verified by; none when what the environment names is not there, which was told.
pub(super) fn examine(findings: &mut Findings<'_>) -> Result<Option<DoctorMessage>, Failure> {
    let mut named = None;
    for (variable, is_there) in [(FOLDER, folder as fn(&str) -> bool), (FILE, file)] {
        let Some(path) = environment::plain(variable)? else {
            continue;
        };
        if !is_there(&path) {
            let missing = DoctorMessage::RootsMissing { variable, path };
            findings.problem(Check::Tls, missing, DoctorMessage::SetRoots(variable))?;
            return Ok(None);
        }
        named = Some(DoctorMessage::VerifiedBy { variable, path });
    }
    Ok(Some(named.unwrap_or(DoctorMessage::Verified)))
}

fn file(path: &str) -> bool {
    has_certificate(Path::new(path))
}

/// Several folders are divided as in PATH.
fn folder(paths: &str) -> bool {
    let entries =
        std::env::split_paths(paths).flat_map(|path| fs::read_dir(path).into_iter().flatten());
    entries
        .flatten()
        .any(|entry| has_certificate(&entry.path()))
}

fn has_certificate(path: &Path) -> bool {
    let is_file = fs::metadata(path).is_ok_and(|known| known.is_file());
    let Some(file) = is_file.then(|| fs::File::open(path).ok()).flatten() else {
        return false;
    };
    let mut bytes = Vec::new();
    let read = file.take(LARGEST).read_to_end(&mut bytes);
    read.is_ok() && bytes.windows(MARK.len()).any(|part| part == MARK)
}

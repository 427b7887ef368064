//! What is kept of fetched files, and for how long.
//!
//! A file goes by the SHA-1 of its address (and of the question to a responder): `list-….crl`, `issuer-….der`,
//! `ocsp-….der`, in `$XDG_CACHE_HOME/podpis` or what the system has in its place.
//!
//! **Invariant:** only what a judgement rested on is kept, until its next update (certificates for a week), so nobody out
//! there can fill the cache with what does not help. It holds at most [`MOST_FILES`] files and [`MOST_BYTES`] bytes; the
//! oldest go first. It can be removed at any time.

use std::env;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use podpis::Thumbprint;
use podpis::core::journal::open_regular;

use crate::files::read_at_most;
use crate::whole_file::{Readers, replace};

/// The largest file, in bytes.
const LIMIT: u64 = 64 * 1024 * 1024;
/// Files in it at most.
const MOST_FILES: usize = 500;
/// Bytes of all of them at most.
const MOST_BYTES: u64 = 512 * 1024 * 1024;
/// How long a certificate is kept. It may be replaced under its address when the issuer's key is.
const CERTIFICATE_AGE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A folder of files.
#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// That of the user; `None` where no folder can be told.
    pub(super) fn of_user() -> Option<Self> {
        let variable = |name: &str| env::var_os(name).map(PathBuf::from);
        let folder = folder(variable, env::home_dir())?.join("podpis");
        Some(Self { folder })
    }

    /// What is kept under this name.
    pub(super) fn get(&self, name: &str) -> Option<Vec<u8>> {
        let path = self.folder.join(name);
        let file = open_regular(&path, OpenOptions::new().read(true));
        read_at_most(file.ok()?, LIMIT).ok()?
    }

    /// Was it stored not longer ago than a certificate is kept?
    pub(super) fn is_young(&self, name: &str, now: SystemTime) -> bool {
        let data = fs::symlink_metadata(self.folder.join(name));
        let stored = data.and_then(|data| data.modified());
        stored.is_ok_and(|stored| {
            now.duration_since(stored)
                .map_or(true, |age| age < CERTIFICATE_AGE)
        })
    }

    /// Keeps it.
    pub(super) fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        replace(&self.folder, name, bytes, Readers::Anybody)?;
        self.make_room()
    }

    /// Removes the oldest files that are too many.
    fn make_room(&self) -> io::Result<()> {
        let mut all: Vec<(SystemTime, u64, PathBuf)> = fs::read_dir(&self.folder)?
            .flatten()
            .filter(|entry| is_ours(&entry.path()))
            .filter_map(|entry| {
                let data = entry.metadata().ok()?;
                Some((data.modified().ok()?, data.len(), entry.path()))
            })
            .collect();
        // The newest first.
        all.sort_by(|one, other| other.cmp(one));
        let (mut count, mut bytes) = (0, 0_u64);
        for (_, length, path) in all {
            count += 1;
            bytes = bytes.saturating_add(length);
            if count > MOST_FILES || bytes > MOST_BYTES {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

/// Is it a file that this cache wrote?
fn is_ours(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let kinds = ["issuer-", "list-", "ocsp-"];
    name.is_some_and(|name| kinds.iter().any(|kind| name.starts_with(kind)))
}

/// The name of what came from an address, for a question.
pub(super) fn name(kind: &str, address: &str, question: Option<&[u8]>, end: &str) -> String {
    let mut whole = address.as_bytes().to_vec();
    // No address has this byte.
    whole.push(0);
    whole.extend_from_slice(question.unwrap_or_default());
    format!("{kind}-{}.{end}", Thumbprint::of(&whole))
}

/// Where programs keep what they can get again.
fn folder(variable: impl Fn(&str) -> Option<PathBuf>, home: Option<PathBuf>) -> Option<PathBuf> {
    let absolute = |path: &PathBuf| path.is_absolute();
    let home = home.filter(absolute);
    let own = if cfg!(windows) {
        return variable("LOCALAPPDATA")
            .filter(absolute)
            .or_else(|| Some(home?.join("AppData").join("Local")));
    } else if cfg!(target_os = "macos") {
        "Library/Caches"
    } else {
        ".cache"
    };
    variable("XDG_CACHE_HOME")
        .filter(absolute)
        .or_else(|| Some(home?.join(own)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn only_absolute_folders_are_taken_from_the_surroundings() {
        let home = || Some(PathBuf::from("/home/me"));
        let found = |value: &'static str| folder(|_| Some(value.into()), home()).unwrap();
        assert_eq!(found("/cache"), Path::new("/cache"));
        assert!(found("cache").starts_with("/home/me"));
        assert_eq!(folder(|_| None, None), None);
    }

    #[test]
    fn the_cache_keeps_so_many_files_and_leaves_others_alone() {
        let place = tempfile::tempdir().unwrap();
        let cache = Cache {
            folder: place.path().to_owned(),
        };
        fs::write(place.path().join("notes.txt"), "mine").unwrap();
        for number in 0..MOST_FILES {
            fs::write(place.path().join(format!("list-{number}.crl")), "list").unwrap();
        }
        cache.put("list-new.crl", b"new").unwrap();
        let count = fs::read_dir(place.path()).unwrap().count();
        assert_eq!(count, MOST_FILES + 1);
        assert_eq!(cache.get("list-new.crl").unwrap(), b"new");
        assert!(place.path().join("notes.txt").exists());
        assert!(cache.is_young("list-new.crl", SystemTime::UNIX_EPOCH));
        let later = fs::metadata(place.path().join("list-new.crl")).unwrap();
        let later = later.modified().unwrap() + CERTIFICATE_AGE;
        assert!(!cache.is_young("list-new.crl", later));
        assert_eq!(cache.get("list-none.crl"), None);
    }

    #[test]
    fn what_comes_from_different_places_has_different_names() {
        let names = [
            name("list", "http://a", None, "crl"),
            name("list", "http://b", None, "crl"),
            name("ocsp", "http://a", Some(b"1"), "der"),
            name("ocsp", "http://a", Some(b"2"), "der"),
        ];
        let different: std::collections::HashSet<&String> = names.iter().collect();
        assert_eq!(different.len(), names.len());
    }
}

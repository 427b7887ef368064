//! The inputs that changed ones are made from: the fixtures of the crates, where they lie.
//!
//! *Invariant:* in the order of their names, so that a seed of the generator means the same everywhere.

use std::path::{Path, PathBuf};

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates")
}

pub(super) fn records() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/records")
}

/// One file of a crate.
pub(super) fn file(path: &str) -> Vec<u8> {
    let path = crates().join(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All files of these folders of crates whose names end so.
pub(super) fn files(folders: &[&str], end: &str) -> Vec<Vec<u8>> {
    let folders = folders
        .iter()
        .flat_map(|folder| below(&crates().join(folder), end));
    let all: Vec<Vec<u8>> = folders.collect();
    assert!(!all.is_empty());
    all
}

/// All files directly in a folder whose names end so.
pub(super) fn below(folder: &Path, end: &str) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let is_wanted = |path: &PathBuf| path.to_string_lossy().ends_with(end);
    paths
        .into_iter()
        .filter(is_wanted)
        .map(|path| std::fs::read(path).unwrap())
        .collect()
}

/// The bytes that a column of a table says in hexadecimal.
pub(super) fn hexadecimal(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks_exact(2);
    digits
        .map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap())
        .collect()
}

//! Compares a folder of generated files with fresh output, and brings it up to date.
//!
//! *Invariant:* the folder belongs to the generator: a file that it would not write is stale too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// File contents by path below the folder.
pub(crate) type Files = BTreeMap<PathBuf, Vec<u8>>;

/// A line for each file of `root/folder` that differs, is missing, or should not be there. `command` puts every
/// complaint right.
pub(crate) fn stale(fresh: &Files, root: &Path, folder: &Path, command: &str) -> Vec<String> {
    let fix = format!("run `{command}` and commit the result");
    let present = present(&root.join(folder));
    let mut complaints = Vec::new();
    for (path, content) in fresh {
        let place = folder.join(path);
        if !present.contains(path) {
            complaints.push(format!("{}: missing; {fix}", place.display()));
        } else if !std::fs::read(root.join(&place)).is_ok_and(|old| same(path, &old, content)) {
            complaints.push(format!(
                "{}: stale or edited by hand; {fix}",
                place.display()
            ));
        }
    }
    for path in present.iter().filter(|path| !fresh.contains_key(*path)) {
        complaints.push(format!(
            "{}: nothing generates this file; {fix}",
            folder.join(path).display()
        ));
    }
    complaints
}

/// Writes what differs, deletes what should not be there, and says how many files that were.
pub(crate) fn write(fresh: &Files, folder: &Path) -> Result<usize, String> {
    let mut changed = 0;
    let name = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    for path in present(folder)
        .iter()
        .filter(|path| !fresh.contains_key(*path))
    {
        let path = folder.join(path);
        std::fs::remove_file(&path).map_err(|error| name(&path, error))?;
        changed += 1;
    }
    for (path, content) in fresh {
        let path = folder.join(path);
        if std::fs::read(&path).is_ok_and(|old| old == *content) {
            continue;
        }
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|error| name(parent, error))?;
        }
        std::fs::write(&path, content).map_err(|error| name(&path, error))?;
        changed += 1;
    }
    Ok(changed)
}

/// Text is equal also when a checkout turned its line ends into CRLF.
fn same(path: &Path, old: &[u8], fresh: &[u8]) -> bool {
    let text = path
        .extension()
        .is_some_and(|extension| extension == "rs" || extension == "txt");
    old == fresh
        || text
            && String::from_utf8_lossy(old)
                .replace("\r\n", "\n")
                .as_bytes()
                == fresh
}

/// Paths of all files below `folder`, relative to it. A folder that cannot be read has none.
fn present(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(relative) = path.strip_prefix(folder) {
                found.insert(relative.to_path_buf());
            }
        }
    }
    found
}

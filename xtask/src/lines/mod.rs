//! Counts the hand-written Rust that users run, by crate and in total, here and at another revision.
//!
//! *Invariant:* both are counted by the same rules: every line of a `.rs` file of a crate, blank lines and comments too,
//! as rustfmt leaves them. Tests, benchmarks, examples, generated code and the sandbox do not count.

mod counted;
mod table;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use counted::{crate_of, lines};

use crate::git::git;

/// Where the crates are.
const CRATES: &str = "crates";

/// Lines by crate.
type Counts = BTreeMap<String, usize>;

/// Counts what lies on disk, and at `against` if there is one; gives a table.
pub(crate) fn count(root: &Path, against: Option<&str>) -> Result<String, Vec<String>> {
    let counted = || {
        let here = on_disk(root)?;
        let there = against.map(|revision| at(root, revision)).transpose()?;
        Ok(table::render(&here, there.as_ref()))
    };
    counted().map_err(|error: String| vec![format!("lines: {error}")])
}

fn on_disk(root: &Path) -> Result<Counts, String> {
    let mut counts = Counts::new();
    let mut folders = vec![CRATES.to_owned()];
    while let Some(folder) = folders.pop() {
        let failed = |error: std::io::Error| format!("{folder}: {error}");
        for entry in fs::read_dir(root.join(&folder)).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                folders.push(path);
            } else if let Some(name) = crate_of(&path) {
                let text = fs::read_to_string(entry.path()).map_err(failed)?;
                *counts.entry(name.to_owned()).or_default() += lines(&text);
            }
        }
    }
    Ok(counts)
}

fn at(root: &Path, revision: &str) -> Result<Counts, String> {
    let commit = format!("{revision}^{{commit}}");
    let commit = git(
        root,
        &["rev-parse", "--verify", "--end-of-options", &commit],
    )?;
    let paths = git(
        root,
        &["ls-tree", "-r", "-z", "--name-only", &commit, "--", CRATES],
    )?;
    let mut counts = Counts::new();
    for path in paths.split('\0') {
        if let Some(name) = crate_of(path) {
            let text = git(root, &["show", &format!("{commit}:{path}")])?;
            *counts.entry(name.to_owned()).or_default() += lines(&text);
        }
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{count, git};

    #[test]
    fn what_is_on_disk_is_compared_with_what_was_committed() {
        let repository = tempfile::tempdir().unwrap();
        let root = repository.path();
        let write = |path: &str, text: &str| {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("crates/a/src/lib.rs", "//! One.\n\nfn one() {}\n");
        write("crates/a/tests/lib.rs", "fn test() {}\n");
        write("crates/b/src/lib.rs", "fn one() {}\n");
        git(root, &["init", "--quiet"]).unwrap();
        git(root, &["add", "."]).unwrap();
        let author = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
        let commit = ["commit", "--quiet", "--no-gpg-sign", "-m", "first"];
        git(root, &[author.as_slice(), commit.as_slice()].concat()).unwrap();
        write("crates/a/src/more.rs", "fn two() {}\n");
        fs::remove_file(root.join("crates/b/src/lib.rs")).unwrap();

        let table = count(root, None).unwrap();
        assert_eq!(table, "a      4\ntotal  4");
        let table = count(root, Some("HEAD")).unwrap();
        assert_eq!(table, "a      4  +1\nb      0  -1\ntotal  4  +0");
        let complaint = count(root, Some("no-such")).unwrap_err();
        assert!(complaint[0].contains("no-such"), "{complaint:?}");
    }
}

//! Whether a change of what users see is told to them.
//!
//! The committed listings of `xtask/public-api` are compared with those at an earlier revision. An item that is gone, or not as
//! it was, needs a line of `CHANGELOG.md` that is new since then and names it. Where `cargo-semver-checks` is installed,
//! it is asked too: it knows breaks that a listing does not show, and nothing of the change log.
//!
//! | module | decides |
//! |---|---|
//! | `listing` | which items are gone |
//! | `external` | which types of other crates need a reason |
//!
//! *Invariant:* only what is committed at the revision is compared with; what it is compared with is the working tree.

mod external;
mod listing;

use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::process::Command;

use crate::git::git;
use listing::Listing;

/// Where the listings are.
const FOLDER: &str = "xtask/public-api";
const CHANGELOG: &str = "CHANGELOG.md";

/// Compares with a revision: the one that is named, else the last tag.
pub(crate) fn check(root: &Path, against: Option<&str>) -> Result<String, Vec<String>> {
    let one = |complaint: String| vec![complaint];
    let base = base(root, against).map_err(one)?;
    let before = |path: &str| git(root, &["show", &format!("{base}:{path}")]).unwrap_or_default();
    let now = |path: &str| std::fs::read_to_string(root.join(path)).unwrap_or_default();

    let names = listings(root, &base).map_err(one)?;
    let new_lines = new_lines(&before(CHANGELOG), &now(CHANGELOG));
    let mut complaints = Vec::new();
    let mut types = BTreeSet::new();
    let mut told = 0;
    for name in &names {
        let path = format!("{FOLDER}/{name}");
        let after = now(&path);
        types.extend(external::types(&after));
        let before = Listing::read(&before(&path));
        for gone in before.gone_from(&Listing::read(&after)) {
            if new_lines.iter().any(|line| names_in_code(line, gone.name)) {
                told += 1;
            } else {
                complaints.push(format!(
                    "{CHANGELOG}: no new line names `{}`, and this is gone or changed: {}",
                    gone.name, gone.line
                ));
            }
        }
    }
    let table = now(&format!("xtask/{}", external::TABLE));
    complaints.extend(external::compare(&types, &table));
    let asked = ask_semver_checks(root, &base, &mut complaints);
    if !complaints.is_empty() {
        return Err(complaints);
    }
    Ok(format!(
        "semver: against {base}: {told} items gone or changed, each told; {} types of other crates, each with a reason; \
         {asked}",
        types.len()
    ))
}

/// The commit to compare with: where this branch left the revision.
fn base(root: &Path, against: Option<&str>) -> Result<String, String> {
    let revision = match against {
        Some(revision) => revision.to_owned(),
        None => git(root, &["describe", "--tags", "--abbrev=0"])
            .map_err(|_| "semver: there is no tag; say --against REVISION")?,
    };
    git(root, &["merge-base", &revision, "HEAD"])
}

/// The file names of all listings, of now and of then.
fn listings(root: &Path, base: &str) -> Result<BTreeSet<String>, String> {
    let entries =
        std::fs::read_dir(root.join(FOLDER)).map_err(|error| format!("{FOLDER}: {error}"))?;
    let now = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let then = git(
        root,
        &["ls-tree", "--name-only", &format!("{base}:{FOLDER}")],
    )
    .unwrap_or_default();
    let all = now.chain(then.lines().map(str::to_owned));
    Ok(all.filter(|name| name.ends_with(".txt")).collect())
}

/// The lines below "Unreleased" that were not there before.
fn new_lines(before: &str, now: &str) -> Vec<String> {
    let old: HashSet<&str> = before.lines().collect();
    let unreleased = now
        .lines()
        .skip_while(|line| !line.starts_with("## Unreleased"))
        .skip(1);
    let unreleased = unreleased.take_while(|line| !line.starts_with("## "));
    unreleased
        .filter(|line| !old.contains(line))
        .map(str::to_owned)
        .collect()
}

/// Whether a line has this name as a word of a piece of code in backticks.
fn names_in_code(line: &str, name: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    let pieces = line.split('`').skip(1).step_by(2);
    pieces
        .flat_map(|piece| piece.split(|character| !is_part(character)))
        .any(|word| word == name)
}

/// Has `cargo-semver-checks` look too, if it is there.
fn ask_semver_checks(root: &Path, base: &str, complaints: &mut Vec<String>) -> &'static str {
    let is_there = Command::new("cargo")
        .args(["semver-checks", "--version"])
        .output();
    if !is_there.is_ok_and(|output| output.status.success()) {
        return "cargo-semver-checks is not installed and was not asked";
    }
    let status = Command::new("cargo")
        .args(["semver-checks", "--workspace", "--baseline-rev", base])
        .current_dir(root)
        .status();
    if !status.is_ok_and(|status| status.success()) {
        complaints.push("cargo semver-checks: what it says is above".to_owned());
    }
    "cargo-semver-checks was asked"
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{check, git, names_in_code, new_lines};

    #[test]
    fn a_name_counts_as_a_word_of_code() {
        assert!(names_in_code("- `call` takes more", "call"));
        assert!(names_in_code("- now `client.account(&a).call(1)`", "call"));
        assert!(!names_in_code("- a call takes more", "call"));
        assert!(!names_in_code("- `recall` and `x` call `y`", "call"));
    }

    #[test]
    fn only_new_lines_of_what_is_not_released_count() {
        let before = "# Changes\n## Unreleased\n- old\n## 1.0\n- `a`\n";
        let now = "# Changes\n## Unreleased\n- new\n- old\n## 1.0\n- `a`\n- `b`\n";
        assert_eq!(new_lines(before, now), ["- new"]);
    }

    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn a_function_that_is_removed_must_be_told() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let listing = "xtask/public-api/podpis-x.txt";
        write(root, listing, "pub mod podpis_x\npub fn podpis_x::call()\n");
        write(root, "xtask/external.md", "");
        write(root, "CHANGELOG.md", "## Unreleased\n\n- `call` is new\n");
        git(root, &["init", "--quiet"]).unwrap();
        git(root, &["add", "."]).unwrap();
        let author = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
        git(
            root,
            &[&author[..], &["commit", "--quiet", "-m", "First"]].concat(),
        )
        .unwrap();
        assert!(check(root, None).unwrap_err()[0].contains("--against"));
        check(root, Some("HEAD")).unwrap();

        write(root, listing, "pub mod podpis_x\n");
        let complaints = check(root, Some("HEAD")).unwrap_err();
        assert_eq!(
            complaints,
            [
                "CHANGELOG.md: no new line names `call`, and this is gone or changed: pub fn podpis_x::call()"
            ]
        );
        write(
            root,
            "CHANGELOG.md",
            "## Unreleased\n\n- `call` is gone\n- `call` is new\n",
        );
        check(root, Some("HEAD")).unwrap();
        write(
            root,
            listing,
            "pub mod podpis_x\npub fn podpis_x::now() -> jiff::Timestamp\n",
        );
        let complaints = check(root, Some("HEAD")).unwrap_err();
        assert_eq!(
            complaints,
            ["external.md: say why `Timestamp` of `jiff` is in the public API"]
        );
    }
}

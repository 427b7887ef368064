//! Checks the rules that the workspace has set itself and that no compiler checks.
//!
//! *Invariant:* a rule is a function of data (a manifest, the text of a file, what cargo says about the
//! packages) and returns its violations; only this file and `metadata` touch the disk or run anything.

mod circles;
mod dependencies;
mod edges;
mod manifests;
mod metadata;
mod reach;
pub(crate) mod rust_text;
mod shape;
mod source_files;
mod sources;
#[cfg(test)]
mod tests;
mod top_level;
mod translation;

use std::fmt;
use std::path::Path;

/// One broken rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Violation {
    /// The file, with a line where there is one, or the package.
    place: String,
    /// What is not allowed.
    rule: String,
    /// What to do about it.
    fix: String,
}

impl Violation {
    fn new(place: impl Into<String>, rule: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            rule: rule.into(),
            fix: fix.into(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.place, self.rule, self.fix)
    }
}

/// Checks the workspace at `root`; each violation is a line.
pub(crate) fn check(root: &Path) -> Result<String, Vec<String>> {
    let metadata = metadata::load(root).map_err(|error| vec![error])?;
    let trouble = |error: std::io::Error| vec![format!("tidy: {}: {error}", root.display())];
    let mut violations = Vec::new();
    violations.extend(edges::check(&metadata));
    violations.extend(reach::check(&metadata));
    violations.extend(dependencies::check(&metadata));
    violations.extend(top_level::check(
        &source_files::entries(root).map_err(trouble)?,
    ));
    violations.extend(manifests::check_root(
        &std::fs::read_to_string(root.join("Cargo.toml")).map_err(trouble)?,
    ));
    for package in metadata.members() {
        let text = std::fs::read_to_string(&package.manifest_path).map_err(trouble)?;
        violations.extend(manifests::check_member(
            &package.name,
            &metadata.relative(&package.manifest_path),
            &text,
        ));
    }
    violations.extend(translation::check(
        &std::fs::read_to_string(root.join("README.md")).map_err(trouble)?,
        &std::fs::read_to_string(root.join("README.ru.md")).map_err(trouble)?,
    ));
    let files = source_files::read(root).map_err(trouble)?;
    for file in &files {
        violations.extend(shape::check(file));
        violations.extend(sources::check(file));
    }
    violations.extend(circles::check(&files));
    violations.sort();
    violations.dedup();
    if violations.is_empty() {
        Ok(format!(
            "tidy: {} packages and {} files are in order",
            metadata.members().count(),
            files.len()
        ))
    } else {
        Err(violations.iter().map(Violation::to_string).collect())
    }
}

//! How long a file is, how it begins and what it is called.
//!
//! *Invariant:* a file says in its first line what it decides, is named after that, and fits in one sitting.

use super::Violation;
use super::source_files::SourceFile;

/// The longest hand-written file.
const LINES: usize = 600;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["common", "helper", "helpers", "manager", "util", "utils"];

/// Violations of one file.
pub(super) fn check(file: &SourceFile) -> Vec<Violation> {
    let mut violations = Vec::new();
    let lines = file.text.lines().count();
    if lines > LINES {
        let rule = format!("{lines} lines, more than {LINES}");
        violations.push(Violation::new(
            file.path.as_str(),
            rule,
            "split it by what its parts decide",
        ));
    }
    let first = file.text.lines().next().unwrap_or_default();
    if !(first.starts_with("//! ") || first.starts_with("#![doc")) {
        let rule = "does not begin with a `//!` line";
        violations.push(Violation::new(
            file.path.as_str(),
            rule,
            "say there what the file decides",
        ));
    }
    let parts = file
        .path
        .split('/')
        .map(|part| part.trim_end_matches(".rs"));
    for part in parts.filter(|part| EMPTY_NAMES.contains(part)) {
        let rule = format!("`{part}` says nothing about what is inside");
        violations.push(Violation::new(
            file.path.as_str(),
            rule,
            "name it after what it decides or holds",
        ));
    }
    violations
}

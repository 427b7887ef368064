//! What may be at the top of the repository.
//!
//! *Invariant:* a reader sees the whole project in one short listing; tool files are dotfiles.

use super::Violation;

/// Files and folders that belong there.
const ENTRIES: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.md",
    "README.ru.md",
    "crates",
    "findings",
    "proto",
    "target",
    "tests",
    "xtask",
];

/// Entries that do not.
pub(super) fn check(entries: &[String]) -> Vec<Violation> {
    let belongs = |entry: &str| {
        entry.starts_with('.')
            || entry.starts_with("LICENSE-")
            // What the first command of README leaves behind, which git ignores.
            || entry.ends_with(".p7s")
            || ENTRIES.contains(&entry)
    };
    let strange = entries.iter().filter(|entry| !belongs(entry));
    let violation = |entry: &String| {
        let rule = "is not one of the top-level entries";
        Violation::new(
            entry.as_str(),
            rule,
            "move it into crates, proto, tests or xtask, or make it a dotfile",
        )
    };
    strange.map(violation).collect()
}

//! What every manifest must say.
//!
//! *Invariant:* no package escapes the workspace's lints, and `unsafe` stays forbidden.

use super::Violation;

/// Packages whose folder is not named after them.
const OTHER_FOLDERS: &[(&str, &str)] = &[("podpis-tests", "tests")];

/// The root manifest forbids `unsafe` in all packages.
pub(super) fn check_root(text: &str) -> Option<Violation> {
    let forbidden = section(text, "[workspace.lints.rust]").any(|line| {
        line.split_once('=')
            .is_some_and(|(key, value)| key.trim() == "unsafe_code" && value.contains("\"forbid\""))
    });
    (!forbidden).then(|| {
        let rule = "unsafe code is not forbidden";
        Violation::new(
            "Cargo.toml",
            rule,
            "write `unsafe_code = \"forbid\"` under [workspace.lints.rust]",
        )
    })
}

/// A member inherits the lints and lives in a folder of its own name. `manifest` is relative to the workspace.
pub(super) fn check_member(name: &str, manifest: &str, text: &str) -> Vec<Violation> {
    let mut violations = Vec::new();
    let inherits = |line: &str| {
        line.split('#')
            .next()
            .is_some_and(|line| line.replace(' ', "") == "workspace=true")
    };
    if !section(text, "[lints]").any(inherits) {
        let rule = "the package does not take the workspace's lints";
        violations.push(Violation::new(
            manifest,
            rule,
            "write `[lints]` and `workspace = true`",
        ));
    }
    let folder = manifest.rsplit('/').nth(1).unwrap_or_default();
    let expected = OTHER_FOLDERS
        .iter()
        .find(|(package, _)| *package == name)
        .map_or(name, |(_, folder)| folder);
    if folder != expected {
        let rule = format!("package {name} is in a folder named {folder}");
        violations.push(Violation::new(
            manifest,
            rule,
            format!("rename the folder to {expected}, or the package"),
        ));
    }
    violations
}

/// The trimmed lines between this heading and the next one.
fn section<'a>(text: &'a str, heading: &str) -> impl Iterator<Item = &'a str> {
    let mut lines = text.lines().map(str::trim);
    lines.find(|line| *line == heading);
    lines.take_while(|line| !line.starts_with('['))
}

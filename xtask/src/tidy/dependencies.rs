//! Which foreign packages have exactly one door into the workspace.
//!
//! *Invariant:* to replace the HTTP client or the server library, one package has to change.

use super::Violation;
use super::metadata::Metadata;

/// A foreign package, and the only one of ours that may name it.
const DOORS: &[(&str, &str)] = &[
    ("reqwest", "podpis-transport-reqwest"),
    ("axum", "podpis-sandbox"),
];

/// Normal dependencies on them by any other package. The tests may use what they like.
pub(super) fn check(metadata: &Metadata) -> Vec<Violation> {
    let mut violations = Vec::new();
    for package in metadata
        .members()
        .filter(|package| package.name != "podpis-tests")
    {
        for dependency in package
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind.is_none())
        {
            let door = DOORS
                .iter()
                .find(|(foreign, door)| *foreign == dependency.name && *door != package.name);
            if let Some((foreign, door)) = door {
                violations.push(Violation::new(
                    package.name.as_str(),
                    format!("depends on {foreign} directly"),
                    format!("only {door} may; use what it offers"),
                ));
            }
        }
    }
    violations
}

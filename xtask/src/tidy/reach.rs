//! Which packages must stay free of HTTP and of each other, however deep.
//!
//! *Invariant:* each of the bottom packages can be taken into another workspace alone, without a runtime.

use super::Violation;
use super::metadata::Metadata;

/// The packages that others may take alone.
const ALONE: &[&str] = &[
    "podpis-operation",
    "podpis-extern-model",
    "podpis-diadoc-proto",
    "podpis-gost",
    "podpis-cms",
];

/// What none of them may bring along.
const FOREIGN: &[&str] = &["http", "tokio", "reqwest"];

/// Every forbidden package that is reached, with the way to it.
pub(super) fn check(metadata: &Metadata) -> Vec<Violation> {
    let mut violations = Vec::new();
    for package in metadata
        .members()
        .filter(|package| ALONE.contains(&package.name.as_str()))
    {
        for (reached, way) in metadata.reached_from(package) {
            if FOREIGN.contains(&reached.as_str()) || ALONE.contains(&reached.as_str()) {
                let way = format!("{} → {}", package.name, way.join(" → "));
                violations.push(Violation::new(
                    package.name.as_str(),
                    format!("reaches {reached} ({way}), yet it must be usable alone"),
                    "remove the first dependency on that way, or its feature",
                ));
            }
        }
    }
    violations
}

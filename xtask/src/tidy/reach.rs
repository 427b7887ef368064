//! Which packages must stay free of HTTP and of each other, however deep.
//!
//! *Invariant:* each of the bottom packages can be taken into another workspace without a runtime, and brings along
//! nothing of ours but what the layers say it stands on.

use super::Violation;
use super::edges;
use super::metadata::Metadata;

/// The packages that others may take alone.
const ALONE: &[&str] = &[
    "podpis-operation",
    "podpis-extern-model",
    "podpis-diadoc-proto",
    "podpis-gost",
    "podpis-cms",
];

/// The packages above them that must stay free of a runtime and of the network.
const OFFLINE: &[&str] = &["podpis-trust"];

/// What none of all these may bring along.
const FOREIGN: &[&str] = &["http", "tokio", "reqwest"];

/// Every forbidden package that is reached, with the way to it.
pub(super) fn check(metadata: &Metadata) -> Vec<Violation> {
    let mut violations = Vec::new();
    for package in metadata.members() {
        let is_alone = ALONE.contains(&package.name.as_str());
        let rule = match (is_alone, OFFLINE.contains(&package.name.as_str())) {
            (true, _) => "it must be usable alone",
            (false, true) => "it must work offline",
            (false, false) => continue,
        };
        for (reached, way) in metadata.reached_from(package) {
            let is_ours = ALONE.contains(&reached.as_str());
            let is_meant = edges::allows(&package.name, &reached);
            if FOREIGN.contains(&reached.as_str()) || is_alone && is_ours && !is_meant {
                let way = format!("{} → {}", package.name, way.join(" → "));
                violations.push(Violation::new(
                    package.name.as_str(),
                    format!("reaches {reached} ({way}), yet {rule}"),
                    "remove the first dependency on that way, or its feature",
                ));
            }
        }
    }
    violations
}

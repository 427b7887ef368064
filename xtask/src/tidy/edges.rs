//! Which of our packages may use which.
//!
//! *Invariant:* the table is the architecture: it has no cycle, so an edge that it allows points downwards.

use super::Violation;
use super::metadata::Metadata;

/// This file, for the complaints.
const TABLE: &str = "xtask/src/tidy/edges.rs";

/// A package and those of ours that it may use, from the bottom up.
pub(super) const ALLOWED: &[(&str, &[&str])] = &[
    ("podpis-operation", &[]),
    ("podpis-journal-postgres", &["podpis-operation"]),
    ("podpis-extern-model", &[]),
    ("podpis-diadoc-proto", &[]),
    ("podpis-gost", &[]),
    ("podpis-cms", &["podpis-gost"]),
    ("podpis-trust", &["podpis-cms"]),
    ("podpis-transport", &[]),
    ("podpis-transport-reqwest", &["podpis-transport"]),
    (
        "podpis-core",
        &["podpis-operation", "podpis-transport", "podpis-cms"],
    ),
    (
        "podpis-extern",
        &[
            "podpis-core",
            "podpis-extern-model",
            "podpis-cms",
            "podpis-operation",
            "podpis-transport",
        ],
    ),
    (
        "podpis-diadoc",
        &[
            "podpis-core",
            "podpis-diadoc-proto",
            "podpis-cms",
            "podpis-operation",
            "podpis-transport",
        ],
    ),
    (
        "podpis",
        &[
            "podpis-operation",
            "podpis-extern-model",
            "podpis-diadoc-proto",
            "podpis-cms",
            "podpis-trust",
            "podpis-transport",
            "podpis-transport-reqwest",
            "podpis-core",
            "podpis-extern",
            "podpis-diadoc",
        ],
    ),
    // The sandbox must not inherit our misunderstandings, so it shares only the schema, the seam and the curves of GOST.
    (
        "podpis-sandbox",
        &["podpis-diadoc-proto", "podpis-gost", "podpis-transport"],
    ),
    (
        "podpis-cli",
        &["podpis", "podpis-journal-postgres", "podpis-sandbox"],
    ),
    ("xtask", &[]),
];

/// Uses whatever it tests.
const UNCONSTRAINED: &str = "podpis-tests";

/// Edges that the table does not allow, packages it does not know, and dev-dependencies that carry a version.
pub(super) fn check(metadata: &Metadata) -> Vec<Violation> {
    let mut violations = Vec::new();
    for package in metadata
        .members()
        .filter(|package| package.name != UNCONSTRAINED)
    {
        let name = package.name.as_str();
        let Some(allowed) = allowed(name) else {
            violations.push(Violation::new(
                name,
                "the package has no place among the layers",
                format!("give it a line in {TABLE}"),
            ));
            continue;
        };
        for dependency in package
            .dependencies
            .iter()
            .filter(|dependency| metadata.is_ours(&dependency.name))
        {
            let used = dependency.name.as_str();
            if dependency.kind.as_deref() == Some("dev") {
                violations.extend(versioned(name, used, &dependency.req));
            } else if !allowed.contains(&used) {
                violations.push(forbidden(name, used));
            }
        }
    }
    violations
}

/// May `name` use `used`?
pub(super) fn allows(name: &str, used: &str) -> bool {
    allowed(name).is_some_and(|allowed| allowed.contains(&used))
}

/// What `name` may use; `None` if the table does not know it.
fn allowed(name: &str) -> Option<&'static [&'static str]> {
    ALLOWED
        .iter()
        .find(|(package, _)| *package == name)
        .map(|(_, allowed)| *allowed)
}

fn forbidden(name: &str, used: &str) -> Violation {
    let rule = if allowed(used).is_some_and(|below| below.contains(&name)) {
        format!("depends on {used}, which is above it")
    } else {
        format!("must not depend on {used}")
    };
    Violation::new(
        name,
        rule,
        format!("remove the dependency, or move the code that needs it; the layers are in {TABLE}"),
    )
}

/// A dev-dependency with a version must be published before the package itself, which for a layer above is
/// impossible.
fn versioned(name: &str, used: &str, requirement: &str) -> Option<Violation> {
    let rule = format!("the dev-dependency on {used} carries a version");
    let fix =
        format!("write `{used} = {{ path = \"…\" }}` instead of `workspace = true` or a version");
    (requirement != "*").then(|| Violation::new(name, rule, fix))
}

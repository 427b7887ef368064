//! The rules about packages and what they depend on.

use serde_json::{Value, json};

use super::lines;
use crate::tidy::metadata::Metadata;
use crate::tidy::{dependencies, edges, reach};

/// A dependency: what is used, the version requirement, the kind.
type Used<'a> = (&'a str, &'a str, Option<&'a str>);

/// A package and its dependencies.
type Package<'a> = (&'a str, &'a [Used<'a>]);

/// Metadata of packages with these dependencies: (package, [(used, requirement, kind)]). Packages named
/// podpis… and xtask are members.
fn metadata(packages: &[Package<'_>]) -> Metadata {
    let ours = |name: &str| name.starts_with("podpis") || name == "xtask";
    let dependency = |(name, req, kind): &Used<'_>| json!({"name": name, "req": req, "kind": kind});
    let package = |(name, used): &Package<'_>| {
        let used: Vec<Value> = used.iter().map(dependency).collect();
        json!({"id": name, "name": name, "manifest_path": format!("/w/crates/{name}/Cargo.toml"), "dependencies": used})
    };
    let node = |(name, used): &Package<'_>| {
        let deps: Vec<Value> = used
            .iter()
            .map(|(name, _, kind)| json!({"pkg": name, "dep_kinds": [{"kind": kind}]}))
            .collect();
        json!({"id": name, "deps": deps})
    };
    let json = json!({
        "packages": packages.iter().map(package).collect::<Vec<_>>(),
        "workspace_members": packages.iter().map(|(name, _)| *name).filter(|name| ours(name)).collect::<Vec<_>>(),
        "workspace_root": "/w",
        "resolve": {"nodes": packages.iter().map(node).collect::<Vec<_>>()},
    });
    Metadata::parse(json.to_string().as_bytes()).unwrap()
}

#[test]
fn the_table_of_layers_has_no_cycle() {
    for (index, (name, allowed)) in edges::ALLOWED.iter().enumerate() {
        for used in *allowed {
            let below = edges::ALLOWED
                .iter()
                .position(|(package, _)| package == used);
            assert!(
                below.is_some_and(|below| below < index),
                "{name} → {used} does not point downwards"
            );
        }
    }
}

#[test]
fn an_upward_edge_is_named() {
    let upward = metadata(&[
        ("podpis-operation", &[("podpis-core", "=0.1.0", None)]),
        ("podpis-core", &[]),
    ]);
    assert_eq!(
        lines(edges::check(&upward)),
        [
            "podpis-operation: depends on podpis-core, which is above it; remove the dependency, or move the code that needs it; \
          the layers are in xtask/src/tidy/edges.rs"
        ]
    );
    let sideways = metadata(&[
        ("podpis-sandbox", &[("podpis-cms", "=0.1.0", None)]),
        ("podpis-cms", &[]),
    ]);
    assert!(
        lines(edges::check(&sideways))[0]
            .starts_with("podpis-sandbox: must not depend on podpis-cms;")
    );
    let build = metadata(&[
        ("xtask", &[("podpis", "*", Some("build"))]),
        ("podpis", &[]),
    ]);
    assert!(lines(edges::check(&build))[0].starts_with("xtask: must not depend on podpis;"));
    let fine = metadata(&[
        ("podpis-core", &[("podpis-operation", "=0.1.0", None)]),
        ("podpis-operation", &[]),
    ]);
    assert_eq!(edges::check(&fine), []);
}

#[test]
fn an_unknown_package_and_a_versioned_dev_dependency_are_named() {
    let unknown = metadata(&[("podpis-new", &[])]);
    assert_eq!(
        lines(edges::check(&unknown)),
        [
            "podpis-new: the package has no place among the layers; give it a line in xtask/src/tidy/edges.rs"
        ]
    );
    let dev = |req| {
        metadata(&[
            ("podpis-core", &[("podpis-sandbox", req, Some("dev"))]),
            ("podpis-sandbox", &[]),
        ])
    };
    assert_eq!(edges::check(&dev("*")), []);
    assert_eq!(
        lines(edges::check(&dev("=0.1.0"))),
        [
            "podpis-core: the dev-dependency on podpis-sandbox carries a version; \
          write `podpis-sandbox = { path = \"…\" }` instead of `workspace = true` or a version"
        ]
    );
}

#[test]
fn reaching_a_runtime_is_named_with_the_way() {
    let chain = |kind| {
        metadata(&[
            ("podpis-cms", &[("spki", "1", kind)]),
            ("spki", &[("tokio", "1", None)]),
            ("tokio", &[]),
        ])
    };
    assert_eq!(
        lines(reach::check(&chain(None))),
        [
            "podpis-cms: reaches tokio (podpis-cms → spki → tokio), yet it must be usable alone; \
          remove the first dependency on that way, or its feature"
        ]
    );
    assert_eq!(reach::check(&chain(Some("dev"))), []);
}

#[test]
fn a_second_door_is_named() {
    let twice = metadata(&[
        ("podpis-core", &[("reqwest", "0.13", None)]),
        ("podpis-transport-reqwest", &[("reqwest", "0.13", None)]),
    ]);
    assert_eq!(
        lines(dependencies::check(&twice)),
        [
            "podpis-core: depends on reqwest directly; only podpis-transport-reqwest may; use what it offers"
        ]
    );
    let server = metadata(&[
        ("podpis-cli", &[("axum", "0.8", None)]),
        ("podpis-tests", &[("axum", "0.8", None)]),
    ]);
    assert_eq!(lines(dependencies::check(&server)).len(), 1);
}

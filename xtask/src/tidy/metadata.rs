//! What cargo knows about the packages, reduced to what the rules ask.
//!
//! *Invariant:* dependencies are seen with all features on, so that an optional edge cannot hide.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

/// The output of `cargo metadata`.
#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    workspace_root: String,
    resolve: Resolve,
}

/// One package, ours or foreign.
#[derive(Debug, Deserialize)]
pub(super) struct Package {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) manifest_path: String,
    pub(super) dependencies: Vec<Dependency>,
}

/// One line of a manifest's dependencies.
#[derive(Debug, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// Version requirement; `*` when the manifest names none.
    pub(super) req: String,
    /// `None` for a normal dependency, otherwise `dev` or `build`.
    pub(super) kind: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<NodeDependency>,
}

#[derive(Debug, Deserialize)]
struct NodeDependency {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Debug, Deserialize)]
struct DependencyKind {
    kind: Option<String>,
}

impl Metadata {
    /// Reads the JSON of `cargo metadata`.
    pub(super) fn parse(json: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(json).map_err(|error| format!("cargo metadata: {error}"))
    }

    /// Our packages.
    pub(super) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| self.workspace_members.contains(&package.id))
    }

    /// Whether a package of this name is ours.
    pub(super) fn is_ours(&self, name: &str) -> bool {
        self.members().any(|member| member.name == name)
    }

    /// A path of cargo's, relative to the workspace.
    pub(super) fn relative(&self, path: &str) -> String {
        path.strip_prefix(&self.workspace_root)
            .unwrap_or(path)
            .trim_start_matches(['/', '\\'])
            .replace('\\', "/")
    }

    /// For each package that `member` reaches by normal dependencies, the names on the way to it, itself last.
    pub(super) fn reached_from(&self, member: &Package) -> BTreeMap<String, Vec<String>> {
        let names: BTreeMap<&str, &str> = self
            .packages
            .iter()
            .map(|p| (p.id.as_str(), p.name.as_str()))
            .collect();
        let mut ways = BTreeMap::from([(member.id.as_str(), Vec::new())]);
        let mut open = vec![member.id.as_str()];
        while let Some(id) = open.pop() {
            let way = ways.get(id).cloned().unwrap_or_default();
            let Some(node) = self.resolve.nodes.iter().find(|node| node.id == id) else {
                continue;
            };
            for next in node
                .deps
                .iter()
                .filter(|next| next.dep_kinds.iter().any(|kind| kind.kind.is_none()))
            {
                let id = next.pkg.as_str();
                if !ways.contains_key(id) {
                    let mut way = way.clone();
                    way.push(names.get(id).map_or(id, |name| *name).to_owned());
                    ways.insert(id, way);
                    open.push(id);
                }
            }
        }
        ways.into_values()
            .filter_map(|way| Some((way.last()?.clone(), way)))
            .collect()
    }
}

/// Asks cargo about the workspace at `root`. The lock file is only read: a check does not write.
pub(super) fn load(root: &Path) -> Result<Metadata, String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--format-version",
            "1",
            "--all-features",
            "--locked",
        ])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cargo metadata: {error}"))?;
    if output.status.success() {
        Metadata::parse(&output.stdout)
    } else {
        Err(format!(
            "cargo metadata: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        ))
    }
}

//! The crates that are published, as cargo reads their manifests.
//!
//! *Invariant:* a package is published unless its manifest says `publish = false`, and nothing else decides it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

/// The output of `cargo metadata --no-deps`.
#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Published>,
}

/// One package.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Published {
    pub(crate) name: String,
    pub(crate) version: String,
    description: Option<String>,
    license: Option<String>,
    readme: Option<String>,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    categories: Vec<String>,
    /// The oldest Rust that it promises to work with.
    pub(crate) rust_version: Option<String>,
    /// The features, and what each of them turns on.
    pub(crate) features: BTreeMap<String, Vec<String>>,
    pub(crate) dependencies: Vec<Dependency>,
    targets: Vec<Target>,
    /// The registries it may go to; `None` is any.
    publish: Option<Vec<String>>,
}

/// One line of a manifest's dependencies.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// Version requirement; `*` when the manifest names none.
    pub(crate) req: String,
    /// `None` for a normal dependency, otherwise `dev` or `build`.
    pub(crate) kind: Option<String>,
    pub(crate) features: Vec<String>,
    pub(crate) uses_default_features: bool,
}

/// Something that is built of a package.
#[derive(Clone, Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Published {
    /// Cargo's name for the package and for the folder in its archive.
    pub(crate) fn folder(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }

    /// The name of its library in code, if it has one.
    pub(crate) fn library(&self) -> Option<&str> {
        let is_library = |target: &&Target| target.kind.iter().any(|kind| kind == "lib");
        self.targets
            .iter()
            .find(is_library)
            .map(|target| target.name.as_str())
    }

    /// What is missing of it, otherwise.
    pub(crate) fn says_all_that_a_registry_shows(&self) -> Result<(), String> {
        let fields = [
            ("description", self.description.is_some()),
            ("license", self.license.is_some()),
            ("readme", self.readme.is_some()),
            ("keywords", !self.keywords.is_empty()),
            ("categories", !self.categories.is_empty()),
            ("rust-version", self.rust_version.is_some()),
        ];
        let missing: Vec<&str> = fields
            .into_iter()
            .filter_map(|(name, is_there)| (!is_there).then_some(name))
            .collect();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(format!("no {} in its Cargo.toml", missing.join(", no ")))
        }
    }
}

/// The published crates of the workspace at `root`, by name.
pub(crate) fn load(root: &Path) -> Result<Vec<Published>, String> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--no-deps", "--locked"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cargo metadata: {error}"))?;
    if output.status.success() {
        parse(&output.stdout)
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("cargo metadata: {}", said.trim()))
    }
}

/// Reads the JSON of `cargo metadata`.
pub(crate) fn parse(json: &[u8]) -> Result<Vec<Published>, String> {
    let metadata: Metadata =
        serde_json::from_slice(json).map_err(|error| format!("cargo metadata: {error}"))?;
    let mut packages = metadata.packages;
    packages.retain(|package| package.publish.as_ref().is_none_or(|to| !to.is_empty()));
    packages.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(packages)
}

/// The crate of this name, or all of them, with every crate of ours that they or their tests use. The names of the
/// former are what was asked for.
pub(crate) fn chosen<'a>(
    all: &'a [Published],
    only: Option<&'a str>,
) -> Result<(Vec<&'a Published>, Vec<&'a Published>), String> {
    let Some(only) = only else {
        return Ok((all.iter().collect(), all.iter().collect()));
    };
    let of = |name: &str| all.iter().find(|package| package.name == name);
    let Some(asked) = of(only) else {
        let names: Vec<&str> = all.iter().map(|package| package.name.as_str()).collect();
        let names = names.join(", ");
        return Err(format!(
            "no published crate is named {only}; there are: {names}"
        ));
    };
    let mut reached = BTreeSet::from([only]);
    let mut open = vec![asked];
    while let Some(package) = open.pop() {
        for used in package
            .dependencies
            .iter()
            .filter_map(|used| of(&used.name))
        {
            if reached.insert(&used.name) {
                open.push(used);
            }
        }
    }
    let with_others = all
        .iter()
        .filter(|package| reached.contains(package.name.as_str()))
        .collect();
    Ok((vec![asked], with_others))
}

#[cfg(test)]
mod tests {
    use super::{Published, chosen, parse};

    fn workspace() -> Vec<Published> {
        let dependency = |name: &str, kind: Option<&str>| {
            serde_json::json!({
                "name": name, "req": "*", "kind": kind, "features": [], "uses_default_features": true,
            })
        };
        let package = |name: &str,
                       publish: Option<&[&str]>,
                       kind: &str,
                       uses: &[serde_json::Value]| {
            serde_json::json!({
                "name": name, "version": "0.1.0", "rust_version": "1.89", "features": {}, "publish": publish,
                "targets": [{"name": name.replace('-', "_"), "kind": [kind]}], "dependencies": uses,
            })
        };
        let json = serde_json::json!({"packages": [
            package("the-program", None, "bin", &[dependency("top", None)]),
            package("top", None, "lib", &[dependency("below", None), dependency("serde", None)]),
            package("below", None, "lib", &[dependency("for-tests", Some("dev"))]),
            package("for-tests", None, "lib", &[]),
            package("alone", None, "lib", &[]),
            package("tools", Some(&[]), "bin", &[dependency("top", None)]),
        ]});
        parse(json.to_string().as_bytes()).unwrap()
    }

    fn names(packages: &[&Published]) -> Vec<String> {
        packages
            .iter()
            .map(|package| package.name.clone())
            .collect()
    }

    #[test]
    fn what_is_not_published_is_left_out() {
        let all = workspace();
        let (asked, with_others) = chosen(&all, None).unwrap();
        let expected = ["alone", "below", "for-tests", "the-program", "top"];
        assert_eq!(names(&asked), expected);
        assert_eq!(names(&with_others), expected);
    }

    #[test]
    fn a_crate_brings_along_what_it_and_the_tests_of_that_use() {
        let all = workspace();
        let (asked, with_others) = chosen(&all, Some("top")).unwrap();
        assert_eq!(names(&asked), ["top"]);
        assert_eq!(names(&with_others), ["below", "for-tests", "top"]);
        assert_eq!(
            chosen(&all, Some("tools")).unwrap_err(),
            "no published crate is named tools; there are: alone, below, for-tests, the-program, top"
        );
    }

    #[test]
    fn what_a_manifest_does_not_say_is_named() {
        let all = workspace();
        assert_eq!(
            all[0].says_all_that_a_registry_shows().unwrap_err(),
            "no description, no license, no readme, no keywords, no categories in its Cargo.toml"
        );
        let json = r#"{"packages": [{
            "name": "a", "version": "0.1.0", "description": "A", "license": "MIT", "readme": "README.md", "keywords": ["a"],
            "categories": ["a"], "rust_version": "1.89", "features": {}, "targets": [], "dependencies": []
        }]}"#;
        let complete = parse(json.as_bytes()).unwrap();
        assert_eq!(complete[0].says_all_that_a_registry_shows(), Ok(()));
    }

    #[test]
    fn a_program_has_no_library() {
        let libraries: Vec<Option<String>> = workspace()
            .iter()
            .map(|package| package.library().map(str::to_owned))
            .collect();
        let name = |name: &str| Some(name.to_owned());
        let expected = [
            name("alone"),
            name("below"),
            name("for_tests"),
            None,
            name("top"),
        ];
        assert_eq!(libraries, expected);
    }
}

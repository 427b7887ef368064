//! A workspace of unpacked packages, outside of this one.
//!
//! *Invariant:* nothing of this workspace is there but what the packages hold, the locked versions and the profiles. Our
//! crates use each other's packages as they would those of the registry.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::checks::succeeds;
use super::{Published, cargo};

/// The folder that holds it.
#[derive(Debug)]
pub(super) struct Outside(PathBuf);

impl Outside {
    /// Packages and unpacks.
    pub(super) fn make(root: &Path, packages: &[&Published]) -> Result<Self, String> {
        let mut pack = cargo(root, "package");
        pack.args(["--no-verify", "--allow-dirty", "--locked"]);
        for package in packages {
            pack.args(["--package", &package.name]);
        }
        succeeds(&mut pack)?;

        let folder = folder(root);
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(failed)?;
        }
        fs::create_dir_all(&folder).map_err(failed)?;
        for package in packages {
            let archive = super::output(root).join(format!("package/{}.crate", package.folder()));
            // Without -m all files would be of the same old date, and cargo would not see what changed.
            succeeds(
                Command::new("tar")
                    .arg("-xzmf")
                    .arg(archive)
                    .arg("-C")
                    .arg(&folder),
            )?;
            let path = folder.join(package.folder()).join("Cargo.toml");
            let manifest = fs::read_to_string(&path).map_err(failed)?;
            let manifest = manifest + &left_out_by_cargo(package, packages);
            fs::write(&path, manifest).map_err(failed)?;
        }
        let manifest = fs::read_to_string(root.join("Cargo.toml")).map_err(failed)?;
        fs::write(folder.join("Cargo.toml"), workspace(packages, &manifest)).map_err(failed)?;
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).map_err(failed)?;
        Ok(Self(folder))
    }

    /// Where it is.
    pub(super) fn folder(&self) -> &Path {
        &self.0
    }

    /// Takes it away.
    pub(super) fn remove(self) -> Result<(), String> {
        fs::remove_dir_all(&self.0).map_err(|error| format!("{}: {error}", self.0.display()))
    }
}

/// Always the same for a workspace, so that what was built of the foreign crates is used again.
fn folder(root: &Path) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    root.hash(&mut hasher);
    std::env::temp_dir().join(format!("podpis-packages-{:016x}", hasher.finish()))
}

/// The manifest of the workspace: its members, which stand for those of the registry, and the profiles of ours.
fn workspace(packages: &[&Published], ours: &str) -> String {
    let mut manifest = "[workspace]\nresolver = \"3\"\nmembers = [\n".to_owned();
    for package in packages {
        manifest.push_str(&format!("    \"{}\",\n", package.folder()));
    }
    manifest.push_str("]\n\n[patch.crates-io]\n");
    for package in packages {
        manifest.push_str(&format!(
            "{} = {{ path = \"{}\" }}\n",
            package.name,
            package.folder()
        ));
    }
    let mut is_profile = false;
    for line in ours.lines() {
        if line.starts_with('[') {
            is_profile = line.starts_with("[profile.");
        }
        if is_profile {
            manifest.push_str(line);
            manifest.push('\n');
        }
    }
    manifest
}

/// The development dependencies on crates of ours. Cargo leaves those without a version out of a package, because a
/// test may use a crate that is published later; a test cannot be built without them.
fn left_out_by_cargo(package: &Published, packages: &[&Published]) -> String {
    let mut manifest = String::new();
    for used in &package.dependencies {
        let ours = packages.iter().find(|other| other.name == used.name);
        if let (Some(ours), Some("dev"), "*") = (ours, used.kind.as_deref(), used.req.as_str()) {
            manifest.push_str(&format!(
                "\n[dev-dependencies.{}]\npath = \"../{}\"\nfeatures = {:?}\ndefault-features = {}\n",
                used.name,
                ours.folder(),
                used.features,
                used.uses_default_features
            ));
        }
    }
    manifest
}

#[cfg(test)]
mod tests {
    use super::{left_out_by_cargo, workspace};
    use crate::published::{Published, parse};

    fn packages() -> Vec<Published> {
        let dependency = |name: &str, req: &str, kind: Option<&str>, features: &[&str]| {
            serde_json::json!({
                "name": name, "req": req, "kind": kind, "features": features, "uses_default_features": true,
            })
        };
        let json = serde_json::json!({"packages": [
            {"name": "a", "version": "0.1.0", "targets": [], "features": {"more": []}, "dependencies": [
                dependency("a", "*", Some("dev"), &["more"]),
                dependency("b", "=0.2.0", None, &[]),
                dependency("serde", "^1", Some("dev"), &[]),
            ]},
            {"name": "b", "version": "0.2.0", "targets": [], "features": {}, "dependencies": []},
        ]});
        parse(json.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn the_workspace_has_the_packages_and_the_profiles() {
        let packages = packages();
        let packages: Vec<&Published> = packages.iter().collect();
        let ours = "[workspace]\nmembers = [\"x\"]\n\n[profile.dev]\ndebug = 1\n\n[lints]\nx = 1\n[profile.dev.package]\na = { opt-level = 3 }\n";
        let expected = r#"[workspace]
resolver = "3"
members = [
    "a-0.1.0",
    "b-0.2.0",
]

[patch.crates-io]
a = { path = "a-0.1.0" }
b = { path = "b-0.2.0" }
[profile.dev]
debug = 1

[profile.dev.package]
a = { opt-level = 3 }
"#;
        assert_eq!(workspace(&packages, ours), expected);
    }

    #[test]
    fn only_development_dependencies_of_ours_are_put_back() {
        let packages = packages();
        let packages: Vec<&Published> = packages.iter().collect();
        let expected = r#"
[dev-dependencies.a]
path = "../a-0.1.0"
features = ["more"]
default-features = true
"#;
        assert_eq!(left_out_by_cargo(packages[0], &packages), expected);
        assert_eq!(left_out_by_cargo(packages[1], &packages), "");
    }
}

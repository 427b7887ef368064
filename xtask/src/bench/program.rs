//! Builds a benchmark's program against a tree.
//!
//! *Invariant:* the benchmark's text is always this tree's; podpis, the locked versions and the release profile
//! are those of the tree that is measured. A crate of podpis that the tree does not have is left out and named.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::PACKAGE;
use super::tree::Tree;

/// Complains, with what there is, if no benchmark has this name.
pub(super) fn exists(root: &Path, name: &str) -> Result<(), String> {
    let folder = root.join(PACKAGE).join("src/bin");
    let mut names = fs::read_dir(&folder)
        .and_then(|entries| {
            entries
                .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
                .collect::<Result<Vec<_>, std::io::Error>>()
        })
        .map_err(|error| format!("{}: {error}", folder.display()))?;
    names.sort();
    if names.iter().any(|known| known == name) {
        Ok(())
    } else {
        Err(format!(
            "no benchmark is named {name}; there are: {}",
            names.join(", ")
        ))
    }
}

/// Builds it in release and gives the path of the program.
pub(super) fn build(root: &Path, tree: &Tree, name: &str) -> Result<PathBuf, String> {
    let package = tree.folder().join(PACKAGE);
    let profile = tree.output().join("profile.toml");
    prepare(root, tree, &package, &profile)
        .map_err(|error| format!("{}: {error}", tree.label()))?;
    eprintln!("build {name} at {}", tree.label());
    let cargo = |command: &str| {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let mut cargo = Command::new(cargo);
        cargo.args([command, "--manifest-path"]);
        cargo.arg(package.join("Cargo.toml"));
        cargo.current_dir(tree.folder()).stdout(Stdio::null());
        cargo
    };
    // The lock lacks what only the benchmarks use. All else stays as locked, and the registry is asked only
    // if it was never asked before.
    let mut lock = cargo("update");
    lock.args(["--workspace", "--offline"])
        .stderr(Stdio::null());
    if !succeeds(&mut lock)? && !succeeds(cargo("update").arg("--workspace"))? {
        return Err(format!("the lock of {} is of no use", tree.label()));
    }
    let output = tree.output().join("build");
    let mut build = cargo("build");
    // An optional crate of podpis is a feature; where the tree lacks the crate there is no such feature.
    build.args(["--locked", "--release", "--all-features", "--bin", name]);
    build.arg("--target-dir").arg(&output);
    build.arg("--config").arg(&profile);
    if !succeeds(&mut build)? {
        return Err(format!(
            "{name} does not build at {}; a benchmark calls only what both revisions have",
            tree.label()
        ));
    }
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    Ok(output.join("release").join(file))
}

fn succeeds(command: &mut Command) -> Result<bool, String> {
    let status = command.status();
    let status = status.map_err(|error| format!("cargo: {error}"))?;
    Ok(status.success())
}

/// Puts text, lock and profile in their places.
fn prepare(root: &Path, tree: &Tree, package: &Path, profile: &Path) -> std::io::Result<()> {
    if tree.is_checked_out() {
        if package.exists() {
            fs::remove_dir_all(package)?;
        }
        copy(&root.join(PACKAGE), package)?;
        let path = package.join("Cargo.toml");
        let (manifest, left_out) = present(&fs::read_to_string(&path)?, package);
        fs::write(path, manifest)?;
        for name in left_out {
            eprintln!("{name} is not there at {}", tree.label());
        }
    }
    fs::copy(tree.folder().join("Cargo.lock"), package.join("Cargo.lock"))?;
    let manifest = fs::read_to_string(tree.folder().join("Cargo.toml"))?;
    fs::create_dir_all(tree.output())?;
    fs::write(profile, release_profile(&manifest))
}

/// A folder with all that is in it.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The manifest without the dependencies whose folder is not there, and their names. Such a dependency stands on one
/// line, `name = { path = "folder", … }`, with the folder as seen from the package.
fn present(manifest: &str, package: &Path) -> (String, Vec<String>) {
    let mut kept = String::new();
    let mut left_out = Vec::new();
    for line in manifest.lines() {
        let dependency = line
            .split_once(" = { path = \"")
            .and_then(|(name, rest)| Some((name, rest.split_once('"')?.0)));
        match dependency {
            Some((name, folder)) if !package.join(folder).exists() => {
                left_out.push(name.to_owned());
            }
            _ => {
                kept.push_str(line);
                kept.push('\n');
            }
        }
    }
    (kept, left_out)
}

/// The sections of a manifest that say how a release is built, as a configuration for cargo.
fn release_profile(manifest: &str) -> String {
    let mut inside = false;
    let mut sections = String::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.starts_with("[profile.release]") || line.starts_with("[profile.release.");
        }
        if inside {
            sections.push_str(line);
            sections.push('\n');
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{exists, prepare, present, release_profile};
    use crate::bench::tree::Tree;

    #[test]
    fn only_the_release_profile_is_taken() {
        let manifest = "\
[workspace]
members = []
[profile.dev]
debug = 1
[profile.release]
lto = \"thin\"

[profile.release.package.p256]
opt-level = 3
[profile.release-small]
opt-level = 's'
";
        let expected = "\
[profile.release]
lto = \"thin\"

[profile.release.package.p256]
opt-level = 3
";
        assert_eq!(release_profile(manifest), expected);
        assert_eq!(release_profile("[workspace]\n"), "");
    }

    #[test]
    fn a_crate_that_is_not_there_is_left_out_and_named() {
        let folder = tempfile::tempdir().unwrap();
        let package = folder.path().join("xtask/bench");
        fs::create_dir_all(&package).unwrap();
        fs::create_dir_all(folder.path().join("crates/podpis")).unwrap();
        let manifest = "\
[dependencies]
podpis = { path = \"../../crates/podpis\" }
podpis-trust = { path = \"../../crates/podpis-trust\", optional = true }
der = { version = \"0.7\" }
";
        let expected = "\
[dependencies]
podpis = { path = \"../../crates/podpis\" }
der = { version = \"0.7\" }
";
        let left_out = vec!["podpis-trust".to_owned()];
        assert_eq!(present(manifest, &package), (expected.to_owned(), left_out));
    }

    #[test]
    fn an_unknown_benchmark_is_answered_with_those_there_are() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["gost", "cms"] {
            fs::create_dir_all(folder.path().join("xtask/bench/src/bin").join(name)).unwrap();
        }
        assert_eq!(exists(folder.path(), "cms"), Ok(()));
        let complaint = exists(folder.path(), "cm").unwrap_err();
        assert_eq!(complaint, "no benchmark is named cm; there are: cms, gost");
    }

    #[test]
    fn this_trees_lock_and_profile_are_put_beside_its_benchmarks() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let package = root.join("xtask/bench");
        fs::create_dir_all(package.join("src")).unwrap();
        fs::write(package.join("src/lib.rs"), "//! Frame.").unwrap();
        fs::write(root.join("Cargo.lock"), "locked").unwrap();
        fs::write(root.join("Cargo.toml"), "[profile.release]\nlto = true\n").unwrap();
        let tree = Tree::this(root);
        let profile = tree.output().join("profile.toml");
        prepare(root, &tree, &package, &profile).unwrap();
        let read = |path: &std::path::Path| fs::read_to_string(path).unwrap();
        assert_eq!(read(&package.join("Cargo.lock")), "locked");
        assert_eq!(read(&profile), "[profile.release]\nlto = true\n");
        assert_eq!(read(&package.join("src/lib.rs")), "//! Frame.");
    }
}

//! Checks that what is published can be used: as packages outside of this workspace, with every choice of features, with the
//! oldest Rust that is promised, and with documentation that has no warning.
//!
//! *Invariant:* a crate passes when its package alone, with those of its siblings, builds and passes its tests where nothing
//! else of this workspace can be found.

mod checks;
mod features;
mod outside;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use checks::{Checks, succeeds, succeeds_without_a_warning};
use outside::Outside;

use crate::published::{self, Published};

/// The crate whose features are tried.
const FACADE: &str = "podpis";

/// Checks the published crates, or only the one that is named.
pub(crate) fn check(root: &Path, only: Option<&str>) -> Result<String, Vec<String>> {
    let all = published::load(root).map_err(|error| vec![error])?;
    let (asked, with_others) = published::chosen(&all, only).map_err(|error| vec![error])?;
    let mut checks = Checks::default();
    for package in &asked {
        let name = format!("manifest of {}", package.name);
        checks.made(&name, package.says_all_that_a_registry_shows());
    }
    if let Some(facade) = asked.iter().find(|package| package.name == FACADE) {
        compile_features(root, facade, &mut checks);
    }
    check_with_oldest_rust(root, &asked, &mut checks);
    document(root, &asked, &mut checks);
    use_packages(root, &asked, &with_others, &mut checks);
    checks.summary().map_err(|summary| vec![summary])
}

/// The library of the facade with each set of features.
fn compile_features(root: &Path, facade: &Published, checks: &mut Checks) {
    for set in features::sets(facade) {
        let mut check = cargo(root, "check");
        check.args(["--locked", "--lib", "--package", &facade.name]);
        check.args(["--no-default-features", "--features", &set]);
        let shown = if set.is_empty() { "none" } else { &set };
        checks.made(
            &format!("features of {}: {shown}", facade.name),
            succeeds(&mut check),
        );
    }
}

/// All crates that promise the same Rust at once.
fn check_with_oldest_rust(root: &Path, asked: &[&Published], checks: &mut Checks) {
    let mut promised: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in asked {
        if let Some(version) = &package.rust_version {
            promised.entry(version).or_default().push(&package.name);
        }
    }
    for (version, names) in promised {
        let name = format!("Rust {version}");
        let with_it = |command: &str| {
            let mut with_it = Command::new("rustup");
            with_it.args(["run", version, "cargo", command]);
            with_it.current_dir(root);
            with_it
        };
        if succeeds(&mut with_it("version")).is_err() {
            let why = format!("`rustup toolchain install {version} --profile minimal` first");
            checks.left_out(&name, &why);
            continue;
        }
        let mut check = with_it("check");
        check.args(["--locked", "--all-features", "--target-dir"]);
        check.arg(output(root));
        for name in names {
            check.args(["--package", name]);
        }
        checks.made(&name, succeeds(&mut check));
    }
}

/// All crates at once, because the pages of one can overwrite those of another.
fn document(root: &Path, asked: &[&Published], checks: &mut Checks) {
    let mut doc = cargo(root, "doc");
    doc.args(["--locked", "--no-deps"]);
    doc.env("RUSTDOCFLAGS", "-D warnings");
    for package in asked {
        doc.args(["--package", &package.name]);
    }
    checks.made("documentation", succeeds_without_a_warning(&mut doc));
}

/// Each crate from its package, outside.
fn use_packages(
    root: &Path,
    asked: &[&Published],
    with_others: &[&Published],
    checks: &mut Checks,
) {
    let outside = match Outside::make(root, with_others) {
        Ok(outside) => outside,
        Err(error) => {
            checks.made("packages are made and unpacked", Err(error));
            return;
        }
    };
    checks.made("packages are made and unpacked", Ok(()));
    let mut all_passed = true;
    for package in asked {
        for (command, what) in [("build", "builds"), ("test", "passes its tests")] {
            let mut cargo = Command::new("cargo");
            cargo.args([command, "--package", &package.name, "--target-dir"]);
            cargo.arg(output(root)).current_dir(outside.folder());
            all_passed &= checks.made(
                &format!("package of {} {what}", package.name),
                succeeds(&mut cargo),
            );
        }
    }
    if all_passed {
        if let Err(error) = outside.remove() {
            checks.made("packages are taken away", Err(error));
        }
    } else {
        println!(
            "          the packages are in {}",
            outside.folder().display()
        );
    }
}

/// Cargo in this workspace, with the output of these checks.
fn cargo(root: &Path, command: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.arg(command).arg("--target-dir").arg(output(root));
    cargo.current_dir(root);
    cargo
}

/// Where cargo puts what it makes for these checks.
fn output(root: &Path) -> PathBuf {
    root.join("target/packages")
}

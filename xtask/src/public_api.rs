//! Lists the public items of the library crates, so that a change of what users see is seen in review.
//!
//! *Invariant:* a listing is made of what rustdoc says with all features on but that for authors of kinds of operations.
//! Impls that the compiler makes of itself (auto traits) and those for every type (blanket impls) are left out; everything
//! else is a line. What is counted is what a user must know by name: types, functions, methods, constants and traits.

use std::path::{Path, PathBuf};
use std::process::Command;

use public_api::Builder;

use crate::freshness::{self, Files};
use crate::published::{self, Published};

/// Where the listings are.
const FOLDER: &str = "xtask/public-api";

/// Writes what is stale.
const COMMAND: &str = "cargo xtask public-api";

/// The toolchain whose rustdoc writes JSON.
const TOOLCHAIN: &str = "nightly";

/// The feature for authors of kinds of operations.
const FOR_AUTHORS: &str = "kinds";

/// The crates by which a program talks to the services; their sum is shown.
const CLIENTS: [&str; 2] = ["podpis-extern", "podpis-diadoc"];

/// Writes the listings; gives a table of how many items each crate has.
pub(crate) fn write(root: &Path) -> Result<String, Vec<String>> {
    let files = listings(root).map_err(|error| vec![error])?;
    let changed = freshness::write(&files, &root.join(FOLDER)).map_err(|error| vec![error])?;
    Ok(format!(
        "{}\npublic-api: {} listings, {changed} changed",
        table(&files),
        files.len()
    ))
}

/// Compares the listings with what would be written; each difference is a line.
pub(crate) fn check(root: &Path) -> Result<String, Vec<String>> {
    let files = listings(root).map_err(|error| vec![error])?;
    let stale = freshness::stale(&files, root, Path::new(FOLDER), COMMAND);
    if stale.is_empty() {
        Ok(format!(
            "{}\npublic-api: {} listings are up to date",
            table(&files),
            files.len()
        ))
    } else {
        Err(stale)
    }
}

/// A listing for each published library, by file name.
fn listings(root: &Path) -> Result<Files, String> {
    let mut files = Files::new();
    for package in published::load(root)? {
        if let Some(library) = package.library() {
            let json = describe(root, &package, library)?;
            let listing = listing(&json).map_err(|error| format!("{}: {error}", package.name))?;
            files.insert(
                PathBuf::from(format!("{}.txt", package.name)),
                listing.into_bytes(),
            );
        }
    }
    Ok(files)
}

/// Has rustdoc describe a library; gives the path of the JSON.
fn describe(root: &Path, package: &Published, library: &str) -> Result<PathBuf, String> {
    let output = root.join("target/public-api");
    let features: Vec<&str> = package.features.keys().map(String::as_str).collect();
    let features: Vec<&str> = features
        .into_iter()
        .filter(|name| *name != FOR_AUTHORS)
        .collect();
    let said = Command::new("rustup")
        .args(["run", TOOLCHAIN, "cargo", "rustdoc", "--lib", "--locked"])
        .args(["--package", &package.name])
        .args(["--features", &features.join(",")])
        .arg("--target-dir")
        .arg(&output)
        .args(["--", "-Z", "unstable-options", "--output-format", "json"])
        .args(["--cap-lints", "allow"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("rustup: {error}"))?;
    if said.status.success() {
        Ok(output.join(format!("doc/{library}.json")))
    } else {
        Err(format!(
            "{}: {}",
            package.name,
            String::from_utf8_lossy(&said.stderr).trim()
        ))
    }
}

/// A line for each item.
fn listing(json: &Path) -> Result<String, String> {
    let api = Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()
        .map_err(|error| error.to_string())?;
    Ok(api.items().map(|item| format!("{item}\n")).collect())
}

/// How many of a listing's lines are types, functions, methods, constants and traits. Fields, variants, modules and what
/// an impl of a trait brings are not counted: the type or the trait has them.
fn named(listing: &str) -> usize {
    // The type that the last impl of a trait is for: what follows under its path came by the trait.
    let mut implementing: Option<&str> = None;
    let mut count = 0;
    for line in listing.lines() {
        let line = line.trim_start_matches("#[non_exhaustive] ");
        if line.starts_with("impl") {
            let target = line.split_once(" for ").map(|(_, target)| target);
            implementing = target.map(|target| target.split(['<', ' ']).next().unwrap_or(target));
            continue;
        }
        let mut words = line
            .split(' ')
            .skip(1)
            .skip_while(|word| ["async", "unsafe"].contains(word));
        let (word, mut name) = (
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
        );
        if word == "const" && name == "fn" {
            name = words.next().unwrap_or_default();
        }
        let by_a_trait = implementing.is_some_and(|target| {
            name.strip_prefix(target)
                .is_some_and(|rest| rest.starts_with([':', '<']))
        });
        let is_named = [
            "struct", "enum", "trait", "union", "fn", "const", "static", "type", "macro",
        ];
        count += usize::from(is_named.contains(&word) && !by_a_trait);
    }
    count
}

/// How many items each crate has, and the clients together.
fn table(files: &Files) -> String {
    let counts: Vec<(String, usize)> = files
        .iter()
        .map(|(path, listing)| {
            let name = path.with_extension("").display().to_string();
            (name, named(&String::from_utf8_lossy(listing)))
        })
        .collect();
    let clients = counts
        .iter()
        .filter(|(name, _)| CLIENTS.contains(&name.as_str()))
        .map(|(_, count)| count)
        .sum();
    let sum = (CLIENTS.join(" + "), clients);
    let rows = || counts.iter().chain([&sum]);
    let width = rows().map(|(name, _)| name.len()).max().unwrap_or(0);
    let lines: Vec<String> = rows()
        .map(|(name, count)| format!("{name:<width$}  {count:>5}"))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Files, table};

    #[test]
    fn the_items_of_each_crate_are_counted_and_those_of_the_clients_added() {
        let file = |name: &str, listing: &str| (PathBuf::from(name), listing.as_bytes().to_vec());
        let files = Files::from([
            file("podpis-core.txt", "pub mod podpis_core\n"),
            file(
                "podpis-diadoc.txt",
                "pub mod a\n#[non_exhaustive] pub struct a::B\npub a::B::field: u8\nimpl a::B\npub fn a::B::new() -> Self\n\
                 impl core::fmt::Debug for a::B\npub fn a::B::fmt(&self)\npub const a::LIMIT: u8\npub fn a::b()\n",
            ),
            file("podpis-extern.txt", "pub mod c\npub const fn c::d()\n"),
        ]);
        let expected = "\
podpis-core                        0
podpis-diadoc                      4
podpis-extern                      1
podpis-extern + podpis-diadoc      5";
        assert_eq!(table(&files), expected);
    }
}

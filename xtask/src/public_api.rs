//! Lists the public items of the library crates, so that a change of what users see is seen in review.
//!
//! *Invariant:* a listing is made of what rustdoc says with all features on. Impls that the compiler makes of itself (auto
//! traits) and those for every type (blanket impls) are left out; everything else is a line.

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
    let said = Command::new("rustup")
        .args(["run", TOOLCHAIN, "cargo", "rustdoc", "--lib", "--locked"])
        .args(["--all-features", "--package", &package.name])
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

/// How many items each crate has, and the clients together.
fn table(files: &Files) -> String {
    let counts: Vec<(String, usize)> = files
        .iter()
        .map(|(path, listing)| {
            let name = path.with_extension("").display().to_string();
            (name, listing.iter().filter(|byte| **byte == b'\n').count())
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
            file("podpis-diadoc.txt", "pub mod a\npub fn a::b()\n"),
            file("podpis-extern.txt", "pub mod c\n"),
        ]);
        let expected = "\
podpis-core                        1
podpis-diadoc                      2
podpis-extern                      1
podpis-extern + podpis-diadoc      3";
        assert_eq!(table(&files), expected);
    }
}

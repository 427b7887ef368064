//! The structs themselves, as prost-build writes them, one file per package.
//!
//! *Invariant:* enums reach prost as plain `int32`. prost's accessor for an enum field turns a number it does
//! not know into the default; with `int32` there is no such accessor, and the open enums take its place.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use prost_build::{Config, Module};

use super::schema::Schema;
use super::{Files, HEADER, names, open_enums};

/// One file for each package, nested as prost's `super::` paths expect.
pub(crate) fn render(schema: &Schema) -> Result<Files, String> {
    let mut packages = structs(schema)?;
    for (package, text) in open_enums::render(schema)? {
        packages.entry(package).or_default().push_str(&text);
    }
    let children = children(packages.keys());
    let mut files = Files::new();
    for (modules, below) in &children {
        let body = packages.get(modules).map_or("", String::as_str);
        let mut path = PathBuf::from("messages");
        path.extend(modules);
        path.set_extension("rs");
        files.insert(
            path,
            format!("{HEADER}{}{body}", heading(schema, modules, below)).into_bytes(),
        );
    }
    Ok(files)
}

/// prost's output by the modules of its package.
fn structs(schema: &Schema) -> Result<BTreeMap<Vec<String>, String>, String> {
    let mut config = Config::new();
    config.bytes(["."]);
    config.skip_debug(["."]);
    let mut packages = BTreeMap::new();
    let mut requests = Vec::new();
    for file in &schema.files.file {
        let mut file = file.clone();
        open_enums::read_as_int32(schema, &mut file);
        let module = Module::from_protobuf_package_name(file.package());
        packages.insert(module.clone(), names::modules(schema, file.package()));
        requests.push((module, file));
    }
    let texts = config
        .generate(requests)
        .map_err(|error| format!("prost-build: {error}"))?;
    let place = |(module, text)| packages.get(&module).map(|modules| (modules.clone(), text));
    Ok(texts.into_iter().filter_map(place).collect())
}

/// Every module there has to be, also those between packages, with the names of the modules right below it.
fn children<'a>(
    packages: impl Iterator<Item = &'a Vec<String>>,
) -> BTreeMap<Vec<String>, BTreeSet<String>> {
    let mut children: BTreeMap<Vec<String>, BTreeSet<String>> =
        BTreeMap::from([(Vec::new(), BTreeSet::new())]);
    for package in packages {
        for (depth, name) in package.iter().enumerate() {
            children
                .entry(package[..depth].to_vec())
                .or_default()
                .insert(name.clone());
            children.entry(package[..=depth].to_vec()).or_default();
        }
    }
    children
}

/// The documentation of the file and the modules below it.
fn heading(schema: &Schema, modules: &[String], below: &BTreeSet<String>) -> String {
    let package = schema
        .files
        .file
        .iter()
        .map(|file| file.package())
        .find(|p| names::modules(schema, p) == modules);
    let mut heading = match package {
        Some(package) => format!("//! Messages of the protobuf package `{package}`.\n\n"),
        None => String::from("//! Holds the packages below; has no messages of its own.\n\n"),
    };
    for name in below {
        heading.push_str(&format!("pub mod {name};\n"));
    }
    heading
}

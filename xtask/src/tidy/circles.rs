//! No file of a crate uses a file that uses it.
//!
//! Files are the nodes. What a file names from another one by a path that begins with `crate`, `self`, `super`, a module
//! below it or a module that it imported is an edge to the file in which that is written down. `mod` declares and
//! `pub use` gives an address: neither is a use, and whoever goes by the address depends on the file behind it. Tests do
//! not count.
//!
//! *Invariant:* a path that cannot be followed is no edge, so the rule may miss a circle, and never makes one up.

use std::collections::{BTreeMap, BTreeSet};

use super::Violation;
use super::rust_text::{is_name, without_comments_and_literals, without_test_items};
use super::source_files::SourceFile;

/// The crates that are checked.
const CRATES: &[&str] = &["podpis-sandbox"];

type Path = Vec<String>;

/// A circle in each checked crate that has one.
pub(super) fn check(files: &[SourceFile]) -> Vec<Violation> {
    let of_crate = |name: &&str| circle(files, &format!("crates/{name}/src/"));
    CRATES.iter().filter_map(of_crate).collect()
}

fn circle(files: &[SourceFile], source: &str) -> Option<Violation> {
    let modules: BTreeMap<Path, (&str, Module)> = files
        .iter()
        .filter_map(|file| Some((module_path(file.path.strip_prefix(source)?), file)))
        .map(|(path, file)| (path, (file.path.as_str(), Module::read(&file.text))))
        .collect();
    let mut edges: BTreeMap<&Path, BTreeSet<&Path>> = BTreeMap::new();
    for (path, (_, module)) in &modules {
        let used = module.used(path, &modules);
        edges.insert(path, used.into_iter().filter(|one| *one != path).collect());
    }
    // What uses nothing that is left is in no circle.
    while let Some(done) = edges
        .iter()
        .find(|(_, used)| !used.iter().any(|one| edges.contains_key(*one)))
        .map(|(path, _)| *path)
    {
        edges.remove(done);
    }
    let mut way: Vec<&Path> = edges.keys().next().copied().into_iter().collect();
    while let Some(next) = way
        .last()
        .and_then(|last| edges[*last].iter().find(|one| edges.contains_key(**one)))
    {
        if let Some(start) = way.iter().position(|one| one == next) {
            let names: Vec<&str> = way[start..].iter().map(|one| modules[*one].0).collect();
            let rule = format!("is in a circle of uses: {}", names.join(", "));
            let fix = "move what both need into a file below them";
            return Some(Violation::new(names[0], rule, fix));
        }
        way.push(next);
    }
    None
}

fn module_path(file: &str) -> Path {
    let name = file.trim_end_matches(".rs");
    let name = name.strip_suffix("/mod").unwrap_or(name);
    match name {
        "lib" | "main" => Path::new(),
        _ => name.split('/').map(str::to_owned).collect(),
    }
}

/// What a file says about others.
#[derive(Debug, Default)]
struct Module {
    /// Paths with the names under which they are imported.
    imports: Vec<(String, Path)>,
    /// The same, for others.
    addresses: Vec<(String, Path)>,
    /// Paths in the code.
    paths: Vec<Path>,
}

impl Module {
    fn read(text: &str) -> Self {
        let code = without_test_items(&without_comments_and_literals(text));
        let tokens = tokens(&code);
        let mut module = Self::default();
        let mut is_public = false;
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token.as_str() {
                "pub" => {
                    is_public = true;
                    at += 1;
                    if tokens.get(at).is_some_and(|next| next == "(") {
                        at = after(&tokens, at, ")");
                    }
                    continue;
                }
                "use" => {
                    let end = after(&tokens, at, ";");
                    let names = if is_public {
                        &mut module.addresses
                    } else {
                        &mut module.imports
                    };
                    imported(&tokens[at + 1..end - 1], &[], names);
                    at = end;
                }
                first if first.starts_with(is_name) => {
                    let mut path = vec![first.to_owned()];
                    at += 1;
                    while tokens.get(at).is_some_and(|next| next == "::")
                        && let Some(name) =
                            tokens.get(at + 1).filter(|name| name.starts_with(is_name))
                    {
                        path.push(name.clone());
                        at += 2;
                    }
                    if path.len() > 1 {
                        module.paths.push(path);
                    }
                }
                "::" | "." => at += 2,
                _ => at += 1,
            }
            is_public = false;
        }
        module
    }

    /// The files behind all paths.
    fn used<'m>(
        &self,
        own: &Path,
        modules: &'m BTreeMap<Path, (&str, Self)>,
    ) -> BTreeSet<&'m Path> {
        let mut used = BTreeSet::new();
        for (_, path) in &self.imports {
            // To import a module is not yet to use something of it.
            used.extend(item(own, path, modules).filter(|(_, rest)| *rest > 0));
        }
        for path in &self.paths {
            let imported = self.imports.iter().find(|(name, _)| *name == path[0]);
            let whole = imported.map(|(_, known)| [known, &path[1..]].concat());
            let path = whole.as_ref().unwrap_or(path);
            used.extend(item(own, path, modules).filter(|(_, rest)| *rest > 0));
        }
        used.into_iter().map(|(path, _)| path).collect()
    }
}

/// The file in which what a path names is written down, and how much of the path is inside it.
fn item<'m>(
    own: &Path,
    path: &[String],
    modules: &'m BTreeMap<Path, (&str, Module)>,
) -> Option<(&'m Path, usize)> {
    let (mut base, mut rest) = match path.first()?.as_str() {
        "crate" => (Path::new(), path[1..].to_vec()),
        "self" => (own.clone(), path[1..].to_vec()),
        "super" => (own.clone(), path.to_vec()),
        first => {
            let below = [own.as_slice(), &[first.to_owned()]].concat();
            modules.get(&below)?;
            (own.clone(), path.to_vec())
        }
    };
    // As many steps as anybody writes; addresses that lead in a circle are an error of the compiler.
    for _ in 0..64 {
        let Some(first) = rest.first().cloned() else {
            break;
        };
        let below = [base.as_slice(), std::slice::from_ref(&first)].concat();
        let (_, module) = modules.get(&base)?;
        if first == "super" {
            base.pop();
            rest.remove(0);
        } else if modules.contains_key(&below) {
            base = below;
            rest.remove(0);
        } else if let Some((_, address)) = module.addresses.iter().find(|(name, _)| *name == first)
        {
            let whole = [address.as_slice(), &rest[1..]].concat();
            let is_of_crate = ["crate", "self", "super"].contains(&whole[0].as_str());
            let below = [base.as_slice(), &whole[..1]].concat();
            if !is_of_crate && !modules.contains_key(&below) {
                return None;
            }
            rest = whole;
            match rest[0].as_str() {
                "crate" => {
                    base = Path::new();
                    rest.remove(0);
                }
                "self" => drop(rest.remove(0)),
                _ => {}
            }
        } else {
            break;
        }
    }
    let (path, _) = modules.get_key_value(&base)?;
    Some((path, rest.len()))
}

/// Takes a tree of imports apart.
fn imported(tokens: &[String], before: &[String], names: &mut Vec<(String, Path)>) {
    let mut path = before.to_vec();
    let mut at = 0;
    let mut alias = None;
    while let Some(token) = tokens.get(at) {
        match token.as_str() {
            "{" => {
                let end = after(tokens, at, "}");
                let inside = &tokens[at + 1..end - 1];
                let mut depth = 0_usize;
                let parts = inside.split(|token| {
                    depth += usize::from(token == "{");
                    depth -= usize::from(token == "}");
                    depth == 0 && token == ","
                });
                for part in parts.filter(|part| !part.is_empty()) {
                    imported(part, &path, names);
                }
                return;
            }
            "as" => {
                alias = tokens.get(at + 1).cloned();
                break;
            }
            "self" if !before.is_empty() => {}
            name if name.starts_with(is_name) => path.push(name.to_owned()),
            _ => {}
        }
        at += 1;
    }
    if let Some(name) = alias.or_else(|| path.last().cloned()) {
        names.push((name, path));
    }
}

/// The place behind the token that closes what begins at `start`.
fn after(tokens: &[String], start: usize, close: &str) -> usize {
    let open = &tokens[start];
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(start) {
        if token == open && open != "use" {
            depth += 1;
        } else if token == close {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at + 1;
            }
        }
    }
    tokens.len()
}

/// Names, `::` and single signs.
fn tokens(code: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut in_name = false;
    for sign in code.chars() {
        let continues = (in_name && is_name(sign))
            || (sign == ':' && tokens.last().is_some_and(|last| last == ":"));
        match tokens.last_mut() {
            Some(last) if continues => last.push(sign),
            _ if sign.is_whitespace() => {}
            _ => tokens.push(sign.to_string()),
        }
        in_name = is_name(sign);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::{SourceFile, check};

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<SourceFile> = files
            .iter()
            .map(|(path, text)| SourceFile {
                path: format!("crates/podpis-sandbox/src/{path}"),
                text: (*text).to_owned(),
            })
            .collect();
        check(&files).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_circle_is_named_whichever_way_its_files_name_each_other() {
        let lib = ("lib.rs", "mod one;\nmod two;\n");
        for (one, two) in [
            ("use crate::two::Two;", "use crate::one::One;"),
            (
                "use super::two::{self, Two as Other};",
                "fn f() { crate::one::g(); }",
            ),
            (
                "use crate::two;\nfn g() { two::f(); }",
                "use super::one::{One, g as h};",
            ),
            (
                "use crate::{other::X, two::Two};",
                "struct Two(super::one::One);",
            ),
        ] {
            let found = found(&[lib, ("one.rs", one), ("two.rs", two)]);
            let names = "crates/podpis-sandbox/src/one.rs, crates/podpis-sandbox/src/two.rs";
            assert_eq!(found.len(), 1, "{one} {two}");
            assert!(
                found[0].contains(&format!("circle of uses: {names};")),
                "{found:?}"
            );
        }
    }

    #[test]
    fn declarations_addresses_and_tests_are_no_uses() {
        let parent = "mod low;\nmod high;\npub(crate) use high::High;\npub use low::Low as Deep;\n";
        let low =
            "pub(in crate::room) struct Low;\n#[cfg(test)]\nmod tests { use crate::room::High; }\n";
        let high = "use super::Deep;\nuse super::low;\n// crate::user\nstruct High(Deep);\n";
        let user = "use crate::room::{Deep, High};\nuse std::fmt::{self, Debug};\nfn f(_: fmt::Error) {}\n";
        let files = [
            ("lib.rs", "mod room;\nmod user;\npub use user::f;\n"),
            ("room/mod.rs", parent),
            ("room/low.rs", low),
            ("room/high.rs", high),
            ("user.rs", user),
        ];
        assert_eq!(found(&files), [""; 0]);

        let mut files = files;
        files[2].1 = "use crate::user::f;\npub(crate) struct Low;\n";
        let found = found(&files);
        assert_eq!(found.len(), 1, "through an address: {found:?}");
    }

    #[test]
    fn other_crates_may_do_as_they_like() {
        let file = |path: &str, text: &str| SourceFile {
            path: format!("crates/podpis-core/src/{path}.rs"),
            text: text.to_owned(),
        };
        let files = [
            file("one", "use crate::two::Two;"),
            file("two", "use crate::one::One;"),
        ];
        assert!(check(&files).is_empty());
    }
}

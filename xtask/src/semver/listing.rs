//! What a listing of public items says: which items there are, and which are gone from an earlier one.
//!
//! *Invariant:* an item is its whole line, so that one that has changed is gone. What came by the impl of a trait is that
//! impl, and what lies below an item that is gone is gone with it.

use std::collections::{BTreeMap, BTreeSet};

/// A listing, line by line.
#[derive(Debug)]
pub(super) struct Listing {
    lines: BTreeMap<String, Vec<String>>,
}

impl Listing {
    pub(super) fn read(text: &str) -> Self {
        let mut lines = BTreeMap::new();
        // The type that the last impl of a trait is for: what follows below it came by the trait.
        let mut implementing: Option<Vec<String>> = None;
        for line in text.lines() {
            let item = without_attributes(line);
            if item.starts_with("impl") {
                implementing = item.split_once(" for ").map(|(_, target)| path(target));
                if let Some(target) = &implementing {
                    lines.insert(line.to_owned(), target.clone());
                }
                continue;
            }
            let Some(start) = item.find("podpis") else {
                continue;
            };
            let path = path(&item[start..]);
            let by_a_trait = implementing
                .as_ref()
                .is_some_and(|target| path.len() > target.len() && path.starts_with(target));
            if !by_a_trait {
                implementing = None;
                lines.insert(line.to_owned(), path);
            }
        }
        Self { lines }
    }

    /// What is in this listing and not in the next, each with its line; of a type that is gone only the type.
    pub(super) fn gone_from<'a>(&'a self, next: &Self) -> Vec<Gone<'a>> {
        let gone = |(line, _): &(&String, &Vec<String>)| !next.lines.contains_key(*line);
        let gone: Vec<_> = self.lines.iter().filter(gone).collect();
        let still: BTreeSet<&Vec<String>> = next.lines.values().collect();
        let whole: BTreeSet<&[String]> = gone
            .iter()
            .filter(|(_, path)| !still.contains(path))
            .map(|(_, path)| path.as_slice())
            .collect();
        let is_below =
            |path: &[String]| (1..path.len()).any(|length| whole.contains(&path[..length]));
        gone.into_iter()
            .filter(|(_, path)| !is_below(path))
            .filter_map(|(line, path)| {
                Some(Gone {
                    line,
                    name: path.last()?,
                })
            })
            .collect()
    }
}

/// An item that is not there any more, or not as it was.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Gone<'a> {
    pub(super) line: &'a str,
    /// The last part of its path.
    pub(super) name: &'a str,
}

fn without_attributes(line: &str) -> &str {
    let mut line = line;
    while let Some((_, rest)) = line
        .strip_prefix("#[")
        .and_then(|line| line.split_once("] "))
    {
        line = rest;
    }
    line
}

/// The parts of the path at the beginning of this text, without their parameters.
fn path(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0;
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        match character {
            '<' => depth += 1,
            '>' => depth -= 1,
            _ if depth > 0 => {}
            ':' if rest.starts_with("::") => {
                parts.push(String::new());
                rest = &rest[1..];
            }
            '_' => parts.last_mut().into_iter().for_each(|part| part.push('_')),
            other if other.is_alphanumeric() => {
                parts
                    .last_mut()
                    .into_iter()
                    .for_each(|part| part.push(other));
            }
            _ => break,
        }
        rest = &rest[character.len_utf8()..];
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::{Gone, Listing};

    const BEFORE: &str = "\
pub mod podpis_x
#[non_exhaustive] pub struct podpis_x::A<'a>
pub podpis_x::A::field: u8
impl<'a> podpis_x::A<'a>
pub const fn podpis_x::A<'a>::new(u8) -> Self
impl core::clone::Clone for podpis_x::A<'_>
pub fn podpis_x::A<'_>::clone(&self) -> Self
pub fn podpis_x::call(u8) -> u8
";

    fn names(after: &str) -> Vec<(String, String)> {
        let (before, after) = (Listing::read(BEFORE), Listing::read(after));
        let gone = before.gone_from(&after);
        gone.into_iter()
            .map(|Gone { line, name }| (name.to_owned(), line.to_owned()))
            .collect()
    }

    fn without(line: &str) -> String {
        assert!(BEFORE.contains(line));
        BEFORE.replace(&format!("{line}\n"), "")
    }

    #[test]
    fn nothing_is_gone_from_what_only_grew() {
        assert_eq!(names(&format!("{BEFORE}pub fn podpis_x::more()\n")), []);
    }

    #[test]
    fn a_function_a_method_and_a_field_are_named() {
        for (line, name) in [
            ("pub fn podpis_x::call(u8) -> u8", "call"),
            ("pub const fn podpis_x::A<'a>::new(u8) -> Self", "new"),
            ("pub podpis_x::A::field: u8", "field"),
            ("impl core::clone::Clone for podpis_x::A<'_>", "A"),
        ] {
            let gone = names(&without(line));
            assert_eq!(gone, [(name.to_owned(), line.to_owned())]);
        }
    }

    #[test]
    fn a_function_that_takes_something_else_is_gone() {
        let gone = names(&BEFORE.replace("call(u8)", "call(u16)"));
        assert_eq!(gone[0].0, "call");
    }

    #[test]
    fn of_a_type_that_is_gone_its_methods_are_not_told() {
        let gone = names("pub mod podpis_x\npub fn podpis_x::call(u8) -> u8\n");
        let names: Vec<&str> = gone.iter().map(|(name, _)| name.as_str()).collect();
        assert!(names.iter().all(|name| *name == "A"), "{gone:?}");
    }
}

//! Which types of other crates are in the public API, and why.
//!
//! *Invariant:* the table has each of them once, and none that is not there any more.

use std::collections::BTreeSet;

/// The table, below the folder of the listings.
pub(super) const TABLE: &str = "external.md";

/// What needs no reason.
const LANGUAGE: [&str; 3] = ["core", "std", "alloc"];

/// The types of other crates in a listing: the crate, and the last part of the path.
pub(super) fn types(listing: &str) -> BTreeSet<(String, String)> {
    let is_part =
        |character: char| character.is_alphanumeric() || character == '_' || character == ':';
    let paths = listing.split(|character| !is_part(character));
    let paths = paths.filter_map(|path| {
        let (crate_name, rest) = path.split_once("::")?;
        let (_, name) = rest.rsplit_once("::").unwrap_or(("", rest));
        // `Self::Error` and `K::Client` begin with a type.
        let is_crate = crate_name.starts_with(|first: char| first.is_ascii_lowercase());
        let is_ours = crate_name.starts_with("podpis") || LANGUAGE.contains(&crate_name);
        let is_type = name.starts_with(|first: char| first.is_ascii_uppercase());
        (is_crate && !is_ours && is_type).then(|| (crate_name.to_owned(), name.to_owned()))
    });
    paths.collect()
}

/// What differs between the types that are there and the table; each difference is a line.
pub(super) fn compare(there: &BTreeSet<(String, String)>, table: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut known = BTreeSet::new();
    for row in table.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [crate_name, names, reason] = cells[..] else {
            complaints.push(format!("{TABLE}: `{row}` is not crate, types and reason"));
            continue;
        };
        let crate_name = crate_name.trim_matches('`');
        if reason.is_empty() {
            complaints.push(format!("{TABLE}: {crate_name} has no reason"));
        }
        let names = names
            .split(", ")
            .map(|name| name.trim_matches('`').to_owned());
        known.extend(names.map(|name| (crate_name.to_owned(), name)));
    }
    for (crate_name, name) in there.difference(&known) {
        complaints.push(format!(
            "{TABLE}: say why `{name}` of `{crate_name}` is in the public API"
        ));
    }
    for (crate_name, name) in known.difference(there) {
        complaints.push(format!(
            "{TABLE}: `{name}` of `{crate_name}` is not in the public API any more"
        ));
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::{compare, types};

    const LISTING: &str = "\
pub fn podpis_x::call(http::status::StatusCode, Self::Error) -> core::result::Result<url::Url, K::Client>
pub fn podpis_x::A::b(&podpis_y::C) where __S: serde_core::ser::Serializer
";

    #[test]
    fn types_of_other_crates_are_found() {
        let found = types(LISTING);
        let found: Vec<String> = found
            .iter()
            .map(|(of, name)| format!("{of} {name}"))
            .collect();
        assert_eq!(
            found,
            ["http StatusCode", "serde_core Serializer", "url Url"]
        );
    }

    #[test]
    fn each_needs_a_reason_and_none_is_too_many() {
        let whole = "| `http` | `StatusCode` | r |\n| `serde_core` | `Serializer` | r |\n| `url` | `Url` | r |\n";
        assert_eq!(compare(&types(LISTING), whole), [""; 0]);
        let new = whole.replace("| `url` | `Url` | r |\n", "");
        let complaints = compare(&types(LISTING), &new);
        assert_eq!(
            complaints,
            ["external.md: say why `Url` of `url` is in the public API"]
        );
        let old = whole.replace("`StatusCode`", "`StatusCode`, `Method`");
        let complaints = compare(&types(LISTING), &old);
        assert_eq!(
            complaints,
            ["external.md: `Method` of `http` is not in the public API any more"]
        );
        let mute = whole.replace("| `url` | `Url` | r |", "| `url` | `Url` |  |");
        assert_eq!(
            compare(&types(LISTING), &mute),
            ["external.md: url has no reason"]
        );
    }
}

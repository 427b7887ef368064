//! Shows the counts to a reader.
//!
//! *Invariant:* a crate that is only in one of the two trees has a line too, and columns line up.

use super::Counts;

/// A line for each crate, and the total; with how much that is more or less than `there`.
pub(super) fn render(here: &Counts, there: Option<&Counts>) -> String {
    let mut names: Vec<&String> = here
        .keys()
        .chain(there.into_iter().flatten().map(|(name, _)| name))
        .collect();
    names.sort();
    names.dedup();
    let of = |counts: &Counts, name: &String| counts.get(name).copied().unwrap_or(0);
    let mut rows: Vec<(&str, usize, Option<usize>)> = names
        .into_iter()
        .map(|name| {
            (
                name.as_str(),
                of(here, name),
                there.map(|there| of(there, name)),
            )
        })
        .collect();
    let total = |counts: &Counts| counts.values().sum::<usize>();
    rows.push(("total", total(here), there.map(total)));

    let difference = |here: usize, there: usize| {
        let size = here.abs_diff(there);
        format!("{}{size}", if here < there { '-' } else { '+' })
    };
    let cells: Vec<[String; 3]> = rows
        .into_iter()
        .map(|(name, here, there)| {
            let difference = there.map(|there| difference(here, there));
            [
                name.to_owned(),
                here.to_string(),
                difference.unwrap_or_default(),
            ]
        })
        .collect();
    let width = |column: usize| cells.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let (first, second, third) = (width(0), width(1), width(2));
    let lines = cells.iter().map(|[name, count, difference]| {
        let line = format!("{name:<first$}  {count:>second$}  {difference:>third$}");
        line.trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Counts, render};

    fn counts(all: &[(&str, usize)]) -> Counts {
        all.iter()
            .map(|(name, lines)| ((*name).to_owned(), *lines))
            .collect()
    }

    #[test]
    fn columns_line_up_and_no_crate_is_left_out() {
        let here = counts(&[("podpis-core", 1_200), ("new", 30)]);
        let there = counts(&[("podpis-core", 1_000), ("old", 7)]);
        let expected = "\
new            30   +30
old             0    -7
podpis-core  1200  +200
total        1230  +223";
        assert_eq!(render(&here, Some(&there)), expected);
        assert_eq!(
            render(&here, None),
            "new            30\npodpis-core  1200\ntotal        1230"
        );
    }
}

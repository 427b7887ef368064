//! Shows a comparison to a reader: a line for each case, and below it why a figure is missing.
//!
//! *Invariant:* columns line up whatever the names are.

use super::comparison::{Case, Comparison, Figure};

/// Stands where a side does not know a case.
const NOTHING: &str = "–";

/// The whole table.
pub(super) fn render(comparison: &Comparison) -> String {
    let mut rows = vec![heading(&comparison.sides)];
    rows.extend(
        comparison
            .cases
            .iter()
            .map(|case| row(case, &comparison.sides)),
    );
    let mut lines = vec![format!(
        "{}: processor time (or time by the clock, or bytes) of one, median of {} rounds",
        comparison.benchmark, comparison.rounds
    )];
    lines.extend(aligned(&rows));
    for case in &comparison.cases {
        for side in &comparison.sides {
            if let Some(Figure::Skipped { skipped }) = case.figures.get(side) {
                lines.push(format!("{side} skips {}: {skipped}", case.case));
            }
        }
    }
    lines.join("\n")
}

fn heading(sides: &[String]) -> Vec<String> {
    let mut cells = vec!["case".to_owned()];
    cells.extend(sides.iter().cloned());
    if let Some((first, others)) = sides.split_first() {
        cells.extend(others.iter().map(|other| format!("{first} / {other}")));
    }
    cells
}

fn row(case: &Case, sides: &[String]) -> Vec<String> {
    let mut cells = vec![case.case.clone()];
    cells.extend(sides.iter().map(|side| match case.figures.get(side) {
        Some(Figure::Measured { median_ns, .. }) => time(*median_ns),
        Some(Figure::Held { median_bytes, .. }) => format!("{median_bytes:.0} B"),
        Some(Figure::Skipped { .. }) => "skipped".to_owned(),
        None => NOTHING.to_owned(),
    }));
    cells.extend(sides.iter().skip(1).map(|side| {
        case.ratios
            .get(side)
            .map_or_else(|| NOTHING.to_owned(), |ratio| format!("{ratio:.2}"))
    }));
    cells
}

/// Names to the left, figures to the right.
fn aligned(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    rows.iter()
        .map(|row| {
            let cells = row.iter().zip(&widths).enumerate();
            let cells = cells.map(|(column, (cell, &width))| match column {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
            cells.collect::<Vec<_>>().join("  ")
        })
        .collect()
}

/// In the unit that leaves the fewest digits. One byte may take less than a nanosecond.
fn time(ns: f64) -> String {
    let (divisor, unit) = match ns {
        ns if ns < 1e3 => (1.0, "ns"),
        ns if ns < 1e6 => (1e3, "µs"),
        ns if ns < 1e9 => (1e6, "ms"),
        _ => (1e9, "s"),
    };
    format!("{:.2} {unit}", ns / divisor)
}

#[cfg(test)]
mod tests {
    use super::super::comparison::Comparison;
    use super::super::line::parse;
    use super::{render, time};

    #[test]
    fn times_have_their_unit() {
        assert_eq!(time(0.25), "0.25 ns");
        assert_eq!(time(1_250.0), "1.25 µs");
        assert_eq!(time(21_000_000.0), "21.00 ms");
        assert_eq!(time(3e9), "3.00 s");
    }

    #[test]
    fn columns_line_up_and_reasons_stand_below() {
        let sides = ["podpis", "by hand", "110d2c3"].map(String::from).into();
        let all = [
            r#"{"case":"a","cpu_ns":1000,"per":1}
{"case":"longer","cpu_ns":50,"per":1}
{"case":"open","bytes":60,"per":2}"#,
            r#"{"case":"a","cpu_ns":500,"per":1}
{"case":"open","bytes":30,"per":2}"#,
            r#"{"case":"a","cpu_ns":1000,"per":1}
{"case":"longer","skipped":"takes days"}"#,
        ];
        let all = all.map(|text| parse(text).unwrap());
        let expected = "\
cms: processor time (or time by the clock, or bytes) of one, median of 1 rounds
case      podpis    by hand  110d2c3  podpis / by hand  podpis / 110d2c3
a        1.00 µs  500.00 ns  1.00 µs              2.00              1.00
longer  50.00 ns          –  skipped                 –                 –
open        30 B       15 B        –              2.00                 –
110d2c3 skips longer: takes days";
        assert_eq!(render(&Comparison::of("cms", 1, sides, &all)), expected);
    }
}

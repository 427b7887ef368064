//! Decides what the figures of all rounds say together.
//!
//! *Invariant:* a ratio compares medians of the same case for one thing each; where a side has no figure,
//! there is no ratio.

use std::collections::BTreeMap;

use serde::Serialize;

use super::line::{Line, Outcome};

/// All cases of a benchmark.
#[derive(Debug, Serialize)]
pub(super) struct Comparison {
    pub(super) benchmark: String,
    pub(super) rounds: u32,
    /// Names of the sides; the first is what the others are compared with.
    pub(super) sides: Vec<String>,
    pub(super) cases: Vec<Case>,
}

/// One case, in the order in which the first side printed it.
#[derive(Debug, Serialize)]
pub(super) struct Case {
    pub(super) case: String,
    /// By side. A side that does not know the case is absent.
    pub(super) figures: BTreeMap<String, Figure>,
    /// The first side's median divided by that of the side named: below 1, the first side is faster.
    pub(super) ratios: BTreeMap<String, f64>,
}

/// What one side needs, or why it was not measured.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Figure {
    /// Processor time for one thing, in nanoseconds: of the median round, the best and the worst.
    Measured {
        median_ns: f64,
        least_ns: f64,
        most_ns: f64,
    },
    /// Bytes that one thing holds in memory: of the median round, the least and the most.
    Held {
        median_bytes: f64,
        least_bytes: f64,
        most_bytes: f64,
    },
    Skipped {
        skipped: String,
    },
}

impl Comparison {
    /// From what each side printed in all rounds.
    pub(super) fn of(
        benchmark: &str,
        rounds: u32,
        sides: Vec<String>,
        lines: &[Vec<Line>],
    ) -> Self {
        let mut names: Vec<&str> = Vec::new();
        for line in lines.iter().flatten() {
            if !names.contains(&line.case.as_str()) {
                names.push(&line.case);
            }
        }
        let cases = names
            .into_iter()
            .map(|name| Case::of(name, &sides, lines))
            .collect();
        Self {
            benchmark: benchmark.to_owned(),
            rounds,
            sides,
            cases,
        }
    }
}

impl Case {
    fn of(name: &str, sides: &[String], lines: &[Vec<Line>]) -> Self {
        let figures: BTreeMap<String, Figure> = sides
            .iter()
            .zip(lines)
            .filter_map(|(side, lines)| Some((side.clone(), Figure::of(name, lines)?)))
            .collect();
        let median = |side: &String| figures.get(side).and_then(Figure::median);
        let ratios = match sides.split_first() {
            Some((first, others)) => others
                .iter()
                .filter_map(|other| Some((other.clone(), ratio(median(first)?, median(other)?)?)))
                .collect(),
            None => BTreeMap::new(),
        };
        Self {
            case: name.to_owned(),
            figures,
            ratios,
        }
    }
}

impl Figure {
    /// A case that was skipped in some rounds only counts by the others.
    fn of(case: &str, lines: &[Line]) -> Option<Self> {
        let mut figures = Vec::new();
        let mut is_held = false;
        let mut reason = None;
        for line in lines.iter().filter(|line| line.case == case) {
            match &line.outcome {
                Outcome::Measured { cpu_ns, per } => {
                    figures.push(*cpu_ns as f64 / per.get() as f64);
                }
                Outcome::Held { bytes, per } => {
                    is_held = true;
                    figures.push(*bytes as f64 / per.get() as f64);
                }
                Outcome::Skipped { skipped } => reason = Some(skipped.clone()),
            }
        }
        figures.sort_by(f64::total_cmp);
        match (median(&figures), figures.first(), figures.last()) {
            (Some(median), Some(&least), Some(&most)) if is_held => Some(Self::Held {
                median_bytes: median,
                least_bytes: least,
                most_bytes: most,
            }),
            (Some(median), Some(&least), Some(&most)) => Some(Self::Measured {
                median_ns: median,
                least_ns: least,
                most_ns: most,
            }),
            _ => reason.map(|skipped| Self::Skipped { skipped }),
        }
    }

    fn median(&self) -> Option<f64> {
        match self {
            Self::Measured { median_ns, .. } => Some(*median_ns),
            Self::Held { median_bytes, .. } => Some(*median_bytes),
            Self::Skipped { .. } => None,
        }
    }
}

/// The middle one, or the mean of the two in the middle.
fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    let upper = sorted.get(middle)?;
    if sorted.len() % 2 == 1 {
        return Some(*upper);
    }
    let lower = sorted.get(middle.checked_sub(1)?)?;
    Some((lower + upper) / 2.0)
}

/// Nothing can be compared with no time at all.
fn ratio(first: f64, other: f64) -> Option<f64> {
    (other > 0.0).then(|| first / other)
}

#[cfg(test)]
mod tests {
    use super::super::line::{Line, parse};
    use super::{Comparison, Figure, median, ratio};

    fn lines(text: &str) -> Vec<Line> {
        parse(text).unwrap()
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0]), Some(3.0));
        assert_eq!(median(&[1.0, 2.0]), Some(1.5));
        assert_eq!(median(&[1.0, 2.0, 90.0]), Some(2.0));
        assert_eq!(median(&[1.0, 2.0, 4.0, 90.0]), Some(3.0));
    }

    #[test]
    fn a_ratio_below_one_means_that_the_first_is_faster() {
        assert_eq!(ratio(1.0, 4.0), Some(0.25));
        assert_eq!(ratio(1.0, 0.0), None);
    }

    #[test]
    fn figures_are_for_one_thing_over_all_rounds() {
        let sides = vec!["podpis".to_owned(), "by hand".to_owned()];
        let podpis = lines(
            r#"{"case":"a","cpu_ns":3000,"per":100}
{"case":"a","cpu_ns":1000,"per":100}
{"case":"a","cpu_ns":2000,"per":100}"#,
        );
        // By hand it is measured on fewer.
        let by_hand = lines(r#"{"case":"a","cpu_ns":100,"per":10}"#);
        let comparison = Comparison::of("cms", 3, sides, &[podpis, by_hand]);
        let case = &comparison.cases[0];
        let expected = Figure::Measured {
            median_ns: 20.0,
            least_ns: 10.0,
            most_ns: 30.0,
        };
        assert_eq!(case.figures["podpis"], expected);
        assert_eq!(case.ratios["by hand"], 2.0);
        assert!(!case.ratios.contains_key("podpis"));
    }

    #[test]
    fn a_case_keeps_its_reason_and_has_no_ratio_where_it_was_skipped() {
        let sides = vec!["podpis".to_owned(), "by hand".to_owned(), "old".to_owned()];
        let all = [
            lines(
                r#"{"case":"a","cpu_ns":10,"per":1}
{"case":"b","cpu_ns":10,"per":1}"#,
            ),
            lines(r#"{"case":"a","cpu_ns":5,"per":1}"#),
            lines(
                r#"{"case":"a","skipped":"slow"}
{"case":"c","cpu_ns":10,"per":1}"#,
            ),
        ];
        let comparison = Comparison::of("cms", 1, sides, &all);
        let names: Vec<&str> = comparison.cases.iter().map(|c| c.case.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        let a = &comparison.cases[0];
        let slow = Figure::Skipped {
            skipped: "slow".into(),
        };
        assert_eq!(a.figures["old"], slow);
        assert_eq!(a.ratios.keys().collect::<Vec<_>>(), ["by hand"]);
        assert!(!comparison.cases[1].figures.contains_key("by hand"));
        assert!(comparison.cases[2].ratios.is_empty());
    }

    #[test]
    fn bytes_are_compared_as_times_are() {
        let sides = vec!["podpis".to_owned(), "by hand".to_owned()];
        let all = [
            lines(r#"{"case":"a","bytes":6000,"per":2}"#),
            lines(r#"{"case":"a","bytes":2000,"per":2}"#),
        ];
        let comparison = Comparison::of("engine", 1, sides, &all);
        let case = &comparison.cases[0];
        let expected = Figure::Held {
            median_bytes: 3_000.0,
            least_bytes: 3_000.0,
            most_bytes: 3_000.0,
        };
        assert_eq!(case.figures["podpis"], expected);
        assert_eq!(case.ratios["by hand"], 3.0);
    }

    #[test]
    fn a_case_skipped_in_one_round_counts_by_the_others() {
        let figure = Figure::of(
            "a",
            &lines(
                r#"{"case":"a","skipped":"slow"}
{"case":"a","cpu_ns":8,"per":2}"#,
            ),
        );
        assert_eq!(figure.unwrap().median(), Some(4.0));
    }

    #[test]
    fn json_names_sides_and_ratios() {
        let sides = vec!["podpis".to_owned(), "by hand".to_owned()];
        let all = [
            lines(r#"{"case":"a","cpu_ns":10,"per":1}"#),
            lines(r#"{"case":"a","cpu_ns":4,"per":1}"#),
        ];
        let json = serde_json::to_value(Comparison::of("cms", 1, sides, &all)).unwrap();
        let expected = serde_json::json!({
            "benchmark": "cms",
            "rounds": 1,
            "sides": ["podpis", "by hand"],
            "cases": [{
                "case": "a",
                "figures": {
                    "podpis": {"median_ns": 10.0, "least_ns": 10.0, "most_ns": 10.0},
                    "by hand": {"median_ns": 4.0, "least_ns": 4.0, "most_ns": 4.0},
                },
                "ratios": {"by hand": 2.5},
            }],
        });
        assert_eq!(json, expected);
    }
}

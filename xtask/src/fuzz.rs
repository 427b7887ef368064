//! Runs the tests of `tests/fuzz` for as long as it is told, with other inputs each time.
//!
//! *Invariant:* the time is for all targets together; each gets the same share of it.

use std::path::Path;
use std::process::Command;

/// How long unless it is told, in minutes.
const MINUTES: u64 = 5;

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Asked<'a> {
    target: Option<&'a str>,
    minutes: u64,
}

impl<'a> Asked<'a> {
    fn of(arguments: &[&'a str]) -> Result<Self, String> {
        let mut asked = Self {
            target: None,
            minutes: MINUTES,
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match *argument {
                "--minutes" => {
                    let minutes = arguments.next().and_then(|minutes| minutes.parse().ok());
                    asked.minutes = minutes.ok_or("--minutes takes a number")?;
                }
                option if option.starts_with('-') => {
                    return Err(format!("fuzz: {option} is not known; there is --minutes N"));
                }
                target if asked.target.is_none() => asked.target = Some(target),
                another => return Err(format!("fuzz: one target or all, and not {another} too")),
            }
        }
        Ok(asked)
    }
}

/// Tries inputs until the time is over, or one of them fails. With `PODPIS_FUZZ_SEED` it tries that one.
pub(crate) fn run(root: &Path, arguments: &[&str]) -> Result<String, Vec<String>> {
    let asked = Asked::of(arguments).map_err(|complaint| vec![complaint])?;
    let all = targets(root).map_err(|complaint| vec![complaint])?;
    let chosen: Vec<&String> = match asked.target {
        None => all.iter().collect(),
        Some(target) => all.iter().filter(|known| *known == target).collect(),
    };
    if chosen.is_empty() {
        return Err(vec![format!("fuzz: the targets are {}", all.join(", "))]);
    }
    let seconds = (asked.minutes * 60 / chosen.len() as u64).max(1);
    for target in &chosen {
        let mut test = test_command(root);
        test.args(["--exact", "--nocapture", &format!("fuzz::{target}")]);
        test.env("PODPIS_FUZZ_SECONDS", seconds.to_string());
        match test.status() {
            Ok(status) if status.success() => {}
            Ok(_) => {
                return Err(vec![format!(
                    "fuzz: {target} failed; what it says is above"
                )]);
            }
            Err(error) => return Err(vec![format!("cargo test: {error}")]),
        }
    }
    let count = chosen.len();
    Ok(format!(
        "fuzz: {count} targets, {seconds} s each, and nothing found"
    ))
}

/// The tests, without what they are asked for.
fn test_command(root: &Path) -> Command {
    let mut test = Command::new("cargo");
    test.current_dir(root);
    test.args([
        "test",
        "--quiet",
        "-p",
        "podpis-tests",
        "--test",
        "podpis",
        "--",
    ]);
    test
}

/// The names of the targets, as the tests have them.
fn targets(root: &Path) -> Result<Vec<String>, String> {
    let listed = test_command(root).args(["--list", "fuzz::"]).output();
    let listed = listed.map_err(|error| format!("cargo test: {error}"))?;
    if !listed.status.success() {
        return Err(String::from_utf8_lossy(&listed.stderr).into_owned());
    }
    let listed = String::from_utf8_lossy(&listed.stdout);
    let names = listed.lines().filter_map(|line| {
        let name = line.strip_prefix("fuzz::")?.strip_suffix(": test")?;
        // What is deeper is a test of how inputs are made.
        (!name.contains("::")).then(|| name.to_owned())
    });
    Ok(names.collect())
}

#[cfg(test)]
mod tests {
    use super::Asked;

    #[test]
    fn a_target_and_a_time_in_any_order() {
        let both = Asked {
            target: Some("ocsp"),
            minutes: 30,
        };
        assert_eq!(Asked::of(&["--minutes", "30", "ocsp"]), Ok(both));
        let neither = Asked {
            target: None,
            minutes: 5,
        };
        assert_eq!(Asked::of(&[]), Ok(neither));
        for wrong in [
            &["--minutes"][..],
            &["--minutes", "x"],
            &["--hours", "1"],
            &["a", "b"],
        ] {
            assert!(Asked::of(wrong).is_err(), "{wrong:?}");
        }
    }
}

//! Makes checks one after another and keeps count.
//!
//! *Invariant:* each check is one line of the output; only one that failed has what was said after it.

use std::process::{Command, Output};

/// How much is shown of what a failed check said: its last lines.
const LINES: usize = 60;

/// What was checked so far.
#[derive(Debug, Default)]
pub(super) struct Checks {
    passed: usize,
    failed: Vec<String>,
    left_out: Vec<String>,
}

impl Checks {
    /// A check that was made; whether it passed.
    pub(super) fn made(&mut self, name: &str, outcome: Result<(), String>) -> bool {
        match outcome {
            Ok(()) => {
                println!("passed    {name}");
                self.passed += 1;
                true
            }
            Err(said) => {
                println!("FAILED    {name}");
                for line in last(&said) {
                    println!("          {line}");
                }
                self.failed.push(name.to_owned());
                false
            }
        }
    }

    /// A check that could not be made here.
    pub(super) fn left_out(&mut self, name: &str, why: &str) {
        println!("LEFT OUT  {name}: {why}");
        self.left_out.push(name.to_owned());
    }

    /// The last line: how many passed, and which did not.
    pub(super) fn summary(&self) -> Result<String, String> {
        let mut summary = format!("packages: {} checks passed", self.passed);
        for (names, what) in [(&self.failed, "failed"), (&self.left_out, "left out")] {
            if !names.is_empty() {
                summary.push_str(&format!(", {} {what} ({})", names.len(), names.join(", ")));
            }
        }
        if self.failed.is_empty() {
            Ok(summary)
        } else {
            Err(summary)
        }
    }
}

/// Runs it; what it said, if it fails.
pub(super) fn succeeds(command: &mut Command) -> Result<(), String> {
    let output = output(command)?;
    if output.status.success() {
        Ok(())
    } else {
        Err(said(&output))
    }
}

/// Runs it; what it said, if it fails or warns.
pub(super) fn succeeds_without_a_warning(command: &mut Command) -> Result<(), String> {
    let output = output(command)?;
    let said = said(&output);
    if output.status.success() && !warns(&said) {
        Ok(())
    } else {
        Err(said)
    }
}

fn output(command: &mut Command) -> Result<Output, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    command
        .output()
        .map_err(|error| format!("{program}: {error}"))
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

fn warns(said: &str) -> bool {
    said.lines().any(|line| line.starts_with("warning"))
}

fn last(said: &str) -> impl Iterator<Item = &str> {
    said.lines()
        .skip(said.lines().count().saturating_sub(LINES))
}

#[cfg(test)]
mod tests {
    use super::{Checks, last, warns};

    #[test]
    fn the_summary_counts_and_names_what_did_not_pass() {
        let mut checks = Checks::default();
        assert!(checks.made("one", Ok(())));
        checks.left_out("two", "no such toolchain");
        assert_eq!(
            checks.summary(),
            Ok("packages: 1 checks passed, 1 left out (two)".to_owned())
        );
        assert!(!checks.made("three", Err("it does not compile".to_owned())));
        assert_eq!(
            checks.summary(),
            Err("packages: 1 checks passed, 1 failed (three), 1 left out (two)".to_owned())
        );
    }

    #[test]
    fn a_warning_of_cargo_and_one_of_a_lint_are_seen() {
        assert!(warns(
            "   Documenting a\nwarning: output filename collision.\n"
        ));
        assert!(warns("warning[E0001]: unresolved link\n"));
        assert!(!warns("   Compiling warning v1.0.0\n"));
    }

    #[test]
    fn of_much_that_was_said_the_end_is_shown() {
        let said: String = (0..100).map(|line| format!("{line}\n")).collect();
        let shown: Vec<&str> = last(&said).collect();
        assert_eq!((shown.len(), shown[0], shown[59]), (60, "40", "99"));
        assert_eq!(last("a\nb").count(), 2);
    }
}

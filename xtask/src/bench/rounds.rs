//! Decides the order of processes: every side once, then all of them again.
//!
//! *Invariant:* one process at a time, so that a change of the machine's speed meets all sides alike.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::line::{self, Line};

/// One side of a comparison.
#[derive(Debug)]
pub(super) struct Contender {
    /// Heading of its column.
    pub(super) name: String,
    program: PathBuf,
    /// What the program is told to run: `podpis` or `by-hand`.
    side: &'static str,
}

impl Contender {
    pub(super) fn new(name: &str, program: &Path, side: &'static str) -> Self {
        Self {
            name: name.to_owned(),
            program: program.to_owned(),
            side,
        }
    }

    /// One process.
    fn run(&self) -> Result<Vec<Line>, String> {
        let trouble = |what: String| format!("{} ({}): {what}", self.name, self.program.display());
        let output = Command::new(&self.program)
            .arg(self.side)
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| trouble(error.to_string()))?;
        if !output.status.success() {
            return Err(trouble(output.status.to_string()));
        }
        line::parse(&String::from_utf8_lossy(&output.stdout)).map_err(trouble)
    }
}

/// Runs all rounds; gives each side's lines.
pub(super) fn run(contenders: &[Contender], rounds: u32) -> Result<Vec<Vec<Line>>, String> {
    take_turns(contenders, rounds, Contender::run)
}

fn take_turns(
    contenders: &[Contender],
    rounds: u32,
    mut run: impl FnMut(&Contender) -> Result<Vec<Line>, String>,
) -> Result<Vec<Vec<Line>>, String> {
    let mut lines = vec![Vec::new(); contenders.len()];
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        for (contender, lines) in contenders.iter().zip(&mut lines) {
            lines.extend(run(contender)?);
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::super::line::parse;
    use super::{Contender, run, take_turns};

    #[test]
    fn sides_take_turns_and_keep_their_lines() {
        let contenders = ["podpis", "by hand", "110d2c3"]
            .map(|name| Contender::new(name, "program".as_ref(), "podpis"));
        let mut order = Vec::new();
        let lines = take_turns(&contenders, 2, |contender| {
            order.push(contender.name.clone());
            let case = &contender.name;
            parse(&format!("{{\"case\":\"{case}\",\"cpu_ns\":1,\"per\":1}}"))
        })
        .unwrap();
        let once = ["podpis", "by hand", "110d2c3"];
        assert_eq!(order, [once, once].concat());
        for (name, lines) in once.iter().zip(&lines) {
            assert_eq!(lines.len(), 2);
            assert!(lines.iter().all(|line| line.case == *name));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_fails_ends_the_comparison() {
        let contenders = [Contender::new("podpis", "false".as_ref(), "podpis")];
        let complaint = run(&contenders, 1).unwrap_err();
        assert!(complaint.starts_with("podpis (false)"), "{complaint}");
    }
}

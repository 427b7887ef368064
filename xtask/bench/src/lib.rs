//! The frame of a benchmark program: which side it runs, what it measures and what it prints.
//!
//! A program is run as `NAME podpis` or `NAME by-hand`. It makes its data, runs each case once or more, and
//! prints one line of JSON for each; `cargo xtask bench` reads the lines and compares them.
//!
//! *Invariant:* a figure is processor time of the measured part alone, with all its threads; making data,
//! warming up and checking results are outside.

mod cpu;
mod figures;
mod served;
pub mod signing;
mod still;

use std::process::ExitCode;

pub use cpu::Whose;
pub use figures::Figures;
pub use served::Served;
pub use still::Still;

/// Whatever goes wrong ends the program, and with it the comparison.
pub type Error = Box<dyn std::error::Error>;

/// Which of the two does the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Side {
    /// podpis, through its public interface.
    Podpis,
    /// What an expert would write with kept libraries.
    ByHand,
}

/// The `main` of a benchmark: runs the side that the first argument names.
///
/// The exit code is 2 for an unknown side and 1 for a benchmark that failed; why is on the error output.
pub fn run(
    whose: Whose,
    benchmark: impl FnOnce(Side, &mut Figures) -> Result<(), Error>,
) -> ExitCode {
    let side = match std::env::args().nth(1).as_deref() {
        Some("podpis") => Side::Podpis,
        Some("by-hand") => Side::ByHand,
        _ => {
            eprintln!("usage: podpis|by-hand");
            return ExitCode::from(2);
        }
    };
    match benchmark(side, &mut Figures::new(whose)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

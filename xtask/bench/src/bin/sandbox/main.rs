//! Lets the sandbox answer whole CloudSigns, one after the other, in process: what is left is its own work.
//!
//! The cases: the first thousand and the last thousand of 20,000, whose ratio shows whether anything is looked for by
//! walking all that ever happened, and what the world holds after 2,000 and after 20,000. Nobody writes a sandbox by
//! hand, so there is no other side; another revision is, and one whose flows become ten times slower on the way says so
//! instead of going on.

mod flows;

use std::process::ExitCode;

use peak_alloc::PeakAlloc;
use podpis::core::wait::{SystemTimer, Time as _};
use podpis_bench::{Error, Figures, Side, Whose};

/// Counts what the world allocates.
#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Seventeen thousand flows may take this many times what the first ones took.
const SLOWER: u32 = 10;

const CASES: [&str; 4] = [
    "CloudSign, the first 1,000",
    "CloudSign, the last 1,000 of 20,000",
    "held after 2,000",
    "held after 20,000",
];

fn main() -> ExitCode {
    podpis_bench::run(Whose::Own, |side, figures| match side {
        Side::Podpis => podpis(figures),
        _ => {
            for case in CASES {
                figures.skip(case, "nobody writes a sandbox by hand");
            }
            Ok(())
        }
    })
}

fn podpis(figures: &mut Figures) -> Result<(), Error> {
    let before = ALLOCATOR.current_usage();
    let held = || ALLOCATOR.current_usage().saturating_sub(before);
    let mut flows = flows::Flows::new();
    let (_, a_thousand) = figures.case(CASES[0], 1_000, || flows.run(1_000))?;
    flows.run_up_to(2_000)?;
    figures.bytes(CASES[2], 1, held());
    let time = SystemTimer::new();
    let patience = time.elapsed() + a_thousand * 17 * SLOWER;
    while flows.done() < 19_000 {
        flows.run(100)?;
        if time.elapsed() > patience {
            let why = format!(
                "stopped after {} flows, {SLOWER} times slower",
                flows.done()
            );
            figures.skip(CASES[1], &why);
            figures.skip(CASES[3], &why);
            return Ok(());
        }
    }
    figures.case(CASES[1], 1_000, || flows.run(1_000))?;
    figures.bytes(CASES[3], 1, held());
    Ok(())
}

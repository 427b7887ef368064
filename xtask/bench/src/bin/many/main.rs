//! Ten thousand open operations against a service that answers at once and is still at work: what each holds while it waits,
//! and what a poll costs with all that it takes to know which operation is next.
//!
//! By hand a table of operations and a queue of moments do that, in memory and for one process.

mod by_hand;
mod clock;
mod counted;
mod library;
#[path = "../engine/by_hand.rs"]
#[allow(dead_code, reason = "a code is not given here")]
mod one_by_hand;
#[path = "../engine/service.rs"]
#[allow(dead_code, reason = "it is never ready here")]
mod service;
#[path = "../engine/way.rs"]
#[allow(dead_code, reason = "what is signed is not looked at here")]
mod way;

use std::process::ExitCode;
use std::time::Duration;

use peak_alloc::PeakAlloc;
use podpis_bench::signing::{Batch, Covers, Signer};
use podpis_bench::{Error, Figures, Side, Whose};

/// Counts what both sides allocate.
#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// How many operations are open at once.
const OPEN: usize = 10_000;

/// How many are in flight at once.
const IN_FLIGHT: usize = 20;

/// How often each is polled before the measured part, and in it.
const SETTLED: usize = 8;
const ROUNDS: usize = 5;

/// How far the clock moves at once: who is due is polled in time, as it would be.
const STEP: Duration = Duration::from_millis(50);

/// One of the two sides.
trait Many: Sized {
    /// A client with nothing open.
    async fn new() -> Result<Self, Error>;

    /// Starts signing a document, and leaves it open.
    async fn start(&mut self, document: Vec<u8>) -> Result<(), Error>;

    /// Begins to drive all.
    async fn drive(&mut self) -> Result<(), Error>;

    /// Lets time pass, step by step, until so many polls were made.
    async fn pass(&mut self, polls: usize) -> Result<(), Error>;
}

fn main() -> ExitCode {
    podpis_bench::run(Whose::Own, |side, figures| match side {
        Side::Podpis => cases::<library::Library>(figures),
        Side::ByHand => cases::<by_hand::ByHand>(figures),
        other => Err(format!("no side {other:?}").into()),
    })
}

fn cases<M: Many>(figures: &mut Figures) -> Result<(), Error> {
    let batch = Batch::new(1, &[Signer::p256(1)?], Covers::Attributes)?;
    let document = &batch.documents[0];
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let mut many = runtime.block_on(async {
        let mut many = M::new().await?;
        many.start(document.clone()).await?; // Logs in.
        Ok::<_, Error>(many)
    })?;
    let before = ALLOCATOR.current_usage();
    runtime.block_on(async {
        for _ in 1..OPEN {
            many.start(document.clone()).await?;
        }
        many.drive().await?;
        // Until their pauses are as long as they become.
        many.pass(OPEN * SETTLED).await
    })?;
    let held = ALLOCATOR.current_usage().saturating_sub(before);
    figures.bytes("an open operation", OPEN, held);
    figures.case("a poll, and to know whose", OPEN * ROUNDS, || {
        runtime.block_on(many.pass(OPEN * ROUNDS))
    })?;
    Ok(())
}

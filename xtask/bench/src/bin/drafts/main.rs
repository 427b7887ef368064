//! Signs a draft of three documents in Kontur.Extern by a code, answered at once from memory: what is left is the work of
//! whoever signs.
//!
//! Both sides make the same twelve requests, and only those: the draft, its documents and their bytes, the start, the code,
//! and the signatures, which are verified.

mod by_hand;
mod library;
mod recorded;

use std::process::ExitCode;

use futures_util::FutureExt as _;
use podpis_bench::{Error, Figures, Side, Whose};

use crate::by_hand::ByHand;
use crate::library::Library;
use crate::recorded::Recorded;

/// How many drafts are signed together.
const WHOLE: usize = 20;

/// What a draft of three documents needs.
const REQUESTS: usize = 12;

fn main() -> ExitCode {
    podpis_bench::run(Whose::Own, |side, figures| {
        let recorded = Recorded::new()?;
        match side {
            Side::Podpis => {
                let library = Library::new(&recorded)?;
                case(figures, &recorded, async || library.sign().await)
            }
            Side::ByHand => {
                let by_hand = ByHand::new(&recorded)?;
                case(figures, &recorded, async || {
                    by_hand.sign(&recorded.draft).await
                })
            }
            other => Err(format!("no side {other:?}").into()),
        }
    })
}

fn case(
    figures: &mut Figures,
    recorded: &Recorded,
    sign: impl AsyncFn() -> Result<Vec<Vec<u8>>, Error>,
) -> Result<(), Error> {
    let once = || sign().now_or_never().ok_or("it waits")?;
    once()?; // Warms up.
    let before = recorded.answered();
    let (given, _) = figures.case("sign-draft of three documents", WHOLE, || {
        let mut given = Vec::new();
        for _ in 0..WHOLE {
            given = once()?;
        }
        Ok(given)
    })?;
    let answered = recorded.answered() - before;
    if !answered.is_multiple_of(WHOLE * REQUESTS) {
        return Err(format!("{answered} requests are not {REQUESTS} for each draft").into());
    }
    if given.len() == 3 && given.iter().all(|signature| signature.len() > 500) {
        Ok(())
    } else {
        Err("three signatures were to come".into())
    }
}

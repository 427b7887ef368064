//! Reads detached CMS signatures and finds out which document each is for.
//!
//! The cases: P-256 and RSA-2048, with signed attributes and without, in the documents' order and shuffled,
//! and sizes from 100 to 10,000, which show whether the time of one signature stays the same.

mod by_hand;
mod library;

use std::process::ExitCode;
use std::time::Duration;

use podpis_bench::signing::{Batch, Covers, Signer};
use podpis_bench::{Error, Figures, Side, Whose};

use crate::by_hand::ByHand;
use crate::library::Library;

/// A case that would take longer than this, if the time grows on as it did up to then, is skipped.
const TOO_LONG: Duration = Duration::from_secs(4);

/// One of the two sides.
trait Way {
    /// A signature that was found to be for a document.
    type Bound;

    /// The signatures in the order of the documents, all checked.
    fn bind(batch: &Batch) -> Result<Vec<Self::Bound>, Error>;

    /// Whether it is the signature at this place.
    fn is(bound: &Self::Bound, batch: &Batch, position: usize) -> bool;
}

fn main() -> ExitCode {
    podpis_bench::run(Whose::Own, |side, figures| match side {
        Side::Podpis => cases::<Library>(figures),
        Side::ByHand => cases::<ByHand>(figures),
        other => Err(format!("no side {other:?}").into()),
    })
}

fn cases<W: Way>(figures: &mut Figures) -> Result<(), Error> {
    let signers = (1..=3).map(Signer::p256).collect::<Result<Vec<_>, _>>()?;

    let all = Batch::new(10_000, &signers, Covers::Attributes)?;
    let thousand = all.first(1_000);
    W::bind(&all.first(100))?; // Warms up.
    case::<W>(figures, "P-256, 100", &all.first(100))?;
    case::<W>(figures, "P-256, 1000", &thousand)?;
    case::<W>(figures, "P-256, shuffled, 1000", &thousand.shuffled())?;
    case::<W>(figures, "P-256, 10000", &all)?;

    let bare = Batch::new(1_000, &signers, Covers::Document)?;
    let batches = [10, 100, 1_000].map(|count| bare.first(count));
    W::bind(&batches[0])?; // Warms up.
    growing::<W>(figures, "P-256 without attributes", &batches)?;
    let name = "P-256 without attributes, shuffled";
    growing::<W>(figures, name, &batches.map(|batch| batch.shuffled()))?;

    let signers = [Signer::rsa_2048(1)?];
    let batch = Batch::new(1_000, &signers, Covers::Attributes)?;
    W::bind(&batch.first(10))?; // Warms up.
    case::<W>(figures, "RSA-2048, 1000", &batch)?;
    Ok(())
}

/// Measures three sizes, each ten times the one before, but the last only if the first two promise that it ends
/// soon.
fn growing<W: Way>(
    figures: &mut Figures,
    kind: &str,
    [small, middle, large]: &[Batch; 3],
) -> Result<(), Error> {
    let name = |batch: &Batch| format!("{kind}, {}", batch.signatures.len());
    let of_small = case::<W>(figures, &name(small), small)?;
    let of_middle = case::<W>(figures, &name(middle), middle)?;
    let growth = of_middle.as_secs_f64() / of_small.as_secs_f64();
    if of_middle.as_secs_f64() * growth > TOO_LONG.as_secs_f64() {
        let why = format!(
            "{} took {of_middle:.1?}, {growth:.0} times as long as {}",
            middle.signatures.len(),
            small.signatures.len()
        );
        figures.skip(&name(large), &why);
    } else {
        case::<W>(figures, &name(large), large)?;
    }
    Ok(())
}

/// Measures one case and checks its answer. Gives the processor time of one pass.
fn case<W: Way>(figures: &mut Figures, name: &str, batch: &Batch) -> Result<Duration, Error> {
    let (bound, used) = figures.case(name, batch.signatures.len(), || W::bind(batch))?;
    let right = bound.len() == batch.answer.len()
        && bound
            .iter()
            .zip(&batch.answer)
            .all(|(bound, position)| W::is(bound, batch, *position));
    if right {
        Ok(used)
    } else {
        Err(format!("{name}: a signature went to another document").into())
    }
}

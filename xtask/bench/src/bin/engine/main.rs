//! Drives operations against a service that answers at once, in process: what is left is the work of whoever drives.
//!
//! The cases: what an operation holds while it waits, a poll that is answered "still at work", and a CloudSign from its
//! start to its signatures, with the check of the signatures and without.

mod by_hand;
mod library;
mod service;
mod way;

use std::process::ExitCode;
use std::task::{Context, Waker};

use futures_util::FutureExt as _;
use peak_alloc::PeakAlloc;
use podpis_bench::signing::{Batch, Covers, Signer};
use podpis_bench::{Error, Figures, Side, Whose};

use crate::by_hand::ByHand;
use crate::library::Library;
use crate::service::Service;
use crate::way::Way;

/// Counts what both sides allocate.
#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// How many operations are open at once.
const OPEN: usize = 2_000;

/// How many polls are measured together.
const POLLS: usize = 10_000;

/// How many operations are driven to their ends together.
const WHOLE: usize = 100;

fn main() -> ExitCode {
    podpis_bench::run(Whose::Own, |side, figures| match side {
        Side::Podpis => cases::<Library>(figures),
        Side::ByHand => cases::<ByHand>(figures),
        other => Err(format!("no side {other:?}").into()),
    })
}

fn cases<W: Way>(figures: &mut Figures) -> Result<(), Error> {
    let batch = Batch::new(1, &[Signer::p256(1)?], Covers::Attributes)?;
    let (document, signature) = (&batch.documents[0], &batch.signatures[0]);
    memory::<W>(figures, document)?;
    polls::<W>(figures, document)?;
    let client = W::new(Service::ready(signature))?;
    now(whole(&client, document))?; // Warms up, and logs in.
    figures.case(
        "CloudSign without the check of its signature",
        WHOLE,
        || {
            for _ in 0..WHOLE {
                let operation = now(driven(&client, document))?;
                now(client.forget(operation))?;
            }
            Ok(())
        },
    )?;
    let (given, _) = figures.case("CloudSign", WHOLE, || {
        let mut given = Vec::new();
        for _ in 0..WHOLE {
            given = now(whole(&client, document))?;
        }
        Ok(given)
    })?;
    batch.expect(&given)
}

/// What an operation holds that was started and waits for its next poll.
fn memory<W: Way>(figures: &mut Figures, document: &[u8]) -> Result<(), Error> {
    let client = W::new(Service::at_work())?;
    let mut open = Vec::with_capacity(OPEN + 1);
    let mut context = Context::from_waker(Waker::noop());
    let mut start = || {
        let mut waiting = client.waiting(document.to_vec());
        if waiting.as_mut().poll(&mut context).is_ready() {
            return Err("it does not wait");
        }
        Ok(waiting)
    };
    open.push(start()?); // Logs in.
    let before = ALLOCATOR.current_usage();
    for _ in 0..OPEN {
        open.push(start()?);
    }
    let held = ALLOCATOR.current_usage().saturating_sub(before);
    figures.bytes("an open operation", OPEN, held);
    drop(open);
    Ok(())
}

fn polls<W: Way>(figures: &mut Figures, document: &[u8]) -> Result<(), Error> {
    let client = W::new(Service::at_work())?;
    let mut operation = now(client.start(document.to_vec()))?;
    now(client.poll(&mut operation))?; // Warms up.
    figures.case("a poll", POLLS, || {
        for _ in 0..POLLS {
            now(client.poll(&mut operation))?;
        }
        Ok(())
    })?;
    Ok(())
}

async fn driven<'a, W: Way>(client: &'a W, document: &[u8]) -> Result<W::Operation<'a>, Error> {
    let mut operation = client.start(document.to_vec()).await?;
    client.poll(&mut operation).await?;
    client.confirm(&mut operation, "739155").await?;
    client.poll(&mut operation).await?;
    Ok(operation)
}

async fn whole<W: Way>(client: &W, document: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    let operation = driven(client, document).await?;
    let signatures = client.signatures(&operation)?;
    client.forget(operation).await?;
    Ok(signatures)
}

/// What the future gives at once: the service never keeps anybody waiting.
fn now<T>(future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    future.now_or_never().ok_or("it waits")?
}

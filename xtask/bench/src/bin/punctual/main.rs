//! How late the polls of ten thousand open operations come, by the clock, with twenty in flight: while the service is at
//! work, and when all are done at once, so that each poll brings a signature to be checked.
//!
//! A poll is late by what lies between the end of its pause and its arrival at the service, which answers at once.

mod service;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use podpis::core::wait::{SystemTimer, Time as _};
use podpis::drive::News;
use podpis::secret::{ApiClientId, ConfirmationCode, Password};
use podpis::{Begin as _, Diadoc, DiadocLogin, File, MemoryJournal, Podpis};
use podpis_bench::signing::{Batch, Covers, Signer};
use podpis_bench::{Error, Figures, Side, Whose};

use crate::service::Service;

/// How many operations are open at once.
const OPEN: usize = 10_000;

/// How many are in flight at once.
const IN_FLIGHT: usize = 20;

/// How long the service is at work: each operation is polled four times.
const AT_WORK: Duration = Duration::from_secs(10);

/// Of so many polls one may be later than the figure.
const OF: usize = 100;

fn main() -> ExitCode {
    podpis_bench::run(Whose::Own, |side, figures| match side {
        Side::Podpis => tokio::runtime::Runtime::new()?.block_on(cases(figures)),
        Side::ByHand => {
            let why = "it is a bound by the clock: 100 ms";
            figures.skip(WAITING, why);
            figures.skip(ENDING, why);
            Ok(())
        }
        other => Err(format!("no side {other:?}").into()),
    })
}

const WAITING: &str = "the latest but one of a hundred polls";
const ENDING: &str = "the same when all are done at once";

async fn cases(figures: &mut Figures) -> Result<(), Error> {
    let batch = Batch::new(1, &[Signer::p256(1)?], Covers::Attributes)?;
    let (document, signature) = (&batch.documents[0], &batch.signatures[0]);
    let service = Service::new(signature);
    let password = Password::new("a password");
    let login = DiadocLogin::password(ApiClientId::new("bench"), "login", password);
    let diadoc = Diadoc::builder("http://localhost".parse()?, login, service.clone())
        .polls(service::POLLS)
        .build();
    let journal = MemoryJournal::new();
    for _ in 0..OPEN {
        let file = File::bytes("act.xml", document.clone());
        let mut run = diadoc.cloud_sign([file]).start(&journal).await?;
        run.poll().await?;
        run.confirm(ConfirmationCode::new("739155")).await?;
    }

    let driver = Podpis::new().with_diadoc(diadoc).driver(Arc::new(journal));
    let (driver, mut news) = driver.in_flight(IN_FLIGHT).start();
    SystemTimer::new().sleep(AT_WORK).await;
    figures.time(WAITING, 1, late(service.take()))?;
    service.be_done();
    for _ in 0..OPEN {
        match news.next().await {
            Some(News::Ended(ended)) => drop(ended.result?),
            other => return Err(format!("no end: {other:?}").into()),
        }
    }
    figures.time(ENDING, 1, late(service.take()))?;
    driver.shutdown().await;
    Ok(())
}

/// By how much the latest of the polls were late, but one of a hundred.
fn late(mut polls: Vec<Duration>) -> Duration {
    polls.sort_unstable();
    let at = polls.len() - polls.len() / OF;
    polls.get(at.saturating_sub(1)).copied().unwrap_or_default()
}

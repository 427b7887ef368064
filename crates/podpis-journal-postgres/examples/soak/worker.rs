//! A worker process: takes what is due, waits for the service, and notes what it got.

use std::sync::Arc;
use std::time::Duration;

use podpis::core::wait::{SystemTimer, Time as _};
use podpis::operation::{Claim, Lease, Listing, Owner, Timestamp, Which};
use podpis::{Deadline, Diadoc, Journal as _, NoPrompt, Podpis, ReqwestTransport};
use podpis_journal_postgres::{PostgresJournal, PostgresSettings};
use tokio::task::JoinSet;

use crate::{Failure, Login, client};

/// How soon another worker goes on when one dies.
pub(crate) const LEASE: Duration = Duration::from_secs(4);

/// The first pause between polls.
pub(crate) const POLL: Duration = Duration::from_millis(200);

/// How many operations a worker drives at once.
const AT_ONCE: usize = 64;

/// Works until it is killed.
pub(crate) async fn work(
    name: &str,
    journal: &str,
    service: &str,
    login: &Login,
) -> Result<(), Failure> {
    let (journal, notes) = loop {
        match connected(journal).await {
            Ok(connected) => break connected,
            // It may have been started while the server was not there.
            Err(error) => eprintln!("{name}: {error}"),
        }
        SystemTimer::new().sleep(Duration::from_millis(250)).await;
    };
    let diadoc = client(service, login, ReqwestTransport::new()?, POLL)?;
    let owner: Owner = name.parse()?;
    let mut work = journal.work();
    let mut driven = JoinSet::new();
    loop {
        while driven.try_join_next().is_some() {}
        let room = AT_ONCE - driven.len();
        let lease = Lease::new(
            owner.clone(),
            Timestamp::from(SystemTimer::new().now()),
            LEASE,
        );
        let claims = match journal.claim_due(&lease, room).await {
            Ok(claims) => claims,
            Err(error) => {
                eprintln!("{name}: {error}");
                Vec::new()
            }
        };
        let found = claims.len();
        let claims = match found {
            0 => over(&journal, &lease, room).await,
            _ => claims,
        };
        for claim in claims {
            let claim = claim.owned(Arc::new(journal.clone()));
            let (diadoc, notes) = (diadoc.clone(), Arc::clone(&notes));
            driven.spawn(finish(claim, diadoc, notes));
        }
        if found == 0 && driven.len() == AT_ONCE {
            driven.join_next().await;
        } else if found == 0 {
            work.wait(Duration::from_millis(250)).await;
        }
    }
}

/// What ended with a worker that was killed before it had noted the result: that is due never.
async fn over<'j>(journal: &'j PostgresJournal, lease: &Lease, room: usize) -> Vec<Claim<'j>> {
    let listing = Listing::of(Which::Finished).limit(room);
    let mut claims = Vec::new();
    if let Ok(page) = journal.list(&listing).await {
        for summary in page.records {
            // Somebody else may be about to note it.
            claims.extend(journal.claim_for(&summary.id, lease).await.ok());
        }
    }
    claims.retain(|claim| claim.record().is_some());
    claims
}

/// The journal, and a way to note what came of operations.
async fn connected(
    journal: &str,
) -> Result<(PostgresJournal, Arc<tokio_postgres::Client>), Failure> {
    let settings: PostgresSettings = journal.parse()?;
    let journal = PostgresJournal::connect(settings.listening()).await?;
    // Past the line that breaks: it is not what is tried here.
    let address = std::env::var("SOAK_NOTES")?;
    let (notes, connection) = tokio_postgres::connect(&address, tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    Ok((journal, Arc::new(notes)))
}

async fn finish(claim: Claim<'static>, diadoc: Diadoc, notes: Arc<tokio_postgres::Client>) {
    let id = claim.id().to_string();
    let podpis = Podpis::new().with_diadoc(diadoc);
    let ended = async {
        let mut run = podpis.resume(claim)?;
        run.wait(&mut NoPrompt, Deadline::minutes(5)).await?;
        Ok::<_, podpis::Error>(run)
    };
    match ended.await {
        Ok(run) => {
            let text = "INSERT INTO delivered VALUES ($1) ON CONFLICT DO NOTHING";
            let noted = notes.execute(text, &[&id]).await;
            if noted.is_ok() {
                let _ = run.forget().await;
            }
        }
        Err(error) => eprintln!("operation {id}: {}", podpis::ErrorChain(&error)),
    }
}

//! How many operations a second a database takes, beside the memory journal: DssSign from the start to the signature,
//! with the service in the same process.
//!
//! What is compared is measured by turns, and the ratio is the median of the turns' own ratios: a machine is not the
//! same all the time, but nearly so for the seconds of one turn.

use std::sync::Arc;
use std::time::Duration;

use podpis::core::wait::{Begin, SystemTimer, Time as _};
use podpis::{BoxId, Deadline, Diadoc, File, Journal, MemoryJournal, NoPrompt, SharedTransport};
use podpis_journal_postgres::PostgresJournal;
use podpis_sandbox::{PhoneMode, Sandbox, WorldOptions};
use tokio::task::JoinSet;
use tokio_postgres::{Client, NoTls};

use crate::cluster::Cluster;
use crate::{Failure, client, seeded};

const OPERATIONS: usize = 1_280;
const AT_ONCE: usize = 64;
const ROUNDS: usize = 15;

pub(crate) async fn run() -> Result<(), Failure> {
    let cluster = Cluster::start_with("fsync = on").ok_or("there is no server")?;
    let (statistics, connection) = tokio_postgres::connect(&cluster.address(), NoTls).await?;
    tokio::spawn(connection);
    let memory: Arc<dyn Journal> = Arc::new(MemoryJournal::new());
    let connect = async || -> Result<PostgresJournal, Failure> {
        Ok(PostgresJournal::connect(cluster.address().parse()?).await?)
    };
    let journals: [PostgresJournal; 3] = [connect().await?, connect().await?, connect().await?];
    let workers = |number: usize| -> Vec<Arc<dyn Journal>> {
        let handles = journals.iter().take(number);
        handles.map(|it| Arc::new(it.clone()) as _).collect()
    };

    let sides = [vec![memory], workers(1), workers(2), workers(3)];
    let mut rates: [Vec<f64>; 4] = Default::default();
    measure(&workers(1)).await?; // Warms up.
    let saves = saves(&workers(1)[0]).await?;
    let before = transactions(&statistics).await?;
    measure(&workers(1)).await?;
    let statements =
        (transactions(&statistics).await? - before) as f64 / (OPERATIONS + AT_ONCE) as f64;
    for _ in 0..ROUNDS {
        for (side, rates) in sides.iter().zip(&mut rates) {
            rates.push(measure(side).await?);
        }
    }
    let [memory, one, two, three] = rates;
    let of_memory = ratio(&one, &memory);
    let (second, third) = (ratio(&two, &one), ratio(&three, &two));
    println!(
        "operations a second: memory {:.0}, PostgreSQL {:.0} (×{of_memory:.2} of memory, at least 0.4)",
        median(memory),
        median(one),
    );
    println!(
        "statements for an operation: {statements:.1}, {:.2} for each of {saves} saves (at most 2)",
        statements / saves
    );
    println!(
        "with another worker: {:.0} (×{second:.2}), and one more: {:.0} (×{third:.2}; at least 0.95)",
        median(two),
        median(three),
    );

    fill(&statistics).await?;
    let mut full = Vec::new();
    let mut empty = Vec::new();
    let other = format!("{}&schema=empty", cluster.address());
    let other: Arc<dyn Journal> = Arc::new(PostgresJournal::connect(other.parse()?).await?);
    for _ in 0..ROUNDS {
        full.push(measure(&workers(1)).await?);
        empty.push(measure(std::slice::from_ref(&other)).await?);
    }
    let longer = ratio(&empty, &full);
    println!(
        "with 1,000,000 finished records: {:.0} beside {:.0} without (takes ×{longer:.2}, at most 1.1)",
        median(full),
        median(empty),
    );
    let holds = of_memory >= 0.4
        && statements / saves <= 2.0
        && second >= 0.95
        && third >= 0.95
        && longer <= 1.1;
    if holds {
        Ok(())
    } else {
        Err("a bound is not kept".into())
    }
}

/// The median of what each turn gives.
fn ratio(rates: &[f64], beside: &[f64]) -> f64 {
    median(
        rates
            .iter()
            .zip(beside)
            .map(|(one, other)| one / other)
            .collect(),
    )
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

/// Operations a second, of as many workers as there are journals.
async fn measure(journals: &[Arc<dyn Journal>]) -> Result<f64, Failure> {
    let sandbox = sandbox();
    let mut clients = Vec::new();
    for number in 0..AT_ONCE {
        // A client asks a person for one thing at a time, so each has its own.
        let (diadoc, in_box) = service(&sandbox)?;
        let journal = Arc::clone(&journals[number % journals.len()]);
        // It logs in.
        sign(&diadoc, &in_box, &journal).await?;
        clients.push((diadoc, in_box, journal));
    }
    let time = SystemTimer::new();
    let began = time.elapsed();
    let mut running = JoinSet::new();
    for (diadoc, in_box, journal) in clients {
        running.spawn(async move {
            for _ in 0..OPERATIONS / AT_ONCE {
                sign(&diadoc, &in_box, &journal).await?;
            }
            Ok::<_, Failure>(())
        });
    }
    while let Some(ended) = running.join_next().await {
        ended??;
    }
    Ok(OPERATIONS as f64 / (time.elapsed() - began).as_secs_f64())
}

async fn sign(diadoc: &Diadoc, in_box: &BoxId, journal: &Arc<dyn Journal>) -> Result<(), Failure> {
    let signing = diadoc.in_box(in_box).dss_sign([File::bytes("a.txt", "a")]);
    let mut run = signing.start(&**journal).await?;
    run.wait(&mut NoPrompt, Deadline::minutes(5)).await?;
    run.forget().await?;
    Ok(())
}

/// How often an operation is saved until it is done.
async fn saves(journal: &Arc<dyn Journal>) -> Result<f64, Failure> {
    let (diadoc, in_box) = service(&sandbox())?;
    let signing = diadoc.in_box(&in_box).dss_sign([File::bytes("a.txt", "a")]);
    let mut run = signing.start(&**journal).await?;
    run.wait(&mut NoPrompt, Deadline::minutes(5)).await?;
    let stored = journal.look(run.operation().id()).await?;
    run.forget().await?;
    Ok(stored.ok_or("it is not stored")?.revision.number() as f64)
}

/// A service in this process whose person confirms at once.
fn sandbox() -> Sandbox {
    let options = WorldOptions::default().processing(Duration::ZERO);
    Sandbox::new(options.phone(PhoneMode::Confirm, Duration::ZERO))
}

/// A client of it.
fn service(sandbox: &Sandbox) -> Result<(Diadoc, BoxId), Failure> {
    let transport = SharedTransport::new(sandbox.clone());
    let pause = Duration::from_millis(1);
    let diadoc = client("http://localhost", &seeded(sandbox), transport, pause)?;
    Ok((diadoc, sandbox.world_info().diadoc.box_id.parse()?))
}

async fn transactions(client: &Client) -> Result<i64, Failure> {
    // Servers tell their counts once a second at the soonest, and when a connection is idle.
    SystemTimer::new().sleep(Duration::from_secs(2)).await;
    let text = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()";
    Ok(client.query_one(text, &[]).await?.get(0))
}

async fn fill(client: &Client) -> Result<(), Failure> {
    let record = r#"{"version":1,"id":"' || id || '","kind":"test","origin":{"service":"diadoc","host":"host"},"state":{"name":"done"},"created":1,"changed":2,"data":{}}"#;
    let text = format!(
        "INSERT INTO podpis.operations (id, revision, version, record, summary, finished_at) \
         SELECT id, 5, 1, '{record}', '{{}}', 1 FROM (SELECT gen_random_uuid()::text AS id FROM \
         generate_series(1, 1000000)) AS ids"
    );
    client.batch_execute(&text).await?;
    for text in ["VACUUM ANALYZE podpis.operations", "CHECKPOINT"] {
        client.batch_execute(text).await?;
    }
    Ok(())
}

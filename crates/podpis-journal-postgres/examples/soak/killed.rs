//! Three workers, one of which is killed every five seconds, a server that restarts, and connections that break.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use podpis::core::wait::{Begin, SystemTimer, Time as _};
use podpis::{BoxId, File, ReqwestTransport};
use podpis_journal_postgres::{PostgresJournal, PostgresSettings};
use podpis_sandbox::{Bind, PhoneMode, Sandbox, WorldOptions};
use tokio::task::JoinSet;
use tokio_postgres::NoTls;

use crate::cluster::Cluster;
use crate::line::Line;
use crate::worker::{LEASE, POLL};
use crate::{Failure, Login, client, seeded};

const OPERATIONS: usize = 5_000;
/// How many start at once.
const STARTERS: usize = 20;
const WORKERS: usize = 3;
const KILLS: usize = 24;
const BETWEEN_KILLS: Duration = Duration::from_secs(5);

/// How much later than the lease an operation of a dead worker is somebody else's.
const GRACE: Duration = Duration::from_secs(2);

pub(crate) async fn run() -> Result<(), Failure> {
    let cluster = Cluster::start().ok_or("there is no server")?;
    let line = Line::to(&cluster)?;
    let (notes, connection) = tokio_postgres::connect(&cluster.address(), NoTls).await?;
    tokio::spawn(connection);
    notes
        .batch_execute("CREATE TABLE delivered (id text PRIMARY KEY)")
        .await?;
    // A person who confirms at once, and a service that works on it for a while: the sandbox, as the service, takes no
    // second operation of a person who has one to confirm.
    let options = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
    let sandbox = Sandbox::new(options.processing(Duration::from_secs(3)));
    let server = sandbox.serve(Bind::loopback(0)).await?;
    let service = server.base_url().to_owned();
    let login = seeded(&sandbox);
    let settings: PostgresSettings = line.address().parse()?;
    let journal = PostgresJournal::connect(settings).await?;

    let mut fleet = Fleet {
        arguments: [line.address(), service.clone()],
        login: login.clone(),
        notes: cluster.address(),
        made: 0,
        running: Vec::new(),
    };
    for _ in 0..WORKERS {
        fleet.add()?;
    }
    let time = SystemTimer::new();
    let starter = tokio::spawn(start_all(journal.clone(), service, login, sandbox.clone()));
    let mut late = 0;
    let mut restarted = false;
    for kill in 0..KILLS {
        time.sleep(BETWEEN_KILLS).await;
        let dead = fleet.kill(kill % WORKERS)?;
        fleet.add()?;
        if kill == KILLS / 2 {
            cluster.stop();
            cluster.go_on();
            restarted = true;
        }
        let address = cluster.address();
        late += usize::from(!tokio::spawn(taken_over(address, dead)).await??);
    }
    let failed = starter.await??;
    let client = tokio_postgres::connect(&cluster.address(), NoTls).await?;
    tokio::spawn(client.1);
    let (client, mut delivered, mut left) = (client.0, 0_i64, 0_i64);
    for _ in 0..120 {
        let text = "SELECT (SELECT count(*) FROM delivered), (SELECT count(*) FROM podpis.operations WHERE revision > 0)";
        let row = client.query_one(text, &[]).await?;
        (delivered, left) = (row.get(0), row.get(1));
        if left == 0 {
            break;
        }
        time.sleep(Duration::from_secs(1)).await;
    }
    let counters = sandbox.counters();
    println!(
        "{OPERATIONS} operations, {KILLS} workers killed, {} connections broken, server restarted: {restarted}; starts \
         that failed: {failed}; started {}, pushes {}, confirmed {}, delivered {delivered}, left {left}, taken over too \
         late: {late}",
        line.broken(),
        counters.operations_started,
        counters.pushes_sent,
        counters.confirmations,
    );
    let expected = OPERATIONS as u64;
    let counted = [
        counters.operations_started,
        counters.pushes_sent,
        counters.confirmations,
        delivered.cast_unsigned(),
    ];
    drop(fleet);
    if counted == [expected; 4] && left == 0 && late == 0 && failed == 0 {
        println!("each was started, asked for and confirmed once, and none was lost");
        Ok(())
    } else {
        Err("something was lost, asked for twice, or taken over too late".into())
    }
}

/// Starts all operations while workers are killed; how many could not be started.
async fn start_all(
    journal: PostgresJournal,
    service: String,
    login: Login,
    sandbox: Sandbox,
) -> Result<usize, Failure> {
    let in_box: BoxId = sandbox.world_info().diadoc.box_id.parse()?;
    // As long as workers are killed.
    let share = OPERATIONS / STARTERS;
    let pause = BETWEEN_KILLS * u32::try_from(KILLS)? / u32::try_from(share)?;
    let mut starters = JoinSet::new();
    for _ in 0..STARTERS {
        // A client asks a person for one thing at a time, so each has its own.
        let diadoc = client(&service, &login, ReqwestTransport::new()?, POLL)?;
        let (in_box, journal) = (in_box.clone(), journal.clone());
        starters.spawn(async move {
            let (time, mut failed, mut due) = (SystemTimer::new(), 0_usize, Duration::ZERO);
            for number in 0..share {
                due += pause;
                time.sleep(due.saturating_sub(time.elapsed())).await;
                let file = File::bytes(format!("{number}.txt"), "a");
                let signing = diadoc.in_box(&in_box).dss_sign([file]);
                if let Err(error) = signing.start(&journal).await {
                    eprintln!("a start failed: {}", podpis::ErrorChain(&error));
                    failed += 1;
                }
            }
            failed
        });
    }
    Ok(starters.join_all().await.into_iter().sum())
}

/// Whether nothing is a dead worker's any more soon enough.
async fn taken_over(address: String, dead: String) -> Result<bool, Failure> {
    let time = SystemTimer::new();
    time.sleep(LEASE + GRACE).await;
    let (client, connection) = tokio_postgres::connect(&address, NoTls).await?;
    tokio::spawn(connection);
    let text = "SELECT count(*) FROM podpis.operations WHERE claim_owner = $1 AND revision > 0 AND finished_at IS NULL";
    let held: i64 = client.query_one(text, &[&dead]).await?.get(0);
    if held > 0 {
        eprintln!("{held} operations of {dead} were not taken over");
    }
    Ok(held == 0)
}

struct Fleet {
    arguments: [String; 2],
    login: Login,
    notes: String,
    made: usize,
    running: Vec<(String, Child)>,
}

impl Fleet {
    fn add(&mut self) -> Result<(), Failure> {
        self.made += 1;
        let name = format!("worker {}", self.made);
        let Login {
            client_id,
            login,
            password,
        } = &self.login;
        let child = Command::new(std::env::current_exe()?)
            .args(["worker", &name])
            .args(&self.arguments)
            .args([client_id, login, password])
            .env("SOAK_NOTES", &self.notes)
            .stdin(Stdio::null())
            .spawn()?;
        self.running.push((name, child));
        Ok(())
    }

    /// By SIGKILL.
    fn kill(&mut self, number: usize) -> Result<String, Failure> {
        let (name, mut child) = self.running.remove(number.min(self.running.len() - 1));
        child.kill()?;
        child.wait()?;
        Ok(name)
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        for (_, child) in &mut self.running {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

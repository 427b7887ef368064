//! Three instances of a web service on one journal: the first takes a file and starts, the second takes the code from the
//! person, and whichever is free goes on with the operation.
//!
//! `cargo run -p podpis-journal-postgres --example three_instances -- postgres://…` runs it against an embedded sandbox; a
//! real service differs in the address, the login, and where the signatures go.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod instance;

use std::sync::PoisonError;
use std::time::Duration;

use axum::http::{Method, Request};
use bytes::Bytes;
use podpis::core::wait::PollPolicy;
use podpis::secret::{ApiClientId, Password};
use podpis::{Diadoc, DiadocLogin, ReqwestTransport, Transport as _};
use podpis_journal_postgres::{PostgresJournal, PostgresSettings};
use podpis_sandbox::{Bind, Sandbox, WorldOptions};

use instance::{Instance, Signed};

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let named = std::env::args().nth(1);
    let address = named.map_or_else(|| std::env::var("PODPIS_JOURNAL"), Ok);
    let address = address.map_err(|_| "say where the journal is: postgres://…")?;
    sign_by_three(&address).await
}

/// Signs one file by three instances, which know nothing of each other.
async fn sign_by_three(address: &str) -> Result<(), Failure> {
    let sandbox = Sandbox::new(WorldOptions::default());
    let server = sandbox.serve(Bind::loopback(0)).await?;
    let signed = Signed::default();
    let service = (&sandbox, server.base_url());
    let [first, second, third] = [
        start_instance("first", address, service, &signed).await?,
        start_instance("second", address, service, &signed).await?,
        start_instance("third", address, service, &signed).await?,
    ];

    // The person sends a file to whatever instance the balancer chooses,
    let (status, id) = ask(Method::POST, &first.url("/operations"), "TEST document").await?;
    println!("first: {status}, operation {id}");
    // gives the code to another one when the SMS is there,
    until(&first, &id, "awaiting_code").await?;
    let path = format!("/operations/{id}/code");
    let (status, answer) = ask(Method::POST, &second.url(&path), "000000").await?;
    println!("second: {status}, {answer}");
    assert_eq!(answer, "wrong, 2 tries left");
    let code = sandbox.last_code().ok_or("no SMS came")?;
    let (status, answer) = ask(Method::POST, &second.url(&path), &code).await?;
    println!("second: {status}, {answer}");
    // and looks at any until it is signed.
    until(&third, &id, "done").await?;
    let signature = loop {
        let signature = signed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id);
        match signature {
            Some(signature) => break signature,
            // It is stored, and told next.
            None => tokio::task::yield_now().await,
        }
    };
    println!("a signature of {} bytes", signature.len());
    assert_eq!(sandbox.counters().sms_sent, 1);

    for instance in [&first, &second, &third] {
        instance.stop().await;
    }
    Ok(())
}

async fn start_instance(
    name: &'static str,
    address: &str,
    (sandbox, service): (&Sandbox, &str),
    signed: &Signed,
) -> Result<Instance, Failure> {
    let settings: PostgresSettings = address.parse()?;
    let journal = PostgresJournal::connect(settings.listening()).await?;
    let seeded = sandbox.world_info().diadoc;
    let login = DiadocLogin::password(
        ApiClientId::new(seeded.api_client_id),
        seeded.login,
        Password::new(seeded.password),
    );
    let diadoc = Diadoc::builder(service.parse()?, login, ReqwestTransport::new()?)
        // The sandbox answers at once; leave this out for the real service.
        .polls(PollPolicy::growing(
            Duration::from_millis(20),
            Duration::from_secs(1),
        ))
        .build();
    let certificate = seeded.certificate.parse()?;
    Instance::start(name, journal, diadoc, certificate, Signed::clone(signed)).await
}

/// Looks again and again.
async fn until(instance: &Instance, id: &str, state: &str) -> Result<(), Failure> {
    let url = instance.url(&format!("/operations/{id}"));
    while ask(Method::GET, &url, "").await?.1 != state {
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// One request of the person's browser.
async fn ask(method: Method, url: &str, body: &str) -> Result<(u16, String), Failure> {
    let body = Bytes::copy_from_slice(body.as_bytes());
    let request = Request::builder().method(method).uri(url).body(body)?;
    let answer = ReqwestTransport::new()?.execute(request).await?;
    let text = String::from_utf8(answer.body().to_vec())?;
    Ok((answer.status().as_u16(), text))
}

#[cfg(all(test, unix))]
#[path = "../../tests/postgres/cluster.rs"]
#[allow(
    dead_code,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "it is made for other tests too, and says what was not run"
)]
mod cluster;

#[cfg(all(test, unix))]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_runs() {
    if let Some(cluster) = cluster::Cluster::start() {
        sign_by_three(&cluster.address()).await.unwrap();
    }
}

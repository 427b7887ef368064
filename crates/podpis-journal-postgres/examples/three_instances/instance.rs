//! One instance of the service: handlers that answer at once, and a driver of all operations.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use podpis::drive::{CodeAnswer, CodeError, Driver, News, Outcomes};
use podpis::secret::ConfirmationCode;
use podpis::{Begin as _, Diadoc, File, Journal as _, OperationId, Output, Podpis, Thumbprint};
use podpis_journal_postgres::PostgresJournal;

use crate::Failure;

/// Where signatures go; in a real service a table of its own database.
pub(crate) type Signed = Arc<Mutex<HashMap<String, Vec<u8>>>>;

#[derive(Clone)]
pub(crate) struct Instance {
    pub(crate) journal: PostgresJournal,
    pub(crate) driver: Driver<Output>,
    diadoc: Diadoc,
    certificate: Thumbprint,
    address: SocketAddr,
}

/// What a handler answers: the state for people, or that something did not work.
type Answer = Result<String, (StatusCode, String)>;

impl Instance {
    pub(crate) async fn start(
        name: &'static str,
        journal: PostgresJournal,
        diadoc: Diadoc,
        certificate: Thumbprint,
        signed: Signed,
    ) -> Result<Self, Failure> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        // All instances share the work. When one dies, the others have its operations after the lease.
        let (driver, news) = Podpis::new()
            .with_diadoc(diadoc.clone())
            .driver(Arc::new(journal.clone()))
            .owner(name.parse()?)
            .in_flight(16)
            .lease(Duration::from_secs(30))
            .start();
        let instance = Self {
            journal,
            driver,
            diadoc,
            certificate,
            address: listener.local_addr()?,
        };
        let router = Router::new()
            .route("/operations", post(begin))
            .route("/operations/{id}", get(look))
            .route("/operations/{id}/code", post(confirm))
            .with_state(instance.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        tokio::spawn(hear(instance.journal.clone(), instance.driver.clone()));
        tokio::spawn(take(name, news, signed));
        Ok(instance)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Stores what is under way, and gives back at once what would run out otherwise.
    pub(crate) async fn stop(&self) {
        self.driver.shutdown().await;
        self.journal.close().await;
    }
}

/// Looks whenever another instance hands something over; the driver looks now and then in any case.
async fn hear(journal: PostgresJournal, driver: Driver<Output>) {
    let mut work = journal.work();
    loop {
        work.wait(Duration::from_secs(60)).await;
        driver.look();
    }
}

/// Keeps what comes of operations.
async fn take(name: &str, mut news: Outcomes<Output>, signed: Signed) {
    while let Some(news) = news.next().await {
        match news {
            News::Ended(ended) => {
                let id = ended.operation.id().to_string();
                let kept = ended.result.map(|output| keep(&id, &output, &signed));
                println!("{name}: operation {id} has ended: {:?}", kept.err());
                // Once it is safe the record may go: by `forget`, or by `prune` after a while, as here.
            }
            // The person is asked in the browser.
            News::CodeWanted(wanted) => println!("{name}: {} wants a code", wanted.operation.id()),
            other => println!("{name}: {other:?}"),
        }
    }
}

fn keep(id: &str, output: &Output, signed: &Signed) {
    if let Output::Signatures(signatures) = output
        && let Ok(all) = signatures.all()
        && let Some(first) = all.first()
    {
        let signature = first.signature().to_der().to_vec();
        let mut signed = signed.lock().unwrap_or_else(PoisonError::into_inner);
        signed.insert(id.to_owned(), signature);
    }
}

async fn begin(State(instance): State<Instance>, body: String) -> Answer {
    let started = async {
        let file = File::bytes("document.txt", body);
        let on_shelf = instance.diadoc.put_on_shelf(&file).await?;
        let signing = instance.diadoc.cloud_sign([on_shelf]);
        let signing = signing.certificate(instance.certificate);
        // It is in the journal before anything is sent, and given back when this run is dropped.
        let run = signing.start(&instance.journal).await?;
        instance.driver.look();
        Ok::<_, podpis::Error>(run.operation().id().to_string())
    };
    started.await.map_err(failed)
}

async fn confirm(
    State(instance): State<Instance>,
    Path(id): Path<OperationId>,
    code: String,
) -> Answer {
    let (code, longest) = (ConfirmationCode::new(code), Duration::from_secs(20));
    match instance.driver.give_code(&id, code, longest).await {
        Ok(CodeAnswer::Wrong { tries_left, .. }) => Ok(format!("wrong, {tries_left} tries left")),
        Ok(_) => Ok("thank you".to_owned()),
        Err(busy @ (CodeError::HeldElsewhere { .. } | CodeError::AnotherCode(_))) => {
            Err((StatusCode::CONFLICT, busy.to_string()))
        }
        Err(error) => Err((StatusCode::BAD_GATEWAY, error.to_string())),
    }
}

async fn look(State(instance): State<Instance>, Path(id): Path<OperationId>) -> Answer {
    let stored = instance.journal.look(&id).await;
    match stored.map_err(|error| failed(error.into()))? {
        Some(stored) => Ok(stored.operation.state().name().to_owned()),
        None => Err((
            StatusCode::NOT_FOUND,
            "there is no such operation".to_owned(),
        )),
    }
}

fn failed(error: podpis::Error) -> (StatusCode, String) {
    (StatusCode::BAD_GATEWAY, error.to_string())
}

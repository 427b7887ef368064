//! One instance of the service: handlers that answer at once, and a worker.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use podpis::core::wait::{Begin, SystemTimer, Time as _};
use podpis::diadoc::CloudSign;
use podpis::operation::{JournalError, Lease, Owner, Timestamp};
use podpis::secret::ConfirmationCode;
use podpis::{
    Deadline, Diadoc, File, Journal as _, NoPrompt, OperationId, Output, Podpis, Thumbprint,
};
use podpis_journal_postgres::PostgresJournal;

use crate::Failure;

/// How long an operation is this instance's own; runs renew it while they are driven.
const LEASE: Duration = Duration::from_secs(30);

/// How many operations one worker drives at once.
const AT_ONCE: usize = 16;

#[derive(Clone)]
pub(crate) struct Instance {
    pub(crate) journal: PostgresJournal,
    owner: Owner,
    diadoc: Diadoc,
    certificate: Thumbprint,
    address: SocketAddr,
    /// Where signatures go; in a real service a table of its own database.
    signed: Arc<Mutex<HashMap<OperationId, Vec<u8>>>>,
}

/// What a handler answers: the state for people, or that something did not work.
type Answer = Result<String, (StatusCode, String)>;

impl Instance {
    pub(crate) async fn start(
        name: &str,
        journal: PostgresJournal,
        diadoc: Diadoc,
        certificate: Thumbprint,
    ) -> Result<Self, Failure> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let instance = Self {
            journal,
            owner: name.parse()?,
            diadoc,
            certificate,
            address: listener.local_addr()?,
            signed: Arc::default(),
        };
        let router = Router::new()
            .route("/operations", post(begin))
            .route("/operations/{id}", get(look))
            .route("/operations/{id}/code", post(confirm))
            .with_state(instance.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(instance)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn signature_of(&self, id: &str) -> Option<Vec<u8>> {
        let signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        signed.get(&id.parse().ok()?).cloned()
    }

    /// A lease that begins now, by the clock of this machine. The database has its own, and that one counts.
    fn lease(&self) -> Lease {
        let now = Timestamp::from(SystemTimer::new().now());
        Lease::new(self.owner.clone(), now, LEASE)
    }

    /// Goes on with whatever waits for the service and not for a person, as long as the program runs. When an instance
    /// dies, its operations come to the others after their lease.
    pub(crate) async fn work(self) {
        let mut work = self.journal.work();
        loop {
            match self.journal.claim_due(&self.lease(), AT_ONCE).await {
                Ok(claims) if !claims.is_empty() => {
                    let mut driven = tokio::task::JoinSet::new();
                    for claim in claims {
                        let claim = claim.owned(Arc::new(self.journal.clone()));
                        driven.spawn(self.clone().finish(claim));
                    }
                    driven.join_all().await;
                }
                // It is told when others hand something over, and looks again after a while in any case.
                Ok(_) => work.wait(Duration::from_secs(5)).await,
                Err(error) => {
                    println!("the journal does not answer: {error}");
                    work.wait(Duration::from_secs(5)).await;
                }
            }
        }
    }

    async fn finish(self, claim: podpis::operation::Claim<'static>) {
        let id = claim.id().clone();
        let podpis = Podpis::new().with_diadoc(self.diadoc.clone());
        let ended = async {
            let mut run = podpis.resume(claim)?;
            let output = run.wait(&mut NoPrompt, Deadline::minutes(10)).await?;
            if let Output::Signatures(signatures) = output {
                let signature = signatures.all()?[0].signature().to_der().to_vec();
                // Once it is safe the record may go: by `run.forget()`, or by `prune` after a while, as here.
                let mut signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
                signed.insert(id.clone(), signature);
            }
            Ok::<(), Failure>(())
        };
        if let Err(error) = ended.await {
            // It stays in the journal, and is tried again unless it waits for the code of a person.
            println!("third: operation {id} is not finished: {error}");
        }
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
        Ok::<_, podpis::Error>(run.operation().id().to_string())
    };
    started.await.map_err(failed)
}

async fn confirm(
    State(instance): State<Instance>,
    Path(id): Path<OperationId>,
    code: String,
) -> Answer {
    let claimed = instance.journal.claim_for(&id, &instance.lease()).await;
    let claim = claimed.map_err(|error| match error {
        JournalError::Claimed { .. } => (StatusCode::CONFLICT, error.to_string()),
        other => failed(other.into()),
    })?;
    let confirmed = async {
        let mut run = instance.diadoc.resume::<CloudSign>(claim)?;
        run.confirm(ConfirmationCode::new(code)).await?;
        Ok::<_, podpis::Error>(run.operation().state().name().to_owned())
    };
    confirmed.await.map_err(failed)
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

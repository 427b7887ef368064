//! A web service that keeps its runs: handlers begin, look and take the code, and every one of them answers at once.
//!
//! `cargo run -p podpis --example web_handlers` runs it against an embedded sandbox; a real service differs in the address,
//! the login, the web framework around the handlers, and where signatures go. With more people than one process looks
//! after by hand, let a driver do it: `drive_many`.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod diadoc_client;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use diadoc_client::{Failure, client_of};
use podpis::diadoc::CloudSign;
use podpis::operation::JournalError;
use podpis::secret::ConfirmationCode;
use podpis::{
    Begin as _, Diadoc, Error, ErrorChain, ErrorKind, File, FolderJournal, Journal, Next,
    OperationId, Run,
};
use podpis_sandbox::{Bind, Sandbox, WorldOptions};

/// What every handler has.
struct Service {
    journal: Arc<dyn Journal>,
    diadoc: Diadoc,
    /// The runs that no handler has at work just now. One that is lost here is in the journal all the same.
    runs: Mutex<HashMap<OperationId, Run<'static, CloudSign>>>,
}

/// What the page shows.
#[derive(Debug, PartialEq)]
enum Page {
    /// A field for the code; from the second attempt on, the one before was wrong.
    EnterCode { attempt: u32 },
    /// Nothing new; the page asks again after this pause, and not sooner.
    Wait(Duration),
    /// The signature.
    Signed(Vec<u8>),
}

/// Status and text of what did not work.
type Refused = (u16, String);

impl Service {
    fn new(journal: Arc<dyn Journal>, diadoc: Diadoc) -> Self {
        Self {
            journal,
            diadoc,
            runs: Mutex::default(),
        }
    }

    /// `POST /signings`: begins. The record is in the journal before anything is sent.
    async fn begin(&self, text: String) -> Result<OperationId, Refused> {
        let signing = self.diadoc.cloud_sign([File::bytes("document.txt", text)]);
        let run = signing.start(&*self.journal).await.map_err(refused)?;
        let id = run.operation().id().clone();
        self.keep(run.owned(Arc::clone(&self.journal)));
        Ok(id)
    }

    /// `GET /signings/{id}`: asks the service once, if there is something to ask.
    async fn look(&self, id: &OperationId) -> Result<Page, Refused> {
        let mut run = self.take(id).await?;
        let asked = match run.next() {
            Next::PollAfter(_) => run.poll().await,
            Next::Reconcile => run.reconcile().await,
            Next::GiveCode { .. } | Next::Finished => Ok(()),
        };
        self.page(run, asked)
    }

    /// `POST /signings/{id}/code`: a wrong code is no error, and the page asks for another one.
    async fn code(&self, id: &OperationId, code: &str) -> Result<Page, Refused> {
        let mut run = self.take(id).await?;
        let confirmed = run.confirm(ConfirmationCode::new(code)).await;
        self.page(run, confirmed)
    }

    /// `DELETE /signings/{id}`: the signature is in safe hands, so the record may go.
    async fn forget(&self, id: &OperationId) -> Result<(), Refused> {
        self.take(id).await?.forget().await.map_err(refused)
    }

    /// Takes the run out, so that two handlers never have it. When a browser hangs up and the handler is dropped in the
    /// middle, the run is dropped too, and the next handler goes on from the journal, as after a restart.
    async fn take(&self, id: &OperationId) -> Result<Run<'static, CloudSign>, Refused> {
        if let Some(run) = self.runs().remove(id) {
            return Ok(run);
        }
        let claim = self.journal.claim(id).await;
        let claim = claim.map_err(|error| refused(error.into()))?;
        if claim.record().is_none() {
            return Err((404, "there is no such signing".to_owned()));
        }
        let claim = claim.owned(Arc::clone(&self.journal));
        self.diadoc.resume(claim).map_err(refused)
    }

    /// What is shown after a call. A failure that passes changes nothing: the page asks again.
    fn page(
        &self,
        run: Run<'static, CloudSign>,
        called: Result<(), Error>,
    ) -> Result<Page, Refused> {
        let page = match called {
            Err(error) if !error.is_transient() => Err(error),
            _ => match run.next() {
                Next::GiveCode { attempt } => Ok(Page::EnterCode { attempt }),
                Next::PollAfter(pause) => Ok(Page::Wait(pause)),
                // An answer was lost. The next look finds out what became of it, and nothing is sent twice.
                Next::Reconcile => Ok(Page::Wait(Duration::from_secs(1))),
                Next::Finished => signature(&run).map(Page::Signed),
            },
        };
        self.keep(run);
        page.map_err(refused)
    }

    fn keep(&self, run: Run<'static, CloudSign>) {
        let id = run.operation().id().clone();
        self.runs().insert(id, run);
    }

    fn runs(&self) -> MutexGuard<'_, HashMap<OperationId, Run<'static, CloudSign>>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn signature(run: &Run<'_, CloudSign>) -> Result<Vec<u8>, Error> {
    let signatures = run.output()?;
    let all = signatures.all().map_err(|unsigned| {
        Error::new(ErrorKind::Signature, unsigned.to_string()).with_operation(run.operation())
    })?;
    Ok(all[0].der().to_vec())
}

/// An error for both readers: the log has every cause, the person the sentence and what it means for the signature.
fn refused(error: Error) -> Refused {
    println!("log: {}", ErrorChain(&error));
    let cause = std::error::Error::source(&error).and_then(|cause| cause.downcast_ref());
    let status = match (error.kind(), cause) {
        (ErrorKind::InvalidInput, _) => 400,
        // Another handler has it at work.
        (_, Some(JournalError::Claimed { .. })) => 409,
        (ErrorKind::Refused, _) => 410,
        _ => 502,
    };
    let text = match error.meaning() {
        Some(meaning) => format!("{error}. {meaning}."),
        None => error.to_string(),
    };
    (status, text)
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let sandbox = Sandbox::new(WorldOptions::default().processing(Duration::ZERO));
    let server = sandbox.serve(Bind::loopback(0)).await?;
    let diadoc = client_of(&server)?;
    let folder = tempfile::tempdir()?;
    let journal: Arc<dyn Journal> = Arc::new(FolderJournal::at(folder.path())?);
    let service = Service::new(Arc::clone(&journal), diadoc.clone());

    // A browser begins, and the person mistypes the code.
    let begun = service.begin("TEST document".to_owned()).await;
    let id = begun.map_err(shown)?;
    let page = news(&service, &id).await?;
    assert_eq!(page, Page::EnterCode { attempt: 1 });
    let page = service.code(&id, "000000").await.map_err(shown)?;
    println!("a wrong code: {page:?}");

    // The next version of the service is deployed: what the old one kept is gone.
    drop(service);
    let service = Service::new(journal, diadoc);
    let page = news(&service, &id).await?;
    assert_eq!(page, Page::EnterCode { attempt: 2 });
    let code = sandbox.last_code().ok_or("no SMS came")?;
    service.code(&id, &code).await.map_err(shown)?;
    // The same form, sent once more by an impatient person.
    let again = service.code(&id, &code).await;
    println!("the code once more: {again:?}");
    assert!(matches!(again, Err((400, _))));

    let Page::Signed(signature) = news(&service, &id).await? else {
        return Err("no signature came".into());
    };
    println!("signed: {} bytes", signature.len());
    service.forget(&id).await.map_err(shown)?;
    let gone = service.look(&id).await;
    println!("looked at again: {gone:?}");
    assert!(matches!(gone, Err((404, _))));
    assert_eq!(sandbox.counters().sms_sent, 1);
    Ok(())
}

/// A page that asks again as often as it is told to, until there is something to show.
#[allow(
    clippy::disallowed_methods,
    reason = "a browser waits by the clock of the wall"
)]
async fn news(service: &Service, id: &OperationId) -> Result<Page, Failure> {
    loop {
        match service.look(id).await.map_err(shown)? {
            Page::Wait(pause) => tokio::time::sleep(pause).await,
            page => return Ok(page),
        }
    }
}

fn shown((status, text): Refused) -> String {
    format!("{status}: {text}")
}

#[cfg(test)]
#[test]
fn the_example_runs() {
    main().unwrap();
}

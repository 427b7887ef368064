//! A web service that keeps its runs: handlers begin, look and take the code, and every one of them answers at once.
//!
//! `cargo run -p podpis --example web_handlers` runs it against an embedded sandbox; a real service differs in the address,
//! the login, the web framework around the handlers, and where signatures go. With more people than one process looks
//! after by hand, let a driver do it: `drive_many`.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod diadoc_client;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use diadoc_client::{Failure, client_of};
use podpis::diadoc::CloudSign;
use podpis::secret::ConfirmationCode;
use podpis::{Begin as _, Diadoc, Error, ErrorChain, ErrorKind, File, FolderJournal};
use podpis::{Journal, Next, OperationId, Run};
use podpis_sandbox::{Bind, Sandbox, WorldOptions};
use tokio::sync::Mutex;

type Signing = Run<'static, CloudSign>;

/// What every handler has.
struct Service {
    journal: Arc<dyn Journal>,
    diadoc: Diadoc,
    /// The runs that no handler has at work just now. One that is lost here is in the journal all the same.
    runs: Mutex<HashMap<OperationId, Signing>>,
}

impl Service {
    /// `POST /signings`: begins. The record is in the journal before anything is sent.
    async fn begin(&self, text: &'static str) -> Result<OperationId, Error> {
        let signing = self.diadoc.cloud_sign([File::bytes("document.txt", text)]);
        let run = signing.start(&*self.journal).await?;
        let id = run.operation().id().clone();
        self.keep(run.owned(Arc::clone(&self.journal))).await;
        Ok(id)
    }

    /// `GET /signings/{id}`: asks the service once, if there is something to ask, and says what the page does next: shows a
    /// field for the code, asks again after a pause, or fetches the signature. A failure that passes is none.
    async fn look(&self, id: &OperationId) -> Result<Next, Error> {
        let mut run = self.take(id).await?;
        let asked = run.turn().await;
        self.shown(run, asked).await
    }

    /// `POST /signings/{id}/code`: a wrong code is no error; the page shows the field again.
    async fn code(&self, id: &OperationId, code: &str) -> Result<Next, Error> {
        let mut run = self.take(id).await?;
        let confirmed = run.confirm(ConfirmationCode::new(code)).await;
        self.shown(run, confirmed).await
    }

    /// `GET /signings/{id}/signature`: as often as it is asked for.
    async fn signature(&self, id: &OperationId) -> Result<Vec<u8>, Failure> {
        let run = self.take(id).await?;
        let signature = run.output()?.all()?[0].der().to_vec();
        self.keep(run).await;
        Ok(signature)
    }

    /// `DELETE /signings/{id}`: the signature is in safe hands, so the record may go.
    async fn forget(&self, id: &OperationId) -> Result<(), Error> {
        self.take(id).await?.forget().await
    }

    /// Takes the run out, so that two handlers never have it. When a browser hangs up and the handler is dropped in the
    /// middle, the run is dropped too, and the next handler goes on from the journal, as after a restart.
    async fn take(&self, id: &OperationId) -> Result<Signing, Error> {
        if let Some(run) = self.runs.lock().await.remove(id) {
            return Ok(run);
        }
        let claim = self.journal.claim(id).await?;
        self.diadoc.resume(claim.owned(Arc::clone(&self.journal)))
    }

    async fn shown(&self, run: Signing, done: Result<(), Error>) -> Result<Next, Error> {
        let next = run.next();
        self.keep(run).await;
        done.map(|()| next)
    }

    async fn keep(&self, run: Signing) {
        let id = run.operation().id().clone();
        self.runs.lock().await.insert(id, run);
    }
}

/// Status and text of what did not work: the log has every cause, the person the sentence and what it means for the signature.
fn refused(error: &Error) -> (u16, String) {
    println!("log: {}", ErrorChain(error));
    let status = match error.kind() {
        ErrorKind::InvalidInput => 400,
        ErrorKind::Refused => 410,
        // Another handler has it at work, or there is no such signing.
        ErrorKind::Journal => 409,
        _ => 502,
    };
    let meaning = error.meaning().map(|meaning| format!(". {meaning}."));
    (status, format!("{error}{}", meaning.unwrap_or_default()))
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let sandbox = Sandbox::new(WorldOptions::default().processing(Duration::ZERO));
    let server = sandbox.serve(Bind::loopback(0)).await?;
    let folder = tempfile::tempdir()?;
    let service = || -> Result<Service, Failure> {
        let journal = Arc::new(FolderJournal::at(folder.path())?);
        let (diadoc, runs) = (client_of(&server)?, Mutex::default());
        Ok(Service {
            journal,
            diadoc,
            runs,
        })
    };

    // A browser begins, and the person mistypes the code.
    let old = service()?;
    let id = old.begin("TEST document").await?;
    assert_eq!(news(&old, &id).await?, Next::GiveCode { attempt: 1 });
    println!("a wrong code: {:?}", old.code(&id, "000000").await?);

    // The next version of the service is deployed: what the old one kept is gone.
    drop(old);
    let service = service()?;
    assert_eq!(news(&service, &id).await?, Next::GiveCode { attempt: 2 });
    let code = sandbox.last_code().ok_or("no SMS came")?;
    service.code(&id, &code).await?;
    // The same form, sent once more by an impatient person.
    let again = service
        .code(&id, &code)
        .await
        .map_err(|error| refused(&error));
    assert!(matches!(again, Err((400, _))), "{again:?}");
    assert_eq!(news(&service, &id).await?, Next::Finished);
    println!("signed: {} bytes", service.signature(&id).await?.len());
    service.forget(&id).await?;
    let gone = service.look(&id).await.map_err(|error| refused(&error));
    assert!(matches!(gone, Err((409, _))), "{gone:?}");
    assert_eq!(sandbox.counters().sms_sent, 1);
    Ok(())
}

/// A page that asks again as often as it is told to, until there is something to show.
#[allow(
    clippy::disallowed_methods,
    reason = "a browser waits by the clock of the wall"
)]
async fn news(service: &Service, id: &OperationId) -> Result<Next, Error> {
    loop {
        match service.look(id).await? {
            Next::PollAfter(pause) => tokio::time::sleep(pause).await,
            next => return Ok(next),
        }
    }
}

#[cfg(test)]
#[test]
fn the_example_runs() {
    main().unwrap();
}

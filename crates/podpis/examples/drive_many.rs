//! A service that signs for many people at once: handlers that answer at once, and one driver for all operations.
//!
//! `cargo run -p podpis --example drive_many` runs it against an embedded sandbox; a real service differs in the address,
//! the login, the web framework around the handlers, and where signatures go.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod diadoc_client;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use diadoc_client::{Failure, client_of};
use podpis::drive::{CodeAnswer, CodeError, Driver, News, Outcomes};
use podpis::secret::ConfirmationCode;
use podpis::{
    Begin as _, Diadoc, File, FolderJournal, Journal, OperationId, Output, Podpis, Thumbprint,
};
use podpis_sandbox::{Bind, Sandbox, WorldOptions};

/// What every handler has. Cheap to clone.
#[derive(Clone)]
struct Service {
    journal: Arc<dyn Journal>,
    diadoc: Diadoc,
    certificate: Thumbprint,
    driver: Driver<Output>,
}

impl Service {
    /// `POST /operations`: begins, and answers with the id. The record is stored before anything is sent.
    async fn begin(&self, text: String) -> Result<OperationId, podpis::Error> {
        let file = File::bytes("document.txt", text);
        let file = self.diadoc.put_on_shelf(&file).await?;
        let signing = self.diadoc.cloud_sign([file]);
        let signing = signing.certificate(self.certificate);
        let run = signing.start(&*self.journal).await?;
        let id = run.operation().id().clone();
        // From here on it is the driver's.
        drop(run);
        self.driver.look();
        Ok(id)
    }

    /// `POST /operations/{id}/code`: what the person is told about their code.
    async fn code(&self, id: &OperationId, code: String) -> String {
        let code = ConfirmationCode::new(code);
        let longest = Duration::from_secs(20);
        match self.driver.give_code(id, code, longest).await {
            Ok(CodeAnswer::Wrong { tries_left, .. }) => format!("wrong, {tries_left} tries left"),
            Ok(_) => "thank you".to_owned(),
            Err(CodeError::HeldElsewhere { .. } | CodeError::AnotherCode(_)) => {
                "once more in a moment, please".to_owned()
            }
            Err(error) => error.to_string(),
        }
    }
}

/// One task takes what comes of all operations.
async fn take(
    service: Service,
    mut news: Outcomes<Output>,
    phone: Sandbox,
    expected: usize,
) -> Result<HashMap<OperationId, Vec<u8>>, Failure> {
    let mut signed = HashMap::new();
    while let Some(news) = news.next().await {
        match news {
            // A real service shows the person a field for the code.
            News::CodeWanted(wanted) => {
                let id = wanted.operation.id().clone();
                tokio::spawn(person(service.clone(), phone.clone(), id));
            }
            News::Ended(ended) => {
                let id = ended.operation.id().clone();
                if let Output::Signatures(signatures) = ended.result? {
                    let signature = signatures.all()?[0].signature().to_der().to_vec();
                    signed.insert(id.clone(), signature);
                }
                // It is safe, so the record may go.
                service.journal.forget(&id).await?;
                if signed.len() == expected {
                    break;
                }
            }
            // For people: what has no client, what cannot be read, what nobody can tell.
            other => return Err(format!("{other:?}").into()),
        }
    }
    Ok(signed)
}

/// A person who mistypes once. Codes come to handlers, and never through the task that takes the news.
async fn person(service: Service, phone: Sandbox, id: OperationId) {
    let told = service.code(&id, "000000".to_owned()).await;
    assert_eq!(told, "wrong, 2 tries left");
    if let Some(code) = phone.last_code() {
        assert_eq!(service.code(&id, code).await, "thank you");
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    // A Diadoc to talk to: the sandbox, over real HTTP, with a login of its own.
    let sandbox = Sandbox::new(WorldOptions::default().processing(Duration::ZERO));
    let server = sandbox.serve(Bind::loopback(0)).await?;
    let diadoc = client_of(&server)?;

    let folder = tempfile::tempdir()?;
    let journal: Arc<dyn Journal> = Arc::new(FolderJournal::at(folder.path())?);
    let (driver, news) = Podpis::new()
        .with_diadoc(diadoc.clone())
        .driver(Arc::clone(&journal))
        .in_flight(20)
        .start();
    let service = Service {
        journal: Arc::clone(&journal),
        diadoc,
        certificate: sandbox.world_info().diadoc.certificate.parse()?,
        driver: driver.clone(),
    };

    let taking = tokio::spawn(take(service.clone(), news, sandbox.clone(), 1));
    let id = service.begin("TEST document".to_owned()).await?;
    let signed = taking.await??;
    println!(
        "operation {id} has ended with {} signature(s)",
        signed.len()
    );
    assert!(signed.contains_key(&id));

    driver.shutdown().await;
    assert_eq!(driver.counts().done, 1);
    assert!(journal.open().await?.is_empty());
    assert_eq!(sandbox.counters().sms_sent, 1);
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_runs() {
    main().unwrap();
}

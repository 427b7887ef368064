//! A service that signs for many people at once: handlers that answer at once, and one driver for all operations.
//!
//! `cargo run -p podpis --example drive_many` runs it against an embedded sandbox; a real service differs in the address,
//! the login, the web framework around the handlers, and where signatures go.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod diadoc_client;

use std::sync::Arc;
use std::time::Duration;

use diadoc_client::{Failure, client_of};
use podpis::drive::{CodeAnswer, Driver, News};
use podpis::secret::ConfirmationCode;
use podpis::{Begin as _, File, FolderJournal, Journal, OperationId, Output, Podpis};
use podpis_sandbox::{Bind, Sandbox, WorldOptions};

/// `POST /operations/{id}/code`: what the person is told about their code.
async fn code(driver: &Driver<Output>, id: &OperationId, code: &str) -> String {
    let (code, longest) = (ConfirmationCode::new(code), Duration::from_secs(20));
    match driver.give_code(id, code, longest).await {
        Ok(CodeAnswer::Wrong { tries_left, .. }) => format!("wrong, {tries_left} tries left"),
        Ok(_) => "thank you".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let sandbox = Sandbox::new(WorldOptions::default().processing(Duration::ZERO));
    let server = sandbox.serve(Bind::loopback(0)).await?;
    let diadoc = client_of(&server)?;
    let folder = tempfile::tempdir()?;
    let journal: Arc<dyn Journal> = Arc::new(FolderJournal::at(folder.path())?);
    let podpis = Podpis::new().with_diadoc(diadoc.clone());
    let driver = podpis.driver(Arc::clone(&journal)).in_flight(20);
    let (driver, mut news) = driver.start();

    // `POST /operations`: the record is stored before anything is sent, and the run that is dropped here is the driver's.
    let signing = diadoc.cloud_sign([File::bytes("document.txt", "TEST document")]);
    let id = signing.start(&*journal).await?.operation().id().clone();
    driver.look();

    // One task takes what comes of all operations.
    while let Some(news) = news.next().await {
        match news {
            // A real service shows a field for the code. Codes come to handlers, and never through this task.
            News::CodeWanted(wanted) => {
                let (driver, phone) = (driver.clone(), sandbox.clone());
                // This person mistypes once.
                tokio::spawn(async move {
                    let id = wanted.operation.id();
                    println!("{}", code(&driver, id, "000000").await);
                    let right = phone.last_code().unwrap_or_default();
                    println!("{}", code(&driver, id, &right).await);
                });
            }
            News::Ended(ended) => {
                assert_eq!(*ended.operation.id(), id);
                if let Output::Signatures(signatures) = ended.result? {
                    println!("{id}: {} bytes", signatures.all()?[0].der().len());
                }
                // It is safe, so the record may go.
                journal.forget(&id).await?;
                break;
            }
            // For people: what has no client, what cannot be read, what nobody can tell.
            other => return Err(format!("{other:?}").into()),
        }
    }
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

//! A program that signs with Diadoc, is killed while the person reaches for their phone, and goes on.
//!
//! `cargo run -p podpis --example diadoc_killed_and_resumed` runs it against an embedded sandbox; a real program differs in
//! the address, the login and the person who is asked.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod diadoc_client;

use std::time::Duration;

use diadoc_client::{Failure, client_of};
use podpis::diadoc::CloudSign;
use podpis::secret::ConfirmationCode;
use podpis::{
    Begin as _, CodeRequest, Deadline, Diadoc, Error, File, FolderJournal, Journal as _,
    OperationId, PromptError,
};
use podpis_sandbox::{Bind, Sandbox, WorldOptions};

/// Starts, and is gone: what it knew is in the journal.
async fn killed(diadoc: &Diadoc, folder: &std::path::Path) -> Result<OperationId, Error> {
    let journal = FolderJournal::at(folder)?;
    let signing = diadoc.cloud_sign([File::bytes("act.txt", "an act")]);
    let run = signing.start(&journal).await?;
    Ok(run.operation().id().clone())
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    // A Diadoc to talk to: the sandbox, over real HTTP, with a login of its own.
    let sandbox = Sandbox::new(WorldOptions::default().processing(Duration::ZERO));
    let server = sandbox.serve(Bind::loopback(0)).await?;
    let folder = tempfile::tempdir()?;
    let id = killed(&client_of(&server)?, folder.path()).await?;
    println!("operation {id} is started, and the program killed");

    // Another process: nothing but the folder is left. Nobody is asked a second time.
    let (diadoc, journal) = (client_of(&server)?, FolderJournal::at(folder.path())?);
    let mut prompt = |_: CodeRequest| {
        let code = sandbox.last_code().ok_or(PromptError::new("no SMS came"));
        std::future::ready(code.map(ConfirmationCode::new))
    };
    for open in journal.open().await? {
        let mut run = diadoc.resume::<CloudSign>(journal.claim(open.id()).await?)?;
        let signatures = run.wait(&mut prompt, Deadline::minutes(10)).await?;
        for signed in signatures.all()? {
            let name = format!("{}.p7s", signed.name());
            std::fs::write(folder.path().join(&name), signed.der())?;
            println!("resumed: {name} is written");
        }
        // The signatures are safe: the record is needed no more.
        run.forget().await?;
    }
    assert_eq!(sandbox.counters().sms_sent, 1);
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_runs() {
    main().unwrap();
}

//! A program that signs with Diadoc, is killed while the person reaches for their phone, and goes on.
//!
//! `cargo run -p podpis --example diadoc_killed_and_resumed` runs it against an embedded sandbox; a real program differs in
//! the address, the login and the person who is asked.

use std::time::Duration;

use podpis::core::wait::{Begin, PollPolicy};
use podpis::diadoc::CloudSign;
use podpis::secret::{ApiClientId, ConfirmationCode, Password};
use podpis::{
    CodeRequest, Deadline, Diadoc, DiadocLogin, Error, File, FolderJournal, Journal as _,
    OperationId, PromptError, ReqwestTransport,
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
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A Diadoc to talk to: the sandbox, over real HTTP, with a login of its own.
    let sandbox = Sandbox::new(WorldOptions::default().processing(Duration::ZERO));
    let server = sandbox.serve(Bind::loopback(0)).await?;
    let seeded = sandbox.world_info().diadoc;
    let client = || -> Result<Diadoc, Box<dyn std::error::Error>> {
        let login = DiadocLogin::password(
            ApiClientId::new(seeded.api_client_id.clone()),
            seeded.login.clone(),
            Password::new(seeded.password.clone()),
        );
        let builder = Diadoc::builder(server.base_url().parse()?, login, ReqwestTransport::new()?);
        // The sandbox answers at once; leave this out for the real service.
        let soon = PollPolicy::growing(Duration::from_millis(20), Duration::from_secs(1));
        Ok(builder.polls(soon).build())
    };
    let folder = tempfile::tempdir()?;
    killed(&client()?, folder.path()).await?;

    // Another process: nothing but the folder is left. Nobody is asked a second time.
    let (diadoc, journal) = (client()?, FolderJournal::at(folder.path())?);
    let mut prompt = |_: CodeRequest| {
        let code = sandbox.last_code().ok_or(PromptError::new("no SMS came"));
        std::future::ready(code.map(ConfirmationCode::new))
    };
    for open in journal.open().await? {
        let mut run = diadoc.resume::<CloudSign>(journal.claim(open.id()).await?)?;
        let signatures = run.wait(&mut prompt, Deadline::minutes(10)).await?;
        for signed in signatures.all()? {
            std::fs::write(folder.path().join("act.txt.p7s"), signed.der())?;
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

//! A program that signs a draft of Kontur.Extern, is killed while the person reaches for their phone, and goes on.
//!
//! `cargo run -p podpis --example extern_killed_and_resumed` runs it against an embedded sandbox; a real program differs in
//! the address, the login and the draft.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod extern_client;

use std::time::Duration;

use extern_client::{Failure, client_of};
use podpis::extern_api::SignDraft;
use podpis::extern_api::model::{AccountId, DraftId};
use podpis::{Begin as _, Deadline, Error, Extern, FolderJournal, Journal as _, NoPrompt};
use podpis_sandbox::{Bind, PhoneMode, Sandbox, WorldOptions};

/// Starts, and is gone: what it knew is in the journal.
async fn killed(
    extern_api: &Extern,
    (account, draft): (&AccountId, &DraftId),
    folder: &std::path::Path,
) -> Result<(), Error> {
    let journal = FolderJournal::at(folder)?;
    let signing = extern_api.account(account).sign_draft(draft);
    signing.start(&journal).await.map(drop)
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    // An Extern to talk to: the sandbox, over real HTTP, with a person who confirms on the phone.
    let options = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
    let sandbox = Sandbox::new(options.processing(Duration::ZERO));
    let server = sandbox.serve(Bind::loopback(0)).await?;
    let seeded = sandbox.world_info().extern_;
    let (account, draft) = (
        AccountId::new(seeded.account),
        DraftId::new(seeded.drafts.dss.id),
    );
    let folder = tempfile::tempdir()?;
    killed(&client_of(&server)?, (&account, &draft), folder.path()).await?;
    println!("started, and the program is killed");

    // Another process: nothing but the folder is left. Nobody is asked a second time.
    let (extern_api, journal) = (client_of(&server)?, FolderJournal::at(folder.path())?);
    for open in journal.open().await? {
        let mut run = extern_api.resume::<SignDraft>(journal.claim(open.id()).await?)?;
        let signatures = run.wait(&mut NoPrompt, Deadline::minutes(10)).await?;
        for signed in signatures.all()? {
            let name = format!("{}.p7s", signed.name());
            std::fs::write(folder.path().join(name), signed.der())?;
            let (number, bytes) = (signed.position() + 1, signed.der().len());
            println!("resumed: document {number} has a signature of {bytes} bytes");
        }
        // The signatures are safe: the record is needed no more.
        run.forget().await?;
    }
    assert_eq!(sandbox.counters().pushes_sent, 1);
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_runs() {
    main().unwrap();
}

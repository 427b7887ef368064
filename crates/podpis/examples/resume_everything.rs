//! A program at its start: whatever its journal still has, of both services and of any kind, is gone on with.
//!
//! `cargo run -p podpis --example resume_everything` runs it against an embedded sandbox; a real program differs in the
//! addresses, the logins, and what it does with results.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod diadoc_client;
mod extern_client;

use std::time::Duration;

use diadoc_client::Failure;
use podpis::extern_api::model::{AccountId, DraftId};
use podpis::{
    Begin as _, BoxId, Deadline, ErrorChain, File, FolderJournal, Journal as _, NoPrompt, Output,
    Podpis,
};
use podpis_sandbox::{Bind, PhoneMode, Sandbox, WorldOptions};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    // Both services, with people who confirm at once.
    let options = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
    let options = options.processing(Duration::ZERO);
    let server = Sandbox::start(options, Bind::loopback(0)).await?;
    let seeded = server.sandbox().world_info();
    let diadoc = diadoc_client::client_of(&server)?;
    let extern_api = extern_client::client_of(&server)?;

    // What an earlier process has begun, and not waited for.
    let folder = tempfile::tempdir()?;
    let journal = FolderJournal::at(folder.path())?;
    let in_box: BoxId = seeded.diadoc.box_id.parse()?;
    let files = [File::bytes("act.txt", "an act")];
    let signing = diadoc.in_box(&in_box).dss_sign(files);
    drop(signing.start(&journal).await?);
    let account = AccountId::new(seeded.extern_.account);
    let draft = DraftId::new(seeded.extern_.drafts.dss.id);
    let signing = extern_api.account(&account).sign_draft(&draft);
    drop(signing.start(&journal).await?);

    let podpis = Podpis::new().with_diadoc(diadoc).with_extern(extern_api);
    for open in journal.open().await? {
        let mut run = podpis.resume(journal.claim(open.id()).await?)?;
        match run.wait(&mut NoPrompt, Deadline::minutes(10)).await {
            Ok(Output::Signatures(signatures)) => {
                let kind = run.operation().kind();
                println!("{kind}: {} signature(s)", signatures.all()?.len());
                // A real program keeps them safe first.
                run.forget().await?;
            }
            Ok(other) => println!("{other:?}"),
            // The record stays: the chain says why it failed, and what that means for the signature.
            Err(error) => println!("{}", ErrorChain(&error)),
        }
    }
    assert!(journal.open().await?.is_empty());
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_runs() {
    main().unwrap();
}

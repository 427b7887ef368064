//! Everything that a docflow of Kontur.Extern asks for is answered: each reply is made, signed and sent in one call.
//!
//! `cargo run -p podpis --example extern_answer` runs it against an embedded sandbox; a real program differs in the
//! address, the login, the docflow, and what is in the documents of a package.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod extern_client;

use std::time::Duration;

use extern_client::{Failure, client_of};
use podpis::extern_api::model::{AccountId, DocflowId};
use podpis::{Begin as _, Deadline, LocalFile, NoPrompt};
use podpis_sandbox::{Bind, PhoneMode, Sandbox, WorldOptions};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    // An Extern whose owner of the certificate confirms at once.
    let options = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
    let options = options.processing(Duration::ZERO);
    let server = Sandbox::start(options, Bind::loopback(0)).await?;
    let extern_api = client_of(&server)?;
    let seeded = server.sandbox().world_info().extern_;
    let signer = seeded.certificate("dss").ok_or("no certificate")?;
    let certificate = server.sandbox().certificate(&signer.thumbprint);
    let certificate = certificate.ok_or("no certificate")?;
    let account = extern_api.account(&AccountId::new(seeded.account.as_str()));
    let docflow = DocflowId::new(seeded.answerable.docflow);

    // One answer may make the authority ask for more, so it is asked again after each.
    let mut answered = 0;
    while let Some(asked) = account.replies_asked_for(&docflow).await?.first() {
        let (place, reply) = (&asked.place, asked.reply_type.as_str());
        let mut answering = account.answer(place, reply, certificate.clone(), "192.0.2.1");
        if asked.is_package {
            // A package for the pension fund: its documents need contents.
            answering = answering.contents([LocalFile::bytes("part.xml", "<Ответ/>")]);
        }
        let answer = answering.run(&mut NoPrompt, Deadline::minutes(10)).await?;
        let signed = answer.signatures.all()?;
        println!("{reply}: {} signature(s), sent", signed.len());
        answered += 1;
    }
    assert_eq!(server.sandbox().counters().replies_sent, answered);
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_runs() {
    main().unwrap();
}

//! The way of a report in Kontur.Extern step by step: a draft is made, checked, signed, prepared and sent.
//!
//! `cargo run -p podpis --example extern_draft_step_by_step` runs it against an embedded sandbox; a real program differs
//! in the address, the login, who reports, and the files. `extern_send_report` does all of it in one call.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod extern_client;

use std::time::Duration;

use extern_client::{Failure, client_of};
use podpis::extern_api::model::{
    AccountId, DocumentDescription, DocumentRequest, DraftMeta, Payer, Recipient, Sender,
};
use podpis::{Begin as _, Deadline, LocalFile, NoPrompt};
use podpis_sandbox::{Bind, PhoneMode, Sandbox, WorldOptions};

const TEN_MINUTES: Deadline = Deadline::minutes(10);

#[tokio::main]
async fn main() -> Result<(), Failure> {
    // An Extern whose owner of the certificate confirms at once.
    let options = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
    let options = options.processing(Duration::ZERO);
    let server = Sandbox::start(options, Bind::loopback(0)).await?;
    let seeded = server.sandbox().world_info().extern_;
    let signer = seeded.certificate("dss").ok_or("no certificate")?;
    let certificate = server.sandbox().certificate(&signer.thumbprint);
    let sender = Sender::new(
        "6676130154",
        certificate.ok_or("no certificate")?,
        "192.0.2.1",
    );
    let payer = Payer::new("6676130154").with_kpp("667601001");
    let meta = DraftMeta::new(sender.with_kpp("667601001"), Recipient::ifns("0087"), payer);
    let extern_api = client_of(&server)?;
    let account = extern_api.account(&AccountId::new(seeded.account.as_str()));

    // Contents go up first, of any size, and a document of the draft names its own.
    let file = LocalFile::bytes("report.xml", "<Файл ИдФайл=\"report.xml\"/>");
    let uploaded = account.upload(file).run().await?;
    let draft = account.create_draft(&meta).await?.id.ok_or("no id")?;
    let about = DocumentDescription::new(
        "urn:document:fns534-report",
        "report.xml",
        "application/xml",
    );
    let document = DocumentRequest::new(uploaded.content).with_description(about);
    account.add_draft_document(&draft, &document).await?;

    // Each step is an operation of its own, with a record where it is started with a journal.
    let checking = account.check_draft(&draft);
    let found = checking.run(&mut NoPrompt, TEN_MINUTES).await?;
    println!("checked: {} error(s)", found.errors().count());
    let signing = account.sign_draft(&draft);
    let signatures = signing.run(&mut NoPrompt, TEN_MINUTES).await?;
    println!("signed: {} document(s)", signatures.all()?.len());
    let preparing = account.prepare_draft(&draft);
    let prepared = preparing.run(&mut NoPrompt, TEN_MINUTES).await?;
    println!("prepared: {:?}", prepared.status);
    let sending = account.send_draft(&draft);
    let sent = sending.run(&mut NoPrompt, TEN_MINUTES).await?;
    println!("sent as docflow {}", sent.docflow_id);
    assert_eq!(server.sandbox().counters().docflows_created, 1);
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_runs() {
    main().unwrap();
}

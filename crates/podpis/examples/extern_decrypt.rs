//! A document of Kontur.Extern is decrypted: its owner confirms on the phone, and the content is read.
//!
//! `cargo run -p podpis --example extern_decrypt` runs it against an embedded sandbox; a real program differs in the
//! address, the login and the document.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod extern_client;

use std::time::Duration;

use extern_client::{Failure, client_of};
use podpis::extern_api::model::{AccountId, DocflowId, DocumentId};
use podpis::{Begin as _, Deadline, DocumentPath, NoPrompt};
use podpis_sandbox::{Bind, PhoneMode, Sandbox, WorldOptions};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    // An Extern whose owner of the certificate confirms at once.
    let options = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
    let options = options.processing(Duration::ZERO);
    let server = Sandbox::start(options, Bind::loopback(0)).await?;
    let extern_api = client_of(&server)?;
    let seeded = server.sandbox().world_info().extern_;
    let account = extern_api.account(&AccountId::new(seeded.account));

    // The document is encrypted for this certificate, and its owner is the one who is asked.
    let encrypted = seeded.encrypted.dss;
    let certificate = server.sandbox().certificate(&encrypted.certificate);
    let certificate = certificate.ok_or("no certificate")?;
    let (docflow, document) = (encrypted.place.docflow, encrypted.place.document);
    let place = DocumentPath::docflow(DocflowId::new(docflow), DocumentId::new(document));

    let decrypting = account.decrypt(&place, certificate);
    let decrypted = decrypting.run(&mut NoPrompt, Deadline::minutes(10)).await?;
    // The content is with the service: one that is large is read in parts by `download`.
    let content = decrypted.bytes().await?;
    println!("decrypted: {} bytes", content.len());
    assert!(content.starts_with(b"<?xml"));
    assert_eq!(server.sandbox().counters().pushes_sent, 1);
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_runs() {
    main().unwrap();
}

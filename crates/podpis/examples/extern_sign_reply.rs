//! A reply to a document in Kontur.Extern step by step: it is made, signed and sent.
//!
//! `cargo run -p podpis --example extern_sign_reply` runs it against an embedded sandbox; a real program differs in the
//! address, the login and the document. `extern_answer` does all of it in one call.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod extern_client;

use std::time::Duration;

use extern_client::{Failure, client_of};
use podpis::extern_api::model::{AccountId, CertificateRequest, DocflowId, DocumentId};
use podpis::{Begin as _, Deadline, DocumentPath, NoPrompt};
use podpis_sandbox::{Bind, PhoneMode, Sandbox, WorldOptions};

const TEN_MINUTES: Deadline = Deadline::minutes(10);

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
    let account = extern_api.account(&AccountId::new(seeded.account.as_str()));

    // A demand of the tax service, which takes this type of reply.
    let demand = seeded.replies.fns_demand;
    let (docflow, document) = (demand.place.docflow, demand.place.document);
    let place = DocumentPath::docflow(DocflowId::new(docflow), DocumentId::new(document));
    let by = CertificateRequest::new(certificate.ok_or("no certificate")?);
    let made = account.generate_reply(&place, &demand.document_type, &by, &[]);
    let reply = made.await?.id.ok_or("no id")?;

    let signing = account.sign_reply(&place, &reply);
    let signatures = signing.run(&mut NoPrompt, TEN_MINUTES).await?;
    println!("signed: {} document(s)", signatures.all()?.len());
    let sending = account.send_reply(&place, &reply, "192.0.2.1");
    let sent = sending.run(&mut NoPrompt, TEN_MINUTES).await?;
    println!("sent: reply {}", sent.reply);
    assert_eq!(server.sandbox().counters().replies_sent, 1);
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_runs() {
    main().unwrap();
}

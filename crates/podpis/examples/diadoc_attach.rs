//! A document of a message in Diadoc is signed and the signature attached to it, in one call.
//!
//! `cargo run -p podpis --example diadoc_attach` runs it against an embedded sandbox; a real program differs in the
//! address, the login and the document. `document_signature` takes the same way step by step.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod diadoc_client;

use std::time::Duration;

use diadoc_client::{Failure, client_of};
use podpis::diadoc::{EntityId, MessageId};
use podpis::{Begin as _, BoxId, Deadline, NoPrompt};
use podpis_sandbox::{Bind, PhoneMode, Sandbox, WorldOptions};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    // A Diadoc whose owner of the certificate confirms at once.
    let options = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
    let options = options.processing(Duration::ZERO);
    let server = Sandbox::start(options, Bind::loopback(0)).await?;
    let diadoc = client_of(&server)?;
    let seeded = server.sandbox().world_info().diadoc;
    let in_box: BoxId = seeded.box_id.parse()?;
    let message = MessageId::new(seeded.unsigned_document.message);
    let document = EntityId::new(seeded.unsigned_document.entity);

    let attaching = diadoc.in_box(&in_box).sign_and_attach(&message, &document);
    // What the service would refuse only after the person has confirmed is told before anybody is asked.
    for warning in attaching.check().await? {
        println!("warning: {warning}");
    }
    let attached = attaching.run(&mut NoPrompt, Deadline::minutes(10)).await?;
    for one in &attached.documents {
        match (&one.signature, &one.refusal) {
            (Some(_), _) => println!("{}: signed, and the signature is attached", one.name),
            (None, Some(refusal)) => println!("{}: not taken: {refusal}", one.name),
            (None, None) => println!("{}: not signed", one.name),
        }
    }
    assert!(attached.is_complete());
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_runs() {
    main().unwrap();
}

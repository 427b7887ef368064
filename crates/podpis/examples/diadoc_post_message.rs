//! A file is signed in Diadoc and sent to another organization in a new message.
//!
//! `cargo run -p podpis --example diadoc_post_message` runs it against an embedded sandbox; a real program differs in
//! the address, the login, the file and the recipient.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod diadoc_client;

use std::time::Duration;

use diadoc_client::{Failure, client_of};
use podpis::diadoc::document_signature::{SignedContent, When};
use podpis::diadoc::posting::OutgoingDocument;
use podpis::{Begin as _, BoxId, Deadline, File, NoPrompt};
use podpis_sandbox::{Bind, PhoneMode, Sandbox, WorldOptions};

const TEN_MINUTES: Deadline = Deadline::minutes(10);

#[tokio::main]
async fn main() -> Result<(), Failure> {
    // A Diadoc whose owner of the certificate confirms at once.
    let options = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
    let options = options.processing(Duration::ZERO);
    let server = Sandbox::start(options, Bind::loopback(0)).await?;
    let diadoc = client_of(&server)?;
    let seeded = server.sandbox().world_info().diadoc;
    let (from, to): (BoxId, BoxId) = (seeded.box_id.parse()?, seeded.other_box.parse()?);

    let content = b"an act".to_vec();
    let files = [File::bytes("act.txt", content.clone())];
    let signing = diadoc.in_box(&from).dss_sign(files);
    let signatures = signing.run(&mut NoPrompt, TEN_MINUTES).await?;

    // What is broken about content and signature is an error here, before anything is posted.
    let signed = SignedContent::builder(content, When::Now, signatures.all()?[0]).build()?;
    let document = OutgoingDocument::file("act.txt", signed).comment("as agreed");
    // Whatever happens on the way, the message is posted once: the service knows the operation by its id.
    let posting = diadoc.in_box(&from).post_message().to(&to);
    let posted = posting.document(document.needs_recipient_signature());
    let posted = posted.run(&mut NoPrompt, TEN_MINUTES).await?;
    println!(
        "posted with {} signature(s), and read back: {} document(s)",
        posted.signatures().count(),
        diadoc
            .in_box(&from)
            .message(&posted.message)
            .read()
            .await?
            .documents()
            .len()
    );
    assert_eq!(posted.signatures().count(), 1);
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_runs() {
    main().unwrap();
}

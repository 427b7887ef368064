//! The structure DocumentSignature with every field: a document of a message is prepared, signed on the owner's phone,
//! and the signature is checked, posted and read back; then it is approved, in each of the other ways there are.
//!
//! `cargo run -p podpis --example document_signature` runs it against an embedded sandbox; a real program differs in
//! the address, the login and the documents.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod diadoc_client;

use std::time::Duration;

use diadoc_client::{Failure, client_of};
use podpis::diadoc::document_signature::{DocumentSignature, PowerOfAttorney, SignatureSource};
use podpis::diadoc::message::Side;
use podpis::diadoc::prepare::ToPrepare;
use podpis::diadoc::{EntityId, MessageId};
use podpis::diadoc_proto::events;
use podpis::{Begin as _, Deadline, File, NoPrompt};
use podpis_sandbox::{Bind, PhoneMode, Sandbox, WorldOptions};

const FIVE_MINUTES: Deadline = Deadline::minutes(5);

#[tokio::main]
async fn main() -> Result<(), Failure> {
    // A Diadoc to talk to: the sandbox, over real HTTP, with an owner of the certificate who confirms at once.
    let options = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
    let sandbox = Sandbox::new(options.processing(Duration::ZERO));
    let server = sandbox.serve(Bind::loopback(0)).await?;
    let seeded = sandbox.world_info().diadoc;
    let (diadoc, box_id) = (client_of(&server)?, seeded.box_id.parse()?);
    let in_box = diadoc.in_box(&box_id);
    let message = MessageId::new(seeded.messages.unsent.message);
    let document = EntityId::new(seeded.messages.unsent.entity);

    // The signer is written into the document before it is signed, where its type asks for that. Exactly the prepared
    // bytes are signed; the service has them by their name.
    let item = ToPrepare::unsent(&message, &document);
    let prepared = in_box.prepare_documents([item]).send().await?;
    let prepared = prepared.prepared().next().ok_or("it is not prepared")?;
    let signing = in_box.dss_sign([prepared.file("УПД.xml")]);
    let signatures = signing.run(&mut NoPrompt, FIVE_MINUTES).await?;

    // The ordinary signature, of which each side has one: ParentEntityId and PatchedContentId are those of the
    // prepared document, Signature is the CMS that came.
    let ordinary = DocumentSignature::of_prepared(prepared, signatures.all()?[0])
        .label("signed-by-podpis")
        .power_of_attorney(PowerOfAttorney::by_default())
        .build()?;
    let wire = events::DocumentSignature::from(&ordinary);
    let patched = prepared.patched.id.as_str();
    assert_eq!(wire.patched_content_id.as_deref(), Some(patched));

    // What the service would refuse late is found here: whether another signature is there, for example.
    ordinary.check(&in_box.message(&message).read().await?)?;
    let patch = in_box.patch_message(&message).signature(ordinary);
    patch.run(&mut NoPrompt, FIVE_MINUTES).await?;

    // Approval signatures, of which there may be any number; the document is sent by now, and signed as it is stored.
    let whole = in_box.message(&message).contents().read().await?;
    let content = whole.attachment(&document);
    let content = content.and_then(|one| one.content().bytes().cloned());
    let content = content.ok_or("the document is too large to come with its message")?;
    let stored = File::entity("УПД.xml", &box_id, &message, &document);
    let signing = in_box.dss_sign([stored.with_content(&content)]);
    let signatures = signing.run(&mut NoPrompt, FIVE_MINUTES).await?;
    let file = File::bytes("approval.p7s", signatures.all()?[0].der().to_vec());
    let on_shelf = diadoc.put_on_shelf(&file).await?;
    let name = on_shelf.shelf_name().ok_or("it is not on the shelf")?;
    let mut patch = in_box.patch_message(&message);
    // SignatureNameOnShelf, for what is large, and SignWithTestSignature: the service makes one without legal force.
    for source in [name.clone().into(), SignatureSource::Test] {
        let approval = DocumentSignature::builder(&document, source).approval();
        patch = patch.signature(approval.build()?);
    }
    patch.check(&in_box.message(&message).read().await?)?;
    patch.run(&mut NoPrompt, FIVE_MINUTES).await?;

    // Approvals are told from ordinary signatures by the flag of their entity.
    let after = in_box.message(&message).read().await?;
    let signatures = after.signatures_of(&document);
    let ours = signatures.iter().filter(|one| one.side() == Side::Ours);
    let approvals = ours.clone().filter(|one| one.is_approval()).count();
    println!("{approvals} approvals and an ordinary signature");
    assert_eq!((ours.count(), approvals), (3, 2));
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_runs() {
    main().unwrap();
}

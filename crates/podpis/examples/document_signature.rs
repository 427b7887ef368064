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
use podpis::diadoc::{BoxId, EntityId, MessageId};
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
    let diadoc = client_of(&server)?;
    let in_box: BoxId = seeded.box_id.parse()?;
    let message = MessageId::new(seeded.messages.unsent.message);
    let document = EntityId::new(seeded.messages.unsent.entity);

    // The signer is written into the document before it is signed, where its type asks for that.
    let item = ToPrepare::unsent(&message, &document);
    let prepared = diadoc
        .in_box(&in_box)
        .prepare_documents([item])
        .send()
        .await?;
    let prepared = prepared.prepared().next().ok_or("it is not prepared")?;

    // Exactly the prepared bytes are signed; the service has them by their name.
    let files = [prepared.file("УПД.xml")];
    let signatures = diadoc
        .in_box(&in_box)
        .dss_sign(files)
        .run(&mut NoPrompt, FIVE_MINUTES)
        .await?;
    let signed = signatures.all()?[0];

    // The ordinary signature, of which each side has one: ParentEntityId and PatchedContentId are those of the
    // prepared document, Signature is the CMS that came.
    let ordinary = DocumentSignature::of_prepared(prepared, signed)
        .label("signed-by-podpis")
        .power_of_attorney(PowerOfAttorney::by_default())
        .build()?;
    let wire = events::DocumentSignature::from(&ordinary);
    assert_eq!(wire.parent_entity_id, document.as_str());
    assert_eq!(wire.signature.as_deref(), Some(signed.der()));
    assert_eq!(wire.is_approvement_signature, None);
    let patched = prepared.patched.id.as_str();
    assert_eq!(wire.patched_content_id.as_deref(), Some(patched));

    // What the service would refuse late is found here: whether another signature is there, for example.
    let before = diadoc.in_box(&in_box).message(&message).read().await?;
    ordinary.check(&before)?;
    let patch = diadoc.in_box(&in_box).patch_message(&message);
    patch
        .signature(ordinary)
        .run(&mut NoPrompt, FIVE_MINUTES)
        .await?;

    // Approval signatures, of which there may be any number; the document is sent by now, and signed as it is stored.
    let whole = diadoc
        .in_box(&in_box)
        .message(&message)
        .contents()
        .read()
        .await?;
    let content = whole.attachment(&document).map(|one| one.content());
    let content = content
        .as_ref()
        .and_then(|content| content.bytes())
        .cloned();
    let content = content.ok_or("the document is too large to come with its message")?;
    let stored = File::entity("УПД.xml", &in_box, &message, &document);
    let files = [stored.with_content(&content)];
    let signatures = diadoc
        .in_box(&in_box)
        .dss_sign(files)
        .run(&mut NoPrompt, FIVE_MINUTES)
        .await?;
    let approval = signatures.all()?[0];
    let file = File::bytes("approval.p7s", approval.der().to_vec());
    let on_shelf = diadoc.put_on_shelf(&file).await?;
    let name = on_shelf.shelf_name().ok_or("it is not on the shelf")?;
    let approvals = [
        // SignatureNameOnShelf, for what is large.
        DocumentSignature::builder(&document, name.clone()).approval(),
        // SignWithTestSignature: the service makes one without legal force.
        DocumentSignature::builder(&document, SignatureSource::Test).approval(),
    ];
    let mut patch = diadoc.in_box(&in_box).patch_message(&message);
    for approval in approvals {
        let approval = approval.build()?;
        let wire = events::DocumentSignature::from(&approval);
        assert_eq!(wire.is_approvement_signature, Some(true));
        patch = patch.signature(approval);
    }
    patch.check(&diadoc.in_box(&in_box).message(&message).read().await?)?;
    patch.run(&mut NoPrompt, FIVE_MINUTES).await?;

    // Approvals are told from ordinary signatures by the flag of their entity.
    let after = diadoc.in_box(&in_box).message(&message).read().await?;
    let signatures = after.signatures_of(&document);
    let ours = signatures.iter().filter(|one| one.side() == Side::Ours);
    let approvals = ours.clone().filter(|one| one.is_approval());
    let counted = (ours.clone().count(), approvals.count());
    println!("{} signatures, {} of them approvals", counted.0, counted.1);
    assert_eq!(counted, (3, 2));
    Ok(())
}

#[cfg(test)]
#[test]
fn the_example_runs() {
    main().unwrap();
}

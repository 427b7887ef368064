//! A record never holds a byte of a document: what is here goes by the shelf, and the record has its name.

use podpis::diadoc::attach::SignBy;
use podpis::diadoc::document_signature::{
    ContentSource, DocumentSenderSignature, DocumentSignature, PowerOfAttorney,
    PowerOfAttorneyFile, SignatureSource, SignedContent, When,
};
use podpis::diadoc::posting::OutgoingDocument;
use podpis::diadoc::{EntityId, MessageId};
use podpis::{Begin, MemoryJournal, Operation};

use super::attach::{shown, unsigned, willing};
use crate::stage::Stage;

/// A power of attorney as files that are here.
fn power() -> PowerOfAttorney {
    let here = |text: &'static [u8]| ContentSource::Inline(text.into());
    PowerOfAttorney::Content(PowerOfAttorneyFile {
        content: here(b"<planted who=\"7d1f\"/>"),
        signature: here(b"planted signature"),
    })
}

/// All that is stored, with what is in it as Base64.
fn stored(operation: &Operation) -> Vec<u8> {
    fn read(value: &serde_json::Value, all: &mut Vec<u8>) {
        use base64::Engine as _;
        match value {
            serde_json::Value::String(text) => {
                all.extend(text.as_bytes());
                all.extend(
                    base64::engine::general_purpose::STANDARD
                        .decode(text)
                        .unwrap_or_default(),
                );
            }
            serde_json::Value::Array(items) => items.iter().for_each(|one| read(one, all)),
            serde_json::Value::Object(fields) => fields.values().for_each(|one| read(one, all)),
            _ => {}
        }
    }
    let mut all = Vec::new();
    read(&serde_json::to_value(operation).unwrap(), &mut all);
    all
}

fn has_no_document(operation: &Operation) {
    let all = stored(operation);
    let planted = all.windows(7).any(|bytes| bytes == b"planted");
    assert!(!planted, "{}", String::from_utf8_lossy(&all));
}

#[tokio::test]
async fn a_power_of_attorney_in_a_posting() {
    let stage = Stage::in_process(willing()).await;
    let (diadoc, in_box, journal) = (stage.diadoc(), stage.in_box(), MemoryJournal::new());
    let seeded = stage.sandbox.world_info().diadoc;

    let (message, entity) = unsigned(&stage);
    let signature = DocumentSignature::builder(&entity, SignatureSource::Test).approval();
    let signature = signature.power_of_attorney(power()).build().unwrap();
    let patching = diadoc
        .in_box(&in_box)
        .patch_message(&message)
        .signature(signature);
    has_no_document(patching.start(&journal).await.unwrap().operation());
    assert_eq!(shown(&stage, &entity).signatures.len(), 1);

    let draft = MessageId::new(seeded.messages.draft.message);
    let mut sending = diadoc.in_box(&in_box).send_draft(&draft);
    for document in seeded.messages.draft.documents {
        let document = EntityId::new(document);
        let signature = DocumentSenderSignature::builder(&document, SignatureSource::Test);
        sending = sending.signature(signature.power_of_attorney(power()).build().unwrap());
    }
    has_no_document(sending.start(&journal).await.unwrap().operation());

    let content = SignedContent::builder(b"act".to_vec(), When::Now, SignatureSource::Test);
    let content = content.power_of_attorney(power()).build().unwrap();
    let posting = diadoc
        .in_box(&in_box)
        .post_message()
        .to(&seeded.other_box.parse().unwrap())
        .document(OutgoingDocument::file("act.txt", content));
    has_no_document(posting.start(&journal).await.unwrap().operation());
}

#[tokio::test]
async fn a_power_of_attorney_in_a_signing_that_attaches() {
    for method in [SignBy::default(), SignBy::TestSignature] {
        let stage = Stage::in_process(willing()).await;
        let (diadoc, in_box, journal) = (stage.diadoc(), stage.in_box(), MemoryJournal::new());
        let (message, entity) = unsigned(&stage);
        let attaching = diadoc.in_box(&in_box).sign_and_attach(&message, &entity);
        let attaching = attaching.method(method).power_of_attorney(power());
        let mut run = attaching.start(&journal).await.unwrap();
        has_no_document(run.operation());
        let deadline = podpis::Deadline::minutes(10);
        run.wait(&mut podpis::NoPrompt, deadline).await.unwrap();
        has_no_document(run.operation());
        assert_eq!(shown(&stage, &entity).signatures.len(), 1);
    }
}

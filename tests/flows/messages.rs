//! Messages as the sandbox shows them: whose signatures are where, what is known of them, and what was not accepted.

use std::time::Duration;

use podpis::cms::Thumbprint;
use podpis::diadoc::document_signature::{DocumentSignature, Rule, SignatureSource};
use podpis::diadoc::message::{Formality, Message, Sending, Side};
use podpis::diadoc::{BoxId, EntityId, MessageId};
use podpis::{Begin, Deadline, Diadoc, ErrorKind, NoPrompt};
use podpis_sandbox::{DiadocInfo, MessageOptions, StampedParent, WorldOptions};

use super::rules::{SIGNATURE, breaks};
use crate::stage::{SKINS, Stage};

struct Reader {
    stage: Stage,
    diadoc: Diadoc,
    in_box: BoxId,
    seeded: DiadocInfo,
}

impl Reader {
    async fn new(options: WorldOptions) -> Self {
        Self::of(Stage::in_process(options).await)
    }

    fn of(stage: Stage) -> Self {
        Self {
            diadoc: stage.diadoc(),
            in_box: stage.in_box(),
            seeded: stage.sandbox.world_info().diadoc,
            stage,
        }
    }

    async fn read(&self, message: &str) -> Message {
        let message = self
            .diadoc
            .in_box(&self.in_box)
            .message(&MessageId::new(message));
        message.read().await.unwrap()
    }

    /// Attaches what `source` says as an ordinary signature of the document that nobody signed yet.
    async fn attach(&self, source: impl Into<SignatureSource>) -> (MessageId, EntityId) {
        let unsigned = &self.seeded.unsigned_document;
        let message = MessageId::new(unsigned.message.as_str());
        let document = EntityId::new(unsigned.entity.as_str());
        let signature = DocumentSignature::builder(&document, source)
            .build()
            .unwrap();
        let patch = self.diadoc.in_box(&self.in_box).patch_message(&message);
        let patch = patch
            .signature(signature)
            .run(&mut NoPrompt, Deadline::minutes(1))
            .await;
        patch.unwrap();
        (message, document)
    }
}

#[tokio::test]
async fn a_document_that_the_other_side_signed() {
    for skin in SKINS {
        let reader = Reader::of(Stage::set(skin, WorldOptions::default()).await);
        let seeded = &reader.seeded.messages;
        let message = reader.read(&seeded.counter_signed.message).await;
        let documents = message.documents();
        let [document] = &documents[..] else {
            panic!("{documents:?}");
        };
        assert_eq!(document.id().as_str(), seeded.counter_signed.entity);
        assert_eq!(document.formality(), Formality::Formalized);
        assert_eq!(document.sending(), Sending::Sent);
        assert!(document.content().bytes().is_none());
        let signatures = message.signatures();
        let [signature] = &signatures[..] else {
            panic!("{signatures:?}");
        };
        assert_eq!(signature.id().as_str(), seeded.counter_signature);
        assert_eq!(signature.side(), Side::Theirs);
        assert!(!signature.is_approval() && !signature.is_rejected());
        assert!(signature.signer_box().is_some() && signature.extends().is_none());
        assert!(document.attachment_type().number() > 0);
        assert!(message.created() <= signature.created());
        assert_eq!(signature.document().unwrap().id(), document.id());
        let age = message
            .read_at()
            .duration_since(signature.created().unwrap());
        assert!(
            age.unwrap() <= Duration::from_secs(48 * 60 * 60),
            "{skin:?}"
        );

        let content = reader
            .diadoc
            .in_box(&reader.in_box)
            .entity_content(message.id(), &document.id())
            .await;
        let reading = reader.diadoc.in_box(&reader.in_box).message(message.id());
        let whole = reading.contents().read().await.unwrap();
        let inline = whole.documents()[0].content();
        assert_eq!(*inline.bytes().unwrap(), content.unwrap());
    }
}

#[tokio::test]
async fn the_original_is_what_was_posted_and_a_stamped_one_is_followed_to_its_document() {
    for parent in [StampedParent::Document, StampedParent::OriginalSignature] {
        let options = MessageOptions::default().stamped_parent(parent);
        let reader = Reader::new(WorldOptions::default().message_options(options)).await;
        let (message, document) = reader.attach(SignatureSource::Test).await;
        reader.stage.time.advance(Duration::from_secs(60));

        let stamped = reader.read(message.as_str()).await;
        for signature in stamped.signatures() {
            assert_eq!(signature.signed_entity(), document, "{parent:?}");
        }
        let counted = stamped.signatures_of(&document);
        assert_eq!(counted.len(), 1, "{parent:?}");
        assert_eq!(counted[0].side(), Side::Ours);

        let reading = reader.diadoc.in_box(&reader.in_box).message(&message);
        let original = reading.original_signatures().contents().read().await;
        let original = original.unwrap();
        let signatures = original.signatures();
        assert_eq!(signatures.len(), 1, "{parent:?}");
        // As it was posted, it is a signature of the document in strict DER.
        let posted = signatures[0].content().bytes().unwrap().clone();
        let content = original.documents()[0].content().bytes().unwrap().clone();
        let signed = DocumentSignature::builder(&document, posted).content(content);
        signed.build().unwrap();

        breaks(
            Rule::Sig1,
            DocumentSignature::builder(&document, SignatureSource::Test)
                .build()
                .unwrap()
                .check(&stamped),
        );
    }
}

#[tokio::test]
async fn a_signature_is_verified_after_it_was_taken() {
    let options = MessageOptions::default().verification(Duration::from_secs(30));
    let reader = Reader::new(WorldOptions::default().message_options(options)).await;
    let (message, document) = reader.attach(SignatureSource::Test).await;
    let signature = reader.read(message.as_str()).await.signatures_of(&document)[0].id();
    let calls = reader.diadoc.in_box(&reader.in_box);
    let info = || calls.signature_info(&message, &signature);
    let before = info().await.unwrap();
    assert!(before.verification.is_none() && before.verified_at.is_none());
    let thumbprint: Option<Thumbprint> = before.thumbprint;
    assert!(thumbprint.is_some() && before.signed_at.is_some());

    reader.stage.time.advance(Duration::from_secs(31));
    let after = info().await.unwrap();
    assert!(after.verified_at.unwrap() >= after.signed_at.unwrap());
    assert!(after.surname.is_some() && after.first_name.is_some());
    let verification = after.verification.unwrap();
    assert!(verification.is_valid);
    assert_ne!(verification.certificate_is_valid, Some(false));
    assert!(
        verification
            .stamped_at
            .is_none_or(|moment| moment >= after.signed_at.unwrap())
    );

    // The document is not a signature.
    let error = calls.signature_info(&message, &document);
    let error = error.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.service().unwrap().status, 404);
}

#[tokio::test]
async fn a_signature_of_other_bytes_is_told_late_and_another_one_may_follow() {
    let reader = Reader::new(WorldOptions::default()).await;
    // The client could have known: the builder compares with the content, where it is given.
    let (message, document) = reader.attach(SIGNATURE.to_vec()).await;
    let again = DocumentSignature::builder(&document, SignatureSource::Test);
    let again = again.build().unwrap();
    let before = reader.read(message.as_str()).await;
    assert!(before.delivery_failures().is_empty());
    breaks(Rule::Sig1, again.check(&before));

    reader.stage.time.advance(Duration::from_secs(5));
    let after = reader.read(message.as_str()).await;
    assert_eq!(after.delivery_failures().len(), 1);
    let below = after.delivery_failures()[0].reports();
    assert!(below.iter().all(|one| one.about().is_some()));
    assert_eq!(after.documents().len(), 1, "a notification is no document");
    let reports = after.verification_reports();
    let [report] = &reports[..] else {
        panic!("{reports:?}");
    };
    let content = reader
        .diadoc
        .in_box(&reader.in_box)
        .entity_content(&message, &report.id())
        .await;
    let content = content.unwrap();
    let result = podpis::diadoc::message::SignatureVerification::read(content).unwrap();
    assert!(!result.is_valid);
    again.check(&after).unwrap();
}

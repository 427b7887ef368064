//! The flows of Diadoc.

use podpis::diadoc::attach::SignBy;
use podpis::diadoc::document_signature::{DocumentSignature, SignatureSource};
use podpis::{Begin, Error, File, Journal, NoPrompt, SharedTransport};

use super::TEN_MINUTES;
use crate::crash::{Flow, Leaves};
use crate::flows::attach::{named, unsigned};
use crate::stage::Stage;

/// One patch of one message.
const PATCHED: Leaves = Leaves {
    patches: 1,
    ..Leaves::NOTHING
};

pub(super) const FLOWS: [Flow; 10] = [
    CLOUD_SIGN,
    DSS_SIGN,
    RECEIPTS,
    ATTACHED_BY_PHONE,
    PREPARED_AND_ATTACHED,
    ATTACHED_BY_SMS,
    TEST_SIGNATURE_ATTACHED,
    THREE_MESSAGES,
    THREE_TEST_SIGNATURES,
    POSTING,
];

const CLOUD_SIGN: Flow = Flow {
    name: "CloudSign",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let diadoc = stage.builder_over(wire).build();
            let files = [
                File::bytes("a.txt", "first"),
                File::bytes("b.txt", "second").by_shelf(),
            ];
            let mut run = diadoc.cloud_sign(files).start(journal).await?;
            run.wait(&mut stage.person(), TEN_MINUTES)
                .await?
                .all()
                .unwrap();
            run.forget().await
        })
    },
    once: &["CloudSign", "CloudSignConfirm"],
    steps: 1,
    // Diadoc has no list of operations, so a lost answer stays lost.
    cannot_tell: &[
        "after saving starting",
        "before /CloudSign",
        "after /CloudSign",
        "before saving processing",
        "after saving confirming",
        "before /CloudSignConfirm",
        "after /CloudSignConfirm",
        "before saving processing",
    ],
    leaves: Leaves::NOTHING,
};

const DSS_SIGN: Flow = Flow {
    name: "DssSign",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let diadoc = stage.builder_over(wire).build();
            let files = [
                File::bytes("a.txt", "first"),
                File::bytes("b.txt", "second").by_shelf(),
            ];
            let signing = diadoc.in_box(&stage.in_box()).dss_sign(files);
            let run = signing.run_in(journal, TEN_MINUTES).await?;
            run.output()?.all().unwrap();
            run.forget().await
        })
    },
    once: &["DssSign"],
    steps: 1,
    // Diadoc has no list of operations, so a lost answer stays lost.
    cannot_tell: &[
        "after saving starting",
        "before /DssSign",
        "after /DssSign",
        "before saving processing",
    ],
    leaves: Leaves::NOTHING,
};

const RECEIPTS: Flow = Flow {
    name: "AutoSignReceipts",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let diadoc = stage.builder_over(wire).build();
            let signing = diadoc.in_box(&stage.in_box()).auto_sign_receipts();
            let mut run = signing.start(journal).await?;
            let came = run.wait(&mut stage.person(), TEN_MINUTES).await?;
            assert_eq!(came.signed, 250);
            run.forget().await
        })
    },
    once: &["AutoSignReceipts"],
    steps: 3,
    // The same for each of the three batches.
    cannot_tell: &[
        "after saving starting",
        "before /AutoSignReceipts",
        "after /AutoSignReceipts",
        "before saving processing",
        "after saving starting",
        "before /AutoSignReceipts",
        "after /AutoSignReceipts",
        "before saving processing",
        "after saving starting",
        "before /AutoSignReceipts",
        "after /AutoSignReceipts",
        "before saving processing",
    ],
    leaves: Leaves::NOTHING,
};

const ATTACHED_BY_PHONE: Flow = Flow {
    name: "signed by DSS and attached",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let diadoc = stage.builder_over(wire).build();
            let (message, entity) = unsigned(stage);
            let attaching = diadoc
                .in_box(&stage.in_box())
                .sign_and_attach(&message, &entity);
            let mut run = attaching.start(journal).await?;
            let attached = run.wait(&mut NoPrompt, TEN_MINUTES).await?;
            assert!(attached.is_complete());
            run.forget().await
        })
    },
    once: &["DssSign"],
    steps: 1,
    // Only the start of the signing: what is posted is known by its operationId.
    cannot_tell: &[
        "after saving starting",
        "before /DssSign",
        "after /DssSign",
        "before saving processing",
    ],
    leaves: PATCHED,
};

const PREPARED_AND_ATTACHED: Flow = Flow {
    name: "prepared, signed by DSS and attached",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let diadoc = stage.builder_over(wire).build();
            let unsent = stage.sandbox.world_info().diadoc.messages.unsent;
            let (message, entity) = named(&unsent);
            let attaching = diadoc
                .in_box(&stage.in_box())
                .sign_and_attach(&message, &entity);
            let mut run = attaching.start(journal).await?;
            let attached = run.wait(&mut NoPrompt, TEN_MINUTES).await?;
            assert!(attached.is_complete());
            run.forget().await
        })
    },
    once: &["DssSign"],
    steps: 1,
    cannot_tell: &[
        "after saving starting",
        "before /DssSign",
        "after /DssSign",
        "before saving processing",
    ],
    leaves: PATCHED,
};

const ATTACHED_BY_SMS: Flow = Flow {
    name: "signed by SMS and attached as an approval",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let diadoc = stage.builder_over(wire).build();
            let (message, entity) = unsigned(stage);
            let attaching = diadoc
                .in_box(&stage.in_box())
                .sign_and_attach(&message, &entity);
            let by_sms = SignBy::Sms { certificate: None };
            let attaching = attaching.method(by_sms).approval();
            let mut run = attaching.start(journal).await?;
            let attached = run.wait(&mut stage.person(), TEN_MINUTES).await?;
            assert!(attached.is_complete());
            run.forget().await
        })
    },
    once: &["CloudSign", "CloudSignConfirm"],
    steps: 1,
    cannot_tell: &[
        "after saving starting",
        "before /CloudSign",
        "after /CloudSign",
        "before saving processing",
        "after saving confirming",
        "before /CloudSignConfirm",
        "after /CloudSignConfirm",
        "before saving processing",
    ],
    leaves: PATCHED,
};

const TEST_SIGNATURE_ATTACHED: Flow = Flow {
    name: "test signature attached",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let diadoc = stage.builder_over(wire).build();
            let (message, entity) = unsigned(stage);
            let attaching = diadoc
                .in_box(&stage.in_box())
                .sign_and_attach(&message, &entity);
            let attaching = attaching.method(SignBy::TestSignature);
            let mut run = attaching.start(journal).await?;
            let attached = run.wait(&mut NoPrompt, TEN_MINUTES).await?;
            assert!(attached.is_complete());
            run.forget().await
        })
    },
    once: &[],
    steps: 1,
    cannot_tell: &[],
    leaves: PATCHED,
};

/// Signs documents of three messages with one confirmation.
async fn three(
    stage: &Stage,
    wire: SharedTransport,
    journal: &dyn Journal,
    by: SignBy,
) -> Result<(), Error> {
    let diadoc = stage.builder_over(wire).build();
    let (message, entity) = unsigned(stage);
    let attaching = diadoc
        .in_box(&stage.in_box())
        .sign_and_attach(&message, &entity)
        .method(by);
    let seeded = stage.sandbox.world_info().diadoc.messages.waiting;
    let plain = seeded.iter().filter(|one| one.needs == "signature");
    // Behind those of the other flows there is one in each message.
    let two = plain.skip(6).take(2).map(|one| named(&one.document));
    let attaching = two.fold(attaching, |attaching, (message, entity)| {
        attaching.and_in(&message, &entity)
    });
    let mut run = attaching.start(journal).await?;
    let attached = run.wait(&mut NoPrompt, TEN_MINUTES).await?;
    assert!(attached.is_complete());
    assert_eq!(attached.posted.len(), 3);
    run.forget().await
}

const THREE_MESSAGES: Flow = Flow {
    name: "documents of three messages attached",
    begin: |stage, wire, journal| Box::pin(three(stage, wire, journal, SignBy::default())),
    once: &["DssSign"],
    steps: 1,
    cannot_tell: &[
        "after saving starting",
        "before /DssSign",
        "after /DssSign",
        "before saving processing",
    ],
    leaves: Leaves {
        patches: 3,
        ..Leaves::NOTHING
    },
};

const THREE_TEST_SIGNATURES: Flow = Flow {
    name: "test signatures of three messages attached",
    begin: |stage, wire, journal| Box::pin(three(stage, wire, journal, SignBy::TestSignature)),
    once: &[],
    steps: 1,
    cannot_tell: &[],
    leaves: Leaves {
        patches: 3,
        ..Leaves::NOTHING
    },
};

const POSTING: Flow = Flow {
    name: "posting of an approval",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let diadoc = stage.builder_over(wire).build();
            let (message, entity) = unsigned(stage);
            let signature = DocumentSignature::builder(&entity, SignatureSource::Test);
            let signature = signature.approval().build().unwrap();
            let patching = diadoc.in_box(&stage.in_box()).patch_message(&message);
            let mut run = patching.signature(signature).start(journal).await?;
            run.wait(&mut NoPrompt, TEN_MINUTES).await?;
            run.forget().await
        })
    },
    once: &[],
    steps: 1,
    cannot_tell: &[],
    leaves: PATCHED,
};

//! Promise: wherever a program dies, the person is asked at most once, and what was signed is not lost.

use podpis::diadoc::attach::SignBy;
use podpis::diadoc::document_signature::{DocumentSignature, SignatureSource};
use podpis::{Deadline, File, NoPrompt};

use crate::crash::{Fate, Flow, every_point};
use crate::flows::attach::{named, unsigned};
use crate::stage_extern::{place, reply};

const TEN_MINUTES: Deadline = Deadline::minutes(10);

/// How many signatures of our side lie in the sandbox from the start.
const SEEDED: u64 = 1;

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
            let signing = diadoc.dss_sign(&stage.in_box(), files);
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
};

const RECEIPTS: Flow = Flow {
    name: "AutoSignReceipts",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let diadoc = stage.builder_over(wire).build();
            let signing = diadoc.auto_sign_receipts(&stage.in_box());
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
};

const DRAFT_BY_PHONE: Flow = Flow {
    name: "draft by phone",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let client = stage.extern_builder_over(wire).build();
            let mut run = client
                .sign_draft(&stage.account(), &stage.phone_draft())
                .start(journal)
                .await?;
            run.wait(&mut stage.person(), TEN_MINUTES)
                .await?
                .all()
                .unwrap();
            run.forget().await
        })
    },
    once: &["DraftCloudSign"],
    steps: 1,
    // A start that arrived is found in the draft's tasks; one that did not leaves nothing to find.
    cannot_tell: &["after saving starting", "before /v1/*/drafts/*/cloud-sign"],
};

const DRAFT_BY_SMS: Flow = Flow {
    name: "draft by SMS",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let client = stage.extern_builder_over(wire).build();
            let mut run = client
                .sign_draft(&stage.account(), &stage.sms_draft())
                .start(journal)
                .await?;
            run.wait(&mut stage.person(), TEN_MINUTES)
                .await?
                .all()
                .unwrap();
            run.forget().await
        })
    },
    once: &["DraftCloudSign", "DraftCloudSignConfirm"],
    steps: 1,
    // The name of the request is in the lost answer only. A code that arrived is found in the draft; one that did not
    // may still come.
    cannot_tell: &[
        "after saving starting",
        "before /v1/*/drafts/*/cloud-sign",
        "after /v1/*/drafts/*/cloud-sign",
        "before saving awaiting_code",
        "after saving confirming",
        "before /v1/*/drafts/*/cloud-sign-confirm",
    ],
};

const REPLY_BY_SMS: Flow = Flow {
    name: "reply by SMS",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let client = stage.extern_builder_over(wire).build();
            let seeded = stage.extern_info().replies.fns_demand;
            let signing =
                client.sign_reply(&stage.account(), &place(&seeded.place), &reply(&seeded.sms));
            let mut run = signing.start(journal).await?;
            run.wait(&mut stage.person(), TEN_MINUTES)
                .await?
                .all()
                .unwrap();
            run.forget().await
        })
    },
    once: &["ReplyCloudSign", "ReplyCloudSignConfirm"],
    steps: 1,
    cannot_tell: &[
        "after saving starting",
        "before /v1/*/docflows/*/documents/*/replies/*/cloud-sign",
        "after /v1/*/docflows/*/documents/*/replies/*/cloud-sign",
        "before saving awaiting_code",
        "after saving confirming",
        "before /v1/*/docflows/*/documents/*/replies/*/cloud-sign-confirm",
    ],
};

const REPLY_AT_ONCE: Flow = Flow {
    name: "reply that is signed at once",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let client = stage.extern_builder_over(wire).build();
            let seeded = stage.extern_info().replies.fns_receipt;
            let signing = client
                .sign_reply(&stage.account(), &place(&seeded.place), &reply(&seeded.sms))
                .force_confirmation(true);
            let mut run = signing.start(journal).await?;
            run.wait(&mut stage.person(), TEN_MINUTES)
                .await?
                .all()
                .unwrap();
            run.forget().await
        })
    },
    once: &["ReplyCloudSign"],
    steps: 1,
    // The signature itself tells that the start arrived.
    cannot_tell: &[
        "after saving starting",
        "before /v1/*/docflows/*/documents/*/replies/*/cloud-sign",
    ],
};

const PFR_REPLY_BY_PHONE: Flow = Flow {
    name: "PFR reply by phone",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let client = stage.extern_builder_over(wire).build();
            let seeded = stage.extern_info().replies.pfr;
            let signing =
                client.sign_pfr_reply(&stage.account(), &place(&seeded.place), &reply(&seeded.dss));
            let mut run = signing.start(journal).await?;
            run.wait(&mut stage.person(), TEN_MINUTES)
                .await?
                .all()
                .unwrap();
            run.forget().await
        })
    },
    once: &["PfrReplyCloudSign"],
    steps: 1,
    // A reply does not list its tasks, and is signed only when the task is asked for.
    cannot_tell: &[
        "after saving starting",
        "before /v1/*/docflows/*/documents/*/pfr-replies/*/cloud-sign",
        "after /v1/*/docflows/*/documents/*/pfr-replies/*/cloud-sign",
        "before saving processing",
    ],
};

const DECRYPTION_BY_SMS: Flow = Flow {
    name: "decryption by SMS",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let client = stage.extern_builder_over(wire).build();
            let document = stage.extern_info().encrypted.sms;
            let certificate = stage.certificate_der(&document.certificate);
            let decrypting = client.decrypt(&stage.account(), &place(&document.place), certificate);
            let mut run = decrypting.start(journal).await?;
            run.wait(&mut stage.person(), TEN_MINUTES)
                .await?
                .bytes()
                .await?;
            run.forget().await
        })
    },
    once: &["DecryptContent", "ConfirmContentDecryption"],
    steps: 1,
    cannot_tell: &[
        "after saving starting",
        "before /v1/*/docflows/*/documents/*/decrypt-content",
        "after /v1/*/docflows/*/documents/*/decrypt-content",
        "before saving awaiting_code",
        "after saving confirming",
        "before /v1/*/docflows/*/documents/*/confirm-content-decryption",
    ],
};

const ATTACHED_BY_PHONE: Flow = Flow {
    name: "signed by DSS and attached",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let diadoc = stage.builder_over(wire).build();
            let (message, entity) = unsigned(stage);
            let attaching = diadoc.sign_and_attach(&stage.in_box(), &message, &entity);
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
};

const PREPARED_AND_ATTACHED: Flow = Flow {
    name: "prepared, signed by DSS and attached",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let diadoc = stage.builder_over(wire).build();
            let unsent = stage.sandbox.world_info().diadoc.messages.unsent;
            let (message, entity) = named(&unsent);
            let attaching = diadoc.sign_and_attach(&stage.in_box(), &message, &entity);
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
};

const ATTACHED_BY_SMS: Flow = Flow {
    name: "signed by SMS and attached as an approval",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let diadoc = stage.builder_over(wire).build();
            let (message, entity) = unsigned(stage);
            let attaching = diadoc.sign_and_attach(&stage.in_box(), &message, &entity);
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
};

const TEST_SIGNATURE_ATTACHED: Flow = Flow {
    name: "test signature attached",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let diadoc = stage.builder_over(wire).build();
            let (message, entity) = unsigned(stage);
            let attaching = diadoc.sign_and_attach(&stage.in_box(), &message, &entity);
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
};

const POSTING: Flow = Flow {
    name: "posting of an approval",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let diadoc = stage.builder_over(wire).build();
            let (message, entity) = unsigned(stage);
            let signature = DocumentSignature::builder(&entity, SignatureSource::Test);
            let signature = signature.approval().build().unwrap();
            let patching = diadoc.patch_message(&stage.in_box(), &message);
            let mut run = patching.signature(signature).start(journal).await?;
            run.wait(&mut NoPrompt, TEN_MINUTES).await?;
            run.forget().await
        })
    },
    once: &[],
    steps: 1,
    cannot_tell: &[],
};

const FLOWS: [Flow; 14] = [
    CLOUD_SIGN,
    DSS_SIGN,
    RECEIPTS,
    ATTACHED_BY_PHONE,
    PREPARED_AND_ATTACHED,
    ATTACHED_BY_SMS,
    TEST_SIGNATURE_ATTACHED,
    POSTING,
    DRAFT_BY_PHONE,
    DRAFT_BY_SMS,
    REPLY_BY_SMS,
    REPLY_AT_ONCE,
    PFR_REPLY_BY_PHONE,
    DECRYPTION_BY_SMS,
];

#[tokio::test]
async fn at_every_write_and_every_request() {
    for flow in FLOWS {
        let rows = every_point(&flow).await;
        for row in &rows {
            println!("{}: dies {:<64} -> {:?}", flow.name, row.point, row.fate);
            let counters = row.stage.sandbox.counters();
            for endpoint in flow.once {
                assert!(
                    row.stage.calls(endpoint) <= flow.steps,
                    "{}: {}: {endpoint} was sent twice",
                    flow.name,
                    row.point
                );
            }
            assert!(
                counters.sms_sent + counters.pushes_sent <= 1,
                "{}: {}",
                flow.name,
                row.point
            );
            assert!(
                counters.operations_started <= flow.steps as u64,
                "{}: {}",
                flow.name,
                row.point
            );
            let signed: Vec<u64> = row
                .stage
                .sandbox
                .receipts()
                .iter()
                .map(|one| one.signed)
                .collect();
            let all = flow.steps > 1 && row.fate == Fate::Finished;
            assert!(
                signed
                    .iter()
                    .all(|times| *times <= 1 && (!all || *times == 1)),
                "{}: {}: {signed:?}",
                flow.name,
                row.point
            );
            // What was posted is there once, and under one operationId.
            let documents = row.stage.sandbox.documents();
            let attached = documents.iter().flat_map(|one| &one.signatures);
            let attached = attached.filter(|one| one.ours).count() as u64;
            let is_posted = row.stage.calls("PostMessagePatch") > 0 && row.fate == Fate::Finished;
            assert!(
                counters.patches <= 1
                    && attached == SEEDED + counters.patches
                    && counters.operation_ids_reused == 0
                    && (!is_posted || counters.patches == 1),
                "{}: {}: {counters:?}",
                flow.name,
                row.point
            );
            if row.fate == Fate::NeverBegan {
                let ended = row.point == "after forgetting";
                assert!(
                    ended || counters.operations_started + counters.patches == 0,
                    "{}: {}: lost",
                    flow.name,
                    row.point
                );
            }
            assert!(row.fate != Fate::Refused, "{}: {}", flow.name, row.point);
        }
        // "Cannot tell" is honest only between the promise to send and the stored answer.
        let cannot_tell: Vec<&str> = rows
            .iter()
            .filter(|row| row.fate == Fate::CannotTell)
            .map(|row| row.point.as_str())
            .collect();
        assert_eq!(cannot_tell, flow.cannot_tell, "{}", flow.name);
        assert!(
            rows.iter().filter(|row| row.fate == Fate::Finished).count() >= 6,
            "{}",
            flow.name
        );
    }
}

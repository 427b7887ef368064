//! The flows of Extern.

use podpis::Begin;
use podpis::extern_api::LocalFile;

use super::TEN_MINUTES;
use crate::crash::{Flow, Leaves};
use crate::stage_extern::{place, reply};

pub(super) const FLOWS: [Flow; 14] = [
    DRAFT_BY_PHONE,
    DRAFT_BY_SMS,
    REPLY_BY_SMS,
    REPLY_AT_ONCE,
    PFR_REPLY_BY_PHONE,
    DECRYPTION_BY_SMS,
    DRAFT_CHECK,
    DRAFT_PREPARE,
    DRAFT_SEND,
    REPORT_BY_PHONE,
    REPORT_BY_SMS,
    SEND_REPLY,
    ANSWER_BY_SMS,
    PACKAGE_BY_PHONE,
];

const DRAFT_BY_PHONE: Flow = Flow {
    name: "draft by phone",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let client = stage.extern_builder_over(wire).build();
            let mut run = client
                .account(&stage.account())
                .sign_draft(&stage.phone_draft())
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
    leaves: Leaves::NOTHING,
};

const DRAFT_BY_SMS: Flow = Flow {
    name: "draft by SMS",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let client = stage.extern_builder_over(wire).build();
            let mut run = client
                .account(&stage.account())
                .sign_draft(&stage.sms_draft())
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
    leaves: Leaves::NOTHING,
};

const REPLY_BY_SMS: Flow = Flow {
    name: "reply by SMS",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let client = stage.extern_builder_over(wire).build();
            let seeded = stage.extern_info().replies.fns_demand;
            let signing = client
                .account(&stage.account())
                .sign_reply(&place(&seeded.place), &reply(&seeded.sms));
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
    leaves: Leaves::NOTHING,
};

const REPLY_AT_ONCE: Flow = Flow {
    name: "reply that is signed at once",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let client = stage.extern_builder_over(wire).build();
            let seeded = stage.extern_info().replies.fns_receipt;
            let signing = client
                .account(&stage.account())
                .sign_reply(&place(&seeded.place), &reply(&seeded.sms))
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
    leaves: Leaves::NOTHING,
};

const PFR_REPLY_BY_PHONE: Flow = Flow {
    name: "PFR reply by phone",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let client = stage.extern_builder_over(wire).build();
            let seeded = stage.extern_info().replies.pfr;
            let signing = client
                .account(&stage.account())
                .sign_pfr_reply(&place(&seeded.place), &reply(&seeded.dss));
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
    leaves: Leaves::NOTHING,
};

const DECRYPTION_BY_SMS: Flow = Flow {
    name: "decryption by SMS",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let client = stage.extern_builder_over(wire).build();
            let document = stage.extern_info().encrypted.sms;
            let certificate = stage.certificate_der(&document.certificate);
            let decrypting = client
                .account(&stage.account())
                .decrypt(&place(&document.place), certificate);
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
    leaves: Leaves::NOTHING,
};

const DRAFT_CHECK: Flow = Flow {
    name: "check of a draft",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let client = stage.extern_builder_over(wire).build();
            let checking = client
                .account(&stage.account())
                .check_draft(&stage.phone_draft());
            let mut run = checking.start(journal).await?;
            run.wait(&mut stage.person(), TEN_MINUTES).await?;
            run.forget().await
        })
    },
    once: &["DraftCheck"],
    steps: 1,
    // A start that arrived is found in the draft's tasks; one that did not is sent again.
    cannot_tell: &[],
    leaves: Leaves::NOTHING,
};

const DRAFT_PREPARE: Flow = Flow {
    name: "preparation of a draft",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let client = stage.extern_builder_over(wire).build();
            let draft = stage.extern_info().drafts.signed.id.into();
            let preparing = client.account(&stage.account()).prepare_draft(&draft);
            let mut run = preparing.start(journal).await?;
            run.wait(&mut stage.person(), TEN_MINUTES).await?;
            run.forget().await
        })
    },
    once: &["DraftPrepare"],
    steps: 1,
    cannot_tell: &[],
    leaves: Leaves::NOTHING,
};

const DRAFT_SEND: Flow = Flow {
    name: "sending of a draft",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let client = stage.extern_builder_over(wire).build();
            let draft = stage.extern_info().drafts.ready_to_send.id.into();
            let sending = client.account(&stage.account()).send_draft(&draft);
            let mut run = sending.start(journal).await?;
            run.wait(&mut stage.person(), TEN_MINUTES).await?;
            run.forget().await
        })
    },
    once: &["DraftSend"],
    steps: 1,
    cannot_tell: &[],
    leaves: Leaves {
        docflows: 1,
        ..Leaves::NOTHING
    },
};

const ONE_REPORT: Leaves = Leaves {
    drafts: 1,
    documents: 2,
    docflows: 1,
    ..Leaves::NOTHING
};

const REPORT_BY_PHONE: Flow = Flow {
    name: "report by phone",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let client = stage.extern_builder_over(wire).build();
            let mut run = stage.report(&client, "dss").start(journal).await?;
            let sent = run.wait(&mut stage.person(), TEN_MINUTES).await?;
            sent.signatures.all().unwrap();
            run.forget().await
        })
    },
    once: &["DraftCheck", "DraftCloudSign", "DraftPrepare", "DraftSend"],
    steps: 1,
    // Of all its steps only the one that asks the person is as uncertain as it is alone.
    cannot_tell: &["after saving starting", "before /v1/*/drafts/*/cloud-sign"],
    leaves: ONE_REPORT,
};

const REPORT_BY_SMS: Flow = Flow {
    name: "report by SMS",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let client = stage.extern_builder_over(wire).build();
            let mut run = stage.report(&client, "sms").start(journal).await?;
            let sent = run.wait(&mut stage.person(), TEN_MINUTES).await?;
            sent.signatures.all().unwrap();
            run.forget().await
        })
    },
    once: &[
        "DraftCheck",
        "DraftCloudSign",
        "DraftCloudSignConfirm",
        "DraftPrepare",
        "DraftSend",
    ],
    steps: 1,
    cannot_tell: &[
        "after saving starting",
        "before /v1/*/drafts/*/cloud-sign",
        "after /v1/*/drafts/*/cloud-sign",
        "before saving awaiting_code",
        "after saving confirming",
        "before /v1/*/drafts/*/cloud-sign-confirm",
    ],
    leaves: ONE_REPORT,
};

const ONE_REPLY: Leaves = Leaves {
    replies: 1,
    ..Leaves::NOTHING
};

const SEND_REPLY: Flow = Flow {
    name: "sending of a reply",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let seeded = stage.extern_info().replies.fns_receipt;
            let (place, reply) = (place(&seeded.place), reply(&seeded.sms));
            let account = stage.account();
            // Signed at once and by another program, so that the flow is the sending alone.
            let signing = stage
                .extern_api()
                .account(&account)
                .sign_reply(&place, &reply);
            let signing = signing.force_confirmation(true);
            signing.run(&mut stage.person(), TEN_MINUTES).await?;
            let client = stage.extern_builder_over(wire).build();
            let sending = client
                .account(&account)
                .send_reply(&place, &reply, "8.8.8.8");
            let mut run = sending.start(journal).await?;
            run.wait(&mut stage.person(), TEN_MINUTES).await?;
            run.forget().await
        })
    },
    once: &["ReplySend"],
    steps: 1,
    // A document that was answered asks for no reply any more.
    cannot_tell: &[],
    leaves: ONE_REPLY,
};

const ANSWER_BY_SMS: Flow = Flow {
    name: "answer by SMS",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let client = stage.extern_builder_over(wire).build();
            let seeded = stage.extern_info().replies.fns_demand;
            let answering = client.account(&stage.account()).answer(
                &place(&seeded.place),
                &*seeded.document_type,
                stage.certificate_of("sms"),
                "8.8.8.8",
            );
            let mut run = answering.start(journal).await?;
            let answer = run.wait(&mut stage.person(), TEN_MINUTES).await?;
            answer.signatures.all().unwrap();
            run.forget().await
        })
    },
    once: &["ReplyCloudSign", "ReplyCloudSignConfirm", "ReplySend"],
    steps: 1,
    cannot_tell: &[
        "after saving starting",
        "before /v1/*/docflows/*/documents/*/replies/*/cloud-sign",
        "after /v1/*/docflows/*/documents/*/replies/*/cloud-sign",
        "before saving awaiting_code",
        "after saving confirming",
        "before /v1/*/docflows/*/documents/*/replies/*/cloud-sign-confirm",
    ],
    leaves: ONE_REPLY,
};

const PACKAGE_BY_PHONE: Flow = Flow {
    name: "answer with a package by phone",
    begin: |stage, wire, journal| {
        Box::pin(async move {
            let client = stage.extern_builder_over(wire).build();
            let seeded = stage.extern_info().replies.pfr;
            let answering = client
                .account(&stage.account())
                .answer(
                    &place(&seeded.place),
                    &*seeded.document_type,
                    stage.certificate_of("dss"),
                    "8.8.8.8",
                )
                .contents([LocalFile::bytes("part.xml", "<x/>")]);
            let mut run = answering.start(journal).await?;
            let answer = run.wait(&mut stage.person(), TEN_MINUTES).await?;
            answer.signatures.all().unwrap();
            run.forget().await
        })
    },
    once: &["PfrReplyCloudSign", "PfrReplySend"],
    steps: 1,
    cannot_tell: &[
        "after saving starting",
        "before /v1/*/docflows/*/documents/*/pfr-replies/*/cloud-sign",
        "after /v1/*/docflows/*/documents/*/pfr-replies/*/cloud-sign",
        "before saving processing",
    ],
    leaves: ONE_REPLY,
};

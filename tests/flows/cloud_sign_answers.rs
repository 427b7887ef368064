//! CloudSign when the service answers something else than it should.

use std::time::Duration;

use podpis::ErrorChain;
use podpis::diadoc::{CloudSign, FileOutcome};
use podpis::diadoc_proto::prost::Message as _;
use podpis::diadoc_proto::{CloudSignConfirmResult, ContentV2};
use podpis::{
    Begin, Deadline, Error, ErrorKind, File, Journal, MemoryJournal, Refusal, Signatures,
};
use podpis_sandbox::{ConfirmErrors, Fault, WorldOptions};

use crate::stage::Stage;

fn two() -> [File; 2] {
    [
        File::bytes("a.txt", "first file"),
        File::bytes("b.txt", "second file"),
    ]
}

/// Signs two files with one fault in the way.
async fn with_fault(fault: Fault) -> (Stage, Result<Signatures, Error>) {
    let stage = Stage::in_process(WorldOptions::default()).await;
    stage.inject(fault);
    let outcome = stage
        .diadoc()
        .cloud_sign(two())
        .run(&mut stage.person(), Deadline::minutes(5))
        .await;
    (stage, outcome)
}

#[tokio::test]
async fn a_start_without_a_usable_answer_is_unknown_and_is_sent_once() {
    let faults = [
        ("dropped before", Fault::on("CloudSign").drop_before()),
        ("dropped after", Fault::on("CloudSign").drop_after()),
        ("failing", Fault::on("CloudSign").status(500)),
        ("busy", Fault::on("CloudSign").status(503).retry_after(1)),
        (
            "HTML",
            Fault::on("CloudSign")
                .status(200)
                .body("text/html", "<html>hello</html>")
                .after_handling(),
        ),
        (
            "empty",
            Fault::on("CloudSign")
                .status(200)
                .body("application/octet-stream", "")
                .after_handling(),
        ),
        (
            "not protobuf",
            Fault::on("CloudSign")
                .status(200)
                .body("text/plain", "{}")
                .after_handling(),
        ),
        ("cut short", Fault::on("CloudSign").truncate(3)),
    ];
    for (name, fault) in faults {
        let (stage, outcome) = with_fault(fault).await;
        let error = outcome.unwrap_err();
        assert!(error.may_have_been_applied(), "{name}: {error}");
        assert_eq!(
            error.operation().unwrap().state().name(),
            "starting",
            "{name}"
        );
        assert!(
            stage.calls("CloudSign") <= 1 && stage.sandbox.counters().operations_started <= 1,
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_start_that_was_not_applied_is_repeated_only_where_that_helps() {
    for fault in [
        Fault::on("CloudSign").call(1).refuse_connection(),
        Fault::on("CloudSign").call(1).status(429).retry_after(2),
    ] {
        let (stage, outcome) = with_fault(fault).await;
        outcome.unwrap().all().unwrap();
        assert_eq!(stage.sandbox.counters().operations_started, 1);
    }
    for status in [400, 402, 403, 404, 405, 409, 413, 415] {
        let (stage, outcome) = with_fault(Fault::on("CloudSign").status(status)).await;
        let error = outcome.unwrap_err();
        assert!(!error.may_have_been_applied(), "{status}");
        assert!(
            error.operation().is_none(),
            "{status}: nothing began, so there is nothing to keep"
        );
        assert_eq!(error.service().unwrap().status, status);
        assert!(error.service().unwrap().trace_id.is_some(), "{status}");
        assert_eq!(stage.calls("CloudSign"), 1, "{status}");
    }
}

#[tokio::test]
async fn a_start_that_was_refused_leaves_no_record() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    stage.inject(Fault::on("CloudSign").status(403));
    let journal = MemoryJournal::new();
    stage
        .diadoc()
        .cloud_sign(two())
        .start(&journal)
        .await
        .unwrap_err();
    assert!(journal.open().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_code_whose_answer_was_lost_is_not_sent_again() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    stage.inject(Fault::on("CloudSignConfirm").drop_after());
    let journal = MemoryJournal::new();
    let diadoc = stage.diadoc();
    let mut run = diadoc.cloud_sign(two()).start(&journal).await.unwrap();
    let error = run
        .wait(&mut stage.person(), Deadline::minutes(5))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CannotTell);
    assert!(
        ErrorChain(&error)
            .to_string()
            .contains("CloudSignConfirm: no answer"),
        "{}",
        ErrorChain(&error)
    );
    assert_eq!(error.operation().unwrap().state().name(), "confirming");
    let id = run.operation().id().clone();
    drop(run);

    let mut run = diadoc
        .resume::<CloudSign>(journal.claim(&id).await.unwrap())
        .unwrap();
    let error = run
        .wait(&mut stage.person(), Deadline::minutes(5))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CannotTell);
    assert!(error.to_string().contains("a.txt, b.txt"), "{error}");
    assert_eq!(stage.calls("CloudSignConfirm"), 1);
    assert_eq!(stage.sandbox.counters().sms_sent, 1);
}

#[tokio::test]
async fn a_conflict_without_a_known_code_keeps_the_operation_open() {
    let (_, outcome) = with_fault(
        Fault::on("CloudSignConfirm")
            .status(409)
            .body("text/plain", "something else"),
    )
    .await;
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert!(
        error
            .to_string()
            .contains("409 (conflict): something else [trace id "),
        "{error}"
    );
    assert_eq!(error.operation().unwrap().state().name(), "awaiting_code");
}

#[tokio::test]
async fn a_poll_that_fails_in_passing_is_forgiven() {
    for endpoint in ["CloudSignResult", "CloudSignConfirmResult"] {
        for fault in [
            Fault::on(endpoint).call(1).drop_before(),
            Fault::on(endpoint).call(1).drop_after(),
            Fault::on(endpoint).call(1).status(502),
            Fault::on(endpoint).call(1).status(429).retry_after(9),
            Fault::on(endpoint).call(1).truncate(1),
        ] {
            let (stage, outcome) = with_fault(fault).await;
            outcome.unwrap().all().unwrap();
            assert_eq!(stage.sandbox.counters().operations_started, 1, "{endpoint}");
        }
    }
}

#[tokio::test]
async fn a_poll_that_cannot_be_read_ends_the_wait_and_keeps_the_record() {
    for (endpoint, state) in [
        ("CloudSignResult", "processing"),
        ("CloudSignConfirmResult", "processing"),
    ] {
        for (content_type, body) in [
            ("text/html", "<html>"),
            ("application/octet-stream", "\u{1}\u{2}"),
        ] {
            let (_, outcome) =
                with_fault(Fault::on(endpoint).status(200).body(content_type, body)).await;
            let error = outcome.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{endpoint}");
            assert!(error.to_string().starts_with(endpoint), "{error}");
            assert_eq!(error.operation().unwrap().state().name(), state);
        }
    }
    let (_, outcome) = with_fault(
        Fault::on("CloudSignResult")
            .status(200)
            .body("application/octet-stream", ""),
    )
    .await;
    let text = outcome.unwrap_err().to_string();
    assert!(text.starts_with("CloudSignResult: the answer cannot be read: CloudSignResult.Token is missing [trace id "), "{text}");
}

#[tokio::test]
async fn a_file_for_which_nothing_came_fails_alone() {
    // The real signature of the first file, and nothing for the second.
    let (stage, outcome) = with_fault(Fault::on("Nothing").status(500)).await;
    let first = outcome.unwrap().all().unwrap()[0].der().to_vec();
    let body = CloudSignConfirmResult::new()
        .with_signatures([ContentV2::new().with_content(first), ContentV2::new()]);
    let body = Fault::on("CloudSignConfirmResult")
        .status(200)
        .body("application/octet-stream", body.encode_to_vec());
    stage.inject(body);
    let signing = stage.diadoc().cloud_sign(two());
    let signatures = signing
        .run(&mut stage.person(), Deadline::minutes(5))
        .await
        .unwrap();
    assert!(
        matches!(&signatures.files()[0], FileOutcome::Signed(signed) if signed.name() == "a.txt")
    );
    assert!(matches!(&signatures.files()[1], FileOutcome::Failed { name, .. } if name == "b.txt"));
    assert!(signatures.all().unwrap_err().to_string().contains("b.txt"));
}

#[tokio::test]
async fn a_task_that_the_service_does_not_know_is_an_error_that_keeps_the_record() {
    let (_, outcome) = with_fault(
        Fault::on("CloudSignResult")
            .status(404)
            .body("text/plain", "no such task"),
    )
    .await;
    let error = outcome.unwrap_err();
    assert_eq!(
        error.service().unwrap().message.as_deref(),
        Some("no such task")
    );
    assert!(error.operation().is_some());
}

#[tokio::test]
async fn a_code_that_expires_while_the_service_signs_ends_the_operation() {
    let options = WorldOptions::default()
        .confirm_errors(ConfirmErrors::OnResult)
        .code_life(Duration::ZERO);
    let stage = Stage::in_process(options).await;
    let error = stage
        .diadoc()
        .cloud_sign(two())
        .run(&mut stage.person(), Deadline::minutes(5))
        .await
        .unwrap_err();
    assert_eq!(error.refusal(), Some(&Refusal::Expired));
}

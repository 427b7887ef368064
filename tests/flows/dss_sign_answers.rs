//! Every status of a DssSign, of its files and of its way to confirm, and what each leads to.
//!
//! **Invariant:** whatever the service says, DssSign is called once.

use podpis::core::ErrorChain;
use podpis::diadoc::FileOutcome;
use podpis::diadoc::dss_sign::{DssConfirmType, DssOperator, DssProgress};
use podpis::operation::Timestamp;
use podpis::{
    Begin, Deadline, Error, ErrorKind, Journal, MemoryJournal, NoPrompt, Refusal, Signatures,
};
use podpis_sandbox::{Fault, SignatureFault};

use super::dss_sign::{two, willing};
use crate::stage::Stage;

const FIVE_MINUTES: Deadline = Deadline::minutes(5);

async fn with(fault: Fault) -> (Stage, Result<Signatures, Error>) {
    let stage = Stage::in_process(willing(1)).await;
    stage.inject(fault);
    let signing = stage.diadoc().in_box(&stage.in_box()).dss_sign(two());
    let outcome = signing.run(&mut NoPrompt, FIVE_MINUTES).await;
    (stage, outcome)
}

#[tokio::test]
async fn every_status_of_an_operation() {
    let refused = |refusal: &str| format!("refused: {refusal}");
    let still_open = |what: &str| format!("open: {what}");
    let rows: [(Option<i32>, String); 12] = [
        (None, still_open("no OperationStatus")),
        (Some(-1), still_open("OperationStatus -1")),
        (Some(0), still_open("OperationStatus 0")),
        (Some(1), still_open("")),
        (Some(2), "signed".to_owned()),
        (Some(3), refused("CancelledBySigner")),
        (Some(4), refused("Expired")),
        (Some(5), refused("ServiceCrashed")),
        (
            Some(6),
            refused("AnotherOperationOpen { operation: None, sort: None }"),
        ),
        (Some(7), refused("MustStartOver")),
        (Some(8), still_open("OperationStatus 8")),
        (
            Some(i32::MAX),
            still_open(&format!("OperationStatus {}", i32::MAX)),
        ),
    ];
    for (status, expected) in rows {
        let (stage, outcome) = with(Fault::on("DssSign").operation_status(status)).await;
        let came = match &outcome {
            Ok(signatures) => {
                assert_eq!(signatures.all().unwrap().len(), 2);
                "signed".to_owned()
            }
            Err(error) if error.kind() == ErrorKind::Deadline => {
                assert_eq!(error.operation().unwrap().state().name(), "processing");
                let text = error.to_string();
                assert!(
                    text.contains("4 s after") || text.contains("300 s"),
                    "{text}"
                );
                let (_, what) = expected.split_once(": ").unwrap();
                assert!(text.contains(what), "{status:?}: {text}");
                assert_eq!(
                    text.contains("does not know") || text.contains("no OperationStatus"),
                    !what.is_empty(),
                    "{text}"
                );
                expected.clone()
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Refused);
                let refusal = format!("{:?}", error.refusal().unwrap());
                let refusal = refusal.split(" { not_before").next().unwrap();
                format!("refused: {refusal}")
            }
        };
        assert_eq!(came, expected, "{status:?}");
        assert_eq!(stage.calls("DssSign"), 1, "{status:?}");
        assert_eq!(stage.sandbox.counters().operations_started, 1);
    }
}

#[tokio::test]
async fn starting_over_is_asked_for_not_before_five_minutes() {
    let (stage, outcome) = with(Fault::on("DssSign").operation_status(7)).await;
    let error = outcome.unwrap_err();
    let Some(Refusal::MustStartOver { not_before }) = error.refusal() else {
        panic!("{error}");
    };
    let now = Timestamp::from(podpis_core::wait::Time::now(&stage.time));
    assert_eq!(*not_before, now.plus(std::time::Duration::from_secs(300)));
}

#[tokio::test]
async fn every_status_of_a_file() {
    let failed = |why: &str| Some(why.to_owned());
    let none = |number: i32| failed(&format!("FileSigningStatus {number}"));
    // Whether a signature came, and why there is none for the file then.
    let rows: [(Option<i32>, bool, Option<String>); 10] = [
        (Some(1), true, None),
        (
            Some(1),
            false,
            failed("says that it is signed and gave no signature"),
        ),
        (Some(2), false, failed("SigningError")),
        (Some(2), true, failed("SigningError")),
        (Some(0), true, None),
        (Some(0), false, none(0)),
        (Some(7), true, None),
        (Some(7), false, none(7)),
        (None, true, None),
        (
            None,
            false,
            failed("neither a signature nor a FileSigningStatus"),
        ),
    ];
    for (status, signed, expected) in rows {
        let fault = if signed {
            Fault::on("DssSign").file_signed(0, status)
        } else {
            Fault::on("DssSign").file_unsigned(0, status)
        };
        let (stage, outcome) = with(fault).await;
        let signatures = outcome.unwrap();
        match (&signatures.files()[0], &expected) {
            (FileOutcome::Signed(signed), None) => assert_eq!(signed.name(), "a.txt"),
            (FileOutcome::Failed { name, reason }, Some(why)) => {
                assert_eq!(name, "a.txt");
                assert!(reason.contains(why.as_str()), "{status:?}: {reason}");
                let all = signatures.all().unwrap_err();
                assert_eq!(all.files().count(), 1, "the other one is signed");
                assert!(all.to_string().contains("a.txt"), "{all}");
            }
            (came, _) => panic!("{status:?} {signed}: {came:?}"),
        }
        assert!(matches!(signatures.files()[1], FileOutcome::Signed(_)));
        assert_eq!(stage.calls("DssSign"), 1, "{status:?}");
    }
}

#[tokio::test]
async fn every_way_to_confirm() {
    let rows = [
        (None, "to be confirmed on the owner's phone"),
        (Some(-1), "to be confirmed on the owner's phone"),
        (Some(0), "to be confirmed on the owner's phone"),
        (Some(1), "to be confirmed by SMS"),
        (Some(2), "to be confirmed in the myDSS app"),
        (Some(3), "to be confirmed by the applet on the SIM card"),
        (Some(4), "to be confirmed in the Kontur.Sign app"),
        (Some(5), "to be confirmed in the GosKey app"),
        (Some(6), "to be confirmed on the owner's phone"),
    ];
    for (number, text) in rows {
        let stage = Stage::in_process(willing(1)).await;
        stage.inject(Fault::on("DssSign").confirm_type(number));
        let journal = MemoryJournal::new();
        let signing = stage.diadoc().in_box(&stage.in_box()).dss_sign(two());
        let mut run = signing.start(&journal).await.unwrap();
        run.wait(&mut NoPrompt, FIVE_MINUTES)
            .await
            .unwrap()
            .all()
            .unwrap();
        let asked = DssProgress::of(&journal.open().await.unwrap()[0]).unwrap();
        assert_eq!(asked.confirm_type, number.map(DssConfirmType));
        assert!(asked.to_string().starts_with(text), "{number:?}: {asked}");
        assert_eq!(stage.calls("DssSign"), 1, "{number:?}");
    }
    for number in [None, Some(0), Some(1), Some(2), Some(9)] {
        let stage = Stage::in_process(willing(1)).await;
        stage.inject(Fault::on("DssSign").operator(number));
        let journal = MemoryJournal::new();
        let signing = stage.diadoc().in_box(&stage.in_box()).dss_sign(two());
        let mut run = signing.start(&journal).await.unwrap();
        run.wait(&mut NoPrompt, FIVE_MINUTES).await.unwrap();
        let asked = DssProgress::of(run.operation()).unwrap();
        assert_eq!(asked.operator, number.map(DssOperator));
    }
}

#[tokio::test]
async fn a_way_to_confirm_that_changes_is_told_again() {
    let stage = Stage::in_process(willing(8)).await;
    stage.inject(Fault::on("DssSignResult").call(1).confirm_type(1));
    let recorder = crate::stage::Recorder::default();
    let diadoc = stage.builder().observer(recorder.clone()).build();
    diadoc
        .in_box(&stage.in_box())
        .dss_sign(two())
        .run(&mut NoPrompt, FIVE_MINUTES)
        .await
        .unwrap();
    assert_eq!(
        recorder.names(),
        ["accepted", "progressed", "progressed", "finished"]
    );
}

#[tokio::test]
async fn a_completed_operation_without_results_is_asked_again() {
    // The service says that it is completed while nothing is signed: it has no results yet.
    let early = Fault::on("DssSignResult").call(1).operation_status(2);
    let (stage, outcome) = with(early).await;
    outcome.unwrap().all().unwrap();
    assert_eq!(stage.calls("DssSign"), 1);
}

#[tokio::test]
async fn signatures_in_another_order_find_their_files() {
    let permuted = Fault::on("DssSignResult").signatures(SignatureFault::Permute);
    let (_, outcome) = with(permuted).await;
    let signatures = outcome.unwrap();
    let names: Vec<&str> = signatures
        .all()
        .unwrap()
        .iter()
        .map(|one| one.name())
        .collect();
    assert_eq!(names, ["a.txt", "b.txt"]);
}

#[tokio::test]
async fn what_are_not_the_signatures_of_the_files_is_never_given_out() {
    for fault in [
        SignatureFault::Missing,
        SignatureFault::Double,
        SignatureFault::Forge,
        SignatureFault::Corrupt,
    ] {
        let (stage, outcome) = with(Fault::on("DssSignResult").signatures(fault)).await;
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Signature, "{fault:?}");
        let kept = error.operation().unwrap();
        assert_eq!(kept.state().name(), "done", "{fault:?}: what came is kept");
        assert!(ErrorChain(&error).to_string().contains("files"), "{error}");
        assert_eq!(stage.calls("DssSign"), 1);
    }
    // Another signer is found out where one was asked for.
    let stage = Stage::in_process(willing(1)).await;
    stage.inject(Fault::on("DssSignResult").signatures(SignatureFault::OtherSigner));
    let signing = stage.diadoc().in_box(&stage.in_box()).dss_sign(two());
    let signing = signing.certificate(stage.diadoc_certificate("dss"));
    let error = signing.run(&mut NoPrompt, FIVE_MINUTES).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Signature);
}

#[tokio::test]
async fn a_start_without_a_usable_answer_is_unknown_and_is_sent_once() {
    let faults = [
        Fault::on("DssSign").drop_before(),
        Fault::on("DssSign").drop_after(),
        Fault::on("DssSign").status(500),
        Fault::on("DssSign").status(503).retry_after(1),
        Fault::on("DssSign")
            .body("text/html", "<html>")
            .after_handling(),
        Fault::on("DssSign")
            .body("text/plain", "{}")
            .after_handling(),
        Fault::on("DssSign").truncate(3),
    ];
    for fault in faults {
        let (stage, outcome) = with(fault.clone()).await;
        let error = outcome.unwrap_err();
        assert!(error.may_have_been_applied(), "{fault:?}: {error}");
        assert_eq!(error.operation().unwrap().state().name(), "starting");
        assert!(stage.calls("DssSign") <= 1, "{fault:?}");
        assert!(stage.sandbox.counters().operations_started <= 1);
    }
    for status in [402, 403, 405, 409, 410, 413, 415] {
        let (stage, outcome) = with(Fault::on("DssSign").status(status)).await;
        let error = outcome.unwrap_err();
        assert!(!error.may_have_been_applied(), "{status}");
        assert!(error.operation().is_none(), "{status}: nothing began");
        assert_eq!(stage.calls("DssSign"), 1, "{status}");
    }
}

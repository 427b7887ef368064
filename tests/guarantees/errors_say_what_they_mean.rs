//! Promise: every failure says what happened, what it means for the signature, what to do, and whom to quote.

use podpis::core::error::Meaning;
use podpis::operation::Advice;
use podpis::{Begin, Deadline, Error, ErrorChain, File};
use podpis_sandbox::{Fault, WorldOptions};

use crate::stage::Stage;

async fn fails(options: WorldOptions, fault: Option<Fault>, mistypes: u32) -> Error {
    let stage = Stage::in_process(options).await;
    if let Some(fault) = fault {
        stage.inject(fault);
    }
    let signing = stage
        .diadoc()
        .cloud_sign([File::bytes("act.xml", "content")]);
    let mut person = stage.person().who_mistypes(mistypes);
    signing
        .run(&mut person, Deadline::minutes(5))
        .await
        .unwrap_err()
}

fn shows(error: &Error, parts: &[&str]) {
    let text = ErrorChain(error).to_string();
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
}

#[tokio::test]
async fn not_started() {
    let fault = Fault::on("CloudSign")
        .status(402)
        .body("text/plain", "Подписка закончилась");
    let error = fails(WorldOptions::default(), Some(fault), 0).await;
    assert_eq!(error.meaning(), Some(Meaning::NotStarted));
    shows(
        &error,
        &[
            "CloudSign",
            "402",
            "Подписка закончилась",
            "[trace id ",
            "Nothing was started",
        ],
    );
}

#[tokio::test]
async fn unknown() {
    let error = fails(
        WorldOptions::default(),
        Some(Fault::on("CloudSign").drop_after()),
        0,
    )
    .await;
    assert!(matches!(error.meaning(), Some(Meaning::Unknown { .. })));
    shows(
        &error,
        &[
            "CloudSign: no answer",
            "not known whether the service acted",
            "look before you start again",
        ],
    );

    let error = fails(
        WorldOptions::default(),
        Some(Fault::on("CloudSignConfirm").status(500)),
        0,
    )
    .await;
    assert!(matches!(error.meaning(), Some(Meaning::Unknown { .. })));
    shows(
        &error,
        &["CloudSignConfirm", "500", "[trace id ", "not known whether"],
    );
}

#[tokio::test]
async fn still_open() {
    let fault = Fault::on("CloudSignResult").status(204).retry_after(1);
    let error = fails(WorldOptions::default(), Some(fault), 0).await;
    assert!(matches!(error.meaning(), Some(Meaning::StillOpen { .. })));
    let id = error.operation().unwrap().id().to_string();
    shows(&error, &["still at work after 300 s", &id, "resume it"]);
}

#[tokio::test]
async fn gone() {
    for status in [404, 410] {
        let fault = Fault::on("CloudSignResult").status(status);
        let error = fails(WorldOptions::default(), Some(fault), 0).await;
        assert!(matches!(error.meaning(), Some(Meaning::Gone { .. })));
        let id = error.operation().unwrap().id().to_string();
        shows(
            &error,
            &[
                "CloudSignResult",
                &status.to_string(),
                &id,
                "does not know",
                "start over or forget",
            ],
        );
    }
    // A page of a proxy does not speak for the service.
    let page = Fault::on("CloudSignResult")
        .status(404)
        .body("text/html", "<html></html>");
    let error = fails(WorldOptions::default(), Some(page), 0).await;
    assert!(matches!(error.meaning(), Some(Meaning::StillOpen { .. })));

    // Whether a code was for nothing takes the service's own words.
    for (words, is_gone) in [("", false), ("there is no such token", true)] {
        let answer = Fault::on("CloudSignConfirm")
            .status(404)
            .body("text/plain", words);
        let error = fails(WorldOptions::default(), Some(answer), 0).await;
        let meaning = error.meaning();
        assert_eq!(
            matches!(meaning, Some(Meaning::Gone { .. })),
            is_gone,
            "{error:?}"
        );
        assert_eq!(matches!(meaning, Some(Meaning::StillOpen { .. })), !is_gone);
    }
}

#[tokio::test]
async fn refused() {
    let error = fails(WorldOptions::default().code_attempts(9), None, 9).await;
    assert_eq!(
        error.meaning(),
        Some(Meaning::Refused {
            advice: Advice::AskThePerson
        })
    );
    shows(
        &error,
        &[
            "too many wrong codes",
            "There will be no signature",
            "talk to the signer",
        ],
    );
}

#[tokio::test]
async fn not_the_signatures_of_these_files() {
    let fault =
        Fault::on("CloudSignConfirmResult").signatures(podpis_sandbox::SignatureFault::Forge);
    let error = fails(WorldOptions::default(), Some(fault), 0).await;
    assert!(matches!(error.meaning(), Some(Meaning::Kept { .. })));
    shows(
        &error,
        &["act.xml", "do not use it as signatures of these files"],
    );
}

#[tokio::test]
async fn no_cause_is_told_twice() {
    let error = fails(
        WorldOptions::default(),
        Some(Fault::on("CloudSign").drop_after()),
        0,
    )
    .await;
    let text = ErrorChain(&error).to_string();
    assert_eq!(text.matches("no answer").count(), 1, "{text}");
}

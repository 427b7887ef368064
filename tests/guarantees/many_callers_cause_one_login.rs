//! Promise: however many calls need a login at once, there is one, and nothing deadlocks on the way.

use podpis::{Begin, Deadline, ErrorKind, File, NoPrompt};
use podpis_sandbox::{Fault, WorldOptions};

use crate::stage::{SKINS, Skin, Stage};

/// Starts as many operations at once with one client and takes each to its code.
async fn sign_at_once(stage: &Stage, count: usize, in_flight: usize) {
    let diadoc = stage.builder().in_flight(in_flight).build();
    let signing: Vec<_> = (0..count)
        .map(|number| {
            let signing =
                diadoc.cloud_sign([File::bytes(format!("{number}"), format!("{number}"))]);
            tokio::spawn(async move { signing.run(&mut NoPrompt, Deadline::minutes(30)).await })
        })
        .collect();
    for one in signing {
        assert_eq!(one.await.unwrap().unwrap_err().kind(), ErrorKind::Prompt);
    }
    assert_eq!(stage.sandbox.counters().sms_sent, count as u64);
}

#[tokio::test]
async fn at_the_beginning() {
    for skin in SKINS {
        let stage = Stage::set(skin, WorldOptions::default()).await;
        sign_at_once(&stage, 30, 10).await;
        assert_eq!(stage.calls("Authenticate"), 1, "{skin:?}");
        assert_eq!(stage.calls("CloudSign"), 30);
    }
}

#[tokio::test]
async fn after_a_401_in_the_middle() {
    for skin in SKINS {
        let stage = Stage::set(skin, WorldOptions::default()).await;
        stage.inject(Fault::on("CloudSignResult").call(5).revoke_tokens());
        sign_at_once(&stage, 30, 10).await;
        assert_eq!(stage.calls("Authenticate"), 2, "{skin:?}");
    }
}

#[tokio::test]
async fn with_a_single_permit() {
    // A login that needed a permit, or a permit that was held over a login, would never end.
    let stage = Stage::set(Skin::Http, WorldOptions::default()).await;
    stage.inject(Fault::on("CloudSignResult").call(3).revoke_tokens());
    sign_at_once(&stage, 10, 1).await;
    assert!(
        stage.sandbox.counters().max_in_flight <= 2,
        "one call, and one login beside it"
    );
}

#[tokio::test]
async fn never_more_calls_in_flight_than_allowed() {
    let stage = Stage::set(Skin::Http, WorldOptions::default()).await;
    sign_at_once(&stage, 40, 10).await;
    assert!(stage.sandbox.counters().max_in_flight <= 10);
}

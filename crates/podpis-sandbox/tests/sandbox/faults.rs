//! Everything that can go wrong on demand, in Rust and in JSON.

use std::time::Duration;

use podpis_sandbox::{DigestName, Fault, Outcome, Sandbox, SignatureFault, WorldOptions};
use podpis_transport::{Delivery, Transport as _, TransportErrorKind};

use crate::support::{Desk, Is as _, contents, header, inline, number, rows, sign_request, text};

#[test]
fn a_dropped_start_did_or_did_not_happen() {
    let mut desk = Desk::new();
    desk.world
        .inject(Fault::on("CloudSign").call(1).drop_before());
    desk.world
        .inject(Fault::on("cloudsign").call(2).drop_after());
    let request = desk.request("POST", "/CloudSign", sign_request(vec![inline("x")]));
    for (started, handled) in [(0, false), (1, true)] {
        let exchange = desk.world.exchange(&request);
        assert!(
            matches!(exchange.outcome, Outcome::Dropped { handled: known } if known == handled)
        );
        assert_eq!(desk.world.counters().operations_started, started);
    }
    // The third call is not hit.
    desk.send(&request).is(200);
    let records = desk.world.requests();
    assert_eq!(records[0].status, None);
    assert!(records[0].operation.is_none() && records[1].operation.is_some());
}

#[test]
fn statuses_and_bodies_replace_the_answer() {
    let mut desk = Desk::new();
    desk.odd = true;
    let id = desk.world.inject(Fault::on("V2").status(500));
    // A name is a whole name.
    desk.post("/V2/ShelfUpload", "x").is(200);
    assert!(desk.world.remove_fault(&id));
    assert!(!desk.world.remove_fault(&id));

    desk.world
        .inject(Fault::on("CloudSign").call(1).status(429).retry_after(7));
    desk.world
        .inject(Fault::on("CloudSign").call(2).body("text/html", "<html>"));
    desk.world
        .inject(Fault::on("CloudSign").call(3).status(502).after_handling());
    desk.world.inject(Fault::on("CloudSign").call(4).status(99));
    let body = sign_request(vec![inline("x")]);
    let answer = desk.post("/CloudSign", body.clone());
    let seen = (answer.status().as_u16(), header(&answer, "retry-after"));
    assert_eq!(seen, (429, Some("7")));
    let answer = desk.post("/CloudSign", body.clone());
    assert_eq!(
        (answer.status().as_u16(), text(&answer).as_str()),
        (200, "<html>")
    );
    assert_eq!(header(&answer, "content-type"), Some("text/html"));
    assert_eq!(desk.world.counters().operations_started, 0);
    desk.post("/CloudSign", body.clone()).is(502);
    assert_eq!(desk.world.counters().operations_started, 1);
    desk.post("/CloudSign", body).is(500);
}

#[test]
fn delays_truncation_and_refusal_are_told_to_the_skin() {
    let mut desk = Desk::new();
    let request = desk.request("POST", "/V2/ShelfUpload", "x");
    desk.world
        .inject(Fault::on("*").call(1).delay(Duration::from_secs(1)));
    desk.world.inject(
        Fault::on("ShelfUploadV2")
            .call(1)
            .delay(Duration::from_secs(2)),
    );
    let exchange = desk.world.exchange(&request);
    assert_eq!(exchange.delay, Duration::from_secs(3));
    assert!(matches!(exchange.outcome, Outcome::Answer(_)));
    desk.world.clear_faults();
    desk.world.inject(Fault::on("*").call(1).truncate(5));
    let exchange = desk.world.exchange(&request);
    assert!(matches!(
        exchange.outcome,
        Outcome::Truncated { sent: 5, .. }
    ));
    desk.world.inject(Fault::on("*").refuse_connection());
    assert!(matches!(
        desk.world.exchange(&request).outcome,
        Outcome::Refused
    ));
    // Control is never hit.
    desk.get("/_sandbox/health").is(200);
}

#[test]
fn logins_can_end_in_the_middle() {
    let mut desk = Desk::new();
    desk.world
        .inject(Fault::on("CloudSignResult").call(1).revoke_tokens());
    let task = desk.start(vec![inline("x")]);
    desk.wait(Duration::from_secs(1));
    desk.get(&format!("/CloudSignResult?taskId={task}")).is(401);
}

#[test]
fn signatures_are_spoiled_in_one_answer_only() {
    let mut desk = Desk::new();
    let task = desk.start(vec![inline("one"), inline("two"), inline("three")]);
    let token = desk.token(&task);
    let task = desk.confirmed(&token, "Content");
    let good = contents(&desk.result(&task));
    for (fault, count) in [
        (SignatureFault::Permute, 3),
        (SignatureFault::Double, 4),
        (SignatureFault::Missing, 2),
        (SignatureFault::Forge, 3),
        (SignatureFault::Corrupt, 3),
        (SignatureFault::OtherSigner, 3),
        (SignatureFault::Ber, 3),
        (SignatureFault::BerToken, 3),
        (SignatureFault::Unreadable, 3),
        (SignatureFault::ForeignDigest(DigestName::MD5), 3),
        (SignatureFault::Sha1, 3),
    ] {
        desk.world.inject(
            Fault::on("CloudSignConfirmResult")
                .call(1)
                .signatures(fault),
        );
        let bad = contents(&desk.result(&task));
        assert_eq!(bad.len(), count, "{fault:?}");
        assert_ne!(bad, good, "{fault:?}");
        if fault == SignatureFault::Permute {
            assert_eq!(bad, [good[1].clone(), good[2].clone(), good[0].clone()]);
        }
        if fault == SignatureFault::Double {
            assert_eq!((&bad[0], &bad[1]), (&good[0], &good[0]));
        }
        assert_eq!(contents(&desk.result(&task)), good, "after {fault:?}");
    }
    assert_eq!(desk.world.counters().signatures_made, 3);
}

#[test]
fn json_says_the_same_as_rust() {
    let mut desk = Desk::new();
    desk.odd = true;
    let body = sign_request(vec![inline("x")]);
    let table = r#"
        503 | {"endpoint":"CloudSign","call":1,"status":503,"retry_after":2}
        200 | {"endpoint":"CloudSign","calls":[1],"do":"answer","body":"<html>","content_type":"text/html"}
        502 | {"endpoint":"CloudSign","do":"drop_before"}
        502 | {"endpoint":"CloudSign","do":"drop_after","delay_ms":1}
        502 | {"endpoint":"cloudsign","do":"refuse_connection"}
        502 | {"endpoint":"*","do":"truncate","bytes":3}
        500 | {"endpoint":"CloudSign","status":500,"handled":true}
        200 | {"endpoint":"CloudSign","delay_ms":1}
        200 | {"endpoint":"CloudSignConfirmResult","change":"other_signer"}
        200 | {"endpoint":"CloudSignConfirmResult","change":"ber_token"}
        200 | {"endpoint":"DraftDocumentSignature","change":{"foreign_digest":"1.3.14.3.2.26"}}
    "#;
    for [status, form] in rows(table) {
        let (created, id) = desk.json("POST", "/_sandbox/faults", form);
        assert_eq!(created, 201, "{form}");
        desk.post("/CloudSign", body.clone()).is(number(status));
        let path = format!("/_sandbox/faults/{}", id["id"].as_str().unwrap());
        assert_eq!(desk.json("DELETE", &path, "").0, 200);
        assert_eq!(desk.json("DELETE", &path, "").0, 404);
    }
    for bad in [
        "",
        r#"{"endpoint":"Typo","status":500}"#,
        r#"{"endpoint":"CloudSign","statos":500}"#,
        r#"{"endpoint":"CloudSign","status":9}"#,
        r#"{"endpoint":"CloudSign","do":"signatures"}"#,
        r#"{"endpoint":"CloudSign","do":"explode"}"#,
        r#"{"endpoint":"CloudSignConfirmResult","change":"foreign_digest"}"#,
        r#"{"endpoint":"CloudSignConfirmResult","change":{"foreign_digest":"SHA-1"}}"#,
    ] {
        assert_eq!(desk.json("POST", "/_sandbox/faults", bad).0, 400, "{bad}");
    }
    desk.json(
        "POST",
        "/_sandbox/faults",
        r#"{"endpoint":"*","status":500}"#,
    );
    assert_eq!(desk.json("DELETE", "/_sandbox/faults", "").0, 200);
    desk.post("/CloudSign", body).is(200);
}

#[tokio::test]
async fn in_process_a_broken_exchange_is_an_error_of_the_transport() {
    let sandbox = Sandbox::new(WorldOptions::default());
    let send = || async {
        let request = http::Request::get("/V2/ShelfDownload?fileName=x")
            .body(bytes::Bytes::new())
            .unwrap();
        sandbox
            .execute(request)
            .await
            .map(|answer| answer.status().as_u16())
            .map_err(|error| (error.kind(), error.delivery()))
    };
    let broken = Err((TransportErrorKind::Interrupted, Delivery::Unknown));
    for (fault, expected) in [
        (Fault::on("*").call(1).drop_before(), broken),
        (Fault::on("*").call(1).drop_after(), broken),
        (Fault::on("*").call(1).truncate(1), broken),
        (
            Fault::on("*").call(1).refuse_connection(),
            Err((TransportErrorKind::Connect, Delivery::NotSent)),
        ),
        (Fault::on("*").call(1).status(503), Ok(503)),
    ] {
        sandbox.inject(fault);
        assert_eq!(send().await, expected);
    }
    assert_eq!(send().await, Ok(401));
    assert_eq!(sandbox.counters().max_in_flight, 1);
    let (_, _, _) = tokio::join!(send(), send(), send());
    assert_eq!(sandbox.counters().max_in_flight, 3);
}

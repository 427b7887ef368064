//! Each scenario by its name, over the control path, as a program in any language plays it.

use std::time::Duration;

use podpis_sandbox::{Scenario, WorldOptions};
use serde_json::json;

use crate::dss::inline_v3;
use crate::support::{Desk, Is as _, header, inline};

/// The `OperationStatus` values of a DssSign.
const COMPLETED: i32 = 2;
const CANCELED_BY_USER: i32 = 3;
const TIMEOUT: i32 = 4;
const USER_HAS_UNCONFIRMED_OPERATION: i32 = 6;

fn playing(name: &str) -> Desk {
    let mut desk = Desk::new();
    play(&mut desk, name);
    desk
}

fn play(desk: &mut Desk, name: &str) {
    let body = json!({ "name": name }).to_string();
    let (status, told) = desk.json("PUT", "/_sandbox/scenario", &body);
    assert_eq!((status, &told["name"]), (200, &json!(name)));
}

/// How a DssSign stands a minute later.
fn status(desk: &mut Desk) -> Option<i32> {
    let task = desk.dss(vec![inline_v3("x")]);
    desk.wait(Duration::from_secs(60));
    desk.dss_result(&task).operation_status
}

#[test]
fn they_are_listed_and_one_takes_the_place_of_another() {
    let mut desk = Desk::new();
    let (_, listed) = desk.json("GET", "/_sandbox/scenario", "");
    assert_eq!(listed["name"], "calm");
    assert_eq!(
        listed["known"].as_array().unwrap().len(),
        Scenario::ALL.len()
    );
    for name in listed["known"].as_array().unwrap() {
        play(&mut desk, name.as_str().unwrap());
    }
    play(&mut desk, "declined");
    assert_eq!(desk.json("GET", "/_sandbox/phone", "").1["mode"], "decline");
    play(&mut desk, "calm");
    assert_eq!(desk.json("GET", "/_sandbox/phone", "").1["mode"], "manual");
    let (status, _) = desk.json("PUT", "/_sandbox/scenario", r#"{"name":"rain"}"#);
    assert_eq!(status, 400);
    desk.post("/_sandbox/scenario", "").is(405);
}

#[test]
fn declined() {
    let mut desk = playing("declined");
    assert_eq!(status(&mut desk), Some(CANCELED_BY_USER));
    play(&mut desk, "calm");
    let task = desk.dss(vec![inline_v3("x")]);
    desk.wait(Duration::from_secs(1));
    desk.agree();
    assert_eq!(desk.dss_result(&task).operation_status, Some(COMPLETED));
}

#[test]
fn expires() {
    let mut desk = playing("expires");
    assert_eq!(status(&mut desk), Some(TIMEOUT));
    assert!(desk.world.messages().is_empty());
}

#[test]
fn second_operation_open() {
    let mut desk = playing("second_operation_open");
    assert_eq!(status(&mut desk), Some(USER_HAS_UNCONFIRMED_OPERATION));
    assert_eq!(desk.world.counters().pushes_sent, 0);
}

#[test]
fn wrong_code_twice() {
    let mut desk = playing("wrong_code_twice");
    let task = desk.start(vec![inline("x")]);
    let token = desk.token(&task);
    let code = desk.code();
    for _ in 0..2 {
        let answer = desk.confirm(&token, &code, "Content");
        let bad = header(&answer, "x-diadoc-errorcode");
        assert_eq!(
            (answer.status().as_u16(), bad),
            (409, Some("CloudCrypt.BadConfirmationCode"))
        );
    }
    desk.confirm(&token, &code, "Content").is(200);
}

#[test]
fn signatures_permuted() {
    let files = || vec![inline("one"), inline("two")];
    let mut calm = Desk::new();
    let mut desk = playing("signatures_permuted");
    let (there, here) = (calm.sign(files()), desk.sign(files()));
    assert_eq!([&here[1], &here[0]], [&there[0], &there[1]]);
}

#[test]
fn down_for_a_minute() {
    let mut desk = playing("down_for_a_minute");
    desk.odd = true;
    let status = |desk: &mut Desk| desk.get("/GetMyOrganizations").status().as_u16();
    assert_eq!(status(&mut desk), 503);
    desk.wait(Duration::from_secs(59));
    assert_eq!(status(&mut desk), 503);
    desk.wait(Duration::from_secs(1));
    assert_eq!(status(&mut desk), 200);
}

#[test]
fn rate_limited() {
    let mut desk = playing("rate_limited");
    desk.odd = true;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(desk.get("/GetMyOrganizations").status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429]);
    desk.wait(Duration::from_secs(1));
    desk.get("/GetMyOrganizations").is(200);
}

#[test]
fn slow() {
    let desk = Desk::with(WorldOptions::default());
    desk.world.play(Scenario::Slow);
    let request = desk.request("GET", "/GetMyOrganizations", "");
    assert_eq!(desk.world.exchange(&request).delay, Duration::from_secs(3));
}

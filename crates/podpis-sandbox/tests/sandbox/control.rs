//! The sandbox's own paths.

use serde_json::{Value, json};

use crate::support::{Desk, Is as _, header, inline, text};

#[test]
fn health_world_and_ca() {
    let mut desk = Desk::new();
    assert_eq!(desk.json("GET", "/_sandbox/health", "").1["status"], "ok");
    let (status, world) = desk.json("GET", "/_SANDBOX/world/", "");
    assert_eq!(status, 200);
    let info: podpis_sandbox::WorldInfo = serde_json::from_value(world.clone()).unwrap();
    assert_eq!(info, desk.world.world_info());
    let expected = &world["diadoc"]["users"][0]["certificates"][0]["thumbprint"];
    assert_eq!(world["diadoc"]["certificate"], *expected);
    assert_eq!(world["diadoc"]["box"], info.diadoc.box_id);
    assert_eq!(world["phone"], json!({"mode": "manual", "delay_ms": 0}));
    let pem = text(&desk.get("/_sandbox/ca.pem"));
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"));
    assert_eq!(pem, desk.world.ca_pem());
    desk.get("/_sandbox/nothing").is(404);
    desk.get("/_sandbox").is(404);
    desk.post("/_sandbox/health", "").is(405);
}

/// What the first page leads to is there, and everything that can be asked for is on it.
#[test]
fn the_first_page_says_what_there_is() {
    let mut desk = Desk::new();
    let answer = desk.get("/");
    assert_eq!(
        header(&answer, "content-type"),
        Some("text/html; charset=utf-8")
    );
    let page = text(&answer);
    let links = page.split("href=\"").skip(1);
    let links: Vec<&str> = links.map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(links.contains(&"/phone") && links.contains(&"/_sandbox/manual"));
    for link in links {
        desk.get(link).is(200);
    }
    let manual = text(&desk.get("/_sandbox/manual"));
    let control = manual.split("\n## Control\n").nth(1).unwrap();
    let paths = control
        .split('`')
        .filter(|word| word.starts_with("/_sandbox/"));
    for path in paths.filter(|path| !path.contains("ca.pem")) {
        let beginning = path.split('{').next().unwrap().trim_end_matches('/');
        assert!(page.contains(beginning), "{path}");
    }
    desk.post("/", "").is(405);
    assert!(desk.world.requests().is_empty());
}

#[test]
fn the_journal_holds_no_query_and_no_secret() {
    let mut desk = Desk::new();
    desk.sign(vec![inline("x")]);
    desk.get("/Unknown/Path?secret=1");
    desk.get("/CloudSign?secret=1");
    let (_, journal) = desk.json("GET", "/_sandbox/journal", "");
    let requests = journal["requests"].as_array().unwrap();
    let name = |one: &Value| one["endpoint"].as_str().unwrap_or("none").to_owned();
    let endpoints: Vec<String> = requests.iter().map(name).collect();
    let expected =
        "CloudSign CloudSignResult CloudSignConfirm CloudSignConfirmResult none CloudSign";
    assert_eq!(endpoints.join(" "), expected);
    let operation = requests[0]["operation"].clone();
    assert!(operation.is_string());
    let is_done = |one: &Value| one["operation"] == operation && one["status"] == 200;
    assert!(requests[..4].iter().all(is_done));
    assert_eq!(
        requests[4],
        json!({"method": "GET", "path": "/Unknown/Path", "endpoint": null, "status": 404, "operation": null})
    );
    assert_eq!(requests[5]["status"], 405);
    let (_, messages) = desk.json("GET", "/_sandbox/messages", "");
    assert_eq!(messages[0]["operation"], operation);
    let all = journal.to_string();
    let code = desk.code();
    for secret in ["secret", "?", &code, &desk.info().token] {
        assert!(!all.contains(secret), "{secret}");
    }
    let counters = journal["counters"].as_object().unwrap();
    let mut names: Vec<_> = counters.keys().map(String::as_str).collect();
    names.sort_unstable();
    let expected = "approvals_attached confirmations docflows_created drafts_created max_in_flight \
        operation_ids_reused operations_started patches polls pushes_sent receipts_signed registrations \
        replies_sent signatures_attached signatures_invalid signatures_made sms_sent";
    assert_eq!(names.join(" "), expected);
}

#[test]
fn messages_have_the_documented_shape() {
    let mut desk = Desk::new();
    let task = desk.start(vec![inline("x")]);
    let token = desk.token(&task);
    let (_, messages) = desk.json("GET", "/_sandbox/messages", "");
    let sms = &messages[0];
    assert_eq!(sms["known_as"], json!([task, token]));
    let seen = (sms["kind"].as_str(), sms["state"].as_str());
    assert_eq!(seen, (Some("sms"), Some("waiting")));
    assert!(sms["to"].as_str().unwrap().starts_with("+7"));
    let code = sms["code"].as_str().unwrap();
    assert!(sms["text"].as_str().unwrap().contains(code));
}

#[test]
fn the_phone_is_set_by_put() {
    let mut desk = Desk::new();
    let silent = r#"{"mode":"silent","delay_ms":5}"#;
    let seen = desk.json("PUT", "/_sandbox/phone", silent);
    assert_eq!(seen, (200, json!({"mode": "silent", "delay_ms": 5})));
    let (_, phone) = desk.json("PUT", "/_sandbox/phone", r#"{"mode":"decline"}"#);
    assert_eq!(phone, json!({"mode": "decline", "delay_ms": 5}));
    for bad in [
        "",
        "{",
        r#"{"mode":"loud"}"#,
        r#"{"moode":"silent"}"#,
        r#"{"delay_ms":-1}"#,
    ] {
        assert_eq!(desk.json("PUT", "/_sandbox/phone", bad).0, 400, "{bad}");
    }
    assert_eq!(desk.json("POST", "/_sandbox/phone", "{}").0, 405);
    assert_eq!(desk.json("GET", "/_sandbox/phone", "").1["mode"], "decline");
}

#[test]
fn a_person_acts_over_http() {
    let mut desk = Desk::new();
    let task = desk.start(vec![inline("x")]);
    desk.token(&task);
    let (_, messages) = desk.json("GET", "/_sandbox/messages", "");
    let operation = messages[0]["operation"].as_str().unwrap().to_owned();
    for (path, status) in [
        (format!("/_sandbox/operations/{operation}/confirm"), 409),
        (format!("/_sandbox/operations/{operation}/sing"), 404),
        (format!("/_sandbox/operations/{operation}/decline"), 200),
        (format!("/_sandbox/operations/{operation}/decline"), 409),
        ("/_sandbox/operations/none/decline".to_owned(), 404),
    ] {
        desk.post(&path, "").is(status);
    }
    let (_, messages) = desk.json("GET", "/_sandbox/messages", "");
    assert_eq!(messages[0]["state"], "declined");
}

#[test]
fn the_clock_goes_forward_and_reset_takes_it_back() {
    let mut desk = Desk::new();
    let seeded = desk.world.world_info();
    let (_, before) = desk.json("GET", "/_sandbox/health", "");
    desk.start(vec![inline("x")]);
    let (status, after) = desk.json("POST", "/_sandbox/clock", r#"{"advance_ms":300}"#);
    assert_eq!(status, 200);
    let seen = after["now_ms"].as_u64();
    assert_eq!(seen, before["now_ms"].as_u64().map(|ms| ms + 300));
    let (_, messages) = desk.json("GET", "/_sandbox/messages", "");
    assert_eq!(messages.as_array().unwrap().len(), 1);
    let back = r#"{"advance_ms":-1}"#;
    assert_eq!(desk.json("POST", "/_sandbox/clock", back).0, 400);
    let forever = r#"{"advance_ms":18446744073709551615}"#;
    desk.json("POST", "/_sandbox/clock", forever);
    let seen = desk.json("GET", "/_sandbox/health", "").0;
    assert_eq!(seen, 200, "even at the end of time");

    let fault = r#"{"endpoint":"*","status":500}"#;
    desk.json("POST", "/_sandbox/faults", fault);
    assert_eq!(desk.json("POST", "/_sandbox/reset", "").0, 200);
    let seen = &desk.json("GET", "/_sandbox/health", "").1["now_ms"];
    assert_eq!(*seen, before["now_ms"]);
    assert_eq!(desk.json("GET", "/_sandbox/messages", "").1, json!([]));
    assert_eq!(desk.json("GET", "/_sandbox/faults", "").1, json!([]));
    let seen = &desk.json("GET", "/_sandbox/journal", "").1["requests"];
    assert_eq!(*seen, json!([]));
    assert_eq!(desk.world.world_info(), seeded);
}

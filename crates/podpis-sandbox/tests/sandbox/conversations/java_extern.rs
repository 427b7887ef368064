//! The official Java SDK for Extern, which has no OpenID Connect.

use super::{Client, text};

const KEY: &str = "X-Kontur-Apikey: e7e2d0c5-0000-4c5e-9a57-0d1ad0c00001\r\nX-Kontur-Request-Timeout: 300000000\r\nUser-Agent: Extern Java SDK\r\n";

/// Sections 1 and 2 of the additions for Extern.
#[tokio::test]
async fn logs_in_by_a_password_and_reads_pages_and_errors() {
    let mut java = Client::new(KEY).await;
    // 1: the body is the raw text of the password.
    let line = "POST /auth/v5.12/authenticate-by-pass?login=director%40romashka.example";
    let session = java
        .done(line, "Content-Type: text/plain\r\n", b"director-password")
        .await
        .json();
    let sid = text(&session, "/Sid").to_owned();
    let line = format!(
        "POST /sessions/v5.12/sessions/refresh?auth.sid={sid}&refresh-token={}",
        text(&session, "/RefreshToken")
    );
    let again = java.json(&line).await;
    assert_eq!(text(&again, "/Sid"), sid);
    let seen = java.say(&line, "", b"").await.status;
    assert_eq!(seen, 403, "a refresh token is good once");
    let wrong = java
        .say("POST /auth/v5.12/authenticate-by-pass?login=a", "", b"b")
        .await;
    assert_eq!(wrong.status, 403);
    assert_eq!(text(&wrong.json(), "/Code"), "UnknownError");
    java.lines
        .push_str(&format!("Authorization: auth.sid {sid}\r\n"));
    let accounts = java.json("GET /v1").await;
    let account = text(&accounts, "/accounts/0/id").to_owned();
    // 3: one member, although it is a list.
    let page = java.json(&format!("GET /v1/{account}/docflows")).await;
    let first = &page["docflows-page-item"][0];
    for member in [
        "id",
        "organization-id",
        "type",
        "status",
        "success-state",
        "send-date",
        "last-change-date",
    ] {
        assert!(first[member].is_string(), "{member}: {first}");
    }
    // 7: what the SDK reads of a report.
    let report = page["docflows-page-item"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["type"] == "urn:docflow:fns534-report")
        .unwrap();
    assert_eq!(text(report, "/description/period-code"), "23");
    assert!(report["description"]["form-version"]["knd"].is_string());
    // 3, 4 and 5: related docflows, the feed, organizations and warrants.
    let documents = format!(
        "GET /v1/{account}/docflows/{}/documents",
        text(report, "/id")
    );
    let documents = java.json(&documents).await;
    let line = format!(
        "GET /v1/{account}/docflows/{}/documents/{}/related?skip=0&take=10",
        text(report, "/id"),
        text(&documents, "/0/id")
    );
    let seen = &java.json(&line).await["docflows-page-item"];
    assert_eq!(*seen, serde_json::json!([]));
    let feed = java.json("GET /v1/events?fromId=0_0&take=2").await;
    assert_eq!(feed["returned-count"], 2);
    assert_eq!(feed["last-event-id"], feed["next-event-id"]);
    assert!(text(&feed, "/api-events/0/new-state").starts_with("urn:transaction:"));
    let line = format!("GET /v1/events?fromId={}", text(&feed, "/last-event-id"));
    let rest = java.json(&line).await;
    assert_ne!(rest["api-events"][0]["id"], feed["api-events"][1]["id"]);
    let line = format!("GET /v1/{account}/organizations?skip=0&take=1000");
    let organizations = java.json(&line).await;
    assert!(organizations["organizations"][0]["general"]["inn"].is_string());
    let line = format!("GET /v1/{account}/warrants?skip=0&take=10&forAllUsers=true");
    let warrants = java.json(&line).await;
    let seen = &warrants["organization-warrant-informations"];
    assert_eq!(*seen, serde_json::json!([]));
    // 2: the status of an error is a number, its properties are texts.
    for line in [
        format!("GET /v1/{account}/docflows/none"),
        format!("GET /v1/{account}/nothing"),
        "GET /v1/none/drafts".to_owned(),
    ] {
        let missing = java.say(&line, "", b"").await;
        assert_eq!(missing.status, 404, "{line}");
        let error = missing.json();
        assert_eq!(error["status-code"], 404, "{line}");
        assert!(text(&error, "/id").starts_with("urn:error:externapi:"));
        assert!(
            error["properties"]
                .as_object()
                .unwrap()
                .values()
                .all(|one| one.is_string())
        );
    }
    java.lines = KEY.to_owned();
    let stranger = java.say("GET /v1", "", b"").await;
    assert_eq!(stranger.status, 401);
    stranger.has("www-authenticate: bearer");
}

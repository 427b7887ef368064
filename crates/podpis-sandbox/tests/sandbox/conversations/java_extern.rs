//! The official Java SDK for Extern, which has no OpenID Connect.

use podpis_diadoc_proto::ContentV2;

use super::{Client, text};
use crate::support::{Desk, made};

const KEY: &str = "X-Kontur-Apikey: e7e2d0c5-0000-4c5e-9a57-0d1ad0c00001\r\nX-Kontur-Request-Timeout: 300000000\r\nUser-Agent: Extern Java SDK\r\n";

/// The login of the portal in version 5.12, and parsers that end at a member of another kind than they know.
#[tokio::test]
async fn logs_in_by_a_password_and_reads_pages_and_errors() {
    let mut java = Client::new(KEY).await;
    // The body is the raw text of the password.
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
    // A page is one member, although it is a list.
    let page = java.json(&format!("GET /v1/{account}/docflows")).await;
    let first = &page["docflows-page-item"][0];
    let members = "id organization-id type status success-state send-date last-change-date";
    for member in members.split(' ') {
        assert!(first[member].is_string(), "{member}: {first}");
    }
    // What it reads of a report: the period is a text of digits.
    let mut items = page["docflows-page-item"].as_array().unwrap().iter();
    let report = items.find(|one| one["type"] == "urn:docflow:fns534-report");
    let report = report.unwrap();
    assert_eq!(text(report, "/description/period-code"), "23");
    assert!(report["description"]["form-version"]["knd"].is_string());
    // Related docflows are a page of the same name; the feed goes on at `last-event-id`.
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
    // The status of an error is a number, its properties are texts: else it loses the whole error.
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
        let mut properties = error["properties"].as_object().unwrap().values();
        assert!(properties.all(|one| one.is_string()));
    }
    java.lines = KEY.to_owned();
    let stranger = java.say("GET /v1", "", b"").await;
    assert_eq!(stranger.status, 401);
    stranger.has("www-authenticate: bearer");
}

/// The trusted login: the program signs for the person it knows, three lines that end as those of its machine do.
#[tokio::test]
async fn logs_a_person_in_by_the_signature_of_the_program() {
    let id = "5d0ce7c2-0000-4c5e-9a57-0d1ad0c00001";
    let mut java = Client::new(KEY).await;
    let line = format!(
        "PUT /auth/v5.12/register-external-service-id?serviceUserId={id}&phone=79990000001"
    );
    java.done(&line, "", b"").await;
    let lines = format!(
        "apikey=e7e2d0c5-0000-4c5e-9a57-0d1ad0c00001\r\nid={id}\r\ntimestamp=14.11.2023 22:13:20\r\n"
    );
    let mut desk = Desk {
        world: java.sandbox.clone(),
        authorization: Some("Bearer sandbox-oidc-director".to_owned()),
        odd: false,
    };
    let content = made(|it: &mut ContentV2| it.content = Some(lines.into()));
    let signature = desk.sign(vec![content]).remove(0);
    let ask = |time: &str| {
        format!(
            "POST /auth/v5.12/authenticate-by-truster?timestamp=14.11.2023%20{time}&serviceUserId={id}"
        )
    };
    let quest = java.done(&ask("22%3A13%3A20"), "", &signature).await.json();
    let line = format!(
        "POST /auth/v5.12/approve-truster?key={}&id={id}",
        text(&quest, "/Key")
    );
    let link = text(&quest, "/Link/Href");
    assert!(link.ends_with(line.trim_start_matches("POST ")), "{link}");
    let session = java.json(&line).await;
    for (line, body, code) in [
        (line, &b""[..], "RndBytesNotFound"),
        (ask("22%3A13%3A21"), &signature, "WrongKey"),
        (ask("noon"), &signature, "UnknownError"),
        (ask("22%3A13%3A20&phone=1"), &signature, "UnknownError"),
    ] {
        let refused = java.say(&line, "", body).await;
        assert_eq!(refused.status, 403, "{line}");
        assert_eq!(text(&refused.json(), "/Code"), code, "{line}");
    }
    java.log_in(&format!("auth.sid {}", text(&session, "/Sid")));
    let accounts = java.json("GET /v1").await;
    assert!(!text(&accounts, "/accounts/0/product-name").is_empty());
    // What it lists of a document are the signatures that came with it.
    let account = text(&accounts, "/accounts/0/id");
    let line = format!("GET /v1/{account}/docflows?type=urn:docflow:fns534-report&take=1");
    let page = java.json(&line).await;
    let line = format!(
        "GET /v1/{account}/docflows/{}/documents",
        text(&page, "/docflows-page-item/0/id")
    );
    let documents = java.json(&line).await;
    let link = text(&documents, "/0/signatures/0/content-link/href");
    assert!(link.ends_with("/content"), "{link}");
}

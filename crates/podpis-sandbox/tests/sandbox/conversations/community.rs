//! Clients of the community: two in PHP, two in Python, one in JavaScript; each test names the habits of its client.

use super::{BOX, Client, ENTITY, MESSAGE, OLD_BOX, text};

const CLIENT: &str = "ddauth_api_client_id=podpis-sandbox-client";

/// A PHP client over Guzzle: JSON in both directions, each header with a charset, a space after the comma of the
/// authorization.
#[tokio::test]
async fn php_reads_and_signs_in_json() {
    let mut php =
        Client::new("User-Agent: GuzzleHttp/7\r\nAccept: application/json; charset=utf-8\r\n")
            .await;
    let json = "Content-Type: application/json; charset=utf-8\r\n";
    let more = format!("Authorization: DiadocAuth {CLIENT}\r\n{json}");
    let body = br#"{"login":"director@romashka.example","password":"director-password"}"#;
    let token = php.done("POST /V3/Authenticate?type=password", &more, body);
    let token = token.await.text();
    php.log_in(&format!("DiadocAuth {CLIENT}, ddauth_token={token}"));
    let list = php
        .done("GET /GetMyOrganizations?autoRegister=false", json, b"")
        .await
        .json();
    assert_eq!(text(&list, "/Organizations/0/Boxes/0/BoxId"), OLD_BOX);
    // `chunk_split` of PHP breaks the lines of Base64.
    let line = format!("POST /DssSign?boxId={OLD_BOX}");
    let body = br#"{"Files":[{"Content":{"Content":"Y29u\r\ndGVudA=="},"FileName":"act.xml"}]}"#;
    let started = php.done(&line, json, body).await.json();
    php.wait();
    php.agree();
    let line = format!(
        "GET /DssSignResult?boxId={BOX}&taskId={}",
        text(&started, "/TaskId")
    );
    let signed = php.json(&line).await;
    assert!(text(&signed, "/FileSigningResults/0/Signature").starts_with("MI"));
    // It shows errors as they come: they are plain text whatever was asked for.
    let refused = php
        .say(
            &format!("POST /DssSign?boxId={BOX}"),
            json,
            b"{\"Files\":{}}",
        )
        .await;
    assert_eq!(refused.status, 400);
    refused.has("content-type: text/plain");
    let expected = "Can't deserialize request body into type: DssSignRequest";
    assert_eq!(refused.text(), expected);
}

/// PHP clients of 2021 over curl: version 1 of the login, with the credentials in the query and an empty form; protobuf
/// under the type of a form, which curl adds by itself.
#[tokio::test]
async fn php_of_2021_logs_in_by_the_query_and_posts_with_the_type_of_a_form() {
    let mut php =
        Client::new("User-Agent: curl/7\r\nContent-Type: application/x-www-form-urlencoded\r\n")
            .await;
    let id = format!("Authorization: DiadocAuth {CLIENT}\r\n");
    let line = "POST /Authenticate?login=director%40romashka.example&password=director-password";
    let token = php.done(line, &id, b"");
    let token = token.await.text();
    php.log_in(&format!("DiadocAuth {CLIENT},ddauth_token={token}"));
    let body = b"\x0a\x16\x0a\x09\x0a\x07content\x12\x09act-1.xml";
    let started = php.done("POST /CloudSign?certificateThumbprint=", "", body);
    let started = started.await;
    assert!(!text(&started.message("AsyncMethodResult"), "/TaskId").is_empty());
}

/// A Python client over httpx: double slashes, `application/json` without a charset in both headers, also of a GET.
#[tokio::test]
async fn python_asks_with_double_slashes_in_json() {
    let mut python = Client::new("User-Agent: python-httpx/0.27\r\nAccept: application/json\r\nContent-Type: application/json\r\n").await;
    let id = format!("Authorization: DiadocAuth {CLIENT}\r\n");
    let body = br#"{"login": "director@romashka.example", "password": "director-password"}"#;
    let token = python.done("POST //V3/Authenticate?type=password", &id, body);
    let token = token.await.text();
    python.log_in(&format!("DiadocAuth {CLIENT},ddauth_token={token}"));
    let line =
        format!("GET //V6/GetMessage?boxId={BOX}&messageId={MESSAGE}&injectEntityContent=true");
    let message = python.json(&line).await;
    let seen = text(&message, "/Entities/0/DocumentInfo/RecipientResponseStatus");
    assert_eq!(seen, "WaitingForRecipientSignature");
    let seen = text(&message, "/FromBoxId");
    assert_eq!(seen, "d0b3a6c211114c5e9a570d1ad0c00002@diadoc.ru");
    let line = format!("GET ///V3///GetDocuments?boxId={BOX}&filterCategory=Any.Inbound");
    let seen = &python.json(&line).await["HasMoreResults"];
    assert_eq!(*seen, false);
    // A body written by hand: names in any case, trailing commas, null for a list, a boolean as text, unknown members.
    let body = format!(
        r#"{{"boxID":"{BOX}","messageid":"{MESSAGE}","Comment":"?","Receipts":null,"signatures":[{{"ParentEntityId":"{ENTITY}","SignWithTestSignature":"true",}},],}}"#
    );
    let patch = python
        .done("POST /V4/PostMessagePatch", "", body.as_bytes())
        .await
        .json();
    assert_eq!(text(&patch, "/Entities/0/SignerBoxId"), OLD_BOX);
    assert!(patch["TimestampTicks"].as_i64().unwrap() > 1_i64 << 53);
}

/// A Python client over requests: version 2 of the login, names of headers in small letters, several spaces before and
/// in their values.
#[tokio::test]
async fn python_of_2023_writes_its_headers_in_its_own_way() {
    let mut python = Client::new("user-agent:  python-requests/2\r\naccept: */*\r\n").await;
    let id = format!("authorization:   DiadocAuth {CLIENT}\r\n");
    let line = "POST /V2/Authenticate?login=director@romashka.example&password=director-password";
    let token = python.done(line, &id, b"");
    let token = token.await.text();
    python.lines.push_str(&format!(
        "authorization:   DiadocAuth  {CLIENT} , ddauth_token={token}\r\n"
    ));
    let line = format!("GET /V5/GetNewEvents?boxId={OLD_BOX}");
    let events = python.read(&line, "Events.BoxEventList").await;
    let last = events["Events"].as_array().unwrap().last().unwrap();
    let line = format!(
        "GET /V5/GetNewEvents?boxId={OLD_BOX}&afterEventId={}",
        text(last, "/EventId")
    );
    let events = python.read(&line, "Events.BoxEventList").await;
    assert_eq!(events["Events"].as_array().unwrap().len(), 0);
}

/// A JavaScript client: the type without its semicolon, as a page of the service prints it; the path in small letters.
#[tokio::test]
async fn javascript_asks_with_a_typo_of_the_documents() {
    let mut javascript = Client::new("Accept: application/json charset=utf-8\r\n").await;
    let json = "Content-Type: application/json charset=utf-8\r\n";
    let more = format!("Authorization: DiadocAuth {CLIENT}\r\n{json}");
    let body = br#"{"login":"director@romashka.example","password":"director-password"}"#;
    let token = javascript.done("POST /v3/authenticate?type=password", &more, body);
    let token = token.await.text();
    javascript.log_in(&format!("DiadocAuth {CLIENT},ddauth_token={token}"));
    // It makes drafts, without a signature.
    let body = format!(
        r#"{{"FromBoxId":"{BOX}","ToBoxId":"d0b3a6c2-1111-4c5e-9a57-0d1ad0c00002","IsDraft":true,
            "DocumentAttachments":[{{"SignedContent":{{"Content":"Y29udGVudA=="}},"TypeNamedId":"Nonformalized",
            "NeedRecipientSignature":true,"Metadata":[{{"Key":"FileName","Value":"contract.pdf"}}]}}]}}"#
    );
    let draft = javascript
        .done(
            "POST /V3/PostMessage?operationId=6f1a",
            json,
            body.as_bytes(),
        )
        .await
        .json();
    assert_eq!(draft["IsDraft"], true);
    assert_eq!(text(&draft, "/MessageType"), "Draft");
    assert_eq!(text(&draft, "/Entities/0/FileName"), "contract.pdf");
}

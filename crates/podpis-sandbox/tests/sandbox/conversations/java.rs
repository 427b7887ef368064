//! The official Java SDK for Diadoc, 5.12.

use super::{BOX, Client, ENTITY, LOGIN, MESSAGE, field, text};

/// No space after the comma of the authorization, no `Content-Type`, no `Accept`.
const AGENT: &str =
    "User-Agent: Diadoc SDK for Java v5.12.0;JRE=17;Vendor=Eclipse;OS=Linux v6;Arch=amd64\r\n";

#[tokio::test]
async fn signs_by_dss_and_attaches() {
    let mut java = Client::new(AGENT).await;
    // Its bodies are protobuf without a type.
    let id = "Authorization: DiadocAuth ddauth_api_client_id=podpis-sandbox-client\r\n";
    let token = java.done("POST /V3/Authenticate?type=password", id, LOGIN);
    let token = token.await.text();
    java.lines = format!(
        "{AGENT}Authorization: DiadocAuth ddauth_api_client_id=podpis-sandbox-client,ddauth_token={token}\r\n"
    );
    // autoRegister is `false` or absent.
    let list = java
        .read(
            "GET /GetMyOrganizations?autoRegister=false",
            "OrganizationList",
        )
        .await;
    assert_eq!(text(&list, "/Organizations/0/Boxes/0/BoxIdGuid"), BOX);
    // What waits for a signature, with the length of the page and the order always told.
    let line = format!(
        "GET /V3/GetDocuments?boxId={BOX}&filterCategory=Any.InboundWaitingForRecipientSignature&count=100&sortDirection=Ascending"
    );
    let documents = java.read(&line, "Documents.DocumentList").await;
    let places = documents["Documents"].as_array().unwrap();
    let places: Vec<&str> = places.iter().map(|one| text(one, "/MessageId")).collect();
    assert!(places.contains(&MESSAGE));
    // Both flags always, in lower case.
    let line = format!(
        "GET /V6/GetMessage?boxId={BOX}&messageId={MESSAGE}&originalSignature=false&injectEntityContent=false"
    );
    let message = java.read(&line, "Events.Message").await;
    assert_eq!(text(&message, "/Entities/0/EntityId"), ENTITY);
    assert!(
        message
            .pointer("/Entities/0/DocumentInfo/RecipientReceiptMetadata")
            .is_some()
    );
    // Version 1 of the shelf; the form encoding of `__userId__/act.xml`; `isLastPart=1`.
    let line = "POST /ShelfUpload?nameOnShelf=__userId__%2Fact.xml&partIndex=0&isLastPart=1";
    assert_eq!(java.done(line, "", b"content").await.text(), "[]");
    // A file by its name on the shelf. Content_v3.NameOnShelf is 2, DssSignFile.Content 1, FileName 2.
    let content = field(0x12, b"__userId__/act.xml");
    let file = [field(0x0a, &content), field(0x12, b"act.xml")].concat();
    let line = format!("POST /DssSign?boxId={BOX}");
    let started = java.done(&line, "", &field(0x0a, &file)).await;
    let started = started.message("AsyncMethodResult");
    let line = format!(
        "GET /DssSignResult?boxId={BOX}&taskId={}",
        text(&started, "/TaskId")
    );
    let running = java.read(&line, "Dss.DssSignResult").await;
    assert_eq!(text(&running, "/OperationStatus"), "InProgress");
    java.wait();
    java.agree();
    let signed = java.read(&line, "Dss.DssSignResult").await;
    assert_eq!(text(&signed, "/OperationStatus"), "Completed");
    // MessagePatchToPostV2 with BoxId 1, MessageId 2 and a DocumentSignature with SignWithTestSignature.
    let signature = [field(0x0a, ENTITY.as_bytes()), b"\x20\x01".to_vec()].concat();
    let body = [
        field(0x0a, BOX.as_bytes()),
        field(0x12, MESSAGE.as_bytes()),
        field(0x2a, &signature),
    ]
    .concat();
    let patch = java
        .done("POST /V4/PostMessagePatch?operationId=", "", &body)
        .await;
    let patch = patch.message("Events.MessagePatch");
    assert_eq!(text(&patch, "/Entities/0/ParentEntityId"), ENTITY);
    // The feed is always asked with its limit.
    let line = format!("GET /V8/GetNewEvents?boxId={BOX}&limit=100");
    let events = java.read(&line, "Events.BoxEventList").await;
    assert_eq!(text(&events, "/TotalCountType"), "Equal");
}

/// CloudSign, with signatures by their names on the shelf.
#[tokio::test]
async fn signs_by_code() {
    let java = Client::new(&format!(
        "{AGENT}Authorization: Bearer sandbox-oidc-director\r\n"
    ))
    .await;
    let file = [
        field(0x0a, &field(0x0a, b"content")),
        field(0x12, b"act.xml"),
    ]
    .concat();
    let started = java.done("POST /CloudSign", "", &field(0x0a, &file)).await;
    let task = started.message("AsyncMethodResult");
    let line = format!("GET /CloudSignResult?taskId={}", text(&task, "/TaskId"));
    let running = java.say(&line, "", b"").await;
    assert_eq!(running.status, 204);
    running.has("retry-after: 1");
    java.wait();
    let token = java.read(&line, "CloudSignResult").await;
    let line = format!(
        "POST /CloudSignConfirm?token={}&confirmationCode={}&return=Reference",
        text(&token, "/Token"),
        java.code()
    );
    let task = java.read(&line, "AsyncMethodResult").await;
    java.wait();
    let line = format!(
        "GET /CloudSignConfirmResult?taskId={}",
        text(&task, "/TaskId")
    );
    let result = java.read(&line, "CloudSignConfirmResult").await;
    let name = text(&result, "/Signatures/0/NameOnShelf");
    let line = format!(
        "GET /ShelfDownload?nameOnShelf=__userId__%2F{}",
        name.trim_start_matches("__userId__/")
    );
    assert!(java.done(&line, "", b"").await.body.starts_with(b"\x30"));
}

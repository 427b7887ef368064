//! A client of the community in Go, over the standard library.

use super::{BOX, Client, ENTITY, LOGIN, MESSAGE, OLD_BOX, field, text};

/// Nothing of its own: the library adds both lines, and neither `Accept` nor `Content-Type`.
const AGENT: &str = "User-Agent: Go-http-client/1.1\r\nAccept-Encoding: gzip\r\n";

impl Client {
    /// Protobuf without a type; the token without a space after the comma.
    async fn go_in(&mut self) {
        self.lines = format!(
            "{AGENT}Authorization: DiadocAuth ddauth_api_client_id=podpis-sandbox-client\r\n"
        );
        let token = self.done("POST /V3/Authenticate?type=password", "", LOGIN);
        let token = token.await.text();
        self.lines = self.lines.replace(
            "sandbox-client\r\n",
            &format!("sandbox-client,ddauth_token={token}\r\n"),
        );
    }
}

/// Queries sorted by name, a flag as an empty value, commas and slashes escaped; the versions of 2022.
#[tokio::test]
async fn reads_and_signs_with_sorted_queries() {
    let mut go = Client::new(AGENT).await;
    go.go_in().await;
    let line = "GET /GetMyOrganizations?autoRegister=false";
    let list = go.read(line, "OrganizationList").await;
    assert_eq!(text(&list, "/Organizations/0/Boxes/0/BoxId"), OLD_BOX);
    let line = format!("GET /GetBox?boxId={BOX}");
    assert_eq!(text(&go.read(&line, "Box").await, "/BoxIdGuid"), BOX);
    // Times come in nanoseconds of 1970, where ticks are asked for, and the last name has a space: nothing is found
    // fault with.
    let line = format!(
        "GET /V3/GetDocuments?boxId={BOX}&count=100&excludeSubdepartments=true&filterCategory=Any.Inbound&timestampFromTicks=1600000000000000000"
    );
    go.done(&line, "", b"").await;
    let line = format!(
        "GET /V3/GetDocuments?boxId={BOX}&count=100&filterCategory=Any.Inbound&toDocumentDate+=31.12.2023"
    );
    let list = go.read(&line, "Documents.DocumentList").await;
    assert_ne!(list["TotalCount"], 0);
    let line = format!(
        "GET /V5/GetMessage?boxId={BOX}&injectEntityContent=true&messageId={MESSAGE}&originalSignature="
    );
    let message = go.read(&line, "Events.Message").await;
    assert!(message.pointer("/Entities/0/Content/Data").is_some());
    let line =
        format!("GET /V4/GetEntityContent?boxId={BOX}&entityId={ENTITY}&messageId={MESSAGE}");
    assert!(!go.done(&line, "", b"").await.body.is_empty());
    // Its uploads have a name without the prefix, which would be public; the service refuses those by now.
    let name = "api-d0b3a6c2-4444-4c5e-9a57-0d1ad0c00001";
    let line = format!("POST /ShelfUpload?nameOnShelf={name}");
    assert_eq!(go.say(&line, "", b"content").await.status, 400);
    // A token that is too old is found out by 401; the same call follows the login.
    go.sandbox.revoke_tokens();
    let signature = [field(0x0a, ENTITY.as_bytes()), b"\x20\x01".to_vec()].concat();
    let body = [
        field(0x0a, BOX.as_bytes()),
        field(0x12, MESSAGE.as_bytes()),
        field(0x2a, &signature),
    ]
    .concat();
    let line = "POST /V3/PostMessagePatch?operationId=6f1a";
    assert_eq!(go.say(line, "", &body).await.status, 401);
    go.go_in().await;
    let patch = go.done(line, "", &body).await;
    let patch = patch.message("Events.MessagePatch");
    assert_eq!(text(&patch, "/Entities/0/ParentEntityId"), ENTITY);
    // The feed of version 7 with lists whose commas are escaped; then version 1 of its end, and version 2 of an event.
    let line = format!(
        "GET /V7/GetNewEvents?boxId={BOX}&documentDirection=Inbound%2COutbound&limit=100&messageType=Letter%2CDraft&orderBy=Ascending"
    );
    let feed = go.read(&line, "Events.BoxEventList").await;
    let newest = feed["Events"].as_array().unwrap().last().unwrap();
    let newest = text(newest, "/EventId").to_owned();
    assert_eq!(newest, text(&patch, "/PatchId"));
    let last = format!("GET /GetLastEvent?boxId={BOX}");
    let last = go.read(&last, "Events.BoxEvent").await;
    assert_eq!(text(&last, "/EventId"), newest);
    let line = format!("GET /V2/GetEvent?boxId={BOX}&eventId={newest}");
    let event = go.read(&line, "Events.BoxEvent").await;
    assert_eq!(text(&event, "/Patch/MessageId"), MESSAGE);
}

//! The official C# SDK: 3.35, and the calls of 2.0.

use super::{BOX, Client, ENTITY, LOGIN, MESSAGE, field, text};

const AGENT: &str =
    "User-Agent: Diadoc C# SDK=3.35.0;OS=Unix;NETFX=6.0\r\nAccept-Encoding: gzip, deflate\r\n";

async fn logged_in(agent: &str) -> Client {
    let mut client = Client::new(agent).await;
    let id = "Authorization: DiadocAuth ddauth_api_client_id=podpis-sandbox-client\r\n";
    let token = client.done("POST /V3/Authenticate?type=password", id, LOGIN);
    let token = token.await.text();
    client.lines = format!(
        "{agent}Authorization: DiadocAuth ddauth_api_client_id=podpis-sandbox-client,ddauth_token={token}\r\n"
    );
    client
}

#[tokio::test]
async fn version_3_35_signs_a_part_by_part_upload() {
    let csharp = logged_in(AGENT).await;
    let user = csharp.read("GET /V2/GetMyUser", "UserV2").await;
    assert_eq!(user["IsRegistered"], true);
    let line = format!("GET /GetMyEmployee?boxId={BOX}");
    let employee = csharp.read(&line, "Employees.Employee").await;
    let seen = text(&employee, "/Permissions/DocumentAccessLevel");
    assert_eq!(seen, "AllDocuments");
    let line = format!("GET /GetMyCertificates?boxId={BOX}");
    let list = csharp.read(&line, "Certificates.CertificateList").await;
    assert_eq!(text(&list, "/Certificates/0/Type"), "KonturCertificate");
    // A parameter with an empty value is the bare name; the last part says `isLastPart=True`.
    let name = csharp
        .done("POST /ShelfUploadPartInit?fileExtension", "", b"con")
        .await
        .text();
    let line = format!("POST /ShelfUploadPart?fileName={name}&partIndex=1&isLastPart=True");
    assert_eq!(csharp.done(&line, "", b"tent").await.text(), "[]");
    // The SDK gives names without the prefix; DssSign refuses those and takes them with it.
    let file = |name: &str| {
        let content = field(0x12, name.as_bytes());
        field(
            0x0a,
            &[field(0x0a, &content), field(0x12, b"act.xml")].concat(),
        )
    };
    let line = format!("POST /DssSign?boxId={BOX}&certificateThumbprint");
    let refused = csharp.say(&line, "", &file(&name)).await;
    assert_eq!(refused.status, 400);
    refused.has("x-diadoc-errorcode: dss.invalidrequest");
    let started = csharp
        .done(&line, "", &file(&format!("__userId__/{name}")))
        .await;
    let task = started.message("AsyncMethodResult");
    csharp.wait();
    csharp.agree();
    let line = format!(
        "GET /DssSignResult?boxId={BOX}&taskId={}",
        text(&task, "/TaskId")
    );
    let signed = csharp.read(&line, "Dss.DssSignResult").await;
    let seen = text(&signed, "/FileSigningResults/0/FileSigningStatus");
    assert_eq!(seen, "SigningCompleted");
    // `originalSignature` is the bare name, `injectEntityContent` is True or False.
    let line = format!(
        "GET /V6/GetMessage?boxId={BOX}&messageId={MESSAGE}&entityId={ENTITY}&originalSignature&injectEntityContent=True"
    );
    let message = csharp.read(&line, "Events.Message").await;
    assert!(message.pointer("/Entities/0/Content/Data").is_some());
    // `excludeSubdepartments` is the bare name too.
    let line = format!(
        "GET /V3/GetDocuments?filterCategory=Any.Inbound&boxId={BOX}&excludeSubdepartments"
    );
    csharp.done(&line, "", b"").await;
    // Its HTTP stack reads from a 401 how to log in.
    let stranger = Client::new(AGENT).await;
    let refused = stranger.say("GET /V2/GetMyUser", "", b"").await;
    assert_eq!(refused.status, 401);
    refused.has("www-authenticate: ");
}

/// C# 2.0: version 3 of the patch, versions 3 to 5 of the message, the shelf with an unescaped slash.
#[tokio::test]
async fn version_2_0_uses_older_calls() {
    let agent = "User-Agent: Diadoc C# SDK=2.0.0;OS=Microsoft Windows NT 10.0;NETFX=4.8\r\n";
    let csharp = logged_in(agent).await;
    let line = "POST /ShelfUpload?nameOnShelf=__userId__/old.p7s&partIndex=0&isLastPart=1";
    csharp.done(line, "", b"content").await;
    let line = "GET /ShelfDownload?nameOnShelf=__userId__/old.p7s";
    assert_eq!(csharp.done(line, "", b"").await.body, b"content");
    for version in ["V3", "V4", "V5"] {
        let line = format!("GET /{version}/GetMessage?boxId={BOX}&messageId={MESSAGE}");
        csharp.done(&line, "", b"").await;
    }
    let signature = [field(0x0a, ENTITY.as_bytes()), b"\x20\x01".to_vec()].concat();
    let body = [
        field(0x0a, BOX.as_bytes()),
        field(0x12, MESSAGE.as_bytes()),
        field(0x2a, &signature),
    ]
    .concat();
    let patch = csharp
        .done("POST /V3/PostMessagePatch?operationId", "", &body)
        .await;
    assert_eq!(
        text(&patch.message("Events.MessagePatch"), "/MessageType"),
        "Letter"
    );
    let again = csharp
        .say("POST /V3/PostMessagePatch?operationId", "", &body)
        .await;
    assert_eq!(again.status, 409);
    again.has("x-diadoc-errorcode: documentservice.invaliddocumentstate");
}

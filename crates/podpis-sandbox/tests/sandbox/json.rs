//! The same messages in JSON and in protobuf.
//!
//! *Invariant:* for every method and seed both forms of an answer are one message, and both forms of a request do the
//! same.

use podpis_diadoc_proto::documents::GetDocumentsV4Request;
use podpis_diadoc_proto::dss::{DssSignDataSource, DssSignRequestV2};
use podpis_diadoc_proto::events::{
    DocumentAttachment, DocumentSenderSignature, DocumentSignature, DocumentToPatch, DraftToSend,
    MessagePatchToPost, MessagePatchToPostV2, MessageToPost, PrepareDocumentsToSignRequest,
    SignedContent,
};
use podpis_diadoc_proto::prost::Message;
use podpis_diadoc_proto::{AsyncMethodResult, ContentV3, DocumentId, json};
use podpis_transport::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use crate::dss::{dss_request, files, inline_v3};
use crate::strict;
use crate::support::{Desk, Is as _, header, sign_request, text};

fn typed(mut request: HttpRequest, headers: &[(&'static str, &str)]) -> HttpRequest {
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    request
}

const IN: (&str, &str) = ("content-type", "application/json");
const OUT: (&str, &str) = ("accept", "application/json");

fn tree(answer: &HttpResponse) -> Value {
    answer.is(200);
    let seen = header(answer, "content-type");
    assert_eq!(seen, Some("application/json; charset=utf-8"));
    serde_json::from_slice(answer.body()).unwrap()
}

/// Every read, of every seed, that needs nothing done before.
fn reads(desk: &Desk) -> Vec<String> {
    let info = desk.info();
    let own = &info.box_id;
    let organization = &info.organization;
    let mut paths = vec![
        "/GetMyOrganizations?autoRegister=false".to_owned(),
        format!("/GetMyCertificates?boxId={own}&includeGoskeyCertificates=true"),
        format!("/GetOrganization?boxId={own}"),
        format!("/GetOrganizationsByInnKpp?inn={}", organization.inn),
        format!("/GetOrganizationFeatures?boxId={own}"),
        format!("/GetBox?boxId={own}"),
        "/GetMyUser".to_owned(),
        "/V2/GetMyUser".to_owned(),
        format!("/GetMyEmployee?boxId={own}"),
        format!("/GetMyPermissions?orgId={}", organization.id),
        format!("/V3/GetCounteragents?myBoxId={own}"),
        format!("/V2/GetCounteragents?myOrgId={}", organization.id),
        format!("/GetCounteragents?myOrgId={}", organization.id),
        format!("/V3/GetDocuments?boxId={own}&filterCategory=Any.Inbound"),
        format!("/V3/GetDocuments?boxId={own}&filterCategory=Any.Outbound"),
        format!("/GetDocumentTypes?boxId={own}"),
        format!("/V2/GetDocumentTypes?boxId={own}"),
        format!("/V3/GetDocumentTypes?boxId={own}"),
        format!("/V2/GetLastEvent?boxId={own}"),
        format!("/GetLastEvent?boxId={own}"),
    ];
    paths.extend((4..=8).map(|version| format!("/V{version}/GetNewEvents?boxId={own}")));
    let known = &info.messages;
    let documents = [
        &info.unsigned_document,
        &known.counter_signed,
        &known.unsent,
        &known.unsent_nonformalized,
        &known.sent,
    ];
    let documents = documents.map(|known| (&known.message, &known.entity));
    let packets = [&known.draft, &known.locked];
    let packets = packets.map(|known| (&known.message, &known.documents[0]));
    let waiting = known.waiting.iter().map(|known| &known.document);
    let waiting = waiting.map(|known| (&known.message, &known.entity));
    for (message, entity) in documents.into_iter().chain(packets).chain(waiting) {
        let place = format!("boxId={own}&messageId={message}");
        for version in 3..=6 {
            for inject in ["", "&injectEntityContent=true&originalSignature"] {
                paths.push(format!("/V{version}/GetMessage?{place}{inject}"));
            }
        }
        paths.push(format!("/V3/GetDocument?{place}&entityId={entity}"));
        paths.push(format!("/GetDocumentsByMessageId?{place}"));
        paths.push(format!("/V3/GetEvent?boxId={own}&eventId={message}"));
        paths.push(format!("/V2/GetEvent?boxId={own}&eventId={message}"));
    }
    paths.push(format!(
        "/GetSignatureInfo?boxId={own}&messageId={}&entityId={}",
        info.messages.counter_signed.message, info.messages.counter_signature
    ));
    paths
}

/// Without what a default cannot be told from.
fn normal(message: &str, bytes: &[u8]) -> Value {
    json::write(message, bytes).unwrap()
}

#[test]
fn each_header_decides_its_own_direction() {
    let mut desk = Desk::new();
    let protobuf = sign_request(vec![crate::support::inline("x")]);
    let in_json = r#"{"Files":[{"Content":{"Content":"eA=="},"FileName":"act.xml"}]}"#;
    for kind in [
        "application/json",
        "application/json; charset=utf-8",
        " application/json charset=utf-8",
        "Application/JSON",
    ] {
        let up = typed(
            desk.request("POST", "/CloudSign", in_json),
            &[("content-type", kind)],
        );
        let answer = desk.send(&up);
        assert!(
            AsyncMethodResult::decode(answer.body().clone()).is_ok(),
            "{kind}"
        );
        let seen = header(&answer, "content-type");
        assert_eq!(seen, Some("application/octet-stream"));
        let down = typed(
            desk.request("POST", "/CloudSign", protobuf.clone()),
            &[("accept", kind)],
        );
        assert!(tree(&desk.send(&down))["TaskId"].is_string(), "{kind}");
    }
    let error = typed(desk.request("GET", "/V6/GetMessage", ""), &[OUT]);
    let answer = desk.send(&error);
    let seen = header(&answer, "content-type");
    assert_eq!(seen, Some("text/plain; charset=utf-8"));
}

#[test]
fn a_signature_is_made_and_attached_in_json_alone() {
    let mut desk = Desk::new();
    let info = desk.info();
    let both = [IN, OUT];
    let files = r#"{"files":[{"content":{"content":"eA=="},"fileName":"a.xml",},]}"#;
    let started = desk.request("POST", &format!("/DssSign?boxId={}", info.box_id), files);
    let task = tree(&desk.send(&typed(started, &both)))["TaskId"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/DssSignResult?boxId={}&taskId={task}", info.box_id);
    let poll = typed(desk.request("GET", &path, ""), &both);
    let running = tree(&desk.send(&poll));
    assert_eq!(running["OperationStatus"], "InProgress");
    assert_eq!(running["FileSigningResults"], json!([]));
    desk.wait(std::time::Duration::from_secs(1));
    let push = desk.world.messages().pop().unwrap();
    desk.world.confirm(&push.operation).unwrap();
    desk.wait(std::time::Duration::from_secs(1));
    let seen = &tree(&desk.send(&poll))["FileSigningResults"][0]["FileSigningStatus"];
    assert_eq!(*seen, "SigningCompleted");
    let place = &info.unsigned_document;
    let body = json!({
        "boxid": info.box_id, "MessageId": place.message, "Recipient": null,
        "Signatures": [{ "ParentEntityId": place.entity, "SignWithTestSignature": "true" }],
    });
    let posted = desk.request("POST", "/V4/PostMessagePatch", body.to_string());
    let patch = tree(&desk.send(&typed(posted, &both)));
    assert_eq!(patch["Entities"][0]["EntityType"], "Signature");
    assert_eq!(patch["MessageType"], "Letter");
    assert_eq!(patch["DeliveredEventId"], "");
}

#[test]
fn real_answers_have_members_that_no_message_has() {
    let mut desk = Desk::new();
    let json = [OUT];
    let path = "/GetMyOrganizations?autoRegister=false";
    let answer = tree(&desk.send(&typed(desk.request("GET", path, ""), &json)));
    let organization = &answer["Organizations"][0];
    assert_eq!(organization["OrgIdGuid"], organization["OrgId"]);
    assert_eq!(organization["JoinedDiadocTreaty"], true);
    assert_eq!(organization["OrganizationType"], "Juridical");
    let info = desk.info();
    let path = format!(
        "/GetSignatureInfo?boxId={}&messageId={}&entityId={}",
        info.box_id, info.messages.counter_signed.message, info.messages.counter_signature
    );
    let answer = tree(&desk.send(&typed(desk.request("GET", &path, ""), &json)));
    assert!(answer["SigningTime"]["Ticks"].is_i64());
    let time = answer["SigningTime"]["DateTime"].as_str().unwrap();
    assert!(
        time.starts_with("2023-11-13T") && time.ends_with('Z'),
        "{time}"
    );
}

#[test]
fn what_is_no_json_of_the_message_is_refused_in_the_words_of_the_service() {
    let mut desk = Desk::new();
    let path = format!("/DssSign?boxId={}", desk.info().box_id);
    let not_read = "Can't deserialize request body into type: DssSignRequest";
    for (body, words) in [
        ("", "Request body cannot be empty"),
        ("{", not_read),
        (r#"{"Files":{}}"#, not_read),
        (
            r#"{"Files":[{"Content":{"Content":"e"}}]}"#,
            "Files[0].Content.Content: An error has occurred.",
        ),
    ] {
        let request = typed(desk.request("POST", &path, body), &[IN]);
        let answer = desk.send(&request);
        answer.is(400);
        assert_eq!(text(&answer), words);
    }
    let protobuf = dss_request(vec![inline_v3("x"), ContentV3::default()]);
    let request = typed(desk.request("POST", &path, protobuf), &[IN]);
    assert_eq!(desk.send(&request).status(), 400, "protobuf by mistake");
    // A value that stands for none of its kind comes back whole, however long it is.
    let long = "x".repeat(10_000);
    let body = format!(r#"{{"signDataSource":"{long}"}}"#);
    let path = path.replace("/DssSign", "/V2/DssSign");
    let answer = desk.send(&typed(desk.request("POST", &path, body), &[IN]));
    answer.is(400);
    let words = format!("SignDataSource: Error converting value \"{long}\"");
    assert!(text(&answer).starts_with(&words));
}

/// One world that is asked in protobuf and its twin that is asked in JSON. A world is made from its seed, so the twins
/// give the same ids.
struct Twins(Desk, Desk);

impl Twins {
    /// Asks both, and gives the message, which is the same.
    fn ask(&mut self, method: &str, path: &str, takes: Option<&str>, body: Vec<u8>) -> Value {
        let gives = strict::message_of(path.split('?').next().unwrap()).unwrap();
        let plain = self.0.request(method, path, body.clone());
        let plain = self.0.send(&plain);
        plain.is(200);
        let written = takes.map_or(String::new(), |message| {
            json::write(message, &body).unwrap().to_string()
        });
        let mut headers = vec![OUT];
        if takes.is_some() {
            headers.push(IN);
        }
        let request = typed(self.1.request(method, path, written), &headers);
        let answer = self.1.send(&request);
        tree(&answer);
        let read = json::read(gives, answer.body()).unwrap();
        let message = normal(gives, plain.body());
        assert_eq!(normal(gives, &read), message, "{path}");
        message
    }

    /// Posts a message.
    fn post(&mut self, path: &str, takes: &str, body: impl Message) -> Value {
        self.ask("POST", path, Some(takes), body.encode_to_vec())
    }

    fn wait(&mut self) {
        for desk in [&mut self.0, &mut self.1] {
            desk.wait(std::time::Duration::from_secs(1));
        }
    }

    fn agree(&mut self) {
        for desk in [&mut self.0, &mut self.1] {
            let push = desk.world.messages().pop().unwrap();
            desk.world.confirm(&push.operation).unwrap();
        }
        self.wait();
    }
}

fn id(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap().to_owned()
}

fn signings(twins: &mut Twins) {
    let own = twins.0.info().box_id;
    let body = sign_request(vec![crate::support::inline("x")]);
    let task = twins.ask("POST", "/CloudSign", Some("CloudSignRequest"), body);
    twins.wait();
    let path = format!("/CloudSignResult?taskId={}", id(&task, "TaskId"));
    let token = id(&twins.ask("GET", &path, None, Vec::new()), "Token");
    let (code, other) = (twins.0.code(), twins.1.code());
    assert_eq!(code, other);
    let path = format!("/CloudSignConfirm?token={token}&confirmationCode={code}");
    let task = twins.ask("POST", &path, None, Vec::new());
    twins.wait();
    let path = format!("/CloudSignConfirmResult?taskId={}", id(&task, "TaskId"));
    twins.ask("GET", &path, None, Vec::new());
    let path = format!("/DssSign?boxId={own}");
    let body = dss_request(vec![inline_v3("x")]);
    let task = twins.ask("POST", &path, Some("Dss.DssSignRequest"), body);
    let path = format!("/DssSignResult?boxId={own}&taskId={}", id(&task, "TaskId"));
    twins.ask("GET", &path, None, Vec::new());
    twins.wait();
    twins.agree();
    twins.ask("GET", &path, None, Vec::new());
    let v2 = DssSignRequestV2::new(DssSignDataSource::CERTIFICATE_SIGN);
    let body = v2.with_files(files(vec![inline_v3("x")])).encode_to_vec();
    let path = format!("/V2/DssSign?boxId={own}");
    twins.ask("POST", &path, Some("Dss.DssSignRequestV2"), body);
    let path = format!("/AutoSignReceipts?boxId={own}");
    let task = twins.ask("POST", &path, None, Vec::new());
    twins.wait();
    let path = format!("/AutosignReceiptsResult?taskId={}", id(&task, "TaskId"));
    twins.ask("GET", &path, None, Vec::new());
}

#[test]
fn every_method_gives_one_message_in_both_forms() {
    let mut twins = Twins(Desk::new(), Desk::new());
    for path in reads(&twins.0) {
        twins.ask("GET", &path, None, Vec::new());
    }
    signings(&mut twins);
    posts(&mut twins);
    let asked = twins.1.world.requests();
    let mut asked: Vec<String> = asked.into_iter().filter_map(|one| one.endpoint).collect();
    asked.sort_unstable();
    asked.dedup();
    // The others have no messages, as their names say: logins, the shelf, the bytes of an entity.
    let others = |name: &&str| {
        let name = name.trim_end_matches("V1").trim_end_matches("V2");
        ["Authenticate", "AuthenticateConfirm", "GetEntityContent"].contains(&name)
            || name.starts_with("Shelf")
    };
    // A fault at a method that there is not is answered with the names of all; those of Extern come last.
    let unknown = twins.1.request(
        "POST",
        "/_sandbox/faults",
        r#"{"endpoint":"none","status":500}"#,
    );
    let known = text(&twins.1.send(&unknown));
    let all = known.split_once("*, ").unwrap().1.split(", ");
    let all = all.take_while(|name| *name != "ConnectToken");
    let (plain, messages): (Vec<&str>, Vec<&str>) = all.partition(others);
    assert!(
        messages
            .iter()
            .all(|name| asked.iter().any(|one| one == name)),
        "{asked:?}"
    );
    assert_eq!(plain.len(), 12);
}

fn posts(twins: &mut Twins) {
    let info = twins.0.info();
    let own = &info.box_id;
    let signature =
        |entity: &str| DocumentSignature::new(entity).with_sign_with_test_signature(true);
    let place = &info.unsigned_document;
    let patch = MessagePatchToPostV2::new(&**own, &*place.message);
    let patch = patch.with_signatures([signature(&place.entity)]);
    twins.post("/V4/PostMessagePatch", "Events.MessagePatchToPostV2", patch);
    let place = &info.messages.counter_signed;
    let patch = MessagePatchToPost::new(&**own, &*place.message);
    let patch = patch.with_signatures([signature(&place.entity)]);
    twins.post("/V3/PostMessagePatch", "Events.MessagePatchToPost", patch);
    let place = &info.messages.unsent;
    let document = DocumentToPatch::new(DocumentId::new(&*place.message, &*place.entity));
    let request = PrepareDocumentsToSignRequest::new(&**own).with_documents([document]);
    let takes = "Events.PrepareDocumentsToSignRequest";
    twins.post("/PrepareDocumentsToSign", takes, request);
    let draft = &info.messages.draft;
    let signature = |entity: &String| {
        DocumentSenderSignature::new(&**entity).with_sign_with_test_signature(true)
    };
    let signatures = draft.documents.iter().map(signature);
    let request = DraftToSend::new(&**own, &*draft.message).with_document_signatures(signatures);
    twins.post("/SendDraft", "Events.DraftToSend", request);
    let content = SignedContent::new().with_content(&b"content"[..]);
    let content = content.with_sign_with_test_signature(true);
    let document = DocumentAttachment::new(content, "Nonformalized");
    let request = MessageToPost::new(&**own).with_to_box_id(&*info.other_box);
    let request = request.with_document_attachments([document]);
    twins.post("/V3/PostMessage", "Events.MessageToPost", request);
    let request = GetDocumentsV4Request::new("Outgoing");
    let path = format!("/V4/GetDocuments?boxId={own}");
    twins.post(&path, "Documents.GetDocumentsV4Request", request);
}

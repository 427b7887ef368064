//! What Extern's drafts and documents show after a start that went wrong, where the sandbox shows something else.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use podpis::core::wait::{Begin, ManualTime, OperationClient as _, OperationKind as _};
use podpis::extern_api::SignDraft;
use podpis::extern_api::model::{AccountId, DraftId};
use podpis::operation::{Event, Timestamp};
use podpis::secret::Token;
use podpis::transport::{
    Delivery, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind,
};
use podpis::{
    Deadline, Extern, ExternLogin, Journal as _, MemoryJournal, NoPrompt, Operation, Refusal,
    SharedTransport,
};
use podpis_sandbox::{PhoneMode, WorldOptions};
use serde_json::{Value, json};

use crate::stage::Stage;
use crate::stage_extern::place;

const TEN_MINUTES: Deadline = Deadline::minutes(10);

/// Answers by the last part of the path, in order; the last of each is given from then on. A text is the bytes of a
/// file.
#[derive(Clone, Debug, Default)]
struct Script(Arc<Mutex<HashMap<&'static str, Vec<Says>>>>);

/// A status and a body.
type Says = (u16, Value);

impl Script {
    fn on(self, part: &'static str, answers: impl IntoIterator<Item = Says>) -> Self {
        let mut answers: Vec<_> = answers.into_iter().collect();
        answers.reverse();
        self.0.lock().unwrap().insert(part, answers);
        self
    }

    fn client(self) -> Extern {
        let base = "https://extern-api.example.org".parse().unwrap();
        let login = ExternLogin::bearer(&Token::new("t"));
        Extern::builder(base, login, self)
            .time(ManualTime::at(std::time::UNIX_EPOCH))
            .build()
    }
}

#[async_trait::async_trait]
impl Transport for Script {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let part = request.uri().path().rsplit('/').next().unwrap().to_owned();
        let mut script = self.0.lock().unwrap();
        let answers = script.get_mut(&*part).unwrap_or_else(|| panic!("{part}"));
        let (status, body) = match answers.len() {
            1 => answers[0].clone(),
            _ => answers.pop().unwrap(),
        };
        let (content_type, body) = match body {
            Value::String(bytes) => ("application/octet-stream", bytes),
            json => ("application/json", json.to_string()),
        };
        let answer = http::Response::builder()
            .status(status)
            .header("content-type", content_type);
        Ok(answer.body(body.into()).unwrap())
    }
}

fn draft(status: &str) -> Says {
    (200, json!({"id": "d", "status": status}))
}

fn sent_draft() -> Says {
    (
        200,
        json!({"id": "d", "status": "sent", "docflow-id": "df-1"}),
    )
}

fn no_tasks() -> Says {
    (
        200,
        json!({"skip": 0, "take": 1000, "total-count": 0, "api-task-page-items": []}),
    )
}

fn send(client: &Extern) -> podpis::extern_api::DraftSending {
    client
        .account(&AccountId::new("a"))
        .send_draft(&DraftId::new("d"))
}

#[tokio::test]
async fn a_draft_that_is_being_sent_is_not_refused_because_it_cannot_be_sent_again() {
    let client = Script::default()
        .on("tasks", [no_tasks()])
        .on(
            "send",
            [
                (500, json!({})),
                (400, json!({"id": "urn:error:externapi:error"})),
            ],
        )
        .on(
            "d",
            [
                // Looked at after the lost start and before the second one; then the first is seen to have arrived.
                draft("ready-to-send"),
                draft("ready-to-send"),
                draft("send-in-progress"),
                draft("send-in-progress"),
                sent_draft(),
            ],
        )
        .client();
    let sent = send(&client).run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    assert_eq!(sent.docflow_id.as_str(), "df-1");
}

#[tokio::test]
async fn a_task_that_crashed_after_the_sending_has_sent() {
    let running = json!({"id": "t", "task-state": "running", "task-type": "urn:task-type:send"});
    let crashed = json!({
        "id": "t", "task-state": "failed", "task-type": "urn:task-type:send",
        "error": {"id": "urn:error:externapi:error", "status-code": 500},
    });
    let script = || {
        Script::default()
            .on("tasks", [no_tasks()])
            .on("send", [(200, running.clone())])
            .on("t", [(200, crashed.clone())])
    };
    let client = script().on("d", [sent_draft()]).client();
    let sent = send(&client).run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    assert_eq!(sent.docflow_id.as_str(), "df-1");

    let client = script().on("d", [draft("ready-to-send")]).client();
    let error = send(&client)
        .run(&mut NoPrompt, TEN_MINUTES)
        .await
        .unwrap_err();
    assert_eq!(error.refusal(), Some(&Refusal::ServiceCrashed), "{error}");
}

#[tokio::test]
async fn a_document_of_a_draft_may_be_a_web_page() {
    let client = Script::default()
        .on("decrypted-content", [(200, json!("<html>"))])
        .client();
    let (account, draft) = (AccountId::new("a"), DraftId::new("d"));
    let page = client
        .account(&account)
        .draft_document_content(&draft, &"e".into())
        .await
        .unwrap();
    assert_eq!(page, &b"<html>"[..]);
}

#[tokio::test]
async fn a_service_that_knows_no_pages_is_asked_no_further() {
    let drafts = |count: usize| {
        let drafts: Vec<Value> = (0..count).map(|id| json!({"id": id.to_string()})).collect();
        (200, json!({ "drafts": drafts }))
    };
    for count in [0, 99, 100, 250] {
        let client = Script::default().on("drafts", [drafts(count)]).client();
        let listed = client.account(&AccountId::new("a")).drafts().await;
        assert_eq!(listed.unwrap().len(), count);
    }
}

/// Loses the answer to the first reply that is sent, and shows that every document asks for one reply more.
struct AsksForMore {
    inner: SharedTransport,
    sent: Mutex<u32>,
}

impl fmt::Debug for AsksForMore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AsksForMore")
    }
}

#[async_trait::async_trait]
impl Transport for AsksForMore {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let path = request.uri().path().to_owned();
        let answer = self.inner.execute(request).await?;
        if path.ends_with("/send") {
            *self.sent.lock().unwrap() += 1;
            return Err(TransportError::new(
                TransportErrorKind::Interrupted,
                Delivery::Unknown,
            ));
        }
        let mut parts = path.rsplit('/');
        if parts.nth(1) != Some("documents") || !answer.status().is_success() {
            return Ok(answer);
        }
        let (head, body) = answer.into_parts();
        let mut document: Value = serde_json::from_slice(&body).unwrap();
        document["links"].as_array_mut().unwrap().push(json!({
            "rel": "reply",
            "name": "urn:document:fns534-more",
            "href": "https://host/generate-reply?documentType=fns534-more",
        }));
        let body = serde_json::to_vec(&document).unwrap();
        Ok(HttpResponse::from_parts(head, body.into()))
    }
}

#[tokio::test]
async fn a_document_that_asks_for_another_reply_has_taken_the_one_that_was_sent() {
    let options = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
    let stage = Stage::in_process(options).await;
    let transport = AsksForMore {
        inner: stage.transport(),
        sent: Mutex::new(0),
    };
    let client = stage.extern_builder_over(transport).build();
    let info = stage.extern_info().replies.fns_demand;
    let answer = client
        .account(&stage.account())
        .answer(
            &place(&info.place),
            &*info.document_type,
            stage.certificate_of("dss"),
            "8.8.8.8",
        )
        .run(&mut NoPrompt, TEN_MINUTES)
        .await
        .unwrap();
    assert!(answer.docflow.is_none());
    assert_eq!(stage.sandbox.counters().replies_sent, 1);
    assert_eq!(stage.calls("ReplySend"), 1);
}

#[tokio::test]
async fn a_record_that_says_it_was_looked_for_ever_so_often_is_looked_for_once_more() {
    let client = Script::default()
        .on(
            "signature",
            [(404, json!({"id": "urn:error:externapi:signatureNotFound"}))],
        )
        .client();
    let data = json!({
        "account": "a", "target": {"kind": "draft", "draft": "d"}, "documents": ["x"],
        "step": "fetching", "looks": u32::MAX, "confirmed": false,
    });
    let now = Timestamp::from_millis(0);
    let mut operation = Operation::prepare(SignDraft::KIND, client.origin(), now);
    let accepted = Event::Accepted { data: data.into() };
    operation.apply(accepted, now).unwrap();
    let journal = MemoryJournal::new();
    let mut claim = journal.claim(operation.id()).await.unwrap();
    claim.save(&operation).await.unwrap();
    drop(claim);
    let claim = journal.claim(operation.id()).await.unwrap();
    let mut run = client.resume::<SignDraft>(claim).unwrap();
    let error = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
    assert_eq!(error.refusal(), Some(&Refusal::NothingSigned), "{error}");
}

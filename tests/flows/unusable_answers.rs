//! Answers that look like answers and cannot be used: names that nobody can ask for, packed bodies, results that are
//! conflicts, starts that say nothing.
//!
//! **Invariant:** where something may have been started, the record says so; nothing is told as a mistake of the caller.

use std::sync::atomic::{AtomicU64, Ordering};

use podpis::core::error::Meaning;
use podpis::diadoc_proto::AsyncMethodResult;
use podpis::diadoc_proto::prost::Message as _;
use podpis::transport::{HttpRequest, HttpResponse, Transport, TransportError};
use podpis::{
    Begin, Deadline, Error, ErrorChain, ErrorKind, File, NoPrompt, Refusal, SharedTransport,
    Signatures,
};
use podpis_sandbox::{Fault, Sandbox, SignatureFault, WorldOptions};
use serde_json::json;

use crate::stage::Stage;

/// The sandbox, whose answers to one path are packed, as far as their header says.
#[derive(Debug)]
struct Packing {
    sandbox: Sandbox,
    path: &'static str,
    encoding: &'static str,
}

#[async_trait::async_trait]
impl Transport for Packing {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let packed = request.uri().path().ends_with(self.path);
        let mut answer = SharedTransport::new(self.sandbox.clone())
            .execute(request)
            .await?;
        if packed {
            let value = self.encoding.parse().unwrap();
            answer.headers_mut().insert("content-encoding", value);
        }
        Ok(answer)
    }
}

fn two() -> [File; 2] {
    ["a.txt", "b.txt"].map(|name| File::bytes(name, name))
}

/// Signs two files with one fault in the way.
async fn with_fault(fault: Fault) -> (Stage, Result<Signatures, Error>) {
    let stage = Stage::in_process(WorldOptions::default()).await;
    stage.inject(fault);
    let outcome = stage
        .diadoc()
        .cloud_sign(two())
        .run(&mut stage.person(), Deadline::minutes(5))
        .await;
    (stage, outcome)
}

/// Signs a draft on the phone with this answer to the start.
async fn draft_with(body: &str) -> (Stage, Error) {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let fault = Fault::on("DraftCloudSign").status(200);
    let fault = fault.body("application/json", body.to_owned());
    stage.inject(fault.after_handling());
    let client = stage.extern_api();
    let signing = client
        .account(&stage.account())
        .sign_draft(&stage.phone_draft());
    let outcome = signing.run(&mut NoPrompt, Deadline::minutes(5)).await;
    (stage, outcome.unwrap_err())
}

/// `TaskId` or `Token`: both are field 1 of their message.
fn named(id: &str) -> Vec<u8> {
    AsyncMethodResult::new().with_task_id(id).encode_to_vec()
}

#[tokio::test]
async fn a_name_that_cannot_be_asked_for_is_an_unreadable_answer() {
    for name in [".", "..", "", " ", &"a".repeat(70_000)] {
        for (endpoint, state, calls) in [
            ("CloudSign", "starting", 1),
            ("CloudSignResult", "processing", 1),
            ("CloudSignConfirm", "confirming", 1),
        ] {
            let what = format!("{endpoint} {}", name.len());
            let fault = Fault::on(endpoint).status(200);
            let fault = fault.body("application/octet-stream", named(name));
            let (stage, outcome) = with_fault(fault.after_handling()).await;
            let error = outcome.unwrap_err();
            let open = error.operation().unwrap_or_else(|| panic!("{what}"));
            assert_eq!(open.state().name(), state, "{what}: {error}");
            assert_ne!(error.kind(), ErrorKind::InvalidInput, "{what}");
            assert!(error.meaning() != Some(Meaning::NotStarted), "{what}");
            assert_eq!(stage.calls("CloudSign"), calls, "{what}");
        }
    }
}

#[tokio::test]
async fn a_result_that_is_a_conflict_is_the_end_and_is_told_in_the_services_words() {
    for endpoint in ["CloudSignResult", "CloudSignConfirmResult"] {
        let fault = Fault::on(endpoint).status(409);
        let words = "ErrorCode: FileNotFound (Http.Conflict)";
        let (stage, outcome) = with_fault(fault.body("text/plain", words)).await;
        let error = outcome.unwrap_err();
        assert_eq!(error.refusal(), Some(&Refusal::Other), "{error}");
        assert!(error.to_string().contains("FileNotFound"), "{error}");
        assert_eq!(stage.calls(endpoint), 1);
    }
}

#[tokio::test]
async fn an_answer_in_an_encoding_that_was_not_asked_for_is_named_before_anybody_is_asked() {
    for (encoding, told) in [("gzip", true), ("x, br", true), ("identity", false)] {
        let stage = Stage::in_process(WorldOptions::default()).await;
        let packing = Packing {
            sandbox: stage.sandbox.clone(),
            path: "/CloudSign",
            encoding,
        };
        let client = stage.builder_over(SharedTransport::new(packing)).build();
        let mut person = stage.person();
        let signing = client.cloud_sign(two());
        let outcome = signing.run(&mut person, Deadline::minutes(5)).await;
        if told {
            let error = outcome.unwrap_err();
            assert!(error.may_have_been_applied(), "{error}");
            assert_eq!(error.operation().unwrap().state().name(), "starting");
            let words = format!("encoding `{encoding}`");
            assert!(ErrorChain(&error).to_string().contains(&words), "{error}");
            assert!(person.asked.is_empty());
        } else {
            outcome.unwrap().all().unwrap();
        }
    }
}

#[tokio::test]
async fn a_start_of_extern_that_names_nothing_it_knows_is_unknown() {
    for body in ["{}", r#"{"ok":true}"#, r#"{"task":{"id":"1"}}"#] {
        let (stage, error) = draft_with(body).await;
        assert!(error.refusal().is_none(), "{body}: {error}");
        let meaning = error.meaning().unwrap();
        assert!(
            matches!(meaning, Meaning::Unknown { .. }),
            "{body}: {error}"
        );
        assert_eq!(stage.calls("DraftCloudSign"), 1);
    }
}

#[tokio::test]
async fn a_name_of_extern_that_cannot_be_asked_for_leaves_the_operation_open() {
    for name in [".", "..", &"a".repeat(70_000)] {
        for field in ["task-id", "request-id"] {
            let body = format!("{{\"{field}\":\"{name}\"}}");
            let (_, error) = draft_with(&body).await;
            assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{error}");
            let meaning = error.meaning().unwrap();
            assert!(matches!(meaning, Meaning::Unknown { .. }), "{error}");
        }
    }
}

/// Lists one more task whenever it is asked, whatever is skipped.
#[derive(Debug, Default)]
struct Endless(AtomicU64);

#[async_trait::async_trait]
impl Transport for Endless {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        assert!(number < 2_000, "{}", request.uri());
        let item = json!({ "id": number.to_string() });
        let total = u64::MAX;
        let page = json!({
            "total-count": total, "api-task-page-items": [item.clone()],
            "drafts": [item.clone()], "accounts": [item.clone()], "certificates": [{ "fio": number.to_string() }],
        });
        let answer = http::Response::builder().header("content-type", "application/json");
        Ok(answer.body(page.to_string().into()).unwrap())
    }
}

#[tokio::test]
async fn a_list_without_an_end_is_an_error_that_names_it() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let client = || {
        let endless = SharedTransport::new(Endless::default());
        stage.extern_builder_over(endless).build()
    };
    let (account, draft) = (stage.account(), stage.phone_draft());
    let tasks = client()
        .account(&account)
        .draft_tasks(&draft)
        .await
        .unwrap_err();
    for (what, error) in [
        ("tasks", tasks),
        (
            "drafts",
            client().account(&account).drafts().await.unwrap_err(),
        ),
        ("accounts", client().accounts().await.unwrap_err()),
        (
            "certificates",
            client().account(&account).certificates().await.unwrap_err(),
        ),
    ] {
        assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{error}");
        let words = format!("the list of {what} has no end after 1000 pages");
        assert!(error.to_string().contains(&words), "{error}");
    }
}

#[tokio::test]
async fn the_text_of_an_error_names_the_file_and_the_reason_by_itself() {
    let fault = Fault::on("CloudSignConfirmResult").signatures(SignatureFault::Forge);
    let (_, outcome) = with_fault(fault).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Signature);
    let text = error.to_string();
    assert!(
        text.contains("a.txt") && text.contains("do not match"),
        "{text}"
    );
    let report = ErrorChain(&error).to_string();
    assert_eq!(report.matches("do not match").count(), 1, "{report}");
}

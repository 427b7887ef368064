//! What the checking, preparing and sending of Extern's drafts come to, and what becomes of a start whose answer was
//! lost.
//!
//! **Invariant:** what a draft and its tasks show decides; what shows nothing is looked at once more before anything
//! is sent again, and what was there before the start proves nothing.

use podpis::extern_api::model::{CheckResult, PrepareStatus};
use podpis::extern_api::{CheckDraft, SendDraft};
use podpis::{
    Begin, Error, ErrorKind, Journal, MemoryJournal, Next, Refusal, ReqwestTransport, Run,
};

use super::extern_calls::{Mute, odd};
use super::extern_server::{ExternWire, account, draft, json, mute, refuses};
use super::server::{HTML, HTML_502, Says};

async fn wire() -> ExternWire {
    ExternWire::new(&ReqwestTransport::new().unwrap()).await
}

/// A start whose answer was lost, as whoever goes on finds it.
macro_rules! lost {
    ($wire:expr, $journal:expr, $work:ident, $kind:ty) => {{
        let calls = $wire.client.account(&account());
        let started = calls.$work(&draft()).start(&$journal);
        let error = started.await.unwrap_err();
        assert!(error.may_have_been_applied(), "{error}");
        let id = $journal.open().await.unwrap()[0].id().clone();
        let claim = $journal.claim(&id).await.unwrap();
        let run: Run<'_, $kind> = $wire.client.resume(claim).unwrap();
        assert_eq!(run.next(), Next::Reconcile);
        run
    }};
}

fn check_of(result: &'static str) -> Says {
    let body = format!(r#"{{"task-state":"succeed","task-result":{result}}}"#);
    json(body.leak())
}

#[tokio::test]
async fn a_check_gives_what_it_found_in_both_forms() {
    const FOUND: &str = r#"{"documents-errors":{"e-7":[{"id":"x","description":"Неверный ИНН","source":"ФЛК","level":"Error","type":"format","tags":null},{"description":"y","level":"warning"}]},"common-errors":[{"description":"z","level":"new-word"}]}"#;
    let mut results: Vec<CheckResult> = Vec::new();
    for body in [FOUND.to_owned(), format!(r#"{{"data":{FOUND}}}"#)] {
        let (wire, journal) = (wire().await, MemoryJournal::new());
        wire.script("DraftTask", &[check_of(body.leak())]);
        let checking = wire.client.account(&account()).check_draft(&draft());
        let mut run = checking.start(&journal).await.unwrap();
        run.poll().await.unwrap();
        results.push(run.output().unwrap());
    }
    assert_eq!(results[0], results[1]);
    let errors: Vec<_> = results[0].errors().collect();
    let found: Vec<_> = errors
        .iter()
        .map(|(document, error)| (*document, error.description.as_deref()))
        .collect();
    let expected = [(None, Some("z")), (Some("e-7"), Some("Неверный ИНН"))];
    assert_eq!(found, expected);
    assert_eq!(results[0].warnings().count(), 1);
}

#[tokio::test]
async fn a_preparation_gives_how_it_ended() {
    for (word, status) in [
        ("ok", PrepareStatus::Ok),
        ("OK", PrepareStatus::Ok),
        (
            "check-protocol-has-only-warnings",
            PrepareStatus::CheckProtocolHasOnlyWarnings,
        ),
        ("new-word", PrepareStatus::Other("new-word".to_owned())),
    ] {
        let (wire, journal) = (wire().await, MemoryJournal::new());
        let result = format!(r#"{{"status":"{word}","check-result":null}}"#);
        wire.script("DraftTask", &[check_of(result.leak())]);
        let preparing = wire.client.account(&account()).prepare_draft(&draft());
        let mut run = preparing.start(&journal).await.unwrap();
        run.poll().await.unwrap();
        assert_eq!(run.output().unwrap().status, Some(status), "{word}");
    }
}

#[tokio::test]
async fn a_sending_gives_its_docflow_or_says_why_nothing_was_sent() {
    const FAILURE: &str = r#"{"id":"urn:error:externapi:checkProtocolHasErrors","status-code":"bad-request","message":"Не сложилось","track-id":"T-1","status":"check-protocol-has-errors","check-result":{"documents-errors":{"e-7":[{"description":"Неверный ИНН","level":"Error"}]}}}"#;
    let (wire, journal) = (wire().await, MemoryJournal::new());
    let docflow = r#"{"id":"f?2","status":"urn:docflow-common-status:sent"}"#;
    let answers = [check_of(docflow), check_of(FAILURE)];
    for (answer, refused) in answers.into_iter().zip([false, true]) {
        wire.script("DraftTask", &[answer]);
        let sending = wire.client.account(&account()).send_draft(&draft());
        let mut run = sending.start(&journal).await.unwrap();
        run.poll().await.unwrap();
        match run.output() {
            Ok(sent) => {
                assert!(!refused);
                assert_eq!(sent.docflow_id.as_str(), "f?2");
                assert!(sent.docflow.is_some());
            }
            Err(error) => {
                assert!(refused);
                assert_eq!(error.refusal(), Some(&Refusal::DocumentsRefused));
                for words in ["Не сложилось", "document e-7: Неверный ИНН", "T-1"]
                {
                    assert!(error.to_string().contains(words), "{error}");
                }
            }
        }
    }
}

/// Where a draft names its docflow, whatever its status is.
const WITH_DOCFLOW: &[Says] = &[
    json(r#"{"status":"sent","docflow-id":"f?2"}"#),
    json(r#"{"status":"ready-to-send","docflow-id":"f?2","docflows":null}"#),
    json(
        r#"{"status":"Sent","docflows":[{"rel":"docflow","href":"https://host/v1/a/docflows/f?x=2"}]}"#,
    ),
    json(
        r#"{"docflow-id":null,"links":[{"rel":"docflow","href":"https://host/v1/a/docflows/f"}]}"#,
    ),
];

#[tokio::test]
async fn a_lost_sending_is_found_by_the_docflow_of_its_draft() {
    for draft_says in WITH_DOCFLOW {
        let (wire, journal) = (wire().await, MemoryJournal::new());
        wire.script("DraftSend", &[HTML_502]);
        let mut run = lost!(wire, journal, send_draft, SendDraft);
        wire.script("Draft", &[*draft_says]);
        run.reconcile().await.unwrap();
        let sent = run.output().unwrap();
        assert!(sent.docflow_id.as_str().starts_with('f'), "{sent:?}");
        assert!(sent.docflow.is_none(), "its words were lost");
        assert_eq!(wire.count("DraftSend"), 1);
    }
}

const fn draft_is(body: &'static str) -> Says {
    json(body)
}

#[tokio::test]
async fn a_draft_that_is_being_sent_is_not_sent_again() {
    for draft_says in [
        draft_is(r#"{"status":"send-in-progress"}"#),
        draft_is(r#"{"status":"sendInProgress","docflows":[]}"#),
        draft_is(r#"{"status":"sent","docflow-id":""}"#),
    ] {
        let (wire, journal) = (wire().await, MemoryJournal::new());
        wire.script("DraftSend", &[mute(504, b"")]);
        let mut run = lost!(wire, journal, send_draft, SendDraft);
        wire.script("Draft", &[draft_says]);
        let error = run.reconcile().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::CannotTell, "{error}");
        assert_eq!(wire.count("DraftSend"), 1);
    }
}

#[tokio::test]
async fn a_lost_start_that_left_nothing_is_looked_for_twice_and_sent_again() {
    let (wire, journal) = (wire().await, MemoryJournal::new());
    wire.script("DraftSend", &[HTML.first()]);
    let mut run = lost!(wire, journal, send_draft, SendDraft);
    wire.script("Draft", &[draft_is(r#"{"status":"ready-to-send"}"#)]);
    wire.script("DraftTasks", &[json(r#"{"api-task-page-items":[]}"#)]);
    run.reconcile().await.unwrap();
    assert_eq!(wire.count("DraftSend"), 1);
    assert!(matches!(run.next(), Next::PollAfter(_)));
    run.poll().await.unwrap();
    assert_eq!((wire.count("Draft"), wire.count("DraftSend")), (2, 2));
    assert_eq!(run.operation().data().to_value()["task"], "t/7");
}

#[tokio::test]
async fn a_draft_that_cannot_be_looked_at_leaves_everything_as_it_is() {
    let (wire, journal) = (wire().await, MemoryJournal::new());
    wire.script("DraftSend", &[mute(504, b"")]);
    let mut run = lost!(wire, journal, send_draft, SendDraft);
    for (endpoint, says, kind) in [
        ("Draft", refuses(503), ErrorKind::Service),
        ("Draft", refuses(404), ErrorKind::Service),
        ("Draft", json("[]"), ErrorKind::UnreadableAnswer),
        ("DraftTasks", refuses(403), ErrorKind::Service),
        ("DraftTasks", HTML, ErrorKind::UnreadableAnswer),
    ] {
        wire.script("Draft", &[draft_is(r#"{"status":"ready-to-send"}"#)]);
        wire.script(endpoint, &[says]);
        let error = run.reconcile().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{endpoint} {says:?}");
        assert!(!error.may_have_been_applied(), "{endpoint} {says:?}");
        assert_eq!(run.next(), Next::Reconcile, "{endpoint} {says:?}");
    }
    assert_eq!(wire.count("DraftSend"), 1);
}

/// The list of tasks in all its forms, and whether the lost check is in it.
const PAGES: &[(Says, bool)] = &[
    (
        json(
            r#"{"skip":0,"take":1000,"total-count":1,"api-task-page-items":[{"id":"t","task-state":"running","task-type":"urn:task-type:check","task-result-link":{"rel":"task","href":"https://host/tasks/t"}}]}"#,
        ),
        true,
    ),
    (
        json(
            r#"{"total-count":"1","api-task-page-items":[{"id":"t","task-state":"Succeed","task-type":"check"}]}"#,
        ),
        true,
    ),
    (
        json(
            r#"{"api-task-page-items":[{"id":"t","task-state":"failed","task-type":"urn:task-type:Check","task-result-link":null}]}"#,
        ),
        true,
    ),
    (
        json(
            r#"{"api-task-page-items":[null,{"id":"x","task-state":"running","task-type":"urn:task-type:prepare"},{"id":"t","task-type":"urn:task-type:check"}]}"#,
        ),
        true,
    ),
    (
        json(
            r#"{"api-task-page-items":[{"id":"old","task-state":"running","task-type":"urn:task-type:check"}]}"#,
        ),
        false,
    ),
    (
        json(
            r#"{"api-task-page-items":[{"id":"t","task-state":"running","task-type":null},{"id":"","task-type":"urn:task-type:check"}]}"#,
        ),
        false,
    ),
    (json(r#"{"api-task-page-items":null}"#), false),
    (json("{}"), false),
];

#[tokio::test]
async fn a_lost_check_is_found_among_the_tasks_that_were_not_there_before() {
    const OLD: Says = json(
        r#"{"api-task-page-items":[{"id":"old","task-state":"succeed","task-type":"urn:task-type:check"}]}"#,
    );
    for (page, there) in PAGES {
        let (wire, journal) = (wire().await, MemoryJournal::new());
        wire.script("DraftTasks", &[OLD]);
        wire.script("DraftCheck", &[mute(504, b"")]);
        let mut run = lost!(wire, journal, check_draft, CheckDraft);
        wire.script("DraftTasks", &[*page]);
        run.reconcile().await.unwrap();
        let data = run.operation().data().to_value();
        let task = data["task"].as_str();
        assert_eq!(task, there.then_some("t"), "{page:?}");
        assert_eq!(wire.count("DraftCheck"), 1, "looking sends nothing");
        assert_eq!(wire.count("Draft"), 0, "a check changes no draft");
    }
}

/// A task that is gone may have sent the draft before it went.
#[tokio::test]
async fn a_task_of_a_sending_that_is_gone_is_looked_for_in_the_draft() {
    for (draft_says, state) in [
        (draft_is(r#"{"docflow-id":"f?2"}"#), "done"),
        (draft_is(r#"{"status":"ready-to-send"}"#), "processing"),
    ] {
        let (wire, journal) = (wire().await, MemoryJournal::new());
        wire.script("DraftTask", &[refuses(404)]);
        wire.script("Draft", &[draft_says]);
        let sending = wire.client.account(&account()).send_draft(&draft());
        let mut run = sending.start(&journal).await.unwrap();
        assert_eq!(run.poll().await.is_ok(), state == "done");
        assert_eq!(run.operation().state().name(), state);
        assert_eq!(wire.count("DraftSend"), 1);
    }
}

#[tokio::test]
async fn a_start_whose_answer_does_not_come_was_sent_once() {
    for endpoint in ["DraftCheck", "DraftPrepare", "DraftSend"] {
        let wire = ExternWire::over(Mute::to(endpoint)).await;
        let (client, journal) = (&wire.client, MemoryJournal::new());
        let (account, draft) = (account(), draft());
        let error: Error = match endpoint {
            "DraftCheck" => client
                .account(&account)
                .check_draft(&draft)
                .start(&journal)
                .await
                .unwrap_err(),
            "DraftPrepare" => client
                .account(&account)
                .prepare_draft(&draft)
                .start(&journal)
                .await
                .unwrap_err(),
            _ => client
                .account(&account)
                .send_draft(&draft)
                .start(&journal)
                .await
                .unwrap_err(),
        };
        assert_eq!(error.kind(), ErrorKind::NoAnswer, "{error}");
        assert!(error.may_have_been_applied(), "{error}");
        assert!(error.operation().is_some(), "the record is in the error");
        assert_eq!(wire.count(endpoint), 1);
    }
}

/// Whatever a task says, it is an error, a result or a refusal, and an error quotes nothing of it.
#[tokio::test]
async fn an_odd_task_is_no_panic() {
    const CHECK: &str = r#"{"id":"t","task-state":"succeed","task-type":"urn:task-type:check","task-result":{"data":{"documents-errors":{"e-7":[{"description":"x","level":"Error","tags":["a"]}]},"common-errors":[]}},"error":null}"#;
    const SEND: &str = r#"{"task-state":"succeed","task-result":{"id":"urn:error:externapi:x","status-code":400,"status":"ok","check-result":{"common-errors":[{"level":"Error"}]}}}"#;
    const SENT: &str = r#"{"task-state":"succeed","task-result":{"id":"f","status":"urn:docflow-common-status:sent","documents":[{"id":"e","content":{"docflow-document-contents":[{"content-id":"c"}]}}],"send-date":"2021-07-08T01:01:01"}}"#;
    const FAILED: &str = r#"{"task-state":"failed","error":{"id":"urn:error","status-code":"bad-request","message":"x","properties":{"p":"q"},"context":{"concurrent-task":{"id":"t"}}}}"#;
    let wire = wire().await;
    for body in [CHECK, SEND, SENT, FAILED].into_iter().flat_map(odd) {
        let says = json(body.clone().leak());
        wire.script("DraftTask", &[says]);
        let journal = MemoryJournal::new();
        let sending = wire.client.account(&account()).send_draft(&draft());
        let mut run = sending.start(&journal).await.unwrap();
        if let Err(error) = run.poll().await {
            assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{body}: {error}");
            assert!(!error.to_string().contains("planted"), "{body}: {error}");
        }
        drop(run); // it holds the draft
        let checking = wire.client.account(&account()).check_draft(&draft());
        let mut run = checking.start(&journal).await.unwrap();
        if let Err(error) = run.poll().await {
            assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{body}: {error}");
            assert!(!error.to_string().contains("planted"), "{body}: {error}");
        }
    }
}

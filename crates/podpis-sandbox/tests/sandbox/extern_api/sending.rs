//! From a draft to a docflow: check, prepare, send.

use crate::support::{Is as _, rows};
use std::time::Duration;

use podpis_sandbox::{DraftVerdict, ExternOptions};
use serde_json::Value;

use super::support::{Client, text};

const SENT: &str = "send?deferred=true&force=false";
const FORCED: &str = "send?deferred=true&force=true";
const PREPARED: &str = "prepare?deferred=true";
const CHECKED: &str = "check?deferred=true";

fn signed_draft(client: &mut Client, recipient: (&str, &str), file: (&str, &str)) -> String {
    let meta = client.meta("dss", recipient.0, recipient.1);
    let (draft, _) = client.new_draft(&meta, &[file, ("second.xml", "<b/>")]);
    client.sign(&draft);
    draft
}

fn kinds(docflow: &Value) -> Vec<String> {
    let documents = docflow["documents"].as_array().unwrap().iter();
    let kinds = documents.map(|one| text(&one["description"], "type"));
    kinds
        .map(|kind| kind.replace("urn:document:", ""))
        .collect()
}

#[test]
fn the_whole_way() {
    let mut client = Client::new();
    let meta = client.meta("dss", "ifns-code", "0087");
    let (draft, documents) = client.new_draft(&meta, &[("a.xml", "<a/>"), ("b.xml", "<b/>")]);
    assert_eq!(client.get(&draft)["status"], "new");

    let checked = client.task(&draft, CHECKED);
    assert_eq!(checked["task-state"], "succeed");
    assert_eq!(checked["task-type"], "urn:task-type:check");
    let nothing = serde_json::json!({ "documents-errors": {}, "common-errors": [] });
    assert_eq!(checked["task-result"]["data"], nothing);
    assert_eq!(client.get(&draft)["status"], "checked");

    for act in [PREPARED, SENT] {
        let error = client.expect(400, "POST", &format!("{draft}/{act}"), "");
        assert_eq!(error["id"], "urn:error:externapi:signatureNotFound");
        for document in &documents {
            let id = document.rsplit('/').next().unwrap();
            assert!(text(&error, "message").contains(id), "{error}");
        }
    }
    client.sign(&draft);
    let prepared = client.task(&draft, PREPARED);
    assert_eq!(prepared["task-result"]["status"], "ok");
    assert_eq!(prepared["task-result"]["check-result"], nothing);
    let next = &prepared["task-result"]["links"][0];
    assert_eq!(next["rel"], "next");
    assert!(text(next, "href").ends_with(&format!("{draft}/send?force=false")));
    assert_eq!(client.get(&draft)["status"], "ready-to-send");
    assert!(client.get(&documents[0])["encrypted-content-link"].is_object());
    client.get(&format!("{}/encrypted-content", documents[0]));

    let sent = client.task(&draft, SENT);
    assert_eq!(sent["task-type"], "urn:task-type:send");
    let docflow = sent["task-result"].clone();
    assert_eq!(docflow["status"], "urn:docflow-common-status:sent");
    assert_eq!(docflow["success-state"], "urn:docflow-state:neutral");
    assert_eq!(docflow["documents"].as_array().unwrap().len(), 2);
    let shown = client.get(&draft);
    assert_eq!(shown["status"], "sent");
    assert_eq!(shown["docflow-id"], docflow["id"]);
    assert_eq!(shown["docflows"][0]["rel"], "docflow");

    let path = client.path(&format!("docflows/{}", text(&docflow, "id")));
    assert_eq!(client.call("GET", &path, "").0, 404, "not indexed yet");
    assert_eq!(client.get(&client.path("docflows"))["total-count"], 5);
    client.wait(Duration::from_secs(2));
    let found = client.get(&path);
    assert_eq!(found["status"], "urn:docflow-common-status:delivered");
    assert_eq!(client.get(&client.path("docflows"))["total-count"], 6);
    for document in found["documents"].as_array().unwrap().iter().take(2) {
        assert_eq!(document["signatures"].as_array().unwrap().len(), 1);
        let content = &document["content"]["docflow-document-contents"][0];
        let content = client.path(&format!("contents/{}", text(content, "content-id")));
        client.raw("GET", &content, "", &[]).is(200);
    }
    // Once.
    client.expect(400, "POST", &format!("{draft}/{SENT}"), "");
    let tasks = client.get(&format!("{draft}/tasks?includeReleased=true"));
    assert_eq!(tasks["total-count"], 4, "check, signing, prepare, send");
    assert_eq!(client.get(&format!("{draft}/tasks"))["total-count"], 0);
    let counters = client.counters();
    assert_eq!((counters.drafts_created, counters.docflows_created), (1, 1));
}

#[test]
fn recipients_decide_what_is_answered() {
    let report = "fns534-report";
    let table = "
        ifns-code | 0087 | successful | fns534-report-processing-result-ok | 2
        ifns-code | 0085 | warning | fns534-report-processing-result-precise | 2
        ifns-code | 0088 | failed | fns534-report-acceptance-result-negative | 1
        sfr-code | 087-000 | successful | pfr-report-protocol | 1
        togs-code | 77-00 | successful | stat-report-protocol-v2-positive | 1
        fss-code | 7700 | successful | fss-report-receipt | 0
        mvd-code | 77 | successful | mvd-notification-epgu-receipt | 0";
    for [field, code, state, last, replies] in rows(table) {
        let mut client = Client::new();
        let draft = signed_draft(&mut client, (field, code), ("first.xml", "<a/>"));
        let id = text(&client.task(&draft, SENT)["task-result"], "id").to_owned();
        client.wait(Duration::from_secs(60));
        let docflow = client.get(&client.path(&format!("docflows/{id}")));
        let kinds = kinds(&docflow);
        assert_eq!(kinds[..2], [report, report], "{code}");
        assert_eq!(kinds.last().unwrap(), last, "{code}");
        let state = format!("urn:docflow-state:{state}");
        assert_eq!(docflow["success-state"], state);
        let documents = docflow["documents"].as_array().unwrap().iter();
        for document in documents.clone() {
            let signature = &document["signatures"][0]["content-link"]["href"];
            let path = url::Url::parse(signature.as_str().unwrap()).unwrap();
            let signature = client.get(path.path());
            assert!(signature.as_str().unwrap().starts_with("MI"), "{document}");
        }
        let links = documents.flat_map(|one| one["links"].as_array().unwrap());
        let asked = links.filter(|link| link["rel"] == "reply").count();
        assert_eq!(asked.to_string(), replies, "{code}");
        let status = match asked {
            0 => "urn:docflow-common-status:finished",
            _ => "urn:docflow-common-status:response-arrived",
        };
        assert_eq!(docflow["status"], status);
    }
}

#[test]
fn documents_decide_what_a_check_finds() {
    let errors = "check-protocol-has-errors";
    let warnings = "check-protocol-has-only-warnings";
    let warning = "<a>sandbox:check-warning</a>";
    let failed = "<a>sandbox:encryption-failed</a>";
    for (name, body, status, level) in [
        ("a.xml", "\u{feff} \n<a/>", "ok", None),
        ("a.xml", "not XML", errors, Some("Error")),
        ("check-error.xml", "<a/>", errors, Some("Error")),
        ("a.xml", "<a>sandbox:check-error</a>", errors, Some("Error")),
        ("check-warning.xml", "<a/>", warnings, Some("Warning")),
        ("a.xml", warning, warnings, Some("Warning")),
        ("a.xml", failed, "encryption-failed", None),
    ] {
        let mut client = Client::new();
        let draft = signed_draft(&mut client, ("ifns-code", "0087"), (name, body));
        let first = text(&client.get(&draft)["documents"][0], "href").to_owned();
        let first = first.rsplit('/').next().unwrap();
        let checked = client.task(&draft, CHECKED);
        let found = checked["task-result"]["data"]["documents-errors"].clone();
        let count = usize::from(level.is_some());
        assert_eq!(found.as_object().unwrap().len(), count);
        assert_eq!(found[first][0]["level"].as_str(), level, "{body}");
        let prepared = client.task(&draft, PREPARED)["task-result"].clone();
        assert_eq!(prepared["status"], status, "{body}");
        assert_eq!(prepared["check-result"]["documents-errors"], found);
        let leads_on = status == "ok" || status == warnings;
        let links = prepared["links"].as_array().unwrap();
        assert_eq!(links.len(), usize::from(leads_on));

        for act in [SENT, FORCED] {
            if leads_on {
                break;
            }
            let sent = client.task(&draft, act);
            assert_eq!(client.get(&draft)["status"], "checked");
            assert_eq!(client.counters().docflows_created, 0);
            if status == errors {
                assert_eq!(sent["task-state"], "succeed", "and yet it is not sent");
                let failure = &sent["task-result"];
                assert_eq!(failure["id"], "urn:error:externapi:checkProtocolHasErrors");
                assert_eq!(failure["status"], errors);
                assert_eq!(failure["check-result"]["documents-errors"], found);
            } else {
                assert_eq!(sent["task-state"], "failed");
            }
        }
    }
}

#[test]
fn a_report_to_the_pension_fund_can_be_forced() {
    let mut client = Client::new();
    let recipient = ("upfr-code", "087-000");
    let draft = signed_draft(&mut client, recipient, ("check-error.xml", "<a/>"));
    let prepared = client.task(&draft, PREPARED)["task-result"].clone();
    assert_eq!(prepared["status"], "check-protocol-has-errors");
    assert!(text(&prepared["links"][0], "href").ends_with("/send?force=true"));
    let sent = client.task(&draft, SENT);
    assert_eq!(sent["task-result"]["status"], "check-protocol-has-errors");
    let sent = client.task(&draft, FORCED);
    assert_eq!(sent["task-result"]["type"], "urn:docflow:pfr-report");
}

#[test]
fn only_deferred_tasks_of_drafts_with_documents() {
    let mut client = Client::new();
    let drafts = client.info.drafts.clone();
    for act in ["check", "prepare", "send", "check?deferred=false"] {
        let path = format!("{}/{act}", client.draft(&drafts.ready_to_send.id));
        assert_eq!(client.call("POST", &path, "").0, 400, "{act}");
    }
    for act in [CHECKED, PREPARED, SENT] {
        let path = format!("{}/{act}", client.draft(&drafts.empty.id));
        let error = client.expect(400, "POST", &path, "");
        assert_eq!(error["id"], "urn:error:externapi:emptyContent");
        let path = format!("{}/{act}", client.draft(&drafts.sent.id));
        assert_eq!(client.call("POST", &path, "").0, 400, "{act}");
    }
}

#[test]
fn a_running_task_locks_the_draft_until_it_ends_by_itself() {
    let options = ExternOptions::default().task_time(Duration::from_secs(10));
    let mut client = Client::with_extern(options);
    let drafts = client.info.drafts.clone();
    let draft = client.draft(&drafts.ready_to_send.id);
    let document = format!("{draft}/documents/{}", drafts.ready_to_send.documents[0]);
    let started = client.post(&format!("{draft}/{CHECKED}"));
    assert_eq!(client.get(&draft)["status"], "check-in-progress");
    for (method, path) in [
        ("POST", format!("{draft}/{SENT}")),
        ("POST", format!("{draft}/cloud-sign")),
        ("POST", format!("{draft}/documents")),
        ("PUT", draft.clone()),
        ("PUT", format!("{draft}/meta")),
        ("PUT", format!("{document}/signature")),
        ("PUT", document.clone()),
        ("DELETE", document.clone()),
        ("DELETE", draft.clone()),
    ] {
        let error = client.expect(409, method, &path, "");
        let holder = &error["context"]["concurrent-task"];
        assert_eq!(holder["id"], started["id"]);
        assert_eq!(holder["task-type"], "urn:task-type:check");
    }
    let printed = client.get(&format!("{document}/print?deferred=true"));
    let listed = client.get(&format!("{draft}/tasks"));
    assert_eq!(listed["api-task-page-items"][0]["id"], started["id"]);
    client.wait(Duration::from_secs(10));
    assert_eq!(client.get(&draft)["status"], "checked");
    let print = client.get(&format!("{document}/tasks/{}", text(&printed, "id")));
    let content = text(&print["task-result"], "content-id");
    let printed = client.raw("GET", &client.path(&format!("contents/{content}")), "", &[]);
    assert!(printed.body().starts_with(b"%PDF"));
    assert_eq!(client.call("DELETE", &document, "").0, 200);
}

#[test]
fn tasks_can_need_polls() {
    let options = ExternOptions::default().task_polls(2);
    let mut client = Client::with_extern(options.task_time(Duration::ZERO));
    let draft = client.draft(&client.info.drafts.ready_to_send.id);
    let started = client.post(&format!("{draft}/{SENT}"));
    client.wait(Duration::from_secs(60));
    let poll = format!("{draft}/tasks/{}", text(&started, "id"));
    for state in ["running", "running", "succeed", "succeed"] {
        assert_eq!(client.get(&poll)["task-state"], state);
    }
    assert_eq!(client.counters().docflows_created, 1);
}

#[test]
fn verdicts_by_option() {
    let options = |verdict| ExternOptions::default().draft_verdict(verdict);
    let prepared = |verdict| {
        let mut client = Client::with_extern(options(verdict));
        let draft = client.draft(&client.info.drafts.signed.id);
        let task = client.task(&draft, PREPARED);
        (task, client.get(&draft)["status"].clone())
    };
    use DraftVerdict::{CheckErrors, CheckWarnings, EncryptionFailed};
    let warnings = "check-protocol-has-only-warnings";
    for (verdict, name, status) in [
        (CheckErrors, "check-protocol-has-errors", "checked"),
        (CheckWarnings, warnings, "ready-to-send"),
        (EncryptionFailed, "encryption-failed", "checked"),
    ] {
        let (task, draft) = prepared(verdict);
        assert_eq!(task["task-result"]["status"], name);
        assert_eq!(draft, status);
    }
    let (task, draft) = prepared(DraftVerdict::TasksFail);
    assert_eq!(task["task-state"], "failed");
    assert_eq!(task["error"]["status-code"], 500);
    assert_eq!(draft, "new");

    let mut client = Client::with_extern(ExternOptions::default().refusals_in_tasks(true));
    let draft = client.draft(&client.info.drafts.dss.id);
    for act in [PREPARED, SENT] {
        let task = client.task(&draft, act);
        assert_eq!(task["task-state"], "failed");
        assert_eq!(task["error"]["id"], "urn:error:externapi:signatureNotFound");
        assert_eq!(task["error"]["status-code"], 400);
    }
}

//! Names that no source shows from the wire can be spelled in every way that some source has.

use podpis_sandbox::{
    ConfirmTypeSpelling, DecryptionTaskIdName, ExternOptions, ExternSpelling, ProgressPlace,
    ProgressSpelling, StatusCodeSpelling, TaskStateSpelling,
};
use serde_json::{Value, json};

use super::support::{Client, text};

/// The answer of a start, the task that waits, and the task that was declined.
fn signed(spelling: ExternSpelling) -> [Value; 3] {
    let mut client = Client::with_extern(ExternOptions::default().spelling(spelling));
    let draft = client.draft(&client.info.drafts.dss.id);
    let started = client.post(&format!("{draft}/cloud-sign"));
    client.wait(std::time::Duration::from_secs(1));
    let poll = format!("{draft}/tasks/{}", text(&started, "task-id"));
    let waiting = client.get(&poll);
    let operation = client.operation();
    client.world.decline(&operation).unwrap();
    let failed = client.get(&poll);
    [started, waiting, failed]
}

#[test]
fn progress() {
    for (style, name) in [
        (ProgressSpelling::Pascal, "AwaitingForConfirmation"),
        (ProgressSpelling::Camel, "awaitingForConfirmation"),
        (ProgressSpelling::Kebab, "awaiting-for-confirmation"),
        (ProgressSpelling::Unknown, "SomethingNew"),
    ] {
        let [_, waiting, _] = signed(ExternSpelling::default().progress(style));
        assert_eq!(waiting["progress"], name);
        assert!(waiting.get("task-result").is_none());
        let spelling = ExternSpelling::default().progress(style);
        let [_, waiting, failed] = signed(spelling.progress_place(ProgressPlace::Result));
        assert!(waiting.get("progress").is_none());
        assert_eq!(waiting["task-result"]["operation-status"], name);
        assert!(failed["task-result"]["operation-status"].is_string());
    }
}

#[test]
fn confirm_type() {
    for (style, name) in [
        (ConfirmTypeSpelling::Kebab, "my-dss"),
        (ConfirmTypeSpelling::SeedText, "myDSS"),
        (ConfirmTypeSpelling::Pascal, "MyDSS"),
    ] {
        let [started, ..] = signed(ExternSpelling::default().confirm_type(style));
        assert_eq!(started["confirm-type"], name);
    }
}

#[test]
fn status_code_and_state() {
    for (style, code) in [
        (StatusCodeSpelling::PerPlace, json!("bad-request")),
        (StatusCodeSpelling::Number, json!(400)),
        (StatusCodeSpelling::QuotedNumber, json!("400")),
        (StatusCodeSpelling::Pascal, json!("BadRequest")),
        (StatusCodeSpelling::Camel, json!("badRequest")),
        (StatusCodeSpelling::Kebab, json!("bad-request")),
    ] {
        let [.., failed] = signed(ExternSpelling::default().status_code(style));
        assert_eq!(failed["error"]["status-code"], code);
    }
    let [.., failed] = signed(ExternSpelling::default().task_state(TaskStateSpelling::Pascal));
    assert_eq!(failed["task-state"], "Failed");
    let [_, waiting, _] =
        signed(ExternSpelling::default().task_state(TaskStateSpelling::Succeeded));
    assert_eq!(waiting["task-state"], "running");
}

#[test]
fn the_task_of_a_decryption() {
    for (style, name) in [
        (DecryptionTaskIdName::DecryptionTaskId, "decryption-task-id"),
        (DecryptionTaskIdName::TaskId, "task-id"),
        (DecryptionTaskIdName::Pascal, "TaskId"),
    ] {
        let spelling = ExternSpelling::default().decryption_task_id(style);
        let mut client = Client::with_extern(ExternOptions::default().spelling(spelling));
        let path = client.info.encrypted.dss.place.path.clone();
        let body = client.certificate_body("dss-encryption");
        let (_, started) = client.call("POST", &format!("{path}/decrypt-content"), body);
        assert!(started[name].is_string(), "{started}");
    }
}

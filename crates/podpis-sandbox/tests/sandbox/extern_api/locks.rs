//! What cannot run at the same time.

use std::time::Duration;

use podpis_sandbox::{ExternOptions, UnconfirmedOperation};

use super::support::{Client, text};

fn started(client: &mut Client, path: &str) -> String {
    text(&client.post(path), "task-id").to_owned()
}

#[test]
fn a_running_task_locks_its_draft() {
    let mut client = Client::new();
    let draft = client.draft(&client.info.drafts.dss.id);
    let document = client.info.drafts.dss.documents[0].clone();
    let task = started(&mut client, &format!("{draft}/cloud-sign"));
    for (method, path) in [
        ("POST", "cloud-sign".to_owned()),
        ("POST", "cloud-sign-confirm?requestId=x&code=1".to_owned()),
        ("POST", "documents".to_owned()),
        ("POST", "send?deferred=true".to_owned()),
        ("PUT", "meta".to_owned()),
        ("PUT", format!("documents/{document}/signature")),
        ("DELETE", format!("documents/{document}")),
    ] {
        let error = client.expect(409, method, &format!("{draft}/{path}"), "");
        assert_eq!(error["id"], "urn:error:externapi:concurrentApiTaskActive");
        assert_eq!(error["status-code"], 409);
        let holder = &error["context"]["concurrent-task"];
        assert_eq!(holder["id"], task.as_str());
        assert_eq!(holder["task-type"], "urn:task-type:initDraftSignOperation");
    }
    assert_eq!(client.call("DELETE", &draft, "").0, 409);
    client.get(&draft);
    client.confirm_push();
    // Held until somebody has seen the end.
    client.expect(409, "POST", &format!("{draft}/cloud-sign"), "");
    client.get(&format!("{draft}/tasks/{task}"));
    client.post(&format!("{draft}/cloud-sign"));
}

#[test]
fn a_failed_task_unlocks_by_itself() {
    let mut client = Client::new();
    let draft = client.draft(&client.info.drafts.dss.id);
    started(&mut client, &format!("{draft}/cloud-sign"));
    client.wait(Duration::from_secs(302));
    started(&mut client, &format!("{draft}/cloud-sign"));
}

#[test]
fn different_replies_of_one_docflow_are_not_signed_together() {
    let mut client = Client::new();
    let known = client.info.replies.fns_demand.clone();
    let body = client.certificate_body("dss");
    let made = client.expect(
        201,
        "POST",
        &format!(
            "{}/generate-reply?documentType={}",
            known.place.path, known.document_type
        ),
        body,
    );
    let other = text(&made, "id").to_owned();
    let sign = |id: &str| format!("{}/replies/{id}/cloud-sign", known.place.path);
    let task = started(&mut client, &sign(&known.dss));
    let error = client.expect(409, "POST", &sign(&other), "");
    let holder = &error["context"]["concurrent-task"];
    assert_eq!(holder["id"], task.as_str());
    assert_eq!(holder["task-type"], "urn:task-type:initReplySignOperation");
    let inventory = client.info.replies.inventory_receipt.clone();
    client.expect(
        409,
        "POST",
        &format!(
            "{}/replies/{}/cloud-sign",
            inventory.place.path, inventory.dss
        ),
        "",
    );
    client.confirm_push();
    let task = client.get(&format!(
        "{}/replies/{}/tasks/{task}",
        known.place.path, known.dss
    ));
    assert_eq!(task["task-state"], "succeed");
    started(&mut client, &sign(&other));
}

#[test]
fn different_documents_of_one_docflow_are_not_decrypted_together() {
    let mut client = Client::new();
    let (one, other) = (
        client.info.encrypted.dss.place.path.clone(),
        client.info.encrypted.dss_zip.place.path.clone(),
    );
    let body = client.certificate_body("dss-encryption");
    let first = client.expect(200, "POST", &format!("{one}/decrypt-content"), body.clone());
    let error = client.expect(
        409,
        "POST",
        &format!("{other}/decrypt-content"),
        body.clone(),
    );
    let seen = &error["context"]["concurrent-task"]["id"];
    assert_eq!(*seen, first["decryption-task-id"]);
    let elsewhere = client.info.encrypted.inventory_dss.place.path.clone();
    client.expect(200, "POST", &format!("{elsewhere}/decrypt-content"), body);
}

#[test]
fn a_person_has_one_unconfirmed_operation() {
    let two = |options: ExternOptions| {
        let mut client = Client::with_extern(options);
        let draft = client.draft(&client.info.drafts.dss.id);
        let first = started(&mut client, &format!("{draft}/cloud-sign"));
        let reply = client.info.replies.fns_demand.clone();
        let second = started(
            &mut client,
            &format!("{}/replies/{}/cloud-sign", reply.place.path, reply.dss),
        );
        client.wait(Duration::from_secs(1));
        let poll = format!("{}/replies/{}/tasks/{second}", reply.place.path, reply.dss);
        (client, format!("{draft}/tasks/{first}"), poll)
    };

    let (mut client, _, poll) = two(ExternOptions::default());
    let task = client.get(&poll);
    assert_eq!(task["task-state"], "failed");
    assert_eq!(task["progress"], "UserHasUnconfirmedOperation");
    assert_eq!(client.counters().pushes_sent, 1);

    let waits = ExternOptions::default().unconfirmed_operation(UnconfirmedOperation::Waits);
    let (mut client, first, second) = two(waits);
    let task = client.get(&second);
    assert_eq!(task["task-state"], "running");
    assert_eq!(task["progress"], "UserHasUnconfirmedOperation");
    assert_eq!(client.counters().pushes_sent, 1);
    client.confirm_push();
    assert_eq!(client.get(&first)["task-state"], "succeed");
    assert_eq!(client.get(&second)["progress"], "AwaitingForConfirmation");
    assert_eq!(client.counters().pushes_sent, 2);
    client.confirm_push();
    assert_eq!(client.get(&second)["task-state"], "succeed");
}

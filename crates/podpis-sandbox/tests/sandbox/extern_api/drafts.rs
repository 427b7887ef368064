//! Signing a draft.

use std::time::Duration;

use podpis_sandbox::{
    DigestName, ExternOptions, Fault, MessageKind, MessageState, OperationEnd, PersonError,
    PhoneMode, SignatureFault, UnusableCertificate, WorldOptions,
};

use super::support::{Client, bytes, text};
use crate::signatures::openssl_accepts;

fn signature_statuses(client: &mut Client, draft: &str, documents: &[String]) -> Vec<u16> {
    documents
        .iter()
        .map(|document| {
            let path = format!("{draft}/documents/{document}/signature");
            client.call("GET", &path, "").0
        })
        .collect()
}

#[test]
fn in_the_app() {
    let mut client = Client::new();
    let seeded = client.info.drafts.dss.clone();
    let draft = client.draft(&seeded.id);
    assert_eq!(client.get(&draft)["status"], "new");

    let started = client.post(&format!("{draft}/cloud-sign"));
    assert_eq!(started["confirm-type"], "my-dss");
    assert!(started.get("request-id").is_none());
    assert_eq!(started["documents-to-sign"].as_array().unwrap().len(), 3);
    let task = text(&started, "task-id").to_owned();
    let poll = format!("{draft}/tasks/{task}");

    let progress = |client: &mut Client| {
        let task = client.get(&poll);
        assert_eq!(task["task-type"], "urn:task-type:initDraftSignOperation");
        (
            text(&task, "task-state").to_owned(),
            text(&task, "progress").to_owned(),
        )
    };
    let running = |name: &str| ("running".to_owned(), name.to_owned());
    assert_eq!(progress(&mut client), running("Enqueued"));
    client.wait(Duration::from_millis(200));
    assert_eq!(progress(&mut client), running("InProgress"));
    client.wait(Duration::from_millis(100));
    assert_eq!(progress(&mut client), running("AwaitingForConfirmation"));
    let message = client.world.messages().remove(0);
    let seen = (message.kind, message.state, message.code);
    assert_eq!(seen, (MessageKind::Push, MessageState::Waiting, None));
    client.world.confirm(&message.operation).unwrap();
    let seen = client.world.confirm(&message.operation);
    assert_eq!(seen, Err(PersonError::NotWaiting));
    assert_eq!(progress(&mut client), running("InProgress"));
    client.wait(Duration::from_secs(60));

    // Confirmed, and still nothing is attached, whatever else is looked at.
    let seen = signature_statuses(&mut client, &draft, &seeded.documents);
    assert_eq!(seen, [404, 404, 404]);
    let listed = client.get(&format!("{draft}/tasks?includeReleased=true"));
    assert_eq!(listed["api-task-page-items"][0]["task-state"], "running");
    assert_eq!(listed["api-task-page-items"][0]["id"], task.as_str());
    assert_eq!(client.counters().signatures_made, 0);

    let done = client.get(&poll);
    assert_eq!(done["task-state"], "succeed");
    assert_eq!(done["progress"], "Completed");
    assert_eq!(done["task-result"]["operation-status"], "Completed");
    assert_eq!(
        done["task-result"]["file-statuses"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    assert_eq!(client.get(&poll), done, "polling again changes nothing");
    let listed = client.get(&format!("{draft}/tasks"));
    assert_eq!(listed["total-count"], 0, "only running ones");
    let listed = client.get(&format!("{draft}/tasks?includeReleased=true"));
    assert_eq!(listed["api-task-page-items"][0]["task-state"], "succeed");

    let ca = client.world.ca_pem();
    for document in &seeded.documents {
        let path = format!("{draft}/documents/{document}");
        let shown_content = bytes(&client.get(&format!("{path}/decrypted-content")));
        let content = String::from_utf8(shown_content.clone()).unwrap();
        let signature = bytes(&client.get(&format!("{path}/signature")));
        assert!(openssl_accepts(&signature, &content, Some(&ca)));
        let shown = client.get(&path);
        assert!(shown["signature-content-link"]["href"].is_string());
        let listed = client.get(&format!("{path}/signatures"));
        assert_eq!(listed, shown["signatures"]);
        let seen = &listed[0]["signature-certificate-thumbprint"];
        assert_eq!(*seen, seeded.certificate.as_str());
        let id = text(&listed[0], "id");
        assert_eq!(client.get(&format!("{path}/signatures/{id}")), listed[0]);
        let content = client.get(&format!("{path}/signatures/{id}/content"));
        assert_eq!(bytes(&content), signature);
        let by_id = client.path(&format!(
            "contents/{}",
            text(&shown["contents"][0], "content-id")
        ));
        let raw = client.raw("GET", &by_id, "", &[]);
        assert_eq!(raw.body().as_ref(), shown_content.as_slice());
    }
    let again = client.post(&format!("{draft}/cloud-sign"));
    assert!(again["task-id"].is_null() && again["request-id"].is_null());
    assert_eq!(again["confirm-type"], "none");
    let counters = client.counters();
    assert_eq!((counters.pushes_sent, counters.sms_sent), (1, 0));
    let seen = (counters.operations_started, counters.confirmations);
    assert_eq!(seen, (1, 1));
    assert_eq!((counters.signatures_made, counters.polls), (3, 6));
}

#[test]
fn by_sms() {
    let mut client = Client::new();
    let seeded = client.info.drafts.sms.clone();
    let draft = client.draft(&seeded.id);
    let started = client.post(&format!("{draft}/cloud-sign"));
    assert_eq!(started["confirm-type"], "sms");
    assert!(started.get("task-id").is_none());
    let request = text(&started, "request-id").to_owned();
    assert_eq!(client.counters().sms_sent, 1, "the SMS goes out at once");
    let code = client.code();
    let told = client.raw(
        "GET",
        &format!("/test-tools/v1/get-cloud-sign-confirmation-code?requestId={request}"),
        "",
        &[],
    );
    assert_eq!(told.body(), code.as_bytes(), "a bare string");

    let confirm =
        |code: &str| format!("{draft}/cloud-sign-confirm?requestId={request}&code={code}");
    let error = client.expect(400, "POST", &confirm("0"), "");
    assert_eq!(error["id"], "urn:error:externapi:error");
    assert!(text(&error, "message").contains("код"));
    for bad in ["", "?requestId=x", "?code=1"] {
        client.expect(400, "POST", &format!("{draft}/cloud-sign-confirm{bad}"), "");
    }
    let unknown = format!("{draft}/cloud-sign-confirm?requestId=x&code={code}");
    assert_eq!(client.call("POST", &unknown, "").0, 404);
    let elsewhere = client.draft(&client.info.drafts.iron.id);
    let foreign = format!("{elsewhere}/cloud-sign-confirm?requestId={request}&code={code}");
    assert_eq!(client.call("POST", &foreign, "").0, 404);

    let done = client.post(&confirm(&code));
    assert_eq!(done["signed-documents"].as_array().unwrap().len(), 3);
    let seen = signature_statuses(&mut client, &draft, &seeded.documents);
    assert_eq!(seen, [200, 200, 200]);
    assert_eq!(client.call("POST", &confirm(&code), "").0, 400, "used");
    let listed = client.get(&format!("{draft}/tasks?includeReleased=true"));
    assert_eq!(listed["total-count"], 0, "an SMS has no task");
}

#[test]
fn codes_have_attempts_and_an_end() {
    let mut client = Client::new();
    let draft = client.draft(&client.info.drafts.sms.id);
    let confirm = |client: &mut Client, request: &str, code: &str| {
        let path = format!("{draft}/cloud-sign-confirm?requestId={request}&code={code}");
        client.call("POST", &path, "").0
    };
    let start = |client: &mut Client| {
        text(&client.post(&format!("{draft}/cloud-sign")), "request-id").to_owned()
    };
    let request = start(&mut client);
    let code = client.code();
    for _ in 0..3 {
        assert_eq!(confirm(&mut client, &request, "0"), 400);
    }
    assert_eq!(confirm(&mut client, &request, &code), 400, "dead");
    let request = start(&mut client);
    let code = client.code();
    client.wait(Duration::from_secs(301));
    assert_eq!(confirm(&mut client, &request, &code), 400, "too late");
    let request = start(&mut client);
    let code = client.code();
    let operation = client.operation();
    let seen = client.world.confirm(&operation);
    assert_eq!(seen, Err(PersonError::NeedsCode));
    client.world.decline(&operation).unwrap();
    assert_eq!(confirm(&mut client, &request, &code), 400, "declined");
    let request = start(&mut client);
    let code = client.code();
    assert_eq!(confirm(&mut client, &request, &code), 200);
    assert_eq!(client.counters().sms_sent, 4);
}

/// Starts, lets the push go out, lets `act` happen, and gives the last state, status and error.
fn ended(client: &mut Client, act: impl Fn(&mut Client)) -> (String, String, bool) {
    let draft = client.draft(&client.info.drafts.dss.id);
    let started = client.post(&format!("{draft}/cloud-sign"));
    client.wait(Duration::from_secs(1));
    act(client);
    client.wait(Duration::from_secs(1));
    let task = client.get(&format!("{draft}/tasks/{}", text(&started, "task-id")));
    (
        text(&task, "task-state").to_owned(),
        text(&task, "progress").to_owned(),
        task["error"]["message"].is_string(),
    )
}

#[test]
fn every_end_has_its_name() {
    let mut client = Client::new();
    let failed = |name: &str| ("failed".to_owned(), name.to_owned(), true);
    let end = |how: OperationEnd| {
        move |client: &mut Client| {
            let operation = client.operation();
            client.world.end(&operation, how).unwrap();
        }
    };
    let seen = ended(&mut client, end(OperationEnd::Crashed));
    assert_eq!(seen, failed("Crashed"));
    let seen = ended(&mut client, end(OperationEnd::TooManyAttempts));
    assert_eq!(seen, failed("ExceededConfirmationAttemptsCount"));
    let declined = ended(&mut client, |client| {
        let operation = client.operation();
        client.expect(
            200,
            "POST",
            &format!("/_sandbox/operations/{operation}/decline"),
            "",
        );
    });
    assert_eq!(declined, failed("CanceledByUser"));
    let late = ended(&mut client, |client| client.wait(Duration::from_secs(300)));
    assert_eq!(late, failed("Timeout"));
    client.phone(PhoneMode::Decline);
    assert_eq!(ended(&mut client, |_| ()), failed("CanceledByUser"));
    client.phone(PhoneMode::Silent);
    let seen = ended(&mut client, |client| client.wait(Duration::from_secs(300)));
    assert_eq!(seen, failed("Timeout"));
    client.phone(PhoneMode::Confirm);
    let seen = ended(&mut client, |_| ());
    assert_eq!(seen, ("succeed".to_owned(), "Completed".to_owned(), false));
    assert_eq!(client.counters().pushes_sent, 7);
}

#[test]
fn the_states_of_drafts() {
    let mut client = Client::new();
    let drafts = client.info.drafts.clone();
    let sign = |client: &mut Client, id: &str| {
        client.call("POST", &format!("{}/cloud-sign", client.draft(id)), "")
    };
    for (known, status) in [
        (&drafts.signed, "new"),
        (&drafts.ready_to_send, "ready-to-send"),
    ] {
        let path = client.draft(&known.id);
        assert_eq!(client.get(&path)["status"], status);
        let (code, body) = sign(&mut client, &known.id);
        assert!(code == 200 && body["task-id"].is_null() && body["request-id"].is_null());
        let signed = signature_statuses(&mut client, &path, &known.documents);
        assert!(signed.iter().all(|&code| code == 200));
    }
    assert_eq!(sign(&mut client, &drafts.sent.id).0, 400);
    assert_eq!(sign(&mut client, &drafts.iron.id).0, 400);
    assert_eq!(sign(&mut client, &drafts.foreign_ca.id).0, 400);
    let (code, error) = sign(&mut client, &drafts.empty.id);
    assert_eq!(code, 400);
    assert_eq!(error["id"], "urn:error:externapi:emptyContent");
    assert_eq!(sign(&mut client, "unknown").0, 404);
    let path = client.draft(&drafts.dss.id.to_uppercase());
    assert_eq!(client.get(&path)["id"], drafts.dss.id.as_str());
    let meta = client.get(&format!("{path}/meta"));
    assert!(meta["sender"]["certificate"]["content"].is_string());
    for unknown in ["documents/x", "documents/x/signature", "tasks/x"] {
        assert_eq!(client.call("GET", &format!("{path}/{unknown}"), "").0, 404);
    }
    client.be(1);
    let seen = sign(&mut client, &drafts.dss.id).0;
    assert_eq!(seen, 403, "the certificate is another member's");
    assert_eq!(client.counters().operations_started, 0);
}

#[test]
fn a_certificate_without_a_key_can_be_met_with_silence() {
    let mut client = Client::with_extern(
        ExternOptions::default().unusable_certificate(UnusableCertificate::Silent),
    );
    for known in [
        client.info.drafts.iron.clone(),
        client.info.drafts.foreign_ca.clone(),
    ] {
        let draft = client.draft(&known.id);
        let started = client.post(&format!("{draft}/cloud-sign"));
        assert!(started["task-id"].is_null() && started["request-id"].is_null());
        let seen = signature_statuses(&mut client, &draft, &known.documents);
        assert_eq!(seen, [404], "and yet nothing is signed");
    }
}

#[test]
fn a_lost_answer_of_a_start_leaves_a_task_to_be_found() {
    let mut client =
        Client::with(WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO));
    client
        .world
        .inject(Fault::on("DraftCloudSign").call(1).drop_after());
    let draft = client.draft(&client.info.drafts.dss.id);
    client.expect(502, "POST", &format!("{draft}/cloud-sign"), "");
    client.wait(Duration::from_secs(5));
    let listed = client.get(&format!("{draft}/tasks"));
    let task = text(&listed["api-task-page-items"][0], "id").to_owned();
    let error = client.expect(409, "POST", &format!("{draft}/cloud-sign"), "");
    assert_eq!(error["context"]["concurrent-task"]["id"], task.as_str());
    let done = client.get(&format!("{draft}/tasks/{task}"));
    assert_eq!(done["task-state"], "succeed");
    assert_eq!(client.counters().pushes_sent, 1);
    let last = client.world.requests().pop().unwrap();
    assert_eq!(last.endpoint.as_deref(), Some("DraftTask"));
    assert!(last.operation.is_some());
}

#[test]
fn fetched_signatures_can_be_spoiled() {
    let mut client = Client::new();
    let known = client.info.drafts.signed.clone();
    let draft = client.draft(&known.id);
    let paths: Vec<String> = known
        .documents
        .iter()
        .map(|document| format!("{draft}/documents/{document}"))
        .collect();
    let content = bytes(&client.get(&format!("{}/decrypted-content", paths[0])));
    let content = String::from_utf8(content).unwrap();
    let mut fetched = |fault: Option<SignatureFault>, at: usize| {
        if let Some(fault) = fault {
            let fault = Fault::on("DraftDocumentSignature")
                .call(1)
                .signatures(fault);
            client.world.inject(fault);
        }
        let (status, body) = client.call("GET", &format!("{}/signature", paths[at]), "");
        client.world.clear_faults();
        (status == 200).then(|| bytes(&body))
    };
    let (first, second) = (fetched(None, 0), fetched(None, 1));
    assert_ne!(first, second);
    assert_eq!(fetched(Some(SignatureFault::Permute), 0), second);
    assert_eq!(fetched(Some(SignatureFault::Permute), 1), first);
    assert_eq!(fetched(Some(SignatureFault::Double), 1), first);
    assert_eq!(fetched(Some(SignatureFault::Missing), 0), first);
    assert_eq!(fetched(Some(SignatureFault::Missing), 1), None);
    for fault in [SignatureFault::Forge, SignatureFault::Corrupt] {
        let bad = fetched(Some(fault), 0).unwrap();
        assert!(!openssl_accepts(&bad, &content, None), "{fault:?}");
    }
    for fault in [SignatureFault::Ber, SignatureFault::BerToken] {
        let same = fetched(Some(fault), 0).unwrap();
        assert!(openssl_accepts(&same, &content, None), "{fault:?}");
        assert_ne!(Some(same), first, "{fault:?}");
    }
    for fault in [
        SignatureFault::Unreadable,
        SignatureFault::ForeignDigest(DigestName::SHA_224),
        SignatureFault::Sha1,
    ] {
        assert_ne!(fetched(Some(fault), 0), first, "{fault:?}");
    }
    let other = fetched(Some(SignatureFault::OtherSigner), 0);
    assert!(other != first && openssl_accepts(&other.unwrap(), &content, None));
    assert_eq!(fetched(None, 0), first, "the kept one is the true one");
}

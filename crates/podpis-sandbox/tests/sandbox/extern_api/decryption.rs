//! Decrypting documents.

use crate::support::Is as _;
use podpis_sandbox::{ExternEncryptedDocumentInfo, ExternOptions};
use serde_json::Value;

use super::support::{Client, bytes, text};

fn contents(client: &mut Client, id: &str) -> Vec<u8> {
    let answer = client.raw("GET", &client.path(&format!("contents/{id}")), "", &[]);
    answer.is(200);
    answer.body().to_vec()
}

fn start(
    client: &mut Client,
    known: &ExternEncryptedDocumentInfo,
    kind: &str,
    query: &str,
) -> Value {
    let body = client.certificate_body(kind);
    let path = format!("{}/decrypt-content{query}", known.place.path);
    client.expect(200, "POST", &path, body)
}

fn task_of(client: &mut Client, known: &ExternEncryptedDocumentInfo, started: &Value) -> Value {
    let task = text(started, "decryption-task-id");
    client.get(&format!("{}/tasks/{task}", known.place.path))
}

fn readable(document: &Value) -> Vec<String> {
    document["content"]["docflow-document-contents"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["encrypted"] == false)
        .map(|one| text(one, "content-id").to_owned())
        .collect()
}

#[test]
fn in_the_app() {
    let mut client = Client::new();
    for known in [
        client.info.encrypted.dss.clone(),
        client.info.encrypted.dss_zip.clone(),
        client.info.encrypted.inventory_dss.clone(),
    ] {
        let path = known.place.path.clone();
        let before = client.get(&path);
        let seen = &before["description"]["compressed"];
        assert_eq!(*seen, known.compression != "none");
        let serial = &before["description"]["encrypted-certificates"][0]["serial-number"];
        let certificate = client.info.certificate("dss-encryption").unwrap();
        assert_eq!(serial, certificate.serial_number.as_str());
        assert!(readable(&before).is_empty());
        assert!(before["content"]["decrypted"].is_null());
        assert!(
            before["links"]
                .as_array()
                .unwrap()
                .iter()
                .any(|link| link["rel"] == "decrypt-content")
        );
        let hidden = format!("{path}/decrypted-content");
        assert_eq!(client.call("GET", &hidden, "").0, 404);

        let started = start(&mut client, &known, "dss-encryption", "?unzipIfCan=true");
        assert_eq!(started["confirm-type"], "my-dss");
        let seen = &task_of(&mut client, &known, &started)["task-state"];
        assert_eq!(*seen, "running");
        client.confirm_push();
        assert!(readable(&client.get(&path)).is_empty(), "not yet");
        let done = task_of(&mut client, &known, &started);
        assert_eq!(done["task-state"], "succeed");
        let seen = &done["task-type"];
        assert_eq!(*seen, "urn:task-type:initDocumentDecryptionOperation");
        let id = text(&done["task-result"], "content-id").to_owned();
        assert!(contents(&mut client, &id).starts_with(b"<?xml"));
        assert_eq!(readable(&client.get(&path)), [id]);
        assert!(bytes(&client.get(&hidden)).starts_with(b"<?xml"));
    }
    assert_eq!(client.counters().pushes_sent, 3);
}

#[test]
fn by_sms() {
    let mut client = Client::new();
    for (known, packed) in [
        (client.info.encrypted.sms.clone(), &b"<?xml"[..]),
        (client.info.encrypted.sms_gzip.clone(), &[0x1f, 0x8b]),
        (client.info.encrypted.inventory_sms.clone(), b"<?xml"),
    ] {
        let path = known.place.path.clone();
        let mut confirmed = |method: &str, query: &str| {
            let started = start(&mut client, &known, "sms-encryption", "");
            assert_eq!(started["confirm-type"], "sms");
            assert!(started["confirm-link"]["href"].is_string());
            let request = text(&started, "request-id");
            let code = client.code();
            let confirm =
                |code: &str| format!("{path}/{method}?requestId={request}&code={code}{query}");
            assert_eq!(client.call("POST", &confirm("1"), "").0, 400);
            let answer = client.post(&confirm(&code));
            match answer.get("content-id") {
                Some(id) => contents(&mut client, id.as_str().unwrap()),
                None => bytes(&answer),
            }
        };
        for method in ["confirm-content-decryption", "decrypt-content-confirm"] {
            assert!(confirmed(method, "&unzip=true").starts_with(b"<?xml"));
            assert!(confirmed(method, "").starts_with(packed));
        }
    }
    assert_eq!(client.counters().sms_sent, 12);
}

#[test]
fn only_with_the_right_certificate() {
    let mut client = Client::new();
    let known = client.info.encrypted.dss.clone();
    let path = format!("{}/decrypt-content", known.place.path);
    for kind in ["dss", "sms-encryption", "iron"] {
        let body = client.certificate_body(kind);
        assert_eq!(client.call("POST", &path, body).0, 400, "{kind}");
    }
    assert_eq!(client.call("POST", &path, "{}").0, 400);
    let old = client.certificate_body("dss-encryption");
    let old = old.replace("certificate-base64", "content");
    assert_eq!(client.call("POST", &path, old).0, 200, "the later spelling");
    let readable = client.info.replies.fns_receipt.place.path.clone();
    let body = client.certificate_body("dss-encryption");
    let path = format!("{readable}/decrypt-content");
    assert_eq!(client.call("POST", &path, body).0, 400, "not encrypted");
    client.expect(
        400,
        "POST",
        &format!("{readable}/decrypt-content?unzipIfCan=2"),
        "",
    );
}

#[test]
fn the_result_can_be_the_content_itself() {
    let mut client = Client::with_extern(ExternOptions::default().inline_decryption_result(true));
    let known = client.info.encrypted.dss_zip.clone();
    let started = start(&mut client, &known, "dss-encryption", "");
    client.confirm_push();
    let done = task_of(&mut client, &known, &started);
    assert!(bytes(&done["task-result"]).starts_with(b"PK"));
}

#[test]
fn the_content_need_not_be_kept_in_the_document() {
    let mut client = Client::with_extern(ExternOptions::default().store_decrypted(false));
    let known = client.info.encrypted.dss.clone();
    let started = start(&mut client, &known, "dss-encryption", "");
    client.confirm_push();
    let done = task_of(&mut client, &known, &started);
    let id = text(&done["task-result"], "content-id").to_owned();
    assert!(contents(&mut client, &id).starts_with(b"<?xml"));
    assert!(readable(&client.get(&known.place.path)).is_empty());
}

#[test]
fn a_decryption_ends_like_a_signature() {
    let mut client = Client::new();
    let known = client.info.encrypted.dss.clone();
    let started = start(&mut client, &known, "dss-encryption", "");
    client.wait(std::time::Duration::from_secs(1));
    let operation = client.operation();
    client.world.decline(&operation).unwrap();
    let task = task_of(&mut client, &known, &started);
    assert_eq!(task["task-state"], "failed");
    assert_eq!(task["progress"], "CanceledByUser");
    assert!(task.get("task-result").is_none());
}

//! Making and changing drafts.

use crate::support::{Is as _, rows};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use podpis_sandbox::Fault;
use serde_json::{Value, json};

use super::support::{Client, bytes, text};

/// An id that a client chose.
const CHOSEN: &str = "0f0e0d0c-1111-4222-8333-444455556666";

#[test]
fn a_put_is_the_same_however_often() {
    let mut client = Client::new();
    let meta = client.meta("dss", "ifns-code", "0087");
    let draft = client.draft(CHOSEN);
    let (status, made) = client.call("PUT", &draft, meta.clone());
    assert_eq!((status, text(&made, "id")), (201, CHOSEN));
    let document = format!("{draft}/documents/{CHOSEN}");
    let content = client.upload("<a/>");
    let request = json!({ "content-id": content, "description": { "filename": "a.xml" } });
    assert_eq!(client.call("PUT", &document, request.to_string()).0, 201);
    let before = client.get(&document);

    let (status, again) = client.call("PUT", &draft.to_uppercase().replace("/V1", "/v1"), meta);
    assert_eq!((status, &again["id"]), (200, &made["id"]));
    let (status, again) = client.call("PUT", &document, request.to_string());
    assert_eq!((status, again), (200, before));
    assert_eq!(client.get(&draft)["documents"].as_array().unwrap().len(), 1);
    assert_eq!(client.counters().drafts_created, 1);

    let listed = client.get(&client.path("drafts?take=1000"));
    assert_eq!(listed["total-count"], 9);
    let page = client.get(&client.path("drafts?skip=8&take=5"));
    assert_eq!(page["drafts"].as_array().unwrap().len(), 1);
    assert_eq!(page["drafts"][0]["id"], CHOSEN);
    assert_eq!(client.call("DELETE", &draft, "").0, 200);
    for method in ["GET", "DELETE"] {
        assert_eq!(client.call(method, &draft, "").0, 404);
    }
    for wrong in ["drafts/x", "drafts/0f0e0d0c-1111-4222-8333-44445555666g"] {
        let meta = client.meta("dss", "ifns-code", "0087");
        assert_eq!(client.call("PUT", &client.path(wrong), meta).0, 400);
    }
}

#[test]
fn a_meta_needs_its_fields_and_keeps_what_is_null() {
    let mut client = Client::new();
    let whole: Value = serde_json::from_str(&client.meta("dss", "ifns-code", "0087")).unwrap();
    let drafts = client.path("drafts");
    for (pointer, value) in [
        ("/sender/inn", Value::Null),
        ("/sender/ipaddress", json!(1)),
        ("/sender/certificate/content", json!("%")),
        ("/sender/certificate/content", json!("AAAA")),
        ("/sender/certificate", Value::Null),
        ("/recipient", json!({ "city": "Москва" })),
        ("/recipient", Value::Null),
        ("/payer", json!("6676130154")),
    ] {
        let mut meta = whole.clone();
        *meta.pointer_mut(pointer).unwrap() = value;
        client.expect(400, "POST", &drafts, meta.to_string());
    }
    for body in ["", "[]", "null", "1", "{}"] {
        assert_eq!(client.call("POST", &drafts, body).0, 400, "{body}");
    }
    let made = client.expect(201, "POST", &drafts, whole.to_string());
    let meta = format!("{}/meta", client.draft(text(&made, "id")));
    assert_eq!(client.get(&meta), whole);
    let change = json!({
        "sender": { "name": "ООО «Ромашка»", "inn": null },
        "payer": null,
        "recipient": { "sfr-code": "087-000" },
    });
    let changed = client.expect(200, "PUT", &meta, change.to_string());
    assert_eq!(changed["sender"]["inn"], whole["sender"]["inn"]);
    assert_eq!(changed["sender"]["name"], "ООО «Ромашка»");
    assert_eq!(changed["payer"], whole["payer"]);
    assert_eq!(changed["recipient"], json!({ "sfr-code": "087-000" }));
    assert_eq!(client.get(&meta), changed);
}

#[test]
fn a_document_needs_a_content_that_is_there() {
    let mut client = Client::new();
    let (draft, _) = client.new_draft(&client.meta("dss", "ifns-code", "0087"), &[]);
    let add = |client: &mut Client, request: Value| {
        client.call("POST", &format!("{draft}/documents"), request.to_string())
    };
    let contents = client.path("contents");
    let answer = client.raw("POST", &contents, "x", &[("content-range", "bytes 0-0/2")]);
    let half: Value = serde_json::from_slice(answer.body()).unwrap();
    for request in [
        json!({ "content-id": "unknown" }),
        json!({ "content-id": half["id"] }),
        json!({ "base64-content": "%" }),
        json!([]),
    ] {
        assert_eq!(add(&mut client, request.clone()).0, 400, "{request}");
    }
    let (status, made) = add(
        &mut client,
        json!({ "base64-content": STANDARD.encode("<a/>") }),
    );
    assert_eq!(status, 201);
    let path = format!("{draft}/documents/{}", text(&made, "id"));
    let shown = bytes(&client.get(&format!("{path}/decrypted-content")));
    assert_eq!(shown, b"<a/>");
    let content = text(&made["contents"][0], "content-id");
    let content = client.path(&format!("contents/{content}"));
    assert_eq!(
        client.raw("GET", &content, "", &[]).body().as_ref(),
        b"<a/>"
    );
    client.be(2);
    client.expect(403, "GET", &content, "");
}

#[test]
fn another_content_takes_the_signature_away() {
    let mut client = Client::new();
    let known = client.info.drafts.signed.clone();
    let draft = client.draft(&known.id);
    let path = format!("{draft}/documents/{}", known.documents[0]);
    let content = bytes(&client.get(&format!("{path}/decrypted-content")));
    let put = format!("{path}/decrypted-content");
    assert_eq!(client.call("PUT", &put, content).0, 200);
    client.get(&format!("{path}/signature"));
    assert_eq!(client.call("PUT", &put, "").0, 400);
    assert_eq!(client.call("PUT", &put, "<other/>").0, 200);
    assert_eq!(client.call("GET", &format!("{path}/signature"), "").0, 404);
    client.expect(400, "POST", &format!("{draft}/prepare?deferred=true"), "");
    assert_eq!(client.call("DELETE", &path, "").0, 200);
    assert_eq!(client.get(&draft)["documents"].as_array().unwrap().len(), 1);
}

#[test]
fn signatures_made_by_hand() {
    let mut client = Client::new();
    let seeded = client.info.drafts.signed.clone();
    let source = format!(
        "{}/documents/{}",
        client.draft(&seeded.id),
        seeded.documents[0]
    );
    let signature = bytes(&client.get(&format!("{source}/signature")));
    let content = bytes(&client.get(&format!("{source}/decrypted-content")));
    let content = String::from_utf8(content).unwrap();
    let meta = client.meta("iron", "ifns-code", "0087");
    let files = [("a.xml", content.as_str()), ("b.xml", "<other/>")];
    let (draft, documents) = client.new_draft(&meta, &files);
    let (path, other) = (&documents[0], &documents[1]);

    let put = format!("{path}/signature");
    let quoted = json!(STANDARD.encode(&signature)).to_string();
    for body in [quoted.into_bytes(), signature.clone()] {
        assert_eq!(client.call("PUT", &put, body).0, 200);
        assert_eq!(bytes(&client.get(&put)), signature);
    }
    let thumbprint = &client.get(path)["signatures"][0]["signature-certificate-thumbprint"];
    assert_eq!(*thumbprint, seeded.certificate.as_str());
    for body in [&b""[..], b"x", b"\"%\"", b"\"", b"\x30\x00"] {
        assert_eq!(client.call("PUT", &put, body).0, 400);
    }
    let wrong = format!("{other}/signature");
    // Other bytes.
    client.expect(400, "PUT", &wrong, signature.clone());

    let add = format!("{path}/signatures");
    let described = |third: bool| {
        let encoded = STANDARD.encode(&signature);
        json!({ "base64-content": encoded, "is-third-party-signature": third }).to_string()
    };
    assert_eq!(client.call("POST", &add, "{}").0, 400);
    let (status, third) = client.call("POST", &add, described(true));
    let seen = (status, text(&third, "signer-type"));
    assert_eq!(seen, (201, "third-party-representative"));
    assert_eq!(client.get(&add).as_array().unwrap().len(), 2);
    let one = format!("{add}/{}", text(&third, "id"));
    assert_eq!(client.get(&one), third);
    assert_eq!(bytes(&client.get(&format!("{one}/content"))), signature);
    assert_eq!(client.call("PUT", &one, described(true)).0, 200);
    assert_eq!(client.call("DELETE", &one, "").0, 200);
    for method in ["GET", "DELETE"] {
        assert_eq!(client.call(method, &one, "").0, 404);
    }
    assert_eq!(client.get(&add).as_array().unwrap().len(), 1);

    // With one signed document the other one is named.
    let error = client.expect(400, "POST", &format!("{draft}/send?deferred=true"), "");
    let named = |path: &str| text(&error, "message").contains(path.rsplit('/').next().unwrap());
    assert!(named(other) && !named(path));
    assert_eq!(client.call("DELETE", other, "").0, 200);
    let document = &client.task(&draft, "send?deferred=true")["task-result"]["documents"][0];
    assert_eq!(document["signatures"].as_array().unwrap().len(), 1);
}

#[test]
fn what_was_sent_cannot_be_changed() {
    let mut client = Client::new();
    let known = client.info.drafts.sent.clone();
    let draft = client.draft(&known.id);
    let document = format!("{draft}/documents/{}", known.documents[0]);
    let meta = client.meta("dss", "ifns-code", "0087");
    for (method, path) in [
        ("PUT", draft.clone()),
        ("PUT", format!("{draft}/meta")),
        ("POST", format!("{draft}/documents")),
        ("PUT", document.clone()),
        ("PUT", format!("{document}/decrypted-content")),
        ("DELETE", document.clone()),
    ] {
        client.expect(400, method, &path, meta.clone());
    }
    let shown = client.get(&draft);
    let docflow = client.path(&format!("docflows/{}", text(&shown, "docflow-id")));
    client.get(&docflow);
}

#[test]
fn every_new_method_can_be_throttled_and_is_named_in_the_journal() {
    let mut client = Client::new();
    let draft = client.draft(&client.info.drafts.dss.id);
    let info = client.info.clone();
    let document = format!("{draft}/documents/{}", info.drafts.dss.documents[0]);
    let place = &info.replies.fns_receipt.place.path;
    let single = format!("{place}/replies/{}", info.replies.fns_receipt.dss);
    let pfr = &info.replies.pfr;
    let package = format!("{}/pfr-replies/{}", pfr.place.path, pfr.dss);
    let drafts = client.path("drafts");
    let table = format!(
        "Drafts | GET | {drafts}
         DraftCreate | POST | {drafts}
         DraftPut | PUT | {draft}
         DraftDelete | DELETE | {draft}
         DraftMetaPut | PUT | {draft}/meta
         DraftDocumentAdd | POST | {draft}/documents
         DraftDocumentPut | PUT | {document}
         DraftDocumentDelete | DELETE | {document}
         DraftDocumentContentPut | PUT | {document}/decrypted-content
         DraftDocumentEncryptedContent | GET | {document}/encrypted-content
         DraftDocumentPrint | GET | {document}/print
         DraftDocumentTask | GET | {document}/tasks/x
         DraftDocumentSignaturePut | PUT | {document}/signature
         DraftSignatureAdd | POST | {document}/signatures
         DraftSignaturePut | PUT | {document}/signatures/x
         DraftSignatureDelete | DELETE | {document}/signatures/x
         DraftCheck | POST | {draft}/check
         DraftPrepare | POST | {draft}/prepare
         DraftSend | POST | {draft}/send
         DocumentDecryptedContentPut | PUT | {place}/decrypted-content
         DocumentPrint | POST | {place}/print
         DocumentInventories | GET | {place}/inventories
         Inventory | GET | {place}/inventories/x
         ReplyContentPut | PUT | {single}/content
         ReplySignaturePut | PUT | {single}/signature
         PfrReplySignaturePut | PUT | {package}/documents/x/signature"
    );
    for [name, method, path] in rows(&table) {
        let fault = Fault::on(name).call(1).status(429).retry_after(1);
        client.world.inject(fault);
        let answer = client.raw(method, path, "", &[]);
        answer.is(429);
        assert_eq!(answer.headers()["retry-after"], "1");
        let last = client.world.requests().pop().unwrap();
        assert_eq!(last.endpoint.as_deref(), Some(name));
        assert_ne!(client.raw(method, path, "", &[]).status(), 429, "{name}");
        client.world.clear_faults();
        client.world.reset();
    }
    let documents = format!("docflows/{}/documents", info.answerable.docflow);
    for (also, method, path) in [
        ("ContentUpload", "POST", client.path("contents")),
        ("Documents", "GET", client.path(&documents)),
    ] {
        client.world.inject(Fault::on(also).call(1).status(429));
        assert_eq!(client.call(method, &path, "x").0, 429, "{also}");
    }
}

//! Replies that are signed by hand, and a docflow that is answered to its end.

use crate::support::{number, rows};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use podpis_sandbox::ExternPlace;
use serde_json::{Value, json};

use super::support::{Client, bytes, text};
use crate::signatures::openssl_accepts;

const FROM_HERE: &str = r#"{"sender-ip":"8.8.8.8"}"#;

/// Makes the first reply that a document asks for; gives its path and itself.
fn reply_to(client: &mut Client, place: &ExternPlace, certificate: &str) -> (String, Value) {
    let document = client.get(&place.path);
    let links = document["links"].as_array().unwrap();
    let link = links.iter().find(|link| link["rel"] == "reply").unwrap();
    let href = text(link, "href").trim_start_matches("http://localhost");
    let body = client.certificate_body(certificate);
    let made = client.expect(201, "POST", href, body);
    let folder = if href.contains("pfr-generate-reply") {
        "pfr-replies"
    } else {
        "replies"
    };
    (
        format!("{}/{folder}/{}", place.path, text(&made, "id")),
        made,
    )
}

#[test]
fn the_answerable_docflow_is_finished_by_answering_it() {
    for certificate in ["dss", "sms"] {
        let mut client = Client::new();
        let answerable = client.info.answerable.clone();
        let docflow = client.path(&format!("docflows/{}", answerable.docflow));
        assert_eq!(answerable.documents.len(), 4);
        for (at, place) in answerable.documents.iter().enumerate() {
            let status = client.get(&docflow)["status"].clone();
            assert_eq!(status, "urn:docflow-common-status:response-arrived");
            let (reply, made) = reply_to(&mut client, place, certificate);
            for part in made["documents"].as_array().into_iter().flatten() {
                let put = format!("{reply}/documents/{}/decrypted-content", text(part, "id"));
                assert_eq!(client.call("PUT", &put, "<plain/>").0, 200);
            }
            if certificate == "dss" {
                client.sign(&reply);
            } else {
                let started = client.post(&format!("{reply}/cloud-sign"));
                let (request, code) = (text(&started, "request-id"), client.code());
                client.post(&format!(
                    "{reply}/cloud-sign-confirm?requestId={request}&code={code}"
                ));
            }
            let send = format!("{reply}/send");
            let (status, sent) = client.call("POST", &send, FROM_HERE);
            assert_eq!((status, &sent["id"]), (200, &json!(answerable.docflow)));
            assert_eq!(client.call("POST", &send, FROM_HERE).0, 400, "twice");
            assert_eq!(client.counters().replies_sent, at as u64 + 1);
        }
        let finished = client.get(&docflow);
        assert_eq!(finished["status"], "urn:docflow-common-status:finished");
        let page = client.get(&client.path("docflows?finished=true"));
        let seen = &page["docflows-page-item"][0]["id"];
        assert_eq!(*seen, answerable.docflow.as_str());
        let rels = finished["documents"].to_string();
        assert!(
            !rels.contains(r#""rel":"reply""#),
            "nothing is asked for any more"
        );
    }
}

#[test]
fn a_reply_can_be_signed_by_hand_in_every_form() {
    // The ids of a world depend on its history only, so the same reply is made in each of them.
    let made =
        |client: &mut Client| reply_to(client, &client.info.answerable.documents[0].clone(), "dss");
    let mut signing = Client::new();
    let (reply, _) = made(&mut signing);
    signing.sign(&reply);
    let signature = bytes(&signing.get(&reply)["signature"]);
    let quoted = json!(STANDARD.encode(&signature)).to_string();
    for body in [signature.clone(), quoted.into_bytes()] {
        let mut client = Client::new();
        let (reply, shown) = made(&mut client);
        let content = String::from_utf8(bytes(&shown["content"])).unwrap();
        assert!(openssl_accepts(&signature, &content, None));
        let error = client.expect(400, "POST", &format!("{reply}/send"), FROM_HERE);
        assert_eq!(error["id"], "urn:error:externapi:signatureNotFound");
        let put = format!("{reply}/signature");
        for wrong in ["", "x", "\"eA==\""] {
            assert_eq!(client.call("PUT", &put, wrong).0, 400, "{wrong}");
        }
        let signed = client.expect(200, "PUT", &put, body.clone());
        assert_eq!(bytes(&signed["signature"]), signature);
        let keep = format!("{reply}/content");
        let (_, same) = client.call("PUT", &keep, content);
        assert_eq!(same["signature"], signed["signature"], "the same content");
        assert_eq!(client.call("PUT", &keep, "").0, 400);
        let (status, other) = client.call("PUT", &keep, "<other/>");
        assert_eq!((status, &other["signature"]), (200, &Value::Null));
        assert_eq!(bytes(&other["content"]), b"<other/>");
        assert_eq!(client.call("PUT", &put, body).0, 400, "of other bytes now");
        client.sign(&reply);
        let signed = client.get(&reply);
        assert!(openssl_accepts(
            &bytes(&signed["signature"]),
            "<other/>",
            None
        ));
        client.expect(200, "POST", &format!("{reply}/send"), FROM_HERE);
        for late in [&keep, &put] {
            assert_eq!(client.call("PUT", late, "<late/>").0, 400);
        }
    }
}

#[test]
fn a_package_can_be_signed_by_hand() {
    let known = Client::new().info.replies.pfr.clone();
    let reply = format!("{}/pfr-replies/{}", known.place.path, known.dss);
    let mut signing = Client::new();
    signing.sign(&reply);
    let signed = signing.get(&reply);
    let mut client = Client::new();
    let send = format!("{reply}/send");
    for part in signed["documents"].as_array().unwrap() {
        client.expect(400, "POST", &send, FROM_HERE);
        let put = format!("{reply}/documents/{}/signature", text(part, "id"));
        let (status, answer) = client.call("PUT", &put, bytes(&part["signature"]));
        assert_eq!((status, answer), (200, Value::Null));
    }
    let unknown = format!("{reply}/documents/x/signature");
    assert_eq!(client.call("PUT", &unknown, "x").0, 404);
    assert_eq!(client.call("POST", &send, FROM_HERE).0, 200);
}

#[test]
fn reasons_are_only_for_a_demand_that_is_declined() {
    let mut client = Client::new();
    let known = client.info.replies.fns_demand.clone();
    let body = client.certificate_body("dss");
    let table = "
        negative | | 201
        negative | &declineNoticeErrorCode=0100300001 | 201
        negative | &declineNoticeErrorCode=0100300001&declineNoticeErrorCode=0100300002 | 201
        negative | &declineNoticeErrorCode=0100300001&declineNoticeErrorCode=x | 400
        negative | &declineNoticeErrorCode=1 | 400
        positive | &declineNoticeErrorCode=0100300001 | 400";
    for [kind, codes, status] in rows(table) {
        let path = format!(
            "{}/generate-reply?documentType=fns534-demand-acceptance-result-{kind}{codes}",
            known.place.path
        );
        client.expect(number(status), "POST", &path, body.clone());
    }
}

#[test]
fn a_running_signing_locks_its_reply() {
    let mut client = Client::new();
    let place = client.info.answerable.documents[0].clone();
    let (reply, _) = reply_to(&mut client, &place, "dss");
    client.post(&format!("{reply}/cloud-sign"));
    for (method, act) in [("PUT", "content"), ("PUT", "signature"), ("POST", "send")] {
        let path = format!("{reply}/{act}");
        assert_eq!(client.call(method, &path, FROM_HERE).0, 409, "{act}");
    }
}

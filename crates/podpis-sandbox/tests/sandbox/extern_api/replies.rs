//! Signing and sending replies.

use std::time::Duration;

use podpis_sandbox::{
    DigestName, ExternOptions, ExternRepliesInfo, ExternReplyInfo, Fault, Profile, SignatureFault,
    WorldOptions,
};

use super::support::{Client, bytes, text};
use crate::signatures::openssl_accepts;

/// A document and a reply to it.
type Pick = fn(&ExternRepliesInfo) -> (&ExternReplyInfo, &String);

fn path(known: &ExternReplyInfo, id: &str) -> String {
    format!("{}/replies/{id}", known.place.path)
}

fn content(reply: &serde_json::Value) -> String {
    String::from_utf8(bytes(&reply["content"])).unwrap()
}

#[test]
fn in_the_app() {
    let mut client = Client::new();
    let replies = client.info.replies.clone();
    for known in [
        replies.fns_receipt,
        replies.fns_demand,
        replies.rosstat_receipt,
        replies.inventory_receipt,
    ] {
        let reply = path(&known, &known.dss);
        assert!(client.get(&reply)["signature"].is_null());
        let started = client.post(&format!("{reply}/cloud-sign?forceConfirmation=false"));
        assert_eq!(started["confirm-type"], "my-dss");
        let poll = format!("{reply}/tasks/{}", text(&started, "task-id"));
        assert_eq!(client.get(&poll)["task-state"], "running");
        client.confirm_push();
        assert!(client.get(&reply)["signature"].is_null(), "not yet");
        let elsewhere = format!("{}/tasks/{}", known.place.path, text(&started, "task-id"));
        assert_eq!(client.call("GET", &elsewhere, "").0, 404);
        let done = client.get(&poll);
        assert_eq!(done["task-state"], "succeed");
        assert_eq!(done["task-type"], "urn:task-type:initReplySignOperation");
        let signed = client.get(&reply);
        let ca = client.world.ca_pem();
        let signature = bytes(&signed["signature"]);
        assert!(openssl_accepts(&signature, &content(&signed), Some(&ca)));

        let send = format!("{reply}/send");
        assert_eq!(client.call("POST", &send, "{}").0, 400);
        let docflow = client.expect(200, "POST", &send, r#"{"sender-ip":"8.8.8.8"}"#);
        assert_eq!(docflow["id"], known.place.docflow.as_str());
        let listed = client.get(&format!("{}/signatures", known.place.path));
        // Behind that of the authority.
        let id = text(&listed[1], "id");
        let sent = client.get(&format!("{}/signatures/{id}/content", known.place.path));
        assert_eq!(sent, signed["signature"]);
        // Sent.
        client.expect(400, "POST", &send, r#"{"sender-ip":"8.8.8.8"}"#);
    }
}

#[test]
fn by_sms() {
    let mut client = Client::new();
    let known = client.info.replies.fns_demand.clone();
    let reply = path(&known, &known.sms);
    let started = client.post(&format!("{reply}/cloud-sign"));
    assert_eq!(started["confirm-type"], "sms");
    let request = text(&started, "request-id").to_owned();
    let confirm =
        |code: &str| format!("{reply}/cloud-sign-confirm?requestId={request}&code={code}");
    assert_eq!(client.call("POST", &confirm("1"), "").0, 400);
    let code = client.code();
    let done = client.post(&confirm(&code));
    assert_eq!(done["signed-documents"].as_array().unwrap().len(), 1);
    let signed = client.get(&reply);
    let signature = bytes(&signed["signature"]);
    assert!(openssl_accepts(&signature, &content(&signed), None));
}

#[test]
fn force_confirmation_means_what_the_profile_says() {
    let at_once = |profile: Profile, flag: &str, pick: Pick| {
        let mut client = Client::with(WorldOptions::default().profile(profile));
        let replies = client.info.replies.clone();
        let (known, id) = pick(&replies);
        let reply = path(known, id);
        let started = client.post(&format!("{reply}/cloud-sign{flag}"));
        client.wait(Duration::from_secs(1));
        let counters = client.counters();
        let asked = counters.sms_sent + counters.pushes_sent;
        let signed = !client.get(&reply)["signature"].is_null();
        let ids = started.get("task-id").is_some_and(|id| !id.is_null())
            || started.get("request-id").is_some_and(|id| !id.is_null());
        assert_eq!(signed, !ids);
        assert_eq!(signed, asked == 0);
        if signed {
            assert_eq!(started["confirm-type"], "none");
        }
        signed
    };
    let receipts: [Pick; 5] = [
        |all| (&all.fns_receipt, &all.fns_receipt.dss),
        |all| (&all.fns_receipt, &all.fns_receipt.sms),
        |all| (&all.rosstat_receipt, &all.rosstat_receipt.dss),
        |all| (&all.rosstat_receipt, &all.rosstat_receipt.sms),
        |all| (&all.inventory_receipt, &all.inventory_receipt.sms),
    ];
    let (yes, no) = ("?forceConfirmation=true", "?forceConfirmation=false");
    for (profile, flag, expected) in [
        (Profile::Seed, yes, true),
        (Profile::Seed, no, false),
        (Profile::Seed, "", false),
        (Profile::Text2018, yes, false),
        (Profile::Text2018, "?forceConfirmation=False", true),
        (Profile::Text2018, "", true),
    ] {
        for receipt in receipts {
            let seen = at_once(profile, flag, receipt);
            assert_eq!(seen, expected, "{profile:?} {flag}");
        }
    }
    let other: Pick = |all| (&all.fns_demand, &all.fns_demand.sms);
    for profile in [Profile::Seed, Profile::Text2018] {
        for flag in ["", yes, no] {
            assert!(!at_once(profile, flag, other), "{profile:?} {flag}");
        }
    }
}

#[test]
fn the_profile_and_the_other_options_do_not_disturb_each_other() {
    let (options, other) = (WorldOptions::default(), ExternOptions::default());
    let text = Profile::Text2018;
    for options in [
        options.clone().profile(text).extern_options(other.clone()),
        options.extern_options(other).profile(text),
    ] {
        let mut client = Client::with(options);
        let known = client.info.replies.fns_receipt.clone();
        let started = client.post(&format!("{}/cloud-sign", path(&known, &known.sms)));
        assert!(started["request-id"].is_null());
    }
}

#[test]
fn a_reply_is_made_for_a_good_certificate() {
    let mut client = Client::new();
    let known = client.info.replies.fns_receipt.clone();
    let generate = |kind: &str| format!("{}/generate-reply?documentType={kind}", known.place.path);
    let right = generate(&known.document_type);
    let links = client.get(&known.place.path)["links"].clone();
    let mut links = links.as_array().unwrap().iter();
    let link = links.find(|link| link["rel"] == "reply").unwrap();
    assert_eq!(link["name"], known.document_type.as_str());
    assert!(text(link, "href").ends_with(&right));

    for (kind, status) in [
        ("dss", 201),
        ("sms", 201),
        ("iron", 201),
        ("expired", 400),
        ("not-qualified", 400),
        ("colleague", 400),
    ] {
        let (code, made) = client.call("POST", &right, client.certificate_body(kind));
        assert_eq!(code, status, "{kind}: {made}");
        if code == 201 {
            let rels = made["links"].as_array().unwrap();
            let rels: Vec<&str> = rels.iter().map(|link| text(link, "rel")).collect();
            assert_eq!(rels.contains(&"sign"), kind != "iron", "{kind}");
            assert_eq!(client.get(&path(&known, text(&made, "id"))), made);
        }
    }
    for body in [
        "",
        "{}",
        r#"{"certificate-base64":1}"#,
        r#"{"certificate-base64":"%%"}"#,
        r#"{"certificate-base64":"AAAA"}"#,
    ] {
        assert_eq!(client.call("POST", &right, body).0, 400, "{body}");
    }
    let body = client.certificate_body("dss");
    for wrong in [
        generate("fns534-unknown"),
        generate(""),
        format!(
            "{}/pfr-generate-reply?documentType={}",
            known.place.path, known.document_type
        ),
    ] {
        assert_eq!(client.call("POST", &wrong, body.clone()).0, 400, "{wrong}");
    }
    let mut unsigned = path(&known, &known.dss);
    unsigned += "/send";
    let error = client.expect(400, "POST", &unsigned, r#"{"sender-ip":"8.8.8.8"}"#);
    assert_eq!(error["id"], "urn:error:externapi:signatureNotFound");
}

#[test]
fn a_package_for_the_pension_fund() {
    for kind in ["dss", "sms"] {
        let mut client = Client::new();
        let known = client.info.replies.pfr.clone();
        let body = client.certificate_body(kind);
        let made = client.expect(
            201,
            "POST",
            &format!(
                "{}/pfr-generate-reply?documentType={}",
                known.place.path, known.document_type
            ),
            body,
        );
        let reply = format!("{}/pfr-replies/{}", known.place.path, text(&made, "id"));
        let ids = made["documents"].as_array().unwrap();
        let ids: Vec<String> = ids.iter().map(|one| text(one, "id").to_owned()).collect();
        assert_eq!(ids.len(), 3);
        let sign = format!("{reply}/cloud-sign");
        assert_eq!(client.call("POST", &sign, "").0, 400, "no contents yet");
        for id in &ids {
            let put = format!("{reply}/documents/{id}/decrypted-content");
            assert_eq!(client.call("PUT", &put, format!("content of {id}")).0, 200);
        }
        let started = client.post(&sign);
        assert!(started.get("documents-to-sign").is_none());
        if kind == "dss" {
            client.confirm_push();
            let poll = format!("{reply}/tasks/{}", text(&started, "task-id"));
            let task = client.get(&poll);
            assert_eq!(task["task-state"], "succeed");
            assert!(task.get("task-type").is_none());
        } else {
            let code = client.code();
            let request = text(&started, "request-id");
            let confirm = format!("{reply}/cloud-sign-confirm?requestId={request}&code={code}");
            assert!(client.post(&confirm)["links"].is_array());
        }
        let signed = client.get(&reply);
        for (at, id) in ids.iter().enumerate() {
            let signature = bytes(&signed["documents"][at]["signature"]);
            let content = format!("content of {id}");
            assert!(openssl_accepts(&signature, &content, None));
        }
        let counters = client.counters();
        assert_eq!(counters.sms_sent + counters.pushes_sent, 1, "one for all");
        let ip = r#"{"sender-ip":"8.8.8.8"}"#;
        client.expect(200, "POST", &format!("{reply}/send"), ip);
        let listed = client.get(&format!("{}/signatures", known.place.path));
        // With that of the authority.
        assert_eq!(listed.as_array().unwrap().len(), 4);
        let wrong = format!("{}/replies/{}", known.place.path, text(&made, "id"));
        assert_eq!(client.call("GET", &wrong, "").0, 404);
    }
}

#[test]
fn seeded_packages_are_ready_to_be_signed() {
    let mut client = Client::new();
    let known = client.info.replies.pfr.clone();
    let started = client.post(&format!(
        "{}/pfr-replies/{}/cloud-sign",
        known.place.path, known.dss
    ));
    assert_eq!(started["confirm-type"], "my-dss");
}

#[test]
fn tasks_of_replies_can_live_under_the_document() {
    let mut client = Client::with_extern(ExternOptions::default().reply_tasks_under_document(true));
    let known = client.info.replies.inventory_receipt.clone();
    let reply = path(&known, &known.dss);
    let task = text(&client.post(&format!("{reply}/cloud-sign")), "task-id").to_owned();
    client.confirm_push();
    client.expect(404, "GET", &format!("{reply}/tasks/{task}"), "");
    let done = client.get(&format!("{}/tasks/{task}", known.place.path));
    assert_eq!(done["task-state"], "succeed");
    assert!(client.get(&reply)["signature"].is_string());
}

#[test]
fn signatures_of_replies_can_be_spoiled() {
    let mut client = Client::new();
    let known = client.info.replies.pfr.clone();
    let reply = format!("{}/pfr-replies/{}", known.place.path, known.sms);
    let started = client.post(&format!("{reply}/cloud-sign"));
    let code = client.code();
    let request = text(&started, "request-id");
    client.post(&format!(
        "{reply}/cloud-sign-confirm?requestId={request}&code={code}"
    ));
    let signatures = |client: &mut Client| -> Vec<serde_json::Value> {
        let documents = client.get(&reply)["documents"].clone();
        let one = |document: &serde_json::Value| document["signature"].clone();
        documents.as_array().unwrap().iter().map(one).collect()
    };
    let right = signatures(&mut client);
    let mut spoiled = |fault| {
        let fault = Fault::on("PfrReply").call(1).signatures(fault);
        client.world.inject(fault);
        signatures(&mut client)
    };
    let permuted = spoiled(SignatureFault::Permute);
    assert_eq!(permuted[0], right[1]);
    assert_eq!(permuted[2], right[0]);
    assert_eq!(spoiled(SignatureFault::Double)[1], right[0]);
    assert!(spoiled(SignatureFault::Missing)[2].is_null());
    for fault in [
        SignatureFault::Forge,
        SignatureFault::Corrupt,
        SignatureFault::OtherSigner,
        SignatureFault::Ber,
        SignatureFault::BerToken,
        SignatureFault::Unreadable,
        SignatureFault::ForeignDigest(DigestName::UNKNOWN),
        SignatureFault::Sha1,
    ] {
        let bad = spoiled(fault);
        assert!(bad.iter().zip(&right).all(|(bad, right)| bad != right));
    }
    assert_eq!(signatures(&mut client), right);
}

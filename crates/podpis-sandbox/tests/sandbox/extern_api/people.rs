//! Who may see what: logins, accounts, certificates, and what a world tells about itself.

use crate::signatures::openssl_accepts;
use crate::support::Is as _;
use podpis_sandbox::{Fault, WorldInfo};

use super::support::{Client, bytes};

#[test]
fn a_login_is_asked_for() {
    let mut client = Client::new();
    let known = client.info.clone();
    let seeded = client.authorization.clone();
    let mut status = |authorization: &str, headers: &[(&str, &str)]| {
        client.authorization = authorization.to_owned();
        let answer = client.raw("GET", "/V1", "", headers);
        if answer.status() == 401 {
            let error: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
            assert_eq!(error["status-code"], 401);
        }
        answer.status().as_u16()
    };
    let key = ("x-kontur-apikey", known.api_key.as_str());
    let sid = format!("auth.sid {}", known.sid);
    let cookie = format!("a=b; Auth.Sid={}", known.sid);
    assert_eq!(status(&seeded, &[]), 200);
    assert_eq!(status(&seeded.replace("Bearer", "bearer"), &[key]), 200);
    assert_eq!(status(&sid, &[key]), 200);
    assert_eq!(status("", &[("cookie", &cookie), key]), 200);
    assert_eq!(status("", &[("cookie", &cookie)]), 401);
    assert_eq!(status(&sid, &[]), 401);
    assert_eq!(status(&sid, &[("x-kontur-apikey", "other")]), 401);
    assert_eq!(status("auth.sid other", &[key]), 401);
    assert_eq!(status("", &[key]), 401);
    assert_eq!(status("Bearer other", &[]), 401);
    assert_eq!(status("Basic abc", &[]), 401);
    assert_eq!(status("Bearer", &[]), 401);
    client.authorization.clone_from(&seeded);
    let fault = Fault::on("Accounts").call(1);
    client.world.inject(fault.revoke_tokens());
    assert_eq!(client.call("GET", "/v1", "").0, 401);
    assert_eq!(client.call("GET", "/v1", "").0, 401);
}

#[test]
fn accounts_belong_to_their_members() {
    let mut client = Client::new();
    let list = client.get("/v1?skip=0&take=100");
    assert_eq!(list["total-count"], 1);
    assert_eq!(list["accounts"][0]["id"], client.info.account.as_str());
    let path = client.path("");
    assert_eq!(client.get(&path), list["accounts"][0]);
    assert_eq!(client.call("GET", "/v1/unknown", "").0, 404);
    assert_eq!(client.call("GET", "/v1?take=0", "").0, 400);
    client.be(2);
    assert_eq!(client.call("GET", &path, "").0, 403);
    assert_eq!(client.call("GET", &client.path("certificates"), "").0, 403);
    assert_eq!(client.get("/v1")["total-count"], 1);
}

#[test]
fn certificates_of_every_kind() {
    let mut client = Client::new();
    let path = client.path("certificates");
    let list = client.get(&path);
    let all = list["certificates"].as_array().unwrap().clone();
    assert_eq!(list["total-count"], 8);
    for (at, kind, class, valid, qualified) in [
        (0, "dss", "dss", true, true),
        (1, "sms", "cloud", true, true),
        (2, "dss-encryption", "dss", true, true),
        (3, "sms-encryption", "cloud", true, true),
        (4, "expired", "dss", false, true),
        (5, "not-qualified", "dss", true, false),
        (6, "iron", "iron", true, true),
        (7, "foreign-ca", "dss", true, true),
    ] {
        let known = client.info.certificate(kind).unwrap().clone();
        assert_eq!(all[at]["thumbprint"], known.thumbprint.as_str(), "{kind}");
        assert_eq!(all[at]["serial-number"], known.serial_number.as_str());
        assert_eq!(all[at]["certificate-type"], class, "{kind}");
        assert_eq!(all[at]["is-valid"], valid, "{kind}");
        assert_eq!(all[at]["is-qualified"], qualified, "{kind}");
        assert_eq!(all[at]["is-cloud"], class == "cloud", "{kind}");
        let der = bytes(&all[at]["content"]);
        assert_eq!(client.world.certificate(&known.thumbprint), Some(der));
        assert!(all[at]["expired-at"].as_str().unwrap().len() == 19);
        let usable = ["dss", "sms", "dss-encryption", "sms-encryption"].contains(&kind);
        assert_eq!(known.usable, usable, "{kind}");
    }
    let everyone = client.get(&format!("{path}?forAllUsers=True"));
    assert_eq!(everyone["total-count"], 9);
    let colleague = client.info.certificate("colleague").unwrap();
    let seen = &everyone["certificates"][8]["thumbprint"];
    assert_eq!(*seen, colleague.thumbprint.as_str());
    let page = client.get(&format!("{path}?skip=1&take=2"));
    assert_eq!(page["certificates"].as_array().unwrap()[..], all[1..3]);
    assert_eq!(page["total-count"], 8);
    for wrong in ["take=0", "take=-1", "skip=-1", "take=x", "forAllUsers=2"] {
        assert_eq!(client.call("GET", &format!("{path}?{wrong}"), "").0, 400);
    }
    client.be(1);
    assert_eq!(client.get(&path)["total-count"], 1);
}

#[test]
fn a_certificate_of_the_other_authority_is_not_of_ours() {
    let client = Client::new();
    let issuer = |kind: &str| {
        use der::{Decode as _, Encode as _};
        let thumbprint = &client.info.certificate(kind).unwrap().thumbprint;
        let der = client.world.certificate(thumbprint).unwrap();
        let certificate = x509_cert::Certificate::from_der(&der).unwrap();
        certificate.tbs_certificate.issuer.to_der().unwrap()
    };
    assert_eq!(issuer("dss"), issuer("iron"));
    assert_ne!(issuer("dss"), issuer("foreign-ca"));
}

#[test]
fn what_a_world_tells_can_be_read_back() {
    let mut client = Client::new();
    let (_, body) = client.call("GET", "/_sandbox/world", "");
    assert_eq!(body["extern"]["account"], client.info.account.as_str());
    let read: WorldInfo = serde_json::from_value(body).unwrap();
    assert_eq!(read, client.world.world_info());
}

#[test]
fn docflows_can_be_walked() {
    let mut client = Client::new();
    let list = client.get(&client.path("docflows"));
    assert_eq!(list["total-count"], 5);
    for item in list["docflows-page-item"].as_array().unwrap() {
        let path = client.path(&format!("docflows/{}", item["id"].as_str().unwrap()));
        let docflow = client.get(&path);
        let documents = client.get(&format!("{path}/documents"));
        assert_eq!(docflow["documents"], documents);
        for document in documents.as_array().unwrap() {
            let own = format!("{path}/documents/{}", document["id"].as_str().unwrap());
            assert_eq!(&client.get(&own), document);
            let seen = client.get(&format!("{own}/description"));
            assert_eq!(seen, document["description"]);
            let seen = client.get(&format!("{own}/signatures"));
            assert_eq!(seen, document["signatures"]);
            let id = seen[0]["id"].as_str().unwrap();
            let signature = bytes(&client.get(&format!("{own}/signatures/{id}/content")));
            if document["content"]["decrypted"].is_object() {
                let content = bytes(&client.get(&format!("{own}/decrypted-content")));
                let content = String::from_utf8(content).unwrap();
                assert!(
                    openssl_accepts(&signature, &content, None),
                    "the authority signed"
                );
            }
            let missing = format!("{own}/signatures/x");
            assert_eq!(client.call("GET", &missing, "").0, 404);
        }
    }
    assert_eq!(client.call("GET", &client.path("docflows/x"), "").0, 404);
    let inventory = client.info.replies.inventory_receipt.place.clone();
    let direct = client.path(&format!(
        "docflows/{}/documents/{}",
        inventory.docflow, inventory.document
    ));
    assert_eq!(client.call("GET", &direct, "").0, 404);
    client.get(&inventory.path);
}

#[test]
fn paths_and_methods() {
    let mut client = Client::new();
    let answer = client.raw("DELETE", &client.path("certificates"), "", &[]);
    answer.is(405);
    assert_eq!(answer.headers()["allow"], "GET");
    let error = client.expect(404, "GET", &client.path("nothing"), "");
    assert_eq!(error["status-code"], 404);
    let host = [("host", "sandbox.example:1")];
    let answer = client.raw("GET", &client.path("docflows"), "", &host);
    let body = String::from_utf8(answer.body().to_vec()).unwrap();
    assert!(body.contains("http://sandbox.example:1/v1/"));
}

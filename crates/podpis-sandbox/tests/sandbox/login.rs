//! Who may log in, and what a login is good for.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use podpis_diadoc_proto::LoginPassword;
use podpis_diadoc_proto::prost::Message as _;

use crate::extern_api::cryptography::{decrypt, key};
use crate::support::{Desk, Is as _, header, text};

const CLIENT: &str = "DiadocAuth ddauth_api_client_id=podpis-sandbox-client";

fn at_the_door() -> Desk {
    let mut desk = Desk::new();
    desk.authorization = Some(CLIENT.to_owned());
    desk
}

fn password(login: &str, password: &str) -> Vec<u8> {
    LoginPassword {
        login: login.to_owned(),
        password: password.to_owned(),
    }
    .encode_to_vec()
}

#[test]
fn a_password_opens_in_protobuf_and_in_json_with_keys_of_any_case() {
    let mut desk = at_the_door();
    let info = desk.info();
    let answer = desk.post(
        "/V3/Authenticate?type=password",
        password(&info.login, &info.password),
    );
    answer.is(200);
    let first = text(&answer);
    for (kind, keys) in [
        ("application/json", ("login", "password")),
        ("application/json; charset=utf-8", ("Login", "Password")),
        ("application/json charset=utf-8", ("LOGIN", "PASSWORD")),
    ] {
        let body = format!(
            r#"{{"{}":"{}","{}":"{}"}}"#,
            keys.0, info.login, keys.1, info.password
        );
        let mut request = desk.request("POST", "/v3/authenticate?type=password", body);
        request
            .headers_mut()
            .insert("content-type", kind.parse().unwrap());
        let answer = desk.send(&request);
        answer.is(200);
        assert_ne!(text(&answer), first, "every login gets its own token");
    }
}

#[test]
fn a_token_works_for_a_day() {
    let mut desk = at_the_door();
    let answer = desk.post("/V3/Authenticate?type=sid", desk.info().sid);
    let token = text(&answer);
    for spelling in [
        format!("{CLIENT},ddauth_token={token}"),
        format!("{CLIENT}, ddauth_token={token}"),
        format!("DiadocAuth ddauth_token={token} , ddauth_api_client_id=podpis-sandbox-client"),
    ] {
        desk.authorization = Some(spelling.clone());
        desk.post("/V2/ShelfUpload", "x").is(200);
    }
    desk.wait(Duration::from_secs(24 * 60 * 60 - 1));
    desk.post("/V2/ShelfUpload", "x").is(200);
    desk.wait(Duration::from_secs(1));
    desk.post("/V2/ShelfUpload", "x").is(401);
}

#[test]
fn a_token_needs_its_client_id() {
    let mut desk = at_the_door();
    let answer = desk.post("/V3/Authenticate?type=sid", desk.info().sid);
    let token = text(&answer);
    for header in [
        format!("DiadocAuth ddauth_token={token}"),
        format!("DiadocAuth ddauth_api_client_id=other,ddauth_token={token}"),
        CLIENT.to_owned(),
        format!("{CLIENT},ddauth_token=unknown"),
        "Bearer unknown".to_owned(),
        "Bearer".to_owned(),
        "Basic eDp5".to_owned(),
    ] {
        desk.authorization = Some(header.clone());
        desk.post("/V2/ShelfUpload", "x").is(401);
    }
    desk.authorization = None;
    for path in ["/ShelfDownload", "/CloudSignResult", "/V2/ShelfDownload"] {
        desk.get(path).is(401);
    }
}

#[test]
fn what_does_not_log_in() {
    let mut desk = at_the_door();
    let info = desk.info();
    let good = password(&info.login, &info.password);
    for (path, body, status) in [
        ("/V3/Authenticate", good.clone(), 400),
        ("/V3/Authenticate?type", good.clone(), 400),
        ("/V3/Authenticate?type=", good.clone(), 400),
        ("/V3/Authenticate?type=magic", good.clone(), 400),
        ("/V3/Authenticate?type=certificate", good.clone(), 400),
        ("/V3/Authenticate?type=trust", Vec::new(), 401),
        (
            "/V3/Authenticate?type=password",
            password(&info.login, "wrong"),
            401,
        ),
        (
            "/V3/Authenticate?type=password",
            password("nobody", &info.password),
            401,
        ),
        ("/V3/Authenticate?type=password", Vec::new(), 400),
        ("/V3/Authenticate?type=password", b"\xff\xff".to_vec(), 400),
        ("/V3/Authenticate?type=sid", b"unknown".to_vec(), 401),
        ("/V3/Authenticate?type=sid", Vec::new(), 400),
    ] {
        desk.post(path, body).is(status);
    }
    desk.authorization = Some("DiadocAuth ddauth_api_client_id=unknown".to_owned());
    desk.post("/V3/Authenticate?type=password", good.clone())
        .is(401);
    desk.authorization = None;
    desk.post("/V3/Authenticate?type=password", good).is(401);
}

#[test]
fn revoked_logins_are_401_and_a_new_one_works() {
    let mut desk = at_the_door();
    desk.world.revoke_tokens();
    let sid = desk.info().sid;
    let token = text(&desk.post("/V3/Authenticate?type=sid", sid));
    desk.be(0);
    desk.post("/V2/ShelfUpload", "x").is(401);
    desk.authorization = Some(format!("{CLIENT},ddauth_token={token}"));
    desk.post("/V2/ShelfUpload", "x").is(200);
    desk.world.revoke_tokens();
    desk.post("/V2/ShelfUpload", "x").is(401);
}

#[test]
fn paths_methods_and_trace_ids() {
    let mut desk = Desk::new();
    // Any case, and no files.
    desk.post("/cloudSIGN", "").is(400);
    desk.get("/Nothing").is(404);
    let answer = desk.get("/CloudSign");
    answer.is(405);
    assert_eq!(header(&answer, "allow"), Some("POST"));
    desk.post("/CloudSignResult", "").is(405);
    let ids: Vec<String> = ["/Nothing", "/CloudSignResult", "/_sandbox/health", "/phone"]
        .iter()
        .map(|path| {
            header(&desk.get(path), "x-kontur-trace-id")
                .unwrap()
                .to_owned()
        })
        .collect();
    assert!(ids.iter().all(|id| id.len() == 32));
    assert_ne!(ids[0], ids[1]);
}

/// Logins of older versions: a password in the query.
#[test]
fn older_versions_take_the_password_from_the_query() {
    let mut desk = at_the_door();
    let info = desk.info();
    for path in ["/Authenticate", "/V2/Authenticate", "//v2//Authenticate"] {
        let good = format!("{path}?login={}&password={}", info.login, info.password);
        let token = text(&desk.post(&good, ""));
        desk.authorization = Some(format!("{CLIENT},ddauth_token={token}"));
        desk.post("/V2/ShelfUpload", "x").is(200);
        desk.authorization = Some(CLIENT.to_owned());
        let wrong = desk.post(&format!("{path}?login=a&password=b"), "");
        wrong.is(401);
        assert_eq!(text(&wrong), "Wrong password provided for login a");
        let in_body = desk.post(path, password(&info.login, &info.password));
        in_body.is(400);
        let expected = "Could not deserialize certificate from the request body";
        assert_eq!(text(&in_body), expected);
    }
}

/// A certificate opens when its key decrypts what was encrypted for it.
#[test]
fn a_certificate_opens_in_one_step_or_in_two() {
    let mut desk = at_the_door();
    let external = desk.world.world_info().extern_;
    let thumbprint = external
        .certificate("dss-encryption")
        .unwrap()
        .thumbprint
        .clone();
    let der = desk.world.certificate(&thumbprint).unwrap();
    let key = key("extern-dss-rsa.pem");
    let encrypted = desk.post("/Authenticate", der.clone());
    let token = decrypt(encrypted.body(), &key).unwrap();
    let opens = |desk: &mut Desk, token: &str| {
        desk.authorization = Some(format!("{CLIENT},ddauth_token={token}"));
        desk.post("/V2/ShelfUpload", "x").is(200);
        desk.authorization = Some(CLIENT.to_owned());
    };
    opens(&mut desk, std::str::from_utf8(&token).unwrap());
    for version in [2, 3] {
        for by_body in [false, true] {
            let encrypted = desk.post(
                &format!("/V{version}/Authenticate?type=certificate"),
                der.clone(),
            );
            encrypted.is(200);
            let challenge = STANDARD.encode(decrypt(encrypted.body(), &key).unwrap());
            let challenge = challenge.replace('+', "%2B").replace('=', "%3D");
            let mut path = format!("/V{version}/AuthenticateConfirm?token={challenge}");
            if !by_body {
                path.push_str(&format!("&thumbprint={thumbprint}&saveBinding=False"));
            }
            let body = if by_body { der.clone() } else { Vec::new() };
            let token = text(&desk.post(&path, body.clone()));
            opens(&mut desk, &token);
            // A challenge is good once.
            desk.post(&path, body).is(403);
        }
    }
    let nobody = desk.post(
        "/V3/Authenticate?type=certificate",
        desk.world.ca_pem().to_owned(),
    );
    nobody.is(400);
}

/// A trusted service logs its user in once the user has logged in through it.
#[test]
fn a_trusted_service_opens_for_a_user_who_came_through_it() {
    let mut desk = at_the_door();
    let info = desk.info();
    let mut through = |path: &str, body: Vec<u8>| {
        let mut request = desk.request("POST", path, body);
        for (name, value) in [
            ("x-diadoc-servicekey", "key"),
            ("x-diadoc-serviceuserid", "7"),
        ] {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        desk.send(&request).status()
    };
    assert_eq!(through("/V3/Authenticate?type=trust", Vec::new()), 401);
    let good = password(&info.login, &info.password);
    assert_eq!(through("/V3/Authenticate?type=password", good), 200);
    assert_eq!(through("/V3/Authenticate?type=trust", Vec::new()), 200);
}

//! The identity service.

use crate::support::Is as _;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use podpis_sandbox::{PhoneMode, WorldOptions};
use serde_json::Value;

use super::cryptography::{decrypt, key};
use super::support::{Client, text};

const DEVICE: &str = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code";

fn token(client: &mut Client, form: &str) -> (u16, Value) {
    let known = client.info.clone();
    client.authorization.clear();
    let body = format!(
        "client_id={}&client_secret={}&{form}",
        known.client_id, known.api_key
    );
    client.call("POST", "/connect/token", body)
}

fn error(client: &mut Client, form: &str) -> String {
    let (status, body) = token(client, form);
    assert_eq!(status, 400, "{body}");
    text(&body, "error").to_owned()
}

fn works(client: &mut Client, body: &Value) -> u16 {
    client.authorization = format!("Bearer {}", text(body, "access_token"));
    client.call("GET", "/v1", "").0
}

#[test]
fn by_password_and_refresh() {
    let mut client = Client::new();
    let known = client.info.clone();
    let password = format!(
        "grant_type=password&scope=extern.api&username={}&password={}",
        known.login.replace('@', "%40"),
        known.password
    );
    let (status, body) = token(&mut client, &password);
    assert_eq!(status, 200);
    let seen = (&body["token_type"], &body["expires_in"]);
    assert_eq!(seen, (&"Bearer".into(), &86_400.into()));
    assert_eq!(works(&mut client, &body), 200);
    client.wait(Duration::from_secs(24 * 60 * 60));
    assert_eq!(works(&mut client, &body), 401, "expired");
    let refresh = format!(
        "grant_type=refresh_token&scope=extern.api&refresh_token={}",
        text(&body, "refresh_token")
    );
    let (status, fresh) = token(&mut client, &refresh);
    assert_eq!(status, 200);
    assert_eq!(works(&mut client, &fresh), 200);
    assert_eq!(error(&mut client, &refresh), "invalid_grant", "works once");
    client.world.revoke_tokens();
    assert_eq!(works(&mut client, &fresh), 401);
    let refresh = format!(
        "grant_type=refresh_token&refresh_token={}",
        text(&fresh, "refresh_token")
    );
    assert_eq!(token(&mut client, &refresh).0, 200, "a refresh survives");

    for (form, expected) in [
        (password.replace(&known.password, "wrong"), "invalid_grant"),
        (password.replace("extern.api", "other"), "invalid_scope"),
        (
            password.replace("=password&", "=trusted&"),
            "unsupported_grant_type",
        ),
        (String::new(), "invalid_request"),
        ("grant_type=refresh_token".to_owned(), "invalid_grant"),
        (format!("grant_type={DEVICE}"), "invalid_grant"),
    ] {
        assert_eq!(error(&mut client, &form), expected, "{form}");
    }
    let (status, body) = client.call("POST", "/connect/token", password.clone());
    assert_eq!((status, &body["error"]), (400, &"invalid_client".into()));
    let pair = format!("{}:{}", known.client_id, known.api_key);
    let basic = base64::engine::general_purpose::STANDARD.encode(pair);
    client.authorization = format!("Basic {basic}");
    assert_eq!(client.call("POST", "/connect/token", password).0, 200);
}

#[test]
fn by_code() {
    let mut client = Client::new();
    let id = client.info.client_id.clone();
    let ask = |redirect: &str| {
        format!(
            "/connect/authorize?response_type=code&client_id={id}&scope=openid%20extern.api&redirect_uri={redirect}&state=s%261&nonce=n"
        )
    };
    let redirect = "http%3A%2F%2F127.0.0.1%3A9%2Fback";
    let answer = client.raw("GET", &ask(redirect), "", &[]);
    answer.is(302);
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let location = url::Url::parse(&location).unwrap();
    let part = |name: &str| {
        let location = location.query_pairs().find(|(known, _)| known == name);
        location.unwrap().1.into_owned()
    };
    assert_eq!(part("state"), "s&1");
    let form = format!(
        "grant_type=authorization_code&code={}&redirect_uri={redirect}",
        part("code")
    );
    let (status, body) = token(&mut client, &form);
    assert_eq!(status, 200);
    assert_eq!(body["expires_in"], 3600);
    assert_eq!(works(&mut client, &body), 200);
    assert_eq!(error(&mut client, &form), "invalid_grant", "works once");
    for wrong in [
        ask("nonsense"),
        ask(redirect).replace("=code", "=token"),
        ask(redirect).replace(&id, "other"),
    ] {
        client.raw("GET", &wrong, "", &[]).is(400);
    }
}

#[test]
fn on_another_device() {
    let mut client = Client::new();
    let known = client.info.clone();
    let begin = |client: &mut Client| {
        let body = format!(
            "client_id={}&client_secret={}&scope=extern.api",
            known.client_id, known.api_key
        );
        let body = client.expect(200, "POST", "/connect/deviceauthorization", body);
        let seen = (&body["interval"], &body["expires_in"]);
        assert_eq!(seen, (&3.into(), &300.into()));
        format!(
            "grant_type={DEVICE}&scope=extern.api&device_code={}",
            text(&body, "device_code")
        )
    };
    let form = begin(&mut client);
    assert_eq!(error(&mut client, &form), "authorization_pending");
    client.wait(Duration::from_secs(1));
    assert_eq!(error(&mut client, &form), "slow_down");
    client.wait(Duration::from_secs(8));
    assert_eq!(error(&mut client, &form), "authorization_pending");
    let operation = client.operation();
    client.world.confirm(&operation).unwrap();
    client.wait(Duration::from_secs(8));
    let (status, body) = token(&mut client, &form);
    assert_eq!(status, 200);
    assert_eq!(works(&mut client, &body), 200);
    assert_eq!(error(&mut client, &form), "invalid_grant", "used");
    let counters = client.counters();
    assert_eq!((counters.pushes_sent, counters.confirmations), (0, 0));

    let form = begin(&mut client);
    let operation = client.operation();
    client.world.decline(&operation).unwrap();
    assert_eq!(error(&mut client, &form), "access_denied");
    let form = begin(&mut client);
    client.wait(Duration::from_secs(301));
    assert_eq!(error(&mut client, &form), "expired_token");
    client.phone(PhoneMode::Confirm);
    let form = begin(&mut client);
    assert_eq!(token(&mut client, &form).0, 200);
    client.expect(400, "POST", "/connect/deviceauthorization", "client_id=x");
}

#[test]
fn the_life_of_a_token_can_have_another_name() {
    use podpis_sandbox::{ExternOptions, ExternSpelling, TokenLifetimeName};
    let spelling = ExternSpelling::default().token_lifetime(TokenLifetimeName::Expires);
    let options = WorldOptions::default()
        .token_life(Duration::from_secs(60))
        .extern_options(ExternOptions::default().spelling(spelling));
    let mut client = Client::with(options);
    let form = format!(
        "grant_type=password&scope=extern.api+auth.sid&username={}&password={}",
        client.info.login, client.info.password
    );
    let (_, body) = token(&mut client, &form);
    assert_eq!(body["expires"], 60);
    assert!(body.get("expires_in").is_none());
}

/// What was encrypted for a certificate opens in the portal and by OpenID Connect, once.
#[test]
fn by_certificate() {
    let mut client = Client::new();
    let known = client.info.clone();
    let thumbprint = &known.certificate("dss-encryption").unwrap().thumbprint;
    let der = client.world.certificate(thumbprint).unwrap();
    let key = key("extern-dss-rsa.pem");
    client.authorization.clear();
    let quest = client.expect(200, "POST", "/auth/v5.12/authenticate-by-cert", der.clone());
    assert!(quest["TrustedThumbprints"].is_null());
    let link = text(&quest["Link"], "Href");
    let link = &link[link.find("/auth/").unwrap()..];
    let secret = decrypt(&decoded(&quest, "EncryptedKey"), &key).unwrap();
    let wrong = client.expect(403, "POST", link, "wrong");
    assert_eq!(text(&wrong, "Code"), "WrongKey");
    let session = client.expect(200, "POST", link, secret.clone());
    assert_eq!(text(&session, "Sid"), known.sid);
    client.expect(403, "POST", link, secret);
    for (body, code) in [
        (b"none".to_vec(), "CertUnreadable"),
        (
            client
                .world
                .certificate(&known.certificate("expired").unwrap().thumbprint)
                .unwrap(),
            "CertNotValid",
        ),
    ] {
        let refused = client.expect(403, "POST", "/auth/v5.12/authenticate-by-cert", body);
        assert_eq!(text(&refused, "Code"), code);
    }

    let escaped = |bytes: &[u8]| {
        let text = STANDARD.encode(bytes);
        text.replace('+', "%2B")
            .replace('/', "%2F")
            .replace('=', "%3D")
    };
    let form = format!(
        "client_id={}&client_secret={}&public_key={}&free=False",
        known.client_id,
        known.api_key,
        escaped(&der)
    );
    let quest = client.expect(200, "POST", "/authentication/certificate", form);
    assert!(quest["trusted_thumbprints"].is_null());
    let secret = decrypt(&decoded(&quest, "encrypted_key"), &key).unwrap();
    let grant = format!(
        "grant_type=certificate&scope=extern.api&thumbprint={thumbprint}&decrypted_key={}",
        escaped(&secret)
    );
    let (status, body) = token(&mut client, &grant);
    assert_eq!(status, 200, "{body}");
    assert_eq!(works(&mut client, &body), 200);
    assert_eq!(error(&mut client, &grant), "invalid_grant", "works once");
}

fn decoded(body: &Value, name: &str) -> Vec<u8> {
    STANDARD.decode(text(body, name)).unwrap()
}

//! Login by browser.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::{CLIENT, builder, stage};
use crate::ErrorKind;
use crate::login::oidc::CodeLogin;

const BACK: &str = "http://127.0.0.1:9000/back";

fn parameters(login: &CodeLogin) -> BTreeMap<String, String> {
    login.url().query_pairs().into_owned().collect()
}

fn id_token(nonce: &str) -> String {
    let claims = BASE64_URL_SAFE_NO_PAD.encode(format!(r#"{{"sub":"me","nonce":"{nonce}"}}"#));
    format!("e30.{claims}.sig")
}

#[tokio::test]
async fn the_browser_is_sent_out_with_state_and_nonce_and_the_code_is_exchanged() {
    let (script, _, provider) = stage();
    let login = provider.authorize(BACK).unwrap();
    let sent = parameters(&login);
    assert_eq!(login.url().path(), "/connect/authorize");
    let names: Vec<_> = sent.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "client_id",
            "nonce",
            "redirect_uri",
            "response_type",
            "scope",
            "state"
        ]
    );
    assert_eq!(sent["response_type"], "code");
    assert_eq!(sent["client_id"], "my-program");
    assert_eq!(sent["redirect_uri"], BACK);
    assert_eq!(sent["scope"], "openid extern.api");
    assert_eq!(sent["state"], login.state());
    assert!(sent["nonce"].len() >= 20 && sent["nonce"] != sent["state"]);
    let another = provider.authorize(BACK).unwrap();
    assert_ne!(another.state(), login.state());

    let id = id_token(&sent["nonce"]);
    script.json(
        200,
        &format!(
            r#"{{"access_token":"access-1","expires_in":3600,"token_type":"Bearer","id_token":"{id}"}}"#
        ),
    );
    let callback = format!("{BACK}?code=c%2F1&state={}&scope=openid#x", login.state());
    let tokens = login.finish(&callback).await.unwrap();
    assert_eq!(tokens.access_token().expose(), "access-1");
    assert_eq!(
        script.requests(),
        [format!(
            "/connect/token grant_type=authorization_code&code=c%2F1&{CLIENT}\
             &redirect_uri=http%3A%2F%2F127.0.0.1%3A9000%2Fback"
        )]
    );
}

#[tokio::test]
async fn a_callback_of_another_login_sends_nothing() {
    let (script, _, provider) = stage();
    let login = provider.authorize(BACK).unwrap();
    for callback in [
        "",
        "code=1",
        "code=1&state=",
        "code=1&state=other",
        "error=access_denied",
    ] {
        let error = login.finish(callback).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Login);
        assert!(error.to_string().contains("another login"), "{error}");
    }
    let declined = format!(
        "?state={}&error=access_denied&error_description=no%0Away",
        login.state()
    );
    let error = login.finish(&declined).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "login by browser: refused (access_denied: no way)"
    );
    let error = login
        .finish(&format!("state={}&code=", login.state()))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("no code"), "{error}");
    assert!(script.requests().is_empty());
}

#[tokio::test]
async fn an_identity_token_of_another_login_is_refused() {
    for id in [id_token("other"), "e30.e30.sig".to_owned(), "x".to_owned()] {
        let (script, _, provider) = stage();
        let login = provider.authorize(BACK).unwrap();
        script.json(
            200,
            &format!(r#"{{"access_token":"a","token_type":"Bearer","id_token":"{id}"}}"#),
        );
        let callback = format!("code=1&state={}", login.state());
        let error = login.finish(&callback).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Login);
        assert!(error.to_string().contains("another login"), "{error}");
    }
}

#[tokio::test]
async fn pkce_is_sent_where_it_is_switched_on() {
    let (script, time, _) = stage();
    let provider = builder(&script, &time)
        .scope("openid")
        .pkce(true)
        .build()
        .unwrap();
    let login = provider.authorize("https://me.example.com/back").unwrap();
    let sent = parameters(&login);
    assert_eq!(sent["code_challenge_method"], "S256");
    assert_eq!(sent["scope"], "extern.api openid");
    script.tokens("a", "");
    login
        .finish(&format!("code=1&state={}", login.state()))
        .await
        .unwrap();
    let request = script.requests().remove(0);
    let verifier = request
        .split('&')
        .find_map(|pair| pair.strip_prefix("code_verifier="))
        .unwrap();
    assert_eq!(verifier.len(), 43);
    assert!(!login.url().as_str().contains(verifier));
}

#[test]
fn a_code_is_sent_only_where_it_stays_private() {
    let (_, _, provider) = stage();
    for good in [
        "https://me.example.com/back?x=1",
        "http://localhost:1/",
        "http://[::1]:1/",
        "com.example.app:/back",
    ] {
        assert!(provider.authorize(good).is_ok(), "{good}");
    }
    for bad in [
        "",
        "back",
        "http://me.example.com/back",
        "https://me.example.com/#x",
        "javascript:alert(1)",
        "file:///tmp/x",
    ] {
        let error = provider.authorize(bad).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{bad}");
    }
}

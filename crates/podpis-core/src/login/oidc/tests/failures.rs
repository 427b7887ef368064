//! Logins that fail: what is said, what is sent again, what is not printed.

use podpis_transport::Delivery;

use super::{builder, stage};
use crate::call::Effect;
use crate::login::oidc::{ClientSecret, OidcCredentials};
use crate::secret::{Password, Token};
use crate::{Error, ErrorChain, ErrorKind};

async fn refused(status: u16, body: &str) -> Error {
    let (script, _, provider) = stage();
    script.json(status, body);
    let error = provider
        .password("me", &Password::new("PASSWORD-1"))
        .await
        .unwrap_err();
    assert_eq!(script.requests().len(), 1, "a status is not sent again");
    assert_eq!(error.effect(), Some(Effect::NotApplied));
    error
}

#[tokio::test]
async fn the_services_code_and_words_are_told() {
    let body = r#"{"error":"invalid_grant","error_description":"bad\n  login","error_status":"x"}"#;
    let error = refused(400, body).await;
    assert_eq!(error.kind(), ErrorKind::Login);
    assert_eq!(
        error.to_string(),
        "login by password: the login or the password is not accepted (400: invalid_grant: bad login) \
         [trace id trace-1]"
    );
    let service = error.service().unwrap();
    assert_eq!(service.endpoint, "ConnectToken");
    assert_eq!(service.code.as_deref(), Some("invalid_grant"));
    assert_eq!(service.trace_id.as_deref(), Some("trace-1"));
    assert!(!error.is_transient());
}

#[tokio::test]
async fn a_long_description_is_cut_and_nothing_else_of_the_body_is_shown() {
    let long = "я".repeat(1_000);
    let body = format!(r#"{{"error":"x","error_description":"{long}","other":"SECRET-1"}}"#);
    let error = refused(400, &body).await;
    let shown = format!("{error:?}");
    assert_eq!(error.to_string().matches('я').count(), 200);
    assert!(!shown.contains("SECRET-1"), "{shown}");
}

#[tokio::test]
async fn a_second_factor_is_named() {
    let error = refused(
        400,
        r#"{"error":"invalid_grant","partial_factor_token":"SECRET-1","required_factors":
            [{"grant_type":"certificate","identity":"PERSON-1"},{"grant_type":"totp"}]}"#,
    )
    .await;
    assert_eq!(error.kind(), ErrorKind::Login);
    assert!(
        error.to_string().starts_with(
            "login by password: a second factor is wanted (certificate, totp), and this program does not"
        ),
        "{error}"
    );
    let shown = format!("{error} {error:?}");
    assert!(
        !shown.contains("SECRET-1") && !shown.contains("PERSON-1"),
        "{shown}"
    );
    let error = refused(400, r#"{"error":"x","partial_factor_token":"SECRET-1"}"#).await;
    assert!(error.to_string().contains("a second factor is wanted"));
}

#[tokio::test]
async fn other_answers_are_a_failed_login_too() {
    let error = refused(401, r#"{"error":"invalid_client"}"#).await;
    assert!(error.to_string().contains("the client secret"), "{error}");
    let error = refused(502, "<html>SECRET-1</html>").await;
    assert!(error.to_string().contains("an HTML page"), "{error}");
    assert!(error.is_transient() && !format!("{error:?}").contains("SECRET-1"));
    for body in ["", "[]", r#"{"error":7}"#, "SECRET-1"] {
        let error = refused(400, body).await;
        assert_eq!(error.kind(), ErrorKind::Login, "{body}");
        assert_eq!(
            error.to_string(),
            "login by password: the identity service refused (400) [trace id trace-1]"
        );
    }
    let error = refused(200, r#"{"error":"invalid_scope"}"#).await;
    assert_eq!(error.kind(), ErrorKind::Login);
}

#[tokio::test]
async fn only_a_request_that_never_left_is_sent_again() {
    let (script, time, provider) = stage();
    script
        .nothing(Delivery::NotSent)
        .nothing(Delivery::NotSent)
        .tokens("a", "");
    provider.refresh(&Token::new("r")).await.unwrap();
    assert_eq!(script.requests().len(), 3);
    assert!(!time.slept().is_zero());

    let (script, _, provider) = stage();
    for _ in 0..3 {
        script.nothing(Delivery::NotSent);
    }
    let error = provider.refresh(&Token::new("r")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoAnswer);
    assert_eq!(script.requests().len(), 3);

    let (script, _, provider) = stage();
    script.nothing(Delivery::Unknown);
    let error = provider.refresh(&Token::new("r")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoAnswer);
    assert!(error.is_transient() && !error.may_have_been_applied());
    assert_eq!(script.requests().len(), 1);
    assert_eq!(
        ErrorChain(&error).to_string(),
        "login by refresh token: no answer: no connection to the server"
    );
}

#[tokio::test]
async fn secrets_are_not_printed() {
    let (script, time, _) = stage();
    let settings = builder(&script, &time);
    let mut shown = format!("{settings:?} {:?}", ClientSecret::new("key/1"));
    let provider = settings.build().unwrap();
    script.tokens("ACCESS-1", "REFRESH-1");
    let tokens = provider
        .password("me", &Password::new("PASSWORD-1"))
        .await
        .unwrap();
    let code = provider.authorize("https://me.example.com/back").unwrap();
    shown += &format!("{provider:?} {tokens:?} {code:?}");
    let credentials =
        OidcCredentials::tokens(provider, tokens).or_password("me", Password::new("PASSWORD-1"));
    shown += &format!("{credentials:?}");
    for secret in ["key/1", "ACCESS-1", "REFRESH-1", "PASSWORD-1", code.state()] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    assert!(shown.contains("identity.example.com"), "{shown}");
}

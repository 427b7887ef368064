//! What is sent for a login in one request, and how its answer is read.

use std::time::Duration;

use super::{CLIENT, JSON, Script, builder, stage};
use crate::login::oidc::{ClientSecret, OidcProvider, identity, scope};
use crate::secret::{Password, Token};
use crate::wait::ManualTime;
use crate::{BaseUrl, ErrorKind};

#[tokio::test]
async fn a_password_goes_into_the_form_with_the_client_and_nothing_into_a_header() {
    let (script, time, _) = stage();
    let provider = builder(&script, &time)
        .scope(scope::EXTERN_TEST_TOOLS)
        .build()
        .unwrap();
    script.tokens("access-1", "refresh-1");
    let tokens = provider
        .password("me@x", &Password::new("p&ss=ü"))
        .await
        .unwrap();
    assert_eq!(tokens.access_token().expose(), "access-1");
    assert_eq!(tokens.refresh_token().unwrap().expose(), "refresh-1");
    assert_eq!(tokens.lifetime(), Some(Duration::from_secs(600)));
    assert_eq!(
        script.requests(),
        [format!(
            "/connect/token grant_type=password&username=me%40x&password=p%26ss%3D%C3%BC\
             &scope=extern.api+extern.test-tools&{CLIENT}"
        )]
    );
    let state = script.0.lock().unwrap();
    let request = &state.requests[0];
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri().host(), Some("identity.example.com"));
    let mut headers: Vec<_> = request.headers().iter().collect();
    headers.sort_by_key(|(name, _)| name.as_str());
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    assert_eq!(
        headers,
        [
            ("accept", "application/json"),
            ("content-type", "application/x-www-form-urlencoded")
        ]
    );
}

#[tokio::test]
async fn a_refresh_token_goes_into_the_form() {
    let (script, _, provider) = stage();
    script.tokens("access-2", "");
    let tokens = provider.refresh(&Token::new("refresh-1")).await.unwrap();
    assert!(tokens.refresh_token().is_none());
    assert_eq!(
        script.requests(),
        [format!(
            "/connect/token grant_type=refresh_token&refresh_token=refresh-1&scope=extern.api&{CLIENT}"
        )]
    );
}

#[tokio::test]
async fn every_spelling_of_a_lifetime_is_read_and_none_is_needed() {
    for (body, lifetime) in [
        (r#""expires_in":3600,"token_type":"Bearer""#, Some(3_600)),
        (r#""expires":3600,"token_type":"bearer""#, Some(3_600)),
        (r#""expires_in":60,"expires":3600"#, Some(60)),
        (r#""expires_in":null,"expires":"300""#, Some(300)),
        (r#""token_type":"Bearer""#, None),
        (r#""expires":"soon","token_type":null"#, None),
        (r#""expires_in":-1"#, None),
        (
            r#""expires_in":18446744073709551615"#,
            Some(10 * 365 * 86_400),
        ),
    ] {
        let (script, _, provider) = stage();
        script.json(200, &format!(r#"{{"access_token":"a",{body}}}"#));
        let tokens = provider.password("me", &Password::new("p")).await.unwrap();
        assert_eq!(
            tokens.lifetime(),
            lifetime.map(Duration::from_secs),
            "{body}"
        );
    }
}

#[tokio::test]
async fn what_is_no_bearer_token_is_an_unreadable_answer() {
    for (content_type, body) in [
        (JSON, r#"{"access_token":"","token_type":"Bearer"}"#),
        (JSON, r#"{"access_token":"a b","token_type":"Bearer"}"#),
        (JSON, r#"{"access_token":"a\nb","token_type":"Bearer"}"#),
        (JSON, r#"{"access_token":"SECRET-1","token_type":"mac"}"#),
        (JSON, r#"{"access_token":["SECRET-1"]}"#),
        (JSON, "SECRET-1"),
        (JSON, ""),
        ("text/plain", r#"{"access_token":"SECRET-1"}"#),
        ("text/html", "<!DOCTYPE html><p>SECRET-1"),
    ] {
        let (script, _, provider) = stage();
        script.answer(200, content_type, body);
        let error = provider
            .password("me", &Password::new("p"))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{body}");
        let shown = format!("{error} {error:?} {}", crate::ErrorChain(&error));
        assert!(!shown.contains("SECRET"), "{shown}");
        assert!(shown.contains("[trace id trace-1]"), "{shown}");
        assert_eq!(error.to_string().contains("HTML"), body.starts_with('<'));
    }
}

#[test]
fn a_provider_wants_a_client_and_scopes() {
    let build = |id: &str, secret: &str, scopes: &[&str]| {
        let base: BaseUrl = identity::TEST.parse().unwrap();
        let secret = ClientSecret::new(secret);
        let mut builder =
            OidcProvider::builder(base, id, secret, Script::default(), ManualTime::new());
        for scope in scopes {
            builder = builder.scope(*scope);
        }
        builder.build()
    };
    assert!(build("id", "key", &[scope::DIADOC]).is_ok());
    for (id, secret, scopes) in [
        (" ", "key", &["a"][..]),
        ("id", "", &["a"]),
        ("id", "key", &[]),
        ("id", "key", &["a b"]),
        ("id", "key", &[""]),
    ] {
        let error = build(id, secret, scopes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
    assert!(identity::PRODUCTION.parse::<BaseUrl>().is_ok());
}

//! Staying logged in.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::{Either, select};
use podpis_transport::Delivery;

use super::{Script, stage};
use crate::ErrorKind;
use crate::login::oidc::{OidcCredentials, OidcProvider, Tokens};
use crate::login::{Authorization, SharedCredentials, TokenSource as _};
use crate::secret::{Password, Token};

fn bearer(authorization: &Authorization) -> &str {
    let value = &authorization.headers()[http::header::AUTHORIZATION];
    assert!(value.is_sensitive());
    value.to_str().unwrap()
}

fn by_password(provider: OidcProvider) -> OidcCredentials {
    OidcCredentials::password(provider, "me", Password::new("p"))
}

/// What the program was told to keep.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<String>>>);

impl Kept {
    fn hook(&self) -> impl Fn(&Tokens) + Send + Sync + 'static {
        let kept = self.0.clone();
        move |tokens| {
            let refresh = tokens.refresh_token().map_or("-", Token::expose);
            kept.lock().unwrap().push(refresh.to_owned());
        }
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn the_first_token_is_by_password_and_later_ones_by_refresh_tokens_that_rotate() {
    let (script, time, provider) = stage();
    let kept = Kept::default();
    let credentials: SharedCredentials = by_password(provider).on_tokens(kept.hook()).into();
    script
        .tokens("a1", "r1")
        .tokens("a2", "r2")
        .tokens("a3", "")
        .tokens("a4", "");
    for access in ["a1", "a2", "a3", "a4"] {
        for _ in 0..3 {
            let authorization = credentials.authorization().await.unwrap();
            assert_eq!(bearer(&authorization), format!("Bearer {access}"));
        }
        time.advance(Duration::from_secs(541));
    }
    assert_eq!(
        script.grant_types(),
        [
            "password",
            "refresh_token",
            "refresh_token",
            "refresh_token"
        ]
    );
    let requests = script.requests();
    for (request, token) in requests[1..].iter().zip(["r1", "r2", "r2"]) {
        assert!(
            request.contains(&format!("refresh_token={token}&")),
            "{request}"
        );
    }
    assert_eq!(kept.all(), ["r1", "r2", "r2", "r2"]);
}

#[tokio::test]
async fn a_refresh_token_that_is_refused_leads_to_the_password_where_there_is_one() {
    let (script, _, provider) = stage();
    let credentials: SharedCredentials =
        OidcCredentials::refresh_token(provider, Token::new("OLD-1"))
            .or_password("me", Password::new("p"))
            .into();
    script.error("invalid_grant").tokens("a1", "");
    let first = credentials.authorization().await.unwrap();
    assert_eq!(bearer(&first), "Bearer a1");
    script.tokens("a2", "");
    let second = credentials.renew(&first).await.unwrap().unwrap();
    assert_eq!(bearer(&second), "Bearer a2");
    assert_eq!(
        script.grant_types(),
        ["refresh_token", "password", "password"],
        "a refused refresh token is not used again"
    );
}

#[tokio::test]
async fn without_a_password_the_person_is_told_to_log_in_again() {
    let (script, _, provider) = stage();
    let credentials = OidcCredentials::refresh_token(provider, Token::new("OLD-1"));
    script.error("invalid_grant");
    let error = credentials.fetch().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Login);
    assert!(error.to_string().contains("log in again"), "{error}");
    assert!(error.to_string().contains("invalid_grant"), "{error}");
    assert!(!format!("{error:?}").contains("OLD-1"));
    let error = credentials.fetch().await.unwrap_err();
    assert!(error.to_string().contains("log in again"), "{error}");
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test]
async fn a_failure_that_passes_keeps_the_refresh_token_and_spares_the_password() {
    let (script, _, provider) = stage();
    let credentials = OidcCredentials::refresh_token(provider, Token::new("r1"))
        .or_password("me", Password::new("p"));
    script
        .json(503, "")
        .nothing(Delivery::Unknown)
        .error("invalid_client")
        .tokens("a1", "");
    let kinds = [ErrorKind::Login, ErrorKind::NoAnswer, ErrorKind::Login];
    for kind in kinds {
        assert_eq!(credentials.fetch().await.unwrap_err().kind(), kind);
    }
    credentials.fetch().await.unwrap();
    assert_eq!(script.grant_types(), ["refresh_token"; 4]);
}

async fn logged_in(script: &Script, provider: &OidcProvider) -> Tokens {
    script.tokens("a1", "r1");
    provider.password("me", &Password::new("p")).await.unwrap()
}

#[tokio::test]
async fn tokens_of_a_login_that_is_done_are_used_for_what_is_left_of_their_life() {
    let (script, time, provider) = stage();
    let tokens = logged_in(&script, &provider).await;
    time.advance(Duration::from_secs(300));
    let credentials: SharedCredentials = OidcCredentials::tokens(provider, tokens).into();
    for _ in 0..2 {
        let authorization = credentials.authorization().await.unwrap();
        assert_eq!(bearer(&authorization), "Bearer a1");
        time.advance(Duration::from_secs(239));
    }
    script.tokens("a2", "");
    let authorization = credentials.authorization().await.unwrap();
    assert_eq!(bearer(&authorization), "Bearer a2");
    assert_eq!(script.grant_types(), ["password", "refresh_token"]);
}

#[tokio::test]
async fn tokens_that_have_ended_are_not_sent() {
    let (script, time, provider) = stage();
    let tokens = logged_in(&script, &provider).await;
    time.advance(Duration::from_secs(600));
    let credentials: SharedCredentials = OidcCredentials::tokens(provider, tokens).into();
    script.tokens("a2", "");
    let authorization = credentials.authorization().await.unwrap();
    assert_eq!(bearer(&authorization), "Bearer a2");
}

#[tokio::test]
async fn twenty_callers_cause_one_login() {
    let (script, _, provider) = stage();
    let credentials: SharedCredentials = by_password(provider).into();
    script.tokens("a1", "r1");
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let credentials = credentials.clone();
            tokio::spawn(async move { credentials.authorization().await.map(drop) })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test]
async fn a_call_that_is_given_up_does_not_lose_the_new_refresh_token() {
    let (script, time, provider) = stage();
    let kept = Kept::default();
    let credentials =
        OidcCredentials::refresh_token(provider, Token::new("r1")).on_tokens(kept.hook());
    script.slowly(&time, Duration::from_secs(30));
    script.tokens("a1", "r2").tokens("a2", "r3");
    let sent = async {
        while script.requests().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    let sent = pin!(sent);
    let first = select(credentials.fetch(), sent).await;
    assert!(matches!(&first, Either::Right(_)));
    drop(first);
    credentials.fetch().await.unwrap();
    assert_eq!(kept.all(), ["r2", "r3"]);
    assert!(script.requests()[1].contains("refresh_token=r2&"));
}

//! Login by OpenID Connect, and calls with what it gave.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use podpis::core::call::{Call, Caller, Endpoint, Replay};
use podpis::core::login::SharedCredentials;
use podpis::core::login::oidc::{ClientSecret, OidcCredentials, OidcProvider, scope};
use podpis::secret::{Password, Token};
use podpis::{Deadline, ErrorKind};
use podpis_sandbox::{
    ExternOptions, ExternSpelling, Fault, PhoneMode, TokenLifetimeName, WorldOptions,
};

use crate::stage::Stage;

static ACCOUNTS: Endpoint = Endpoint {
    name: "Accounts",
    method: http::Method::GET,
    path: "/v1",
    replay: Replay::Safe,
};

fn provider(stage: &Stage) -> OidcProvider {
    let seeded = stage.sandbox.world_info().extern_;
    OidcProvider::builder(
        "http://localhost".parse().unwrap(),
        seeded.client_id,
        ClientSecret::new(seeded.api_key),
        stage.transport(),
        stage.time.clone(),
    )
    .scope(scope::EXTERN)
    .build()
    .unwrap()
}

fn by_password(stage: &Stage) -> OidcCredentials {
    let seeded = stage.sandbox.world_info().extern_;
    let password = Password::new(seeded.password);
    OidcCredentials::password(provider(stage), seeded.login, password)
}

fn caller(stage: &Stage, credentials: impl Into<SharedCredentials>) -> Caller {
    let base = "http://localhost".parse().unwrap();
    Caller::builder(base, stage.transport(), stage.time.clone())
        .credentials(credentials)
        .build()
}

async fn asks(caller: &Caller) -> Result<(), podpis::Error> {
    caller.call(Call::new(&ACCOUNTS)).await.map(drop)
}

#[tokio::test]
async fn a_password_opens_the_service_and_refresh_tokens_keep_it_open() {
    for name in [TokenLifetimeName::ExpiresIn, TokenLifetimeName::Expires] {
        let spelling = ExternSpelling::default().token_lifetime(name);
        let options = WorldOptions::default()
            .token_life(Duration::from_secs(600))
            .extern_options(ExternOptions::default().spelling(spelling));
        let stage = Stage::in_process(options).await;
        let kept = Arc::new(Mutex::new(Vec::new()));
        let keep = kept.clone();
        let credentials = by_password(&stage).on_tokens(move |tokens| {
            keep.lock()
                .unwrap()
                .push(tokens.refresh_token().unwrap().expose().to_owned());
        });
        let caller = caller(&stage, credentials);
        for _ in 0..3 {
            asks(&caller).await.unwrap();
            asks(&caller).await.unwrap();
            stage.time.advance(Duration::from_secs(541));
        }
        assert_eq!(stage.calls("ConnectToken"), 3, "renewed before its end");
        assert_eq!(stage.calls("Accounts"), 6, "no call was refused");
        let kept = kept.lock().unwrap();
        assert_eq!(kept.len(), 3);
        assert!(kept[0] != kept[1] && kept[1] != kept[2], "{kept:?}");
    }
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_once_and_the_call_repeated() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let caller = caller(&stage, by_password(&stage));
    asks(&caller).await.unwrap();
    stage.sandbox.revoke_tokens();
    asks(&caller).await.unwrap();
    assert_eq!(stage.calls("ConnectToken"), 2);
    assert_eq!(stage.calls("Accounts"), 3);
}

#[tokio::test]
async fn a_kept_refresh_token_works_once() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let seeded = stage.sandbox.world_info().extern_;
    let provider = provider(&stage);
    let tokens = provider
        .password(&seeded.login, &Password::new(seeded.password))
        .await
        .unwrap();
    let kept = Token::new(tokens.refresh_token().unwrap().expose());
    let first = OidcCredentials::refresh_token(provider.clone(), kept.clone());
    asks(&caller(&stage, first)).await.unwrap();
    let second = OidcCredentials::refresh_token(provider, kept);
    let error = asks(&caller(&stage, second)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Login);
    assert!(error.to_string().contains("log in again"), "{error}");
    assert!(!error.may_have_been_applied());
    assert_eq!(stage.calls("Accounts"), 1, "nothing is sent without login");
}

#[tokio::test]
async fn a_wrong_password_is_told_once() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let seeded = stage.sandbox.world_info().extern_;
    let credentials =
        OidcCredentials::password(provider(&stage), seeded.login, Password::new("wrong-1"));
    let error = asks(&caller(&stage, credentials)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Login);
    assert!(
        error
            .to_string()
            .starts_with("login by password: the login or the password is not accepted"),
        "{error}"
    );
    assert!(!format!("{error:?}").contains("wrong-1"));
    assert_eq!(stage.calls("ConnectToken"), 1);
}

#[tokio::test]
async fn a_person_confirms_a_login_on_another_device() {
    let delay = Duration::from_secs(20);
    let options = WorldOptions::default().phone(PhoneMode::Confirm, delay);
    let stage = Stage::in_process(options).await;
    let provider = provider(&stage);
    let login = provider.start_device().await.unwrap();
    assert_eq!(login.user_code().len(), 8);
    assert_eq!(login.verification_uri().host_str(), Some("localhost"));
    stage.inject(Fault::on("ConnectToken").call(2).status(503));
    let tokens = login.wait(Deadline::minutes(5)).await.unwrap();
    let failed = stage.sandbox.requests();
    assert!(failed.iter().any(|request| request.status == Some(503)));
    let waited = stage.time.slept();
    assert!(
        waited >= delay && waited < delay + Duration::from_secs(15),
        "{waited:?}"
    );
    let credentials = OidcCredentials::tokens(provider, tokens);
    let polls = stage.calls("ConnectToken");
    asks(&caller(&stage, credentials)).await.unwrap();
    assert_eq!(stage.calls("ConnectToken"), polls);
}

#[tokio::test]
async fn a_person_declines_or_does_nothing() {
    for (mode, words) in [
        (PhoneMode::Decline, "the person declined"),
        (PhoneMode::Silent, "not confirmed in time"),
    ] {
        let options = WorldOptions::default().phone(mode, Duration::from_secs(4));
        let stage = Stage::in_process(options).await;
        let login = provider(&stage).start_device().await.unwrap();
        let error = login.wait(Deadline::minutes(60)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Login);
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[tokio::test]
async fn a_browser_comes_back_with_a_code_that_works_once() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let provider = provider(&stage);
    let login = provider.authorize("http://127.0.0.1:1/back?x=1").unwrap();
    let browser = http::Request::get(login.url().as_str())
        .body(Bytes::new())
        .unwrap();
    let answer = stage.sandbox.handle(&browser);
    let back = answer.headers()[http::header::LOCATION].to_str().unwrap();
    let tokens = login.finish(back).await.unwrap();
    assert_eq!(tokens.lifetime(), Some(Duration::from_secs(3_600)));
    let credentials = OidcCredentials::tokens(provider, tokens);
    asks(&caller(&stage, credentials)).await.unwrap();
    let error = login.finish(back).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the code of the browser is not accepted"),
        "{error}"
    );
}

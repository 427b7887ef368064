//! The ways to log in.

use podpis::core::login::HeaderCredentials;
use podpis::secret::{ApiClientId, Password, Token};
use podpis::{Begin, Deadline, DiadocLogin, ErrorKind, File};
use podpis_sandbox::{Fault, WorldOptions};

use crate::stage::Stage;

async fn signs(stage: &Stage, login: DiadocLogin) -> Result<(), podpis::Error> {
    let diadoc = stage.builder_with(login).build();
    let signing = diadoc.cloud_sign([File::bytes("a.txt", "a")]);
    signing
        .run(&mut stage.person(), Deadline::minutes(5))
        .await
        .map(drop)
}

#[tokio::test]
async fn password_sid_bearer_and_headers_all_work() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let seeded = stage.sandbox.world_info().diadoc;
    let client = || ApiClientId::new(seeded.api_client_id.as_str());
    signs(
        &stage,
        DiadocLogin::password(
            client(),
            seeded.login.as_str(),
            Password::new(seeded.password.as_str()),
        ),
    )
    .await
    .unwrap();
    signs(
        &stage,
        DiadocLogin::sid(client(), Token::new(seeded.sid.as_str())),
    )
    .await
    .unwrap();
    assert_eq!(stage.calls("Authenticate"), 2);
    signs(
        &stage,
        DiadocLogin::bearer(&Token::new(seeded.token.as_str())),
    )
    .await
    .unwrap();
    let bearer = format!("Bearer {}", seeded.token).parse().unwrap();
    let headers = HeaderCredentials::new([(http::header::AUTHORIZATION, bearer)]);
    signs(&stage, DiadocLogin::other(headers)).await.unwrap();
    assert_eq!(
        stage.calls("Authenticate"),
        2,
        "a token that is there is not asked for"
    );
}

#[tokio::test]
async fn a_wrong_password_is_told_once_and_in_words() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let seeded = stage.sandbox.world_info().diadoc;
    let login = DiadocLogin::password(
        ApiClientId::new(seeded.api_client_id),
        seeded.login,
        Password::new("wrong"),
    );
    let error = signs(&stage, login).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Login);
    assert!(
        error
            .to_string()
            .starts_with("Diadoc did not accept the login"),
        "{error}"
    );
    assert!(!error.may_have_been_applied());
    assert_eq!(stage.calls("Authenticate"), 1);
    assert_eq!(stage.calls("CloudSign"), 0);
}

#[tokio::test]
async fn an_empty_bearer_token_is_an_error_before_anything_is_sent() {
    let stage = Stage::in_process(WorldOptions::default()).await;
    let error = signs(&stage, DiadocLogin::bearer(&Token::new(" ")))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(stage.sandbox.requests().is_empty());
}

#[tokio::test]
async fn a_token_that_ends_at_any_call_is_renewed_once_and_the_call_repeated() {
    for endpoint in [
        "CloudSign",
        "CloudSignResult",
        "CloudSignConfirm",
        "CloudSignConfirmResult",
    ] {
        let stage = Stage::in_process(WorldOptions::default()).await;
        stage.inject(Fault::on(endpoint).call(1).revoke_tokens());
        signs(&stage, stage.login()).await.unwrap();
        assert_eq!(stage.calls("Authenticate"), 2, "{endpoint}");
        assert_eq!(stage.sandbox.counters().sms_sent, 1, "{endpoint}");
    }
}

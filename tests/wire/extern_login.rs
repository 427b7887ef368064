//! The logins of Extern.
//!
//! **Invariant:** a bearer or a session goes with every call and is never renewed by the client itself.

use std::sync::atomic::{AtomicU64, Ordering};

use http::HeaderValue;
use http::header::AUTHORIZATION;
use podpis::core::login::{Authorization, Credentials};
use podpis::secret::{ApiClientId, ConfirmationCode, Token};
use podpis::{Begin, Error, ErrorKind, ExternLogin, MemoryJournal, ReqwestTransport};

use super::extern_requests::{ACCOUNTS, BY_SMS, DRAFT};
use super::extern_server::{ExternWire, SMS, account, draft, refuses};
use super::server::Sent;

#[tokio::test]
async fn a_session_goes_with_the_api_key() {
    let login = ExternLogin::sid(&Token::new(" s+i/d== "), &ApiClientId::new("00112233-key"));
    let wire = ExternWire::with_login(&ReqwestTransport::new().unwrap(), login).await;
    wire.client.accounts().await.unwrap();
    wire.client
        .account(&account())
        .draft(&draft())
        .await
        .unwrap();
    let headers = [
        ("authorization", "auth.sid s+i/d=="),
        ("x-kontur-apikey", "00112233-key"),
    ];
    let sent = [ACCOUNTS, DRAFT].map(|exact| exact.by(&headers));
    (*wire).got(&sent).await;
}

#[tokio::test]
async fn a_login_that_cannot_be_sent_sends_nothing() {
    for login in [
        ExternLogin::bearer(&Token::new("")),
        ExternLogin::bearer(&Token::new("a\nb")),
        ExternLogin::sid(&Token::new("a\nb"), &ApiClientId::new("key")),
        ExternLogin::sid(&Token::new("sid"), &ApiClientId::new("k\u{7}ey")),
    ] {
        let wire = ExternWire::with_login(&ReqwestTransport::new().unwrap(), login).await;
        let error = wire.client.accounts().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert!(!error.may_have_been_applied());
        (*wire).got(&[]).await;
    }
}

/// A login that can be renewed.
#[derive(Debug, Default)]
struct Renewable(AtomicU64);

impl Renewable {
    fn number(&self) -> Authorization {
        let number = self.0.load(Ordering::Relaxed);
        let value = HeaderValue::try_from(format!("Bearer {number}")).unwrap();
        Authorization::new([(AUTHORIZATION, value)], number)
    }
}

#[async_trait::async_trait]
impl Credentials for Renewable {
    async fn authorization(&self) -> Result<Authorization, Error> {
        Ok(self.number())
    }

    async fn renew(&self, _stale: &Authorization) -> Result<Option<Authorization>, Error> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(Some(self.number()))
    }
}

/// A 401 did nothing, so even a start and a code go again, once.
#[tokio::test]
async fn a_login_that_ended_is_renewed_and_the_same_request_goes_again() {
    let login = ExternLogin::other(podpis::core::login::SharedCredentials::new(
        Renewable::default(),
    ));
    let wire = ExternWire::with_login(&ReqwestTransport::new().unwrap(), login).await;
    wire.script("DraftCloudSign", &[refuses(401), SMS]);
    wire.script("DraftCloudSignConfirm", &[refuses(401).first()]);
    let journal = MemoryJournal::new();
    let signing = wire.client.account(&account()).sign_draft(&draft());
    let mut run = signing.start(&journal).await.unwrap();
    let code = ConfirmationCode::new("739 155");
    run.confirm(code).await.unwrap();
    let [before @ .., start, code, _] = BY_SMS else {
        panic!("a start, a code and a look");
    };
    let sent = [
        (start, "Bearer 0"),
        (start, "Bearer 1"),
        (code, "Bearer 1"),
        (code, "Bearer 2"),
    ];
    let before = before.iter().map(|exact| (exact, "Bearer 0"));
    let sent: Vec<Sent> = before
        .chain(sent)
        .map(|(exact, login)| exact.by(&[("authorization", login)]))
        .collect();
    (*wire).got(&sent).await;
}

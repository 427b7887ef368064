//! How the client logs in.
//!
//! **Invariant:** the current scheme is an OpenID Connect bearer; everything older goes by headers that the
//! program makes.

use std::fmt;

use http::{HeaderName, HeaderValue};
use podpis_core::login::oidc::{ClientSecret, OidcCredentials, OidcProvider, identity, scope};
use podpis_core::login::{Authorization, Credentials, HeaderCredentials, SharedCredentials};
use podpis_core::secret::{ApiClientId, Password, Token};
use podpis_core::wait::SharedTime;
use podpis_core::{BaseUrl, Error, ErrorKind};
use podpis_transport::SharedTransport;

/// A way to log in to Kontur.Extern.
#[derive(Clone)]
pub struct ExternLogin(Way);

#[derive(Clone)]
enum Way {
    Password(Box<ByPassword>),
    Other(SharedCredentials),
}

/// A login at the identity service.
#[derive(Clone)]
struct ByPassword {
    /// Production unless another one is named.
    identity: Option<BaseUrl>,
    client_id: String,
    api_key: ClientSecret,
    login: String,
    password: Password,
}

impl ExternLogin {
    /// Login and password of a person, and the client id and API key of the program. The token is got from the identity
    /// service when it is needed, and again when it is old; the service is that of production unless
    /// [`at_identity`](Self::at_identity) names another.
    ///
    /// What is empty is an error of the first call.
    pub fn password(
        client_id: impl Into<String>,
        api_key: ClientSecret,
        login: impl Into<String>,
        password: Password,
    ) -> Self {
        Self(Way::Password(Box::new(ByPassword {
            identity: None,
            client_id: client_id.into(),
            api_key,
            login: login.into(),
            password,
        })))
    }

    /// Where a login by [`password`](Self::password) goes, for example to [`identity::TEST`]. Other logins go nowhere, and
    /// stay as they are.
    #[must_use]
    pub fn at_identity(mut self, identity: BaseUrl) -> Self {
        if let Way::Password(way) = &mut self.0 {
            way.identity = Some(identity);
        }
        self
    }

    /// An access token. It is not renewed; for that, give
    /// [`OidcCredentials`](podpis_core::login::oidc::OidcCredentials) to [`ExternLogin::other`].
    #[must_use]
    pub fn bearer(token: &Token) -> Self {
        Self(Way::Other(or_invalid(HeaderCredentials::bearer(token))))
    }

    /// A Kontur session id (`auth.sid`) and the API key: the scheme before OpenID Connect.
    #[must_use]
    pub fn sid(sid: &Token, api_key: &ApiClientId) -> Self {
        let header = |text: String| {
            HeaderValue::try_from(text).map_err(|_| {
                Error::new(
                    ErrorKind::InvalidInput,
                    "the session id or the API key has characters that a header cannot hold",
                )
            })
        };
        let headers = header(format!("auth.sid {}", sid.expose().trim())).and_then(|sid| {
            let key = header(api_key.expose().trim().to_owned())?;
            Ok(HeaderCredentials::new([
                (http::header::AUTHORIZATION, sid),
                (HeaderName::from_static("x-kontur-apikey"), key),
            ]))
        });
        Self(Way::Other(or_invalid(headers)))
    }

    /// Any other way, for example OpenID Connect with renewal.
    pub fn other(credentials: impl Into<SharedCredentials>) -> Self {
        Self(Way::Other(credentials.into()))
    }

    /// `transport` and `time` are those of the client.
    pub(crate) fn into_credentials(
        self,
        transport: &SharedTransport,
        time: &SharedTime,
    ) -> SharedCredentials {
        match self.0 {
            Way::Other(credentials) => credentials,
            Way::Password(way) => match way.credentials(transport, time) {
                Ok(credentials) => credentials.into(),
                Err(error) => Invalid(error).into(),
            },
        }
    }
}

impl ByPassword {
    fn credentials(
        self,
        transport: &SharedTransport,
        time: &SharedTime,
    ) -> Result<OidcCredentials, Error> {
        let identity = match self.identity {
            Some(identity) => identity,
            None => identity::PRODUCTION.parse().map_err(|error| {
                let text = "the address of the identity service cannot be used";
                Error::new(ErrorKind::InvalidInput, text).with_source(error)
            })?,
        };
        let provider = OidcProvider::builder(
            identity,
            self.client_id,
            self.api_key,
            transport.clone(),
            time.clone(),
        );
        let provider = provider.scope(scope::EXTERN).build()?;
        Ok(OidcCredentials::password(
            provider,
            self.login,
            self.password,
        ))
    }
}

impl fmt::Debug for ExternLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExternLogin([redacted])")
    }
}

fn or_invalid(headers: Result<HeaderCredentials, Error>) -> SharedCredentials {
    match headers {
        Ok(headers) => headers.into(),
        Err(error) => Invalid(error).into(),
    }
}

/// A login that cannot be sent; the first call says why.
#[derive(Debug)]
struct Invalid(Error);

#[async_trait::async_trait]
impl Credentials for Invalid {
    async fn authorization(&self) -> Result<Authorization, Error> {
        Err(self.0.clone())
    }

    async fn renew(&self, _stale: &Authorization) -> Result<Option<Authorization>, Error> {
        Err(self.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use bytes::Bytes;
    use podpis_core::wait::SystemTimer;
    use podpis_transport::{HttpRequest, HttpResponse, Transport, TransportError};

    use super::*;

    /// Writes down what is sent to whom, and gives a token.
    #[derive(Clone, Debug, Default)]
    struct Recording(Arc<Mutex<Vec<(String, String)>>>);

    #[async_trait::async_trait]
    impl Transport for Recording {
        async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
            let (head, body) = request.into_parts();
            let body = String::from_utf8(body.to_vec()).unwrap();
            self.0.lock().unwrap().push((head.uri.to_string(), body));
            let answer = Bytes::from_static(br#"{"access_token":"t","expires_in":86400}"#);
            Ok(HttpResponse::new(answer))
        }
    }

    async fn log_in(login: ExternLogin) -> (Result<Authorization, Error>, Vec<(String, String)>) {
        let transport = Recording::default();
        let credentials = login.into_credentials(
            &SharedTransport::new(transport.clone()),
            &SystemTimer::new().into(),
        );
        let got = credentials.authorization().await;
        let sent = transport.0.lock().unwrap().clone();
        (got, sent)
    }

    fn by_password(client_id: &str) -> ExternLogin {
        let key = ClientSecret::new("key-6");
        ExternLogin::password(client_id, key, "me@x", Password::new("pass-8"))
    }

    #[tokio::test]
    async fn a_password_is_sent_once_to_the_identity_service_of_production() {
        let (got, sent) = log_in(by_password("program")).await;
        let headers = got.unwrap();
        assert_eq!(headers.headers()["authorization"], "Bearer t");
        let [(address, form)] = &sent[..] else {
            panic!("{sent:?}");
        };
        assert_eq!(address, "https://identity.kontur.ru/connect/token");
        for part in [
            "grant_type=password",
            "client_id=program",
            "client_secret=key-6",
            "username=me%40x",
            "password=pass-8",
            "scope=extern.api",
        ] {
            assert!(form.split('&').any(|one| one == part), "{part}: {form}");
        }
    }

    #[tokio::test]
    async fn another_identity_service_can_be_named() {
        let login = by_password("program").at_identity(identity::TEST.parse().unwrap());
        let (_, sent) = log_in(login).await;
        assert!(
            sent[0].0.starts_with("https://identity.testkontur.ru/"),
            "{sent:?}"
        );
    }

    #[tokio::test]
    async fn what_is_empty_is_told_by_the_first_call_and_nothing_is_sent() {
        let (got, sent) = log_in(by_password(" ")).await;
        assert_eq!(got.unwrap_err().kind(), ErrorKind::InvalidInput);
        assert!(sent.is_empty());
    }

    #[test]
    fn debug_output_has_no_login() {
        let shown = format!("{:?}", by_password("program"));
        assert_eq!(shown, "ExternLogin([redacted])");
    }
}

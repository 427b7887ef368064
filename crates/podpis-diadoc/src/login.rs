//! How the client logs in.
//!
//! **Invariant:** the Authorization header is built only from values without commas and line ends, and without a
//! space after the comma, as the official SDKs send it.

use std::fmt;
use std::time::Duration;

use http::HeaderValue;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use podpis_core::call::{Call, Caller};
use podpis_core::login::{
    HeaderCredentials, LoginToken, SharedCredentials, TokenCredentials, TokenSource,
};
use podpis_core::secret::{ApiClientId, Password, Token};
use podpis_core::wait::SharedTime;
use podpis_core::{Error, ErrorKind};
use podpis_diadoc_proto::LoginPassword;
use podpis_diadoc_proto::prost::Message as _;

use crate::endpoints::AUTHENTICATE;

/// How long a token of `/V3/Authenticate` lives.
const TOKEN_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// A way to log in to Diadoc.
#[derive(Clone, Debug)]
pub struct DiadocLogin(Way);

#[derive(Clone)]
enum Way {
    Password {
        client: ApiClientId,
        login: String,
        password: Password,
    },
    Sid {
        client: ApiClientId,
        sid: Token,
    },
    Other(SharedCredentials),
    Invalid(Error),
}

impl DiadocLogin {
    /// Login and password; the token is got when it is needed, and again when it is old.
    pub fn password(client: ApiClientId, login: impl Into<String>, password: Password) -> Self {
        Self(Way::Password {
            client,
            login: login.into(),
            password,
        })
    }

    /// A Kontur session id (`auth.sid`), exchanged for a token when one is needed.
    #[must_use]
    pub fn sid(client: ApiClientId, sid: Token) -> Self {
        Self(Way::Sid { client, sid })
    }

    /// An OpenID Connect access token. It is not renewed: for that, give
    /// [`OidcCredentials`](podpis_core::login::oidc::OidcCredentials) to [`DiadocLogin::other`].
    #[must_use]
    pub fn bearer(token: &Token) -> Self {
        Self(
            HeaderCredentials::bearer(token)
                .map_or_else(Way::Invalid, |headers| Way::Other(headers.into())),
        )
    }

    /// Any other way, for example an older scheme by
    /// [`HeaderCredentials`].
    pub fn other(credentials: impl Into<SharedCredentials>) -> Self {
        Self(Way::Other(credentials.into()))
    }

    /// `bare` calls the same service without login and with permits of its own: a login must not wait for the
    /// calls that wait for it.
    pub(crate) fn credentials(self, bare: Caller, time: SharedTime) -> SharedCredentials {
        match self.0 {
            Way::Other(credentials) => credentials,
            way => TokenCredentials::new(Authenticate { way, bare }, time).into(),
        }
    }
}

impl fmt::Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password {
                client: _,
                login: _,
                password: _,
            } => "Password([redacted])",
            Self::Sid { client: _, sid: _ } => "Sid([redacted])",
            Self::Other(_) => "Other([redacted])",
            Self::Invalid(_) => "Invalid",
        })
    }
}

#[derive(Debug)]
struct Authenticate {
    way: Way,
    bare: Caller,
}

#[async_trait::async_trait]
impl TokenSource for Authenticate {
    async fn fetch(&self) -> Result<LoginToken, Error> {
        let (client, call) = match &self.way {
            Way::Password {
                client,
                login,
                password,
            } => {
                let body = LoginPassword::new(login.as_str(), password.expose()).encode_to_vec();
                (
                    client,
                    Call::new(&AUTHENTICATE)
                        .query("type", "password")
                        .body(body),
                )
            }
            Way::Sid { client, sid } => (
                client,
                Call::new(&AUTHENTICATE)
                    .query("type", "sid")
                    .header(CONTENT_TYPE, HeaderValue::from_static("text/plain"))
                    .body(sid.expose().to_owned()),
            ),
            Way::Invalid(error) => return Err(error.clone()),
            Way::Other(_) => {
                return Err(Error::new(
                    ErrorKind::Login,
                    "these credentials make no token",
                ));
            }
        };
        let answer = self
            .bare
            .call(call.header(AUTHORIZATION, header(client, None)?))
            .await
            .map_err(describe)?;
        let token = std::str::from_utf8(answer.body())
            .ok()
            .map(str::trim)
            .filter(|token| !token.is_empty() && !token.contains(char::is_whitespace))
            .ok_or_else(|| answer.unreadable("it is not a token"))?;
        let header =
            header(client, Some(token)).map_err(|_| answer.unreadable("it is not a token"))?;
        Ok(LoginToken::new(AUTHORIZATION, header, Some(TOKEN_LIFE)))
    }
}

/// `DiadocAuth ddauth_api_client_id=…[,ddauth_token=…]`
fn header(client: &ApiClientId, token: Option<&str>) -> Result<HeaderValue, Error> {
    let allowed = |text: &str| !text.is_empty() && !text.contains([',', '\r', '\n']);
    let client = client.expose().trim();
    let mut text = format!("DiadocAuth ddauth_api_client_id={client}");
    let mut fits = allowed(client);
    if let Some(token) = token {
        fits &= allowed(token);
        text.push_str(",ddauth_token=");
        text.push_str(token);
    }
    let value = HeaderValue::try_from(text).ok().filter(|_| fits);
    let mut value = value.ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidInput,
            "the API client id is empty or has characters that a header cannot hold",
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// Which status a wrong password gets is not documented, so 400, 401 and 403 all mean it.
fn describe(error: Error) -> Error {
    let Some(answer) = error.service() else {
        return error;
    };
    match answer.status.as_u16() {
        400 | 401 | 403 => {
            let text = format!(
                "Diadoc did not accept the login, the password or the API client id ({error})"
            );
            error.with_kind(ErrorKind::Login, text)
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_can_add_a_parameter_to_the_header() {
        for bad in ["", "a,ddauth_token=x", "a\r\nX: y"] {
            assert!(header(&ApiClientId::new(bad), None).is_err(), "{bad:?}");
        }
        let good = header(&ApiClientId::new("id"), Some("a+b/c==")).unwrap();
        assert_eq!(
            good,
            "DiadocAuth ddauth_api_client_id=id,ddauth_token=a+b/c=="
        );
        assert!(good.is_sensitive());
    }

    #[test]
    fn debug_output_has_no_login() {
        let login = DiadocLogin::password(
            ApiClientId::new("client-7"),
            "me@x",
            Password::new("pass-8"),
        );
        let shown = format!("{login:?}");
        assert!(
            !shown.contains("client-7") && !shown.contains("pass-8"),
            "{shown}"
        );
    }
}

//! Login by a browser that comes back to the program with a code.
//!
//! **Invariant:** a code is exchanged only when it came back with the `state` that this login sent out, and an
//! identity token that comes with it must hold this login's `nonce`.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use oauth2::{
    AuthorizationCode, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
};
use serde::Deserialize;
use serde_json::Value;
use url::{Host, Url, form_urlencoded};

use super::refusal::{Step, failed, tidy};
use super::{OidcProvider, Tokens, provider, scope};
use crate::secret::Token;
use crate::{Error, ErrorKind};

/// A login by browser that has begun: send the person to [`url`](Self::url), and hand what comes back to
/// [`finish`](Self::finish).
#[derive(Clone)]
pub struct CodeLogin {
    provider: OidcProvider,
    url: Url,
    redirect: RedirectUrl,
    state: Token,
    nonce: Token,
    verifier: Option<Token>,
}

impl OidcProvider {
    /// Begins a login by browser. `redirect_uri` is the program's own address, spelled as it is registered:
    /// https, this machine, or a scheme of the program's own.
    ///
    /// Nothing is sent yet.
    ///
    /// # Errors
    /// When `redirect_uri` is not an address that a code may be sent to.
    pub fn authorize(&self, redirect_uri: &str) -> Result<CodeLogin, Error> {
        let redirect = RedirectUrl::new(redirect_uri.to_owned())
            .ok()
            .filter(|redirect| is_private(redirect.url()) && redirect.url().fragment().is_none())
            .ok_or_else(|| {
                let text = "the redirect address must be https, http on this machine, or of a scheme \
                            with a dot, and without a fragment";
                Error::new(ErrorKind::InvalidInput, text)
            })?;
        let client = self.client().set_redirect_uri(redirect.clone());
        let nonce = CsrfToken::new_random();
        let mut request = client.authorize_url(CsrfToken::new_random);
        if !self.wants(scope::OPENID) {
            request = request.add_scope(Scope::new(scope::OPENID.to_owned()));
        }
        request = request
            .add_scopes(self.scopes())
            .add_extra_param("nonce", nonce.secret().as_str());
        let mut verifier = None;
        if self.pkce() {
            let (challenge, secret) = PkceCodeChallenge::new_random_sha256();
            request = request.set_pkce_challenge(challenge);
            verifier = Some(Token::new(secret.into_secret()));
        }
        let (url, state) = request.url();
        Ok(CodeLogin {
            provider: self.clone(),
            url,
            redirect,
            state: Token::new(state.into_secret()),
            nonce: Token::new(nonce.into_secret()),
            verifier,
        })
    }
}

impl CodeLogin {
    /// Where to send the person's browser.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// What tells this login from others when the browser comes back: its parameter `state`.
    #[must_use]
    pub fn state(&self) -> &str {
        self.state.expose()
    }

    /// Ends the login. `callback` is the address that the browser came back to, or its query alone.
    ///
    /// # Errors
    /// [`ErrorKind::Login`] when the person declined or the address belongs to another login; else as
    /// [`OidcProvider::password`].
    pub async fn finish(&self, callback: &str) -> Result<Tokens, Error> {
        let code = self.code(callback)?;
        let exchange = self.provider.exchange(Step::Code);
        let client = self.provider.client();
        let mut request = client
            .exchange_code(code)
            .set_redirect_uri(Cow::Borrowed(&self.redirect));
        if let Some(verifier) = &self.verifier {
            let verifier = PkceCodeVerifier::new(verifier.expose().to_owned());
            request = request.set_pkce_verifier(verifier);
        }
        let answer = request.request_async(&exchange).await.ok();
        let id_token = answer.as_ref().and_then(|answer| answer.id_token());
        if id_token.is_some_and(|id| nonce_of(id).as_deref() != Some(self.nonce.expose())) {
            return Err(another_login());
        }
        provider::tokens(answer, &exchange)
    }

    fn code(&self, callback: &str) -> Result<AuthorizationCode, Error> {
        let callback = callback.split('#').next().unwrap_or_default();
        let query = callback
            .split_once('?')
            .map_or(callback, |(_, query)| query);
        let parameter = |wanted: &str| {
            form_urlencoded::parse(query.as_bytes())
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value.into_owned())
        };
        if parameter("state").as_deref() != Some(self.state.expose()) {
            return Err(another_login());
        }
        if let Some(error) = parameter("error") {
            let parts = [Some(error), parameter("error_description")];
            let parts: Vec<String> = parts
                .into_iter()
                .flatten()
                .filter_map(|part| tidy(&Value::String(part)))
                .collect();
            let text = format!("login by browser: refused ({})", parts.join(": "));
            return Err(failed(ErrorKind::Login, text));
        }
        match parameter("code").filter(|code| !code.is_empty()) {
            Some(code) => Ok(AuthorizationCode::new(code)),
            None => Err(failed(
                ErrorKind::Login,
                "login by browser: the address has no code",
            )),
        }
    }
}

impl fmt::Debug for CodeLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodeLogin")
            .field("provider", &self.provider)
            .finish_non_exhaustive()
    }
}

fn another_login() -> Error {
    failed(
        ErrorKind::Login,
        "login by browser: what came back belongs to another login: begin again",
    )
}

/// The `nonce` of an identity token. It came straight from the service over https, so its signature adds
/// nothing.
fn nonce_of(id_token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Claims {
        nonce: Option<String>,
    }
    let payload = id_token.split('.').nth(1)?.trim_end_matches('=');
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?;
    serde_json::from_slice::<Claims>(&bytes).ok()?.nonce
}

/// Whether what is sent there stays private: https, this machine, or an application's own scheme.
pub(super) fn is_private(url: &Url) -> bool {
    let here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    };
    match url.scheme() {
        "https" => url.host().is_some(),
        "http" => here,
        // A scheme of an application's own has a dot, as RFC 8252 wants; `javascript` and `file` have none.
        other => other.contains('.'),
    }
}

//! Where and as whom a program logs in, and the logins that take one request.
//!
//! **Invariant:** the addresses come from the identity service's [`BaseUrl`], which is https or this machine, and
//! the client's id and secret go into the form, never into a header.

use std::fmt;
use std::sync::Arc;

use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
};
use oauth2::{
    AuthType, AuthUrl, ClientId, DeviceAuthorizationUrl, EndpointNotSet, EndpointSet, RefreshToken,
    ResourceOwnerPassword, ResourceOwnerUsername, Scope, StandardRevocableToken, TokenUrl,
};
use podpis_transport::SharedTransport;
use url::Url;

use super::exchange::Exchange;
use super::refusal::Step;
use super::tokens::TokenAnswer;
use super::{ClientSecret, Tokens};
use crate::call::RepeatPolicy;
use crate::secret::{Password, Token};
use crate::wait::SharedTime;
use crate::{BaseUrl, Error, ErrorKind};

pub(super) type Client = oauth2::Client<
    BasicErrorResponse,
    TokenAnswer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// An identity service as one program sees it. Cheap to clone.
#[derive(Clone)]
pub struct OidcProvider(Arc<Inner>);

struct Inner {
    identity: BaseUrl,
    authorize: Url,
    token: Url,
    device: Url,
    client_id: String,
    client_secret: ClientSecret,
    scopes: Vec<String>,
    pkce: bool,
    transport: SharedTransport,
    time: SharedTime,
    repeat: RepeatPolicy,
}

/// Settings of an [`OidcProvider`].
#[must_use = "nothing is made until `build`"]
pub struct OidcProviderBuilder {
    identity: BaseUrl,
    client_id: String,
    client_secret: ClientSecret,
    scopes: Vec<String>,
    pkce: bool,
    transport: SharedTransport,
    time: SharedTime,
    repeat: RepeatPolicy,
}

impl OidcProvider {
    /// Starts with what cannot be left out; a scope is wanted too. The usual addresses are in
    /// [`identity`](super::identity).
    pub fn builder(
        identity: BaseUrl,
        client_id: impl Into<String>,
        client_secret: ClientSecret,
        transport: impl Into<SharedTransport>,
        time: impl Into<SharedTime>,
    ) -> OidcProviderBuilder {
        OidcProviderBuilder {
            identity,
            client_id: client_id.into(),
            client_secret,
            scopes: Vec::new(),
            pkce: false,
            transport: transport.into(),
            time: time.into(),
            repeat: RepeatPolicy::default(),
        }
    }

    /// The identity service's address.
    #[must_use]
    pub fn identity(&self) -> &BaseUrl {
        &self.0.identity
    }

    /// The clock that lifetimes and pauses are taken on.
    #[must_use]
    pub fn time(&self) -> &SharedTime {
        &self.0.time
    }

    /// Logs in by login and password.
    ///
    /// # Errors
    /// [`ErrorKind::Login`] when the service refuses or wants a second factor, [`ErrorKind::NoAnswer`] and
    /// [`ErrorKind::UnreadableAnswer`] as for any call.
    pub async fn password(&self, login: &str, password: &Password) -> Result<Tokens, Error> {
        let exchange = self.exchange(Step::Password);
        let client = self.client();
        let login = ResourceOwnerUsername::new(login.to_owned());
        let password = ResourceOwnerPassword::new(password.expose().to_owned());
        let request = client.exchange_password(&login, &password);
        let answer = request
            .add_scopes(self.scopes())
            .request_async(&exchange)
            .await;
        tokens(answer.ok(), &exchange)
    }

    /// Gets other tokens for a refresh token. It may be good for one use: if the answer has another one, keep
    /// that.
    ///
    /// # Errors
    /// As [`OidcProvider::password`].
    pub async fn refresh(&self, refresh_token: &Token) -> Result<Tokens, Error> {
        let exchange = self.exchange(Step::Refresh);
        let client = self.client();
        let refresh_token = RefreshToken::new(refresh_token.expose().to_owned());
        let request = client.exchange_refresh_token(&refresh_token);
        let answer = request
            .add_scopes(self.scopes())
            .request_async(&exchange)
            .await;
        tokens(answer.ok(), &exchange)
    }

    /// Made for each request: the crate's own copy of the secret is not wiped, so it lives as short as can be.
    pub(super) fn client(&self) -> Client {
        let Inner {
            authorize,
            token,
            device,
            client_id,
            client_secret,
            ..
        } = &*self.0;
        oauth2::Client::new(ClientId::new(client_id.clone()))
            .set_client_secret(oauth2::ClientSecret::new(client_secret.expose().to_owned()))
            .set_auth_type(AuthType::RequestBody)
            .set_auth_uri(AuthUrl::from_url(authorize.clone()))
            .set_device_authorization_url(DeviceAuthorizationUrl::from_url(device.clone()))
            .set_token_uri(TokenUrl::from_url(token.clone()))
    }

    pub(super) fn exchange(&self, step: Step) -> Exchange {
        // A poll comes again by itself.
        let repeat = match step {
            Step::DevicePoll => RepeatPolicy::never(),
            _ => self.0.repeat,
        };
        Exchange::new(self.0.transport.clone(), self.0.time.clone(), repeat, step)
    }

    pub(super) fn scopes(&self) -> impl Iterator<Item = Scope> + '_ {
        self.0.scopes.iter().cloned().map(Scope::new)
    }

    pub(super) fn wants(&self, scope: &str) -> bool {
        self.0.scopes.iter().any(|wanted| wanted == scope)
    }

    pub(super) fn scope_text(&self) -> String {
        self.0.scopes.join(" ")
    }

    pub(super) fn pkce(&self) -> bool {
        self.0.pkce
    }
}

/// The tokens of an answer, or why there are none.
pub(super) fn tokens(answer: Option<TokenAnswer>, exchange: &Exchange) -> Result<Tokens, Error> {
    let answer = answer.ok_or_else(|| exchange.error())?;
    Tokens::read(&answer, exchange.asked())
        .ok_or_else(|| exchange.unreadable("it has no bearer token that can be sent"))
}

impl OidcProviderBuilder {
    /// Adds what the token is to be good for; the usual ones are in [`scope`](super::scope).
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// Binds the codes of a login by browser to this program (PKCE). Off unless switched on, because the
    /// services do not document it.
    pub fn pkce(mut self, on: bool) -> Self {
        self.pkce = on;
        self
    }

    /// How often a request is sent again that never left. Others are not.
    pub fn repeat(mut self, policy: RepeatPolicy) -> Self {
        self.repeat = policy;
        self
    }

    /// Makes the provider.
    ///
    /// # Errors
    /// When the client's id or secret is blank, or a scope is missing or is not one word.
    pub fn build(self) -> Result<OidcProvider, Error> {
        let wrong = |text: &str| Err(Error::new(ErrorKind::InvalidInput, text));
        if self.client_id.trim().is_empty() || self.client_secret.expose().trim().is_empty() {
            return wrong("the client id or the client secret of the identity service is empty");
        }
        let one_word = |scope: &String| !scope.is_empty() && !scope.contains(char::is_whitespace);
        if self.scopes.is_empty() || !self.scopes.iter().all(one_word) {
            return wrong("name at least one scope, each of one word, for example extern.api");
        }
        let url = |path: &str| {
            self.identity.as_url().join(path).map_err(|error| {
                let text = "the address of the identity service cannot be used";
                Error::new(ErrorKind::InvalidInput, text).with_source(error)
            })
        };
        Ok(OidcProvider(Arc::new(Inner {
            authorize: url("connect/authorize")?,
            token: url("connect/token")?,
            device: url("connect/deviceauthorization")?,
            identity: self.identity,
            client_id: self.client_id.trim().to_owned(),
            client_secret: ClientSecret::new(self.client_secret.expose().trim()),
            scopes: self.scopes,
            pkce: self.pkce,
            transport: self.transport,
            time: self.time,
            repeat: self.repeat,
        })))
    }
}

fn show(
    name: &str,
    identity: &BaseUrl,
    scopes: &[String],
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    f.debug_struct(name)
        .field("identity", &identity.as_url().as_str())
        .field("scopes", &scopes)
        .finish_non_exhaustive()
}

impl fmt::Debug for OidcProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show("OidcProvider", &self.0.identity, &self.0.scopes, f)
    }
}

impl fmt::Debug for OidcProviderBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show("OidcProviderBuilder", &self.identity, &self.scopes, f)
    }
}

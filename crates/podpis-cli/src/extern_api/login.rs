//! Decides as whom Extern is talked to.
//!
//! `EXTERN_TOKEN` wins; else `EXTERN_CLIENT_ID`, `EXTERN_API_KEY`, `EXTERN_LOGIN` and `EXTERN_PASSWORD` log in at the
//! identity service.
//!
//! **Invariant:** seeded values go to the sandbox that they came from and to nobody else.

use podpis::core::login::oidc::{ClientSecret, OidcCredentials, OidcProvider, identity, scope};
use podpis::core::wait::SystemTimer;
use podpis::secret::{Password, Token};
use podpis::{BaseUrl, ExternLogin, ReqwestTransport};
use podpis_sandbox::ExternInfo;

use crate::connection::parse;
use crate::environment::{
    self, EXTERN_API_KEY, EXTERN_CLIENT_ID, EXTERN_IDENTITY_URL, EXTERN_LOGIN, EXTERN_PASSWORD,
    EXTERN_TOKEN,
};
use crate::failure::Failure;
use crate::messages::Message;

/// The login as the environment gives it.
pub(super) struct Given {
    token: Option<String>,
    client: Option<String>,
    key: Option<String>,
    login: Option<String>,
    password: Option<String>,
    identity: Option<String>,
}

impl Given {
    pub(super) fn read() -> Result<Self, Failure> {
        Ok(Self {
            token: environment::value(EXTERN_TOKEN)?,
            client: environment::value(EXTERN_CLIENT_ID)?,
            key: environment::value(EXTERN_API_KEY)?,
            login: environment::value(EXTERN_LOGIN)?,
            password: environment::value(EXTERN_PASSWORD)?,
            identity: environment::plain(EXTERN_IDENTITY_URL)?,
        })
    }

    /// The login, if all of it is there.
    pub(super) fn complete(self, transport: &ReqwestTransport) -> Result<ExternLogin, Failure> {
        if let Some(token) = self.token {
            return Ok(ExternLogin::bearer(&Token::new(token)));
        }
        let identity = match &self.identity {
            Some(url) => parse(EXTERN_IDENTITY_URL, url)?,
            None => parse(EXTERN_IDENTITY_URL, identity::PRODUCTION)?,
        };
        match (self.client, self.key, self.login, self.password) {
            (Some(client), Some(key), Some(login), Some(password)) => {
                by_password(identity, client, key, login, password, transport)
            }
            (client, key, login, password) => {
                let missing: Vec<&str> = [
                    (EXTERN_CLIENT_ID, client),
                    (EXTERN_API_KEY, key),
                    (EXTERN_LOGIN, login),
                    (EXTERN_PASSWORD, password),
                ]
                .into_iter()
                .filter_map(|(name, value)| value.is_none().then_some(name))
                .collect();
                let missing = missing.join(", ");
                Err(Failure::usage(Message::MissingExternCredentials(missing)))
            }
        }
    }

    /// Nothing but what this sandbox has shown to anybody who asked.
    pub(super) fn only_of(self, world: &ExternInfo) -> Self {
        Self {
            token: self.token.filter(|token| *token == world.token),
            client: None,
            key: None,
            login: None,
            password: None,
            identity: None,
        }
    }

    /// The login with what is missing from the sandbox, which is its own identity service.
    pub(super) fn seeded(
        self,
        base: &BaseUrl,
        world: &ExternInfo,
        transport: &ReqwestTransport,
    ) -> Result<ExternLogin, Failure> {
        if let Some(token) = self.token {
            return Ok(ExternLogin::bearer(&Token::new(token)));
        }
        by_password(
            base.clone(),
            self.client.unwrap_or_else(|| world.client_id.clone()),
            self.key.unwrap_or_else(|| world.api_key.clone()),
            self.login.unwrap_or_else(|| world.login.clone()),
            self.password.unwrap_or_else(|| world.password.clone()),
            transport,
        )
    }
}

fn by_password(
    identity: BaseUrl,
    client: String,
    key: String,
    login: String,
    password: String,
    transport: &ReqwestTransport,
) -> Result<ExternLogin, Failure> {
    let provider = OidcProvider::builder(
        identity,
        client,
        ClientSecret::new(key),
        transport.clone(),
        SystemTimer::new(),
    )
    .scope(scope::EXTERN)
    .build()?;
    let credentials = OidcCredentials::password(provider, login, Password::new(password));
    Ok(ExternLogin::other(credentials))
}

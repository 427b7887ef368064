//! Extern as a service to connect to, and the account in it.
//!
//! **Invariant:** a sandbox is its own identity service, and is told nothing that is for another.

use clap::Args;
use podpis::core::login::SharedCredentials;
use podpis::core::login::oidc::{ClientSecret, identity};
use podpis::extern_api::{self, model::AccountId};
use podpis::operation::Claim;
use podpis::secret::{Password, Token};
use podpis::{AnyRun, BaseUrl, Error, Extern, ExternLogin, Podpis, ReqwestTransport};
use podpis_sandbox::{ExternInfo, WorldInfo};

use super::login::{Credentials, Known, Person, Variables};
use super::{Connection, Service, ServiceArguments, Waiting, watched};
use crate::environment::{
    self, EXTERN_ACCOUNT, EXTERN_API_KEY, EXTERN_BASE_URL, EXTERN_CLIENT_ID, EXTERN_IDENTITY_URL,
    EXTERN_LOGIN, EXTERN_PASSWORD, EXTERN_TOKEN, parse,
};
use crate::failure::Failure;
use crate::messages::Message;
use crate::profile::ServiceName;

// What every command that talks to Extern takes.
#[derive(Debug, Args)]
pub(crate) struct ExternArguments {
    #[command(flatten)]
    pub(crate) service: ServiceArguments,

    /// Account; EXTERN_ACCOUNT unless given
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
}

impl ExternArguments {
    /// The account that was named.
    pub(crate) fn account(&self) -> Result<Option<String>, Failure> {
        match &self.account {
            Some(account) => Ok(Some(account.clone())),
            None => environment::value(EXTERN_ACCOUNT),
        }
    }
}

impl Service for Extern {
    const NAME: ServiceName = ServiceName::Extern;
    const ADDRESS: (&'static str, &'static str) = (EXTERN_BASE_URL, extern_api::PRODUCTION);
    const LOGIN: Variables = Variables {
        token: EXTERN_TOKEN,
        client: EXTERN_CLIENT_ID,
        key: Some(EXTERN_API_KEY),
        login: EXTERN_LOGIN,
        password: EXTERN_PASSWORD,
    };
    type Login = ExternLogin;
    type Seeded = ExternInfo;

    fn missing(names: String) -> Message {
        Message::MissingExternCredentials(names)
    }

    fn nobody() -> ExternLogin {
        ExternLogin::bearer(&Token::new(""))
    }

    fn kept(credentials: SharedCredentials) -> ExternLogin {
        ExternLogin::other(credentials)
    }

    fn login(
        credentials: Credentials,
        sandbox: Option<&BaseUrl>,
        _transport: &ReqwestTransport,
    ) -> Result<ExternLogin, Failure> {
        let (client, key, login, password) = match credentials {
            Credentials::Token(token) => return Ok(ExternLogin::bearer(&token)),
            Credentials::Person {
                client,
                key,
                login,
                password,
            } => (client, key, login, password),
        };
        let identity = match (sandbox, environment::plain(EXTERN_IDENTITY_URL)?) {
            (Some(sandbox), _) => sandbox.clone(),
            (None, Some(url)) => parse(EXTERN_IDENTITY_URL, &url)?,
            (None, None) => parse(EXTERN_IDENTITY_URL, identity::PRODUCTION)?,
        };
        let login = ExternLogin::password(
            client,
            ClientSecret::new(key),
            login,
            Password::new(password),
        );
        Ok(login.at_identity(identity))
    }

    fn seeded(world: WorldInfo) -> ExternInfo {
        world.extern_
    }

    fn known(world: &ExternInfo) -> Known {
        let person = Person {
            token: world.token.clone(),
            login: world.login.clone(),
            password: world.password.clone(),
            ..Person::default()
        };
        Known {
            client: world.client_id.clone(),
            key: world.api_key.clone(),
            login: world.login.clone(),
            password: world.password.clone(),
            people: vec![person],
        }
    }

    fn client(at: &Connection<Self>, waiting: Option<Waiting<'_>>) -> Self {
        let client = Extern::builder(at.base.clone(), at.login.clone(), at.transport.clone());
        watched!(client, at, waiting)
    }

    fn resume<'j>(&self, claim: Claim<'j>) -> Result<AnyRun<'j>, Error> {
        Podpis::new().with_extern(self.clone()).resume(claim)
    }
}

impl Connection<Extern> {
    /// The account: the one that was named, or the seeded one.
    pub(crate) fn account(&self, named: Option<String>) -> Result<AccountId, Failure> {
        let seeded = || self.seeded().map(|world| world.account.clone());
        let account = named.or_else(seeded).map(AccountId::new);
        account.ok_or_else(|| Failure::usage(Message::MissingAccount))
    }
}

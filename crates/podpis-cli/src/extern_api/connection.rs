//! Decides which Extern is talked to.
//!
//! The address is `--sandbox`, `--base-url`, `EXTERN_BASE_URL` or production, the first of these that is there; see
//! `address` for operations that were started before.
//!
//! **Invariant:** what is missing is filled with seeded values only when a sandbox on this machine has answered.

use clap::Args;
use podpis::extern_api::model::AccountId;
use podpis::operation::Service;
use podpis::secret::Token;
use podpis::{BaseUrl, Extern, ExternLogin, SharedTransport};
use podpis_sandbox::{ExternInfo, RunningServer};

use super::login::Given;
use crate::address::{Address, Elsewhere, Silent, configured};
use crate::connection::{SandboxSide, WaitingArguments, host_url, parse, sandbox_polls, transport};
use crate::environment::{self, EXTERN_ACCOUNT};
use crate::failure::Failure;
use crate::messages::Message;
use crate::output::Output;
use crate::progress::Narrator;
use crate::prompt::Asker;
use crate::sandbox::{self, Found};

/// What every command that talks to Extern takes.
#[derive(Debug, Args)]
pub(crate) struct ExternArguments {
    /// Start a sandbox inside the program and use it; no account, certificate or phone is needed
    #[arg(long, conflicts_with = "base_url")]
    pub(crate) sandbox: bool,

    /// Address of the service; EXTERN_BASE_URL or production unless given
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,

    /// Account; EXTERN_ACCOUNT unless given
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,

    /// Answer for the person: take the code from the phone of the sandbox, and confirm there. Refused for any other
    /// service
    #[arg(long)]
    pub(crate) yes: bool,
}

/// An Extern, and how to log in to it.
#[derive(Debug)]
pub(crate) struct ExternConnection {
    base: BaseUrl,
    login: ExternLogin,
    transport: SharedTransport,
    account: Option<String>,
    sandbox: Option<SandboxSide>,
    seeded: Option<Box<ExternInfo>>,
    /// Stops when it is dropped.
    _embedded: Option<RunningServer>,
}

impl ExternConnection {
    /// Settles on a service and a login. Nothing is sent, except that an address of this machine is asked whether
    /// it is a sandbox.
    pub(crate) async fn open(arguments: &ExternArguments, output: Output) -> Result<Self, Failure> {
        let given = Given::read()?;
        let account = match &arguments.account {
            Some(account) => Some(account.clone()),
            None => environment::value(EXTERN_ACCOUNT)?,
        };
        let embedded = if arguments.sandbox {
            Some(sandbox::embed().await?)
        } else {
            None
        };
        let base = match &embedded {
            Some(server) => parse("--sandbox", server.base_url())?,
            None => configured(Service::Extern, arguments.base_url.as_deref())?,
        };
        let mut connection = Self::settle(base, given, arguments.yes, embedded, output).await?;
        connection.account = account;
        Ok(connection)
    }

    /// The same where an operation that was started before is gone on with.
    pub(crate) async fn to(
        address: &Address,
        yes: bool,
        output: Output,
    ) -> Result<Result<Self, Elsewhere>, Failure> {
        let (base, world) = match address.reach().await? {
            Ok(reached) => reached,
            Err(elsewhere) => return Ok(Err(elsewhere)),
        };
        let given = Given::read()?;
        let given = match &world {
            Some(world) => given.only_of(&world.extern_),
            None => given,
        };
        let settled = Self::settle(base, given, yes, None, output).await;
        settled.map(Ok)
    }

    /// The address of the sandbox, if this is one.
    pub(crate) fn sandbox_url(&self) -> Option<String> {
        self.sandbox.as_ref().map(|_| host_url(&self.base))
    }

    /// For what needs the service's name and nothing from the service, such as handing out what is stored.
    pub(crate) fn offline(base: BaseUrl) -> Self {
        Self {
            base,
            login: ExternLogin::bearer(&Token::new("")),
            transport: SharedTransport::new(Silent),
            account: None,
            sandbox: None,
            seeded: None,
            _embedded: None,
        }
    }

    async fn settle(
        base: BaseUrl,
        given: Given,
        yes: bool,
        embedded: Option<RunningServer>,
        output: Output,
    ) -> Result<Self, Failure> {
        let transport = transport()?;
        let (login, sandbox, seeded) = match sandbox::look(&base).await? {
            Found::Sandbox(control, world) => {
                output.say(&Message::UsingSandbox(host_url(&base)));
                let login = given.seeded(&base, &world.extern_, &transport)?;
                let side = SandboxSide {
                    control,
                    certificate: None,
                    dss_certificate: None,
                    phone: None,
                    diadoc: None,
                };
                (login, Some(side), Some(Box::new(world.extern_)))
            }
            Found::Other if yes => {
                return Err(Failure::usage(Message::YesNeedsSandbox(host_url(&base))));
            }
            Found::Other => (given.complete(&transport)?, None, None),
            // That nothing answers is the better news than what is missing.
            Found::Nothing(error) => match given.complete(&transport) {
                Ok(login) if !yes => (login, None, None),
                _ => {
                    let message = Message::NothingAnswers(host_url(&base));
                    return Err(Failure::failed("no_answer", message).with_source(error));
                }
            },
        };
        Ok(Self {
            base,
            login,
            transport: transport.into(),
            account: None,
            sandbox,
            seeded,
            _embedded: embedded,
        })
    }

    /// A client that tells the person what happens.
    pub(crate) fn client(&self, waiting: &WaitingArguments, output: Output) -> Extern {
        let mut client = Extern::builder(
            self.base.clone(),
            self.login.clone(),
            self.transport.clone(),
        )
        .watcher(Narrator(output))
        .code_attempts(waiting.code_attempts);
        if self.sandbox.is_some() {
            client = client.polls(sandbox_polls());
        }
        client.build()
    }

    /// A client for what nobody waits for.
    pub(crate) fn reader(&self) -> Extern {
        Extern::builder(
            self.base.clone(),
            self.login.clone(),
            self.transport.clone(),
        )
        .build()
    }

    /// The account: the one that was named, or the seeded one.
    pub(crate) fn account(&self) -> Result<AccountId, Failure> {
        let seeded = || self.seeded().map(|world| world.account.clone());
        let account = self.account.clone().or_else(seeded);
        account
            .map(AccountId::new)
            .ok_or_else(|| Failure::usage(Message::MissingAccount))
    }

    /// What is seeded, if this is a sandbox.
    pub(crate) fn seeded(&self) -> Option<&ExternInfo> {
        self.seeded.as_deref()
    }

    /// Whoever answers for one operation.
    pub(crate) fn asker(&self, yes: bool, waiting: &WaitingArguments, output: Output) -> Asker {
        match &self.sandbox {
            Some(side) if yes => Asker::sandbox(side, output, waiting.code_attempts).with_pushes(),
            _ => Asker::person(output, waiting.code_attempts),
        }
    }
}

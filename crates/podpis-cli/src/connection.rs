//! Decides which service is talked to, and as whom.
//!
//! The address is `--sandbox`, `--base-url`, `DIADOC_BASE_URL` or production, the first of these that is there; see
//! `address` for operations that were started before.
//! `DIADOC_TOKEN` wins over client id, login and password.
//!
//! **Invariant:** what is missing is filled with seeded values only when a sandbox on this machine has answered;
//! on any other host a missing login is an error, and nothing is sent.

use std::time::Duration;

use clap::Args;
use podpis::core::wait::PollPolicy;
use podpis::diadoc::BoxId;
use podpis::diadoc::organizations::Organization;
use podpis::operation::Service;
use podpis::secret::{ApiClientId, Password, Token};
use podpis::{
    BaseUrl, Deadline, Diadoc, DiadocLogin, ReqwestTransport, SharedTransport, Thumbprint,
};
use podpis_sandbox::{DiadocInfo, RunningServer, UserInfo};

use crate::address::{Address, Elsewhere, Silent, configured};
use crate::environment::{self, BOX, CLIENT_ID, LOGIN, PASSWORD, TOKEN};
use crate::failure::Failure;
use crate::messages::{DiadocMessage, Message};
use crate::output::Output;
use crate::progress::Narrator;
use crate::prompt::Asker;
use crate::sandbox::{self, Found, SandboxControl};

/// What every command that talks to Diadoc takes.
#[derive(Debug, Args)]
pub(crate) struct ConnectionArguments {
    /// Start a sandbox inside the program and use it; no account, certificate or phone is needed
    #[arg(long, conflicts_with = "base_url")]
    pub(crate) sandbox: bool,

    /// Address of the service; DIADOC_BASE_URL or production unless given
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,

    /// Box of the organization: a GUID, or 32 hexadecimal digits with @diadoc.ru; DIADOC_BOX unless given, else the
    /// only one that the user has
    #[arg(long = "box", value_name = "BOX")]
    box_id: Option<String>,

    /// Answer for the person: take the code from the phone of the sandbox, and confirm there. Refused for any other
    /// service
    #[arg(long)]
    pub(crate) yes: bool,
}

/// What every command takes that waits for operations.
#[derive(Debug, Args)]
pub(crate) struct WaitingArguments {
    /// How long to wait for the signatures, in minutes; uploads do not count
    #[arg(long, value_name = "MINUTES", default_value_t = 10, value_parser = clap::value_parser!(u64).range(..=10_080))]
    timeout: u64,

    /// How many codes may be tried
    #[arg(long, value_name = "NUMBER", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=10))]
    pub(crate) code_attempts: u32,
}

impl WaitingArguments {
    /// How long to wait.
    pub(crate) fn deadline(&self) -> Deadline {
        Deadline::minutes(self.timeout)
    }
}

/// A service, and how to log in to it.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) base: BaseUrl,
    pub(crate) login: DiadocLogin,
    pub(crate) transport: SharedTransport,
    pub(crate) sandbox: Option<SandboxSide>,
    /// The box that was named.
    in_box: Option<BoxId>,
    /// Stops when it is dropped.
    _embedded: Option<RunningServer>,
}

/// What is known because the service is a sandbox.
#[derive(Debug)]
pub(crate) struct SandboxSide {
    pub(crate) control: SandboxControl,
    /// The certificate of the seeded user for CloudSign, if that is who logs in.
    pub(crate) certificate: Option<Thumbprint>,
    /// The certificate for DssSign of whoever logs in, if that is a seeded user.
    pub(crate) dss_certificate: Option<Thumbprint>,
    /// What is seeded in Diadoc.
    pub(crate) diadoc: Option<Box<DiadocInfo>>,
    /// The number of the phone of whoever logs in, if that is a seeded user.
    pub(crate) phone: Option<String>,
}

impl Connection {
    /// Settles on a service and a login. Nothing is sent, except that an address of this machine is asked whether
    /// it is a sandbox.
    pub(crate) async fn open(
        arguments: &ConnectionArguments,
        output: Output,
    ) -> Result<Self, Failure> {
        let in_box = named_box(arguments)?;
        let given = Given::read()?;
        let embedded = if arguments.sandbox {
            Some(sandbox::embed().await?)
        } else {
            None
        };
        let base = match &embedded {
            Some(server) => parse("--sandbox", server.base_url())?,
            None => configured(Service::Diadoc, arguments.base_url.as_deref())?,
        };
        let connection = Self::settle(base, given, arguments.yes, embedded, output).await?;
        Ok(Self {
            in_box,
            ..connection
        })
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
            Some(world) => given.only_of(&world.diadoc),
            None => given,
        };
        let settled = Self::settle(base, given, yes, None, output).await;
        settled.map(Ok)
    }

    /// The address of the sandbox, if it is one that outlives the program.
    pub(crate) fn sandbox_url(&self) -> Option<String> {
        let side = self.sandbox.as_ref()?;
        side.diadoc.as_ref().map(|_| host_url(&self.base))
    }

    /// For what needs the service's name and nothing from the service, such as handing out what is stored.
    pub(crate) fn offline(base: BaseUrl) -> Self {
        Self {
            base,
            login: DiadocLogin::bearer(&Token::new("")),
            transport: SharedTransport::new(Silent),
            sandbox: None,
            in_box: None,
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
        let found = sandbox::look(&base).await?;
        let (login, sandbox) = match found {
            Found::Sandbox(control, world) => {
                output.say(&Message::UsingSandbox(host_url(&base)));
                let (login, user) = given.seeded(&world.diadoc);
                let is_first = user.is_some_and(|user| user.login == world.diadoc.login);
                let dss = user.and_then(|user| user.dss_certificate.as_deref());
                let side = SandboxSide {
                    control,
                    certificate: world.diadoc.certificate.parse().ok().filter(|_| is_first),
                    dss_certificate: dss.and_then(|text| text.parse().ok()),
                    phone: user.map(|user| user.phone.clone()),
                    diadoc: Some(Box::new(world.diadoc)),
                };
                (login, Some(side))
            }
            Found::Other if yes => {
                return Err(Failure::usage(Message::YesNeedsSandbox(host_url(&base))));
            }
            Found::Other => (given.complete()?, None),
            // That nothing answers is the better news than what is missing.
            Found::Nothing(error) => match given.complete() {
                Ok(login) if !yes => (login, None),
                _ => {
                    let message = Message::NothingAnswers(host_url(&base));
                    return Err(Failure::failed("no_answer", message).with_source(error));
                }
            },
        };
        Ok(Self {
            base,
            login,
            transport: transport()?.into(),
            sandbox,
            in_box: None,
            _embedded: embedded,
        })
    }

    /// A client of Diadoc that tells the person what happens.
    pub(crate) fn diadoc(&self, waiting: &WaitingArguments, output: Output) -> Diadoc {
        let mut client = Diadoc::builder(
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
    pub(crate) fn reader(&self) -> Diadoc {
        Diadoc::builder(
            self.base.clone(),
            self.login.clone(),
            self.transport.clone(),
        )
        .build()
    }

    /// The box: the one that was named, the seeded one, or the only one of the user, who is told so.
    pub(crate) async fn in_box(&self, output: Output) -> Result<BoxId, Failure> {
        if let Some(named) = &self.in_box {
            return Ok(named.clone());
        }
        if let Some(seeded) = self.seeded() {
            return parse(BOX, &seeded.box_id);
        }
        let organizations = self.reader().organizations().await?;
        let box_of = |one: &Organization| one.box_id().cloned();
        match &organizations[..] {
            [only] if only.boxes.len() == 1 && box_of(only).is_some() => {
                let found = box_of(only).ok_or_else(|| missing_box(1))?;
                output.say(&Message::Diadoc(DiadocMessage::UsingBox {
                    in_box: found.to_string(),
                    organization: only.full_name.clone(),
                }));
                Ok(found)
            }
            several => Err(missing_box(several.len())),
        }
    }

    /// What is seeded in Diadoc, if this is a sandbox.
    pub(crate) fn seeded(&self) -> Option<&DiadocInfo> {
        self.sandbox.as_ref()?.diadoc.as_deref()
    }

    /// Whoever gives the codes of one operation, and confirms pushes.
    pub(crate) fn asker(&self, yes: bool, waiting: &WaitingArguments, output: Output) -> Asker {
        match &self.sandbox {
            Some(side) if yes => Asker::sandbox(side, output, waiting.code_attempts).with_pushes(),
            _ => Asker::person(output, waiting.code_attempts),
        }
    }
}

/// Nobody pays for the polls of a sandbox; how long it takes is its own to say, by Retry-After.
pub(crate) fn sandbox_polls() -> PollPolicy {
    PollPolicy::growing(Duration::from_millis(100), Duration::from_secs(15))
}

pub(crate) fn transport() -> Result<ReqwestTransport, Failure> {
    ReqwestTransport::new()
        .map_err(|error| Failure::failed("setup", Message::Setup).with_source(error))
}

/// The address, for people.
pub(crate) fn host_url(base: &BaseUrl) -> String {
    base.as_url().as_str().trim_end_matches('/').to_owned()
}

/// The box that was named. One that is none is told now, also where it is not needed.
fn named_box(arguments: &ConnectionArguments) -> Result<Option<BoxId>, Failure> {
    match (&arguments.box_id, environment::value(BOX)?) {
        (Some(id), _) => parse("--box", id).map(Some),
        (None, Some(id)) => parse(BOX, &id).map(Some),
        (None, None) => Ok(None),
    }
}

fn missing_box(organizations: usize) -> Failure {
    Failure::usage(Message::Diadoc(DiadocMessage::MissingBox { organizations }))
}

/// Reads a value; the error names where it came from.
pub(crate) fn parse<T>(name: &'static str, text: &str) -> Result<T, Failure>
where
    T: std::str::FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse()
        .map_err(|error: T::Err| Failure::usage(Message::BadArgument(name)).with_source(error))
}

/// The login as the environment gives it.
struct Given {
    token: Option<String>,
    client: Option<String>,
    login: Option<String>,
    password: Option<String>,
}

impl Given {
    fn read() -> Result<Self, Failure> {
        Ok(Self {
            token: environment::value(TOKEN)?,
            client: environment::value(CLIENT_ID)?,
            login: environment::value(LOGIN)?,
            password: environment::value(PASSWORD)?,
        })
    }

    /// The login, if all of it is there.
    fn complete(self) -> Result<DiadocLogin, Failure> {
        if let Some(token) = self.token {
            return Ok(DiadocLogin::bearer(&Token::new(token)));
        }
        match (self.client, self.login, self.password) {
            (Some(client), Some(login), Some(password)) => Ok(by_password(client, login, password)),
            (client, login, password) => {
                let missing: Vec<&str> =
                    [(CLIENT_ID, client), (LOGIN, login), (PASSWORD, password)]
                        .into_iter()
                        .filter_map(|(name, value)| value.is_none().then_some(name))
                        .collect();
                Err(Failure::usage(Message::MissingCredentials(
                    missing.join(", "),
                )))
            }
        }
    }

    /// Nothing but what this sandbox has shown to anybody who asked.
    fn only_of(self, world: &DiadocInfo) -> Self {
        let token = self.token.filter(|token| {
            let mut users = world.users.iter();
            users.any(|user| user.token == *token)
        });
        let password = self.password;
        let login = self.login.filter(|login| {
            world.users.iter().any(|user| {
                user.login.eq_ignore_ascii_case(login)
                    && password
                        .as_ref()
                        .is_none_or(|given| *given == user.password)
            })
        });
        Self {
            token,
            client: None,
            login,
            password: None,
        }
    }

    /// The login with what is missing from the sandbox, and who that is.
    fn seeded(self, world: &DiadocInfo) -> (DiadocLogin, Option<&UserInfo>) {
        if let Some(token) = self.token {
            let user = world.users.iter().find(|user| user.token == token);
            return (DiadocLogin::bearer(&Token::new(token)), user);
        }
        let login = self.login.unwrap_or_else(|| world.login.clone());
        let user = world
            .users
            .iter()
            .find(|user| user.login.eq_ignore_ascii_case(&login));
        let password = self
            .password
            .or_else(|| user.map(|user| user.password.clone()))
            .unwrap_or_else(|| world.password.clone());
        let client = self.client.unwrap_or_else(|| world.api_client_id.clone());
        (by_password(client, login, password), user)
    }
}

fn by_password(client: String, login: String, password: String) -> DiadocLogin {
    DiadocLogin::password(ApiClientId::new(client), login, Password::new(password))
}

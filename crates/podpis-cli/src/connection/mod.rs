//! Decides which service is talked to, and as whom.
//!
//! The address is `--sandbox`, `--base-url`, the variable of the service or production, the first of these that is
//! there; see `address` for operations that were started before.
//!
//! | module | decides |
//! |---|---|
//! | `login` | as whom |
//! | `diadoc`, `extern_api` | what is different between the two services |
//!
//! **Invariant:** what is missing is filled with seeded values only when a sandbox on this machine has answered;
//! on any other host a missing login is an error, and nothing is sent.

mod diadoc;
mod extern_api;
mod login;
mod silence;

use std::fmt::Debug;
use std::time::Duration;

use clap::Args;
use podpis::core::login::SharedCredentials;
use podpis::core::wait::{OperationClient, PollPolicy, SystemTimer};
use podpis::operation::Claim;
use podpis::{AnyRun, BaseUrl, Deadline, Error, ReqwestTransport, SharedTransport};
use podpis_sandbox::{RunningServer, WorldInfo};

pub(crate) use diadoc::DiadocArguments;
pub(crate) use extern_api::ExternArguments;
pub(crate) use login::Person;

use self::login::{Credentials, Given, Known, Variables};
use self::silence::{Listening, Told};
use crate::address::{Address, Elsewhere, Silent, configured};
use crate::environment::{self, parse};
use crate::failure::Failure;
use crate::login::{self as kept, Place};
use crate::messages::Message;
use crate::output::Output;
use crate::profile::{ProfileArguments, ServiceName};
use crate::prompt::Asker;
use crate::sandbox::{self, Found, SandboxControl, Signatures};

// What every command that talks to a service takes.
#[derive(Debug, Default, Args)]
pub(crate) struct ServiceArguments {
    /// Start a sandbox inside the program and use it; no account, certificate or phone is needed
    #[arg(long, conflicts_with = "base_url")]
    pub(crate) sandbox: bool,

    /// What that sandbox signs with; ecdsa unless given
    #[arg(long, value_enum, value_name = "KIND", requires = "sandbox")]
    signatures: Option<Signatures>,

    /// Address of the service; DIADOC_BASE_URL, for Extern EXTERN_BASE_URL, or production unless given
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,

    /// Answer for the person: take the code from the phone of the sandbox, and confirm there. Refused for any other
    /// service
    #[arg(long)]
    pub(crate) yes: bool,

    #[command(flatten)]
    profile: ProfileArguments,
}

impl ServiceArguments {
    /// The service at this address, with a person who answers.
    pub(crate) fn at(base_url: &str) -> Self {
        Self {
            base_url: Some(base_url.to_owned()),
            ..Self::default()
        }
    }
}

// What every command takes that waits for operations.
#[derive(Debug, Args)]
pub(crate) struct WaitingArguments {
    /// How long to wait for the signatures, in minutes; uploads do not count
    #[arg(long, value_name = "MINUTES", default_value_t = 10, value_parser = clap::value_parser!(u64).range(..=10_080))]
    timeout: u64,

    /// How many codes may be tried
    #[arg(long, value_name = "NUMBER", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=10))]
    code_attempts: u32,
}

impl WaitingArguments {
    /// How long to wait.
    pub(crate) fn deadline(&self) -> Deadline {
        Deadline::minutes(self.timeout)
    }
}

/// How somebody waits for operations, and who is told what happens.
pub(crate) type Waiting<'w> = (&'w WaitingArguments, Output);

/// A service, and its client.
pub(crate) trait Service: OperationClient {
    /// Its name in arguments and settings.
    const NAME: ServiceName;
    /// The variable of its address, and the address of production.
    const ADDRESS: (&'static str, &'static str);
    /// The variables of its login.
    const LOGIN: Variables;
    /// How it is logged in to.
    type Login: Clone + Debug;
    /// What a sandbox tells of it.
    type Seeded: Debug;

    /// That these variables are not set.
    fn missing(names: String) -> Message;

    /// The login of nobody.
    fn nobody() -> Self::Login;

    /// The login that was kept.
    fn kept(credentials: SharedCredentials) -> Self::Login;

    /// The login by these credentials; `sandbox` is the address of the sandbox that it is for.
    fn login(
        credentials: Credentials,
        sandbox: Option<&BaseUrl>,
        transport: &ReqwestTransport,
    ) -> Result<Self::Login, Failure>;

    /// What a sandbox tells of it.
    fn seeded(world: WorldInfo) -> Self::Seeded;

    /// Who may log in to that sandbox.
    fn known(seeded: &Self::Seeded) -> Known;

    /// A client; one for what nobody waits for tells nobody what happens.
    fn client(at: &Connection<Self>, waiting: Option<Waiting<'_>>) -> Self;

    /// Whether anything of it is set, or a login is kept.
    async fn is_set_up(output: Output) -> Result<bool, Failure> {
        let login = Self::LOGIN;
        let names = [
            Some(Self::ADDRESS.0),
            Some(login.token),
            Some(login.client),
            login.key,
            Some(login.login),
            Some(login.password),
        ];
        if names.into_iter().flatten().any(environment::is_set) {
            return Ok(true);
        }
        match Place::of(Self::NAME, output) {
            Some(place) => Ok(place.read().await?.is_some()),
            None => Ok(false),
        }
    }

    /// Goes on with a stored operation of this service.
    fn resume<'j>(&self, claim: Claim<'j>) -> Result<AnyRun<'j>, Error>;
}

/// The client of a builder. Each service has a type of its own, with these setters.
macro_rules! watched {
    ($client:ident, $at:ident, $waiting:ident) => {
        match $waiting {
            None => $client.build(),
            Some((waiting, output)) => {
                let mut client = $client
                    .observer($crate::progress::Narrator(output))
                    .code_attempts(waiting.code_attempts);
                if $at.sandbox.is_some() {
                    client = client.polls($crate::connection::sandbox_polls());
                }
                client.build()
            }
        }
    };
}
use watched;

/// A service, and how to log in to it.
#[derive(Debug)]
pub(crate) struct Connection<S: Service> {
    base: BaseUrl,
    login: S::Login,
    transport: SharedTransport,
    sandbox: Option<SandboxSide<S::Seeded>>,
    /// Stops when it is dropped.
    _embedded: Option<RunningServer>,
}

/// What is known because the service is a sandbox.
#[derive(Debug)]
struct SandboxSide<W> {
    control: SandboxControl,
    /// Whoever logs in, if the sandbox knows that.
    person: Person,
    world: Box<W>,
}

/// Nobody pays for the polls of a sandbox; how long it takes is its own to say, by Retry-After.
fn sandbox_polls() -> PollPolicy {
    PollPolicy::growing(Duration::from_millis(100), Duration::from_secs(15))
}

impl<S: Service> Connection<S> {
    /// Settles on a service and a login. Nothing is sent, except that an address of this machine is asked whether
    /// it is a sandbox.
    pub(crate) async fn open(
        arguments: &ServiceArguments,
        output: Output,
    ) -> Result<Self, Failure> {
        let given = Given::read(&S::LOGIN)?;
        let embedded = if arguments.sandbox {
            Some(sandbox::embed(arguments.signatures.unwrap_or_default()).await?)
        } else {
            None
        };
        let base = match &embedded {
            Some(server) => parse("--sandbox", server.base_url())?,
            None => configured(S::ADDRESS, arguments.base_url.as_deref())?,
        };
        Self::settle(base, transport()?, given, arguments.yes, embedded, output).await
    }

    /// The same where an operation that was started before is gone on with.
    pub(crate) async fn to(
        address: &Address,
        yes: bool,
        output: Output,
    ) -> Result<Result<Self, Elsewhere>, Failure> {
        let transport = transport()?;
        let (base, world) = match address.reach(&transport).await? {
            Ok(reached) => reached,
            Err(elsewhere) => return Ok(Err(elsewhere)),
        };
        let given = Given::read(&S::LOGIN)?;
        let given = match world {
            Some(world) => given.only_of(&S::known(&S::seeded(*world))),
            None => given,
        };
        let settled = Self::settle(base, transport, given, yes, None, output).await;
        settled.map(Ok)
    }

    /// For what needs the service's name and nothing from the service, such as handing out what is stored.
    pub(crate) fn offline(base: BaseUrl) -> Self {
        Self {
            base,
            login: S::nobody(),
            transport: SharedTransport::new(Silent),
            sandbox: None,
            _embedded: None,
        }
    }

    async fn settle(
        base: BaseUrl,
        transport: ReqwestTransport,
        given: Given,
        yes: bool,
        embedded: Option<RunningServer>,
        output: Output,
    ) -> Result<Self, Failure> {
        let url = host_url(&base);
        let kept = if given.names_somebody() || embedded.is_some() {
            None
        } else {
            kept::credentials(S::NAME, &base, &transport, output).await?
        };
        let complete = |given: Given| {
            if let Some(kept) = &kept {
                return Ok(S::kept(kept.clone()));
            }
            let missing = |names| Failure::usage(S::missing(names));
            let credentials = given.complete(&S::LOGIN).map_err(missing)?;
            S::login(credentials, None, &transport)
        };
        let (login, sandbox) = match sandbox::look(&base, &transport).await? {
            Found::Sandbox(control, world) => {
                output.say(&Message::UsingSandbox(url));
                let world = Box::new(S::seeded(*world));
                let known = S::known(&world);
                let (credentials, person) = given.seeded(&known);
                let person = person.cloned().unwrap_or_default();
                let login = match kept {
                    Some(kept) => S::kept(kept),
                    None => S::login(credentials, Some(&base), &transport)?,
                };
                let side = SandboxSide {
                    control,
                    person,
                    world,
                };
                (login, Some(side))
            }
            Found::Other if yes => {
                return Err(Failure::usage(Message::YesNeedsSandbox(url)));
            }
            Found::Other => (complete(given)?, None),
            // That nothing answers is the better news than what is missing.
            Found::Nothing(error) => match complete(given) {
                Ok(login) if !yes => (login, None),
                _ => {
                    let message = Message::NothingAnswers(url);
                    return Err(Failure::failed("no_answer", message).with_source(error));
                }
            },
        };
        let host = base.host();
        let listening = Listening::new(transport, SystemTimer::new().into(), move |told| {
            let host = host.clone();
            output.say(&match told {
                Told::NoAnswer => Message::NoAnswerYet(host),
                Told::ComeAgain { seconds } => Message::ComeAgain { host, seconds },
            });
        });
        Ok(Self {
            base,
            login,
            transport: SharedTransport::new(listening),
            sandbox,
            _embedded: embedded,
        })
    }

    /// A client that tells the person what happens.
    pub(crate) fn client(&self, waiting: &WaitingArguments, output: Output) -> S {
        S::client(self, Some((waiting, output)))
    }

    /// A client for what nobody waits for.
    pub(crate) fn reader(&self) -> S {
        S::client(self, None)
    }

    /// The host, as records have it.
    pub(crate) fn host(&self) -> String {
        self.base.host()
    }

    /// The address.
    pub(crate) fn url(&self) -> String {
        host_url(&self.base)
    }

    /// The address of the sandbox, if this is one.
    pub(crate) fn sandbox_url(&self) -> Option<String> {
        self.sandbox.as_ref().map(|_| host_url(&self.base))
    }

    /// What is seeded, if this is a sandbox.
    pub(crate) fn seeded(&self) -> Option<&S::Seeded> {
        self.sandbox.as_ref().map(|side| &*side.world)
    }

    /// Whom the sandbox knows whoever logs in as, if this is one.
    pub(crate) fn person(&self) -> Option<&Person> {
        self.sandbox.as_ref().map(|side| &side.person)
    }

    /// Whoever gives the codes of operations, and confirms pushes.
    pub(crate) fn asker(&self, yes: bool, waiting: &WaitingArguments, output: Output) -> Asker {
        let attempts = waiting.code_attempts;
        match &self.sandbox {
            Some(side) if yes => {
                let (control, number) = (side.control.clone(), side.person.phone.clone());
                Asker::sandbox(control, number, output, attempts)
            }
            _ => Asker::person(output, attempts),
        }
    }
}

/// What sends all that is sent to one service.
fn transport() -> Result<ReqwestTransport, Failure> {
    ReqwestTransport::new().map_err(Failure::setup)
}

/// The address, for people.
fn host_url(base: &BaseUrl) -> String {
    base.as_url().as_str().trim_end_matches('/').to_owned()
}

//! All that has to be right before anything is asked: journal, settings and login.
//!
//! **Invariant:** the start is sent once for what is carried out; whatever can be found wrong with the journal and
//! settings is found before that.

use clap::Args;
use podpis::AnyRun;
use podpis::core::wait::SystemTimer;
use podpis::operation::Claim;

use crate::asked::Asked;
use crate::checks::StrictArguments;
use crate::connection::{Connection, Service, ServiceArguments, WaitingArguments};
use crate::delivery::{Delivery, Goal};
use crate::driving::Driver;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::messages::Message;
use crate::output::Output;
use crate::store::{JournalArguments, Store};

// What every command takes that starts operations.
#[derive(Debug, Args)]
pub(crate) struct StartArguments {
    #[command(flatten)]
    waiting: WaitingArguments,

    #[command(flatten)]
    leaving: LeavingArguments,

    /// Begin it although an operation about the same is open; the person is asked twice
    #[arg(long)]
    even_if_open: bool,

    #[command(flatten)]
    journal: JournalArguments,
}

// Whether somebody waits for what is started.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct LeavingArguments {
    /// Only start it, and end with 4: `podpis ops resume` asks for the code, waits and writes what comes
    #[arg(long, conflicts_with_all = ["yes", "timeout", "code_attempts"])]
    pub(crate) no_wait: bool,
}

impl LeavingArguments {
    /// What has no meaning without waiting is an error, when it is `given`.
    pub(crate) fn must_be_without(self, name: &'static str, given: bool) -> Result<(), Failure> {
        match self.no_wait && given {
            true => Err(Failure::usage(Message::NoWaitWith(name))),
            false => Ok(()),
        }
    }
}

impl StartArguments {
    /// Whether nobody waits for what is started.
    pub(crate) fn leaves(&self) -> bool {
        self.leaving.no_wait
    }

    /// The journal for operations of this service; that of the embedded sandbox ends with it.
    pub(crate) async fn store(
        &self,
        service: &ServiceArguments,
        output: Output,
    ) -> Result<Store, Failure> {
        self.leaving.must_be_without("--sandbox", service.sandbox)?;
        if service.sandbox {
            Ok(Store::memory())
        } else {
            let store = Store::open(&self.journal, output).await?;
            Ok(store.within(self.waiting.deadline()))
        }
    }
}

/// How operations are carried out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner<'a> {
    pub(crate) store: &'a Store,
    pub(crate) waiting: &'a WaitingArguments,
    pub(crate) leaving: LeavingArguments,
    pub(crate) even_if_open: bool,
    pub(crate) yes: bool,
    pub(crate) strict: StrictArguments,
    pub(crate) output: Output,
}

/// A service that can be asked.
#[derive(Debug)]
pub(crate) struct Ready<'a, S: Service> {
    pub(crate) connection: Connection<S>,
    pub(crate) client: S,
    manner: Manner<'a>,
}

impl<'a, S: Service> Ready<'a, S> {
    /// Finds out whether all is right.
    pub(crate) async fn open(
        store: &'a Store,
        service: &ServiceArguments,
        start: &'a StartArguments,
        strict: StrictArguments,
        output: Output,
    ) -> Result<Self, Failure> {
        start
            .leaving
            .must_be_without("--strict", strict.is_asked_for())?;
        let connection = Connection::open(service, output).await?;
        let manner = Manner {
            store,
            waiting: &start.waiting,
            leaving: start.leaving,
            even_if_open: start.even_if_open,
            yes: service.yes,
            strict,
            output,
        };
        let ready = Self::at(connection, manner);
        ready.starting(service.base_url.as_deref());
        Ok(ready)
    }

    /// The same by a connection that is there.
    pub(crate) fn at(connection: Connection<S>, manner: Manner<'a>) -> Self {
        // What happens while nobody waits is told by the command that goes on.
        let client = match manner.leaving.no_wait {
            true => connection.reader(),
            false => connection.client(manner.waiting, manner.output),
        };
        Self {
            client,
            connection,
            manner,
        }
    }

    /// From here on operations are started here; `given` is `--base-url`.
    pub(crate) fn starting(&self, given: Option<&str>) {
        let sandbox = self.connection.sandbox_url();
        self.manner.store.starting_in(sandbox, given);
    }

    /// Asks, in place of `old` if there is one, waits, and writes what comes.
    pub(crate) async fn carry_out<A: Asked<Service = S>>(
        &self,
        mut asked: A,
        old: Option<AnyRun<'_>>,
        interrupt: &mut Interrupt,
    ) -> Result<Delivery, Failure> {
        asked.get_ready(&self.client).await?;
        let mut driver = self.driver(interrupt);
        if asked.reads_stdin() {
            driver.asker = driver.asker.without_stdin();
        }
        // It knows every operation that there is, and is too large to be carried about.
        Box::pin(driver.carry_out(&self.client, &asked, old)).await
    }

    /// Goes on with a stored operation.
    pub(crate) async fn go_on(
        &self,
        claim: Claim<'_>,
        goal: &Goal,
        interrupt: &mut Interrupt,
    ) -> Result<Delivery, Failure> {
        let run = self.client.resume(claim)?;
        let mut driver = self.driver(interrupt);
        Box::pin(driver.finish(run, goal)).await
    }

    /// The sandbox on whose phone a person answers.
    pub(crate) fn phone(&self) -> Option<String> {
        let sandbox = self.connection.sandbox_url();
        sandbox.filter(|_| !self.manner.yes)
    }

    fn driver<'d>(&self, interrupt: &'d mut Interrupt) -> Driver<'d>
    where
        'a: 'd,
    {
        let Manner {
            store,
            waiting,
            leaving,
            even_if_open,
            yes,
            strict,
            output,
        } = self.manner;
        Driver {
            store,
            deadline: waiting.deadline(),
            waits: !leaving.no_wait,
            even_if_open,
            interrupt,
            asker: self.connection.asker(yes, waiting, output),
            phone: self.phone(),
            output,
            strict,
            time: SystemTimer::new().into(),
        }
    }
}

//! What every command does that asks somebody for a confirmation.
//!
//! **Invariant:** the start is sent once per call of the program; whatever can be found wrong with the folder, the
//! journal and settings is found before that.

use std::path::{Path, PathBuf};

use clap::Args;
use podpis::Extern;
use podpis::extern_api::CONTENT_LIMIT;
use podpis::extern_api::model::AccountId;
use podpis_sandbox::ExternInfo;

use crate::asked::{Ask, ExternAsk, What};
use crate::checks::StrictArguments;
use crate::connection::ExternArguments;
use crate::delivery::Delivery;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::{absolute, must_fit};
use crate::interrupt::Interrupt;
use crate::messages::Message;
use crate::out_folder::OutFolder;
use crate::output::Output;
use crate::ready::{Ready, StartArguments};
use crate::store::{Store, StoredPath};

#[derive(Debug, Args)]
pub(super) struct OperationArguments {
    /// Folder for what comes; the current one unless given. Nothing that is there is replaced
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    extern_api: ExternArguments,

    #[command(flatten)]
    start: StartArguments,
}

// The same where signatures come.
#[derive(Debug, Args)]
pub(super) struct SigningArguments {
    #[command(flatten)]
    pub(super) operation: OperationArguments,

    #[command(flatten)]
    pub(super) strict: StrictArguments,
}

/// A file that will be read, by a path that stays right in another folder.
pub(super) fn stored(path: &Path) -> Result<StoredPath, Failure> {
    must_fit(path, CONTENT_LIMIT)?;
    absolute(path).map(StoredPath::from)
}

/// An account of an Extern that can be asked.
pub(super) struct Account<'a> {
    pub(super) ready: Ready<'a, Extern>,
    pub(super) id: AccountId,
    pub(super) folder: OutFolder,
}

impl OperationArguments {
    /// Whether the sandbox's phone answers for the person.
    pub(super) fn yes(&self) -> bool {
        self.extern_api.service.yes
    }

    /// Where results go and where operations are kept, which outlives them.
    pub(super) async fn places(&self, output: Output) -> Result<(OutFolder, Store), Failure> {
        let folder = OutFolder::asked(self.out.as_deref())?;
        let service = &self.extern_api.service;
        Ok((folder, self.start.store(service, output).await?))
    }

    /// Finds out whether all is right; `strict` is what it means that a signature is not proven.
    pub(super) async fn open<'a>(
        &'a self,
        (folder, store): &'a (OutFolder, Store),
        strict: StrictArguments,
        output: Output,
    ) -> Result<Account<'a>, Failure> {
        let named = self.extern_api.account()?;
        let service = &self.extern_api.service;
        let ready = Ready::open(store, service, &self.start, strict, output).await?;
        Ok(Account {
            id: ready.connection.account(named)?,
            ready,
            folder: folder.clone(),
        })
    }
}

impl Account<'_> {
    /// What is seeded, if this is a sandbox.
    pub(super) fn seeded(&self) -> Option<&ExternInfo> {
        self.ready.connection.seeded()
    }

    /// Asks, waits, and writes what comes.
    pub(super) async fn carry_out(
        &self,
        what: What,
        interrupt: &mut Interrupt,
    ) -> Result<Delivery, Failure> {
        let account = self.id.clone();
        let asked = ExternAsk::new(Ask { account, what }, self.folder.clone());
        self.ready.carry_out(asked, None, interrupt).await
    }
}

/// One operation from its arguments to its ending. `what` is given the seeded things of a sandbox, and gives nothing
/// where these arguments (`needs`) are missing.
pub(super) async fn run(
    arguments: OperationArguments,
    strict: StrictArguments,
    needs: &'static str,
    what: impl FnOnce(Option<&ExternInfo>) -> Option<What>,
    output: Output,
) -> Result<Exit, Failure> {
    let places = arguments.places(output).await?;
    let account = arguments.open(&places, strict, output).await?;
    let what = what(account.seeded()).ok_or_else(|| Failure::usage(Message::MissingIds(needs)))?;
    let delivery = account.carry_out(what, &mut Interrupt::new()).await?;
    delivery.print()
}

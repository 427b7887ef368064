//! What the commands have in common that ask somebody for a confirmation.
//!
//! **Invariant:** the start is sent once per call of the program; whatever can be found wrong with the folder, the
//! journal and settings is found before that.

use std::path::{Path, PathBuf};

use clap::Args;
use podpis::extern_api::model::AccountId;
use podpis::{DocumentPath, Extern};
use podpis_sandbox::{ExternInfo, ExternPlace};

use crate::checks::StrictArguments;
use crate::commands::diadoc::print;
use crate::connection::WaitingArguments;
use crate::delivery::Delivery;
use crate::driving::{Destination, Driver};
use crate::exit::Exit;
use crate::extern_api::{Ask, ExternArguments, ExternConnection, FolderGoal, OutFolder, What};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::messages::Message;
use crate::output::Output;
use crate::store::{JournalArguments, Store, StoredPath};

#[derive(Debug, Args)]
pub(super) struct OperationArguments {
    /// Folder for what comes; the current one unless given. Nothing that is there is replaced
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    connection: ExternArguments,

    #[command(flatten)]
    waiting: WaitingArguments,

    #[command(flatten)]
    journal: JournalArguments,
}

/// Where a document is.
#[derive(Debug, Args)]
pub(super) struct PlaceArguments {
    /// Docflow of the document; for an inventory, the docflow that it belongs to
    #[arg(long, value_name = "DOCFLOW", requires = "document")]
    docflow: Option<String>,

    /// The document
    #[arg(long, value_name = "DOCUMENT", requires = "docflow")]
    document: Option<String>,

    /// Document of the docflow that the inventory belongs to
    #[arg(long, value_name = "DOCUMENT", requires = "inventory")]
    related_document: Option<String>,

    /// Inventory that holds the document
    #[arg(long, value_name = "INVENTORY", requires_all = ["related_document", "docflow"])]
    inventory: Option<String>,
}

impl PlaceArguments {
    /// The same from arguments that were read elsewhere.
    pub(super) fn of(
        docflow: Option<String>,
        document: Option<String>,
        related_document: Option<String>,
        inventory: Option<String>,
    ) -> Self {
        Self {
            docflow,
            document,
            related_document,
            inventory,
        }
    }

    /// The place, if one was given.
    pub(super) fn given(self) -> Option<DocumentPath> {
        let (docflow, document) = (self.docflow?.into(), self.document?.into());
        Some(match (self.related_document, self.inventory) {
            (Some(related), Some(inventory)) => {
                DocumentPath::docflow(docflow, related.into()).inventory(inventory.into(), document)
            }
            _ => DocumentPath::docflow(docflow, document),
        })
    }
}

/// A file that will be read, by a path that stays right in another folder.
pub(super) fn stored(path: &Path) -> Result<StoredPath, Failure> {
    let shown = || path.display().to_string();
    let unreadable =
        |error: std::io::Error| Failure::usage(Message::FileUnreadable(shown())).with_source(error);
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(Failure::usage(Message::NotAFile(shown())));
    }
    std::path::absolute(path)
        .map(StoredPath::from)
        .map_err(unreadable)
}

/// A seeded place.
pub(super) fn seeded(place: &ExternPlace) -> DocumentPath {
    let id = |text: &str| text.to_owned();
    let (docflow, document) = (id(&place.docflow).into(), id(&place.document).into());
    match (&place.related_document, &place.inventory) {
        (Some(related), Some(inventory)) => DocumentPath::docflow(docflow, id(related).into())
            .inventory(id(inventory).into(), document),
        _ => DocumentPath::docflow(docflow, document),
    }
}

/// All that has to be right before anything is asked: folder, journal, settings and login.
pub(super) struct Ready {
    pub(super) connection: ExternConnection,
    pub(super) account: AccountId,
    pub(super) client: Extern,
    folder: OutFolder,
    store: Store,
    waiting: WaitingArguments,
    yes: bool,
    strict: StrictArguments,
    output: Output,
}

impl Ready {
    /// Finds out whether all is right.
    pub(super) async fn open(
        arguments: OperationArguments,
        strict: StrictArguments,
        output: Output,
    ) -> Result<Self, Failure> {
        let OperationArguments {
            out,
            connection: place,
            waiting,
            journal,
        } = arguments;
        let folder = OutFolder::open(out.as_deref())?;
        let store = if place.sandbox {
            Store::memory()
        } else {
            Store::folder(&journal)?
        };
        let connection = ExternConnection::open(&place, output).await?;
        store.starting_in(connection.sandbox_url(), place.base_url.as_deref());
        Ok(Self {
            account: connection.account()?,
            client: connection.client(&waiting, output),
            connection,
            folder,
            store,
            waiting,
            yes: place.yes,
            strict,
            output,
        })
    }

    /// Asks, waits, and writes what comes.
    pub(super) async fn carry_out(
        &self,
        what: What,
        interrupt: &mut Interrupt,
    ) -> Result<Delivery, Failure> {
        let ask = Ask {
            account: self.account.clone(),
            what,
        };
        let goal = FolderGoal {
            client: self.client.clone(),
            folder: self.folder.clone(),
            ask: Some(ask.clone()),
        };
        let asker = self.connection.asker(self.yes, &self.waiting, self.output);
        let certificate = ask.certificate(&goal.client).await?;
        let mut driver = Driver {
            store: &self.store,
            deadline: self.waiting.deadline(),
            interrupt,
            output: self.output,
            strict: self.strict,
        };
        // These know every operation that there is, and are too large to be carried about.
        let starting = Box::pin(driver.start_extern(&ask, &goal, certificate, None));
        let run = starting.await?;
        Box::pin(driver.finish(run, Destination::Folder(&goal), &asker)).await
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
    let ready = Ready::open(arguments, strict, output).await?;
    let what = what(ready.connection.seeded())
        .ok_or_else(|| Failure::usage(Message::MissingIds(needs)))?;
    let delivery = ready.carry_out(what, &mut Interrupt::new()).await?;
    print(delivery, output)
}

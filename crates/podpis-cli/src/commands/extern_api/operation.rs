//! What the commands have in common that ask somebody for a confirmation.
//!
//! **Invariant:** the start is sent once per call of the program; whatever can be found wrong with the folder, the
//! journal and settings is found before that.

use std::path::PathBuf;

use clap::Args;
use podpis::DocumentPath;
use podpis_sandbox::{ExternInfo, ExternPlace};

use crate::commands::diadoc::print;
use crate::connection::WaitingArguments;
use crate::driving::{Destination, Driver};
use crate::exit::Exit;
use crate::extern_api::{Ask, ExternArguments, ExternConnection, FolderGoal, OutFolder, What};
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::messages::Message;
use crate::output::Output;
use crate::store::{JournalArguments, Store};

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
    /// The place, if one was given.
    pub(super) fn given(self) -> Option<DocumentPath> {
        let (docflow, document) = (self.docflow?.into(), self.document?.into());
        Some(match (self.related_document, self.inventory) {
            (Some(related), Some(inventory)) => {
                DocumentPath::inventory(docflow, related.into(), inventory.into(), document)
            }
            _ => DocumentPath::docflow(docflow, document),
        })
    }
}

/// A seeded place.
pub(super) fn seeded(place: &ExternPlace) -> DocumentPath {
    let id = |text: &str| text.to_owned();
    let (docflow, document) = (id(&place.docflow).into(), id(&place.document).into());
    match (&place.related_document, &place.inventory) {
        (Some(related), Some(inventory)) => {
            DocumentPath::inventory(docflow, id(related).into(), id(inventory).into(), document)
        }
        _ => DocumentPath::docflow(docflow, document),
    }
}

/// Asks, waits, and writes what comes. `what` is given the seeded things of a sandbox, and gives nothing where these
/// arguments (`needs`) are missing.
pub(super) async fn run(
    arguments: OperationArguments,
    needs: &'static str,
    what: impl FnOnce(Option<&ExternInfo>) -> Option<What>,
    output: Output,
) -> Result<Exit, Failure> {
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
    let ask = Ask {
        account: connection.account()?,
        what: what(connection.seeded())
            .ok_or_else(|| Failure::usage(Message::MissingIds(needs)))?,
    };
    let goal = FolderGoal {
        client: connection.client(&waiting, output),
        folder,
        ask: Some(ask.clone()),
    };
    let asker = connection.asker(place.yes, &waiting, output);
    let certificate = ask.certificate(&goal.client).await?;
    let mut driver = Driver {
        store: &store,
        deadline: waiting.deadline(),
        interrupt: &mut Interrupt::new(),
        output,
    };
    let run = driver.start_extern(&ask, &goal, certificate, None).await?;
    let delivery = driver
        .finish(run, Destination::Folder(&goal), &asker)
        .await?;
    print(delivery, output)
}

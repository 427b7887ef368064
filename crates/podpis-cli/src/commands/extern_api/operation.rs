//! What the commands have in common that ask somebody for a confirmation.
//!
//! **Invariant:** the start is sent once per call of the program; whatever can be found wrong with the folder, the
//! journal and settings is found before that.

use std::path::{Path, PathBuf};

use clap::Args;
use podpis::extern_api::model::AccountId;
use podpis::{DocumentPath, Extern};
use podpis_sandbox::{ExternInfo, ExternPlace};

use crate::asked::{Ask, ExternAsk, What};
use crate::checks::StrictArguments;
use crate::connection::ExternArguments;
use crate::delivery::Delivery;
use crate::exit::Exit;
use crate::failure::Failure;
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

/// An account of an Extern that can be asked.
pub(super) struct Account<'a> {
    pub(super) ready: Ready<'a, Extern>,
    pub(super) id: AccountId,
    folder: OutFolder,
}

impl OperationArguments {
    /// Where results go and where operations are kept, which outlives them.
    pub(super) fn places(&self) -> Result<(OutFolder, Store), Failure> {
        let folder = OutFolder::open(self.out.as_deref())?;
        Ok((folder, self.start.store(&self.extern_api.service)?))
    }

    /// Finds out whether all is right.
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
    let places = arguments.places()?;
    let account = arguments.open(&places, strict, output).await?;
    let what = what(account.seeded()).ok_or_else(|| Failure::usage(Message::MissingIds(needs)))?;
    let delivery = account.carry_out(what, &mut Interrupt::new()).await?;
    delivery.print()
}

//! Where a document is: in a docflow, or in an inventory of one of its documents.
//!
//! **Invariant:** an inventory is named with the document of the docflow that it belongs to, or not at all.

use clap::Args;
use podpis::DocumentPath;
use podpis_sandbox::ExternPlace;

#[derive(Debug, Args)]
pub(super) struct PlaceArguments {
    /// Docflow of the document; for an inventory, the docflow that it belongs to
    #[arg(long, value_name = "DOCFLOW", requires = "document")]
    docflow: Option<String>,

    /// The document
    #[arg(long, value_name = "DOCUMENT", requires = "docflow")]
    document: Option<String>,

    #[command(flatten)]
    inventory: InventoryArguments,
}

#[derive(Debug, Args)]
pub(super) struct InventoryArguments {
    /// Document of the docflow that the inventory belongs to
    #[arg(long, value_name = "DOCUMENT", requires = "inventory")]
    related_document: Option<String>,

    /// Inventory that holds the document
    #[arg(long, value_name = "INVENTORY", requires_all = ["related_document", "document"])]
    inventory: Option<String>,
}

impl PlaceArguments {
    /// The place, if one was given.
    pub(super) fn given(&self) -> Option<DocumentPath> {
        let (docflow, document) = (self.docflow.as_ref()?, self.document.as_ref()?);
        Some(self.inventory.place(docflow, document))
    }
}

impl InventoryArguments {
    /// The place of a document.
    pub(super) fn place(&self, docflow: &str, document: &str) -> DocumentPath {
        let inventory = (self.related_document.as_deref(), self.inventory.as_deref());
        path(docflow, document, inventory)
    }
}

/// A seeded place.
pub(super) fn seeded(place: &ExternPlace) -> DocumentPath {
    let inventory = (
        place.related_document.as_deref(),
        place.inventory.as_deref(),
    );
    path(&place.docflow, &place.document, inventory)
}

fn path(docflow: &str, document: &str, inventory: (Option<&str>, Option<&str>)) -> DocumentPath {
    let (docflow, document) = (docflow.to_owned().into(), document.to_owned().into());
    match inventory {
        (Some(related), Some(inventory)) => {
            DocumentPath::docflow(docflow, related.to_owned().into())
                .inventory(inventory.to_owned().into(), document)
        }
        _ => DocumentPath::docflow(docflow, document),
    }
}

//! Where a document is.
//!
//! **Invariant:** the same verbs work for a document of a docflow and for one of an inventory; only the path
//! before them differs, and it is built here alone.

use std::fmt;

use podpis_extern_model::{DocflowId, DocumentId, InventoryId};
use serde::{Deserialize, Serialize};

/// A document of a docflow, or of an inventory that belongs to one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DocumentPath {
    docflow: DocflowId,
    document: DocumentId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inventory: Option<(InventoryId, DocumentId)>,
}

impl DocumentPath {
    /// A document of a docflow.
    #[must_use]
    pub fn docflow(docflow: DocflowId, document: DocumentId) -> Self {
        Self {
            docflow,
            document,
            inventory: None,
        }
    }

    /// A document of an inventory that belongs to this document of a docflow.
    ///
    /// ```
    /// use podpis_extern::DocumentPath;
    ///
    /// let place = DocumentPath::docflow("f".into(), "d".into()).inventory("i".into(), "e".into());
    /// assert_eq!(place.to_string(), "docflows/f/documents/d/inventories/i/documents/e");
    /// ```
    #[must_use]
    pub fn inventory(mut self, inventory: InventoryId, document: DocumentId) -> Self {
        self.inventory = Some((inventory, document));
        self
    }

    /// The docflow, whose operations exclude each other.
    #[must_use]
    pub fn docflow_id(&self) -> &DocflowId {
        &self.docflow
    }

    /// The document.
    #[must_use]
    pub fn document_id(&self) -> &DocumentId {
        self.inventory
            .as_ref()
            .map_or(&self.document, |(_, document)| document)
    }

    /// The parts of the path between the account and the verb.
    pub(crate) fn segments(&self) -> Vec<String> {
        let mut segments = vec![
            "docflows".to_owned(),
            self.docflow.to_string(),
            "documents".to_owned(),
            self.document.to_string(),
        ];
        if let Some((inventory, document)) = &self.inventory {
            segments.extend([
                "inventories".to_owned(),
                inventory.to_string(),
                "documents".to_owned(),
                document.to_string(),
            ]);
        }
        segments
    }
}

impl fmt::Display for DocumentPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.segments().join("/"))
    }
}

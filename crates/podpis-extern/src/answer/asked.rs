//! Which documents of a docflow ask for a reply, and for which.
//!
//! **Invariant:** only what the service offers, as [`Document::reply_options`] reads it. A document without an option
//! asks for nothing.

use podpis_core::Error;
use podpis_extern_model::{DocflowId, Document};

use crate::{DocumentPath, InAccount};

/// A document that can be answered with a reply of this type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplyAsked {
    /// The document.
    pub place: DocumentPath,
    /// What it can be answered with, for example `fns534-report-receipt`. A document may offer several types; it
    /// takes one reply.
    pub reply_type: String,
    /// Whether the reply is a package for the pension fund, whose documents need contents.
    pub is_package: bool,
}

impl InAccount {
    /// What can be answered in a docflow now, a line for each document and type of reply. Answering one may make the
    /// authority ask for more, so look again afterwards. Documents of inventories are not looked at: a docflow does
    /// not name them.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn replies_asked_for(&self, docflow: &DocflowId) -> Result<Vec<ReplyAsked>, Error> {
        let documents = self.docflow_documents(docflow).await?;
        let of = |document: &Document| {
            let id = document.id.clone()?;
            Some(asked(&DocumentPath::docflow(docflow.clone(), id), document))
        };
        Ok(documents.iter().filter_map(of).flatten().collect())
    }

    /// What one document asks for now, which may be a document of an inventory.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn replies_asked_for_by(
        &self,
        place: &DocumentPath,
    ) -> Result<Vec<ReplyAsked>, Error> {
        Ok(asked(place, &self.document(place).await?))
    }
}

/// What a document asks for.
pub(super) fn asked(place: &DocumentPath, document: &Document) -> Vec<ReplyAsked> {
    let options = document.reply_options();
    options
        .map(|option| ReplyAsked {
            place: place.clone(),
            reply_type: option.reply_type,
            is_package: option.is_package,
        })
        .collect()
}

//! Drafts: what is sent to make one, and what the service says about it.
//!
//! **Invariant:** a request is written without null members, because a null in a PUT leaves the old value
//! standing instead of removing it.

mod check;
mod document;
mod meta;
mod page;
mod party;

use serde::Deserialize;

use crate::open_enum::open_enum;
use crate::{DocflowId, DraftId, Link, lenient};

pub use check::{CheckError, CheckLevel, CheckResult, PrepareResult, PrepareStatus};
pub use document::{
    DocumentContent, DocumentDescription, DocumentRequest, DraftDocument, DraftDocumentDescription,
};
pub use meta::{AdditionalInfo, DraftMeta, DraftMetaRequest, DraftOptions, RelatedDocument};
pub use page::DraftPage;
pub use party::{CertificateText, Organization, Payer, Recipient, Sender};

open_enum! {
    /// How a draft stands. None of the words says that it is signed.
    ///
    /// Source: `DraftStatus` of the official Java SDK; the swagger of 2018 writes `readyToSend`.
    pub enum DraftStatus {
        /// It was just made.
        New = "new",
        /// It is being checked.
        CheckInProgress = "check-in-progress",
        /// It was checked.
        Checked = "checked",
        /// It is being prepared.
        PrepareInProgress = "prepare-in-progress",
        /// It can be sent.
        ReadyToSend = "ready-to-send",
        /// It is being sent.
        SendInProgress = "send-in-progress",
        /// It was sent.
        Sent = "sent",
        /// It goes on in the web interface.
        TransferredToWeb = "transferred-to-web",
        /// It was sent from the web interface.
        SentViaWeb = "sent-via-web",
    }
}

/// A draft.
///
/// Source: `Draft` of the official Java SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct Draft {
    /// Its id.
    #[serde(deserialize_with = "lenient::filled")]
    pub id: Option<DraftId>,
    /// The docflow that began when it was sent.
    #[serde(deserialize_with = "lenient::filled")]
    pub docflow_id: Option<DocflowId>,
    /// Links to the docflows that began when it was sent.
    #[serde(deserialize_with = "lenient::list")]
    pub docflows: Vec<Link>,
    /// Links to its documents.
    #[serde(deserialize_with = "lenient::list")]
    pub documents: Vec<Link>,
    /// Who sends it for whom to whom.
    pub meta: Option<DraftMeta>,
    /// How it stands.
    pub status: Option<DraftStatus>,
    /// Where to go on.
    #[serde(deserialize_with = "lenient::list")]
    pub links: Vec<Link>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_status() {
        for word in ["ready-to-send", "readyToSend", "ReadyToSend"] {
            assert_eq!(DraftStatus::from(word), DraftStatus::ReadyToSend);
        }
        assert_eq!(DraftStatus::from("sentViaWeb"), DraftStatus::SentViaWeb);
    }
}

//! Docflows.
//!
//! **Invariant:** only what signing and decrypting need is read; the description of a docflow, whose fields
//! depend on its type, is not.

use serde::Deserialize;

use crate::open_enum::open_enum;
use crate::{DocflowId, Document, ExternDate, Link, lenient};

open_enum! {
    /// How a docflow stands.
    ///
    /// Source: `DocflowStatus` of the official Java SDK.
    pub enum DocflowStatus prefix "urn:docflow-common-status:" {
        /// It was sent.
        Sent = "sent",
        /// The controlling body has it.
        Delivered = "delivered",
        /// An answer came.
        ResponseArrived = "response-arrived",
        /// The answer was processed.
        ResponseProcessed = "response-processed",
        /// The controlling body received it.
        Received = "received",
        /// The organization received it.
        Arrived = "arrived",
        /// The organization said what it thinks of it.
        Processed = "processed",
        /// Nothing more will happen.
        Finished = "finished",
    }
}

/// A docflow; in a page of a list without its documents.
///
/// Source: `Docflow` and `DocflowPageItem` of the official SDKs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct Docflow {
    /// Its id.
    #[serde(deserialize_with = "lenient::filled")]
    pub id: Option<DocflowId>,
    /// Id of the organization.
    #[serde(deserialize_with = "lenient::filled")]
    pub organization_id: Option<String>,
    /// Its type, for example `urn:docflow:fns534-report`.
    #[serde(rename = "type")]
    pub docflow_type: Option<String>,
    /// How it stands.
    pub status: Option<DocflowStatus>,
    /// Whether it is going well, a URN.
    pub success_state: Option<String>,
    /// Its documents.
    #[serde(deserialize_with = "lenient::list")]
    pub documents: Vec<Document>,
    /// Where to go on.
    #[serde(deserialize_with = "lenient::list")]
    pub links: Vec<Link>,
    /// When it was sent.
    #[serde(deserialize_with = "lenient::date")]
    pub send_date: Option<ExternDate>,
    /// When it last changed.
    #[serde(deserialize_with = "lenient::date")]
    pub last_change_date: Option<ExternDate>,
}

/// A page of docflows.
///
/// Source: `DocflowPage` of the official Java SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct DocflowPage {
    /// How many docflows stand before this page.
    #[serde(deserialize_with = "lenient::count")]
    pub skip: Option<u64>,
    /// How many docflows a page holds at most.
    #[serde(deserialize_with = "lenient::count")]
    pub take: Option<u64>,
    /// How many docflows there are.
    #[serde(deserialize_with = "lenient::count")]
    pub total_count: Option<u64>,
    /// The docflows of this page.
    #[serde(rename = "docflows-page-item", deserialize_with = "lenient::list")]
    pub items: Vec<Docflow>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_status() {
        for word in [
            "urn:docflow-common-status:response-arrived",
            "urn:docflow-common-status:responseArrived",
            "response-arrived",
        ] {
            assert_eq!(DocflowStatus::from(word), DocflowStatus::ResponseArrived);
        }
        let other = "urn:other-status:sent";
        assert_eq!(
            DocflowStatus::from(other),
            DocflowStatus::Other(other.to_owned())
        );
        let written = DocflowStatus::Sent.to_string();
        assert_eq!(written, "urn:docflow-common-status:sent");
    }
}

//! What a DssSign keeps in its record.
//!
//! **Invariant:** handles, what the owner is asked, and signatures; never a byte of a document nor an insurance
//! number.

use serde::{Deserialize, Serialize};

use super::progress::Asked;
use crate::given::Given;

/// The client's part of the record.
#[derive(Clone, Serialize, Deserialize)]
#[expect(missing_debug_implementations, reason = "it is for the journal alone")]
pub struct Record {
    #[serde(rename = "box")]
    pub(super) in_box: String,
    /// The certificate that was asked for, as a thumbprint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) certificate: Option<String>,
    /// Signs by GosKey.
    #[serde(default)]
    pub(super) by_gos_key: bool,
    /// The name on the shelf of each file, where it is there.
    #[serde(default)]
    pub(super) shelf: Vec<Option<String>>,
    /// How the owner is asked, as the last poll told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) progress: Option<Asked>,
    #[serde(flatten)]
    pub(super) step: Step,
}

/// How far the conversation is.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum Step {
    /// The start is about to be sent.
    Starting,
    /// The owner confirms, or the service signs.
    Signing { task: String },
    /// All that the service gave is here.
    Given { given: Vec<Given> },
}

impl Record {
    /// This record at another step.
    pub(super) fn at(&self, step: Step) -> Self {
        Self {
            step,
            ..self.clone()
        }
    }
}

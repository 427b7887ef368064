//! What a CloudSign keeps in its record.
//!
//! **Invariant:** handles, names and signatures; never a code and never a byte of a document.

use serde::{Deserialize, Serialize};

use super::ResultForm;
use crate::given::Given;

/// The client's part of the record.
#[derive(Clone, Serialize, Deserialize)]
#[expect(missing_debug_implementations, reason = "it is for the journal alone")]
pub struct Record {
    /// The certificate that was asked for, as a thumbprint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) certificate: Option<String>,
    #[serde(default)]
    pub(super) form: ResultForm,
    /// The name on the shelf of each file, where it is there.
    #[serde(default)]
    pub(super) shelf: Vec<Option<String>>,
    #[serde(flatten)]
    pub(super) step: Step,
}

/// How far the conversation is.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum Step {
    /// The start is about to be sent.
    Starting,
    /// The service prepares the SMS.
    Preparing { task: String },
    /// The SMS is on its way.
    Code { token: String },
    /// The service signs.
    Signing { token: String, task: String },
    /// Some signatures are on the shelf and not here yet.
    Fetching { given: Vec<Given> },
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

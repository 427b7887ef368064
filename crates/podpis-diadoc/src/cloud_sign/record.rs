//! What a CloudSign keeps in its record.
//!
//! **Invariant:** handles, names and signatures; never a code and never a byte of a document.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use podpis_core::Error;
use podpis_core::wait::{Record as _, unreadable};
use podpis_operation::{Data, Operation};
use serde::{Deserialize, Serialize};

use super::ResultForm;

/// The client's part of the record.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Record {
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

/// What the service gave for one file.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Given {
    /// A signature, in Base64.
    Signature(String),
    /// The name of a signature on the shelf.
    OnShelf(String),
    /// Neither.
    Nothing,
}

impl Given {
    pub(super) fn signature(der: &[u8]) -> Self {
        Self::Signature(STANDARD.encode(der))
    }
}

impl podpis_core::wait::Record for Record {}

impl Record {
    /// The same record at another step.
    pub(super) fn at(&self, step: Step) -> Data {
        Self {
            step,
            ..self.clone()
        }
        .to_data()
    }

    /// What the service gave, decoded.
    pub(super) fn given(
        self,
        operation: &Operation,
    ) -> Result<Vec<Result<Vec<u8>, String>>, Error> {
        let Step::Given { given } = self.step else {
            return Err(unreadable(operation, "it is done and has no signatures"));
        };
        let decode = |one| match one {
            Given::Signature(text) => STANDARD
                .decode(text)
                .map(Ok)
                .map_err(|error| unreadable(operation, error)),
            Given::OnShelf(_) | Given::Nothing => Ok(Err(
                "the service gave neither a signature nor its name on the shelf".to_owned(),
            )),
        };
        given.into_iter().map(decode).collect()
    }
}

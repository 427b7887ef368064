//! What the service gave for the files of a signing.
//!
//! **Invariant:** it is kept as it came; whether it is what was asked for is decided when it is bound to the files.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use podpis_cms::{Expectation, Thumbprint};
use podpis_core::Error;
use podpis_core::wait::{Current, KeptBytes};
use podpis_operation::Fingerprint;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Diadoc, Signatures};
use podpis_core::client::{TrustCheck, bind};

/// What the service gave for one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Given {
    /// A signature, in Base64.
    Signature(String),
    /// The name of a signature on the shelf.
    OnShelf(String),
    /// No signature, and why.
    Failed(String),
    /// Nothing of these.
    Nothing,
}

impl Given {
    pub(crate) fn signature(der: &[u8]) -> Self {
        Self::Signature(STANDARD.encode(der))
    }

    /// The signature in DER, or why there is none.
    fn decoded(&self) -> Result<Result<Vec<u8>, String>, base64::DecodeError> {
        match self {
            Self::Signature(text) => STANDARD.decode(text).map(Ok),
            Self::Failed(reason) => Ok(Err(reason.clone())),
            Self::OnShelf(_) | Self::Nothing => Ok(Err(
                "the service gave neither a signature nor its name on the shelf".to_owned(),
            )),
        }
    }
}

/// All that was given, apart from its record: binding it takes time, and may be done on another thread.
pub(crate) struct Unbound {
    files: Vec<Fingerprint>,
    given: Vec<Result<Vec<u8>, String>>,
    expectation: Expectation,
    trust: Option<TrustCheck>,
}

impl Unbound {
    /// What was given, for the files of the operation; `certificate` is the thumbprint that was asked for.
    pub(crate) fn of<R>(
        client: &Diadoc,
        at: Current<'_, R>,
        certificate: Option<&str>,
        given: &[Given],
    ) -> Result<Self, Error> {
        let certificate = certificate.map(Thumbprint::parse).transpose();
        let certificate = certificate.map_err(|error| at.unreadable(error))?;
        let given = given.iter().map(Given::decoded).collect::<Result<_, _>>();
        Ok(Self {
            files: at.files().to_vec(),
            given: given.map_err(|error| at.unreadable(error))?,
            expectation: client.expectation(certificate),
            trust: client.trust(),
        })
    }

    /// The same, whose signers are not judged: they were before.
    pub(crate) fn judged_before(self) -> Self {
        Self {
            trust: None,
            ..self
        }
    }

    pub(crate) fn bind(self) -> Result<Signatures, Error> {
        let trust = self.trust.as_ref();
        bind(&self.files, self.given, &self.expectation, trust)
    }
}

/// The signatures in the record of a CloudSign or a DssSign, whatever else is wrong with it.
pub(crate) fn kept(data: &Value, files: &[Fingerprint]) -> Vec<KeptBytes> {
    let given = data.get("given").and_then(Value::as_array);
    let given = given.into_iter().flatten().enumerate();
    given
        .filter_map(|(at, one)| {
            let text = one.get("signature")?.as_str()?;
            Some(KeptBytes::stored(files.get(at), text))
        })
        .collect()
}

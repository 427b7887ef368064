//! What is asked of every signature beyond its file.
//!
//! **Invariant:** what was asked for and cannot be understood is an error before any file is looked at.

use std::path::Path;

use clap::Args;
use podpis::Thumbprint;
use podpis::cms::{Certificate, Expectation};

use super::given::{Basis, TrustArguments};
use super::judge::read;
use crate::failure::Failure;
use crate::messages::{Message, SignatureMessage};
use crate::output::Output;

#[derive(Debug, Args)]
pub(crate) struct QuestionArguments {
    /// The certificate whose key must have made the signature: its thumbprint, or a file with it in DER, PEM or Base64. The
    /// file also serves where the signature does not hold the certificate
    #[arg(long, value_name = "THUMBPRINT|FILE")]
    cert: Option<String>,

    #[command(flatten)]
    trust: TrustArguments,
}

/// What is asked.
#[derive(Debug)]
pub(super) struct Question {
    expectation: Expectation,
    names_certificate: bool,
    basis: Option<Basis>,
}

impl Question {
    /// Understands the arguments. Text that is a thumbprint is one, whatever files there are.
    pub(super) fn of(arguments: &QuestionArguments, output: Output) -> Result<Self, Failure> {
        let nothing = Expectation::new();
        let mut of_signer = None;
        let expectation = match &arguments.cert {
            None => nothing,
            Some(text) => match Thumbprint::parse(text) {
                Ok(thumbprint) => nothing.certificate(thumbprint),
                Err(_) => nothing.signer(of_signer.insert(certificate(text)?).clone()),
            },
        };
        Ok(Self {
            expectation,
            names_certificate: arguments.cert.is_some(),
            basis: Basis::of(&arguments.trust, of_signer, output)?,
        })
    }

    pub(super) fn expectation(&self) -> &Expectation {
        &self.expectation
    }

    /// Whether one certificate was asked for.
    pub(super) fn names_certificate(&self) -> bool {
        self.names_certificate
    }

    /// By what trust is judged, if it was asked for.
    pub(super) fn basis(&self) -> Option<&Basis> {
        self.basis.as_ref()
    }

    /// Likewise, to judge by: what is fetched for one signature serves the next.
    pub(super) fn basis_mut(&mut self) -> Option<&mut Basis> {
        self.basis.as_mut()
    }
}

/// The one certificate of a file.
fn certificate(text: &str) -> Result<Certificate, Failure> {
    let path = Path::new(text);
    if !path.exists() {
        let message = SignatureMessage::CertificateNeither(text.to_owned());
        return Err(Failure::usage(message.into()));
    }
    let bytes = read(path).map_err(|failure| failure.into_failure(text))?;
    let mut all = Certificate::read_all(&bytes).map_err(|error| {
        Failure::usage(Message::CertificateUnreadable(text.to_owned())).with_source(error)
    })?;
    match (all.pop(), all.len()) {
        (Some(only), 0) => Ok(only),
        (_, others) => {
            let message = SignatureMessage::CertificatesSeveral {
                path: text.to_owned(),
                count: others + 1,
            };
            Err(Failure::usage(message.into()))
        }
    }
}

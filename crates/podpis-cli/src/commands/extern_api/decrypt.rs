//! `podpis extern decrypt`.
//!
//! **Invariant:** the certificate is named, except for a sandbox's own document.

use std::path::PathBuf;

use clap::Args;

use super::operation::{self, OperationArguments, PlaceArguments};
use crate::asked::{CertificateChoice, What};
use crate::checks::StrictArguments;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Message;
use crate::output::Output;

#[derive(Debug, Args)]
pub(crate) struct DecryptArguments {
    #[command(flatten)]
    place: PlaceArguments,

    /// Thumbprint of the certificate to decrypt with, one of the account's
    #[arg(long, value_name = "THUMBPRINT", conflicts_with = "cert_file")]
    cert: Option<String>,

    /// Certificate to decrypt with, DER or PEM
    #[arg(long, value_name = "FILE")]
    cert_file: Option<PathBuf>,

    /// Give the code by decrypt-content-confirm, the older of the two calls
    #[arg(long)]
    old_confirm: bool,

    #[command(flatten)]
    operation: OperationArguments,
}

/// Decrypts.
pub(super) async fn run(arguments: DecryptArguments, output: Output) -> Result<Exit, Failure> {
    let file = match &arguments.cert_file {
        Some(path) => Some(std::path::absolute(path).map_err(|error| {
            Failure::usage(Message::FileUnreadable(path.display().to_string())).with_source(error)
        })?),
        None => None,
    };
    let certificate = match (file, arguments.cert) {
        (Some(file), _) => Some(CertificateChoice::File(file.into())),
        (None, Some(thumbprint)) => Some(CertificateChoice::Listed(thumbprint)),
        (None, None) => None,
    };
    let (place, old_confirm) = (arguments.place, arguments.old_confirm);
    operation::run(
        arguments.operation,
        // It gives no signature.
        StrictArguments::default(),
        "--docflow, --document and --cert or --cert-file",
        |world| {
            let (place, certificate) = match (place.given(), certificate) {
                (Some(place), Some(certificate)) => (place, certificate),
                (None, certificate) => {
                    let encrypted = &world?.encrypted.dss;
                    let own = || CertificateChoice::Listed(encrypted.certificate.clone());
                    (
                        operation::seeded(&encrypted.place),
                        certificate.unwrap_or_else(own),
                    )
                }
                (Some(_), None) => return None,
            };
            Some(What::Decrypt {
                place,
                certificate,
                old_confirm,
            })
        },
        output,
    )
    .await
}

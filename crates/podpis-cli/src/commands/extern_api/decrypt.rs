//! `podpis extern decrypt`.
//!
//! **Invariant:** the certificate is named, except for a sandbox's own document.

use std::path::PathBuf;

use clap::Args;

use super::operation::{self, OperationArguments};
use super::place::{PlaceArguments, seeded};
use crate::asked::{CertificateChoice, What};
use crate::checks::StrictArguments;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::absolute;
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
    let file = arguments.cert_file.as_deref().map(absolute).transpose()?;
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
                    (seeded(&encrypted.place), certificate.unwrap_or_else(own))
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

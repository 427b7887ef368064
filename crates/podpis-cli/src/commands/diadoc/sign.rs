//! `podpis diadoc sign`: signs files and writes a signature for each.
//!
//! **Invariant:** the start is sent once per call of the program; whatever can be found wrong with files, folders
//! and settings is found before that.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use podpis::core::wait::PollPolicy;
use podpis::diadoc::FileOutcome;
use podpis::{CodeRequest, Deadline, Diadoc, File, Signatures, Signed, Thumbprint};
use serde_json::json;

use crate::checks;
use crate::connection::{Connection, ConnectionArguments, parse};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::{CheckName, Message};
use crate::output::Output;
use crate::progress::{Narrator, UploadBar};
use crate::prompt::Asker;
use crate::signature_file::{self, Target};

#[derive(Debug, Args)]
#[command(
    after_help = "A FILE.p7s that is already there is replaced, in one step: at no time is half a signature found \
                  under that name.\n\
                  The code from the SMS is asked for on the terminal. When standard input is not a terminal, one \
                  line of it is one code."
)]
pub(crate) struct SignArguments {
    /// Files to sign, all with one code
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// How to sign
    #[arg(long, value_enum, default_value_t = Method::Cloud)]
    method: Method,

    /// Thumbprint of the certificate to sign with; the person's current one unless given
    #[arg(long, value_name = "THUMBPRINT")]
    cert: Option<String>,

    /// Folder for the signatures; beside each file unless given
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    connection: ConnectionArguments,

    /// How long to wait for the signatures, in minutes; uploads do not count
    #[arg(long, value_name = "MINUTES", default_value_t = 10, value_parser = clap::value_parser!(u64).range(..=10_080))]
    timeout: u64,

    /// How many codes may be tried
    #[arg(long, value_name = "NUMBER", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=10))]
    code_attempts: u32,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Method {
    /// Kontur.Certificate with a code by SMS (CloudSign)
    Cloud,
}

/// Signs and writes.
pub(crate) async fn run(arguments: SignArguments, output: Output) -> Result<Exit, Failure> {
    let wanted: Option<Thumbprint> = match &arguments.cert {
        Some(text) => Some(parse("--cert", text)?),
        None => None,
    };
    let targets = signature_file::plan(&arguments.files, arguments.out.as_deref())?;
    let connection = Connection::open(&arguments.connection, output).await?;
    let asker = match &connection.sandbox {
        Some(side) if arguments.connection.yes => {
            Asker::sandbox(side, output, arguments.code_attempts)
        }
        _ => Asker::person(output, arguments.code_attempts),
    };
    let signing = async {
        match arguments.method {
            Method::Cloud => cloud(&arguments, &connection, wanted, asker, output).await,
        }
    };
    let signatures = tokio::select! {
        signed = signing => signed?,
        _ = tokio::signal::ctrl_c() => {
            return Err(Failure::new(Exit::Open, "interrupted", Message::Interrupted));
        }
    };
    deliver(&arguments.files, &targets, &signatures, output)
}

async fn cloud(
    arguments: &SignArguments,
    connection: &Connection,
    wanted: Option<Thumbprint>,
    asker: Asker,
    output: Output,
) -> Result<Signatures, Failure> {
    let mut client = Diadoc::builder(
        connection.base.clone(),
        connection.login.clone(),
        connection.transport.clone(),
    )
    .watcher(Narrator(output))
    .code_attempts(arguments.code_attempts);
    let mut certificate = wanted;
    if let Some(side) = &connection.sandbox {
        certificate = certificate.or(side.certificate);
        // Nobody pays for the polls of a sandbox; how long it takes is its own to say, by Retry-After.
        client = client.polls(PollPolicy::growing(
            Duration::from_millis(100),
            Duration::from_secs(15),
        ));
    }
    let mut signing = client
        .build()
        .cloud_sign(arguments.files.iter().map(File::path));
    if let Some(certificate) = certificate {
        signing = signing.certificate(certificate);
    }
    let bar = UploadBar::default();
    let mut prompt = |request: CodeRequest| asker.clone().ask(request);
    let signatures = signing
        .on_upload(move |progress| bar.show(progress))
        .run(&mut prompt, Deadline::minutes(arguments.timeout))
        .await?;
    Ok(signatures)
}

/// Writes what came, all of it, and then tells about it: neither a signature that cannot be written nor a stream that
/// is full loses the others.
fn deliver(
    files: &[PathBuf],
    targets: &[Target],
    signatures: &Signatures,
    output: Output,
) -> Result<Exit, Failure> {
    let written: Vec<Result<&Signed, NotHere>> = targets
        .iter()
        .zip(signatures.files())
        .map(|(target, outcome)| match outcome {
            FileOutcome::Signed(signed) => match target.write(signed.der()) {
                Ok(()) => Ok(&**signed),
                Err(failure) => Err(NotHere::NotWritten(failure)),
            },
            FileOutcome::Failed { reason, .. } => Err(NotHere::NotSigned(reason.clone())),
        })
        .collect();
    let mut exit = Exit::Done;
    let mut unwritten = None;
    for ((file, target), outcome) in files.iter().zip(targets).zip(written) {
        let file = file.display().to_string();
        match outcome {
            Ok(signed) => tell(signed, file, target.shown(), output)?,
            Err(NotHere::NotSigned(reason)) => {
                exit = Exit::Refused;
                output.result(&json!({
                    "file": file,
                    "error": { "kind": "not_signed", "message": reason },
                }))?;
                output.say(&Message::NotSigned { file, reason });
            }
            Err(NotHere::NotWritten(failure)) => {
                if let Some(earlier) = unwritten.replace(failure) {
                    output.failure(&earlier);
                }
            }
        }
    }
    match unwritten {
        Some(failure) => Err(failure),
        None => Ok(exit),
    }
}

/// Why a file has no signature beside it.
enum NotHere {
    NotSigned(String),
    NotWritten(Failure),
}

fn tell(signed: &Signed, file: String, target: String, output: Output) -> Result<(), Failure> {
    let certificate = signed.certificate();
    let result = json!({
        "file": file,
        "signature": target,
        "certificate": certificate.map(|known| known.thumbprint().to_string()),
        "checks": checks::json(signed.checks()),
    });
    output.say(&Message::Signed { file, target });
    if let Some(certificate) = certificate {
        output.say(&Message::Signer(certificate.subject().to_owned()));
    }
    let all = [CheckName::Digest, CheckName::Signer, CheckName::Value];
    checks::say(signed.checks(), &all, output);
    output.result(&result)
}

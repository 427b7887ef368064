//! `podpis diadoc sign`: signs files and writes a signature for each.
//!
//! **Invariant:** the start is sent once per call of the program; whatever can be found wrong with files, folders,
//! the journal and settings is found before that.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use podpis::Diadoc;
use podpis::diadoc::shelf::FILE_LIMIT;

use crate::asked::{DiadocAsk, Method, STDIN, ToSign};
use crate::checks::{self, StrictArguments};
use crate::connection::DiadocArguments;
use crate::environment::{self, parse};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::must_fit;
use crate::interrupt::Interrupt;
use crate::messages::Message;
use crate::out_folder::OutFolder;
use crate::output::Output;
use crate::ready::{Ready, StartArguments};
use crate::signature_file::{self, Target};

#[derive(Debug, Args)]
#[command(
    after_help = "A FILE.p7s that is already there is replaced, in one step: at no time is half a signature found \
                  under that name.\n\
                  By dss the signer confirms on the phone, and the program says where and waits. When Diadoc asks \
                  to start over later, that is done inside --timeout, at most three times.\n\
                  By cloud the code from the SMS is asked for on the terminal. When standard input is not a \
                  terminal, one line of it is one code.\n\
                  Standard input (`-`) is called stdin, and its signature goes into the folder of --out as stdin.p7s, \
                  where nothing that is there is replaced. Its code is asked for on the terminal. A file called `-` is ./-.\n\
                  The operation is in the journal until its signatures are written: whatever stops the program, \
                  `podpis ops` goes on with it. That of --sandbox ends with the program and is not kept."
)]
pub(crate) struct SignArguments {
    /// Files to sign, all with one confirmation; `-` alone is standard input, which needs --out
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// How to sign
    #[arg(long, value_enum, default_value_t = SignMethod::Dss)]
    method: SignMethod,

    /// Thumbprint of the certificate to sign with; the person's current one unless given
    #[arg(long, value_name = "THUMBPRINT")]
    cert: Option<String>,

    /// Folder for the signatures; beside each file unless given
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    diadoc: DiadocArguments,

    #[command(flatten)]
    start: StartArguments,

    #[command(flatten)]
    strict: StrictArguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SignMethod {
    /// DSS certificate, confirmed on its owner's phone (DssSign)
    Dss,
    /// Kontur.Certificate with a code by SMS (CloudSign)
    Cloud,
}

/// Signs and writes.
pub(super) async fn run(arguments: SignArguments, output: Output) -> Result<Exit, Failure> {
    let SignArguments {
        files,
        method,
        cert,
        out,
        diadoc: DiadocArguments { service, .. },
        start,
        strict,
    } = &arguments;
    let cert = cert.as_deref();
    let wanted = cert.map(|text| parse("--cert", text)).transpose()?;
    let out = out.as_deref();
    let is_stdin = ToSign::names_stdin(files);
    let targets = if is_stdin {
        let needs_code = matches!(method, SignMethod::Cloud) && !service.yes && !start.leaves();
        stdin_target(files, out, needs_code)?
    } else {
        let targets = signature_file::plan(files, out)?;
        files
            .iter()
            .try_for_each(|file| must_fit(file, FILE_LIMIT))?;
        targets
    };
    let store = start.store(service, output).await?;
    let signed = if is_stdin {
        ToSign::stdin()?
    } else {
        ToSign::Files(files.clone())
    };
    let in_box = arguments.diadoc.in_box()?;
    let ready = Ready::<Diadoc>::open(&store, service, start, *strict, output).await?;
    let connection = &ready.connection;
    let person = connection.person();
    let (method, seeded) = match method {
        SignMethod::Dss => {
            let in_box = connection.in_box(in_box, output).await?;
            let seeded = person.and_then(|person| person.dss_certificate);
            (Method::Dss { in_box }, seeded)
        }
        SignMethod::Cloud => {
            let seeded = person.and_then(|person| person.certificate);
            (Method::Cloud, seeded)
        }
    };
    let asked = DiadocAsk::Files {
        method,
        signed,
        targets,
        certificate: wanted.or(seeded),
        names: wanted.map_or(checks::UNNAMED, |_| checks::ALL),
    };
    let delivery = ready.carry_out(asked, None, &mut Interrupt::new()).await?;
    delivery.print()
}

/// Where the signature of standard input goes, once it is clear that it can be signed. `needs_code` says that somebody
/// has to be asked.
fn stdin_target(
    files: &[PathBuf],
    out: Option<&Path>,
    needs_code: bool,
) -> Result<Vec<Target>, Failure> {
    if files.len() > 1 {
        return Err(Failure::usage(Message::StdinIsAlone));
    }
    let out = out.ok_or_else(|| Failure::usage(Message::StdinNeedsOut))?;
    if needs_code && !environment::person_beside_stdin() {
        return Err(Failure::usage(Message::StdinHoldsNoCode));
    }
    let folder = OutFolder::asked(Some(out))?;
    Ok(signature_file::for_names(&[STDIN], &folder))
}

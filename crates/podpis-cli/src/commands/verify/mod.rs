//! `podpis verify`: says which file a signature is for, who signed, and what is proven.
//!
//! | module | decides |
//! |---|---|
//! | `question` | what is asked of every signature |
//! | `given` | by what trust is judged: which files, at which moment |
//! | `fetch` | what is got from the addresses in certificates, where that was asked for |
//! | `judge` | what one signature is worth for one file, as data |
//! | `tell` | how that is told |
//! | `trust_text`, `trust_json` | how trust is told to people and to programs |
//!
//! **Invariant:** done (0) means that all that was asked is proven, of every file, and trusted where a root was named; what is wrong ends with 1 and what could
//! not be checked with 3. Every file is looked at, whatever is wrong with another.

mod fetch;
mod given;
mod judge;
mod question;
mod tell;
mod trust_json;
mod trust_text;

use std::path::PathBuf;

use clap::Args;

use self::judge::{Judged, Pair, judge};
use self::question::{Question, QuestionArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::SignatureMessage;
use crate::output::Output;

#[derive(Debug, Args)]
#[command(
    override_usage = "podpis verify [OPTIONS] FILE SIGNATURE\n       podpis verify [OPTIONS] --all FILE…",
    after_help = "A signature is read in DER, BER, PEM or Base64, with zeros or a line end behind; what it is not in DER is \
                  told.\n\
                  Exit codes: 0 proven: the key of the signer's certificate signed this very content; 1 wrong: the content \
                  is another, the value is wrong, the digest proves nothing, the certificate is not the one asked for, it is \
                  no signature, or there is none; 2 wrong usage, or a file that cannot be read; 3 not proven: something \
                  could not be checked. Of several files the worst counts: 1, then 2, 3, 0.\n\
                  Whose the certificate is, and whether it may be trusted, is checked with --trust, by the files named: 0 \
                  trusted, 1 refused, 3 not proven, which says what is missing and where to get it. Nothing is fetched \
                  without --fetch, which gets what is missing from the addresses in the certificates and says of every \
                  address what came of it."
)]
pub(crate) struct VerifyArguments {
    /// A file and its detached signature, such as FILE.p7s; with --all, files
    #[arg(required = true, value_name = "FILE")]
    paths: Vec<PathBuf>,

    /// Check every file against the FILE.p7s beside it
    #[arg(long)]
    all: bool,

    /// End with 0 also when something could not be checked, or trust is not proven; what is wrong ends with 1 all the same
    #[arg(long)]
    allow_unchecked: bool,

    #[command(flatten)]
    question: QuestionArguments,
}

impl VerifyArguments {
    fn pairs(&self) -> Result<Vec<Pair>, Failure> {
        match (self.all, &*self.paths) {
            (true, files) => Ok(files.iter().map(|file| Pair::beside(file)).collect()),
            (false, [file, signature]) => Ok(vec![Pair::of(file, signature)]),
            (false, _) => Err(Failure::usage(SignatureMessage::VerifyWhat.into())),
        }
    }

    /// What this means for the ending.
    fn exit(&self, judged: &Judged) -> Exit {
        match judged.exit() {
            Exit::NotProven if self.allow_unchecked && judged.signed.is_ok() => Exit::Done,
            exit => exit,
        }
    }
}

/// Checks and tells, one file after another.
pub(crate) async fn run(arguments: VerifyArguments, output: Output) -> Result<Exit, Failure> {
    let pairs = arguments.pairs()?;
    let mut question = Question::of(&arguments.question, output)?;
    let mut exit = Exit::Done;
    for pair in &pairs {
        let judged = judge(pair, &mut question).await;
        exit = exit.worst(arguments.exit(&judged));
        tell::tell(pair, &question, &judged, output)?;
    }
    Ok(exit)
}

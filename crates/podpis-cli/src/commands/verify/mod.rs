//! `podpis verify`: says which file a signature is for, who signed, and what is proven.
//!
//! | module | decides |
//! |---|---|
//! | `question` | what is asked of every signature |
//! | `judge` | what one signature is worth for one file, as data |
//! | `tell` | how that is told |
//!
//! **Invariant:** done (0) means that all that was asked is proven, of every file; what is wrong ends with 1 and what could
//! not be checked with 3. Every file is looked at, whatever is wrong with another.

mod judge;
mod question;
mod tell;

use std::path::PathBuf;

use clap::Args;
use podpis::Signed;

use self::judge::{Pair, judge};
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
                  Whose the certificate is, and whether it may be trusted, is not checked."
)]
pub(crate) struct VerifyArguments {
    /// A file and its detached signature, such as FILE.p7s; with --all, files
    #[arg(required = true, value_name = "FILE")]
    paths: Vec<PathBuf>,

    /// Check every file against the FILE.p7s beside it
    #[arg(long)]
    all: bool,

    /// End with 0 also when something could not be checked; what is wrong ends with 1 all the same
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

    /// What a signature in which nothing is wrong means for the ending.
    fn exit(&self, signed: &Signed) -> Exit {
        if self.allow_unchecked || signed.checks().is_proven() {
            Exit::Done
        } else {
            Exit::NotProven
        }
    }
}

/// Checks and tells, one file after another.
pub(crate) fn run(arguments: &VerifyArguments, output: Output) -> Result<Exit, Failure> {
    let pairs = arguments.pairs()?;
    let question = Question::of(&arguments.question)?;
    let mut exit = Exit::Done;
    for pair in &pairs {
        let judged = judge(pair, &question);
        exit = exit.worst(match &judged {
            Ok(signed) => arguments.exit(signed),
            Err(failure) => failure.exit(),
        });
        tell::tell(pair, &question, &judged, output)?;
    }
    Ok(exit)
}

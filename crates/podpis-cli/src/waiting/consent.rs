//! Decides whether what was shown is signed.
//!
//! **Invariant:** nothing is sent for signing before somebody has said yes to the number of documents.

use clap::Args;

use crate::environment;
use crate::failure::Failure;
use crate::messages::DiadocMessage;
use crate::output::Output;
use crate::prompt;

// What people say of it on the command line.
#[derive(Args, Clone, Debug)]
pub(crate) struct ConsentArguments {
    /// Sign at most so many documents
    #[arg(long, value_name = "NUMBER", requires = "waiting", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    /// Only show what would be signed, and what the others need
    #[arg(long, requires = "waiting")]
    pub(crate) dry_run: bool,

    /// Sign without a question, if it is so many documents, and nothing at all otherwise
    #[arg(long, value_name = "NUMBER", requires = "waiting")]
    confirm_count: Option<usize>,
}

impl ConsentArguments {
    /// The most documents.
    pub(crate) fn limit(&self) -> usize {
        let limit = self.limit.map(usize::try_from);
        limit.map_or(usize::MAX, |limit| limit.unwrap_or(usize::MAX))
    }

    /// Whether somebody says yes to so many documents; `yes` is what a sandbox alone allows.
    pub(crate) async fn given(
        &self,
        documents: usize,
        yes: bool,
        output: Output,
    ) -> Result<bool, Failure> {
        if self.dry_run {
            output.say(&DiadocMessage::OnlyShown.into());
            return Ok(false);
        }
        if let Some(expected) = self.confirm_count {
            if expected != documents {
                let message = DiadocMessage::OtherCount {
                    expected,
                    documents,
                };
                return Err(Failure::usage(message.into()));
            }
            return Ok(documents > 0);
        }
        if documents == 0 || yes {
            return Ok(documents > 0);
        }
        if !environment::person_at_terminal() {
            let message = DiadocMessage::NobodyToAsk { documents };
            return Err(Failure::usage(message.into()));
        }
        let question = DiadocMessage::AskSign { documents };
        let is_wanted = prompt::confirmed(output, &question.into()).await;
        if !is_wanted {
            output.say(&DiadocMessage::NotWanted.into());
        }
        Ok(is_wanted)
    }
}

//! `podpis extern sign-draft`.
//!
//! **Invariant:** without `--draft` only a sandbox's own draft is signed.

use clap::Args;
use podpis::extern_api::model::DraftId;

use super::operation::{self, OperationArguments};
use crate::asked::What;
use crate::checks::StrictArguments;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, Args)]
pub(crate) struct SignDraftArguments {
    /// The draft; a seeded one of the sandbox unless given
    #[arg(long, value_name = "DRAFT")]
    draft: Option<String>,

    #[command(flatten)]
    operation: OperationArguments,

    #[command(flatten)]
    strict: StrictArguments,
}

/// Signs.
pub(super) async fn run(arguments: SignDraftArguments, output: Output) -> Result<Exit, Failure> {
    let draft = arguments.draft;
    operation::run(
        arguments.operation,
        arguments.strict,
        "--draft",
        |world| {
            let draft = draft.or_else(|| Some(world?.drafts.dss.id.clone()))?;
            Some(What::SignDraft {
                draft: DraftId::new(draft),
            })
        },
        output,
    )
    .await
}

//! `podpis extern sign-draft`.
//!
//! **Invariant:** without `--draft` only a sandbox's own draft is signed.

use clap::Args;
use podpis::extern_api::model::DraftId;

use super::operation::{self, SigningArguments};
use crate::asked::What;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, Args)]
pub(crate) struct SignDraftArguments {
    /// The draft; a seeded one of the sandbox unless given
    #[arg(long, value_name = "DRAFT")]
    draft: Option<String>,

    #[command(flatten)]
    signing: SigningArguments,
}

/// Signs.
pub(super) async fn run(arguments: SignDraftArguments, output: Output) -> Result<Exit, Failure> {
    let draft = arguments.draft;
    operation::run(
        arguments.signing.operation,
        arguments.signing.strict,
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

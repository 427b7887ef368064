//! `podpis extern sign-reply` and `podpis extern sign-pfr-reply`.
//!
//! **Invariant:** a reply is named with its document or not at all.

use clap::Args;
use podpis::extern_api::model::ReplyId;

use super::operation::{self, OperationArguments, PlaceArguments};
use crate::asked::What;
use crate::checks::StrictArguments;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// What both need.
const NEEDS: &str = "--docflow, --document and --reply";

#[derive(Debug, Args)]
struct ReplyArguments {
    #[command(flatten)]
    place: PlaceArguments,

    /// The reply; a seeded one of the sandbox unless given
    #[arg(long, value_name = "REPLY", requires = "document")]
    reply: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SignReplyArguments {
    #[command(flatten)]
    reply: ReplyArguments,

    /// The service's forceConfirmation; what it means for receipts depends on the service
    #[arg(long, value_name = "BOOL", default_value_t = false, action = clap::ArgAction::Set)]
    force_confirmation: bool,

    #[command(flatten)]
    operation: OperationArguments,

    #[command(flatten)]
    strict: StrictArguments,
}

#[derive(Debug, Args)]
pub(crate) struct SignPfrReplyArguments {
    #[command(flatten)]
    reply: ReplyArguments,

    #[command(flatten)]
    operation: OperationArguments,

    #[command(flatten)]
    strict: StrictArguments,
}

/// Signs a reply.
pub(super) async fn run(arguments: SignReplyArguments, output: Output) -> Result<Exit, Failure> {
    let force_confirmation = arguments.force_confirmation;
    let ReplyArguments { place, reply } = arguments.reply;
    operation::run(
        arguments.operation,
        arguments.strict,
        NEEDS,
        |world| {
            let (place, reply) = match (place.given(), reply) {
                (Some(place), Some(reply)) => (place, reply),
                (None, None) => {
                    let demand = &world?.replies.fns_demand;
                    (operation::seeded(&demand.place), demand.dss.clone())
                }
                _ => return None,
            };
            Some(What::SignReply {
                place,
                reply: ReplyId::new(reply),
                force_confirmation,
            })
        },
        output,
    )
    .await
}

/// Signs a PFR reply.
pub(super) async fn run_pfr(
    arguments: SignPfrReplyArguments,
    output: Output,
) -> Result<Exit, Failure> {
    let ReplyArguments { place, reply } = arguments.reply;
    operation::run(
        arguments.operation,
        arguments.strict,
        NEEDS,
        |world| {
            let (place, reply) = match (place.given(), reply) {
                (Some(place), Some(reply)) => (place, reply),
                (None, None) => {
                    let pfr = &world?.replies.pfr;
                    (operation::seeded(&pfr.place), pfr.dss.clone())
                }
                _ => return None,
            };
            Some(What::SignPfrReply {
                place,
                reply: ReplyId::new(reply),
            })
        },
        output,
    )
    .await
}

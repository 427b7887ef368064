//! `podpis extern sign-reply` and `podpis extern sign-pfr-reply`.
//!
//! **Invariant:** a reply is named with its document or not at all.

use clap::Args;
use podpis::DocumentPath;
use podpis::extern_api::model::ReplyId;
use podpis_sandbox::{ExternInfo, ExternRepliesInfo, ExternReplyInfo};

use super::operation::{self, SigningArguments};
use super::place::{self, PlaceArguments};
use crate::asked::What;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, Args)]
struct ReplyArguments {
    #[command(flatten)]
    place: PlaceArguments,

    /// The reply; a seeded one of the sandbox unless given
    #[arg(long, value_name = "REPLY", requires = "document")]
    reply: Option<String>,

    #[command(flatten)]
    signing: SigningArguments,
}

#[derive(Debug, Args)]
pub(crate) struct SignReplyArguments {
    #[command(flatten)]
    reply: ReplyArguments,

    /// The service's forceConfirmation; what it means for receipts depends on the service
    #[arg(long, value_name = "BOOL", default_value_t = false, action = clap::ArgAction::Set)]
    force_confirmation: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SignPfrReplyArguments {
    #[command(flatten)]
    reply: ReplyArguments,
}

/// Signs a reply.
pub(super) async fn run(arguments: SignReplyArguments, output: Output) -> Result<Exit, Failure> {
    let force_confirmation = arguments.force_confirmation;
    let what = |place, reply| What::SignReply {
        place,
        reply,
        force_confirmation,
    };
    sign(arguments.reply, |all| &all.fns_demand, what, output).await
}

/// Signs a PFR reply.
pub(super) async fn run_pfr(
    arguments: SignPfrReplyArguments,
    output: Output,
) -> Result<Exit, Failure> {
    let what = |place, reply| What::SignPfrReply { place, reply };
    sign(arguments.reply, |all| &all.pfr, what, output).await
}

async fn sign(
    arguments: ReplyArguments,
    seeded: fn(&ExternRepliesInfo) -> &ExternReplyInfo,
    what: impl FnOnce(DocumentPath, ReplyId) -> What,
    output: Output,
) -> Result<Exit, Failure> {
    let ReplyArguments {
        place,
        reply,
        signing: SigningArguments { operation, strict },
    } = arguments;
    let asked = |world: Option<&ExternInfo>| {
        let (place, reply) = match (place.given(), reply) {
            (Some(place), Some(reply)) => (place, reply),
            (None, None) => {
                let seeded = seeded(&world?.replies);
                (place::seeded(&seeded.place), seeded.dss.clone())
            }
            _ => return None,
        };
        Some(what(place, ReplyId::new(reply)))
    };
    let needs = "--docflow, --document and --reply";
    operation::run(operation, strict, needs, asked, output).await
}

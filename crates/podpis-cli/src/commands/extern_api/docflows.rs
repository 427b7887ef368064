//! `podpis extern docflows`: lists docflows, or those that ask for replies and for which.
//!
//! **Invariant:** only reads; a list that does not wait is told as it comes, page by page.

use clap::Args;
use futures_util::TryStreamExt as _;
use podpis::Extern;
use podpis::extern_api::model::Docflow;
use podpis::extern_api::{DocflowFilter, ReplyAsked};
use serde_json::{Value, json};

use crate::connection::{Connection, ExternArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::{DiadocMessage, Message};
use crate::output::{Output, columns, joined};
use crate::waiting::asking;

#[derive(Debug, Args)]
#[command(
    after_help = "With --waiting each docflow is told with the documents that ask for a reply, and by what they can be \
                  answered; podpis extern reply --waiting answers them. Documents of inventories are not looked at: a \
                  docflow does not name them."
)]
pub(crate) struct DocflowsArguments {
    /// Only docflows that are not finished and ask for a reply
    #[arg(long)]
    waiting: bool,

    /// Only docflows of this type, for example fns534-demand
    #[arg(long = "type", value_name = "TYPE")]
    docflow_type: Option<String>,

    /// At most so many
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    #[command(flatten)]
    extern_api: ExternArguments,
}

/// Lists.
pub(super) async fn run(arguments: &DocflowsArguments, output: Output) -> Result<Exit, Failure> {
    let account = arguments.extern_api.account()?;
    let connection = Connection::<Extern>::open(&arguments.extern_api.service, output).await?;
    let account = connection.account(account)?;
    let in_account = connection.reader().account(&account);
    let filter = DocflowFilter {
        types: arguments.docflow_type.iter().cloned().collect(),
        ..DocflowFilter::default()
    };
    let most = arguments.limit.unwrap_or(u64::MAX);
    let mut listed = 0;
    if arguments.waiting {
        for one in asking(&in_account, filter).await? {
            if listed == most {
                break;
            }
            listed += 1;
            tell(&one.docflow, &one.replies, output)?;
        }
    } else {
        let mut docflows = in_account.docflows(&filter);
        while listed < most
            && let Some(docflow) = docflows.try_next().await?
        {
            listed += 1;
            tell(&docflow, &[], output)?;
        }
    }
    if listed == 0 {
        output.say(&Message::NothingListed);
    }
    Ok(Exit::Done)
}

fn tell(docflow: &Docflow, replies: &[ReplyAsked], output: Output) -> Result<(), Failure> {
    let status = docflow.status.as_ref().map(ToString::to_string);
    let known = json!({
        "docflow": docflow.id,
        "type": docflow.docflow_type,
        "status": status,
        "sent": docflow.send_date.map(|date| date.to_string()),
        "changed": docflow.last_change_date.map(|date| date.to_string()),
    });
    let result = match replies {
        [] => known,
        asked => joined(
            known,
            json!({ "asks": asked.iter().map(told).collect::<Vec<Value>>() }),
        ),
    };
    output.result(&result)?;
    output.show(&columns([
        docflow.id.as_ref().map(ToString::to_string),
        docflow.docflow_type.clone(),
        status,
    ]))?;
    for one in replies {
        let words = DiadocMessage::Asks {
            document: one.place.document_id().to_string(),
            reply_type: one.reply_type.clone(),
        };
        output.show(&output.text(&words.into()))?;
    }
    Ok(())
}

/// A reply that is asked for, for programs.
pub(super) fn told(asked: &ReplyAsked) -> Value {
    json!({
        "document": asked.place.document_id(),
        "reply_type": asked.reply_type,
        "package": asked.is_package,
    })
}

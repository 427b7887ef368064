//! Finds which docflows of an account ask for replies.
//!
//! **Invariant:** only reads. Documents of inventories are not found: a docflow does not name them.

use futures_util::{StreamExt as _, TryStreamExt as _};
use podpis::Error;
use podpis::extern_api::model::Docflow;
use podpis::extern_api::{DocflowFilter, InAccount, ReplyAsked};

use super::AT_ONCE;
use crate::failure::Failure;

/// A docflow, and what it asks for.
#[derive(Clone, Debug)]
pub(crate) struct Asking {
    pub(crate) docflow: Docflow,
    pub(crate) replies: Vec<ReplyAsked>,
}

/// The docflows that are not finished and ask for a reply, in the order of the list.
pub(crate) async fn asking(
    account: &InAccount,
    filter: DocflowFilter,
) -> Result<Vec<Asking>, Failure> {
    let open = DocflowFilter {
        finished: Some(false),
        ..filter
    };
    let docflows = account.docflows(&open);
    let looked_at = docflows.map(|docflow| async {
        let docflow = docflow?;
        let replies = match &docflow.id {
            Some(id) => account.replies_asked_for(id).await?,
            None => Vec::new(),
        };
        Ok::<_, Error>(Asking { docflow, replies })
    });
    let all: Vec<Asking> = looked_at.buffered(AT_ONCE).try_collect().await?;
    let asks = |one: &Asking| !one.replies.is_empty();
    Ok(all.into_iter().filter(asks).collect())
}

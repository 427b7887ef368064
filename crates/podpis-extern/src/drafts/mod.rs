//! Drafts: made, read, changed and removed.
//!
//! **Invariant:** what has an id that the client chose may be written again and changes nothing the second time; what
//! the service names is sent once, because a repetition would make a second one.

mod contents;
mod documents;
mod kept;
mod print;
mod signatures;

pub use contents::DraftContent;
pub use kept::KeptDocuments;

use futures_util::future::BoxFuture;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use podpis_core::Error;
use podpis_core::call::{Call, Endpoint};
use podpis_extern_model::{
    AccountId, ApiTask, DocflowId, Draft, DraftId, DraftMeta, DraftPage, TaskId, TaskItem,
    TaskPage, find_links,
};
use podpis_operation::OperationId;

use crate::InAccount;
use crate::endpoints::{
    DRAFT, DRAFT_CREATE, DRAFT_DELETE, DRAFT_META, DRAFT_META_PUT, DRAFT_PUT, DRAFT_TASK,
    DRAFT_TASKS, DRAFTS,
};
use crate::explain::is_not_found;
use crate::json::{asking, reading, sending};
use crate::pages::Pages;

pub(crate) use kept::Keeping;

/// How many drafts are asked for at once.
const PAGE: usize = 100;

/// How many documents of a draft are read side by side, if the client's limit allows that many requests.
const SIDE_BY_SIDE: usize = 8;

/// How many tasks are asked for at once, as the official Java SDK does.
const TASK_PAGE: usize = 1000;

impl InAccount {
    /// Removes what a call names.
    async fn remove(&self, call: Call) -> Result<(), Error> {
        match self.caller().call(asking(call)).await {
            Err(error) if is_not_found(&error) => Ok(()),
            answer => answer.map(drop),
        }
    }
}

impl InAccount {
    /// Makes a draft under an id that the service chooses. See [`InAccount::put_draft`] for one that can be repeated.
    ///
    /// # Errors
    /// When the service refuses, or does not answer ([`Error::may_have_been_applied`]: there may be a draft then).
    pub async fn create_draft(&self, meta: &DraftMeta) -> Result<Draft, Error> {
        let call = Call::new(&DRAFT_CREATE).segment("account", self.id.as_str());
        reading(&self.caller().call(sending(call, meta)).await?)
    }

    /// Makes a draft under this id, a UUID, or changes the one that there is. Doing it again changes nothing.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn put_draft(&self, draft: &DraftId, meta: &DraftMeta) -> Result<(), Error> {
        let call = at(&DRAFT_PUT, &self.id, draft);
        // The answer is a draft in some sources and nothing in others.
        self.caller().call(sending(call, meta)).await.map(drop)
    }

    /// A draft.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn draft(&self, draft: &DraftId) -> Result<Draft, Error> {
        let call = at(&DRAFT, &self.id, draft);
        reading(&self.caller().call(asking(call)).await?)
    }

    /// All drafts of the account.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn drafts(&self) -> Result<Vec<Draft>, Error> {
        let mut drafts = Pages::of("drafts", PAGE);
        loop {
            let call = Call::new(&DRAFTS).segment("account", self.id.as_str());
            let answer = self.caller().call(asking(drafts.next(call))).await?;
            let page: DraftPage = reading(&answer)?;
            if drafts.add(&answer, page.drafts, page.total_count)? {
                return Ok(drafts.into_all());
            }
        }
    }

    /// Removes a draft. One that is not there counts as removed: an answer that was lost may have been its removal.
    ///
    /// # Errors
    /// When it was sent, or when the service does not answer or refuses.
    pub async fn delete_draft(&self, draft: &DraftId) -> Result<(), Error> {
        self.remove(at(&DRAFT_DELETE, &self.id, draft)).await
    }

    /// What a draft is about.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn draft_meta(&self, draft: &DraftId) -> Result<DraftMeta, Error> {
        let call = at(&DRAFT_META, &self.id, draft);
        reading(&self.caller().call(asking(call)).await?)
    }

    /// Says anew what a draft is about; what `meta` does not name stays as it was.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn put_draft_meta(&self, draft: &DraftId, meta: &DraftMeta) -> Result<(), Error> {
        let call = at(&DRAFT_META_PUT, &self.id, draft);
        self.caller().call(sending(call, meta)).await.map(drop)
    }

    /// The tasks of a draft, ended ones too.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn draft_tasks(&self, draft: &DraftId) -> Result<Vec<TaskItem>, Error> {
        let mut tasks = Pages::of("tasks", TASK_PAGE);
        loop {
            let call = tasks
                .next(at(&DRAFT_TASKS, &self.id, draft))
                .query("includeReleased", "true");
            let answer = self.caller().call(asking(call)).await?;
            let page: TaskPage = reading(&answer)?;
            if tasks.add(&answer, page.items, page.total_count)? {
                return Ok(tasks.into_all());
            }
        }
    }

    /// A task of a draft. Asking for a signing task that has succeeded attaches its signatures.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn draft_task(&self, draft: &DraftId, task: &TaskId) -> Result<ApiTask, Error> {
        let call = at(&DRAFT_TASK, &self.id, draft).segment("task", task.as_str());
        reading(&self.caller().call(asking(call)).await?)
    }
}

pub(crate) fn at(endpoint: &'static Endpoint, account: &AccountId, draft: &DraftId) -> Call {
    Call::new(endpoint)
        .segment("account", account.as_str())
        .segment("draft", draft.as_str())
}

/// What all of these give, in their order: several are asked side by side.
pub(crate) async fn side_by_side<T>(
    asked: Vec<BoxFuture<'_, Result<T, Error>>>,
) -> Result<Vec<T>, Error> {
    let asked = stream::iter(asked).buffered(SIDE_BY_SIDE);
    asked.try_collect().await
}

/// A UUID that nobody else has, for what the client names.
pub(crate) fn new_id() -> String {
    OperationId::random().to_string()
}

/// The docflow that began when the draft was sent: a field in some sources, a link in others.
pub(crate) fn docflow_of(draft: &Draft) -> Option<DocflowId> {
    let linked = || {
        let links = draft
            .docflows
            .iter()
            .chain(find_links(&draft.links, "docflow"));
        let mut ids = links.filter_map(|link| contents::part_after(&link.href, "docflows"));
        ids.next().map(DocflowId::from)
    };
    draft.docflow_id.clone().or_else(linked)
}

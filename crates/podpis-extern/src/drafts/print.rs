//! The print form of a draft's document.
//!
//! **Invariant:** printing changes nothing and asks nobody, so it is a call that waits and not an operation: whoever
//! lost its answer prints again.

use podpis_core::call::Endpoint;
use podpis_core::wait::Deadline;
use podpis_core::{Error, ErrorKind};
use podpis_extern_model::{ApiTask, ContentId, DocumentId, DraftId, TaskState};

use super::documents::at_document;
use crate::InAccount;
use crate::endpoints::{DRAFT_DOCUMENT_PRINT, DRAFT_DOCUMENT_TASK};
use crate::json::{asking, reading};
use crate::tasks::failure;

impl InAccount {
    /// Prints a draft's document: a PDF in the contents service, kept there for a year.
    ///
    /// # Errors
    /// When documents of this type cannot be printed, when the service fails, or does not answer, or
    /// [`ErrorKind::Deadline`] when it is not done in time.
    pub async fn print_draft_document(
        &self,
        draft: &DraftId,
        document: &DocumentId,
        deadline: Deadline,
    ) -> Result<ContentId, Error> {
        let (time, polls) = (&self.client.runs().time, &self.client.runs().polls);
        let call = |endpoint: &'static Endpoint| at_document(endpoint, &self.id, draft, document);
        let began = time.elapsed();
        let start = asking(call(&DRAFT_DOCUMENT_PRINT).query("deferred", "true"));
        let mut answer = self.caller().call(start).await?;
        let mut poll = 0;
        let mut known = None;
        loop {
            let task: ApiTask = reading(&answer)?;
            match task.state {
                TaskState::Succeed => {
                    let printed = task.as_print().map_err(|error| answer.unreadable(error))?;
                    return printed
                        .content_id
                        .ok_or_else(|| answer.unreadable("task-result.content-id is missing"));
                }
                TaskState::Failed => return Err(failure(&task)),
                _ => {}
            }
            let waited = time.elapsed().saturating_sub(began);
            let left = deadline.as_duration().saturating_sub(waited);
            if left.is_zero() {
                let text = format!("document {document} is still being printed");
                return Err(Error::new(ErrorKind::Deadline, text));
            }
            // What was asked for need not be named again.
            known = task.id.or(known);
            let Some(id) = &known else {
                return Err(answer.unreadable("it names no task"));
            };
            time.sleep(polls.pause(poll, answer.retry_after()).min(left))
                .await;
            poll = poll.saturating_add(1);
            let ask = call(&DRAFT_DOCUMENT_TASK).segment("task", id.as_str());
            answer = self.caller().call(asking(ask)).await?;
        }
    }
}

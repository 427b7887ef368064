//! What is told of an operation that has no record.
//!
//! **Invariant:** whatever is known of it is told before it is said that nothing is.

use podpis::OperationId;

use super::Store;
use crate::failure::Failure;
use crate::messages::Message;

impl Store {
    /// That there is no such operation, or no more; and what is in its place.
    pub(crate) async fn missing(&self, id: &OperationId) -> Failure {
        let started_over = self.started_over(id).await;
        started_over.unwrap_or_else(|| self.unknown(id))
    }

    /// That another operation is in its place, where one is.
    pub(crate) async fn started_over(&self, id: &OperationId) -> Option<Failure> {
        let (records, _) = self.everything().await.ok()?;
        let next = records.iter().find(|record| record.follows() == Some(id))?;
        let message = Message::InItsPlace {
            id: id.to_string(),
            next: next.id().to_string(),
        };
        let failure = Failure::failed("no_operation", message).about(id);
        Some(failure.advising(Some(self.advice(next))))
    }

    /// That there is no such operation, or no more.
    pub(crate) fn unknown(&self, id: &OperationId) -> Failure {
        let text = id.to_string();
        let message = match self.ended(id) {
            Some(exit) => Message::FinishedBefore { id: text, exit },
            None => Message::NoOperation {
                id: text,
                journal: self.shown(),
                list: self.in_this_journal("podpis ops list".to_owned()),
            },
        };
        Failure::failed("no_operation", message).about(id)
    }
}

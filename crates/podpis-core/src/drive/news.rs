//! What a driver tells.
//!
//! **Invariant:** bounded: while nobody takes the news, their operations keep their places in flight, and no further ones
//! are begun.

use std::fmt;
use std::sync::Arc;

use podpis_operation::{Operation, OperationId, Timestamp};
use tokio::sync::{Semaphore, mpsc};

use crate::Error;

/// Something that happened to an operation, or to the journal.
#[derive(Debug)]
#[non_exhaustive]
pub enum News<O> {
    /// An operation is over.
    Ended(Ended<O>),
    /// A person has to give a code: [`Driver::give_code`](super::Driver::give_code). Not told where whoever gave the code
    /// before is told that it was wrong.
    CodeWanted(CodeWanted),
    /// An operation is not gone on with for now.
    LeftAlone(LeftAlone),
    /// The journal has failed; told once until it works again. Nothing is begun meanwhile, and it is tried again and again.
    JournalFails(Error),
}

impl<O> News<O> {
    /// The operation that it is about.
    #[must_use]
    pub fn operation(&self) -> Option<&OperationId> {
        match self {
            Self::Ended(ended) => Some(ended.operation.id()),
            Self::CodeWanted(wanted) => Some(wanted.operation.id()),
            Self::LeftAlone(left) => Some(&left.id),
            Self::JournalFails(_) => None,
        }
    }
}

/// An operation that is over. Its record stays in the journal: keep the result safe, then
/// [`forget`](podpis_operation::Journal::forget) it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Ended<O> {
    /// The record.
    pub operation: Operation,
    /// What it gave.
    ///
    /// # Errors
    /// A refusal ([`Error::refusal`]), or a result that is not what was asked for.
    pub result: Result<O, Error>,
    /// Whether the journal has the result. Where it could not be stored this is the only place that has it.
    pub is_stored: bool,
}

/// An operation that waits for a person's code.
#[derive(Debug)]
#[non_exhaustive]
pub struct CodeWanted {
    /// The record.
    pub operation: Operation,
    /// 1 for the first code, 2 after one wrong code, and so on.
    pub attempt: u32,
    /// How many codes may be tried from here on.
    pub tries_left: u32,
    /// What the service said about the code before, in its own words.
    pub rejection: Option<String>,
}

/// An operation that is not gone on with for now.
#[derive(Debug)]
#[non_exhaustive]
pub struct LeftAlone {
    /// The operation.
    pub id: OperationId,
    /// The record; none where it cannot be read.
    pub operation: Option<Operation>,
    /// Why: nobody gave a client for its kind and origin
    /// ([`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput)), its record cannot be read
    /// ([`ErrorKind::Journal`](crate::ErrorKind::Journal)), nobody can tell whether something was sent
    /// ([`ErrorKind::CannotTell`](crate::ErrorKind::CannotTell)), or a failure that will not pass by itself.
    pub error: Error,
    /// When it is looked at again; none where somebody has to act first.
    pub until: Option<Timestamp>,
}

/// The news, in the order in which they happened. Up to 1,024 of them wait to be taken.
pub struct Outcomes<O> {
    receiver: mpsc::UnboundedReceiver<Option<News<O>>>,
    room: Arc<Semaphore>,
    /// Stops the driver when nobody is there to be told.
    on_drop: Option<Box<dyn FnOnce() + Send + Sync>>,
    is_over: bool,
}

impl<O> Outcomes<O> {
    /// Does this when nobody is there to be told any more.
    pub(super) fn on_drop(&mut self, stop: impl FnOnce() + Send + Sync + 'static) {
        self.on_drop = Some(Box::new(stop));
    }

    /// The next one; none after the driver was shut down. May be dropped and called again: nothing is lost.
    pub async fn next(&mut self) -> Option<News<O>> {
        if self.is_over {
            return None;
        }
        let news = self.receiver.recv().await.flatten();
        match &news {
            Some(_) => self.room.add_permits(1),
            None => self.is_over = true,
        }
        news
    }
}

impl<O> Drop for Outcomes<O> {
    fn drop(&mut self) {
        self.receiver.close();
        self.room.close();
        if let Some(on_drop) = self.on_drop.take() {
            on_drop();
        }
    }
}

impl<O> fmt::Debug for Outcomes<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcomes")
            .field("is_over", &self.is_over)
            .finish_non_exhaustive()
    }
}

/// Tells news.
pub(super) struct Teller<O> {
    sender: mpsc::UnboundedSender<Option<News<O>>>,
    room: Arc<Semaphore>,
}

impl<O> Teller<O> {
    /// With room for so many news that nobody has taken.
    pub(super) fn new(room: usize) -> (Self, Outcomes<O>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        let room = Arc::new(Semaphore::new(room));
        let outcomes = Outcomes {
            receiver,
            room: Arc::clone(&room),
            on_drop: None,
            is_over: false,
        };
        (Self { sender, room }, outcomes)
    }

    /// Tells, when there is room.
    pub(super) async fn tell(&self, news: News<O>) {
        // A driver that is shut down waits for nobody: what is in flight is all that comes.
        if let Ok(permit) = self.room.acquire().await {
            permit.forget();
        }
        // Where nobody listens any more, the journal has it.
        let _ = self.sender.send(Some(news));
    }

    /// Tells, if there is room.
    pub(super) fn try_tell(&self, news: News<O>) {
        if let Ok(permit) = self.room.try_acquire() {
            permit.forget();
            let _ = self.sender.send(Some(news));
        }
    }

    /// From here on there is always room.
    pub(super) fn hurry(&self) {
        self.room.close();
    }

    /// There will be no more news.
    pub(super) fn end(&self) {
        let _ = self.sender.send(None);
    }
}

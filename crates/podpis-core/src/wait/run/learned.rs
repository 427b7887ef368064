//! What one call taught about an operation.
//!
//! **Invariant:** either something happened, or the operation is as it was.

use std::time::Duration;

use podpis_operation::Event;

/// What one call taught about an operation whose kind keeps an `R`.
#[derive(Clone, Debug)]
pub struct Learned<R> {
    /// What happened; none where the service is still at work.
    pub(super) event: Option<Event<R>>,
    pub(super) hint: Hint,
}

/// What a call said beside the news.
#[derive(Clone, Debug, Default)]
pub(super) struct Hint {
    /// The pause that the service asks for.
    pub(super) retry_after: Option<Duration>,
    /// Something odd that belongs into the error if the wait ends without a result.
    pub(super) note: Option<String>,
    /// Whether the next poll has nothing to wait for.
    pub(super) at_once: bool,
}

impl<R> Learned<R> {
    /// Nothing new: the service is still at work and asks to wait.
    #[must_use]
    pub fn still_running(retry_after: Option<Duration>) -> Self {
        Self {
            event: None,
            hint: Hint {
                retry_after,
                ..Hint::default()
            },
        }
    }

    /// With the pause that the service asks for.
    #[must_use]
    pub fn waiting(mut self, retry_after: Option<Duration>) -> Self {
        self.hint.retry_after = retry_after;
        self
    }

    /// With something odd that belongs into the error if the wait ends without a result, for
    /// example a status value that this version does not know.
    #[must_use]
    pub fn noting(mut self, note: impl Into<String>) -> Self {
        self.hint.note = Some(note.into());
        self
    }

    /// With nothing to wait for: what the next poll asks for is there already.
    #[must_use]
    pub fn at_once(mut self) -> Self {
        self.hint.at_once = true;
        self
    }

    /// With another event, where there is one.
    #[must_use]
    pub fn map_event<W>(self, change: impl FnOnce(Event<R>) -> Event<W>) -> Learned<W> {
        Learned {
            event: self.event.map(change),
            hint: self.hint,
        }
    }
}

impl<R> From<Event<R>> for Learned<R> {
    fn from(event: Event<R>) -> Self {
        Self {
            event: Some(event),
            hint: Hint::default(),
        }
    }
}

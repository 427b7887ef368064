//! Who is told what happens to an operation.
//!
//! **Invariant:** told after the record was stored, so that nobody sees what a crash could undo.

use std::fmt;
use std::sync::Arc;

use podpis_operation::{Event, Operation};

/// Is told every event of an operation.
pub trait Observer: fmt::Debug + Send + Sync + 'static {
    /// `event` has happened; `operation` is how it stands now. Return soon: the operation waits for you.
    fn event(&self, operation: &Operation, event: &Event);
}

/// An observer behind a cheap clone.
#[derive(Clone, Debug)]
pub struct SharedObserver(Arc<dyn Observer>);

impl SharedObserver {
    /// Wraps an observer.
    pub fn new(observer: impl Observer) -> Self {
        Self(Arc::new(observer))
    }

    pub(super) fn tell(&self, operation: &Operation, event: &Event) {
        self.0.event(operation, event);
    }
}

impl<O: Observer> From<O> for SharedObserver {
    fn from(observer: O) -> Self {
        Self::new(observer)
    }
}

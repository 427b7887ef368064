//! Ctrl-C, for as long as a command drives operations.
//!
//! **Invariant:** one listener per command: from the first wait on, no Ctrl-C is lost between two operations, and
//! none of them ends the program in the middle of a step.

use std::fmt;
use std::future::{Future, pending};
use std::pin::Pin;

/// Whether the person has pressed Ctrl-C.
pub(crate) struct Interrupt {
    pressed: Pin<Box<dyn Future<Output = ()> + Send>>,
    was_pressed: bool,
}

impl Interrupt {
    pub(crate) fn new() -> Self {
        let pressed = async {
            if tokio::signal::ctrl_c().await.is_err() {
                // The system does not tell us, and then it ends the program by itself.
                pending::<()>().await;
            }
        };
        Self {
            pressed: Box::pin(pressed),
            was_pressed: false,
        }
    }

    /// Waits for the first Ctrl-C.
    pub(crate) async fn pressed(&mut self) {
        if !self.was_pressed {
            self.pressed.as_mut().await;
            self.was_pressed = true;
        }
    }

    /// Whether it came while somebody waited for it.
    pub(crate) fn was_pressed(&self) -> bool {
        self.was_pressed
    }
}

impl fmt::Debug for Interrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interrupt")
            .field("was_pressed", &self.was_pressed)
            .finish_non_exhaustive()
    }
}

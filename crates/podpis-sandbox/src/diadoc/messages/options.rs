//! Decides how messages behave where the sources of Diadoc contradict each other or say nothing.
//!
//! **Invariant:** every contradiction is a choice with a name here, never a number hidden in a handler.

use std::time::Duration;

/// What a signature with a time stamp (CAdES-T) belongs to, in GetMessage without `originalSignature`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum StampedParent {
    /// The document (newer pages): a signature is one entity, and its content has the stamp. The default.
    #[default]
    Document,
    /// The original signature (older pages): there are two entities, and the second one is below the first.
    OriginalSignature,
}

/// How a post is answered while one with the same operationId still runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PostRunning {
    /// 409 with `Retry-After` (older pages). The default, because it looks like a refusal.
    #[default]
    Conflict,
    /// 204 with `Retry-After` (the page of PostMessage).
    NoContent,
}

/// The settings of messages, given to [`WorldOptions::message_options`](crate::WorldOptions::message_options).
///
/// ```
/// use std::time::Duration;
/// use podpis_sandbox::{MessageOptions, PostRunning, StampedParent, WorldOptions};
///
/// let options = WorldOptions::default().message_options(
///     MessageOptions::default()
///         .verification(Duration::from_secs(30))
///         .post_takes(Duration::from_secs(5))
///         .post_running(PostRunning::NoContent)
///         .stamped_parent(StampedParent::OriginalSignature),
/// );
/// # let _ = options;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageOptions {
    pub(super) verification: Duration,
    pub(super) post_takes: Duration,
    pub(super) post_running: PostRunning,
    pub(super) stamped_parent: StampedParent,
    pub(super) approvals: bool,
    pub(super) approvals_a_day: usize,
    pub(super) test_signatures: bool,
    pub(super) prepared_life: Duration,
}

impl Default for MessageOptions {
    fn default() -> Self {
        Self {
            verification: Duration::from_millis(300),
            post_takes: Duration::ZERO,
            post_running: PostRunning::default(),
            stamped_parent: StampedParent::default(),
            approvals: true,
            approvals_a_day: 500,
            test_signatures: true,
            prepared_life: Duration::from_secs(24 * 60 * 60),
        }
    }
}

impl MessageOptions {
    /// How long a signature that was posted is not verified (300 ms).
    #[must_use]
    pub fn verification(mut self, time: Duration) -> Self {
        self.verification = time;
        self
    }

    /// How long a post counts as running after it was handled (no time). The first call is answered at once, because
    /// a world cannot wait; a repeat within this time is told that it runs.
    #[must_use]
    pub fn post_takes(mut self, time: Duration) -> Self {
        self.post_takes = time;
        self
    }

    /// How a post that still runs is told.
    #[must_use]
    pub fn post_running(mut self, form: PostRunning) -> Self {
        self.post_running = form;
        self
    }

    /// What a signature with a time stamp belongs to.
    #[must_use]
    pub fn stamped_parent(mut self, parent: StampedParent) -> Self {
        self.stamped_parent = parent;
        self
    }

    /// Whether the organization has the feature AllowApprovementSignatures (yes). Without it they are 403.
    #[must_use]
    pub fn approvals(mut self, allowed: bool) -> Self {
        self.approvals = allowed;
        self
    }

    /// How many approval signatures a document takes in a day (500).
    #[must_use]
    pub fn approvals_a_day(mut self, number: usize) -> Self {
        self.approvals_a_day = number;
        self
    }

    /// Whether the box takes SignWithTestSignature (yes). Without it they are 403; no source says what a real box does.
    #[must_use]
    pub fn test_signatures(mut self, allowed: bool) -> Self {
        self.test_signatures = allowed;
        self
    }

    /// How long a prepared content lives (24 hours). No source says it.
    #[must_use]
    pub fn prepared_life(mut self, time: Duration) -> Self {
        self.prepared_life = time;
        self
    }
}

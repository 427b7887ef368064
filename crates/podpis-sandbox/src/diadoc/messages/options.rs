//! Decides how messages behave where the sources of Diadoc contradict each other or say nothing.
//!
//! **Invariant:** every contradiction is a choice with a name here, never a number hidden in a handler.

use std::time::Duration;

use crate::settings::{choices, settings};

choices! {
    /// What a signature with a time stamp (CAdES-T) belongs to, in GetMessage without `originalSignature`.
    pub enum StampedParent {
        /// The document (newer pages): a signature is one entity, and its content has the stamp. The default.
        Document,
        /// The original signature (older pages): there are two entities, and the second one is below the first.
        OriginalSignature,
    }

    /// How a post is answered while one with the same operationId still runs.
    pub enum PostRunning {
        /// 409 with `Retry-After` (older pages). The default, because it looks like a refusal.
        Conflict,
        /// 204 with `Retry-After` (the page of PostMessage).
        NoContent,
    }
}

settings! {
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
        /// How long a signature that was posted is not verified (300 ms).
        verification: Duration = Duration::from_millis(300),
        /// How long a post counts as running after it was handled (no time). The first call is answered at once, because
        /// a world cannot wait; a repeat within this time is told that it runs.
        post_takes: Duration = Duration::ZERO,
        /// How a post that still runs is told.
        post_running: PostRunning = PostRunning::default(),
        /// What a signature with a time stamp belongs to.
        stamped_parent: StampedParent = StampedParent::default(),
        /// Whether the organization has the feature AllowApprovementSignatures (yes). Without it they are 403.
        approvals: bool = true,
        /// How many approval signatures a document takes in a day (500).
        approvals_a_day: usize = 500,
        /// Whether the box takes SignWithTestSignature (yes). Without it they are 403; no source says what a real box does.
        test_signatures: bool = true,
        /// How long a prepared content lives (24 hours). No source says it.
        prepared_life: Duration = Duration::from_secs(24 * 60 * 60),
    }
}

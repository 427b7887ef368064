//! Decides what a task is that needs no person: for what, how far, and with which end.
//!
//! **Invariant:** a task ends once.

use super::checking::Protocol;
use crate::moment::Moment;

/// What a task is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    Check { draft: usize },
    Prepare { draft: usize },
    Send { draft: usize, force: bool },
    DraftPrint { draft: usize, part: String },
    DocflowPrint { document: usize, content_id: String },
}

impl Errand {
    pub(super) fn task_type(&self) -> &'static str {
        match self {
            Self::Check { .. } => "urn:task-type:check",
            Self::Prepare { .. } => "urn:task-type:prepare",
            Self::Send { .. } => "urn:task-type:send",
            Self::DraftPrint { .. } => "urn:task-type:print",
            Self::DocflowPrint { .. } => "urn:task-type:docflowPrint",
        }
    }

    /// The draft that it changes, and therefore locks.
    pub(super) fn draft(&self) -> Option<usize> {
        match self {
            Self::Check { draft } | Self::Prepare { draft } | Self::Send { draft, .. } => {
                Some(*draft)
            }
            Self::DraftPrint { .. } | Self::DocflowPrint { .. } => None,
        }
    }
}

/// What came of a task.
#[derive(Clone, Debug)]
pub(super) enum End {
    Checked(Protocol),
    Prepared { protocol: Protocol, pension: bool },
    Sent { docflow: usize },
    NotSent(Protocol),
    Printed { content_id: String },
    Failed { id: &'static str, message: String },
}

impl End {
    pub(super) fn failed(message: &str) -> Self {
        Self::Failed {
            id: "error",
            message: message.to_owned(),
        }
    }
}

/// One task.
#[derive(Clone, Debug)]
pub(super) struct ApiTask {
    pub(super) id: String,
    pub(super) errand: Errand,
    pub(super) ready: Moment,
    pub(super) polls: u32,
    /// The draft's status to go back to.
    pub(super) before: &'static str,
    pub(super) end: Option<End>,
}

/// Id, state and type of a task.
pub(super) fn listed(known: &ApiTask) -> (&str, &'static str, Option<&'static str>) {
    (&known.id, state(known), Some(known.errand.task_type()))
}

pub(super) fn state(task: &ApiTask) -> &'static str {
    match &task.end {
        None => "running",
        Some(End::Failed { .. }) => "failed",
        Some(_) => "succeed",
    }
}

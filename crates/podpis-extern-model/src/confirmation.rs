//! Decides how a person confirms, from what the service answered to a start.
//!
//! **Invariant:** the ids decide, never what was asked for. The sources contradict each other on
//! `forceConfirmation`, but not on this: an answer without ids has nothing to confirm.

use crate::open_enum::open_enum;
use crate::{RequestId, TaskId};

open_enum! {
    /// How a person confirms.
    ///
    /// Source: `ConfirmType` of the official Java SDK, whose words are `my-dss` since July 2019 and were
    /// `MyDSS` before; the documentation writes `myDSS`.
    pub enum ConfirmType {
        /// Not at all.
        None = "none",
        /// By a code that comes by SMS.
        Sms = "sms",
        /// In the myDSS app, with its PIN.
        MyDss = "my-dss",
        /// In a browser.
        Applet = "applet",
    }
}

/// What is needed after a start.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "each case asks for another action, and there are only two ids to decide by"
)]
pub enum Confirmation {
    /// Nothing. The service says that it is done, but it says the same about a certificate that it cannot use,
    /// so look for the signature or the content before you report it.
    None,
    /// A code from an SMS, to be sent with this id.
    Code(RequestId),
    /// A confirmation in the app, and reading this task until it ends: the signature is attached by the
    /// reading that finds the task succeeded.
    Phone(TaskId),
}

impl Confirmation {
    /// No source shows an answer with both ids. Should one come, its own `confirm-type` decides; without it
    /// the task does, because a task can be read without asking anybody for anything.
    pub(crate) fn by(
        request: Option<&RequestId>,
        task: Option<&TaskId>,
        confirm_type: Option<&ConfirmType>,
    ) -> Self {
        match (request, task) {
            (None, None) => Self::None,
            (Some(request), None) => Self::Code(request.clone()),
            (None, Some(task)) => Self::Phone(task.clone()),
            (Some(request), Some(task)) => match confirm_type {
                Some(ConfirmType::Sms) => Self::Code(request.clone()),
                _ => Self::Phone(task.clone()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_decide() {
        let request = RequestId::new("r");
        let task = TaskId::new("t");
        let code = Confirmation::Code(request.clone());
        let phone = Confirmation::Phone(task.clone());
        let sms = Some(ConfirmType::Sms);
        let dss = Some(ConfirmType::MyDss);
        let cases = [
            (None, None, dss.clone(), Confirmation::None),
            (Some(&request), None, dss.clone(), code.clone()),
            (None, Some(&task), sms.clone(), phone.clone()),
            (Some(&request), Some(&task), sms, code),
            (Some(&request), Some(&task), dss, phone.clone()),
            (Some(&request), Some(&task), None, phone),
        ];
        for (request, task, confirm_type, expected) in cases {
            let needs = Confirmation::by(request, task, confirm_type.as_ref());
            assert_eq!(needs, expected);
        }
    }

    #[test]
    fn every_spelling_of_the_app_is_the_app() {
        for word in ["my-dss", "myDSS", "MyDSS", "mydss"] {
            assert_eq!(ConfirmType::from(word), ConfirmType::MyDss, "{word}");
        }
        assert_eq!(ConfirmType::from("Sms"), ConfirmType::Sms);
        assert_eq!(ConfirmType::from("Applet"), ConfirmType::Applet);
        assert_eq!(ConfirmType::from("None"), ConfirmType::None);
    }
}

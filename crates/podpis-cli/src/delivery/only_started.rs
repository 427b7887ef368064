//! What is told of an operation that was started and that nobody waits for.
//!
//! **Invariant:** it is open, and the command that goes on with it is told together with how somebody confirms it.

use podpis::Operation;
use podpis::extern_api::{AnswerStep, ReportStep};
use podpis::operation::{Service, State};
use serde_json::json;

use super::Delivery;
use crate::exit::Exit;
use crate::messages::{Cost, Message};
use crate::output::Output;
use crate::store::Store;

/// How an operation that was only started is confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConfirmedBy {
    /// By a code from an SMS.
    Code,
    /// On the phone.
    Phone,
    /// By one of the two, which the certificate decides.
    Either,
    /// Nobody was asked yet.
    Later,
    /// Nobody is asked.
    Nobody,
}

/// Tells of it.
pub(crate) fn only_started(operation: &Operation, store: &Store, output: Output) -> Delivery {
    let by = ConfirmedBy::of(operation, store);
    let command = store.command("resume", operation.id());
    let mut delivery = Delivery::new(operation.id(), store.is_kept(), output);
    delivery.exit = Exit::Open;
    delivery.result(json!({
        "started": true,
        "state": operation.state().name(),
        "confirmed_by": by.word(),
        "next": "resume",
        "command": command,
    }));
    let id = operation.id().to_string();
    delivery.line(Message::OnlyStarted { id, by, command });
    delivery.say();
    delivery
}

impl ConfirmedBy {
    fn of(operation: &Operation, store: &Store) -> Self {
        let report = ReportStep::of(operation).map(|step| step == ReportStep::Sign);
        let answer = AnswerStep::of(operation).map(|step| step == AnswerStep::Sign);
        if report.or(answer) == Some(false) {
            return Self::Later;
        }
        let in_extern = operation.origin().service == Service::Extern;
        match (store.cost(operation), operation.state()) {
            (Cost::Nothing, _) => Self::Nobody,
            (Cost::Sms, _) | (_, State::AwaitingCode { .. }) => Self::Code,
            (Cost::Confirmation, _) if in_extern => Self::Either,
            (Cost::Confirmation, _) => Self::Phone,
        }
    }

    /// The word for programs; none where nobody is asked.
    fn word(self) -> Option<&'static str> {
        match self {
            Self::Code => Some("code"),
            Self::Phone => Some("phone"),
            Self::Either => Some("phone_or_code"),
            Self::Later => Some("later"),
            Self::Nobody => None,
        }
    }
}

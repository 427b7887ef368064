//! Decides which event leads from which state to which: the table of the whole library.
//!
//! **Invariant:** a pair that is not in the table changes nothing and is an error.

use crate::{Data, Refusal, State};

/// Something that happened to an operation.
///
/// `data` is what the client needs to go on from here; it replaces [`Operation::data`](crate::Operation::data). It is
/// JSON where a record is stored, and the record of its kind, decoded, where an operation is driven.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a new event changes the table, and with it every driver"
)]
pub enum Event<D = Data> {
    /// The service took the start, or the code, and works on it.
    Accepted {
        /// The client's handle for the service's work.
        data: D,
    },
    /// The service sent a code to the person.
    CodeSent {
        /// The client's handle for giving the code.
        data: D,
    },
    /// A code is about to be sent to the service. Stored before the code leaves.
    CodeGiven,
    /// The service certainly did not take the code: it can be given again.
    CodeNotTaken,
    /// The code was wrong; another may be given.
    CodeRejected {
        /// What the service said, in its own words.
        message: Option<String>,
    },
    /// The service is still at work, and the client knows more than before.
    Progressed {
        /// The client's handle, with what is new.
        data: D,
    },
    /// One step of an operation of several is done, and the next is about to be sent. Stored before it leaves, as
    /// the start is.
    NextStep {
        /// What the next step sends, and what the steps before gave.
        data: D,
    },
    /// The service certainly did not take the step: it can be sent again.
    StepNotTaken,
    /// The result is here, in `data`.
    Finished {
        /// The result, as the client stores it.
        data: D,
    },
    /// There will be no result.
    Refused {
        /// Why.
        refusal: Refusal,
        /// What the service said, in its own words.
        message: Option<String>,
    },
}

impl<D> Event<D> {
    /// The event's name, for logs.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::CodeSent { .. } => "code_sent",
            Self::CodeGiven => "code_given",
            Self::CodeNotTaken => "code_not_taken",
            Self::CodeRejected { .. } => "code_rejected",
            Self::Progressed { .. } => "progressed",
            Self::NextStep { .. } => "next_step",
            Self::StepNotTaken => "step_not_taken",
            Self::Finished { .. } => "finished",
            Self::Refused { .. } => "refused",
        }
    }

    /// This event with other data, where it has some: an operation that is made of others keeps theirs inside its
    /// own.
    #[must_use]
    pub fn map_data<T>(self, change: impl FnOnce(D) -> T) -> Event<T> {
        match self {
            Self::Accepted { data } => Event::Accepted { data: change(data) },
            Self::CodeSent { data } => Event::CodeSent { data: change(data) },
            Self::Progressed { data } => Event::Progressed { data: change(data) },
            Self::NextStep { data } => Event::NextStep { data: change(data) },
            Self::Finished { data } => Event::Finished { data: change(data) },
            Self::CodeGiven => Event::CodeGiven,
            Self::CodeNotTaken => Event::CodeNotTaken,
            Self::CodeRejected { message } => Event::CodeRejected { message },
            Self::StepNotTaken => Event::StepNotTaken,
            Self::Refused { refusal, message } => Event::Refused { refusal, message },
        }
    }

    /// The state after this event, and the new data where there is some.
    pub(crate) fn after(self, state: &State) -> Result<(State, Option<D>), TransitionError> {
        use State as S;
        let refused = TransitionError {
            state: state.name(),
            event: self.name(),
        };
        Ok(match (state, self) {
            (S::Done | S::Refused { .. }, _) => return Err(refused),
            (S::Starting, Self::Accepted { data }) => (S::Processing { attempt: 0 }, Some(data)),
            (S::Confirming { attempt }, Self::Accepted { data }) => {
                (S::Processing { attempt: *attempt }, Some(data))
            }
            (S::Starting, Self::CodeSent { data }) => (S::AwaitingCode { attempt: 1 }, Some(data)),
            (S::Processing { attempt }, Self::CodeSent { data }) => (
                S::AwaitingCode {
                    attempt: attempt.saturating_add(1),
                },
                Some(data),
            ),
            (S::AwaitingCode { attempt }, Self::CodeGiven) => {
                (S::Confirming { attempt: *attempt }, None)
            }
            (S::Confirming { attempt }, Self::CodeNotTaken) => {
                (S::AwaitingCode { attempt: *attempt }, None)
            }
            // Some services tell that the code was wrong only when they are asked for the result.
            (S::Confirming { attempt } | S::Processing { attempt }, Self::CodeRejected { .. })
                if *attempt > 0 =>
            {
                (
                    S::AwaitingCode {
                        attempt: attempt.saturating_add(1),
                    },
                    None,
                )
            }
            (S::Processing { attempt }, Self::Progressed { data }) => {
                (S::Processing { attempt: *attempt }, Some(data))
            }
            (
                S::Starting | S::Confirming { .. } | S::Processing { .. },
                Self::NextStep { data },
            ) => (S::Starting, Some(data)),
            (S::Starting, Self::StepNotTaken) => (S::Processing { attempt: 0 }, None),
            (
                S::Starting | S::Confirming { .. } | S::Processing { .. },
                Self::Finished { data },
            ) => (S::Done, Some(data)),
            (_, Self::Refused { refusal, message }) => (S::Refused { refusal, message }, None),
            _ => return Err(refused),
        })
    }
}

/// An event that cannot happen in a state. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an operation that is {state} cannot become {event}")]
pub struct TransitionError {
    state: &'static str,
    event: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn states() -> Vec<State> {
        vec![
            State::Starting,
            State::AwaitingCode { attempt: 2 },
            State::Confirming { attempt: 2 },
            State::Processing { attempt: 0 },
            State::Processing { attempt: 2 },
            State::Done,
            State::Refused {
                refusal: Refusal::Expired,
                message: None,
            },
        ]
    }

    fn events() -> Vec<Event> {
        let data = Data::from(json!({"new": true}));
        vec![
            Event::Accepted { data: data.clone() },
            Event::CodeSent { data: data.clone() },
            Event::CodeGiven,
            Event::CodeNotTaken,
            Event::CodeRejected { message: None },
            Event::Progressed { data: data.clone() },
            Event::NextStep { data: data.clone() },
            Event::StepNotTaken,
            Event::Finished { data },
            Event::Refused {
                refusal: Refusal::Other,
                message: None,
            },
        ]
    }

    /// Every pair of state and event: the state that follows, or `-` for a refused pair.
    #[test]
    fn the_table() {
        let expected = [
            "starting: accepted=processing/0 code_sent=awaiting_code/1 code_given=- code_not_taken=- code_rejected=- progressed=- next_step=starting step_not_taken=processing/0 finished=done refused=refused",
            "awaiting_code/2: accepted=- code_sent=- code_given=confirming/2 code_not_taken=- code_rejected=- progressed=- next_step=- step_not_taken=- finished=- refused=refused",
            "confirming/2: accepted=processing/2 code_sent=- code_given=- code_not_taken=awaiting_code/2 code_rejected=awaiting_code/3 progressed=- next_step=starting step_not_taken=- finished=done refused=refused",
            "processing/0: accepted=- code_sent=awaiting_code/1 code_given=- code_not_taken=- code_rejected=- progressed=processing/0 next_step=starting step_not_taken=- finished=done refused=refused",
            "processing/2: accepted=- code_sent=awaiting_code/3 code_given=- code_not_taken=- code_rejected=awaiting_code/3 progressed=processing/2 next_step=starting step_not_taken=- finished=done refused=refused",
            "done: accepted=- code_sent=- code_given=- code_not_taken=- code_rejected=- progressed=- next_step=- step_not_taken=- finished=- refused=-",
            "refused: accepted=- code_sent=- code_given=- code_not_taken=- code_rejected=- progressed=- next_step=- step_not_taken=- finished=- refused=-",
        ];
        let show = |state: &State| match state {
            State::AwaitingCode { attempt }
            | State::Confirming { attempt }
            | State::Processing { attempt } => format!("{}/{attempt}", state.name()),
            _ => state.name().to_owned(),
        };
        for (state, expected) in states().iter().zip(expected) {
            let cells: Vec<String> = events()
                .into_iter()
                .map(|event| {
                    let name = event.name();
                    let after = event
                        .after(state)
                        .map_or("-".to_owned(), |(state, _)| show(&state));
                    format!("{name}={after}")
                })
                .collect();
            assert_eq!(format!("{}: {}", show(state), cells.join(" ")), expected);
        }
    }
}

//! Decides what the person with the virtual phone sees and does.
//!
//! **Invariant:** a message exists only when the service sent it; the phone never makes one up, and a silent
//! phone hides messages from the person without the service noticing.

mod asked;
mod news;
mod operations;

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::moment::Moment;

pub use asked::{Asked, AskedFile, Purpose, Service};
pub(crate) use news::Told;
pub(crate) use operations::{
    Act, End, Known, Line, Operation, Operations, Second, Stage, Waiting, Work,
};

/// How the person behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum PhoneMode {
    /// SMS arrive; a push waits until someone acts. The default.
    #[default]
    Manual,
    /// SMS arrive; a push is confirmed by itself.
    Confirm,
    /// SMS arrive; a push is declined by itself.
    Decline,
    /// Nothing arrives, and a push is never answered.
    Silent,
}

/// How the virtual phone is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct PhoneInfo {
    /// How the person behaves.
    pub mode: PhoneMode,
    /// How late a message reaches the phone, in milliseconds.
    pub delay_ms: u64,
}

impl PhoneInfo {
    /// A phone whose messages come so late.
    #[must_use]
    pub fn new(mode: PhoneMode, delay: Duration) -> Self {
        let delay_ms = crate::milliseconds::of(delay);
        Self { mode, delay_ms }
    }

    /// When a message that is sent at this moment arrives.
    pub(crate) fn arrival(&self, sent: Moment) -> Moment {
        sent.after(Duration::from_millis(self.delay_ms))
    }

    /// What becomes by itself of a push that is sent at this moment.
    pub(crate) fn answer(&self, sent: Moment) -> Option<(Moment, bool)> {
        match self.mode {
            PhoneMode::Confirm => Some((self.arrival(sent), true)),
            PhoneMode::Decline => Some((self.arrival(sent), false)),
            PhoneMode::Manual | PhoneMode::Silent => None,
        }
    }
}

/// How a message came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum MessageKind {
    /// A text message with a code that has to be typed into the program.
    Sms,
    /// A request in the signing app that is confirmed or declined there.
    Push,
}

/// What became of the operation that a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum MessageState {
    /// The service waits for the person.
    Waiting,
    /// The code was accepted, or the push was confirmed.
    Confirmed,
    /// The person declined.
    Declined,
    /// Too late, or too many wrong codes.
    Expired,
}

/// One message on the virtual phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PhoneMessage {
    /// How it came.
    pub kind: MessageKind,
    /// The sandbox's id of the operation, as in the journal and in `/_sandbox/operations/{id}`. An operation has one
    /// message at most, so it is the id of the message too.
    pub operation: String,
    /// The ids by which the service told its client of the operation: `taskId` and token of a CloudSign, `taskId` of a
    /// DssSign, `task-id` or `request-id` of Extern. A program that has several operations open tells by them whose
    /// message this is. Empty for a login.
    #[serde(default)]
    pub known_as: Vec<String>,
    /// The phone number.
    pub to: String,
    /// What the person reads.
    pub text: String,
    /// The code in the text, for an SMS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What became of it.
    pub state: MessageState,
    /// When it came, in milliseconds since 1970 by the sandbox's clock.
    #[serde(default)]
    pub came_ms: u64,
    /// Until when the person can answer, on the same clock; none when nobody is waited for any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<u64>,
    /// What the person is asked for, as data.
    #[serde(default)]
    pub asked: Asked,
}

/// A message on its way to a phone. What it is about decides its state, so the state is not kept here.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) kind: MessageKind,
    pub(crate) operation: String,
    pub(crate) to: &'static str,
    pub(crate) text: String,
    pub(crate) code: Option<String>,
    pub(crate) asked: Asked,
    /// When it arrives; none while the phone is silent.
    pub(crate) arrives: Option<Moment>,
}

/// How the person is, whatever the phone shows.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Person {
    /// How long the person has for an answer; without it, as long as the service gives.
    pub(crate) patience: Option<Duration>,
    /// Has a push of another program unanswered.
    pub(crate) is_busy: bool,
    /// So many codes are typed wrong, whatever they are.
    pub(crate) wrong_codes: u32,
}

/// The phone, and what is on it, oldest first. Only so many messages are kept.
#[derive(Clone, Debug)]
pub(crate) struct Phone {
    pub(crate) info: PhoneInfo,
    pub(crate) person: Person,
    /// The numbers of people.
    pub(crate) numbers: Vec<&'static str>,
    pub(crate) outbox: Outbox,
}

/// Messages, oldest first.
#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    sent: VecDeque<Sent>,
    limit: usize,
}

impl Outbox {
    pub(crate) fn new(limit: usize) -> Self {
        let sent = VecDeque::new();
        Self { sent, limit }
    }

    fn push(&mut self, sent: Sent) {
        while self.sent.len() >= self.limit.max(1) {
            self.sent.pop_front();
        }
        self.sent.push_back(sent);
    }

    /// Those that have arrived, and when.
    pub(crate) fn visible(&self, now: Moment) -> impl DoubleEndedIterator<Item = (Moment, &Sent)> {
        let arrived = self.sent.iter().map(|sent| (sent.arrives, sent));
        arrived.filter_map(move |(at, sent)| Some((at.filter(|at| *at <= now)?, sent)))
    }

    /// The operations whose messages a silent phone has kept back.
    pub(crate) fn held_back(&self) -> impl Iterator<Item = &str> {
        let held = self.sent.iter().filter(|sent| sent.arrives.is_none());
        held.map(|sent| sent.operation.as_str())
    }

    /// The messages of these operations arrive at this moment.
    pub(crate) fn deliver(&mut self, operations: &[String], at: Moment) {
        let wanted = |sent: &&mut Sent| operations.contains(&sent.operation);
        for sent in self.sent.iter_mut().filter(wanted) {
            sent.arrives = Some(at);
        }
    }
}

/// Why the person cannot do that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PersonError {
    /// No operation has that id.
    #[error("no operation has this id")]
    UnknownOperation,
    /// The operation is confirmed by typing a code into the program, so the phone cannot confirm it.
    #[error("this operation is confirmed by typing the code from the SMS into the program")]
    NeedsCode,
    /// The operation waits for nobody any more, or not yet.
    #[error("this operation does not wait for a person")]
    NotWaiting,
}

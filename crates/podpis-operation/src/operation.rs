//! The record of one remote operation.
//!
//! **Invariant:** it never holds document bytes, codes, logins or login tokens, and its state changes only by
//! [`Operation::apply`].

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::layout::{Layout, Version};
use crate::{
    Data, Event, Fingerprint, Kind, Next, OperationId, Origin, State, Timestamp, TransitionError,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One remote signing, decryption or batch of receipts, as data.
///
/// Serialise it with serde; [`Operation::from_json`] reads it back and refuses records of a version it does
/// not know. Cheap to clone.
#[derive(Clone, PartialEq)]
pub struct Operation {
    /// Shared by clones until one of them changes: it is in its journal, with who drives it, and in errors at once.
    record: Arc<Record>,
    /// Beside it, because a poll counts and changes nothing else.
    polls: u32,
}

#[derive(Clone, PartialEq)]
struct Record {
    id: OperationId,
    kind: Kind,
    origin: Origin,
    state: State,
    /// Shared when the rest changes: they stay what they are, and there may be a thousand.
    files: Arc<[Fingerprint]>,
    follows: Option<OperationId>,
    created: Timestamp,
    changed: Timestamp,
    data: Data,
}

impl Operation {
    /// The layout of the records that this library writes, and the only one that it reads.
    pub const VERSION: u32 = 1;

    /// A record that is about to be started.
    #[must_use]
    pub fn prepare(kind: Kind, origin: Origin, now: Timestamp) -> Self {
        let record = Record {
            id: OperationId::random(),
            kind,
            origin,
            state: State::Starting,
            files: Arc::default(),
            follows: None,
            created: now,
            changed: now,
            data: Data::default(),
        };
        Self {
            record: Arc::new(record),
            polls: 0,
        }
    }

    /// The record, for a change that no clone sees.
    fn record(&mut self) -> &mut Record {
        Arc::make_mut(&mut self.record)
    }

    /// Under an id that the program chose before, for example to note where results go.
    #[must_use]
    pub fn with_id(mut self, id: OperationId) -> Self {
        self.record().id = id;
        self
    }

    /// With the files it is about.
    #[must_use]
    pub fn with_files(mut self, files: Vec<Fingerprint>) -> Self {
        self.record().files = files.into();
        self
    }

    /// With what the client needs to know before the start.
    #[must_use]
    pub fn with_data(mut self, data: impl Into<Data>) -> Self {
        self.record().data = data.into();
        self
    }

    /// As the repetition or the continuation of another operation.
    #[must_use]
    pub fn following(mut self, earlier: OperationId) -> Self {
        self.record().follows = Some(earlier);
        self
    }

    /// Reads a record from JSON.
    ///
    /// # Errors
    /// When the text is not a record, or is one of a version that this library does not know.
    pub fn from_json(text: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(text)
    }

    /// The record as JSON.
    ///
    /// # Errors
    /// Never for a record that was made by this library; serde's signature allows it.
    pub fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec_pretty(self)
    }

    /// Changes the state as the table of events says.
    ///
    /// # Errors
    /// When the event cannot happen in this state; nothing is changed then.
    pub fn apply(&mut self, event: Event, now: Timestamp) -> Result<(), TransitionError> {
        // What is still the same wait goes on with its pauses.
        let is_news = !matches!(event, Event::Progressed { .. } | Event::CodeGiven);
        let (state, data) = event.after(self.state())?;
        if is_news {
            self.polls = 0;
        }
        let record = self.record();
        record.state = state;
        record.changed = now;
        if let Some(data) = data {
            record.data = data;
        }
        Ok(())
    }

    /// Notes that the service is asked once more how far it is.
    pub fn count_poll(&mut self) {
        self.polls = self.polls.saturating_add(1);
    }

    /// What to do now. `pause` is how long the waiting policy wants to wait before a poll; it comes back in
    /// [`Next::PollAfter`].
    #[must_use]
    pub fn next(&self, pause: Duration) -> Next {
        self.state().next(pause)
    }

    /// When it wants to be looked at, if nobody says better: at once, unless it is over or waits for a person's code.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        match self.next(Duration::ZERO) {
            Next::Reconcile | Next::PollAfter(_) => Some(self.changed()),
            Next::GiveCode { .. } | Next::Finished => None,
        }
    }

    /// The operation's name in the journal.
    #[must_use]
    pub fn id(&self) -> &OperationId {
        &self.record.id
    }

    /// What sort of operation it is.
    #[must_use]
    pub fn kind(&self) -> &Kind {
        &self.record.kind
    }

    /// Where it lives.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.record.origin
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.record.state
    }

    /// The files it is about, in the order of the request.
    #[must_use]
    pub fn files(&self) -> &[Fingerprint] {
        &self.record.files
    }

    /// The operation that this one repeats or continues.
    #[must_use]
    pub fn follows(&self) -> Option<&OperationId> {
        self.record.follows.as_ref()
    }

    /// When the record was made.
    #[must_use]
    pub fn created(&self) -> Timestamp {
        self.record.created
    }

    /// When the state changed last.
    #[must_use]
    pub fn changed(&self) -> Timestamp {
        self.record.changed
    }

    /// How often the service was asked how far it is since there were news, as far as it was stored: what the next pause
    /// depends on.
    #[must_use]
    pub fn polls(&self) -> u32 {
        self.polls
    }

    /// What the client needs to go on; only the client that made it can read it.
    #[must_use]
    pub fn data(&self) -> &Data {
        &self.record.data
    }
}

/// Prints everything but the client's data, which may be long and holds the service's handles.
impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Record {
            id,
            kind,
            origin,
            state,
            files,
            follows,
            created,
            changed,
            data: _,
        } = &*self.record;
        f.debug_struct("Operation")
            .field("version", &Self::VERSION)
            .field("id", id)
            .field("kind", kind)
            .field("origin", origin)
            .field("state", state)
            .field("files", files)
            .field("follows", follows)
            .field("created", created)
            .field("changed", changed)
            .field("polls", &self.polls)
            .finish_non_exhaustive()
    }
}

impl Serialize for Operation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Layout::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Operation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Layout::deserialize(deserializer).map(Self::from)
    }
}

impl<'o> From<&'o Operation> for Layout<'o> {
    fn from(operation: &'o Operation) -> Self {
        let Operation { record, polls } = operation;
        Self {
            version: Version,
            id: record.id.clone(),
            kind: Cow::Borrowed(&record.kind),
            origin: Cow::Borrowed(&record.origin),
            state: Cow::Borrowed(&record.state),
            files: Cow::Borrowed(&record.files),
            follows: record.follows.clone(),
            created: record.created,
            changed: record.changed,
            polls: *polls,
            data: record.data.clone(),
        }
    }
}

impl From<Layout<'_>> for Operation {
    fn from(layout: Layout<'_>) -> Self {
        let record = Record {
            id: layout.id,
            kind: layout.kind.into_owned(),
            origin: layout.origin.into_owned(),
            state: layout.state.into_owned(),
            files: layout.files.into_owned().into(),
            follows: layout.follows,
            created: layout.created,
            changed: layout.changed,
            data: layout.data,
        };
        Self {
            record: Arc::new(record),
            polls: layout.polls,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Refusal, Service};

    fn sample() -> Operation {
        let origin = Origin::new(Service::Diadoc, "diadoc-api.kontur.ru").in_place("box");
        Operation::prepare(
            Kind::new("diadoc.cloud-sign"),
            origin,
            Timestamp::from_millis(1),
        )
        .with_files(vec![Fingerprint::named("act.xml")])
        .with_data(serde_json::json!({"secret-handle": "K"}))
    }

    #[test]
    fn a_record_survives_being_written_and_read() {
        let mut operation = sample();
        for event in [
            Event::Accepted {
                data: serde_json::json!({"task": "A"}).into(),
            },
            Event::CodeSent {
                data: serde_json::json!({"token": "K"}).into(),
            },
            Event::CodeGiven,
            Event::Refused {
                refusal: Refusal::AnotherOperationOpen {
                    operation: None,
                    sort: None,
                },
                message: Some("no".into()),
            },
        ] {
            operation.apply(event, Timestamp::from_millis(2)).unwrap();
            let read = Operation::from_json(&operation.to_json().unwrap()).unwrap();
            assert_eq!(read, operation);
        }
    }

    #[test]
    fn polls_are_counted_until_there_are_news_and_are_in_the_record() {
        let mut operation = sample();
        let data = Data::default;
        let happen = |operation: &mut Operation, event| {
            operation.apply(event, Timestamp::from_millis(2)).unwrap();
        };
        assert!(
            !String::from_utf8(operation.to_json().unwrap())
                .unwrap()
                .contains("polls")
        );
        happen(&mut operation, Event::Accepted { data: data() });
        operation.count_poll();
        happen(&mut operation, Event::Progressed { data: data() });
        operation.count_poll();
        let stored = Operation::from_json(&operation.to_json().unwrap()).unwrap();
        assert_eq!(stored.polls(), 2);
        happen(&mut operation, Event::CodeSent { data: data() });
        assert_eq!(operation.polls(), 0);
    }

    #[test]
    fn a_refused_event_changes_nothing() {
        let mut operation = sample();
        let before = operation.clone();
        operation
            .apply(Event::CodeGiven, Timestamp::from_millis(9))
            .unwrap_err();
        assert_eq!(operation, before);
    }

    #[test]
    fn a_clone_does_not_change_with_the_other() {
        let operation = sample();
        let before = operation.to_json().unwrap();
        let mut other = operation.clone();
        other.count_poll();
        let data = Data::default();
        other
            .apply(Event::Accepted { data }, Timestamp::from_millis(2))
            .unwrap();
        other.count_poll();
        assert_eq!(operation.to_json().unwrap(), before);
        let read = Operation::from_json(&other.to_json().unwrap()).unwrap();
        assert_eq!(read, other.with_id(read.id().clone()));
        assert_eq!(read.polls(), 1);
    }

    #[test]
    fn a_record_of_a_later_version_is_refused_by_its_number() {
        let text = String::from_utf8(sample().to_json().unwrap()).unwrap();
        let error = Operation::from_json(
            text.replacen("\"version\": 1", "\"version\": 7", 1)
                .as_bytes(),
        )
        .unwrap_err();
        assert!(error.to_string().contains("version 7"), "{error}");
    }

    #[test]
    fn a_record_that_may_have_been_sent_is_reconciled_and_never_sent_again() {
        let mut operation = sample();
        assert_eq!(operation.next(Duration::ZERO), Next::Reconcile);
        operation
            .apply(
                Event::CodeSent {
                    data: Data::default(),
                },
                Timestamp::from_millis(2),
            )
            .unwrap();
        operation
            .apply(Event::CodeGiven, Timestamp::from_millis(3))
            .unwrap();
        assert_eq!(operation.next(Duration::ZERO), Next::Reconcile);
    }

    #[test]
    fn debug_output_hides_the_clients_data() {
        assert!(!format!("{:?}", sample()).contains("secret-handle"));
    }
}

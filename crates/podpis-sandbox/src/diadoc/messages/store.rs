//! Decides what lies in the box: messages, their documents, the signatures below them, prepared contents.
//!
//! **Invariant:** what lists show is what lies in the box: a message that is put in, changed or forgotten is so in the
//! index too.

use super::index::Index;
use super::message::Message;
use super::options::MessageOptions;
use crate::kept::Kept;
use crate::moment::Moment;
use crate::options::WorldOptions;
use crate::signer::Identity;
use bytes::Bytes;
use podpis_diadoc_proto::events::EntityPatch;
use std::collections::BTreeSet;

/// All messages of a world.
#[derive(Clone, Debug)]
pub(crate) struct Messages {
    pub(crate) options: MessageOptions,
    pub(super) all: Kept<Message>,
    pub(super) events: Kept<Event>,
    pub(super) index: Index,
    /// Signatures that the service has not looked at: when it will, the place of the message, the id.
    pub(super) unverified: BTreeSet<(Moment, usize, String)>,
    pub(super) prepared: Kept<Prepared>,
    /// Those that succeeded.
    pub(super) posts: Kept<Post>,
    /// Makes test signatures.
    pub(super) service: Identity,
}

/// A content in the temporary storage.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    /// The message and the document it was made for; none for a content that is not in Diadoc.
    pub(super) place: Option<(String, String)>,
    pub(crate) content: Bytes,
    pub(super) until: Moment,
}

impl Messages {
    /// An empty box.
    pub(super) fn new(service: Identity, options: &WorldOptions) -> Self {
        let limits = &options.limits;
        Self {
            options: options.message_options.clone(),
            all: Kept::new(limits.messages),
            events: Kept::new(limits.events),
            index: Index::new(),
            unverified: BTreeSet::new(),
            prepared: Kept::new(limits.prepared),
            posts: Kept::new(limits.operation_ids),
            service,
        }
    }

    /// Puts a message into the box and gives its place.
    pub(super) fn add(&mut self, message: Message) -> usize {
        let id = message.id.clone();
        let (place, forgotten) = self.all.add_for(message, [&*id]);
        for (gone, _) in forgotten {
            self.index.forget(gone);
        }
        self.file(place);
        place
    }

    /// Makes lists find the documents of a message as they are now.
    pub(super) fn file(&mut self, place: usize) {
        if let Some(message) = self.all.get(place) {
            self.index.file(place, message);
        }
    }

    pub(super) fn position(&self, message: &str) -> Option<usize> {
        self.all.find(message)
    }

    pub(super) fn get(&self, message: &str) -> Option<&Message> {
        self.all.named(message)
    }

    /// The bytes of a document.
    pub(crate) fn document(&self, message: &str, entity: &str) -> Option<&Bytes> {
        self.get(message)?
            .documents()
            .find(|(known, _)| known.id.eq_ignore_ascii_case(entity))
            .map(|(known, _)| &known.content)
    }

    /// Tells of a message that is new.
    pub(super) fn tell_new(&mut self, message: &str) {
        if let Some(known) = self.get(message) {
            let entities = known.entities.iter();
            self.tell(Event {
                id: known.id.clone(),
                message: known.id.clone(),
                at: known.created,
                what: Happened::New(entities.map(|entity| entity.id.clone()).collect()),
            });
        }
    }

    pub(super) fn tell(&mut self, event: Event) {
        let (id, message) = (event.id.clone(), event.message.clone());
        let (event, forgotten) = self.events.add_for(event, [&*id]);
        for (gone, _) in forgotten {
            self.index.forget_event(gone);
        }
        if let Some(place) = self.position(&message)
            && let Some(message) = self.all.get(place)
        {
            self.index.file_event(place, message, event);
        }
    }

    /// The place of the newest event.
    pub(super) fn last_event(&self) -> Option<usize> {
        self.index.events.last().copied()
    }

    pub(crate) fn prepared(&self, id: &str) -> Option<&Prepared> {
        self.prepared.named(id)
    }
}

#[derive(Clone, Debug)]
pub(super) struct Post {
    /// The SHA-256 of the body.
    pub(super) body: [u8; 32],
    pub(super) done_at: Moment,
    pub(super) answer: Bytes,
}

/// Something that happened to a message.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) message: String,
    pub(super) at: Moment,
    pub(super) what: Happened,
}

#[derive(Clone, Debug)]
pub(super) enum Happened {
    /// A new message or draft, with these entities.
    New(Vec<String>),
    /// An addition.
    Added {
        entities: Vec<String>,
        patched: Vec<EntityPatch>,
    },
}

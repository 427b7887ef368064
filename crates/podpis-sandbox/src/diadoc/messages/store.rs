//! Decides what lies in the box: messages, their documents, the signatures below them, prepared contents.
//!
//! **Invariant:** a signature stays below the document it was posted for, and what the service later finds out about
//! it adds entities, but never takes one away.

use super::info::Verification;
use super::options::MessageOptions;
use crate::kept::Kept;
use crate::moment::Moment;
use crate::options::WorldOptions;
use crate::signer::Identity;
use bytes::Bytes;
use podpis_diadoc_proto::events::EntityPatch;
use podpis_diadoc_proto::events::PowerOfAttorneyInfo;
use std::collections::BTreeSet;

/// All messages of a world.
#[derive(Clone, Debug)]
pub(crate) struct Messages {
    pub(crate) options: MessageOptions,
    pub(super) all: Kept<Message>,
    pub(super) events: Kept<Event>,
    /// Signatures that the service has not looked at: when it will, the place of the message, the id.
    pub(super) unverified: BTreeSet<(Moment, usize, String)>,
    pub(super) prepared: Kept<Prepared>,
    /// Those that succeeded.
    pub(super) posts: Kept<Post>,
    /// Makes test signatures.
    pub(super) service: Identity,
}

/// A letter or a draft.
#[derive(Clone, Debug, Default)]
pub(super) struct Message {
    pub(super) id: String,
    pub(super) is_draft: bool,
    /// Whether our box is the sender.
    pub(super) outgoing: bool,
    pub(super) internal: bool,
    /// The box of the other side, unless a draft leaves it open.
    pub(super) other_box: Option<String>,
    pub(super) created: Moment,
    pub(super) changed: Moment,
    pub(super) draft_locked: bool,
    pub(super) recycled: bool,
    pub(super) from_draft: Option<String>,
    pub(super) sent_as: Vec<String>,
    /// A number of LockMode.
    pub(super) lock_mode: i32,
    pub(super) entities: Vec<Entity>,
}

/// Something in a message.
#[derive(Clone, Debug, Default)]
pub(super) struct Entity {
    pub(super) id: String,
    pub(super) parent: Option<String>,
    pub(super) created: Moment,
    pub(super) content: Bytes,
    pub(super) labels: Vec<String>,
    pub(super) what: What,
}

/// What an entity is.
#[derive(Clone, Debug, Default)]
pub(super) enum What {
    Document(Box<Document>),
    Signature(Box<Signature>),
    /// A signature was found invalid; below it is the report.
    #[default]
    DeliveryFailure,
    VerificationReport,
}

/// What is known about a document.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    pub(super) file_name: String,
    pub(super) type_named_id: String,
    pub(super) function: String,
    pub(super) version: String,
    /// Whether PrepareDocumentsToSign can put a signer into it.
    pub(super) can_be_prepared: bool,
    pub(super) needs_recipient_signature: bool,
    pub(super) custom_id: Option<String>,
    pub(super) sent_at: Option<Moment>,
    pub(super) patched: bool,
}

impl Document {
    /// A file of any kind.
    pub(super) fn plain(file_name: &str) -> Self {
        Self {
            file_name: file_name.to_owned(),
            type_named_id: "Nonformalized".to_owned(),
            function: "default".to_owned(),
            version: "v1".to_owned(),
            ..Self::default()
        }
    }

    pub(super) fn is_formalized(&self) -> bool {
        is_formalized(&self.type_named_id)
    }
}

/// A type other than `Nonformalized` has a format.
pub(super) fn is_formalized(type_named_id: &str) -> bool {
    !type_named_id.eq_ignore_ascii_case("Nonformalized")
}

/// What is known about a signature.
#[derive(Clone, Debug, Default)]
pub(super) struct Signature {
    pub(super) ours: bool,
    pub(super) approval: bool,
    pub(super) power: Option<PowerOfAttorneyInfo>,
    /// With the time stamp of the service.
    pub(super) stamped: Bytes,
    /// The id of the entity with the time stamp, where that is one of its own.
    pub(super) stamped_id: String,
    /// When the service looks at it.
    pub(super) verify_at: Moment,
    pub(super) verification: Verification,
    /// What the post did beside, to be taken back when the signature turns out invalid.
    pub(super) undo: Option<Undo>,
}

/// What a signature did when it was posted.
#[derive(Clone, Debug, Default)]
pub(super) struct Undo {
    /// The content before it was replaced by a prepared one.
    pub(super) content: Option<Bytes>,
    /// Documents that were sent by it.
    pub(super) sent: Vec<String>,
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
            unverified: BTreeSet::new(),
            prepared: Kept::new(limits.prepared),
            posts: Kept::new(limits.operation_ids),
            service,
        }
    }

    /// Puts a message into the box and gives its place.
    pub(super) fn add(&mut self, message: Message) -> usize {
        let id = message.id.clone();
        self.all.add(message, [&*id])
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
        let id = event.id.clone();
        self.events.add(event, [&*id]);
    }

    pub(crate) fn prepared(&self, id: &str) -> Option<&Prepared> {
        self.prepared.named(id)
    }
}

impl Message {
    pub(super) fn entity(&self, id: &str) -> Option<&Entity> {
        self.entities
            .iter()
            .find(|known| known.id.eq_ignore_ascii_case(id))
    }

    pub(super) fn entity_mut(&mut self, id: &str) -> Option<&mut Entity> {
        self.entities
            .iter_mut()
            .find(|known| known.id.eq_ignore_ascii_case(id))
    }

    pub(super) fn documents(&self) -> impl Iterator<Item = (&Entity, &Document)> {
        self.entities.iter().filter_map(|known| match &known.what {
            What::Document(document) => Some((known, &**document)),
            _ => None,
        })
    }

    /// The signatures below a document.
    pub(super) fn signatures<'a>(
        &'a self,
        document: &'a str,
    ) -> impl Iterator<Item = (&'a Entity, &'a Signature)> {
        self.entities
            .iter()
            .filter_map(move |known| match &known.what {
                What::Signature(signature)
                    if known
                        .parent
                        .as_deref()
                        .is_some_and(|parent| parent.eq_ignore_ascii_case(document)) =>
                {
                    Some((known, &**signature))
                }
                _ => None,
            })
    }

    /// Whether a side has its ordinary signature. One that was found invalid does not count.
    pub(super) fn is_signed(&self, document: &str, ours: bool) -> bool {
        self.signatures(document).any(|(_, known)| {
            known.ours == ours && !known.approval && known.verification != Verification::Invalid
        })
    }

    /// Documents of a locked packet are sent together.
    pub(super) fn is_locked(&self) -> bool {
        self.lock_mode == LOCKED
    }
}

/// LockMode Full.
pub(super) const LOCKED: i32 = 3;

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

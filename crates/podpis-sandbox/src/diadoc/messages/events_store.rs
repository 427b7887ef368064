//! Decides what is kept of what happened to messages.
//!
//! **Invariant:** an event is never changed; its place in the feed is its number.

use podpis_diadoc_proto::events::EntityPatch;

use crate::moment::Moment;

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

//! Decides how the documents and events of the box are found by what a list asks for, without a look at all others.
//!
//! **Invariant:** every document of a letter is in the one class that it is in by now, every event in the one of its
//! message; what belongs to a message that was forgotten is in none.

use std::collections::HashMap;

use super::message::{Demand, Document, Message};
use crate::classes::Classes;

/// What the words of a filter are decided by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct State {
    /// A number of DocumentDirection.
    pub(super) direction: i32,
    /// A number of SenderSignatureStatus.
    pub(super) sender: i32,
    /// A number of RecipientResponseStatus.
    pub(super) response: i32,
    pub(super) sent: bool,
    /// Whether a colleague was asked to sign.
    pub(super) asked: bool,
}

impl State {
    fn of(message: &Message, id: &str, document: &Document) -> Self {
        Self {
            direction: message.direction().number(),
            sender: message.by_sender(id).number(),
            response: message.by_recipient(id, document).number(),
            sent: document.sent_at.is_some(),
            asked: matches!(document.demand, Demand::User(_)),
        }
    }
}

/// What the words of a feed are decided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Feed {
    pub(super) is_draft: bool,
    /// A number of DocumentDirection.
    pub(super) direction: i32,
}

/// Where everything of the box is found.
#[derive(Clone, Debug)]
pub(super) struct Index {
    /// By their keys: the place of the message and that of the document in it.
    pub(super) documents: Classes<State, String, (usize, usize)>,
    /// By their places.
    pub(super) events: Classes<Feed, usize, usize>,
    /// What there is of each message.
    filed: HashMap<usize, Filed>,
}

#[derive(Clone, Debug, Default)]
struct Filed {
    documents: Vec<String>,
    events: Vec<usize>,
}

impl Index {
    pub(super) fn new() -> Self {
        Self {
            documents: Classes::default(),
            events: Classes::default(),
            filed: HashMap::new(),
        }
    }

    /// Files the documents of a message as they are now.
    pub(super) fn file(&mut self, place: usize, message: &Message) {
        let filed = self.filed.entry(place).or_default();
        for key in filed.documents.drain(..) {
            self.documents.remove(&key);
        }
        // Documents of drafts are in no list.
        if message.is_draft {
            return;
        }
        for (entity, document) in message.documents() {
            let key = document.index_key(&entity.id);
            let at = message
                .entities
                .iter()
                .position(|known| known.id == entity.id);
            let at = (place, at.unwrap_or_default());
            self.documents
                .put(State::of(message, &entity.id, document), key.clone(), at);
            filed.documents.push(key);
        }
    }

    /// Files an event of the message at a place.
    pub(super) fn file_event(&mut self, place: usize, message: &Message, event: usize) {
        let feed = Feed {
            is_draft: message.is_draft,
            direction: message.direction().number(),
        };
        self.events.put(feed, event, event);
        self.filed.entry(place).or_default().events.push(event);
    }

    pub(super) fn forget_event(&mut self, event: usize) {
        self.events.remove(&event);
    }

    pub(super) fn forget(&mut self, place: usize) {
        let filed = self.filed.remove(&place).unwrap_or_default();
        for key in filed.documents {
            self.documents.remove(&key);
        }
        for event in filed.events {
            self.events.remove(&event);
        }
    }
}

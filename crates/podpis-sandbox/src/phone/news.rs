//! Decides what an open page of the phone is told: all at first, and then what has changed since.
//!
//! **Invariant:** whoever applies every piece of news in its order shows what the phone shows; where nothing has changed
//! nothing is told.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{PhoneInfo, PhoneMessage};

/// What a page was told: the phone, and the messages by their operations.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told(Option<(PhoneInfo, BTreeMap<String, PhoneMessage>)>);

/// The data of one server-sent event.
#[derive(Serialize)]
struct News<'a> {
    /// These are all messages: what else a page shows is from before.
    whole: bool,
    now_ms: u64,
    phone: PhoneInfo,
    /// Those that are new or have changed, oldest first.
    messages: Vec<&'a PhoneMessage>,
    /// The operations whose messages are there no more.
    gone: Vec<&'a str>,
}

impl Told {
    /// The next event for the page, if there is one.
    pub(crate) fn news(
        &mut self,
        phone: PhoneInfo,
        messages: &[PhoneMessage],
        now_ms: u64,
    ) -> Option<String> {
        let before = self.0.as_ref();
        let known = |one: &PhoneMessage| before.and_then(|(_, known)| known.get(&one.operation));
        let changed = messages.iter().filter(|one| known(one) != Some(*one));
        let now: BTreeMap<String, PhoneMessage> = messages
            .iter()
            .map(|one| (one.operation.clone(), one.clone()))
            .collect();
        let gone = before.iter().flat_map(|(_, known)| known.keys());
        let gone = gone.filter(|operation| !now.contains_key(*operation));
        let news = News {
            whole: before.is_none(),
            now_ms,
            phone,
            messages: changed.collect(),
            gone: gone.map(String::as_str).collect(),
        };
        let is_new = before.is_none_or(|(set, _)| *set != phone)
            || !news.messages.is_empty()
            || !news.gone.is_empty();
        let event = is_new.then(|| event(&news));
        if event.is_some() {
            self.0 = Some((phone, now));
        }
        event
    }
}

/// A lost connection is tried again after a second.
fn event(news: &News<'_>) -> String {
    // These structures have string keys and no foreign types, so they always serialise.
    let data = serde_json::to_string(news).unwrap_or_default();
    format!("retry: 1000\nevent: phone\ndata: {data}\n\n")
}

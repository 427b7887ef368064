//! What happened in a box since the last time.
//!
//! Two events may share one IndexKey, also where a page ends between them, and the service reads on behind a key: the
//! second of the two would be lost. So the next page is asked for behind the last key whose events have all been seen,
//! and what comes once more is left out.
//!
//! **Invariant:** from a cursor on, every event comes once: none is lost and none comes twice, whoever stops wherever and
//! goes on with the cursor of the last event that they took.

use std::time::SystemTime;

use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt as _, TryStreamExt as _};
use podpis_core::Error;
use podpis_core::call::{Answer, Call};
use podpis_diadoc_proto::documents::MessageType;
use podpis_diadoc_proto::events as wire;
use serde::{Deserialize, Serialize};

use crate::certificates::moment;
use crate::endpoints::GET_NEW_EVENTS;
use crate::posting::PostedEntity;
use crate::{InBox, MessageId, protobuf};

/// The longest page, and the service's own default.
const PAGE: u8 = 100;

/// Where somebody who reads events is. To be kept with what was made of the events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventCursor {
    /// The last IndexKey all of whose events were seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    /// The ids of the events that were seen behind it; all of them share a key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    seen: Vec<String>,
}

impl EventCursor {
    /// Behind all events of this IndexKey, seen or not. For a program that has kept a bare key.
    #[must_use]
    pub fn after_key(index_key: impl Into<String>) -> Self {
        Self {
            after: Some(index_key.into()),
            seen: Vec::new(),
        }
    }
}

/// Something that happened: a message or a draft that is new, or something that was added to one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BoxEvent {
    /// Its id, a GUID.
    pub id: String,
    /// Its place in the feed. Another event may have the same.
    pub index_key: Option<String>,
    /// Where to go on behind it.
    pub cursor: EventCursor,
    /// The message or the draft.
    pub message: MessageId,
    /// Whether the message is new, in place of something that was added to it.
    pub is_new: bool,
    /// Whether it is a draft.
    pub is_draft: bool,
    /// When it happened, by the service's clock.
    pub at: Option<SystemTime>,
    /// What is new in the message, without contents. The id of a signature is that of the signature as it was posted,
    /// which a message shows only where
    /// [original signatures](crate::message::MessageReading::original_signatures) are asked for.
    pub entities: Vec<PostedEntity>,
}

/// Events that are about to be read.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked for until the stream is read"]
pub struct EventReading {
    in_box: InBox,
    after: EventCursor,
    message_types: Vec<&'static str>,
    department: Option<String>,
    page_size: u8,
}

impl InBox {
    /// What happened in the box, the oldest first (V8/GetNewEvents).
    ///
    /// ```no_run
    /// # async fn example(in_box: podpis_diadoc::InBox) -> Result<(), Box<dyn std::error::Error>> {
    /// use futures_util::TryStreamExt as _;
    /// use podpis_diadoc::events::EventCursor;
    ///
    /// let cursor: EventCursor = serde_json::from_str(&std::fs::read_to_string("cursor.json")?)?;
    /// let mut events = in_box.events().after(&cursor).read();
    /// while let Some(event) = events.try_next().await? {
    ///     println!("{} {}", event.message, event.entities.len());
    ///     std::fs::write("cursor.json", serde_json::to_string(&event.cursor)?)?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn events(&self) -> EventReading {
        EventReading {
            in_box: self.clone(),
            after: EventCursor::default(),
            message_types: Vec::new(),
            department: None,
            page_size: PAGE,
        }
    }
}

impl EventReading {
    /// Goes on behind an event; from the first one unless set.
    pub fn after(mut self, cursor: &EventCursor) -> Self {
        self.after = cursor.clone();
        self
    }

    /// Only what happened to drafts. The service tells of those only to users who see all documents.
    pub fn of_drafts(mut self) -> Self {
        self.message_types = vec!["Draft"];
        self
    }

    /// Only what happened in this department, a GUID. The service demands it of users who do not see all documents.
    pub fn department(mut self, department: impl Into<String>) -> Self {
        self.department = Some(department.into());
        self
    }

    /// How many events are asked for at once, from 2 to 100; 100 unless set. Each page but the first begins with what
    /// came last in the one before.
    pub fn page_size(mut self, events: u8) -> Self {
        self.page_size = events.clamp(2, PAGE);
        self
    }

    /// Reads them, as far as somebody asks for more: one page is held. The stream ends where the feed does; what
    /// happens later is read with the last cursor.
    ///
    /// An error where a page cannot be got; also where a whole page shares one key, so that the service cannot be asked
    /// for what may follow under it: [`EventCursor::after_key`] goes on behind that.
    #[must_use]
    pub fn read(self) -> BoxStream<'static, Result<BoxEvent, Error>> {
        let begin = Some(self.after.clone());
        let pages = stream::try_unfold(begin, move |cursor| {
            let reading = self.clone();
            async move {
                let Some(cursor) = cursor else {
                    return Ok::<_, Error>(None);
                };
                reading.page(cursor).await.map(Some)
            }
        });
        pages
            .map_ok(|events| stream::iter(events.into_iter().map(Ok)))
            .try_flatten()
            .boxed()
    }

    /// What is new of a page, and where the next one begins.
    async fn page(
        &self,
        cursor: EventCursor,
    ) -> Result<(Vec<BoxEvent>, Option<EventCursor>), Error> {
        let mut limit = self.page_size;
        loop {
            let types = Some(self.message_types.join(",")).filter(|types| !types.is_empty());
            let call = Call::new(&GET_NEW_EVENTS)
                .query("boxId", self.in_box.id().as_str())
                .query_if("afterIndexKey", cursor.after.as_deref())
                .query_if("departmentId", self.department.as_deref())
                .query_if("messageType", types)
                .query("limit", limit.to_string());
            let answer = self.in_box.caller().call(call).await?;
            let list: wire::BoxEventList = protobuf::read(&answer)?;
            let is_full = list.events.len() >= usize::from(limit);
            let (events, next) = new_ones(&answer, list.events, &cursor)?;
            // A full page that brings nothing new and leads nowhere would come for ever.
            if !is_full || !events.is_empty() || next.after != cursor.after {
                return Ok((events, is_full.then_some(next)));
            }
            if limit == PAGE {
                let why = "a whole page of events shares one IndexKey, behind which others may be";
                return Err(answer.unreadable(why));
            }
            limit = PAGE;
        }
    }
}

/// The events of a page that were not seen before, and the cursor behind them.
fn new_ones(
    answer: &Answer,
    page: Vec<wire::BoxEvent>,
    cursor: &EventCursor,
) -> Result<(Vec<BoxEvent>, EventCursor), Error> {
    let mut at = cursor.clone();
    let mut group: Option<String> = None;
    let mut events = Vec::with_capacity(page.len());
    for event in page {
        let key = event.index_key.clone().filter(|key| !key.is_empty());
        // An event without a key can only be said to come with the one before.
        if let (Some(key), Some(before)) = (&key, &group)
            && key != before
        {
            at = EventCursor::after_key(before.as_str());
        }
        if key.is_some() {
            group.clone_from(&key);
        }
        if at.seen.contains(&event.event_id) {
            continue;
        }
        at.seen.push(event.event_id.clone());
        events.push(BoxEvent::new(answer, event, key, at.clone())?);
    }
    Ok((events, at))
}

impl BoxEvent {
    fn new(
        answer: &Answer,
        event: wire::BoxEvent,
        index_key: Option<String>,
        cursor: EventCursor,
    ) -> Result<Self, Error> {
        let id = event.event_id;
        let (message, is_new, is_draft, ticks, entities) = match (event.message, event.patch) {
            (Some(new), _) => {
                let is_draft = new.is_draft.unwrap_or_default()
                    || new.typed_message_type() == MessageType::DRAFT;
                let (ticks, entities) = (new.timestamp_ticks, new.entities);
                (new.message_id, true, is_draft, ticks, entities)
            }
            (None, Some(patch)) => {
                let is_draft = patch.for_draft.unwrap_or_default()
                    || patch.typed_message_type() == MessageType::DRAFT;
                let (ticks, entities) = (patch.timestamp_ticks, patch.entities);
                (patch.message_id, false, is_draft, ticks, entities)
            }
            (None, None) => {
                let why = format!("the event {id} is neither a message nor a patch");
                return Err(answer.unreadable(why));
            }
        };
        Ok(Self {
            id,
            index_key,
            cursor,
            message: MessageId::new(message),
            is_new,
            is_draft,
            at: moment(ticks),
            entities: entities.iter().map(PostedEntity::of).collect(),
        })
    }
}

//! Decides what the feed of a box tells: every new message, and every addition to one.
//!
//! **Invariant:** an event is never changed; its place in the feed is its number, and the key that is given out for it
//! is only good for reading on behind it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use podpis_diadoc_proto::TotalCountType;
use podpis_diadoc_proto::events::{BoxEvent, BoxEventList, EntityPatch, MessagePatch};

use super::super::boxes;
use super::super::call::Call;
use super::lists::number;
use super::store::Message;
use super::wire;
use crate::answer::{Handled, Refusal, Reply};
use crate::moment::Moment;
use crate::world::World;

const PAGE: usize = 100;

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

/// `GET /V7/GetNewEvents` and version 8.
pub(crate) fn list(world: &World, call: &Call<'_>) -> Handled {
    boxes::own(call)?;
    let query = &call.query;
    let limit = number::<usize>(query, "limit")?.unwrap_or(PAGE);
    if !(1..=PAGE).contains(&limit) {
        return Err(Refusal::bad_request("limit has to be from 1 to 100."));
    }
    let after_event = query.optional("afterEventId");
    let after = match (query.optional("afterIndexKey"), after_event) {
        (Some(_), Some(_)) => {
            return Err(Refusal::bad_request(
                "afterIndexKey does not go with afterEventId.",
            ));
        }
        (Some(key), None) => Some(
            place_of(key).ok_or_else(|| Refusal::bad_request("cursor must have valid value"))?,
        ),
        (None, Some(id)) => Some(position(world, id)?),
        (None, None) => None,
    };
    let descending = query
        .optional("orderBy")
        .is_some_and(|order| order.eq_ignore_ascii_case("Descending"));
    let (from, to) = (
        number::<i64>(query, "timestampFromTicks")?,
        number::<i64>(query, "timestampToTicks")?,
    );
    let fits = |event: &Event, message: &Message| {
        let ticks = event.at.ticks();
        let direction = match (message.internal, message.outgoing) {
            (true, _) => "Internal",
            (false, true) => "Outbound",
            (false, false) => "Inbound",
        };
        let kind = if message.is_draft { "Draft" } else { "Letter" };
        let counteragent = query.optional("counteragentBoxId");
        from.is_none_or(|from| ticks >= from)
            && to.is_none_or(|to| ticks <= to)
            && among(query.optional("messageType"), |one| one == kind)
            && among(query.optional("documentDirection"), |one| one == direction)
            && among(query.optional("typeNamedId"), |one| {
                message
                    .documents()
                    .any(|(_, known)| known.type_named_id == one)
            })
            && counteragent.is_none_or(|id| {
                message
                    .other_box
                    .as_deref()
                    .is_some_and(|other| boxes::is(id, other))
            })
    };
    read(world, after, descending, limit, fits)
}

/// Versions 4 to 6, which know the event behind which to read and nothing else.
pub(crate) fn list_v6(world: &World, call: &Call<'_>) -> Handled {
    boxes::own(call)?;
    let after = call.query.optional("afterEventId");
    let after = after.map(|id| position(world, id)).transpose()?;
    read(world, after, false, PAGE, |_, _| true)
}

/// `GET /GetLastEvent` and version 2.
pub(crate) fn last(world: &World, call: &Call<'_>) -> Handled {
    boxes::own(call)?;
    let last = world.messages.events.len().checked_sub(1);
    match last.and_then(|place| told(world, place, false)) {
        Some(event) => Ok(Reply::message(&event)),
        None => Ok(Reply::empty().status(http::StatusCode::NO_CONTENT)),
    }
}

/// `GET /V2/GetEvent` and version 3: with contents.
pub(crate) fn event(world: &World, call: &Call<'_>) -> Handled {
    boxes::own(call)?;
    let place = position(world, call.query.required("eventId")?)
        .map_err(|_| Refusal::not_found("The box has no such event."))?;
    told(world, place, true)
        .map(|event| Reply::message(&event))
        .ok_or_else(|| Refusal::not_found("The box has no such event."))
}

fn read(
    world: &World,
    after: Option<usize>,
    descending: bool,
    limit: usize,
    fits: impl Fn(&Event, &Message) -> bool,
) -> Handled {
    let events = &world.messages.events;
    let is_wanted = |place: &usize| {
        events.get(*place).is_some_and(|event| {
            let message = world.messages.get(&event.message);
            message.is_some_and(|message| fits(event, message))
        })
    };
    let wanted: Vec<usize> = (0..events.len()).filter(is_wanted).collect();
    let total = i32::try_from(wanted.len()).unwrap_or(i32::MAX);
    let behind = |place: &usize| match after {
        None => true,
        Some(after) if descending => *place < after,
        Some(after) => *place > after,
    };
    let mut page: Vec<usize> = wanted.into_iter().filter(behind).collect();
    if descending {
        page.reverse();
    }
    page.truncate(limit);
    let told = page
        .into_iter()
        .filter_map(|place| told(world, place, false));
    Ok(Reply::message(
        &BoxEventList::new(TotalCountType::EQUAL)
            .with_events(told)
            .with_total_count(total),
    ))
}

fn told(world: &World, place: usize, inject: bool) -> Option<BoxEvent> {
    let event = world.messages.events.get(place)?;
    let message = world.messages.get(&event.message)?;
    let told = BoxEvent::new(&*event.id).with_index_key(key_of(place));
    Some(match &event.what {
        Happened::New(entities) => {
            let view = wire::View {
                only: None,
                original: true,
                inject,
            };
            let mut new = wire::message(world, message, view);
            new.entities
                .retain(|known| entities.contains(&known.entity_id));
            told.with_message(new)
        }
        Happened::Added { entities, patched } => told.with_patch(MessagePatch {
            message_id: message.id.clone(),
            timestamp_ticks: event.at.ticks(),
            entities: wire::some(world, message, entities, inject),
            entity_patches: patched.clone(),
            patch_id: event.id.clone(),
            for_draft: message.is_draft.then_some(true),
            message_type: wire::message_type(message),
            ..MessagePatch::default()
        }),
    })
}

fn among(list: Option<&str>, is_it: impl Fn(&str) -> bool) -> bool {
    list.is_none_or(|list| list.split(',').any(|one| is_it(one.trim())))
}

fn position(world: &World, id: &str) -> Result<usize, Refusal> {
    let events = &world.messages.events;
    events
        .iter()
        .position(|event| event.id.eq_ignore_ascii_case(id))
        .ok_or_else(|| Refusal::bad_request("cursor must have valid value"))
}

fn key_of(place: usize) -> String {
    STANDARD.encode((place as u64).to_be_bytes())
}

fn place_of(key: &str) -> Option<usize> {
    let bytes = STANDARD.decode(key).ok()?;
    u64::from_be_bytes(bytes.try_into().ok()?).try_into().ok()
}

impl super::store::Messages {
    /// Tells of a message that is new.
    pub(super) fn tell_new(&mut self, message: &str) {
        if let Some(known) = self.get(message) {
            let entities = known.entities.iter();
            let event = Event {
                id: known.id.clone(),
                message: known.id.clone(),
                at: known.created,
                what: Happened::New(entities.map(|entity| entity.id.clone()).collect()),
            };
            self.events.push(event);
        }
    }

    /// Tells of an addition; its id is that of the event.
    pub(super) fn tell_added(&mut self, event: Event) {
        self.events.push(event);
    }
}

//! Decides what the feed of a box tells: every new message, and every addition to one.
//!
//! **Invariant:** an event is never changed; its place in the feed is its number, and the key that is given out for it
//! is only good for reading on behind it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use podpis_diadoc_proto::TotalCountType;
use podpis_diadoc_proto::events::{BoxEvent, BoxEventList, MessagePatch};

use super::super::boxes;
use super::lists::number;
use super::store::{Event, Happened, Message};
use super::wire;
use crate::answer::{Handled, Needed as _, Reply, bad_request};
use crate::call::Call;
use crate::diadoc::state::Room;

const PAGE: usize = 100;

/// `GET /V7/GetNewEvents` and version 8.
pub(crate) fn list(room: &Room, call: &Call) -> Handled {
    boxes::own(call)?;
    let query = &call.query;
    let limit = number::<usize>(query, "limit")?.unwrap_or(PAGE);
    if !(1..=PAGE).contains(&limit) {
        return bad_request("limit has to be from 1 to 100.");
    }
    let after_event = query.optional("afterEventId");
    let after = match (query.optional("afterIndexKey"), after_event) {
        (Some(_), Some(_)) => return bad_request("afterIndexKey does not go with afterEventId."),
        (Some(key), None) => Some(place_of(key).or_bad_request("cursor must have valid value")?),
        (None, Some(id)) => Some(position(room, id)?),
        (None, None) => None,
    };
    let order = query.optional("orderBy").unwrap_or_default();
    let descending = order.eq_ignore_ascii_case("Descending");
    let from = number::<i64>(query, "timestampFromTicks")?;
    let to = number::<i64>(query, "timestampToTicks")?;
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
                let mut documents = message.documents();
                documents.any(|(_, known)| known.type_named_id == one)
            })
            && counteragent.is_none_or(|id| {
                let other = message.other_box.as_deref();
                other.is_some_and(|other| boxes::is(id, other))
            })
    };
    read(room, after, descending, limit, fits)
}

/// Versions 4 to 6, which know the event behind which to read and nothing else.
pub(crate) fn list_v6(room: &Room, call: &Call) -> Handled {
    boxes::own(call)?;
    let after = call.query.optional("afterEventId");
    let after = after.map(|id| position(room, id)).transpose()?;
    read(room, after, false, PAGE, |_, _| true)
}

/// `GET /GetLastEvent` and version 2.
pub(crate) fn last(room: &Room, call: &Call) -> Handled {
    boxes::own(call)?;
    let last = room.own.messages.events.all().next_back();
    match last.and_then(|(place, _)| told(room, place, false)) {
        Some(event) => Ok(Reply::message(&event)),
        None => Ok(Reply::empty().status(http::StatusCode::NO_CONTENT)),
    }
}

/// `GET /V2/GetEvent` and version 3: with contents.
pub(crate) fn event(room: &Room, call: &Call) -> Handled {
    boxes::own(call)?;
    let place = position(room, call.query.required("eventId")?);
    let place = place.or_not_found("The box has no such event.")?;
    let told = told(room, place, true).map(|event| Reply::message(&event));
    told.or_not_found("The box has no such event.")
}

fn read(
    room: &Room,
    after: Option<usize>,
    descending: bool,
    limit: usize,
    fits: impl Fn(&Event, &Message) -> bool,
) -> Handled {
    let events = room.own.messages.events.all();
    let is_wanted = |event: &Event| {
        let message = room.own.messages.get(&event.message);
        message.is_some_and(|message| fits(event, message))
    };
    let wanted = events.filter(|(_, event)| is_wanted(event));
    let wanted: Vec<usize> = wanted.map(|(place, _)| place).collect();
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
        .filter_map(|place| told(room, place, false));
    Ok(Reply::message(
        &BoxEventList::new(TotalCountType::EQUAL)
            .with_events(told)
            .with_total_count(total),
    ))
}

fn told(room: &Room, place: usize, inject: bool) -> Option<BoxEvent> {
    let event = room.own.messages.events.get(place)?;
    let message = room.own.messages.get(&event.message)?;
    let told = BoxEvent::new(&*event.id).with_index_key(key_of(place));
    Some(match &event.what {
        Happened::New(entities) => {
            let view = wire::View {
                inject,
                ..wire::View::WHOLE
            };
            let mut new = wire::message(room, message, view);
            new.entities
                .retain(|known| entities.contains(&known.entity_id));
            told.with_message(new)
        }
        Happened::Added { entities, patched } => told.with_patch(MessagePatch {
            message_id: message.id.clone(),
            timestamp_ticks: event.at.ticks(),
            entities: wire::some(room, message, entities, inject),
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

fn position(room: &Room, id: &str) -> Handled<usize> {
    let events = &room.own.messages.events;
    let place = events.find(id);
    place.or_bad_request("cursor must have valid value")
}

fn key_of(place: usize) -> String {
    STANDARD.encode((place as u64).to_be_bytes())
}

fn place_of(key: &str) -> Option<usize> {
    let bytes = STANDARD.decode(key).ok()?;
    u64::from_be_bytes(bytes.try_into().ok()?).try_into().ok()
}

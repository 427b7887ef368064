//! Decides what the feed of a box tells: every new message, and every addition to one.
//!
//! **Invariant:** an event is never changed; its place in the feed is its number, and the key that is given out for it
//! is only good for reading on behind it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use podpis_diadoc_proto::events::{BoxEvent, BoxEventList, MessagePatch};
use podpis_diadoc_proto::{DocumentDirection, TotalCountType};

use super::super::boxes;
use super::index::Feed;
use super::lists::number;
use super::store::Happened;
use super::wire;
use crate::answer::{Handled, Needed as _, Reply, bad_request};
use crate::call::Call;
use crate::classes::{Condition, Part};
use crate::diadoc::places::HEAD_DEPARTMENT;
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
    let part = Part {
        after: after.as_ref(),
        descending: order.eq_ignore_ascii_case("Descending"),
        most: limit,
    };
    let from = number::<i64>(query, "timestampFromTicks")?;
    let to = number::<i64>(query, "timestampToTicks")?;
    let counteragent = query.optional("counteragentBoxId");
    let types = query.optional("typeNamedId");
    let is_elsewhere = (query.optional("departmentId")).is_some_and(|id| id != HEAD_DEPARTMENT);
    let is_wanted = |feed: &Feed| {
        let direction = match feed.direction {
            it if it == DocumentDirection::INTERNAL.number() => "Internal",
            it if it == DocumentDirection::OUTBOUND.number() => "Outbound",
            _ => "Inbound",
        };
        let kind = if feed.is_draft { "Draft" } else { "Letter" };
        !is_elsewhere
            && among(query.optional("messageType"), |one| one == kind)
            && among(query.optional("documentDirection"), |one| one == direction)
    };
    let fits = |place: &usize| {
        let messages = &room.own.messages;
        let event = messages.events.get(*place);
        let message = event.and_then(|event| messages.get(&event.message));
        let (Some(event), Some(message)) = (event, message) else {
            return false;
        };
        let ticks = event.at.ticks();
        from.is_none_or(|from| ticks >= from)
            && to.is_none_or(|to| ticks <= to)
            && among(types, |one| {
                let mut documents = message.documents();
                documents.any(|(_, known)| known.type_named_id == one)
            })
            && counteragent.is_none_or(|id| {
                let other = message.other_box.as_deref();
                other.is_some_and(|other| boxes::is(id, other))
            })
    };
    let is_told = from.or(to).is_none() && types.or(counteragent).is_none();
    let fits: Condition<'_, usize> = (!is_told).then_some(&fits);
    Ok(read(room, is_wanted, fits, part))
}

/// Versions 4 to 6, which know the event behind which to read and nothing else.
pub(crate) fn list_v6(room: &Room, call: &Call) -> Handled {
    boxes::own(call)?;
    let after = call.query.optional("afterEventId");
    let after = after.map(|id| position(room, id)).transpose()?;
    let part = Part {
        after: after.as_ref(),
        descending: false,
        most: PAGE,
    };
    Ok(read(room, |_| true, None, part))
}

/// `GET /GetLastEvent` and version 2.
pub(crate) fn last(room: &Room, call: &Call) -> Handled {
    boxes::own(call)?;
    let last = room.own.messages.last_event();
    match last.and_then(|place| told(room, place, false)) {
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
    is_wanted: impl Fn(&Feed) -> bool,
    fits: Condition<'_, usize>,
    part: Part<'_, usize>,
) -> Reply {
    let events = &room.own.messages.index.events;
    let total = events.count(&is_wanted, fits, usize::MAX);
    let page = events.part(is_wanted, fits, part).into_iter();
    let told = page.filter_map(|place| told(room, place, false));
    Reply::message(
        &BoxEventList::new(TotalCountType::EQUAL)
            .with_events(told)
            .with_total_count(i32::try_from(total).unwrap_or(i32::MAX)),
    )
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

//! Decides what is shown of the parts of Extern that no signing needs, but that official clients ask for:
//! organizations, events, docflows related to a document, warrants.
//!
//! **Invariant:** nothing here can be changed; a page has the members that both official SDKs read.

use serde_json::{Value, json};

use super::call::Call;
use super::state::Room;
use super::things::{Account, Docflow};
use crate::answer::{Handled, Needed as _, Refusal, Reply};

/// `GET /v1/{acc}/organizations` and one of them: the organization of the account.
pub(super) fn organizations(room: &Room, call: &Call, one: bool) -> Handled {
    let own = room.own.accounts.get(call.account);
    let fits = |known: &&Account| {
        let is = |name: &str, value: &str| call.query.optional(name).is_none_or(|it| it == value);
        is("inn", known.inn) && is("kpp", known.kpp)
    };
    if one {
        let own = own.filter(|known| known.id.eq_ignore_ascii_case(call.ids.item));
        return Ok(Reply::json(&organization(
            own.or_not_found("Организация не найдена.")?,
        )));
    }
    let all: Vec<&Account> = own.into_iter().filter(fits).collect();
    let page = call.paged(1000, "organizations", &all, |known| organization(known))?;
    Ok(Reply::json(&page))
}

fn organization(known: &Account) -> Value {
    json!({
        "id": known.id,
        "general": { "inn": known.inn, "kpp": known.kpp, "name": known.name, "is-main-org": true },
    })
}

/// `GET /v1/events`: that a docflow began, for every docflow that the person sees. The next call begins at
/// `next-event-id` in one SDK and at `last-event-id` in the other; both are the same.
pub(super) fn events(room: &Room, call: &Call) -> Handled {
    let from = call.query.optional("fromId").unwrap_or("0_0");
    let wrong = || Refusal::bad_request("fromId is no id of an event.");
    let from = from.strip_prefix("0_").ok_or_else(wrong)?.parse();
    let from: usize = from.map_err(|_| wrong())?;
    let (_, take) = call.page(100)?;
    // The number of an event is one more than the place of its docflow.
    let docflows = room.own.docflows.from(from);
    let docflows = docflows.map(|(place, known)| (known, place + 1));
    let seen = docflows.filter(|(known, _)| {
        let account = room.own.accounts.get(known.account);
        account.is_some_and(|account| account.members.contains(&call.user))
            && known.indexed <= call.now
    });
    let page: Vec<(usize, Value)> = seen
        .take(take)
        .map(|(known, number)| (number, event(room, call, known, number)))
        .collect();
    let last = page.last().map_or(from, |(number, _)| *number);
    let first = page.first().map_or(from, |(number, _)| *number);
    Ok(Reply::json(&json!({
        "first-event-id": format!("0_{first}"),
        "next-event-id": format!("0_{last}"),
        "last-event-id": format!("0_{last}"),
        "requested-count": take,
        "returned-count": page.len(),
        "api-events": page.into_iter().map(|(_, event)| event).collect::<Vec<_>>(),
    })))
}

fn event(room: &Room, call: &Call, known: &Docflow, number: usize) -> Value {
    let account = room.own.account_id(known.account);
    let path = format!("/v1/{account}/docflows/{}", known.id);
    let state = match known.kind.trim_start_matches("urn:docflow:") {
        "fns534-demand" => "document",
        "stat-cu-letter" => "letter-cu",
        _ => "report",
    };
    json!({
        "id": format!("0_{number}"),
        "inn": known.inn,
        "kpp": known.kpp,
        "docflow-type": known.kind,
        "docflow-link": call.link("docflow", &path),
        "new-state": format!("urn:transaction:{state}"),
        "event-date-time": known.sent.precise_date_time(),
        "docflow-id": known.id,
        "account-id": account,
    })
}

/// `GET …/documents/{d}/related`: no docflow of the sandbox is related to another.
pub(super) fn related(call: &Call) -> Handled {
    empty(call, "docflows-page-item")
}

/// `GET /v1/{acc}/warrants`: there are none.
pub(super) fn warrants(call: &Call) -> Handled {
    empty(call, "organization-warrant-informations")
}

fn empty(call: &Call, list: &str) -> Handled {
    let page = call.paged(100, list, &[], |known: &Value| known.clone())?;
    Ok(Reply::json(&page))
}

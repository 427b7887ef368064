//! Decides what is shown of the parts of Extern that no signing needs, but that official clients ask for:
//! organizations, events, docflows related to a document, warrants.
//!
//! **Invariant:** nothing here can be changed; a page has the members that both official SDKs read.

use serde_json::{Value, json};

use super::call::Call;
use super::error::{Answered, ApiError};
use super::state::{Account, Docflow};
use crate::answer::Reply;
use crate::world::World;

/// `GET /v1/{acc}/organizations` and one of them: the organization of the account.
pub(super) fn organizations(world: &World, call: &Call<'_>, one: bool) -> Answered {
    let own = world.external.accounts.get(call.account);
    let fits = |known: &&Account| {
        let is = |name: &str, value: &str| call.query.optional(name).is_none_or(|it| it == value);
        is("inn", known.inn) && is("kpp", known.kpp)
    };
    if one {
        let own = own.filter(|known| known.id.eq_ignore_ascii_case(call.ids.item));
        let missing = || ApiError::not_found("Организация не найдена.");
        return Ok(Reply::json(&organization(own.ok_or_else(missing)?)));
    }
    let (skip, take) = call.page(1000)?;
    let all: Vec<Value> = own.into_iter().filter(fits).map(organization).collect();
    Ok(Reply::json(&json!({
        "organizations": all.iter().skip(skip).take(take).collect::<Vec<_>>(),
        "total-count": all.len(),
    })))
}

fn organization(known: &Account) -> Value {
    json!({
        "id": known.id,
        "general": { "inn": known.inn, "kpp": known.kpp, "name": known.name, "is-main-org": true },
    })
}

/// `GET /v1/events`: that a docflow began, for every docflow that the person sees. The next call begins at
/// `next-event-id` in one SDK and at `last-event-id` in the other; both are the same.
pub(super) fn events(world: &World, call: &Call<'_>) -> Answered {
    let from = call.query.optional("fromId").unwrap_or("0_0");
    let wrong = || ApiError::bad_request("fromId is no id of an event.");
    let from: usize = from
        .strip_prefix("0_")
        .ok_or_else(wrong)?
        .parse()
        .map_err(|_| wrong())?;
    let (_, take) = call.page(100)?;
    let docflows = world.external.docflows.iter().zip(1_usize..);
    let seen = docflows.filter(|(known, _)| {
        let account = world.external.accounts.get(known.account);
        account.is_some_and(|account| account.members.contains(&call.user))
            && known.indexed <= call.now
    });
    let page: Vec<(usize, Value)> = seen
        .filter(|(_, number)| *number > from)
        .take(take)
        .map(|(known, number)| (number, event(world, call, known, number)))
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

fn event(world: &World, call: &Call<'_>, known: &Docflow, number: usize) -> Value {
    let account = world
        .external
        .accounts
        .get(known.account)
        .map(|account| &account.id);
    let path = format!("/v1/{}/docflows/{}", account.map_or("", |id| id), known.id);
    let state = match known.kind.trim_start_matches("urn:docflow:") {
        "fns534-demand" => "document",
        "fns534-letter" | "pfr-letter" => "respondent-letter",
        "stat-letter" => "letter-respondent",
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
pub(super) fn related(call: &Call<'_>) -> Answered {
    empty(call, "docflows-page-item")
}

/// `GET /v1/{acc}/warrants`: there are none.
pub(super) fn warrants(call: &Call<'_>) -> Answered {
    empty(call, "organization-warrant-informations")
}

fn empty(call: &Call<'_>, list: &str) -> Answered {
    let (skip, take) = call.page(100)?;
    let mut page = json!({ "skip": skip, "take": take, "total-count": 0 });
    page[list] = json!([]);
    Ok(Reply::json(&page))
}

//! Decides which organizations and certificates a user sees.
//!
//! **Invariant:** an account of strangers is 403, an unknown one 404; a certificate of another member is shown only
//! with `forAllUsers`.

use http::StatusCode;
use serde_json::{Value, json};

use super::call::{Call, base64};
use super::error::{Answered, ApiError};
use super::operations::Method;
use super::state::{Account, Certificate};
use crate::answer::Reply;
use crate::moment::Moment;
use crate::world::World;

/// The account in the path.
pub(super) fn find(world: &World, call: &Call<'_>) -> Result<usize, ApiError> {
    let index = world
        .external
        .accounts
        .iter()
        .position(|known| known.id.eq_ignore_ascii_case(call.ids.account))
        .ok_or_else(|| ApiError::not_found("Учётная запись не найдена."))?;
    let member = |known: &Account| known.members.contains(&call.user);
    if world.external.accounts.get(index).is_some_and(member) {
        Ok(index)
    } else {
        Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "Нет прав на учётную запись.",
        ))
    }
}

/// `GET /v1`.
pub(super) fn list(world: &World, call: &Call<'_>) -> Answered {
    let (skip, take) = call.page(100)?;
    let mine: Vec<Value> = world
        .external
        .accounts
        .iter()
        .filter(|known| known.members.contains(&call.user))
        .map(|known| account_json(call, known))
        .collect();
    Ok(Reply::json(&json!({
        "skip": skip,
        "take": take,
        "total-count": mine.len(),
        "accounts": mine.iter().skip(skip).take(take).collect::<Vec<_>>(),
        "links": [call.link("self", "/v1")],
    })))
}

/// `GET /v1/{acc}`.
pub(super) fn one(world: &World, call: &Call<'_>) -> Answered {
    let account = world.external.accounts.get(call.account);
    Ok(Reply::json(&account.map(|known| account_json(call, known))))
}

fn account_json(call: &Call<'_>, account: &Account) -> Value {
    json!({
        "id": account.id,
        "inn": account.inn,
        "kpp": account.kpp,
        "organization-name": account.name,
        "role": "admin",
        "links": [call.link("self", &format!("/v1/{}", account.id))],
    })
}

/// `GET /v1/{acc}/certificates`.
pub(super) fn certificates(world: &World, call: &Call<'_>) -> Answered {
    let (skip, take) = call.page(100)?;
    let everyone = call.query.flag("forAllUsers")?;
    let members = world
        .external
        .accounts
        .get(call.account)
        .map_or(&[] as &[usize], |known| known.members);
    let shown: Vec<&Certificate> = world
        .external
        .certificates
        .iter()
        .filter(|known| known.owner == call.user || (everyone && members.contains(&known.owner)))
        .collect();
    let page: Vec<Value> = shown
        .iter()
        .skip(skip)
        .take(take)
        .map(|known| certificate_json(world, known, call.now))
        .collect();
    Ok(Reply::json(&json!({
        "certificates": page,
        "total-count": shown.len(),
        "skip": skip,
        "take": take,
    })))
}

fn certificate_json(world: &World, known: &Certificate, now: Moment) -> Value {
    let kind = match known.method {
        None => "iron",
        Some(Method::Dss) => "dss",
        Some(Method::Sms) => "cloud",
    };
    json!({
        "fio": world.users.get(known.owner).map(|user| user.name),
        "inn": known.inn,
        "kpp": world.external.accounts.first().map(|account| account.kpp),
        "is-valid": known.identity.is_active(now),
        "is-cloud": known.method == Some(Method::Sms),
        "is-qualified": known.qualified,
        "content": base64(&known.identity.der),
        "expired-at": known.identity.not_after.date_time(),
        "certificate-type": kind,
        "thumbprint": known.identity.thumbprint,
        "serial-number": known.serial_number(),
    })
}

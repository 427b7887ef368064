//! Decides which organizations and certificates a user sees.
//!
//! **Invariant:** an account of strangers is 403, an unknown one 404; a certificate of another member is shown only
//! with `forAllUsers`.

use http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::state::Room;
use super::things::{Account, Certificate};
use crate::answer::{Handled, Needed as _, Refusal, Reply, base64};
use crate::moment::Moment;
use crate::phone::MessageKind;

/// The account in the path.
pub(super) fn find(room: &Room, call: &Call) -> Handled<usize> {
    let mut accounts = room.own.accounts.iter().enumerate();
    let (index, known) = accounts
        .find(|(_, known)| known.id.eq_ignore_ascii_case(call.ids.account))
        .or_not_found("Учётная запись не найдена.")?;
    if known.members.contains(&call.user) {
        return Ok(index);
    }
    let status = StatusCode::FORBIDDEN;
    Err(Refusal::new(status, "Нет прав на учётную запись."))
}

/// `GET /v1`.
pub(super) fn list(room: &Room, call: &Call) -> Handled {
    let accounts = room.own.accounts.iter();
    let mine = accounts.filter(|known| known.members.contains(&call.user));
    let mine: Vec<&Account> = mine.collect();
    let mut body = call.paged(100, "accounts", &mine, |known| account_json(call, known))?;
    body["links"] = json!([call.link("self", "/v1")]);
    Ok(Reply::json(&body))
}

/// `GET /v1/{acc}`.
pub(super) fn one(room: &Room, call: &Call) -> Handled {
    let account = room.own.accounts.get(call.account);
    Ok(Reply::json(&account.map(|known| account_json(call, known))))
}

fn account_json(call: &Call, account: &Account) -> Value {
    json!({
        "id": account.id,
        "inn": account.inn,
        "kpp": account.kpp,
        "organization-name": account.name,
        "product-name": "Контур.Экстерн",
        "products": [{ "name": "Контур.Экстерн" }],
        "role": "admin",
        "links": [call.link("self", &format!("/v1/{}", account.id))],
    })
}

/// `GET /v1/{acc}/certificates`.
pub(super) fn certificates(room: &Room, call: &Call) -> Handled {
    let everyone = call.query.flag("forAllUsers")?;
    let account = room.own.accounts.get(call.account);
    let members = account.map_or(&[] as &[usize], |known| known.members);
    let certificates = room.own.certificates.iter();
    let shown: Vec<&Certificate> = certificates
        .filter(|known| known.owner == call.user || (everyone && members.contains(&known.owner)))
        .collect();
    let show = |known: &&Certificate| certificate_json(room, known, call.now);
    Ok(Reply::json(&call.paged(
        100,
        "certificates",
        &shown,
        show,
    )?))
}

fn certificate_json(room: &Room, known: &Certificate, now: Moment) -> Value {
    let kind = match known.method {
        None => "iron",
        Some(MessageKind::Push) => "dss",
        Some(MessageKind::Sms) => "cloud",
    };
    json!({
        "fio": room.shared.people.get(known.owner).map(|user| user.name),
        "inn": known.inn,
        "kpp": room.own.accounts.first().map(|account| account.kpp),
        "is-valid": known.identity.is_active(now),
        "is-cloud": known.method == Some(MessageKind::Sms),
        "is-qualified": known.qualified,
        "content": base64(&known.identity.der),
        "expired-at": known.identity.not_after.date_time(),
        "certificate-type": kind,
        "thumbprint": known.identity.thumbprint,
        "serial-number": known.serial_number(),
    })
}

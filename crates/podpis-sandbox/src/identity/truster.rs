//! Decides how a program whose owner the portal trusts logs a person in: by its own signature, without theirs.
//!
//! **Invariant:** what is signed names the program, the person and the moment; the key that is given out for it is good
//! once, and for that person.

use std::time::Duration;

use serde_json::json;

use super::people::API_KEY;
use super::portal::{refused, session};
use super::store::{Grant, Kind};
use crate::answer::{Handled, Reply};
use crate::call::Call;
use crate::room::Shared;
use crate::signer;

const KEY_LIFE: Duration = Duration::from_secs(10 * 60);
/// For as long as the world remembers it.
const BINDING_LIFE: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// `PUT auth/v5.12/register-external-service-id`: from now on the person with this phone has this id in the program.
pub(crate) fn register(shared: &mut Shared, call: &Call) -> Handled {
    let id = call.query.required("serviceUserId")?.to_owned();
    let phone = call.query.required("phone")?;
    let Some(user) = by_phone(shared, phone).filter(|_| has_key(call)) else {
        return Ok(refused("UnknownError"));
    };
    shared.identity.add(Grant {
        token: id,
        kind: Kind::ServiceUser,
        user,
        until: call.now.after(BINDING_LIFE),
    });
    Ok(Reply::empty())
}

/// `POST auth/v5.12/authenticate-by-truster`: the body is a signature of three lines.
pub(crate) fn begin(shared: &mut Shared, call: &Call) -> Handled {
    let timestamp = call.query.required("timestamp")?;
    let service_user = call.query.required("serviceUserId")?;
    let phone = call.query.optional("phone");
    let snils = call.query.optional("snils");
    let named = phone.or(snils).unwrap_or(service_user);
    let user = match (phone, snils) {
        (Some(phone), _) => by_phone(shared, phone),
        (None, Some(snils)) => (shared.people.iter()).position(|user| user.subject.snils == snils),
        (None, None) => by_service_id(shared, service_user),
    };
    let format = "%d.%m.%Y %H:%M:%S";
    let is_time = jiff::civil::DateTime::strptime(format, timestamp).is_ok();
    let Some(user) = user.filter(|_| is_time && has_key(call)) else {
        return Ok(refused("UnknownError"));
    };
    // Each line ends as lines do where the program runs.
    let is_signed = ["\n", "\r\n"].into_iter().any(|end| {
        let key = API_KEY;
        let lines = format!("apikey={key}{end}id={named}{end}timestamp={timestamp}{end}");
        signer::look(call.body, lines.as_bytes(), &shared.authority, call.now).is_valid()
    });
    if !is_signed {
        return Ok(refused("WrongKey"));
    }
    let key = shared.ids.trace();
    let id = named.to_owned();
    let escaped: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
    let href = format!(
        "{}/auth/v5.12/approve-truster?key={key}&id={escaped}",
        call.base
    );
    shared.identity.add(Grant {
        token: key.clone(),
        kind: Kind::Trusted { id },
        user,
        until: call.now.after(KEY_LIFE),
    });
    let link = json!({ "Rel": "next", "Href": href });
    Ok(Reply::json(&json!({ "Key": key, "Link": link })))
}

/// `POST auth/v5.12/approve-truster`.
pub(crate) fn approve(shared: &mut Shared, call: &Call) -> Handled {
    let key = call.query.required("key")?;
    let id = call.query.required("id")?.to_owned();
    let wanted = Kind::Trusted { id };
    let grant = shared.identity.take(key, |kind| *kind == wanted);
    Ok(match grant {
        Some(grant) if call.now < grant.until => session(shared, call, grant.user),
        Some(_) => refused("RndBytesExpired"),
        None => refused("RndBytesNotFound"),
    })
}

/// The key of the program stands in the query or, as with every other call, in a header.
fn has_key(call: &Call) -> bool {
    let header = http::HeaderName::from_static("x-kontur-apikey");
    let said = call.query.optional("api-key");
    said.unwrap_or_else(|| call.header(&header))
        .eq_ignore_ascii_case(API_KEY)
}

fn by_phone(shared: &Shared, phone: &str) -> Option<usize> {
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let phone = digits(phone);
    shared
        .people
        .iter()
        .position(|user| digits(user.phone) == phone)
}

fn by_service_id(shared: &Shared, id: &str) -> Option<usize> {
    let known = shared.identity.get(id, |kind| *kind == Kind::ServiceUser);
    known.map(|grant| grant.user)
}

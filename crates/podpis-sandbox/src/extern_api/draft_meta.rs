//! Decides what the meta of a draft has to say, and how a later one changes it.
//!
//! **Invariant:** a draft never has a meta without a sender, a recipient and a payer; what a change leaves out or
//! sets to null stays as it was.

use serde_json::{Map, Value};

use super::call::decoded;
use super::sending::RECIPIENTS;
use super::state::Extern;
use crate::answer::{Handled, Needed as _, bad_request};

/// The meta after this request, and the sender's certificate when the sandbox knows it.
pub(super) fn changed(
    external: &Extern,
    old: Option<&Value>,
    request: &Value,
) -> Handled<(Value, Option<usize>)> {
    let Value::Object(request) = request else {
        return bad_request("Описание черновика не является объектом.");
    };
    let mut meta = match old {
        Some(Value::Object(old)) => old.clone(),
        _ => Map::new(),
    };
    for (name, value) in request {
        match meta.get_mut(name) {
            // A recipient is one of several fields, so a new one takes the place of the old.
            Some(known) if name != "recipient" => merge(known, value),
            _ if value.is_null() => {}
            _ => {
                meta.insert(name.clone(), without_nulls(value));
            }
        }
    }
    let meta = Value::Object(meta);
    let der = check(&meta)?;
    let mut certificates = external.certificates.iter();
    let certificate = certificates.position(|known| known.identity.der == der);
    Ok((meta, certificate))
}

fn merge(known: &mut Value, given: &Value) {
    match (known, given) {
        (_, Value::Null) => {}
        (Value::Object(known), Value::Object(given)) => {
            for (name, value) in given {
                match known.get_mut(name) {
                    Some(old) => merge(old, value),
                    None if value.is_null() => {}
                    None => {
                        known.insert(name.clone(), without_nulls(value));
                    }
                }
            }
        }
        (known, given) => *known = without_nulls(given),
    }
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut kept = Map::new();
            for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                kept.insert(name.clone(), without_nulls(value));
            }
            kept.into()
        }
        other => other.clone(),
    }
}

/// Gives the sender's certificate as DER.
fn check(meta: &Value) -> Handled<Vec<u8>> {
    for path in ["/sender/inn", "/sender/ipaddress", "/payer/inn"] {
        if meta
            .pointer(path)
            .and_then(Value::as_str)
            .is_none_or(str::is_empty)
        {
            let name = path.trim_start_matches('/').replace('/', ".");
            return bad_request(format!("{name} is missing."));
        }
    }
    let recipient = &meta["recipient"];
    let named = RECIPIENTS
        .iter()
        .any(|(field, ..)| recipient[*field].is_string());
    if !named && !recipient["registration-ifns-code"].is_string() {
        return bad_request("recipient is missing.");
    }
    let der = meta
        .pointer("/sender/certificate/content")
        .and_then(Value::as_str)
        .or_bad_request("sender.certificate.content is missing.")
        .and_then(decoded)?;
    if crate::signer::is_certificate(&der) {
        Ok(der)
    } else {
        bad_request("Это не сертификат.")
    }
}

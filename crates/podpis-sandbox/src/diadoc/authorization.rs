//! Decides who is calling.
//!
//! **Invariant:** everything that is wrong with a login is 401, whichever method is called; the V1 shelf, whose
//! old page says 403, is no exception.

use http::{StatusCode, header};

use super::state::Room;
use crate::answer::{Handled, Refusal};
use crate::call::Call;
use crate::identity::{API_CLIENT_ID, Kind};

/// What the `Authorization` header says.
#[derive(Debug, PartialEq, Eq)]
enum Claim<'a> {
    Diadoc {
        client_id: Option<&'a str>,
        token: Option<&'a str>,
    },
    Bearer(&'a str),
}

/// The user behind a call.
pub(super) fn user(room: &Room, call: &Call) -> Handled<usize> {
    match claim(call)? {
        Claim::Bearer(token) => room
            .shared
            .by_bearer(token, call.now)
            .ok_or_else(|| refused("The bearer token is unknown, revoked or expired.")),
        Claim::Diadoc { client_id, token } => {
            known_client(client_id)?;
            let token = token.ok_or_else(|| refused("ddauth_token is missing."))?;
            let login = room
                .shared
                .identity
                .get(token, |kind| *kind == Kind::Diadoc);
            let login = login.ok_or_else(|| refused("The token is unknown."))?;
            if login.until <= call.now {
                return Err(refused("The token has expired."));
            }
            Ok(login.user)
        }
    }
}

/// Where only the client id counts. A person who came by OpenID Connect has none, and counts as well.
pub(super) fn client(room: &Room, call: &Call) -> Handled<()> {
    match claim(call)? {
        Claim::Diadoc { client_id, .. } => known_client(client_id),
        Claim::Bearer(_) => user(room, call).map(|_| ()),
    }
}

pub(super) fn refused(text: &str) -> Refusal {
    Refusal::new(StatusCode::UNAUTHORIZED, text)
}

fn known_client(client_id: Option<&str>) -> Handled<()> {
    if client_id == Some(API_CLIENT_ID) {
        Ok(())
    } else {
        Err(refused("Invalid API client id"))
    }
}

fn claim<'a>(call: &'a Call) -> Handled<Claim<'a>> {
    parse(call.header(&header::AUTHORIZATION))
        .ok_or_else(|| refused("The Authorization header is missing or malformed."))
}

fn parse(header: &str) -> Option<Claim<'_>> {
    let (scheme, rest) = header.trim().split_once([' ', '\t'])?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("Bearer") {
        return Some(Claim::Bearer(rest));
    }
    if !scheme.eq_ignore_ascii_case("DiadocAuth") {
        return None;
    }
    let (mut client_id, mut token) = (None, None);
    for part in rest.split(',') {
        // A token is Base64 and may end in `=`, so only the first one separates.
        let (name, value) = part.trim().split_once('=')?;
        match name.trim_end() {
            "ddauth_api_client_id" => client_id = Some(value.trim_start()),
            "ddauth_token" => token = Some(value.trim_start()),
            _ => {}
        }
    }
    Some(Claim::Diadoc { client_id, token })
}

#[cfg(test)]
mod tests {
    use super::{Claim, parse};

    #[test]
    fn every_spelling_of_the_senders_is_read() {
        let full = Some(Claim::Diadoc {
            client_id: Some("id"),
            token: Some("a+b/c=="),
        });
        for header in [
            "DiadocAuth ddauth_api_client_id=id,ddauth_token=a+b/c==",
            "DiadocAuth ddauth_api_client_id=id, ddauth_token=a+b/c==",
            "DiadocAuth ddauth_token=a+b/c== ,\tddauth_api_client_id=id",
            "diadocauth  ddauth_api_client_id=id,ddauth_token=a+b/c==",
        ] {
            assert_eq!(parse(header), full, "{header}");
        }
        assert_eq!(parse("Bearer t"), Some(Claim::Bearer("t")));
        for header in ["", "DiadocAuth", "Basic abc", "DiadocAuth nonsense"] {
            assert_eq!(parse(header), None, "{header}");
        }
    }
}

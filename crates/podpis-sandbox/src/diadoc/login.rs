//! Decides who may log in, and for how long.
//!
//! **Invariant:** a token is given out only for a seeded password or sid, and only to the seeded client id.
//! A wrong password is 401; the sources do not say, and 401 is what a client must not answer with a new try.

use podpis_diadoc_proto::LoginPassword;
use prost::Message as _;

use super::Call;
use super::authorization::{client, refused};
use crate::answer::{Handled, Refusal, Reply};
use crate::world::{Login, World};

/// `POST /V3/Authenticate`.
pub(super) fn authenticate(world: &mut World, call: &Call<'_>) -> Handled {
    client(call)?;
    let kind = call.query.required("type")?.to_ascii_lowercase();
    let user = match kind.as_str() {
        "password" => {
            let (login, password) = login_and_password(call)?;
            world
                .users
                .iter()
                .position(|user| {
                    user.login.eq_ignore_ascii_case(&login) && user.password == password
                })
                .ok_or_else(|| refused("Wrong login or password."))?
        }
        "sid" => {
            let sid = std::str::from_utf8(call.body).unwrap_or_default().trim();
            if sid.is_empty() {
                return Err(Refusal::bad_request("The body has to be an auth.sid."));
            }
            world
                .users
                .iter()
                .position(|user| user.sid == sid)
                .ok_or_else(|| refused("The auth.sid is unknown."))?
        }
        "certificate" | "trust" => {
            return Err(Refusal::bad_request(format!(
                "The sandbox does not offer type={kind}; use password or sid."
            )));
        }
        _ => return Err(Refusal::bad_request("This type is unknown.")),
    };
    let token = world.ids.login_token();
    let until = call.now.after(world.options.token_life);
    world.logins.insert(token.clone(), Login { user, until });
    Ok(Reply::text(token))
}

fn login_and_password(call: &Call<'_>) -> Result<(String, String), Refusal> {
    if call.content_type() == "application/json" {
        return from_json(call.body)
            .ok_or_else(|| Refusal::bad_request("The body has to be {\"login\",\"password\"}."));
    }
    let message = LoginPassword::decode(&call.body[..])
        .map_err(|_| Refusal::bad_request("The body is not a LoginPassword."))?;
    if message.login.is_empty() || message.password.is_empty() {
        return Err(Refusal::bad_request("Login and Password are required."));
    }
    Ok((message.login, message.password))
}

fn from_json(body: &[u8]) -> Option<(String, String)> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    let object = value.as_object()?;
    let text = |name: &str| {
        object
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .and_then(|(_, value)| value.as_str())
            .map(str::to_owned)
    };
    Some((text("login")?, text("password")?))
}

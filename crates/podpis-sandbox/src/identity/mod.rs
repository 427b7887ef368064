//! Decides who a caller is, for both services: people, tokens, logins by OpenID Connect and by the portal.
//!
//! **Invariant:** a login is good for both services, whichever gave it out, except for Diadoc's own tokens.

mod oidc;
mod people;
mod portal;
mod store;
mod truster;
mod who;

pub(crate) use oidc::{authorize, certificate, device, token};
pub(crate) use people::{
    ACCOUNTANT, API_CLIENT_ID, API_KEY, CLIENT_ID, DIRECTOR, User, stranger, users,
};
pub(crate) use portal::{approve_certificate, by_certificate, by_password, refresh};
pub(crate) use store::{Grant, Identities, Kind};
pub(crate) use truster::{approve as approve_truster, begin as by_truster, register};

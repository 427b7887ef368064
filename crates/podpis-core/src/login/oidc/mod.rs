//! OpenID Connect: how a program gets an access token, and how it keeps one.
//!
//! | who logs in | how |
//! |---|---|
//! | a program with a login and a password | [`OidcProvider::password`] |
//! | a person at a browser that comes back to the program | [`OidcProvider::authorize`], then [`CodeLogin::finish`] |
//! | a person at another device, for example a phone | [`OidcProvider::start_device`], then [`DeviceLogin::wait`] |
//! | whoever logged in before | [`OidcProvider::refresh`] |
//!
//! What comes out is [`Tokens`]. [`OidcCredentials`] turn them, or the way to get them, into credentials of a
//! client: they renew the access token when it is old and tell the program which refresh token to keep.
//!
//! ```no_run
//! # use podpis_core::wait::SystemTimer;
//! # use podpis_transport::SharedTransport;
//! use podpis_core::login::SharedCredentials;
//! use podpis_core::login::oidc::{ClientSecret, OidcCredentials, OidcProvider, identity, scope};
//! use podpis_core::secret::Password;
//!
//! # fn login(transport: SharedTransport) -> Result<SharedCredentials, Box<dyn std::error::Error>> {
//! let secret = ClientSecret::new(std::env::var("CLIENT_SECRET")?);
//! let provider = OidcProvider::builder(
//!     identity::TEST.parse()?,
//!     "my-program",
//!     secret,
//!     transport,
//!     SystemTimer::new(),
//! )
//! .scope(scope::EXTERN)
//! .build()?;
//! let password = Password::new(std::env::var("PASSWORD")?);
//! let credentials = OidcCredentials::password(provider, "me@example.com", password)
//!     .on_tokens(|tokens| { /* store `tokens.refresh_token()` */ });
//! Ok(credentials.into())
//! # }
//! ```
//!
//! **Invariant:** the client's secret travels in the form and nowhere else, no text holds a token, a code or an
//! answer's body, and a request that may have arrived is not sent a second time: codes and refresh tokens are
//! good for one use.

mod client_secret;
mod code;
mod constants;
mod credentials;
mod device;
mod device_answer;
mod exchange;
mod provider;
mod refusal;
#[cfg(test)]
mod tests;
mod tokens;

pub use client_secret::ClientSecret;
pub use code::CodeLogin;
pub use constants::{identity, scope};
pub use credentials::OidcCredentials;
pub use device::DeviceLogin;
pub use provider::{OidcProvider, OidcProviderBuilder};
pub use tokens::Tokens;

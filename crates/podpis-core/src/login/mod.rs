//! Which headers a call carries, and how they are renewed.
//!
//! **Invariant:** many callers that need a new login at once cause one login, whether it succeeds or fails, and
//! every header that logs in is marked sensitive.

mod credentials;
mod header;
pub mod oidc;
mod token;

pub use credentials::{Authorization, Credentials, SharedCredentials};
pub use header::HeaderCredentials;
pub use token::{LoginToken, TokenCredentials, TokenSource};

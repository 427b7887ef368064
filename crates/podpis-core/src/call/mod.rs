//! How one endpoint is called.
//!
//! An [`Endpoint`] is a constant that says its method, its path and whether it may be repeated; a [`Call`] is
//! one use of it; a [`Caller`] sends it with login, limits and repetitions. What the answer means is the pure
//! table of [`effect`].
//!
//! **Invariant:** whether a call may be repeated is written next to the endpoint, never guessed from the HTTP
//! verb, and a policy can only say no.

mod answer;
mod bounds;
mod caller;
mod effect;
mod endpoint;
mod limit;
mod repeat;
mod request;
mod sunset;

pub use answer::{Answer, LONGEST_ID, retry_after};
pub(crate) use answer::{encoded, encoding};
pub use bounds::{Bounds, PermitClass};
pub use caller::{Caller, CallerBuilder, Explanation};
pub use effect::{Effect, Outcome, effect};
pub use endpoint::{Endpoint, Replay};
pub use http::Method;
pub use limit::Limit;
pub use repeat::RepeatPolicy;
pub use request::Call;

//! Decides what is fixed about an endpoint.
//!
//! **Invariant:** endpoints are constants; a client has no other way to name a path.

use http::Method;

/// Whether a call may be sent again when its first answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a new class changes the table of answers"
)]
pub enum Replay {
    /// Always: it changes nothing, or what it leaves behind is harmless.
    Safe,
    /// With the same key and the same body: the service recognises the repetition.
    Keyed,
    /// Only when the first one certainly was not applied: it reaches a person, or cannot be undone.
    OnlyIfNotSent,
}

/// One method of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "endpoints are written as constants"
)]
pub struct Endpoint {
    /// The name it is logged and reported under.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path, with `{name}` for each part that a call fills in.
    pub path: &'static str,
    /// Whether it may be sent again.
    pub replay: Replay,
}

/// Writes the endpoints of a service, one per entry, and the list of them.
///
/// ```
/// podpis_core::endpoints! {
///     /// The boxes of the user.
///     MY_ORGANIZATIONS = Safe "GetMyOrganizations" GET "/GetMyOrganizations";
/// }
/// assert_eq!(ALL.len(), 1);
/// ```
#[macro_export]
macro_rules! endpoints {
    ($($(#[$doc:meta])* $constant:ident = $replay:ident $name:literal $method:ident $path:literal;)*) => {
        $(
            $(#[$doc])*
            pub static $constant: $crate::call::Endpoint = $crate::call::Endpoint {
                name: $name,
                method: $crate::call::Method::$method,
                path: $path,
                replay: $crate::call::Replay::$replay,
            };
        )*

        /// All of them.
        pub static ALL: &[&$crate::call::Endpoint] = &[$(&$constant),*];
    };
}

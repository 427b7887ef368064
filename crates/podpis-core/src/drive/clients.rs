//! Decides which client goes on with an operation: the one that was given for its kind at its origin.
//!
//! **Invariant:** an operation whose kind or origin nobody gave a client for has none, and a record never decides where
//! its login goes.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use podpis_operation::{Kind, Origin, Service};

use super::turn::{Drives, Typed};
use crate::wait::{Conversation, OperationClient as _};

/// The clients that operations are driven with, by kind and origin; `O` is what all of them give.
pub struct Clients<O> {
    by_route: HashMap<Route<'static>, Arc<dyn Drives<O>>>,
}

/// What a client is for. Without a place it is for every box or account that has no client of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Route<'r> {
    kind: Cow<'r, Kind>,
    service: Service,
    host: Cow<'r, str>,
    place: Option<Cow<'r, str>>,
}

impl<O: Send + 'static> Clients<O> {
    /// Without clients; every operation is left alone.
    #[must_use]
    pub fn new() -> Self {
        Self {
            by_route: HashMap::new(),
        }
    }

    /// With a client for all operations of kind `K` at its host.
    #[must_use]
    pub fn with<K>(mut self, client: K::Client) -> Self
    where
        K: Conversation,
        O: From<K::Output>,
    {
        let Origin {
            service,
            host,
            place,
        } = client.origin();
        let route = Route {
            kind: Cow::Owned(K::KIND),
            service,
            host: host.into(),
            place: place.map(Cow::from),
        };
        let typed = Typed::<K> {
            client,
            kind: PhantomData,
        };
        self.by_route.insert(route, Arc::new(typed));
        self
    }

    /// These clients, but for this box or account alone: each account may have a login of its own. They go before
    /// clients that are for all.
    #[must_use]
    pub fn only_in(self, place: impl Into<String>) -> Self {
        let place = place.into();
        let within = |(mut route, client): (Route<'static>, _)| {
            route.place = Some(place.clone().into());
            (route, client)
        };
        Self {
            by_route: self.by_route.into_iter().map(within).collect(),
        }
    }

    /// These clients and others. Where both have one for the same, it is the other's.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.by_route.extend(other.by_route);
        self
    }

    pub(super) fn of(&self, kind: &Kind, origin: &Origin) -> Option<Arc<dyn Drives<O>>> {
        let at = |host: &str| {
            let by_route: &HashMap<Route<'_>, _> = &self.by_route;
            let mut route = Route {
                kind: Cow::Borrowed(kind),
                service: origin.service,
                host: host.into(),
                place: origin.place.as_deref().map(Cow::from),
            };
            let own = by_route.get(&route);
            route.place = None;
            own.or_else(|| by_route.get(&route)).cloned()
        };
        // Older records name plain http at its usual port without the port.
        at(&origin.host).or_else(|| at(&format!("{}:80", origin.host)))
    }
}

impl<O: Send + 'static> Default for Clients<O> {
    fn default() -> Self {
        Self::new()
    }
}

impl<O> Clone for Clients<O> {
    fn clone(&self) -> Self {
        Self {
            by_route: self.by_route.clone(),
        }
    }
}

impl<O> fmt::Debug for Clients<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.by_route.keys()).finish()
    }
}

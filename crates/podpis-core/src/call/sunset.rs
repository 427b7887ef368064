//! Tells once that a method is going to be removed.
//!
//! **Invariant:** one warning per endpoint and client, whatever the number of calls.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use http::{HeaderMap, HeaderName};

use super::Endpoint;

const SUNSET: HeaderName = HeaderName::from_static("sunset");

/// Which endpoints were warned about.
#[derive(Debug, Default)]
pub(super) struct Sunsets(Mutex<HashSet<&'static str>>);

impl Sunsets {
    pub(super) fn look(&self, endpoint: &'static Endpoint, headers: &HeaderMap) {
        let Some(date) = headers.get(SUNSET).and_then(|value| value.to_str().ok()) else {
            return;
        };
        let first = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(endpoint.name);
        if first {
            let link = headers
                .get(http::header::LINK)
                .and_then(|value| value.to_str().ok())
                .unwrap_or("");
            tracing::warn!(
                endpoint = endpoint.name,
                date,
                link,
                "the service is going to remove this method"
            );
        }
    }
}

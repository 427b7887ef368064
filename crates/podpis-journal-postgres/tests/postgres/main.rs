//! The journal on a real server.
//!
//! Each test starts a server of its own in a temporary folder. Where Debian's `postgresql` or `pgbouncer` is not
//! installed, a test says that it was not run; with `PODPIS_REQUIRE_POSTGRES=1` that is a failure.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "failing loudly is what tests are for, and so is saying what was not run"
)]
#![cfg(unix)]

mod access;
mod bouncer;
mod cluster;
mod conformance;
mod failures;
mod losses;
mod takeover;
mod tls;
mod together;
mod versions;

use podpis_operation::{Event, Journal, Kind, Lease, Operation, Origin, Owner, Service, Timestamp};
use std::time::Duration;

/// A lease that outlives a test.
const LONG: Duration = Duration::from_secs(600);

fn operation() -> Operation {
    let origin = Origin::new(Service::Diadoc, "host");
    Operation::prepare(Kind::new("test"), origin, Timestamp::from_millis(1))
}

fn finished() -> Operation {
    let mut operation = operation();
    let data = serde_json::json!({}).into();
    operation
        .apply(Event::Finished { data }, Timestamp::from_millis(2))
        .unwrap();
    operation
}

fn lease(name: &str, length: Duration) -> Lease {
    let owner: Owner = name.parse().unwrap();
    Lease::new(owner, Timestamp::from_millis(0), length)
}

/// Stores a record that nobody holds.
async fn put(journal: &dyn Journal, operation: &Operation, due: Option<Timestamp>) {
    let mut claim = journal.claim(operation.id()).await.unwrap();
    claim.save_due(operation, due).await.unwrap();
}

/// The error with its sources.
fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

#![doc = include_str!("../README.md")]
//!
//! # How it is made
//!
//! **Invariant:** what a holder stores is fenced by the key of its claim and the revision of the record in the one
//! statement that stores it; the server's clock decides when a claim runs out; and nothing is kept on a connection.
//!
//! The driver is `tokio-postgres` with `deadpool`. `sqlx` needs a newer compiler than podpis does, and sends even what is
//! not to be kept as two messages, a statement and then its execution: pgbouncer in transaction mode may give them to
//! two connections. `tokio-postgres` has a call that sends both as one
//! ([`query_typed`](https://docs.rs/tokio-postgres/latest/tokio_postgres/struct.Client.html#method.query_typed)). TLS is
//! rustls with the provider that podpis's HTTP client has.
//!
//! Claims, saves and removals that are asked for while a statement is under way go together by the next one: under load
//! most of what a save costs is the statement around it and the write of the server's log at its end.
//!
//! When the connection is lost while a statement is under way, it may have been executed or not. Each may be executed
//! twice, so it is sent again: a claim under the same key, a save with the same revision. A save that then finds that it
//! was made by this very call already is made once more, and is a success.

mod changes;
mod failure;
mod group;
mod holding;
mod journal;
mod link;
mod patience;
mod schema;
mod settings;
mod statements;
mod stored;
mod tls;
mod work;

pub use failure::PostgresError;
pub use journal::PostgresJournal;
pub use settings::{PostgresSettings, is_address};
pub use work::Work;

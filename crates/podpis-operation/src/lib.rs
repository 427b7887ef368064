//! A remote operation as data: its record, its states and what to do next.
//!
//! An [`Operation`] is one remote signing, decryption, batch of receipts, or the whole way of a report. It is a plain
//! serialisable record: a program writes it before it asks a service for anything, and any other program that has the
//! record can go on from there. [`Operation::apply`] is the only way to change its state, [`Operation::next`] says what
//! to do, and a [`Journal`] keeps the records. An operation may have several steps, each of them stored before it is
//! sent: [`Event::NextStep`].
//!
//! **Invariant:** no HTTP, no clock, no runtime. Times come in from outside, and nothing here knows which
//! service a record belongs to: what a client needs to go on is in [`Operation::data`], opaque here.
//!
//! ```
//! use podpis_operation::{Event, Kind, Next, Operation, Origin, Service, Timestamp};
//! use std::time::Duration;
//!
//! let origin = Origin::new(Service::Diadoc, "diadoc-api.kontur.ru");
//! let mut operation = Operation::prepare(Kind::new("example"), origin, Timestamp::from_millis(0));
//!
//! // A program that finds this record does not know whether the start was sent.
//! assert_eq!(operation.next(Duration::ZERO), Next::Reconcile);
//!
//! operation.apply(Event::CodeSent { data: serde_json::json!({"token": "t"}).into() }, Timestamp::from_millis(5))?;
//! assert_eq!(operation.next(Duration::ZERO), Next::GiveCode { attempt: 1 });
//! # Ok::<(), podpis_operation::TransitionError>(())
//! ```

mod claim;
#[cfg(feature = "conformance")]
pub mod conformance;
mod data;
mod event;
mod fingerprint;
mod id;
mod journal;
mod layout;
mod lease;
mod listing;
mod memory;
mod operation;
mod origin;
mod refusal;
mod state;
mod timestamp;

pub use claim::Claim;
pub use data::Data;
pub use event::{Event, TransitionError};
pub use fingerprint::{Fingerprint, HexDigests};
pub use id::{Kind, MalformedId, OperationId};
pub use journal::{Journal, JournalError, Revision, Stored};
pub use layout::UnknownVersion;
pub use lease::{ClaimKey, Held, Lease, MalformedOwner, Owner};
pub use listing::{Cursor, Entry, Listing, Page, Summary, UnreadableRecord, Which};
pub use memory::MemoryJournal;
pub use operation::Operation;
pub use origin::{Origin, Service};
pub use refusal::{Advice, Refusal};
pub use state::{Next, State};
pub use timestamp::Timestamp;

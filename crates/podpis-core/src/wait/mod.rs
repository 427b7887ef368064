//! How an operation is driven to its end, on whose clock, and for how long.
//!
//! **Invariant:** nothing waits without a deadline, nothing reads a clock but [`time`](self::SharedTime), and a
//! poll that failed leaves the operation as it was.
//!
//! # A new kind of operation
//!
//! A kind says what it keeps ([`OperationKind`]) and how it speaks with its service ([`Conversation`]); storing, waiting,
//! deadlines, codes, locks and going on after a crash are the engine's. A builder with a [`Beginning`] and a `started`
//! becomes what all operations are before their start ([`Begin`]) by [`begins!`](crate::begins). A kind of several steps has a [`Sequence`] instead, whose steps may be other kinds
//! ([`Part`]).
//!
//! ```
//! use podpis_core::call::{Call, Caller};
//! use podpis_core::client::ClientParts;
//! use podpis_core::operation::{Event, Journal, Kind, Service};
//! use podpis_core::wait::{
//!     Beginning, Conversation, Current, Learned, OperationClient, OperationKind, Prepared, Run, RunSettings,
//! };
//! use podpis_core::{Error, ErrorKind, begins};
//! use serde::{Deserialize, Serialize};
//!
//! podpis_core::endpoints! {
//!     /// Asks the person to stamp a note.
//!     STAMP = OnlyIfNotSent "Stamp" POST "/stamp";
//!     /// How far that is.
//!     STAMP_RESULT = Safe "StampResult" GET "/stamp/{task}";
//! }
//!
//! /// A client of the service.
//! #[derive(Clone, Debug)]
//! pub struct Stamps(ClientParts);
//!
//! impl OperationClient for Stamps {
//!     const SERVICE: Service = Service::Diadoc;
//!
//!     fn caller(&self) -> &Caller {
//!         self.0.caller()
//!     }
//!
//!     fn with_caller(&self, caller: Caller) -> Self {
//!         Self(self.0.with_caller(caller))
//!     }
//!
//!     fn run_settings(&self) -> &RunSettings {
//!         self.0.runs()
//!     }
//! }
//!
//! /// What the record keeps. Never a byte of a document.
//! #[derive(Clone, Debug, Serialize, Deserialize)]
//! #[serde(tag = "step", rename_all = "snake_case")]
//! pub enum Record {
//!     Starting,
//!     Stamping { task: String },
//!     Stamped { stamp: String },
//! }
//!
//! #[derive(Debug)]
//! pub struct Stamp;
//!
//! impl OperationKind for Stamp {
//!     const KIND: Kind = Kind::new("stamps.stamp");
//!     type Client = Stamps;
//!     type Record = Record;
//!     type Request = String;
//!     type Output = String;
//!
//!     fn output(_client: &Stamps, at: Current<'_, Record>) -> Result<String, Error> {
//!         match at.record() {
//!             Record::Stamped { stamp } => Ok(stamp.clone()),
//!             _ => Err(at.unreadable("it is done and has no stamp")),
//!         }
//!     }
//! }
//!
//! #[async_trait::async_trait]
//! impl Conversation for Stamp {
//!     async fn start(client: &Stamps, _: Current<'_, Record>, note: String) -> Result<Learned<Record>, Error> {
//!         let answer = client.caller().call(Call::new(&STAMP).body(note)).await?;
//!         let task = String::from_utf8(answer.body().to_vec()).map_err(|error| answer.unreadable(error))?;
//!         Ok(Event::Accepted { data: Record::Stamping { task } }.into())
//!     }
//!
//!     async fn poll(client: &Stamps, at: Current<'_, Record>) -> Result<Learned<Record>, Error> {
//!         let Record::Stamping { task } = at.record() else {
//!             return Err(at.unreadable("its step is not one that is polled"));
//!         };
//!         let answer = client.caller().call(Call::new(&STAMP_RESULT).segment("task", task.as_str())).await?;
//!         if answer.body().is_empty() {
//!             return Ok(Learned::still_running(answer.retry_after()));
//!         }
//!         let stamp = String::from_utf8_lossy(answer.body()).into_owned();
//!         Ok(Event::Finished { data: Record::Stamped { stamp } }.into())
//!     }
//!
//!     async fn reconcile(_: &Stamps, _: Current<'_, Record>) -> Result<Event<Record>, Error> {
//!         let text = "the start was sent and its answer was lost: look whether the note is stamped";
//!         Err(Error::new(ErrorKind::CannotTell, text))
//!     }
//! }
//!
//! /// A stamping that was not started yet.
//! pub struct Stamping {
//!     begin: Beginning<Stamps>,
//!     note: String,
//! }
//!
//! begins!(Stamping { note } => Stamp);
//!
//! impl Stamping {
//!     /// Stores the record, and asks the person.
//!     async fn started(self, journal: &dyn Journal) -> Result<Run<'_, Stamp>, Error> {
//!         self.begin.start(journal, Prepared::new(Record::Starting, self.note)).await
//!     }
//! }
//! ```

mod compute;
mod deadline;
mod kept_bytes;
mod locks;
#[cfg(any(test, feature = "test-util"))]
mod manual;
mod observer;
mod poll_policy;
mod prompt;
mod run;
mod time;

pub use compute::compute;
pub use deadline::Deadline;
pub use kept_bytes::KeptBytes;
pub use locks::{Busy, LockName, LockSet, Locks};
#[cfg(any(test, feature = "test-util"))]
pub use manual::ManualTime;
pub use observer::{Observer, SharedObserver};
pub use poll_policy::PollPolicy;
pub use prompt::{CodeRequest, NoPrompt, Prompt, PromptError};
pub use run::{
    Begin, Beginning, Conversation, Current, Learned, OperationClient, OperationKind, Part,
    Prepared, Record, Run, RunSettings, Sequence, Step, followed,
};
pub(crate) use run::{Paused, output_of, passes};
pub use time::{SharedTime, SystemTimer, Time};

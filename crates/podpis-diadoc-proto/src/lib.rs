//! Protobuf messages of Diadoc, without HTTP.
//!
//! The structs are written by `cargo xtask codegen` from our own descriptions in `proto/diadoc`, which keep
//! the upstream file names, field numbers, labels and defaults. Package `Diadoc.Api.Proto` is the root of this
//! crate; its subpackages are modules ([`certificates`], [`docflow`], [`documents`], [`dss`], [`events`],
//! [`invoicing`], [`powers_of_attorney`]).
//!
//! Three things differ from plain prost:
//!
//! - **Builders omit defaults, raw messages encode what was set.** `new` takes the required fields, `with_…`
//!   sets an optional one, and leaves it unset when it is given the field's default: the bytes are then the
//!   ones the official SDKs send. Bytes have no default, so empty bytes are written. A struct filled by hand
//!   encodes every `Some`.
//! - **[`decode_checked`] finds absent required fields.** prost reads a missing required field as empty; here
//!   it is an error that names the message and the path to the field. A few fields that nothing depends on may
//!   be absent; their documentation says so. Nor does it read lists of empty messages that would take hundreds of
//!   times their length in memory.
//! - **`Debug` never prints content, signatures or secrets**, only lengths and `redacted`.
//!
//! Protobuf enums stay raw `i32` in the structs, so a number that is newer than this crate survives; each enum
//! is an open newtype with named constants, and a `typed_…` reader gives it.
//!
//! With the feature `json` (off by default, needs std) the module `json` reads and writes the same messages in
//! Diadoc's JSON.
//!
//! **Invariant:** `no_std` with `alloc` unless the feature `json` is on; nothing here knows HTTP, a runtime or another crate of the workspace;
//! no bytes from outside can cause a panic.
//!
//! ```
//! use podpis_diadoc_proto::prost::Message;
//! use podpis_diadoc_proto::{AsyncMethodResult, CloudSignFile, CloudSignRequest, ContentV2, decode_checked};
//!
//! let file = CloudSignFile::new()
//!     .with_content(ContentV2::new().with_name_on_shelf("act"))
//!     .with_file_name("act.xml");
//! let body = CloudSignRequest::new().with_files([file]).encode_to_vec();
//! assert_eq!(body, b"\x0a\x10\x0a\x05\x12\x03act\x12\x07act.xml");
//!
//! let answer: AsyncMethodResult = decode_checked(&b"\x0a\x02ab"[..])?;
//! assert_eq!(answer.task_id.as_deref(), Some("ab"));
//! # Ok::<(), podpis_diadoc_proto::DecodeError>(())
//! ```

#![no_std]

extern crate alloc;
#[cfg(feature = "json")]
extern crate std;

mod decode;
mod error;
#[allow(
    clippy::all,
    clippy::pedantic,
    clippy::restriction,
    unreachable_pub,
    reason = "written by `cargo xtask codegen`; missing_docs stays on, so every .proto comment is checked"
)]
#[rustfmt::skip]
mod generated;
#[cfg(feature = "json")]
pub mod json;
mod lists;
mod receipts;
mod redaction;
mod required;
mod wire;

pub use prost;

pub use decode::decode_checked;
pub use error::DecodeError;
#[doc(inline)]
pub use generated::messages::*;
pub use receipts::decode_autosign_receipts;
pub use required::{Checked, RequiredField, RequiredFields};

/// The compiled `.proto` files, a serialised `google.protobuf.FileDescriptorSet` without comments.
///
/// For tools that look at messages by name: reflection, JSON, dumps of recorded traffic.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!("generated/descriptor_set.bin");

/// The required fields of every message of this crate that must be on the wire, in the order of the messages'
/// full names.
pub const REQUIRED_FIELDS: &[&RequiredFields] = generated::required::ALL;

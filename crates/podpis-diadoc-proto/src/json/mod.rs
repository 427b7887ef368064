//! The same messages in JSON, as Diadoc spells them, over the descriptors.
//!
//! **Invariant:** bytes that are written and read again give an equal message, apart from fields that hold their
//! default; no text from outside can cause a panic.
//!
//! Diadoc's JSON is not that of protobuf: names are those of the `.proto` (with the exceptions of `names`), 64-bit
//! numbers are bare, unset scalars are printed with their default and unset messages are left out. What is read is
//! tolerant in the ways the service is: names in any case, unknown members, `null` for unset, booleans and numbers as
//! text, enums by name or number, line breaks in Base64, comments and trailing commas.
//!
//! ```
//! use podpis_diadoc_proto::json;
//!
//! let bytes = json::read("AsyncMethodResult", br#"{"taskid": "ab",}"#)?;
//! assert_eq!(bytes, b"\x0a\x02ab");
//! assert_eq!(json::write("AsyncMethodResult", &bytes)?.to_string(), r#"{"TaskId":"ab"}"#);
//! # Ok::<(), json::JsonError>(())
//! ```

mod check;
mod error;
mod names;
mod read;
mod text;
mod write;

use std::sync::LazyLock;

use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};

pub use check::check;
pub use error::JsonError;
pub use read::read;
pub use write::write;

/// The package of all messages; their names are given below it, for example `Events.Message`.
const PACKAGE: &str = "Diadoc.Api.Proto";

/// The descriptors. Generated with the messages, so they are always readable; an unreadable set would know no message.
static POOL: LazyLock<DescriptorPool> =
    LazyLock::new(|| DescriptorPool::decode(crate::FILE_DESCRIPTOR_SET).unwrap_or_default());

fn descriptor(message: &str) -> Result<MessageDescriptor, JsonError> {
    POOL.get_message_by_name(&std::format!("{PACKAGE}.{message}"))
        .ok_or_else(|| JsonError::unknown(message))
}

fn decoded(message: &str, bytes: &[u8]) -> Result<DynamicMessage, JsonError> {
    DynamicMessage::decode(descriptor(message)?, bytes).map_err(|_| JsonError::malformed(message))
}

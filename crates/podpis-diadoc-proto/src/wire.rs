//! What is read of protobuf beside prost, to look at bytes before they are a message or after.
//!
//! **Invariant:** what is refused here prost refuses too.

use prost::encoding::{DecodeContext, WireType, decode_varint, skip_field};

/// How many messages may lie in each other; the same bound as prost's own.
pub(crate) const DEPTH: usize = 100;

/// Takes one length-delimited value off the front of `rest`.
pub(crate) fn payload<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], prost::DecodeError> {
    let mut at = *rest;
    let length = decode_varint(&mut at)?;
    // Lets prost check the length and word the error: `rest` is moved past the value only if it is whole.
    skip_field(WireType::LengthDelimited, 1, rest, DecodeContext::default())?;
    let length = usize::try_from(length).unwrap_or(usize::MAX).min(at.len());
    Ok(&at[..length])
}

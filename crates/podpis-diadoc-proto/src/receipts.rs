//! Tells the two layouts of AutosignReceiptsResult apart.
//!
//! **Invariant:** a count is never read as a key nor a key as a count: the two differ in their wire type.

use prost::bytes::Buf;
use prost::encoding::{DecodeContext, WireType, decode_key, skip_field};

use crate::decode_checked;
use crate::error::DecodeError;
use crate::generated::messages::{AutosignReceiptsResult, AutosignReceiptsResultBefore2017};

/// Reads the answer of `GET /AutosignReceiptsResult` in the current layout or in that before November 2017, in
/// which the two fields had each other's number.
///
/// The count is a varint and the key has a length, so the first of the two on the wire decides: number 1 with
/// a length or number 2 as a varint is the old layout; anything else is read as the current one. An absent key
/// is empty, as the documentation does not say how the last batch is told; an absent count is an error.
///
/// # Errors
/// As [`decode_checked`], with the name of the layout that was recognised.
pub fn decode_autosign_receipts(mut buf: impl Buf) -> Result<AutosignReceiptsResult, DecodeError> {
    let bytes = buf.copy_to_bytes(buf.remaining());
    if !is_before_2017(&bytes) {
        return decode_checked(bytes);
    }
    let old: AutosignReceiptsResultBefore2017 = decode_checked(bytes)?;
    Ok(AutosignReceiptsResult::new(
        i64::from(old.signed_receipts_count),
        old.next_batch_key,
    ))
}

/// Whether the first of the two fields has the wire type of the other one.
fn is_before_2017(mut rest: &[u8]) -> bool {
    while let Ok((tag, wire_type)) = decode_key(&mut rest) {
        match (tag, wire_type) {
            (1, WireType::LengthDelimited) | (2, WireType::Varint) => return true,
            (1 | 2, _) => return false,
            _ if skip_field(wire_type, tag, &mut rest, DecodeContext::default()).is_err() => {
                return false;
            }
            _ => {}
        }
    }
    false
}

//! Reads a message and checks that its required fields were on the wire.
//!
//! prost fills an absent required field with the default. Where each of them has another value, all were there; where
//! one has not, presence can only be seen in the bytes, and they are scanned once more, tag by tag, against the
//! message's table.
//!
//! **Invariant:** any bytes give `Ok` or `Err`, never a panic; nesting is bounded, and memory by the length of the bytes.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use prost::bytes::Buf;
use prost::encoding::{DecodeContext, WireType, decode_key, skip_field};

use crate::error::DecodeError;
use crate::lists;
use crate::required::{Checked, RequiredFields};
use crate::wire::{DEPTH, payload};

/// Reads a message of type `M`; a required field that is absent, in it or in a message inside it, is an error.
///
/// Unknown fields are skipped, as Diadoc may be newer than this crate. Byte fields share memory with `buf` when
/// it is a `Bytes`.
///
/// # Errors
/// [`DecodeError::is_malformed`] when the bytes are not such a message; [`DecodeError::missing`] names the
/// first required field that is absent; [`DecodeError::overfull`] names a list that would take far more memory than
/// the bytes.
pub fn decode_checked<M: Checked>(mut buf: impl Buf) -> Result<M, DecodeError> {
    let bytes = buf.copy_to_bytes(buf.remaining());
    let table = M::REQUIRED;
    let malformed = |cause| DecodeError::malformed(table.message, cause);
    if let Some(path) = lists::overfull(&bytes, table).map_err(malformed)? {
        return Err(DecodeError::overfull_list(table.message, path));
    }
    let decoded = M::decode(bytes.clone()).map_err(malformed)?;
    if decoded.shows_all_required() {
        return Ok(decoded);
    }
    match absent(&[&bytes], table, DEPTH).map_err(malformed)? {
        None => Ok(decoded),
        Some(path) => Err(DecodeError::missing_field(table.message, path)),
    }
}

/// Path of the first required field that none of `parts` has. The parts are occurrences of one message: by the
/// rules of protobuf they are merged, which for presence is the same as reading them one after another.
fn absent(
    parts: &[&[u8]],
    table: &RequiredFields,
    depth: usize,
) -> Result<Option<String>, prost::DecodeError> {
    let mut seen = vec![false; table.fields.len()];
    let mut payloads: Vec<Vec<&[u8]>> = vec![Vec::new(); table.nested.len()];
    for &part in parts {
        let mut rest = part;
        while !rest.is_empty() {
            let (tag, wire_type) = decode_key(&mut rest)?;
            if let Some(index) = table.fields.iter().position(|field| field.tag == tag) {
                seen[index] = true;
            }
            match table.nested.iter().position(|field| field.tag == tag) {
                Some(index) if wire_type == WireType::LengthDelimited => {
                    payloads[index].push(payload(&mut rest)?)
                }
                _ => skip_field(wire_type, tag, &mut rest, DecodeContext::default())?,
            }
        }
    }
    if let Some(index) = seen.iter().position(|seen| !seen) {
        return Ok(Some(table.fields[index].name.into()));
    }
    // Unreachable while the schema is not recursive: prost has already refused anything deeper.
    let Some(depth) = depth.checked_sub(1) else {
        return Ok(None);
    };
    for (field, payloads) in table.nested.iter().zip(&payloads) {
        if field.repeated {
            for (index, &payload) in payloads.iter().enumerate() {
                if let Some(path) = absent(&[payload], field.fields, depth)? {
                    return Ok(Some(format!("{}[{index}].{path}", field.name)));
                }
            }
        } else if !payloads.is_empty()
            && let Some(path) = absent(payloads, field.fields, depth)?
        {
            return Ok(Some(format!("{}.{path}", field.name)));
        }
    }
    Ok(None)
}

//! Bounds the memory that the lists of a message take, before it is read.
//!
//! An element of a list is a whole struct in memory and may be two bytes on the wire, so that an answer of empty elements
//! would take hundreds of times its length. The elements are counted here first, which takes a step for each field of the
//! messages that have lists. Numbers are not counted: a list of them takes a few times its length.
//!
//! **Invariant:** the structs of what passes take at most [`LEAST`] and [`PER_BYTE`] times the length of the message, and
//! never more than [`MOST`]. A list that grows may hold as much again, and three times that while it is moved.

use alloc::format;
use alloc::string::String;
use core::fmt;

use prost::encoding::{DecodeContext, WireType, decode_key, skip_field};

use crate::required::RequiredFields;
use crate::wire::{DEPTH, payload};

/// What structs may always take: some dozens of the largest.
const LEAST: usize = 64 * 1024;

/// What each byte of a message allows. The largest struct, of an entity, has 1.5 KB and 80 bytes of identifiers at the
/// least, which is 19; elements that a service sends stay below that.
const PER_BYTE: usize = 32;

/// What structs may ever take: 170,000 entities, and a page has 100 documents or events.
const MOST: usize = 256 * 1024 * 1024;

/// A list of messages or texts, or a message that has such lists in it at some depth.
pub(crate) struct Listed {
    pub(crate) tag: u32,
    pub(crate) name: &'static str,
    /// What an element takes in memory. 0 for a message that is no element: it is a part of the one around it.
    pub(crate) element: usize,
    /// The message that this is, if it has lists in it.
    pub(crate) message: Option<&'static RequiredFields>,
}

impl fmt::Debug for Listed {
    /// Names the field alone: a recursive message has a table that contains itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.name, self.tag)
    }
}

/// Path of the list whose elements take more memory than a message of this length may.
///
/// # Errors
/// When the bytes are malformed. Nothing may be read of them then: prost sees that a length is too long only after it has
/// read what follows.
pub(crate) fn overfull(
    bytes: &[u8],
    table: &RequiredFields,
) -> Result<Option<String>, prost::DecodeError> {
    take(bytes, table, &mut allowed(bytes.len()), DEPTH)
}

/// What the structs of a message of this length may take.
fn allowed(length: usize) -> usize {
    LEAST
        .saturating_add(PER_BYTE.saturating_mul(length))
        .min(MOST)
}

/// Takes what the lists of a message need from what is left.
fn take(
    mut rest: &[u8],
    table: &RequiredFields,
    left: &mut usize,
    depth: usize,
) -> Result<Option<String>, prost::DecodeError> {
    // Prost refuses what is deeper; the schema is not recursive.
    let Some(depth) = depth.checked_sub(1).filter(|_| !table.lists.is_empty()) else {
        return Ok(None);
    };
    while !rest.is_empty() {
        let (tag, wire_type) = decode_key(&mut rest)?;
        let listed = table.lists.iter().find(|listed| listed.tag == tag);
        let Some(listed) = listed.filter(|_| wire_type == WireType::LengthDelimited) else {
            skip_field(wire_type, tag, &mut rest, DecodeContext::default())?;
            continue;
        };
        let payload = payload(&mut rest)?;
        match left.checked_sub(listed.element) {
            Some(less) => *left = less,
            None => return Ok(Some(listed.name.into())),
        }
        if let Some(inner) = listed.message
            && let Some(path) = take(payload, inner, left, depth)?
        {
            return Ok(Some(format!("{}.{path}", listed.name)));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Checked;
    use crate::organizations::OrganizationFeatures;

    #[test]
    fn texts_are_elements_and_a_message_that_is_none_takes_nothing() {
        // 1 BlockStatus with something unknown in it, 2 Features, twice.
        let bytes = b"\x0a\x02\x38\x01\x12\x00\x12\x00";
        let table = OrganizationFeatures::REQUIRED;
        let all = 2 * size_of::<String>();
        for (mut left, path) in [(all - 1, Some("Features")), (all, None)] {
            let taken = take(bytes, table, &mut left, DEPTH).unwrap();
            assert_eq!(taken.as_deref(), path);
        }
    }

    #[test]
    fn what_is_allowed_grows_with_the_length_and_ends() {
        assert_eq!(allowed(0), 65_536);
        assert_eq!(allowed(1_000), 65_536 + 32_000);
        assert_eq!(allowed(128 * 1024 * 1024), 256 * 1024 * 1024);
        assert_eq!(allowed(usize::MAX), 256 * 1024 * 1024);
    }
}

//! Decides what is one DER element: tag, definite minimal length, content.
//!
//! **Invariant:** nothing is copied and nothing is re-encoded; every slice handed out is a piece of
//! the bytes given, so what was signed can be taken as it came.

use crate::FormatError;

/// Nesting deeper than this is refused: real signatures stay under 20, and the walk is recursive.
const MAX_DEPTH: usize = 64;

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
/// `[0]`, constructed.
pub(crate) const CONTEXT_0: u8 = 0xA0;
/// `[1]`, constructed.
pub(crate) const CONTEXT_1: u8 = 0xA1;
/// `[0]`, primitive: an IMPLICIT OCTET STRING.
pub(crate) const CONTEXT_0_PRIMITIVE: u8 = 0x80;

const CONSTRUCTED: u8 = 0x20;
const HIGH_TAG: u8 = 0x1F;

/// One element, as it stands in the input.
#[derive(Clone, Copy)]
pub(crate) struct Element<'a> {
    /// First tag byte; the only one except for tag numbers over 30.
    pub(crate) tag: u8,
    /// Tag, length and content.
    pub(crate) whole: &'a [u8],
    /// Content only.
    pub(crate) content: &'a [u8],
}

impl<'a> Element<'a> {
    /// The elements inside.
    pub(crate) fn inside(&self) -> Elements<'a> {
        Elements { rest: self.content }
    }
}

/// Elements that follow one another.
#[derive(Clone)]
pub(crate) struct Elements<'a> {
    rest: &'a [u8],
}

impl<'a> Elements<'a> {
    /// Is nothing left?
    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next element, whatever it is.
    pub(crate) fn any(&mut self, what: &'static str) -> Result<Element<'a>, FormatError> {
        if self.rest.is_empty() {
            return Err(FormatError::Structure { what });
        }
        let (element, rest) = split(self.rest, 0)?;
        self.rest = rest;
        Ok(element)
    }

    /// The next element, which must have this tag.
    pub(crate) fn expect(
        &mut self,
        tag: u8,
        what: &'static str,
    ) -> Result<Element<'a>, FormatError> {
        let element = self.any(what)?;
        if element.tag == tag {
            Ok(element)
        } else {
            Err(FormatError::Structure { what })
        }
    }

    /// The next element if it has this tag.
    pub(crate) fn optional(
        &mut self,
        tag: u8,
        what: &'static str,
    ) -> Result<Option<Element<'a>>, FormatError> {
        if self.rest.first() == Some(&tag) {
            self.any(what).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Nothing may follow.
    pub(crate) fn end(&self, what: &'static str) -> Result<(), FormatError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(FormatError::Structure { what })
        }
    }
}

/// The one element that all the bytes are, with everything inside it checked for definite, minimal
/// lengths that add up.
pub(crate) fn single(bytes: &[u8]) -> Result<Element<'_>, FormatError> {
    let (element, rest) = split(bytes, 0)?;
    if !rest.is_empty() {
        return Err(FormatError::TrailingBytes { count: rest.len() });
    }
    walk(&element, element.whole.len() - element.content.len(), 0)?;
    Ok(element)
}

fn walk(parent: &Element<'_>, offset: usize, depth: usize) -> Result<(), FormatError> {
    if parent.tag & CONSTRUCTED == 0 {
        return Ok(());
    }
    if depth == MAX_DEPTH {
        return Err(FormatError::TooDeep);
    }
    let mut rest = parent.content;
    while !rest.is_empty() {
        let at = offset + parent.content.len() - rest.len();
        let (element, next) = split(rest, at)?;
        walk(
            &element,
            at + element.whole.len() - element.content.len(),
            depth + 1,
        )?;
        rest = next;
    }
    Ok(())
}

/// Splits the first element off. `offset` is where `bytes` begin in the input, for the error.
fn split(bytes: &[u8], offset: usize) -> Result<(Element<'_>, &[u8]), FormatError> {
    let truncated = |needed: usize| FormatError::Truncated {
        offset,
        missing: needed.saturating_sub(bytes.len()),
    };
    let tag = *bytes.first().ok_or_else(|| truncated(2))?;
    let mut header = 1;
    if tag & HIGH_TAG == HIGH_TAG {
        loop {
            let next = *bytes.get(header).ok_or_else(|| truncated(header + 2))?;
            header += 1;
            if next & 0x80 == 0 {
                break;
            }
        }
    }
    let first = *bytes.get(header).ok_or_else(|| truncated(header + 1))?;
    header += 1;
    let length = match first {
        0..=0x7F => usize::from(first),
        0x80 => return Err(FormatError::IndefiniteLength { offset }),
        0x81..=0x84 => {
            let count = usize::from(first & 0x7F);
            let digits = bytes
                .get(header..header + count)
                .ok_or_else(|| truncated(header + count))?;
            header += count;
            let length = digits
                .iter()
                .fold(0_u64, |length, digit| length << 8 | u64::from(*digit));
            if digits[0] == 0 || length < 0x80 {
                return Err(FormatError::NonMinimalLength { offset });
            }
            usize::try_from(length).map_err(|_| FormatError::LengthTooLarge { offset })?
        }
        // Five bytes of length and more: over 4 GB, or padded with zeros.
        _ => {
            return Err(match bytes.get(header) {
                Some(0) => FormatError::NonMinimalLength { offset },
                _ => FormatError::LengthTooLarge { offset },
            });
        }
    };
    let end = header
        .checked_add(length)
        .ok_or(FormatError::LengthTooLarge { offset })?;
    match bytes.get(header..end) {
        Some(content) => Ok((
            Element {
                tag,
                whole: &bytes[..end],
                content,
            },
            &bytes[end..],
        )),
        None => Err(truncated(end)),
    }
}

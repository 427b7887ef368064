//! BER and DER as tag, length, value: elements in place, whatever is inside them.
//!
//! Decides where an element begins and ends: lengths may be definite, in any number of bytes, or
//! indefinite. What an element means is for whoever reads it.
//!
//! **Invariant:** nothing is copied; every slice handed out is a piece of the bytes given, so what
//! was signed can be taken as it came. No input makes it panic, recurse or look twice at a byte of
//! one level.

use crate::FormatError;

/// INTEGER.
pub const INTEGER: u8 = 0x02;
/// BOOLEAN.
pub const BOOLEAN: u8 = 0x01;
/// BIT STRING.
pub const BIT_STRING: u8 = 0x03;
/// OCTET STRING.
pub const OCTET_STRING: u8 = 0x04;
/// OBJECT IDENTIFIER.
pub const OBJECT_IDENTIFIER: u8 = 0x06;
/// UTCTime.
pub const UTC_TIME: u8 = 0x17;
/// GeneralizedTime.
pub const GENERALIZED_TIME: u8 = 0x18;
/// SEQUENCE and SEQUENCE OF.
pub const SEQUENCE: u8 = 0x30;
/// SET and SET OF.
pub const SET: u8 = 0x31;
/// `[0]`, constructed.
pub const CONTEXT_0: u8 = 0xA0;
/// `[1]`, constructed.
pub const CONTEXT_1: u8 = 0xA1;
/// `[2]`, constructed.
pub const CONTEXT_2: u8 = 0xA2;
/// `[3]`, constructed.
pub const CONTEXT_3: u8 = 0xA3;
/// `[0]`, primitive.
pub const CONTEXT_0_PRIMITIVE: u8 = 0x80;
/// `[1]`, primitive.
pub const CONTEXT_1_PRIMITIVE: u8 = 0x81;
/// `[2]`, primitive.
pub const CONTEXT_2_PRIMITIVE: u8 = 0x82;

/// The bit of a tag that says: elements are inside.
pub(crate) const CONSTRUCTED: u8 = 0x20;
const HIGH_TAG: u8 = 0x1F;
pub(crate) const END_OF_CONTENTS: [u8; 2] = [0, 0];

/// How an element's length is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "X.690 8.1.3 has these three")]
pub enum Length {
    /// In its shortest form, as DER wants it.
    Shortest,
    /// In more bytes than it needs.
    Longer,
    /// Not at all: end-of-contents octets close the element.
    Indefinite,
}

/// One element, as it stands in the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element<'a> {
    /// First tag byte; the only one except for tag numbers over 30.
    tag: u8,
    /// Where the length begins in `whole`.
    tag_length: usize,
    length: Length,
    whole: &'a [u8],
    content: &'a [u8],
}

impl<'a> Element<'a> {
    /// The one element that all the bytes are.
    ///
    /// # Errors
    ///
    /// [`FormatError::Truncated`], [`FormatError::TrailingBytes`] and the like.
    pub fn single(bytes: &'a [u8]) -> Result<Self, FormatError> {
        let (element, rest) = split(bytes)?;
        if rest.is_empty() {
            Ok(element)
        } else {
            Err(FormatError::TrailingBytes { count: rest.len() })
        }
    }

    /// The element at the beginning of the bytes, and what follows it.
    ///
    /// # Errors
    ///
    /// When there is no whole element.
    pub fn first(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), FormatError> {
        split(bytes)
    }

    /// The first byte of the tag.
    #[must_use]
    pub fn tag(&self) -> u8 {
        self.tag
    }

    /// All bytes of the tag.
    #[must_use]
    pub fn tag_bytes(&self) -> &'a [u8] {
        self.whole.get(..self.tag_length).unwrap_or_default()
    }

    /// How the length is written.
    #[must_use]
    pub fn length(&self) -> Length {
        self.length
    }

    /// Tag, length and content, with the end-of-contents octets if there are any.
    #[must_use]
    pub fn whole(&self) -> &'a [u8] {
        self.whole
    }

    /// Content only.
    #[must_use]
    pub fn content(&self) -> &'a [u8] {
        self.content
    }

    /// Does the tag say that elements are inside?
    #[must_use]
    pub fn is_constructed(&self) -> bool {
        self.tag & CONSTRUCTED != 0
    }

    /// The elements inside.
    #[must_use]
    pub fn inside(&self) -> Elements<'a> {
        Elements { rest: self.content }
    }
}

/// Elements that follow one another.
#[derive(Debug, Clone)]
pub struct Elements<'a> {
    rest: &'a [u8],
}

impl<'a> Elements<'a> {
    /// The elements that these bytes are.
    #[must_use]
    pub fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Is nothing left?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The bytes of the elements that are left.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The tag of the next element, if there is one.
    #[must_use]
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, whatever it is. `what` names it in the error.
    ///
    /// # Errors
    ///
    /// [`FormatError::Structure`] when nothing is left or it is cut off.
    pub fn any(&mut self, what: &'static str) -> Result<Element<'a>, FormatError> {
        let (element, rest) = split(self.rest).map_err(|_| FormatError::Structure { what })?;
        self.rest = rest;
        Ok(element)
    }

    /// The next element, which must have this tag.
    ///
    /// # Errors
    ///
    /// [`FormatError::Structure`] when it is another one, cut off or not there.
    pub fn expect(&mut self, tag: u8, what: &'static str) -> Result<Element<'a>, FormatError> {
        match self.peek() {
            Some(next) if next == tag => self.any(what),
            _ => Err(FormatError::Structure { what }),
        }
    }

    /// The next element if it has this tag.
    ///
    /// # Errors
    ///
    /// [`FormatError::Structure`] when it has and is cut off.
    pub fn optional(
        &mut self,
        tag: u8,
        what: &'static str,
    ) -> Result<Option<Element<'a>>, FormatError> {
        if self.peek() == Some(tag) {
            self.any(what).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Nothing may follow.
    ///
    /// # Errors
    ///
    /// [`FormatError::Structure`] when something does.
    pub fn end(&self, what: &'static str) -> Result<(), FormatError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(FormatError::Structure { what })
        }
    }
}

/// Elements until the first that cannot be read, which ends them.
impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let (element, rest) = split(self.rest).ok()?;
        self.rest = rest;
        Some(element)
    }
}

/// Tag and length of an element.
pub(crate) struct Header {
    pub(crate) tag: u8,
    /// Bytes of the tag.
    pub(crate) tag_length: usize,
    pub(crate) length: Length,
    /// Bytes before the content.
    pub(crate) before: usize,
    /// Bytes of the content; 0 for an indefinite length.
    pub(crate) content: usize,
}

impl Header {
    pub(crate) fn is_constructed(&self) -> bool {
        self.tag & CONSTRUCTED != 0
    }
}

pub(crate) fn truncated(bytes: &[u8], needed: usize) -> FormatError {
    FormatError::Truncated {
        missing: needed.saturating_sub(bytes.len()),
    }
}

/// What the element at the beginning of the bytes begins with.
pub(crate) fn header(bytes: &[u8]) -> Result<Header, FormatError> {
    let tag = *bytes.first().ok_or_else(|| truncated(bytes, 2))?;
    let mut before = 1;
    if tag & HIGH_TAG == HIGH_TAG {
        loop {
            let next = *bytes
                .get(before)
                .ok_or_else(|| truncated(bytes, before + 2))?;
            before += 1;
            if next & 0x80 == 0 {
                break;
            }
        }
    }
    let tag_length = before;
    let first = *bytes
        .get(before)
        .ok_or_else(|| truncated(bytes, before + 1))?;
    before += 1;
    let (length, content) = match first {
        0..=0x7F => (Length::Shortest, usize::from(first)),
        0x80 => (Length::Indefinite, 0),
        _ => {
            let count = usize::from(first & 0x7F);
            let digits = bytes
                .get(before..before + count)
                .ok_or_else(|| truncated(bytes, before + count))?;
            before += count;
            let significant = digits.iter().position(|digit| *digit != 0).unwrap_or(count);
            let digits = digits.get(significant..).unwrap_or_default();
            if digits.len() > size_of::<u32>() {
                return Err(FormatError::LengthTooLarge);
            }
            let content = digits
                .iter()
                .fold(0_usize, |content, digit| content << 8 | usize::from(*digit));
            if significant == 0 && content > 0x7F {
                (Length::Shortest, content)
            } else {
                (Length::Longer, content)
            }
        }
    };
    Ok(Header {
        tag,
        tag_length,
        length,
        before,
        content,
    })
}

/// Splits the first element off.
fn split(bytes: &[u8]) -> Result<(Element<'_>, &[u8]), FormatError> {
    let header = header(bytes)?;
    let after = bytes.get(header.before..).unwrap_or_default();
    let (content, after) = if header.length == Length::Indefinite {
        if header.tag & CONSTRUCTED == 0 {
            return Err(FormatError::PrimitiveIndefinite);
        }
        let end = end_of_contents(after)?;
        let (content, closed) = after.split_at(end);
        (
            content,
            closed.get(END_OF_CONTENTS.len()..).unwrap_or_default(),
        )
    } else {
        after
            .split_at_checked(header.content)
            .ok_or_else(|| truncated(bytes, header.before.saturating_add(header.content)))?
    };
    let whole = bytes.get(..bytes.len() - after.len()).unwrap_or_default();
    let element = Element {
        tag: header.tag,
        tag_length: header.tag_length,
        length: header.length,
        whole,
        content,
    };
    Ok((element, after))
}

/// Where the end-of-contents octets stand that close an element whose content begins the bytes.
fn end_of_contents(bytes: &[u8]) -> Result<usize, FormatError> {
    let mut open = 1_usize;
    let mut at = 0_usize;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        if rest.starts_with(&END_OF_CONTENTS) {
            open -= 1;
            if open == 0 {
                return Ok(at);
            }
            at += END_OF_CONTENTS.len();
            continue;
        }
        let header = header(rest)?;
        at += header.before;
        if header.length == Length::Indefinite {
            open += 1;
        } else {
            at = at
                .checked_add(header.content)
                .filter(|end| *end <= bytes.len())
                .ok_or_else(|| truncated(rest, header.before.saturating_add(header.content)))?;
        }
    }
}

/// The bytes of an element with this tag and content, its length in the shortest form.
#[must_use]
pub fn encode(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + 6);
    out.push(tag);
    push_length(&mut out, content.len());
    out.extend_from_slice(content);
    out
}

/// Appends a length in its shortest form.
pub(crate) fn push_length(out: &mut Vec<u8>, length: usize) {
    if length < 0x80 {
        // Below 0x80, so nothing is cut off.
        out.push(length.to_le_bytes()[0]);
        return;
    }
    let bytes = length.to_be_bytes();
    let significant = bytes.iter().position(|byte| *byte != 0).unwrap_or_default();
    let digits = bytes.get(significant..).unwrap_or_default();
    out.push(0x80 | digits.len().to_le_bytes()[0]);
    out.extend_from_slice(digits);
}

#[cfg(test)]
mod tests {
    use super::{Element, Elements, Length, encode};
    use crate::FormatError;

    #[test]
    fn every_form_of_length_is_read() {
        let rows: [(&[u8], Length, &[u8]); 6] = [
            (&[0x04, 0x01, 7], Length::Shortest, &[7]),
            (&[0x04, 0x81, 0x01, 7], Length::Longer, &[7]),
            (&[0x04, 0x85, 0, 0, 0, 0, 1, 7], Length::Longer, &[7]),
            (&[0x24, 0x80, 4, 1, 7, 0, 0], Length::Indefinite, &[4, 1, 7]),
            (
                &[0x24, 0x80, 0x24, 0x80, 0, 0, 0, 0],
                Length::Indefinite,
                &[0x24, 0x80, 0, 0],
            ),
            (&[0x1F, 0x81, 0x01, 0x00], Length::Shortest, &[]),
        ];
        for (bytes, length, content) in rows {
            let element = Element::single(bytes).unwrap();
            assert_eq!((element.length(), element.content()), (length, content));
            assert_eq!(element.whole(), bytes);
        }
        let long = encode(0x04, &[1; 300]);
        assert_eq!(Element::single(&long).unwrap().length(), Length::Shortest);
        assert_eq!(long[..4], [0x04, 0x82, 0x01, 0x2C]);
    }

    #[test]
    fn what_is_no_element_says_why() {
        let error = |bytes: &[u8]| Element::single(bytes).unwrap_err();
        let missing = |missing| FormatError::Truncated { missing };
        assert_eq!(error(&[]), missing(2));
        assert_eq!(error(&[0x30]), missing(1));
        assert_eq!(error(&[0x30, 0x84, 0x01, 0, 0, 0]), missing(0x0100_0000));
        assert_eq!(error(&[0x30, 0x80, 0x04, 0x01]), missing(1));
        assert_eq!(error(&[0x04, 0x80, 0, 0]), FormatError::PrimitiveIndefinite);
        assert_eq!(
            error(&[0x30, 0x88, 0xFF, 0, 0, 0, 0, 0, 0, 0]),
            FormatError::LengthTooLarge
        );
        assert_eq!(error(&[5, 0, 1]), FormatError::TrailingBytes { count: 1 });
    }

    #[test]
    fn an_iterator_ends_at_what_it_cannot_read() {
        let tags: Vec<u8> = Elements::of(&[5, 0, 4, 0, 4, 9])
            .map(|element| element.tag())
            .collect();
        assert_eq!(tags, [5, 4]);
    }
}

//! Decides which parts a certificate or revocation list is signed by: what, how, and the value.
//!
//! **Invariant:** the algorithm inside what is signed is the one outside, byte for byte; otherwise
//! there is nothing to verify.

use std::ops::Range;

use podpis_cms::tlv::{self, Element, Elements};

/// Where in the bytes the parts stand.
#[derive(Debug, Clone)]
pub(crate) struct SignedBytes {
    message: Range<usize>,
    algorithm: Range<usize>,
    value: Range<usize>,
}

/// The three parts.
#[derive(Clone, Copy)]
pub(crate) struct Parts<'a> {
    pub(crate) message: &'a [u8],
    pub(crate) algorithm: &'a [u8],
    pub(crate) value: &'a [u8],
}

impl SignedBytes {
    /// Reads the outer elements; the second result are the fields of what is signed.
    pub(crate) fn read(der: &[u8]) -> Option<(Self, Elements<'_>)> {
        let what = "signed";
        let whole = Element::single(der).ok()?;
        if whole.tag() != tlv::SEQUENCE {
            return None;
        }
        let mut fields = whole.inside();
        let message = fields.expect(tlv::SEQUENCE, what).ok()?;
        let algorithm = fields.expect(tlv::SEQUENCE, what).ok()?;
        let value = fields.expect(tlv::BIT_STRING, what).ok()?;
        fields.end(what).ok()?;
        let [0, value @ ..] = value.content() else {
            return None;
        };
        let parts = Self {
            message: place(der, message.whole())?,
            algorithm: place(der, algorithm.whole())?,
            value: place(der, value)?,
        };
        Some((parts, message.inside()))
    }

    pub(crate) fn of<'a>(&self, der: &'a [u8]) -> Parts<'a> {
        let part = |range: &Range<usize>| der.get(range.clone()).unwrap_or_default();
        Parts {
            message: part(&self.message),
            algorithm: part(&self.algorithm),
            value: part(&self.value),
        }
    }
}

/// Where a part stands in the bytes it is a part of.
pub(crate) fn place(bytes: &[u8], part: &[u8]) -> Option<Range<usize>> {
    let start = part.as_ptr().addr().checked_sub(bytes.as_ptr().addr())?;
    let end = start.checked_add(part.len())?;
    (end <= bytes.len()).then_some(start..end)
}

//! Decides which parts a certificate, a revocation list or an OCSP answer is signed by: what, how, and the value.
//!
//! **Invariant:** where the algorithm stands inside what is signed, it is the one outside, byte for byte; otherwise
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
        let (parts, message, rest) = Self::parts(der)?;
        rest.is_empty().then(|| (parts, message.inside()))
    }

    /// Likewise of what may go on behind the value; the second result are the elements that follow it.
    pub(crate) fn read_open(der: &[u8]) -> Option<(Self, Elements<'_>)> {
        let (parts, _, rest) = Self::parts(der)?;
        Some((parts, rest))
    }

    /// Where the parts stand, what is signed, and what follows the value.
    fn parts(der: &[u8]) -> Option<(Self, Element<'_>, Elements<'_>)> {
        let what = "signed";
        let whole = Element::single(der).ok()?;
        if whole.tag() != tlv::SEQUENCE {
            return None;
        }
        let mut fields = whole.inside();
        let message = fields.expect(tlv::SEQUENCE, what).ok()?;
        let algorithm = fields.expect(tlv::SEQUENCE, what).ok()?;
        let value = fields.expect(tlv::BIT_STRING, what).ok()?;
        let [0, bits @ ..] = value.content() else {
            return None;
        };
        let parts = Self {
            message: place(der, message.whole())?,
            algorithm: place(der, algorithm.whole())?,
            value: place(der, bits)?,
        };
        Some((parts, message, fields))
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

//! Decides how the attributes of a signer are found.
//!
//! **Invariant:** an attribute that cannot be read is none.

use const_oid::ObjectIdentifier;
use podpis_cms::tlv::{self, Element, Elements};

/// Type and values of each attribute.
pub(crate) fn all<'a>(attributes: Elements<'a>) -> impl Iterator<Item = (&'a [u8], Elements<'a>)> {
    attributes.filter_map(|attribute| {
        let what = "attribute";
        let mut fields = attribute.inside();
        let kind = fields.expect(tlv::OBJECT_IDENTIFIER, what).ok()?;
        let values = fields.expect(tlv::SET, what).ok()?;
        Some((kind.content(), values.inside()))
    })
}

/// The values of all attributes of this type, one after the other.
pub(crate) fn values<'a>(
    attributes: Elements<'a>,
    wanted: ObjectIdentifier,
) -> impl Iterator<Item = Element<'a>> {
    all(attributes)
        .filter(move |(kind, _)| *kind == wanted.as_bytes())
        .flat_map(|(_, values)| values)
}

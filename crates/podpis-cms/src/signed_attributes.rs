//! Decides what the signed attributes of one signer say.
//!
//! **Invariant:** `contentType` and `messageDigest` are there once, with one value each, and the
//! content is of the type wanted. Attributes are told apart by the bytes of their identifiers.

use std::ops::Range;

use const_oid::ObjectIdentifier;

use crate::certificate::place;
use crate::tlv::{self, Element};
use crate::{DigestAlgorithm, FormatError, oid};

/// Where in the signature the attributes stand, and what they say.
#[derive(Clone)]
pub(crate) struct SignedAttributes {
    /// The `[0]` element.
    pub(crate) whole: Range<u32>,
    pub(crate) message_digest: Range<u32>,
    /// The time element.
    pub(crate) signing_time: Option<Range<u32>>,
    /// Do they stand in the order of DER's SET OF?
    pub(crate) is_sorted: bool,
}

impl SignedAttributes {
    pub(crate) fn read(
        der: &[u8],
        set: &Element<'_>,
        digest_algorithm: &DigestAlgorithm,
        wanted: ObjectIdentifier,
        signer: usize,
    ) -> Result<Self, FormatError> {
        let structure = |what| FormatError::Structure { what };
        let place = |part: &[u8]| place(der, part).ok_or(structure("signedAttrs"));

        let content_type = single_value(set, oid::CONTENT_TYPE, signer)?
            .ok_or(FormatError::NoContentType { signer })?;
        if content_type.tag() != tlv::OBJECT_IDENTIFIER {
            return Err(structure("contentType"));
        }
        if content_type.content() != wanted.as_bytes() {
            return Err(FormatError::OtherContentType {
                signer,
                oid: oid::oid_text(content_type.content()),
            });
        }

        let digest = single_value(set, oid::MESSAGE_DIGEST, signer)?
            .ok_or(FormatError::NoMessageDigest { signer })?;
        if digest.tag() != tlv::OCTET_STRING {
            return Err(structure("messageDigest"));
        }
        let found = digest.content().len();
        if digest_algorithm
            .length()
            .is_some_and(|length| length != found)
        {
            return Err(FormatError::MessageDigestLength {
                signer,
                algorithm: digest_algorithm.title().to_owned(),
                found,
            });
        }

        let signing_time = single_value(set, oid::SIGNING_TIME, signer)?;
        Ok(Self {
            whole: place(set.whole())?,
            message_digest: place(digest.content())?,
            signing_time: match signing_time {
                Some(time) => Some(place(time.whole())?),
                None => None,
            },
            is_sorted: set.inside().map(|attribute| attribute.whole()).is_sorted(),
        })
    }
}

/// The one value of the attribute of this type, which may stand in the set once.
fn single_value<'a>(
    set: &Element<'a>,
    wanted: ObjectIdentifier,
    signer: usize,
) -> Result<Option<Element<'a>>, FormatError> {
    let what = "signedAttrs";
    let mut found = None;
    let mut attributes = set.inside();
    while !attributes.is_empty() {
        let mut attribute = attributes.expect(tlv::SEQUENCE, what)?.inside();
        let kind = attribute.expect(tlv::OBJECT_IDENTIFIER, what)?;
        let mut values = attribute.expect(tlv::SET, what)?.inside();
        attribute.end(what)?;
        if kind.content() != wanted.as_bytes() {
            continue;
        }
        let value = values.any(what)?;
        if found.is_some() || !values.is_empty() {
            return Err(FormatError::RepeatedAttribute {
                signer,
                oid: wanted.to_string(),
            });
        }
        found = Some(value);
    }
    Ok(found)
}

/// The attributes as a value may cover them: with the tag of SET OF instead of `[0]` (RFC 5652, 5.4),
/// first in the signer's order, then, if that is not DER's, sorted. Signers of both kinds exist.
pub(crate) fn covered(whole: &[u8], is_sorted: bool) -> impl Iterator<Item = Vec<u8>> {
    let in_order = whole.get(1..).map(|rest| [&[tlv::SET], rest].concat());
    let sorted = (!is_sorted).then(|| {
        let mut elements: Vec<&[u8]> = Element::single(whole)
            .map(|set| set.inside().map(|attribute| attribute.whole()).collect())
            .unwrap_or_default();
        elements.sort_unstable();
        tlv::encode(tlv::SET, &elements.concat())
    });
    in_order.into_iter().chain(sorted)
}

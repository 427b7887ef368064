//! Decides how extensions are read: those of certificates, of revocation lists and of their entries.
//!
//! **Invariant:** everything is read in place; what cannot be read is said to be so, never skipped.

use const_oid::ObjectIdentifier;
use podpis_cms::tlv::{self, Elements};

/// ENUMERATED.
const ENUMERATED: u8 = 0x0A;
/// uniformResourceIdentifier of a GeneralName.
const ADDRESS: u8 = 0x86;
/// Addresses that are named to a person at most.
const MAX_ADDRESSES: usize = 8;

/// One extension, as it stands.
#[derive(Clone, Copy)]
pub(crate) struct Extension<'a> {
    /// The content of its identifier.
    pub(crate) kind: &'a [u8],
    pub(crate) is_critical: bool,
    /// The content of its OCTET STRING.
    pub(crate) value: &'a [u8],
}

impl<'a> Extension<'a> {
    pub(crate) fn is(&self, kind: ObjectIdentifier) -> bool {
        self.kind == kind.as_bytes()
    }

    /// The one element that the value is.
    pub(crate) fn element(&self) -> Option<tlv::Element<'a>> {
        tlv::Element::single(self.value).ok()
    }

    /// The elements inside the SEQUENCE that the value is.
    pub(crate) fn fields(&self) -> Option<Elements<'a>> {
        let element = self.element()?;
        (element.tag() == tlv::SEQUENCE).then(|| element.inside())
    }
}

/// Elements that follow one another; `None` unless all of them can be read.
pub(crate) fn whole(mut elements: Elements<'_>) -> Option<Vec<tlv::Element<'_>>> {
    let mut all = Vec::new();
    while !elements.is_empty() {
        all.push(elements.any("extension").ok()?);
    }
    Some(all)
}

/// The content of an extension could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// Extensions that follow one another; after one that cannot be read nothing follows.
pub(crate) fn all(list: &[u8]) -> impl Iterator<Item = Result<Extension<'_>, Unreadable>> {
    let mut rest = Elements::of(list);
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let one = next(&mut rest);
        if one.is_none() {
            rest = Elements::of(&[]);
        }
        Some(one.ok_or(Unreadable))
    })
}

fn next<'a>(list: &mut Elements<'a>) -> Option<Extension<'a>> {
    let what = "extension";
    let mut fields = list.expect(tlv::SEQUENCE, what).ok()?.inside();
    let kind = fields.expect(tlv::OBJECT_IDENTIFIER, what).ok()?;
    let critical = fields.optional(tlv::BOOLEAN, what).ok()?;
    let value = fields.expect(tlv::OCTET_STRING, what).ok()?;
    fields.end(what).ok()?;
    Some(Extension {
        kind: kind.content(),
        is_critical: critical.is_some_and(|critical| critical.content() != [0]),
        value: value.content(),
    })
}

/// The content of an INTEGER that is not negative and fits; larger ones are the largest there is.
pub(crate) fn count(content: &[u8]) -> Option<usize> {
    match content {
        [] | [0x80..=0xFF, ..] => None,
        content => Some(content.iter().fold(0_usize, |number, byte| {
            number.checked_mul(256).map_or(usize::MAX, |number| {
                number.saturating_add(usize::from(*byte))
            })
        })),
    }
}

/// A number without the sign bytes that it does not need.
pub(crate) fn number(mut content: &[u8]) -> &[u8] {
    while let [first @ (0 | 0xFF), second, ..] = content
        && (first ^ second) & 0x80 == 0
    {
        content = content.get(1..).unwrap_or_default();
    }
    content
}

/// May the subject issue certificates, and how many issuers may be under it?
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct BasicConstraints {
    pub(crate) is_ca: bool,
    pub(crate) path_length: Option<usize>,
}

pub(crate) fn basic_constraints(extension: &Extension<'_>) -> Option<BasicConstraints> {
    let what = "basicConstraints";
    let mut fields = extension.fields()?;
    let is_ca = fields.optional(tlv::BOOLEAN, what).ok()?;
    let length = fields.optional(tlv::INTEGER, what).ok()?;
    fields.end(what).ok()?;
    Some(BasicConstraints {
        is_ca: is_ca.is_some_and(|is_ca| is_ca.content() != [0]),
        path_length: match length {
            Some(length) => Some(count(length.content())?),
            None => None,
        },
    })
}

/// By what the issuer's certificate is to be known.
#[derive(Clone, Copy, Default)]
pub(crate) struct AuthorityKeyId<'a> {
    pub(crate) key_id: Option<&'a [u8]>,
    /// The content of the issuer's own serial number.
    pub(crate) serial: Option<&'a [u8]>,
}

pub(crate) fn authority_key_id<'a>(extension: &Extension<'a>) -> Option<AuthorityKeyId<'a>> {
    let mut found = AuthorityKeyId::default();
    for field in extension.fields()? {
        match field.tag() {
            tlv::CONTEXT_0_PRIMITIVE => found.key_id = Some(field.content()),
            tlv::CONTEXT_2_PRIMITIVE => found.serial = Some(field.content()),
            _ => {}
        }
    }
    Some(found)
}

/// The content of an ENUMERATED of one byte.
pub(crate) fn enumerated(extension: &Extension<'_>) -> Option<u8> {
    let element = extension.element()?;
    match (element.tag(), element.content()) {
        (ENUMERATED, [code]) => Some(*code),
        _ => None,
    }
}

/// The identifiers inside: purposes of an extended key usage.
pub(crate) fn identifiers<'a>(extension: &Extension<'a>) -> Option<Vec<&'a [u8]>> {
    let what = "identifiers";
    let mut fields = extension.fields()?;
    let mut all = Vec::new();
    while !fields.is_empty() {
        all.push(fields.expect(tlv::OBJECT_IDENTIFIER, what).ok()?.content());
    }
    Some(all)
}

/// Where what authority information access tells of by this method may be got (RFC 5280 4.2.2.1).
pub(crate) fn access_addresses(extension: &Extension<'_>, wanted: ObjectIdentifier) -> Vec<String> {
    let descriptions = extension.fields().into_iter().flatten();
    descriptions
        .filter_map(|description| {
            let mut fields = description.inside();
            let method = fields.next()?;
            let place = fields.next()?;
            let is_wanted = method.content() == wanted.as_bytes();
            (is_wanted && place.tag() == ADDRESS).then(|| shown(place.content()))
        })
        .take(MAX_ADDRESSES)
        .collect()
}

/// Where revocation lists may be got (RFC 5280 4.2.1.13).
pub(crate) fn list_addresses(extension: &Extension<'_>) -> Vec<String> {
    let points = extension.fields().into_iter().flatten();
    points
        .filter_map(|point| point.inside().find(|field| field.tag() == tlv::CONTEXT_0))
        .filter_map(|name| name.inside().find(|name| name.tag() == tlv::CONTEXT_0))
        .flat_map(|names| names.inside())
        .filter(|name| name.tag() == ADDRESS)
        .map(|name| shown(name.content()))
        .take(MAX_ADDRESSES)
        .collect()
}

/// For a terminal: an address has no control and no other characters than ASCII has.
fn shown(address: &[u8]) -> String {
    address
        .iter()
        .take(2_048)
        .map(|byte| match byte {
            0x20..=0x7E => char::from(*byte),
            _ => char::REPLACEMENT_CHARACTER,
        })
        .collect()
}

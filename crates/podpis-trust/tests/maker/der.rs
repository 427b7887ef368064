//! Pieces of DER.

use const_oid::ObjectIdentifier;
use podpis_cms::tlv::{self, encode};

pub(crate) fn oid(dotted: &str) -> Vec<u8> {
    ObjectIdentifier::new_unwrap(dotted).as_bytes().to_vec()
}

pub(crate) fn oid_element(dotted: &str) -> Vec<u8> {
    encode(tlv::OBJECT_IDENTIFIER, &oid(dotted))
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    encode(tlv::SEQUENCE, &parts.concat())
}

pub(crate) fn set(parts: &[&[u8]]) -> Vec<u8> {
    encode(tlv::SET, &parts.concat())
}

pub(crate) fn integer(number: u64) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(7);
    let mut content = bytes[start..].to_vec();
    if content[0] & 0x80 != 0 {
        content.insert(0, 0);
    }
    encode(tlv::INTEGER, &content)
}

pub(crate) fn utf8(text: &str) -> Vec<u8> {
    encode(0x0C, text.as_bytes())
}

pub(crate) fn printable(text: &str) -> Vec<u8> {
    encode(0x13, text.as_bytes())
}

/// A name of one organization and one common name, both as text elements.
pub(crate) fn name(common: &[u8]) -> Vec<u8> {
    let part = |kind: &str, text: &[u8]| set(&[&sequence(&[&oid_element(kind), text])]);
    sequence(&[&part("2.5.4.10", &utf8("Проба")), &part("2.5.4.3", common)])
}

/// `20240610120000Z` as UTCTime where that can be, else as GeneralizedTime.
pub(crate) fn utc(text: &str) -> Vec<u8> {
    let is_short = text.len() == 15 && ("1950".."2050").contains(&&text[..4]);
    if is_short {
        encode(tlv::UTC_TIME, &text.as_bytes()[2..])
    } else {
        general(text)
    }
}

pub(crate) fn general(text: &str) -> Vec<u8> {
    encode(tlv::GENERALIZED_TIME, text.as_bytes())
}

pub(crate) fn extension(kind: &str, is_critical: bool, value: &[u8]) -> Vec<u8> {
    let critical: &[u8] = if is_critical { &[1, 1, 0xFF] } else { &[] };
    sequence(&[
        &oid_element(kind),
        critical,
        &encode(tlv::OCTET_STRING, value),
    ])
}

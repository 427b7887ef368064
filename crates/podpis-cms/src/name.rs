//! Decides how the name of a certificate's subject or issuer reads as text, and when two are one.
//!
//! **Invariant:** the text has no control or direction characters, so a certificate cannot rewrite
//! the terminal it is shown on. Two names are one as RFC 5280 7.1 says: the type of a string, the
//! case of its letters and the number of its spaces do not tell names apart, everything else does.

use std::ops::Range;

use const_oid::ObjectIdentifier;

use crate::certificate::{place, slice};
use crate::oid;
use crate::tlv::{self, Element, Elements};

const UTF8: u8 = 0x0C;
const NUMERIC: u8 = 0x12;
const PRINTABLE: u8 = 0x13;
const TELETEX: u8 = 0x14;
const IA5: u8 = 0x16;
const VISIBLE: u8 = 0x1A;
const UNIVERSAL: u8 = 0x1C;
const BMP: u8 = 0x1E;

/// How a part of a name is labelled. What is not here is labelled with its OID.
const LABELS: &[(ObjectIdentifier, &str)] = &[
    (oid::COMMON_NAME, "CN"),
    (oid::SURNAME, "SN"),
    (oid::GIVEN_NAME, "G"),
    (oid::TITLE, "T"),
    (oid::ORGANIZATION, "O"),
    (oid::ORGANIZATIONAL_UNIT, "OU"),
    (oid::STREET, "STREET"),
    (oid::LOCALITY, "L"),
    (oid::STATE, "S"),
    (oid::COUNTRY, "C"),
    (oid::SERIAL_NUMBER, "serialNumber"),
    (oid::EMAIL, "E"),
    (oid::INN, "INN"),
    (oid::INN_LE, "INNLE"),
    (oid::OGRN, "OGRN"),
    (oid::OGRNIP, "OGRNIP"),
    (oid::SNILS, "SNILS"),
];

/// A distinguished name, as read.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Name {
    /// `label=value, …` in the order of the certificate.
    pub(crate) text: String,
    /// The first part of each type that has a label.
    parts: Vec<(ObjectIdentifier, String)>,
}

impl Name {
    /// Reads a `Name` element. What is no attribute of a name is left out.
    pub(crate) fn read(name: &Element<'_>) -> Self {
        let mut text = String::new();
        let mut parts = Vec::new();
        for (kind, value) in name.inside().flat_map(|set| set.inside()).filter_map(pair) {
            let value = text_of(&value).map_or_else(
                || format!("#{}", base16ct::lower::encode_string(value.content())),
                shown,
            );
            if !text.is_empty() {
                text.push_str(", ");
            }
            let known = LABELS.iter().find(|known| known.0.as_bytes() == kind);
            match known {
                Some((_, label)) => text.push_str(label),
                None => text.push_str(&oid::oid_text(kind)),
            }
            text.push('=');
            text.push_str(&quoted(&value));
            // A name can have millions of parts; those that nobody can ask for are not kept.
            if let Some((kind, _)) = known
                && !parts.iter().any(|(before, _)| before == kind)
            {
                parts.push((*kind, value));
            }
        }
        Self { text, parts }
    }

    /// The first part of this type.
    pub(crate) fn part(&self, oid: ObjectIdentifier) -> Option<&str> {
        self.parts
            .iter()
            .find(|part| part.0 == oid)
            .map(|part| part.1.as_str())
    }
}

/// A `Name` in DER as text for people to read, in the form of
/// [`Certificate::subject`](crate::Certificate::subject).
#[must_use]
pub fn name_text(name: &[u8]) -> String {
    let name = Elements::of(name).next();
    name.map_or_else(String::new, |name| Name::read(&name).text)
}

/// A form of a `Name` in DER that is equal for equal names (RFC 5280 7.1) and for no others: its
/// RDNs as elements that follow one another, so that a name under another in the directory begins
/// with the form of that one.
///
/// ```
/// use podpis_cms::{Certificate, canonical_name};
/// # fn example(certificate: &Certificate, issuer: &Certificate) {
/// let is_by_name = canonical_name(certificate.issuer_der()) == canonical_name(issuer.subject_der());
/// # }
/// ```
#[must_use]
pub fn canonical_name(name: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(name.len());
    if let Some(name) = Elements::of(name).next() {
        canonical(&name, &mut out);
    }
    out
}

/// Appends a form of the name that is equal for equal names and for no others.
///
/// A name can be a whole signature long and have millions of parts, so nothing is allocated for
/// each of them but where it stands.
pub(crate) fn canonical(name: &Element<'_>, out: &mut Vec<u8>) {
    let mut sets = name.inside();
    let (mut forms, mut places) = (Vec::new(), Vec::<Range<u32>>::new());
    for set in sets.by_ref() {
        forms.clear();
        forms.reserve_exact(set.content().len());
        places.clear();
        places.reserve_exact(set.inside().count());
        for attribute in set.inside() {
            let start = forms.len();
            canonical_attribute(attribute, &mut forms);
            places.extend(place(&forms, forms.get(start..).unwrap_or_default()));
        }
        // RFC 5280 7.1: the attributes of one set have no order.
        places.sort_unstable_by(|one, other| slice(&forms, one).cmp(slice(&forms, other)));
        out.reserve(forms.len() + LONGEST_HEAD);
        out.push(tlv::SET);
        tlv::push_length(out, forms.len());
        for place in &places {
            out.extend_from_slice(slice(&forms, place));
        }
    }
    out.extend_from_slice(sets.rest());
}

/// Bytes of a tag and a length, as far as is worth reserving.
const LONGEST_HEAD: usize = 8;

/// Letters fold and spaces shrink before the name is compared; other values keep tag and bytes.
fn canonical_attribute(attribute: Element<'_>, out: &mut Vec<u8>) {
    let Some((kind, value)) = pair(attribute) else {
        out.extend_from_slice(attribute.whole());
        return;
    };
    let folded = text_of(&value).map(|text| {
        let mut folded = String::with_capacity(text.len());
        for word in text.split_whitespace() {
            if !folded.is_empty() {
                folded.push(' ');
            }
            folded.push_str(&word.to_lowercase());
        }
        folded
    });
    let (tag, content) = match &folded {
        Some(text) => (&[UTF8][..], text.as_bytes()),
        None => (value.tag_bytes(), value.content()),
    };
    let mut head = tag.to_vec();
    tlv::push_length(&mut head, content.len());
    let mut kind_head = vec![tlv::OBJECT_IDENTIFIER];
    tlv::push_length(&mut kind_head, kind.len());

    let length = kind_head.len() + kind.len() + head.len() + content.len();
    out.reserve(length + LONGEST_HEAD);
    out.push(tlv::SEQUENCE);
    tlv::push_length(out, length);
    for part in [&kind_head, kind, &head, content] {
        out.extend_from_slice(part);
    }
}

/// Type and value of an attribute.
fn pair(attribute: Element<'_>) -> Option<(&[u8], Element<'_>)> {
    let mut fields = match attribute.tag() {
        tlv::SEQUENCE => attribute.inside(),
        _ => Elements::of(&[]),
    };
    let kind = fields.expect(tlv::OBJECT_IDENTIFIER, "name").ok()?;
    let value = fields.any("name").ok()?;
    fields.is_empty().then_some((kind.content(), value))
}

/// Quoted as Windows does it when the value would be taken apart otherwise.
fn quoted(value: &str) -> String {
    if value.contains([',', '"', '+', ';', '=']) || value.trim() != value {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_owned()
    }
}

/// The text of a string type; `None` for other types and for bytes that are not of the type.
fn text_of(value: &Element<'_>) -> Option<String> {
    let bytes = value.content();
    match value.tag() {
        UTF8 | NUMERIC | PRINTABLE | IA5 | VISIBLE => {
            std::str::from_utf8(bytes).ok().map(str::to_owned)
        }
        TELETEX => Some(bytes.iter().copied().map(char::from).collect()),
        BMP if bytes.len().is_multiple_of(2) => {
            let units: Vec<u16> = bytes
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                .collect();
            String::from_utf16(&units).ok()
        }
        UNIVERSAL if bytes.len().is_multiple_of(4) => bytes
            .chunks_exact(4)
            .map(|four| char::from_u32(u32::from_be_bytes([four[0], four[1], four[2], four[3]])))
            .collect(),
        _ => None,
    }
}

fn shown(text: String) -> String {
    text.chars()
        .map(|c| if is_shown(c) { c } else { '\u{FFFD}' })
        .collect()
}

fn is_shown(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::{Name, canonical, canonical_name};
    use crate::oid;
    use crate::tlv::{self, Element, encode};

    /// One RDN per `(type, tag, content)`; the types are given as DER content.
    fn der(parts: &[(&[u8], u8, &[u8])]) -> Vec<u8> {
        let mut all = Vec::new();
        for (oid, tag, value) in parts {
            let pair = [encode(tlv::OBJECT_IDENTIFIER, oid), encode(*tag, value)].concat();
            all.extend(encode(tlv::SET, &encode(tlv::SEQUENCE, &pair)));
        }
        encode(tlv::SEQUENCE, &all)
    }

    fn name(parts: &[(&[u8], u8, &[u8])]) -> Name {
        Name::read(&Element::single(&der(parts)).unwrap())
    }

    const CN: &[u8] = &[0x55, 0x04, 0x03];

    #[test]
    fn every_string_type_is_read() {
        let name = name(&[
            (CN, super::BMP, [0x04, 0x18, 0x04, 0x32].as_slice()),
            (
                &[0x55, 0x04, 0x0A],
                super::UTF8,
                "ООО \"Ромашка\"".as_bytes(),
            ),
            (&[0x55, 0x04, 0x06], super::PRINTABLE, b"RU"),
            (&[0x55, 0x04, 0x07], super::TELETEX, &[0xE9]),
            (&[0x55, 0x04, 0x08], super::UNIVERSAL, &[0, 0, 0x04, 0x18]),
            (&[0x2A, 0x03, 0x04], 0x03, &[0, 1]),
        ]);
        assert_eq!(
            name.text,
            "CN=Ив, O=\"ООО \"\"Ромашка\"\"\", C=RU, L=é, S=И, 1.2.3.4=#0001"
        );
        assert_eq!(name.part(oid::COMMON_NAME), Some("Ив"));
        assert_eq!(name.part(oid::SNILS), None);
    }

    #[test]
    fn control_and_direction_characters_are_not_passed_on() {
        let name = name(&[(CN, super::UTF8, "a\u{1b}[2J\u{202e}b".as_bytes())]);
        assert_eq!(name.text, "CN=a\u{FFFD}[2J\u{FFFD}b");
    }

    #[test]
    fn the_first_part_of_a_type_counts() {
        let name = name(&[(CN, super::UTF8, b"a"), (CN, super::UTF8, b"b")]);
        assert_eq!(name.text, "CN=a, CN=b");
        assert_eq!(name.part(oid::COMMON_NAME), Some("a"));
    }

    #[test]
    fn what_is_no_attribute_is_not_taken_for_one() {
        let form =
            |inside: &[u8]| canonical_name(&encode(tlv::SEQUENCE, &encode(tlv::SET, inside)));
        let kind = encode(tlv::OBJECT_IDENTIFIER, CN);
        let pair = [kind.clone(), encode(super::UTF8, b"a")].concat();
        assert_ne!(form(&pair), form(&encode(tlv::SEQUENCE, &pair)));
        // Tags that differ after their first byte.
        let tagged = |tag| encode(tlv::SEQUENCE, &[&kind[..], &[0x1F, tag, 1, b'a']].concat());
        assert_ne!(form(&tagged(0x20)), form(&tagged(0x21)));
    }

    #[test]
    fn what_tells_names_apart_and_what_does_not() {
        let form = |kind: &[u8], tag: u8, value: &[u8]| {
            let mut out = Vec::new();
            let der = der(&[(kind, tag, value)]);
            canonical(&Element::single(&der).unwrap(), &mut out);
            out
        };
        let plain = form(CN, super::UTF8, b"Test CA");
        assert_eq!(form(CN, super::PRINTABLE, b"test  ca "), plain);
        assert_eq!(form(CN, super::BMP, b"\0T\0E\0S\0T\0 \0C\0A"), plain);
        for (kind, tag, value) in [
            (CN, super::UTF8, b"TestCA".as_slice()),
            (CN, tlv::OCTET_STRING, b"Test CA"),
            (&[0x55, 0x04, 0x0A], super::UTF8, b"Test CA"),
        ] {
            assert_ne!(form(kind, tag, value), plain);
        }
    }
}

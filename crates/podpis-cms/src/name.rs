//! Decides how the name of a certificate's subject or issuer reads as text.
//!
//! **Invariant:** the text has no control or direction characters, so a certificate cannot rewrite
//! the terminal it is shown on.

use crate::element::{self, Element, Elements};
use crate::{FormatError, oid};

const UTF8: u8 = 0x0C;
const NUMERIC: u8 = 0x12;
const PRINTABLE: u8 = 0x13;
const TELETEX: u8 = 0x14;
const IA5: u8 = 0x16;
const VISIBLE: u8 = 0x1A;
const UNIVERSAL: u8 = 0x1C;
const BMP: u8 = 0x1E;

/// How a part of a name is labelled. What is not here is labelled with its OID.
const LABELS: &[(&str, &str)] = &[
    (oid::COMMON_NAME, "CN"),
    ("2.5.4.4", "SN"),
    ("2.5.4.42", "G"),
    ("2.5.4.12", "T"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.9", "STREET"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "S"),
    ("2.5.4.6", "C"),
    ("2.5.4.5", "serialNumber"),
    ("1.2.840.113549.1.9.1", "E"),
    (oid::INN, "INN"),
    (oid::INN_LE, "INNLE"),
    (oid::OGRN, "OGRN"),
    (oid::OGRNIP, "OGRNIP"),
    (oid::SNILS, "SNILS"),
];

/// A distinguished name, as read.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Name {
    /// `label=value, …` in the order of the certificate.
    pub(crate) text: String,
    parts: Vec<(String, String)>,
}

impl Name {
    /// Reads a `Name` element.
    pub(crate) fn read(name: &Element<'_>) -> Result<Self, FormatError> {
        let mut parts = Vec::new();
        let mut sets = name.inside();
        while !sets.is_empty() {
            let mut attributes = sets.expect(element::SET, "name")?.inside();
            while !attributes.is_empty() {
                parts.push(part(
                    attributes.expect(element::SEQUENCE, "name")?.inside(),
                )?);
            }
        }
        let text = parts
            .iter()
            .map(|(oid, value)| format!("{}={}", label(oid), quoted(value)))
            .collect::<Vec<_>>()
            .join(", ");
        Ok(Self { text, parts })
    }

    /// The first part of this type.
    pub(crate) fn part(&self, oid: &str) -> Option<&str> {
        self.parts
            .iter()
            .find(|part| part.0 == oid)
            .map(|part| part.1.as_str())
    }
}

fn part(mut attribute: Elements<'_>) -> Result<(String, String), FormatError> {
    let oid = attribute.expect(element::OBJECT_IDENTIFIER, "name")?;
    let value = attribute.any("name")?;
    attribute.end("name")?;
    Ok((oid::text(oid.content), text_of(&value)))
}

fn label(oid: &str) -> &str {
    LABELS
        .iter()
        .find(|known| known.0 == oid)
        .map_or(oid, |known| known.1)
}

/// Quoted as Windows does it when the value would be taken apart otherwise.
fn quoted(value: &str) -> String {
    if value.contains([',', '"', '+', ';', '=']) || value.trim() != value {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_owned()
    }
}

/// The text of a string type, or the content in hex after `#`.
fn text_of(value: &Element<'_>) -> String {
    let bytes = value.content;
    let text = match value.tag {
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
    };
    text.map_or_else(
        || format!("#{}", hex::encode(bytes)),
        |text| {
            text.chars()
                .map(|c| if is_shown(c) { c } else { '\u{FFFD}' })
                .collect()
        },
    )
}

fn is_shown(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::Name;
    use crate::element;
    use crate::oid;

    /// One RDN per `(type, tag, content)`; the types are given as DER content.
    fn name(parts: &[(&[u8], u8, &[u8])]) -> Name {
        let wrap = |tag: u8, content: &[u8]| {
            let mut out = vec![tag, u8::try_from(content.len()).unwrap()];
            out.extend_from_slice(content);
            out
        };
        let mut all = Vec::new();
        for (oid, tag, value) in parts {
            let pair = [wrap(element::OBJECT_IDENTIFIER, oid), wrap(*tag, value)].concat();
            all.extend(wrap(element::SET, &wrap(element::SEQUENCE, &pair)));
        }
        let der = wrap(element::SEQUENCE, &all);
        Name::read(&element::single(&der).unwrap()).unwrap()
    }

    const CN: &[u8] = &[0x55, 0x04, 0x03];

    #[test]
    fn every_string_type_is_read() {
        let name = name(&[
            (CN, super::BMP, &[0x04, 0x18, 0x04, 0x32]),
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
}

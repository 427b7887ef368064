//! Decides what a certificate thumbprint is and which ways of writing it are accepted.
//!
//! **Invariant:** a `Thumbprint` is 20 bytes and always prints as 40 upper-case hex digits, the
//! form both services take.

use std::fmt;
use std::str::FromStr;

use sha1::{Digest as _, Sha1};

/// SHA-1 of a certificate's DER: the name by which the services know a certificate.
///
/// ```
/// use podpis_cms::Thumbprint;
/// // As copied from the Windows certificate window, with its invisible first character.
/// let copied = "\u{200e}07 78 b8 ef d8 b4 c4 90 40 49 4c 15 35 5b 25 56 d2 95 77 74";
/// assert_eq!(
///     Thumbprint::parse(copied)?.to_string(),
///     "0778B8EFD8B4C49040494C15355B2556D2957774"
/// );
/// # Ok::<(), podpis_cms::ThumbprintError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thumbprint([u8; 20]);

impl Thumbprint {
    /// Of a certificate in DER. The bytes are not looked into.
    #[must_use]
    pub fn of(certificate_der: &[u8]) -> Self {
        Self(Sha1::digest(certificate_der).into())
    }

    /// Reads 40 hex digits in any letter case. Spaces, colons, hyphens and the invisible marks that
    /// come along when it is copied from Windows (U+200E and the like) are skipped.
    ///
    /// # Errors
    ///
    /// [`ThumbprintError`] says what is wrong; it never repeats the whole text.
    pub fn parse(text: &str) -> Result<Self, ThumbprintError> {
        let mut digits = String::with_capacity(40);
        for (index, character) in text.chars().enumerate() {
            if character.is_ascii_hexdigit() {
                digits.push(character);
            } else if !is_skipped(character) {
                return Err(ThumbprintError::Character {
                    character,
                    position: index + 1,
                });
            }
        }
        if digits.is_empty() {
            return Err(ThumbprintError::Empty);
        }
        let bytes = base16ct::mixed::decode_vec(&digits).ok();
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or(ThumbprintError::Length {
            found: digits.len(),
        })
    }

    /// The 20 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }
}

/// White space, separators, and the zero-width and direction marks.
fn is_skipped(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, ':' | '-' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}')
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base16ct::upper::encode_string(&self.0))
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Thumbprint({self})")
    }
}

impl FromStr for Thumbprint {
    type Err = ThumbprintError;

    fn from_str(text: &str) -> Result<Self, ThumbprintError> {
        Self::parse(text)
    }
}

/// Why the text is not a thumbprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ThumbprintError {
    /// No digits in it.
    #[error("the thumbprint is empty")]
    Empty,
    /// Not 40 digits.
    #[error("a thumbprint has 40 hex digits (SHA-1), not {found}")]
    Length {
        /// How many there are. 64 is a SHA-256 fingerprint, which the services do not take.
        found: usize,
    },
    /// A character that cannot stand in a thumbprint.
    #[error("character {position} of the thumbprint is {character:?}, not a hex digit")]
    Character {
        /// The character.
        character: char,
        /// Where it stands, from 1.
        position: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::{Thumbprint, ThumbprintError};

    const UPPER: &str = "0778B8EFD8B4C49040494C15355B2556D2957774";

    #[test]
    fn every_accepted_form_is_one_thumbprint() {
        let wanted = Thumbprint::parse(UPPER).unwrap();
        let pairs: Vec<&str> = (0..20).map(|i| &UPPER[2 * i..2 * i + 2]).collect();
        for text in [
            UPPER.to_lowercase(),
            pairs.join(" "),
            pairs.join(":"),
            pairs.join("-"),
            format!("\u{200e}{UPPER}"),
            format!("\u{feff} {UPPER}\r\n"),
        ] {
            assert_eq!(Thumbprint::parse(&text), Ok(wanted), "{text:?}");
        }
        assert_eq!(wanted.to_string(), UPPER);
        assert_eq!(format!("{wanted:?}"), format!("Thumbprint({UPPER})"));
        assert_eq!(UPPER.parse(), Ok(wanted));
    }

    #[test]
    fn an_error_says_what_is_wrong() {
        assert_eq!(Thumbprint::parse(" \u{200e}"), Err(ThumbprintError::Empty));
        assert_eq!(
            Thumbprint::parse(&UPPER[1..]),
            Err(ThumbprintError::Length { found: 39 })
        );
        assert_eq!(
            Thumbprint::parse(&"ab".repeat(32)),
            Err(ThumbprintError::Length { found: 64 })
        );
        // A Cyrillic С among Latin digits looks right and is not.
        assert_eq!(
            Thumbprint::parse(&UPPER.replace('C', "\u{421}")),
            Err(ThumbprintError::Character {
                character: '\u{421}',
                position: 13
            })
        );
        assert_eq!(
            Thumbprint::parse(&UPPER.replace('C', "\u{421}"))
                .unwrap_err()
                .to_string(),
            "character 13 of the thumbprint is 'С', not a hex digit"
        );
    }

    #[test]
    fn of_a_certificate() {
        assert_eq!(
            Thumbprint::of(include_bytes!("../tests/fixtures/gost/user256.crt.der")).to_string(),
            include_str!("../tests/fixtures/gost/user256.thumbprint.txt").trim()
        );
    }
}

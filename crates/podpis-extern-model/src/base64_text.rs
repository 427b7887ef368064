//! Decides how bytes inside JSON are held and shown.
//!
//! **Invariant:** the text is kept as it came and decoded on demand, so that one broken content does not make a
//! whole list unreadable; `Debug` shows its length only, for it is a document, a certificate or a signature.

use std::fmt;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use serde::{Deserialize, Serialize};

use crate::{ReadError, ReadProblem};

/// Writes with padding, reads with or without it.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Bytes as a text of base64.
#[derive(Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Base64(String);

impl Base64 {
    /// Writes bytes: one line, with padding.
    #[must_use]
    pub fn encode(bytes: impl AsRef<[u8]>) -> Self {
        Self(ENGINE.encode(bytes))
    }

    /// The bytes. Line breaks in the text are skipped, and padding may be absent.
    ///
    /// # Errors
    /// [`ReadProblem::InvalidValue`] when the text is not base64.
    pub fn decode(&self) -> Result<Vec<u8>, ReadError> {
        decode(&self.0, "")
    }

    /// The text as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }
}

/// The bytes of the text in `field`.
pub(crate) fn decode(text: &str, field: &str) -> Result<Vec<u8>, ReadError> {
    let line;
    let text = if text.bytes().any(|byte| byte.is_ascii_whitespace()) {
        line = text.split_ascii_whitespace().collect::<String>();
        line.as_str()
    } else {
        text
    };
    let bytes = ENGINE.decode(text);
    bytes.map_err(|_| ReadError::new(ReadProblem::InvalidValue, field))
}

/// Whether an optional text of base64 has something in it.
pub(crate) fn is_filled(text: Option<&Base64>) -> bool {
    text.is_some_and(|text| !text.is_empty())
}

impl From<String> for Base64 {
    /// Takes a text that is base64 already.
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} characters of base64", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_and_absent_padding_are_no_obstacle() {
        for text in ["AQIDBA==", "AQIDBA", "AQID\r\nBA==\n"] {
            let text = Base64::from(text.to_owned());
            assert_eq!(text.decode().unwrap(), [1, 2, 3, 4]);
        }
        assert_eq!(Base64::encode([1, 2, 3, 4]).as_str(), "AQIDBA==");
        assert_eq!(Base64::encode([0; 100]).as_str().lines().count(), 1);
    }

    #[test]
    fn neither_debug_nor_an_error_shows_the_text() {
        let text = Base64::from("s3cret!".to_owned());
        assert_eq!(format!("{text:?}"), "7 characters of base64");
        let error = text.decode().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("s3cret"));
    }
}

//! Decides what a person means who types or pastes a code.
//!
//! Nothing promises that a code is six digits, so its length and letters are left to the service; what cannot be a code is
//! never sent, because every wrong code uses up one of a few tries.
//!
//! **Invariant:** what is sent is what was typed without what only looks like a gap, and nothing else is changed.

use crate::hidden::is_hidden;

/// How many letters and digits a code has.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=16;

/// The code in what was typed; none where there is none.
pub(super) fn typed(text: &str) -> Option<String> {
    let is_gap = |c: char| c.is_whitespace() || is_hidden(c) || is_dash(c);
    let code: String = text.chars().filter(|&c| !is_gap(c)).collect();
    // Digits come in groups; where there are letters too, words are a sentence.
    let is_digits = code.chars().all(|c| c.is_ascii_digit());
    let is_one_word = || text.split_whitespace().count() == 1;
    let is_code = code.chars().all(|c| c.is_ascii_alphanumeric())
        && code.contains(|c: char| c.is_ascii_digit())
        && (is_digits || is_one_word())
        && LENGTHS.contains(&code.len());
    is_code.then_some(code)
}

/// Hyphens, dashes and the minus.
fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same code in the ways in which messages, clipboards and consoles spell it.
    fn spellings(code: &str) -> [String; 8] {
        let (first, last) = code.split_at(code.len() / 2);
        [
            format!("{first} {last}"),
            format!("{first}-{last}"),
            format!("{first}\u{2013}{last}"),
            format!("\u{a0}{first}\u{202f}{last}\t"),
            format!("\u{feff}{code}"),
            format!("\u{200e}{code}\u{200f}"),
            format!("\u{202a}{first}\u{2011}{last}\u{202c}"),
            code.chars().flat_map(|c| [c, ' ']).collect(),
        ]
    }

    #[test]
    fn gaps_are_no_part_of_a_code() {
        for spelled in spellings("171847") {
            assert_eq!(typed(&spelled).as_deref(), Some("171847"), "{spelled:?}");
        }
        for code in ["000", "0034", "A1B2c3d4", "1234567890123456"] {
            assert_eq!(typed(code).as_deref(), Some(code));
        }
    }

    #[test]
    fn what_cannot_be_a_code_is_none() {
        for text in [
            "",
            " - ",
            "12",
            "12345678901234567",
            "yes",
            "code: 171847",
            "code 171847",
            "код 171847",
            "171847!",
            "171.847",
            "https://example.org/1",
        ] {
            assert_eq!(typed(text), None, "{text:?}");
        }
    }
}

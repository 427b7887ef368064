//! Decides which characters nobody is shown as they are: those that move the cursor, turn the text around it, or are
//! not seen at all.
//!
//! Names and words come from services, files and people, and a terminal obeys what is in them. A name that is shown
//! in another order than it has, or a line that somebody else began, is how a person is made to confirm the wrong thing.
//!
//! **Invariant:** all that the program writes for people goes through [`one_line`], and all that it writes for programs
//! through [`in_json`]; what stands for a hidden character is as wide as any other, so that tables stay straight.

use std::fmt::Write as _;

/// Whether a terminal shows this character as nothing, or obeys it.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// The text in one line: a space for what breaks lines and moves the cursor, and U+FFFD for what hides itself, so that
/// it is seen that something is there.
pub(crate) fn one_line(text: &str) -> String {
    let shown = |c: char| match c {
        '\u{2028}' | '\u{2029}' => ' ',
        c if c.is_control() => ' ',
        c if is_hidden(c) => '\u{fffd}',
        c => c,
    };
    text.chars().map(shown).collect()
}

/// JSON with hidden characters as `\uXXXX`. They stand only inside of strings there, where that means the same.
pub(crate) fn in_json(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string does not fail.
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_moves_the_cursor_or_hides() {
        for (text, expected) in [
            ("Акт № 1 – «Ромашка».xml", "Акт № 1 – «Ромашка».xml"),
            ("a\nb\r\nc\td", "a b  c d"),
            ("\u{1b}[2J\u{9b}31m\u{7f}\0", " [2J 31m  "),
            (
                "act\u{202e}fdp.exe\u{2066}\u{200b}",
                "act\u{fffd}fdp.exe\u{fffd}\u{fffd}",
            ),
            ("a\u{2028}b\u{2029}c\u{85}d", "a b c d"),
            (
                "\u{61c}\u{feff}\u{e0041}\u{ad}",
                "\u{fffd}\u{fffd}\u{fffd}\u{fffd}",
            ),
        ] {
            assert_eq!(one_line(text), expected, "{text:?}");
            assert!(!one_line(text).chars().any(is_hidden));
        }
    }

    #[test]
    fn json_means_the_same_and_is_plain() {
        let value =
            json!({ "a\u{202e}\n": "\u{7f}\u{9b}\u{200b}\u{feff}\u{e0041}\\u202e", "б": [1] });
        let text = in_json(&value.to_string());
        assert!(!text.chars().any(is_hidden), "{text}");
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read, value);
    }
}

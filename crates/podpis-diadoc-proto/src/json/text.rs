//! Takes out of a JSON text what the service tolerates and JSON does not have: a byte order mark, comments and commas
//! before a closing bracket.
//!
//! **Invariant:** strings are left as they are, and the work is proportional to the text.

use std::borrow::ToOwned as _;
use std::string::String;

/// The text without all that; none when it is not UTF-8.
pub(super) fn plain(text: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(text).ok()?;
    let mut rest = text.trim_start_matches('\u{feff}');
    let mut plain = String::with_capacity(rest.len());
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '"' => string(rest),
            '/' => {
                rest = behind_comment(rest);
                continue;
            }
            ']' | '}' => {
                let kept = plain.trim_end().len();
                if plain[..kept].ends_with(',') {
                    plain.truncate(kept - 1);
                }
                first.len_utf8()
            }
            _ => first.len_utf8(),
        };
        let (now, later) = rest.split_at(taken);
        plain.push_str(now);
        rest = later;
    }
    Some(plain.trim().to_owned())
}

/// Length of the string at the start, its quotes included; one without an end reaches to the end of the text.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, one) in text.char_indices().skip(1) {
        match one {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// What follows the comment at the start. A slash that begins none is dropped; outside of strings JSON has none.
fn behind_comment(text: &str) -> &str {
    if let Some(line) = text.strip_prefix("//") {
        return line.find('\n').map_or("", |end| &line[end..]);
    }
    match text.strip_prefix("/*") {
        Some(block) => block.find("*/").map_or("", |end| &block[end + 2..]),
        None => &text[1..],
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_json_lacks_is_taken_out_and_strings_stay() {
        for (text, expected) in [
            (r#"{"a": 1,}"#, r#"{"a": 1}"#),
            ("\u{feff}{\"a\": [1, 2 , ],\n}", "{\"a\": [1, 2 ]}"),
            (r#"{"a": ",}" , } "#, r#"{"a": ",}" }"#),
            ("{ // one\n\"a\": /* two */ 1}", "{ \n\"a\":  1}"),
            (r#"{"a": "// \" ,]"}"#, r#"{"a": "// \" ,]"}"#),
            (r#"{"a"#, r#"{"a"#),
            ("  ", ""),
        ] {
            assert_eq!(plain(text.as_bytes()).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(plain(b"\xff"), None);
    }
}

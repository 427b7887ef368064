//! Changes of JSON, token by token: values are replaced, nested and repeated, members come twice, numbers are huge.
//!
//! *Invariant:* text is changed and not a tree, which could hold neither a member twice nor a number that is too large.

use std::ops::Range;

use super::bytes::change_bytes;
use super::numbers::Numbers;

/// Values that are hardly ever expected.
const ODD: [&str; 20] = [
    "null",
    "true",
    "\"\"",
    "[]",
    "{}",
    "0",
    "-1",
    "1e400",
    "-1e-400",
    "18446744073709551616",
    "9223372036854775808",
    "0.1",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "\"9999-12-31T23:59:59.9999999+14:00\"",
    "\"0001-01-01T00:00:00\"",
    "\"/w==\"",
    "[[null]]",
    "{\"\":{}}",
    "nul",
];

pub(super) fn change_json(bytes: &mut Vec<u8>, other: &[u8], numbers: &mut Numbers) {
    let tokens = tokens(bytes);
    let values: Vec<Range<usize>> = (0..tokens.len())
        .filter_map(|at| value(bytes, &tokens, at))
        .collect();
    if values.is_empty() {
        return change_bytes(bytes, other, numbers);
    }
    let at = numbers.one_of(&values).clone();
    let old = bytes[at.clone()].to_vec();
    let new = match numbers.below(9) {
        0 | 1 => numbers.one_of(&ODD).as_bytes().to_vec(),
        2 => numbers
            .byte()
            .to_string()
            .repeat(numbers.times())
            .into_bytes(),
        3 => {
            let length = numbers.times();
            format!("\"{}\"", "я\\n".repeat(length)).into_bytes()
        }
        4 => {
            let depth = numbers.times().min(1_000);
            [&b"[".repeat(depth)[..], &old, &b"]".repeat(depth)].concat()
        }
        5 => {
            let depth = numbers.times().min(1_000);
            [&b"{\"a\":".repeat(depth)[..], &old, &b"}".repeat(depth)].concat()
        }
        6 => {
            // In a list these are elements; in an object the members that follow have no names.
            let times = numbers.times();
            let mut all = [&old[..], b","].concat().repeat(times);
            all.extend_from_slice(&old);
            all
        }
        7 => {
            let there = self::tokens(other);
            let values: Vec<_> = (0..there.len())
                .filter_map(|at| value(other, &there, at))
                .collect();
            if values.is_empty() {
                return;
            }
            other[numbers.one_of(&values).clone()].to_vec()
        }
        _ => return member_again(bytes, &tokens, numbers),
    };
    bytes.splice(at, new);
}

/// Puts a member of an object there again and again.
fn member_again(bytes: &mut Vec<u8>, tokens: &[Range<usize>], numbers: &mut Numbers) {
    let names: Vec<usize> = (1..tokens.len())
        .filter(|at| &bytes[tokens[*at].clone()] == b":")
        .collect();
    let Some(colon) = (!names.is_empty()).then(|| *numbers.one_of(&names)) else {
        return;
    };
    let Some(value) = value(bytes, tokens, colon + 1) else {
        return;
    };
    let start = tokens[colon - 1].start;
    let member = [&bytes[start..value.end], b","].concat();
    let times = numbers.times();
    bytes.splice(start..start, member.repeat(times));
}

/// Where each token stands; what is none is one byte.
fn tokens(text: &[u8]) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let start = at;
        at += 1;
        match byte {
            b' ' | b'\n' | b'\r' | b'\t' => continue,
            b'"' => {
                while text.get(at).is_some_and(|byte| *byte != b'"') {
                    at += if text[at] == b'\\' { 2 } else { 1 };
                }
                at = (at + 1).min(text.len());
            }
            b'{' | b'}' | b'[' | b']' | b':' | b',' => {}
            _ => {
                let is_inside = |byte: &u8| !b" \n\r\t\"{}[]:,".contains(byte);
                at += text[at..].iter().take_while(|byte| is_inside(byte)).count();
            }
        }
        tokens.push(start..at);
    }
    tokens
}

/// The value that begins with this token.
fn value(text: &[u8], tokens: &[Range<usize>], at: usize) -> Option<Range<usize>> {
    let first = tokens.get(at)?;
    match text[first.start] {
        b'{' | b'[' => {
            let mut depth = 0_usize;
            for token in &tokens[at..] {
                match text[token.start] {
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    return Some(first.start..token.end);
                }
            }
            None
        }
        b'}' | b']' | b':' | b',' => None,
        _ => Some(first.clone()),
    }
}

//! Takes out of Rust text what is not code of the program.
//!
//! *Invariant:* line numbers do not change: what is taken out becomes spaces, line ends stay.

use std::ops::Range;

/// Whether the character can be a part of a name.
pub(super) fn is_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The text with comments, string literals and character literals blanked.
pub(crate) fn without_comments_and_literals(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < characters.len() {
        let after_name = at > 0 && is_name(characters[at - 1]);
        let end = match (characters[at], characters.get(at + 1)) {
            ('/', Some('/')) => line_comment(&characters, at),
            ('/', Some('*')) => block_comment(&characters, at),
            ('"', _) => string(&characters, at),
            ('r', Some('"' | '#')) if !after_name || characters[at - 1] == 'b' => {
                raw_string(&characters, at)
            }
            ('\'', _) => character(&characters, at),
            _ => at,
        };
        if end == at {
            code.push(characters[at]);
            at += 1;
        } else {
            code.extend(
                characters[at..end]
                    .iter()
                    .map(|&taken| if taken == '\n' { '\n' } else { ' ' }),
            );
            at = end;
        }
    }
    code
}

/// The code with every `#[cfg(test)]` item blanked: a module, a function, an import. Expects text that has no
/// comments and literals left.
pub(super) fn without_test_items(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut end = 0;
    for item in test_items(code) {
        kept.push_str(&code[end..item.start]);
        kept.extend(
            code[item.clone()]
                .chars()
                .map(|taken| if taken == '\n' { '\n' } else { ' ' }),
        );
        end = item.end;
    }
    kept.push_str(&code[end..]);
    kept
}

/// Where the `#[cfg(test)]` items are, each with its attribute. Expects text that has no comments and literals left.
pub(crate) fn test_items(code: &str) -> Vec<Range<usize>> {
    const ATTRIBUTE: &str = "#[cfg(test)]";
    let mut items = Vec::new();
    let mut from = 0;
    while let Some(start) = code[from..].find(ATTRIBUTE).map(|at| from + at) {
        from = start + item_length(&code[start..]);
        items.push(start..from);
    }
    items
}

/// Length of an item: up to its `;`, or to the brace that closes its body.
fn item_length(item: &str) -> usize {
    let mut depth = 0_usize;
    for (at, character) in item.char_indices() {
        match character {
            ';' if depth == 0 => return at + 1,
            '(' | '[' | '{' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    item.len()
}

fn line_comment(characters: &[char], start: usize) -> usize {
    characters[start..]
        .iter()
        .position(|&character| character == '\n')
        .map_or(characters.len(), |length| start + length)
}

/// Block comments nest.
fn block_comment(characters: &[char], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while at < characters.len() {
        match (characters[at], characters.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    characters.len()
}

fn string(characters: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < characters.len() {
        match characters[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    characters.len()
}

/// `r"…"` and `r#"…"#`; `start` itself when it is only a raw name such as `r#type`.
fn raw_string(characters: &[char], start: usize) -> usize {
    let hashes = characters[start + 1..]
        .iter()
        .take_while(|&&character| character == '#')
        .count();
    let open = start + 1 + hashes;
    if characters.get(open) != Some(&'"') {
        return start;
    }
    let mut at = open + 1;
    while at < characters.len() {
        let closes = characters[at] == '"'
            && characters[at + 1..]
                .iter()
                .take_while(|&&character| character == '#')
                .count()
                >= hashes;
        if closes {
            return at + 1 + hashes;
        }
        at += 1;
    }
    characters.len()
}

/// `'a'`, `'\n'` or `'\u{20}'`; `start` itself when it is a lifetime.
fn character(characters: &[char], start: usize) -> usize {
    if characters.get(start + 1) == Some(&'\\') {
        let close = characters
            .iter()
            .skip(start + 3)
            .position(|&character| character == '\'');
        return close.map_or(characters.len(), |length| start + 3 + length + 1);
    }
    if characters.get(start + 2) == Some(&'\'') {
        start + 3
    } else {
        start
    }
}

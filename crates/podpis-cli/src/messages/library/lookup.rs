//! How the Russian of a sentence is found: by its form, and what stands in its places is found in turn.
//!
//! **Invariant:** it ends soon, whatever is looked up, and gives no English sentence.

use std::cell::Cell;

use super::known::without_marks;
use super::sentences::SENTENCES;
use super::{service, system};
use crate::messages::counted::in_russian as counted;

/// The Russian of what was said; none where a part of it has none.
pub(super) fn sentence(said: &str) -> Option<String> {
    looked_up(said, &LOOKUPS.into())
}

/// So many parts of one text are looked up: what a service says may look as if it had many.
pub(super) const LOOKUPS: u32 = 500;

fn looked_up(said: &str, left: &Cell<u32>) -> Option<String> {
    left.set(left.get().checked_sub(1)?);
    let kept = service::kept_in_russian(said).or_else(|| system::kept_in_russian(said));
    if kept.is_some() {
        return kept;
    }
    if let Some((words, marks)) = without_marks(said) {
        return Some(looked_up(words, left)? + marks);
    }
    let mut forms = SENTENCES.iter();
    forms
        .find_map(|form| of_form(form, said, left))
        .or_else(|| in_parts(said, left))
        .or_else(|| is_data(said).then(|| said.to_owned()))
}

/// The Russian of the library's sentence that this is.
pub(super) fn of_form(
    (english, russian): &(&str, &str),
    said: &str,
    left: &Cell<u32>,
) -> Option<String> {
    filled(russian, &parts(english, said)?, left)
}

/// The Russian of what stands before the first stop or bracket, and of what stands behind it.
fn in_parts(said: &str, left: &Cell<u32>) -> Option<String> {
    let stops = [": ", "; ", ", ", " ("];
    let found = stops
        .iter()
        .filter_map(|stop| Some((said.find(stop)?, *stop)));
    let (end, stop) = found.min()?;
    let (before, behind) = (&said[..end], &said[end + stop.len()..]);
    let part = |part: &str| match part {
        "" => Some(String::new()),
        part => looked_up(part, left),
    };
    let before = part(before)?;
    let (inside, behind) = match stop {
        " (" => behind
            .split_once(')')
            .map(|(inside, behind)| (Some(inside), behind))?,
        _ => (None, behind),
    };
    match inside {
        None => Some(before + stop + &part(behind)?),
        Some(inside) => {
            let begins = stops.iter().find(|stop| behind.starts_with(**stop));
            let stop = begins.copied().unwrap_or_default();
            let behind = part(&behind[stop.len()..])?;
            Some(format!("{before} ({}){stop}{behind}", part(inside)?))
        }
    }
}

/// What stands in the places of the form, where it is one of this form.
fn parts<'s>(form: &str, said: &'s str) -> Option<Vec<&'s str>> {
    let mut pieces = form.split("{}");
    let mut rest = said.strip_prefix(pieces.next()?)?;
    let mut parts = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let end = match (piece, pieces.peek()) {
            ("", None) => rest.len(),
            (_, None) => rest.strip_suffix(piece)?.len(),
            _ => rest.find(piece)?,
        };
        parts.push(&rest[..end]);
        rest = &rest[end + piece.len()..];
    }
    rest.is_empty().then_some(parts)
}

/// The Russian with its places filled in. `{0|байт|байта|байт}` is a number with its noun.
fn filled(russian: &str, parts: &[&str], left: &Cell<u32>) -> Option<String> {
    let mut text = String::new();
    let mut rest = russian;
    while let Some((before, behind)) = rest.split_once('{') {
        let (place, behind) = behind.split_once('}')?;
        let mut words = place.split('|');
        let part = *parts.get(words.next()?.parse::<usize>().ok()?)?;
        let forms = (words.next(), words.next(), words.next());
        let told = match (forms, part) {
            (_, "") => String::new(),
            ((Some(one), Some(few), Some(many)), number) => match number.parse() {
                Ok(number) => counted(number, [one, few, many]),
                Err(_) => format!("{number} {many}"),
            },
            _ => looked_up(part, left)?,
        };
        text = text + before + &told;
        rest = behind;
    }
    Some(text + rest)
}

/// A name, a number or words in Russian, and no English sentence: that has three words of small Latin letters in a row, or
/// begins as sentences do.
fn is_data(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_word = |word: &&str| {
        word.chars()
            .all(|c| c.is_ascii_lowercase() || ",.:;'".contains(c))
    };
    let has_extension =
        |name: &&str| matches!(name.rsplit_once('.'), Some((_, end)) if !end.is_empty());
    let is_file = text.starts_with('/') || words.last().is_some_and(has_extension);
    let begins = [
        "the", "a", "an", "it", "its", "there", "no", "not", "nothing",
    ];
    let is_sentence = words.len() > 1 && begins.contains(&words[0])
        || words.windows(3).any(|three| three.iter().all(is_word));
    is_file || !is_sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_nest_and_keep_names_and_the_services_words() {
        for (said, expected) in [
            (
                "act.xml is empty: there is nothing to send",
                "act.xml пуст: отправлять нечего",
            ),
            (
                "act.xml could not be put on the shelf (ShelfUpload: the service answered 500 (a failure of its own): \
                 Не сложилось [trace id 7]); nothing was started",
                "act.xml не удалось положить на полку (ShelfUpload: сервис ответил 500 (сбой сервиса): «Не сложилось» \
                 [идентификатор запроса: 7]); ничего не начато",
            ),
            (
                "DssSign: no answer: the connection broke before the answer was complete",
                "DssSign: нет ответа: соединение оборвалось до конца ответа",
            ),
            (
                "act of many things.xml is a folder",
                "act of many things.xml — папка",
            ),
            (
                "the operation is still at work after 60 s and 1 polls; it goes on at the service and can be resumed",
                "операция всё ещё в работе (прошло 60 с, 1 опрос); она идёт у сервиса, её можно продолжить",
            ),
            (
                "a.xml has 22 bytes, and the service takes at most 3 (X)",
                "a.xml: 22 байта, а сервис принимает не больше 3 (X)",
            ),
        ] {
            assert_eq!(sentence(said).as_deref(), Some(expected), "{said}");
        }
        for unknown in [
            "nobody has said that before",
            "a.xml cannot be read: such a thing happens",
        ] {
            assert_eq!(sentence(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn every_place_of_a_sentence_stands_in_its_russian() {
        for (english, russian) in SENTENCES.iter() {
            let places = english.matches("{}").count();
            let stands = |place: usize| {
                let beginnings = [format!("{{{place}}}"), format!("{{{place}|")];
                beginnings.iter().any(|one| russian.contains(one))
            };
            for place in 0..places {
                assert!(stands(place), "{english}: {place}");
            }
            assert!(!stands(places), "{english}");
            assert!(!russian.contains('–'), "a dash is —: {russian}");
        }
    }

    #[test]
    fn what_never_ends_is_given_up() {
        let said = "document a: ".repeat(40) + "nobody has said that";
        assert_eq!(sentence(&said), None);
    }
}

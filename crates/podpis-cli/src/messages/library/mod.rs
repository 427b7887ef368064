//! What the library says, in Russian.
//!
//! | module | has |
//! |---|---|
//! | `sentences` | the library's sentences with their Russian |
//! | `meaning` | what a failure means for the signature, and what to do |
//!
//! A sentence is found by its form, with what it is about in the place of `{}`, and that is put into Russian in turn. What has
//! no Russian is not told in English: the kind of the failure is told, and `--verbose` shows the library's own words.
//!
//! **Invariant:** no English sentence comes out of here; names, numbers and the service's Russian do.

mod meaning;
mod sentences;

use podpis::{Error, ErrorChain, ErrorKind};

use super::Language;
use sentences::SENTENCES;

/// A failure of the library, and what it means for the signature where that is known.
pub(crate) fn told(error: &Error, language: Language) -> (String, Option<String>) {
    let meaning = error.meaning();
    let said = ErrorChain(error).to_string();
    let what = match &meaning {
        Some(meaning) => said.strip_suffix(&format!(". {meaning}.")).unwrap_or(&said),
        None => &said,
    };
    match language {
        Language::English => (what.to_owned(), meaning.map(|meaning| meaning.to_string())),
        Language::Russian => (
            beginning(what).unwrap_or_else(|| kind(error)),
            meaning.as_ref().map(meaning::in_russian),
        ),
    }
}

/// The cause of a failure that the program found.
pub(crate) fn cause(error: &(dyn std::error::Error + 'static), language: Language) -> String {
    let said = ErrorChain(error).to_string();
    match language {
        Language::English => said,
        Language::Russian => words(&said),
    }
}

/// Words of the library, in Russian.
pub(crate) fn words(said: &str) -> String {
    beginning(said).unwrap_or_else(|| DETAILS.to_owned())
}

/// Where the library's own words are.
const DETAILS: &str = "подробности: --verbose";

/// The Russian of what was said, as far as it has one: what follows a colon may be left out.
fn beginning(said: &str) -> Option<String> {
    sentence(said).or_else(|| {
        let mut ends = said.rmatch_indices(": ").map(|(end, _)| &said[..end]);
        let known = ends.find_map(sentence)?;
        Some(format!("{known}; {DETAILS}"))
    })
}

/// The Russian of what was said; none where a part of it has none.
fn sentence(said: &str) -> Option<String> {
    if let Some(answer) = answered(said) {
        return Some(answer);
    }
    // Of what the system says the number is enough, where the words are not known.
    let system = || {
        let (_, number) = said.rsplit_once(" (os error ")?;
        let number: u32 = number.strip_suffix(')')?.parse().ok()?;
        Some(format!("ошибка системы {number}"))
    };
    let known = SENTENCES
        .iter()
        .find_map(|(english, russian)| filled(russian, &parts(english, said)?));
    known
        .or_else(|| is_data(said).then(|| said.to_owned()))
        .or_else(system)
}

/// What the service answered: of its words those that are Russian.
fn answered(said: &str) -> Option<String> {
    let (endpoint, answer) = said.split_once(": the service answered ")?;
    let status: String = answer.chars().take_while(char::is_ascii_digit).collect();
    let (words, trace) = match answer.split_once(" [trace id ") {
        Some((words, trace)) => (words, format!(" [trace id {trace}")),
        None => (answer, String::new()),
    };
    let words = words.split_once(": ").map(|(_, words)| words);
    let words = words.filter(|words| words.contains(is_cyrillic));
    let words = words.map(|words| format!(": {words}")).unwrap_or_default();
    is_data(endpoint).then(|| format!("{endpoint}: сервис ответил {status}{words}{trace}"))
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

/// The Russian with its places filled in.
fn filled(russian: &str, parts: &[&str]) -> Option<String> {
    let mut text = russian.to_owned();
    for (place, part) in parts.iter().enumerate().rev() {
        let part = match *part {
            "" => String::new(),
            part => sentence(part)?,
        };
        text = text.replace(&format!("{{{place}}}"), &part);
    }
    Some(text)
}

/// A name, a number or words in Russian, and no English sentence: that has three words of small Latin letters in a row.
fn is_data(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_word = |word: &&str| {
        word.chars()
            .all(|c| c.is_ascii_lowercase() || ",.:;'".contains(c))
    };
    let has_extension =
        |name: &&str| matches!(name.rsplit_once('.'), Some((_, end)) if !end.is_empty());
    let is_file = text.starts_with('/') || words.last().is_some_and(has_extension);
    is_file || !words.windows(3).any(|three| three.iter().all(is_word))
}

fn is_cyrillic(letter: char) -> bool {
    ('\u{400}'..='\u{4ff}').contains(&letter)
}

/// What the failure is, where its words have no Russian.
fn kind(error: &Error) -> String {
    let what = match error.kind() {
        ErrorKind::InvalidInput => "аргумент, файл или настройка не годится",
        ErrorKind::NoAnswer => "нет ответа",
        ErrorKind::Service => "сервис отказал",
        ErrorKind::UnreadableAnswer => "ответ сервиса не читается",
        ErrorKind::Login => "войти не удалось",
        ErrorKind::Refused => "результата не будет",
        ErrorKind::Deadline => "срок вышел",
        ErrorKind::CannotTell => "неизвестно, дошёл ли запрос",
        ErrorKind::Journal => "журнал не сработал",
        ErrorKind::Prompt => "кода не дали",
        ErrorKind::Signature => "пришли не подписи этих файлов",
        ErrorKind::NotTrusted => "подписавшему нельзя доверять",
        _ => "не вышло",
    };
    let endpoint = error.service().map(|answer| {
        let status = answer.status.as_u16();
        format!(" ({}, {status})", answer.endpoint)
    });
    format!("{what}{}; {DETAILS}", endpoint.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_nest_and_keep_names_and_the_services_russian() {
        for (said, expected) in [
            (
                "act.xml is empty: there is nothing to send",
                "act.xml пуст: отправлять нечего",
            ),
            (
                "act.xml could not be put on the shelf (ShelfUpload: the service answered 500 (internal error): \
                 Не сложилось [trace id 7]); nothing was started",
                "act.xml не удалось положить на полку (ShelfUpload: сервис ответил 500: Не сложилось [trace id 7]); \
                 ничего не начато",
            ),
            (
                "DssSign: no answer: the connection broke before the answer was complete",
                "DssSign: нет ответа: соединение оборвалось до конца ответа",
            ),
            (
                "act of many things.xml is a folder",
                "act of many things.xml – папка",
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
    fn what_has_no_russian_is_told_by_its_kind() {
        let error = Error::new(ErrorKind::InvalidInput, "nobody has said that before");
        let (what, meaning) = told(&error, Language::Russian);
        assert_eq!(
            what,
            "аргумент, файл или настройка не годится; подробности: --verbose"
        );
        assert_eq!(meaning.as_deref(), Some("Ничего не начато"));
    }

    #[test]
    fn every_place_of_a_sentence_stands_in_its_russian() {
        for (english, russian) in SENTENCES {
            let places = english.matches("{}").count();
            for place in 0..places {
                assert!(
                    russian.contains(&format!("{{{place}}}")),
                    "{english}: {place}"
                );
            }
            assert!(!russian.contains(&format!("{{{places}}}")), "{english}");
        }
    }
}

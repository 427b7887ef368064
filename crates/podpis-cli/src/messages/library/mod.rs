//! What the library says, in Russian.
//!
//! | module | has |
//! |---|---|
//! | `known` | what a failure holds as data, in the place of its English |
//! | `service`, `refusal`, `system` | what a service answered, why there is no result, what the system says |
//! | `meaning` | what a failure means for the signature, and what to do |
//! | `sentences`, `lookup` | the library's sentences with their Russian, and how one is found |
//!
//! What is known as data is told by it. A sentence around that is found by its form, with what it is about in the place of
//! `{}`, and that is put into Russian in turn. What has no Russian is not told in English: the kind of the failure is told,
//! and `--verbose` shows the library's own words.
//!
//! **Invariant:** no English sentence comes out of here, but a service's own words in quotes; names and numbers do.

mod known;
mod lookup;
mod meaning;
mod refusal;
mod sentences;
mod service;
mod system;

use std::error::Error as StdError;

use podpis::{Error, ErrorChain, ErrorKind};

use super::Language;
use known::Known;
use lookup::{LOOKUPS, of_form, sentence};
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
        Language::English => (
            without_code(what, error),
            meaning.map(|meaning| meaning.to_string()),
        ),
        Language::Russian => (
            in_russian(what, &Known::of(error)).unwrap_or_else(|| kind(error)),
            meaning.as_ref().map(meaning::in_russian),
        ),
    }
}

/// Where a service has words for people, its code is for programs.
fn without_code(said: &str, error: &Error) -> String {
    let answer = error.service();
    let both = answer.and_then(|answer| Some((answer.code.as_ref()?, answer.message.as_ref()?)));
    match both {
        Some((code, words)) => {
            said.replacen(&format!(": {code}: {words}"), &format!(": {words}"), 1)
        }
        None => said.to_owned(),
    }
}

/// The cause of a failure that the program found.
pub(crate) fn cause(error: &(dyn StdError + 'static), language: Language) -> String {
    let said = ErrorChain(error).to_string();
    match language {
        Language::English => said,
        Language::Russian => {
            let known = Known::of(error);
            // Others wrap what the system says into words of their own.
            let innermost = || known.innermost().map(|words| format!("{words}; {DETAILS}"));
            let told = in_russian(&said, &known).or_else(innermost);
            told.unwrap_or_else(|| DETAILS.to_owned())
        }
    }
}

/// Words of the library, in Russian.
pub(crate) fn words(said: &str) -> String {
    beginning(said).unwrap_or_else(|| DETAILS.to_owned())
}

/// Why something was refused: a sentence of the library, or the service's own words.
pub(crate) fn reason(said: &str, language: Language) -> String {
    match (language, sentence(said).filter(|told| is_russian(told))) {
        (Language::English, _) => said.to_owned(),
        (Language::Russian, Some(russian)) => russian,
        (Language::Russian, None) => format!("«{said}»"),
    }
}

/// The Russian of what a failure says.
fn in_russian(said: &str, known: &Known) -> Option<String> {
    beginning(&known.marked(said)).map(|russian| known.unmarked(russian))
}

/// Where the library's own words are.
pub(crate) const DETAILS: &str = "подробности: --verbose";

/// The Russian of what was said, as far as it has one: what follows a colon may be left out, but not the last cause where that
/// is known.
fn beginning(said: &str) -> Option<String> {
    sentence(said).or_else(|| {
        let mut ends = said.rmatch_indices(": ").map(|(end, _)| &said[..end]);
        let known = ends.find_map(sentence).filter(|told| is_russian(told))?;
        let last = said.rsplit(": ").next().filter(|last| known::is_one(last));
        Some(match last {
            Some(last) => format!("{known}: {last}"),
            None => format!("{known}; {DETAILS}"),
        })
    })
}

/// Whether it says something: a name alone says nothing.
fn is_russian(text: &str) -> bool {
    text.contains(|letter| ('\u{400}'..='\u{4ff}').contains(&letter) || known::is_mark(letter))
}

/// The Russian of what the library says where a service said nothing that could be told.
fn in_place_of_words(said: &str) -> Option<String> {
    let own = [
        "an HTML page instead of an answer",
        "it is in the encoding `{}`, which was not asked for",
    ];
    let mut own = SENTENCES.iter().filter(|(form, _)| own.contains(form));
    own.find_map(|form| of_form(form, said, &LOOKUPS.into()))
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
    let answer = error
        .service()
        .map(|answer| format!(": {}", service::in_russian(answer)));
    format!("{what}{}; {DETAILS}", answer.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::io;

    use http::StatusCode;
    use podpis::Refusal;
    use podpis::core::error::ServiceAnswer;

    use super::*;

    #[test]
    fn causes_are_told_by_what_they_hold() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let failed = format!("the journal failed: the journal at /x does not work: {full}");
        let error = Error::new(ErrorKind::Journal, failed).with_source(full);
        let (what, _) = told(&error, Language::Russian);
        assert_eq!(
            what,
            "журнал не сработал: журнал в /x не работает: на диске нет места"
        );

        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        let wrapped =
            format!("X: no answer: no connection to the server: what others say: {refused}");
        let error = Error::new(ErrorKind::NoAnswer, wrapped).with_source(refused);
        let (what, _) = told(&error, Language::Russian);
        assert_eq!(
            what,
            "X: нет ответа: нет соединения с сервером: в соединении отказано"
        );

        let mut answer = ServiceAnswer::new("ConnectToken", StatusCode::BAD_REQUEST);
        (answer.code, answer.message) = (
            Some("invalid_grant".into()),
            Some("try it: again, later".into()),
        );
        answer.trace_id = Some("7".into());
        let said = "login by password: the login or the password is not accepted (400: invalid_grant: try it: \
                    again, later) [trace id 7]";
        let error = Error::new(ErrorKind::Login, said).with_service(answer);
        let (what, _) = told(&error, Language::Russian);
        assert_eq!(
            what,
            "вход по паролю: логин или пароль не приняты (400: «try it: again, later») [идентификатор \
             запроса: 7]"
        );
    }

    #[test]
    fn a_refusal_is_told_with_what_the_service_says_of_it() {
        for (said, expected) in [
            (
                Some("the person: does not sign that"),
                "сервис отказал: «the person: does not sign that»",
            ),
            (Some("Отозван"), "сервис отказал: «Отозван»"),
            (
                Some("Отозван [trace id 7]"),
                "сервис отказал: «Отозван» [идентификатор запроса: 7]",
            ),
            (
                Some("PostMessagePatch: the service answered 409 (conflict): it is signed"),
                "сервис отказал: PostMessagePatch: сервис ответил 409 (конфликт): «it is signed»",
            ),
            (
                Some("the documents could not be encrypted"),
                "сервис отказал: документы не удалось зашифровать",
            ),
            (None, "сервис отказал"),
        ] {
            let (what, _) = told(&Error::refused(Refusal::Other, said), Language::Russian);
            assert_eq!(what, expected);
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
}

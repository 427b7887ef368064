//! What a service answered, in Russian.
//!
//! **Invariant:** the service's own words are always told, as they came and in quotes: they are the reason. Its code, which is
//! for programs, stands for them where there are none.

use podpis::core::error::ServiceAnswer;

use super::in_place_of_words;

/// Stands before the status, in the library's words.
const ANSWERED: &str = ": the service answered ";

/// The Russian of an answer.
pub(super) fn in_russian(answer: &ServiceAnswer) -> String {
    let status = answer.status.as_u16();
    let mut text = format!(
        "{}: сервис ответил {}",
        answer.endpoint,
        status_words(status)
    );
    if let Some(words) = &answer.message {
        text += &format!(": {}", reason(words));
    } else if let Some(code) = &answer.code {
        text += &format!(": {code}");
    }
    if let Some(id) = &answer.trace_id {
        text += &trace(id);
    }
    text
}

/// The same of an answer of which a record keeps the text alone.
pub(super) fn kept_in_russian(said: &str) -> Option<String> {
    let (endpoint, answer) = said.split_once(ANSWERED)?;
    let is_name = !endpoint.is_empty() && endpoint.chars().all(|c| c.is_ascii_alphanumeric());
    let digits = answer.bytes().take_while(u8::is_ascii_digit).count();
    let status = answer[..digits].parse().ok().filter(|_| is_name)?;
    let (words, trace) = match answer[digits..].split_once(TRACE) {
        Some((words, behind)) => (words, trace(behind.strip_suffix(']')?)),
        None => (&answer[digits..], String::new()),
    };
    let words = match words.strip_prefix(" (") {
        Some(meaning) => meaning.split_once(')')?.1,
        None => words,
    };
    let words = match words.strip_prefix(": ") {
        Some(words) => format!(": {}", coded(words)),
        None => String::new(),
    };
    let status = status_words(status);
    Some(format!("{endpoint}: сервис ответил {status}{words}{trace}"))
}

/// A service's own words, which may have its code before them.
fn coded(words: &str) -> String {
    let is_code = |code: &str| !code.contains(' ') && code.is_ascii();
    match words.split_once(": ") {
        Some((code, words)) if is_code(code) => reason(words),
        None if is_code(words) => words.to_owned(),
        _ => reason(words),
    }
}

/// A service's own words; what the library says in their place has its Russian.
pub(super) fn reason(words: &str) -> String {
    in_place_of_words(words).unwrap_or_else(|| format!("«{words}»"))
}

/// Stands before the id of an exchange, in the library's words.
pub(super) const TRACE: &str = " [trace id ";

/// The id of an exchange, which the service's support asks for.
pub(super) fn trace(id: &str) -> String {
    format!(" [идентификатор запроса: {id}]")
}

/// A status in words that say what to do.
fn status_words(status: u16) -> String {
    let words = match status {
        400 => "запрос неверен",
        401 => "вход не выполнен",
        402 => "подписка ящика закончилась",
        403 => "нет доступа",
        404 => "не найдено",
        409 => "конфликт",
        410 => "этот метод убран",
        413 => "слишком большой запрос",
        429 => "слишком много запросов",
        500..=599 => "сбой сервиса",
        _ => return status.to_string(),
    };
    format!("{status} ({words})")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, code: Option<&str>, message: Option<&str>) -> ServiceAnswer {
        let mut answer = ServiceAnswer::new("PostMessagePatch", status.try_into().unwrap());
        answer.code = code.map(str::to_owned);
        answer.message = message.map(str::to_owned);
        answer
    }

    #[test]
    fn the_services_reason_is_told_in_its_own_words() {
        let long = "Документ: уже подписан (вами); nothing else to do [1]";
        for (said, expected) in [
            (
                answer(404, None, Some("Message not found")),
                "404 (не найдено): «Message not found»".to_owned(),
            ),
            (
                answer(409, Some("A.B"), Some("Уже подписан")),
                "409 (конфликт): «Уже подписан»".to_owned(),
            ),
            (
                answer(409, None, Some(long)),
                format!("409 (конфликт): «{long}»"),
            ),
            (answer(418, Some("A.B"), None), "418: A.B".to_owned()),
            (
                answer(502, None, Some("an HTML page instead of an answer")),
                "502 (сбой сервиса): вместо ответа — страница HTML".to_owned(),
            ),
        ] {
            let expected = format!("PostMessagePatch: сервис ответил {expected}");
            assert_eq!(in_russian(&said), expected);
            assert_eq!(kept_in_russian(&said.to_string()), Some(expected));
        }
        let mut traced = answer(500, None, None);
        traced.trace_id = Some("7".into());
        assert!(in_russian(&traced).ends_with(" [идентификатор запроса: 7]"));
        assert_eq!(
            kept_in_russian(&traced.to_string()),
            Some(in_russian(&traced))
        );
        for other in [
            "it failed",
            "two words: the service answered 404",
            "A: the service answered x",
        ] {
            assert_eq!(kept_in_russian(other), None, "{other}");
        }
    }
}

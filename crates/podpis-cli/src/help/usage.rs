//! What is said of a call that was not understood, in Russian. The English is clap's own.
//!
//! **Invariant:** the argument or command is named as it was typed, and a line says how to get the help.

use std::error::Error as _;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::messages::library;

/// The whole complaint: what is wrong, what may have been meant, and how it is used.
pub(crate) fn complaint(error: &Error) -> String {
    let mut text = format!("ошибка: {}\n", sentence(error));
    let suggested = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ];
    for suggestion in suggested.into_iter().filter_map(|kind| list(error, kind)) {
        text += &format!("\n  возможно, имелось в виду: {suggestion}\n");
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        // Clap's words for it are the help.
        return format!("{text}\n{}\n", error.render().to_string().trim_end());
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string().replacen("Usage:", "Использование:", 1);
        text += &format!("\n{}\n", usage.trim_end());
    }
    text + "\nСправка: --help\n"
}

/// What is wrong, in a sentence.
pub(crate) fn sentence(error: &Error) -> String {
    let argument = list(error, ContextKind::InvalidArg).unwrap_or_default();
    let value = list(error, ContextKind::InvalidValue).unwrap_or_default();
    let known = || match list(error, ContextKind::ValidValue) {
        Some(known) => format!("; годится одно из: {known}"),
        None => String::new(),
    };
    match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => {
            format!("у «{argument}» нет значения{}", known())
        }
        ErrorKind::InvalidValue => {
            format!("значение «{value}» не подходит к «{argument}»{}", known())
        }
        ErrorKind::ValueValidation => {
            let why = error.source().map(ToString::to_string);
            let why = why.map_or_else(String::new, |why| format!(": {}", library::words(&why)));
            format!("значение «{value}» не подходит к «{argument}»{why}")
        }
        ErrorKind::UnknownArgument => format!("неизвестный аргумент «{argument}»"),
        ErrorKind::InvalidSubcommand => {
            let command = list(error, ContextKind::InvalidSubcommand).unwrap_or_default();
            format!("неизвестная команда «{command}»")
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            match list(error, ContextKind::ValidSubcommand) {
                Some(known) => format!("не названа команда; годится одна из: {known}"),
                None => "не названа команда".to_owned(),
            }
        }
        ErrorKind::NoEquals => format!("между «{argument}» и значением нужен знак «=»"),
        ErrorKind::TooManyValues => format!("лишнее значение «{value}» у «{argument}»"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("у «{argument}» не столько значений, сколько нужно")
        }
        ErrorKind::ArgumentConflict => match list(error, ContextKind::PriorArg) {
            Some(prior) if prior == argument => {
                format!("«{argument}» можно назвать только один раз")
            }
            Some(prior) => format!("«{argument}» нельзя вместе с «{prior}»"),
            None => format!("«{argument}» нельзя вместе с другими аргументами"),
        },
        ErrorKind::MissingRequiredArgument => format!("не хватает: {argument}"),
        ErrorKind::InvalidUtf8 => "аргумент не в кодировке UTF-8".to_owned(),
        _ => "вызов не понят".to_owned(),
    }
}

/// What the error knows of this kind.
fn list(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(one) => Some(one.clone()),
        ContextValue::Strings(many) if many.is_empty() => None,
        ContextValue::Strings(many) => Some(many.join(", ")),
        ContextValue::StyledStr(one) => Some(one.to_string()),
        ContextValue::StyledStrs(many) => {
            let many: Vec<String> = many.iter().map(ToString::to_string).collect();
            Some(many.join(", "))
        }
        ContextValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::arguments::Arguments;
    use crate::help::in_russian;

    #[test]
    fn what_was_not_understood_is_named_in_russian() {
        for (call, expected) in [
            ("", "не названа команда"),
            ("sing", "неизвестная команда «sing»"),
            ("diadoc sign --fiel a", "неизвестный аргумент «--fiel»"),
            ("diadoc sign", "не хватает: <FILE>..."),
            (
                "diadoc sign --method fax a",
                "значение «fax» не подходит к «--method <METHOD>»; годится одно из: dss, cloud",
            ),
            (
                "diadoc sign --timeout x a",
                "значение «x» не подходит к «--timeout <MINUTES>»: это не целое число",
            ),
            (
                "diadoc sign --timeout 999999 a",
                "значение «999999» не подходит к «--timeout <MINUTES>»: 999999 не в границах 0..=10080",
            ),
            (
                "ops prune --older-than 3w",
                "значение «3w» не подходит к «--older-than <DURATION>»: нужно число с s, m, h или d, например 30d",
            ),
            (
                "ops list --lang",
                "у «--lang <LANGUAGE>» нет значения; годится одно из: ru, en",
            ),
            (
                "--lang ru --lang en ops list",
                "«--lang <LANGUAGE>» можно назвать только один раз",
            ),
        ] {
            let words = ["podpis"].into_iter().chain(call.split_whitespace());
            let error = in_russian(Arguments::command())
                .try_get_matches_from(words)
                .unwrap_err();
            assert_eq!(sentence(&error), expected, "{call}");
            let text = complaint(&error);
            assert!(
                !text.contains("Usage") && !text.contains("error:"),
                "{text}"
            );
        }
    }
}

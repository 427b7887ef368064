//! What the program says to people, as data that knows its words.
//!
//! | module | what is said |
//! |---|---|
//! | `words`, `counted` | how messages are declared, and numbers told |
//! | `message` | all but what follows |
//! | `diadoc`, `service` | of Diadoc, and of what a service does |
//! | `doctor` | of what is set up, and how well |
//! | `endings` | how something ended, and what came of it |
//! | `library` | what the library says |
//! | `login` | of logins, and of settings |
//! | `signature`, `trust` | of a signature, and of trust in it |
//!
//! **Invariant:** a message stands once with its words in both languages, so that one without a translation does not
//! compile. The library speaks English; its sentences have their Russian here, and what has none is told by its kind.

mod counted;
mod diadoc;
mod doctor;
mod endings;
pub(crate) mod library;
mod login;
mod message;
mod service;
mod signature;
mod trust;
mod words;

pub(crate) use diadoc::DiadocMessage;
pub(crate) use doctor::{Check, DoctorMessage};
pub(crate) use endings::List;
pub(crate) use login::LoginMessage;
pub(crate) use message::Message;
pub(crate) use signature::{CheckName, SignatureMessage};
pub(crate) use trust::{
    FromWhere, Judged, Kind, MomentFrom, Reasoned, Sought, Trouble, TrustMessage, Verdict, Wanted,
};

use words::messages;

/// The language of the program's own lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Language {
    /// Русский
    #[value(name = "ru")]
    Russian,
    /// English
    #[value(name = "en")]
    English,
}

impl Language {
    /// The language of a locale such as `ru_RU.UTF-8`.
    pub(crate) fn of_locale(locale: &str) -> Self {
        let name: String = locale
            .chars()
            .take_while(char::is_ascii_alphabetic)
            .collect();
        if name.eq_ignore_ascii_case("ru") || name.eq_ignore_ascii_case("russian") {
            Self::Russian
        } else {
            Self::English
        }
    }

    /// Of the same in English and in Russian, what is in this language.
    fn of<T>(self, [english, russian]: [T; 2]) -> T {
        match self {
            Self::English => english,
            Self::Russian => russian,
        }
    }

    /// A length of time, in one unit.
    fn length(self, seconds: u64) -> String {
        let (number, unit) = match seconds {
            0..60 => (seconds, ["s", "с"]),
            60..3_600 => (seconds / 60, ["min", "мин"]),
            3_600..172_800 => (seconds / 3_600, ["h", "ч"]),
            _ => return self.counted(seconds / 86_400, counted::DAYS),
        };
        format!("{number} {}", self.of(unit))
    }
}

messages! {
    /// What stands before a value or above a column.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    Label in language {
        Operation => "operation", "операция";
        Kind => "kind", "вид";
        State => "state", "состояние";
        Refusal => "refusal", "отказ";
        Place => "where", "где";
        Created => "begun", "начата";
        Changed => "changed", "изменена";
        Age => "age", "возраст";
        Follows => "in place of", "вместо";
        Files => "files", "файлы";
        File => "file", "файл";
        Digest => "digest", "хеш";
        Signature => "signature goes to", "подпись ляжет в";
        Folder => "results go to", "результат ляжет в";
    }
}

messages! {
    /// What it costs to ask for the same again.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    Cost in language {
        /// An SMS, and a person who types its code.
        Sms => "costs another SMS and its code", "это ещё одна SMS с кодом";
        /// A person's confirmation, whichever way.
        Confirmation => "costs another confirmation by the signer", "это ещё одно подтверждение подписанта";
        /// Nobody is asked.
        Nothing => "asks nobody", "никого спрашивать не придётся";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_comes_from_the_locale() {
        for locale in ["ru", "ru_RU.UTF-8", "RU_ru", "ru.KOI8-R", "ru@x"] {
            assert_eq!(Language::of_locale(locale), Language::Russian, "{locale}");
        }
        for locale in ["", "C", "POSIX", "en_US.UTF-8", "rue_UA", "рус"] {
            assert_eq!(Language::of_locale(locale), Language::English, "{locale}");
        }
    }

    #[test]
    fn ages_have_one_unit() {
        let texts = |seconds| {
            [Language::English, Language::Russian]
                .map(|language| Message::Age(seconds).text(language))
        };
        assert_eq!(texts(59), ["59 s", "59 с"]);
        assert_eq!(texts(60), ["1 min", "1 мин"]);
        assert_eq!(texts(7_200), ["2 h", "2 ч"]);
        assert_eq!(texts(172_800), ["2 d", "2 дня"]);
    }

    #[test]
    fn both_languages_name_what_the_message_is_about() {
        let messages = [
            Message::BadArgument("--cert"),
            Message::NoFolder("--cert".into()),
            Message::MissingCredentials("--cert".into()),
            Message::SignatureNotWritten("--cert".into()),
            Message::JournalUnusable("--cert".into()),
            Message::GoOn {
                id: "7".into(),
                state: "processing",
                command: "--cert".into(),
            },
            Message::Unclear {
                id: "--cert".into(),
                start_over: "a".into(),
                abandon: "b".into(),
                cost: Cost::Sms,
            },
        ];
        for message in messages {
            for language in [Language::English, Language::Russian] {
                let text = message.text(language);
                assert!(text.contains("--cert"), "{text}");
                assert!(!text.contains('\n'), "{text}");
            }
        }
    }
}

//! What is said of files that were fetched for trust.
//!
//! **Invariant:** a trouble has a word of its own for programs, stable and the same in every language.

use super::Language;
use crate::messages::words::words;

/// What was sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Sought {
    Issuer,
    List,
    Ocsp,
}

impl Sought {
    /// The word for programs.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Issuer => "issuer-certificate",
            Self::List => "revocation-list",
            Self::Ocsp => "ocsp",
        }
    }
}

/// Where a file came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FromWhere {
    Network,
    Cache,
}

impl FromWhere {
    /// The word for programs.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Cache => "cache",
        }
    }
}

/// Why there is no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    NotAnAddress,
    /// An address of another sort, such as ldap.
    NotHttp,
    NoAnswer,
    TimedOut,
    TooLarge,
    /// An answer that is not a success.
    Status(u16),
    /// An answer that leads to where nobody goes.
    Redirect(String),
    TooManyRedirects,
    /// Something else than what was sought.
    NotOfKind,
    /// An OCSP responder gives no status; with its word.
    NoStatus(&'static str),
    /// More was got in this run than may be.
    Limit,
}

impl Trouble {
    /// The word for programs.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::NotAnAddress => "not-an-address",
            Self::NotHttp => "not-http",
            Self::NoAnswer => "no-answer",
            Self::TimedOut => "timeout",
            Self::TooLarge => "too-large",
            Self::Status(_) => "status",
            Self::Redirect(_) => "redirect",
            Self::TooManyRedirects => "too-many-redirects",
            Self::NotOfKind => "not-of-kind",
            Self::NoStatus(_) => "no-status",
            Self::Limit => "limit",
        }
    }

    /// What exactly, for programs.
    pub(crate) fn detail(&self) -> Option<String> {
        match self {
            Self::Status(status) => Some(status.to_string()),
            Self::Redirect(to) => Some(to.clone()),
            Self::NoStatus(word) => Some((*word).to_owned()),
            _ => None,
        }
    }
}

words! {
    /// What was sought, in the nominative.
    pub(super) fn sought(what: Sought) in language {
        Sought::Issuer => "the certificate of the issuer", "сертификат издателя";
        Sought::List => "the revocation list", "список отзыва";
        Sought::Ocsp => "the OCSP answer", "ответ OCSP";
    }
}

words! {
    /// Where a file came from.
    pub(super) fn from_where(from: FromWhere) in language {
        FromWhere::Network => "fetched from", "получен с адреса";
        FromWhere::Cache => "kept from an earlier fetch from", "сохранён с прошлого раза, с адреса";
    }
}

words! {
    /// Why there is no file.
    pub(super) fn trouble(trouble: &Trouble) in language {
        Trouble::NotAnAddress => "that is no address that can be gone to", "по такому адресу обратиться нельзя";
        Trouble::NotHttp => "only http and https are fetched from", "получать можно только по http и https";
        Trouble::NoAnswer => "no answer, or no connection", "нет ответа или связи";
        Trouble::TimedOut => "it took too long", "ответ не пришёл вовремя";
        Trouble::TooLarge => "what came is larger than such a file may be", "пришло больше, чем бывает в таком файле";
        Trouble::Status(status) => "the server answered {status}", "сервер ответил {status}";
        Trouble::Redirect(to) =>
            "the server leads on to {to}, where the program does not go",
            "сервер отсылает к {to}, а туда программа не обращается";
        Trouble::TooManyRedirects => "the server leads on and on", "сервер отсылает снова и снова";
        Trouble::NotOfKind => "what came is something else", "пришло что-то другое";
        Trouble::NoStatus(word) => "the responder gives no status ({word})", "сервер OCSP не дал ответа ({word})";
        Trouble::Limit =>
            "the program has fetched as much as it may in one run",
            "за один запуск программа уже получила всё, что можно";
    }
}

//! Decides where settings and secrets come from: a variable, a file that a variable names, or for what is no secret the profile.
//!
//! `DIADOC_PASSWORD` holds the password; `DIADOC_PASSWORD_FILE` names a file that does. The line end at the end
//! of the file and a byte order mark at its beginning do not belong to the value. An empty variable counts as absent.
//!
//! **Invariant:** an error names the variable and the file, never the value.

use std::env;
use std::io::IsTerminal as _;

use crate::failure::Failure;
use crate::files::read_at_most;
use crate::messages::Message;
use crate::profile;

/// The API client id (developer key).
pub(crate) const CLIENT_ID: &str = "DIADOC_CLIENT_ID";
/// The login.
pub(crate) const LOGIN: &str = "DIADOC_LOGIN";
/// The password.
pub(crate) const PASSWORD: &str = "DIADOC_PASSWORD";
/// An OpenID Connect access token, instead of client id, login and password.
pub(crate) const TOKEN: &str = "DIADOC_TOKEN";
/// The box.
pub(crate) const BOX: &str = "DIADOC_BOX";
/// The address of the service.
pub(crate) const BASE_URL: &str = "DIADOC_BASE_URL";
/// The address of the identity service for Diadoc.
pub(crate) const IDENTITY_URL: &str = "DIADOC_IDENTITY_URL";
/// The API key of a program at the identity service, for Diadoc.
pub(crate) const API_KEY: &str = "DIADOC_API_KEY";
/// Whether logins go into the key ring of the system: not where it is `off`.
#[cfg(feature = "key-ring")]
pub(crate) const KEY_RING: &str = "PODPIS_KEY_RING";
/// The client id of a program that uses Extern.
pub(crate) const EXTERN_CLIENT_ID: &str = "EXTERN_CLIENT_ID";
/// The API key of that program.
pub(crate) const EXTERN_API_KEY: &str = "EXTERN_API_KEY";
/// The login.
pub(crate) const EXTERN_LOGIN: &str = "EXTERN_LOGIN";
/// The password.
pub(crate) const EXTERN_PASSWORD: &str = "EXTERN_PASSWORD";
/// An OpenID Connect access token, instead of all of these.
pub(crate) const EXTERN_TOKEN: &str = "EXTERN_TOKEN";
/// The account.
pub(crate) const EXTERN_ACCOUNT: &str = "EXTERN_ACCOUNT";
/// The address of Extern.
pub(crate) const EXTERN_BASE_URL: &str = "EXTERN_BASE_URL";
/// The address of the identity service.
pub(crate) const EXTERN_IDENTITY_URL: &str = "EXTERN_IDENTITY_URL";
/// The password of the journal's database, under the name that PostgreSQL's own programs read.
#[cfg(feature = "postgres")]
pub(crate) const DATABASE_PASSWORD: &str = "PGPASSWORD";
/// The folder or the database of the journal.
pub(crate) const JOURNAL: &str = "PODPIS_JOURNAL";

/// The terminal that a program belongs to, whatever its standard input is.
const OWN_TERMINAL: &str = if cfg!(windows) { "CONIN$" } else { "/dev/tty" };

/// A file that a variable names holds a password or a token, and nothing that is larger than this.
const LARGEST_VALUE: u64 = 1024 * 1024;

/// The variable's own value, or that of the profile.
pub(crate) fn plain(name: &'static str) -> Result<Option<String>, Failure> {
    let own = own(name)?;
    Ok(own.or_else(|| profile::value(name).map(str::to_owned)))
}

/// The variable's own value.
fn own(name: &'static str) -> Result<Option<String>, Failure> {
    match env::var_os(name) {
        None => Ok(None),
        Some(value) => match value.into_string() {
            Ok(value) if value.is_empty() => Ok(None),
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(Failure::usage(Message::VariableNotText(name.to_owned()))),
        },
    }
}

/// The variable's value, what is in the file that `NAME_FILE` names, or what the profile says.
pub(crate) fn value(name: &'static str) -> Result<Option<String>, Failure> {
    let file = env::var_os(format!("{name}_FILE")).filter(|path| !path.is_empty());
    match (own(name)?, file) {
        (None, None) => Ok(profile::value(name).map(str::to_owned)),
        (own, None) => Ok(own),
        (Some(_), Some(_)) => Err(Failure::usage(Message::VariableTwice(name))),
        (None, Some(path)) => {
            let unreadable = || Message::VariableFile {
                name,
                path: path.to_string_lossy().into_owned(),
            };
            let text = std::fs::File::open(&path)
                .and_then(|file| read_at_most(file, LARGEST_VALUE))
                .map_err(|error| Failure::usage(unreadable()).with_source(error))?
                .ok_or_else(|| {
                    let text = format!("it is larger than {LARGEST_VALUE} bytes");
                    Failure::usage(unreadable()).with_source(text)
                })?;
            let text = String::from_utf8(text)
                .map_err(|_| Failure::usage(Message::VariableNotText(format!("{name}_FILE"))))?;
            // Some editors put a mark before the text that nobody sees.
            let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
            let text = text.trim_end_matches(['\r', '\n']);
            if text.is_empty() {
                return Err(Failure::usage(unreadable()).with_source("the file is empty"));
            }
            Ok(Some(text.to_owned()))
        }
    }
}

/// Whether the variable, the one that names a file, or the profile says anything.
pub(crate) fn is_set(name: &'static str) -> bool {
    let says = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    says(name) || says(&format!("{name}_FILE")) || profile::value(name).is_some()
}

/// Whether a value comes from the profile.
pub(crate) fn is_of_profile(name: &'static str) -> bool {
    let is_own = env::var_os(name).is_some_and(|value| !value.is_empty());
    !is_own && profile::value(name).is_some()
}

/// Reads a value; the error names where it came from.
pub(crate) fn parse<T>(name: &'static str, text: &str) -> Result<T, Failure>
where
    T: std::str::FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse()
        .map_err(|error: T::Err| Failure::usage(Message::BadArgument(name)).with_source(error))
}

/// The language of the person's surroundings, as the first of these that says something.
pub(crate) fn locale() -> String {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| env::var(name).ok())
        .find(|value| !value.is_empty())
        .unwrap_or_default()
}

/// Whether somebody sees what is written to stderr.
pub(crate) fn person_at_stderr() -> bool {
    std::io::stderr().is_terminal()
}

/// Whether somebody can be asked: a keyboard to answer with and a screen to see the question on.
pub(crate) fn person_at_terminal() -> bool {
    std::io::stdin().is_terminal() && person_at_stderr()
}

/// The same where standard input holds something else.
pub(crate) fn person_beside_stdin() -> bool {
    person_at_terminal() || (person_at_stderr() && std::fs::File::open(OWN_TERMINAL).is_ok())
}

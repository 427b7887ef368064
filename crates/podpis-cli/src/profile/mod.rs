//! Decides which profile of the settings file stands in where a variable is not set.
//!
//! `--profile`, `PODPIS_PROFILE`, the `profile` that the file names, or `default`, the first of these that is there.
//!
//! **Invariant:** a profile is settled once, before anything is asked of it, and never gives a secret; a variable always
//! wins over it.

mod file;
mod keys;

use std::sync::OnceLock;

use clap::Args;

pub(crate) use file::{SettingsFile, private_folder};
pub(crate) use keys::{Key, ServiceName};

use crate::environment;
use crate::failure::Failure;
use crate::messages::LoginMessage;

/// The variable that names the profile.
const PROFILE: &str = "PODPIS_PROFILE";

/// The profile unless one is named.
const DEFAULT: &str = "default";

/// No name is longer.
const LONGEST_NAME: usize = 64;

static CHOSEN: OnceLock<Profile> = OnceLock::new();

// What every command takes that reads settings.
#[derive(Debug, Default, Args)]
pub(crate) struct ProfileArguments {
    /// Profile of podpis.toml; PODPIS_PROFILE, or the one that the file names, unless given
    #[arg(long = "profile", id = ProfileArguments::ID, value_name = "NAME")]
    named_profile: Option<String>,
}

impl ProfileArguments {
    /// By which the name is found, whichever command it was given to.
    pub(crate) const ID: &str = "named_profile";
}

/// A profile, by its name and what it sets.
#[derive(Debug)]
pub(crate) struct Profile {
    name: String,
    /// Whether it stood on the command line.
    is_argument: bool,
    values: Vec<(Key, String)>,
}

/// Settles on a profile that has to be there, unless none was named; `named` is `--profile`.
pub(crate) fn choose(named: Option<&str>) -> Result<(), Failure> {
    settle(named, true)
}

/// Settles on a profile that may be new.
pub(crate) fn begin(named: Option<&str>) -> Result<(), Failure> {
    settle(named, false)
}

/// The name of the profile.
pub(crate) fn name() -> &'static str {
    CHOSEN.get().map_or(DEFAULT, |chosen| &chosen.name)
}

/// The name, where it stood on the command line: a command that goes on needs it too.
pub(crate) fn argument() -> Option<&'static str> {
    let chosen = CHOSEN.get().filter(|chosen| chosen.is_argument);
    chosen.map(|chosen| &*chosen.name)
}

/// What the profile sets in place of a variable.
pub(crate) fn value(variable: &str) -> Option<&'static str> {
    let mut values = CHOSEN.get()?.values.iter();
    let (_, value) = values.find(|(key, _)| key.variable == variable)?;
    Some(value)
}

fn settle(named: Option<&str>, must_be_there: bool) -> Result<(), Failure> {
    let is_argument = named.is_some();
    let named = match named {
        Some(named) => Some(named.to_owned()),
        None => environment::plain(PROFILE)?,
    };
    if let Some(name) = named.as_deref().filter(|name| !is_name(name)) {
        let message = LoginMessage::ProfileName(name.to_owned());
        return Err(Failure::usage(message.into()));
    }
    let Some(file) = SettingsFile::find() else {
        // Without a home there are no settings, and nobody asked for any.
        if let Some(name) = named.as_deref().filter(|_| must_be_there) {
            return Err(missing(name, "podpis.toml"));
        }
        keep(
            named.unwrap_or_else(|| DEFAULT.to_owned()),
            is_argument,
            Vec::new(),
        );
        return Ok(());
    };
    let settings = file.read()?;
    let is_named = named.is_some();
    let name = named
        .or_else(|| settings.default_profile.clone())
        .unwrap_or_else(|| DEFAULT.to_owned());
    let values = settings.values_of(&name);
    if values.is_none() && is_named && must_be_there {
        return Err(missing(&name, &file.shown()));
    }
    keep(name, is_argument, values.unwrap_or_default());
    Ok(())
}

fn keep(name: String, is_argument: bool, values: Vec<(Key, String)>) {
    // A program settles once; what came first stays.
    let _ = CHOSEN.set(Profile {
        name,
        is_argument,
        values,
    });
}

fn missing(name: &str, path: &str) -> Failure {
    let (name, path) = (name.to_owned(), path.to_owned());
    Failure::usage(LoginMessage::NoProfile { name, path }.into())
}

/// Whether a text can be a name: it becomes part of a file's name.
fn is_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !text.is_empty() && text.len() <= LONGEST_NAME && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn names_become_parts_of_file_names() {
        for good in ["default", "work-2", "A_b", &"x".repeat(64)] {
            assert!(is_name(good), "{good}");
        }
        for bad in [
            "",
            ".",
            "..",
            "a/b",
            "a.b",
            "работа",
            "a b",
            &"x".repeat(65),
        ] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}

//! Decides where the journal is.
//!
//! `--journal`, `PODPIS_JOURNAL`, or the system's place for what programs remember between runs.
//!
//! **Invariant:** an absolute path or one that was asked for; never the folder that happens to be the current one. A word
//! that begins as the address of a database does is never taken for a folder.

use std::env;
use std::path::{Path, PathBuf};

use crate::environment::JOURNAL;
use crate::failure::Failure;
use crate::messages::Message;

/// Where a journal is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In a folder.
    Folder(PathBuf),
    /// In a database.
    Database {
        address: String,
        /// It stood on the command line, where everybody sees it.
        is_argument: bool,
    },
}

/// The place.
pub(super) fn place(given: Option<&Path>) -> Result<Place, Failure> {
    if let Some(given) = given {
        return Ok(place_of(given, true));
    }
    if let Some(named) = env::var_os(JOURNAL).filter(|path| !path.is_empty()) {
        return Ok(place_of(Path::new(&named), false));
    }
    own_folder().map(|state| Place::Folder(state.join("journal")))
}

/// What a word means.
pub(super) fn place_of(word: &Path, is_argument: bool) -> Place {
    match word.to_str() {
        Some(text) if text.starts_with("postgres://") || text.starts_with("postgresql://") => {
            Place::Database {
                address: text.to_owned(),
                is_argument,
            }
        }
        _ => Place::Folder(word.to_owned()),
    }
}

/// Where this program remembers things.
pub(crate) fn own_folder() -> Result<PathBuf, Failure> {
    state_folder(|name| env::var_os(name).map(PathBuf::from), env::home_dir())
        .map(|state| state.join("podpis"))
        .ok_or_else(|| Failure::usage(Message::NoJournalFolder))
}

/// Where programs keep what they must remember.
fn state_folder(
    variable: impl Fn(&str) -> Option<PathBuf>,
    home: Option<PathBuf>,
) -> Option<PathBuf> {
    let absolute = |path: &PathBuf| path.is_absolute();
    let home = home.filter(absolute);
    if cfg!(windows) {
        return variable("LOCALAPPDATA")
            .filter(absolute)
            .or_else(|| Some(home?.join("AppData").join("Local")));
    }
    let own = if cfg!(target_os = "macos") {
        "Library/Application Support"
    } else {
        ".local/state"
    };
    variable("XDG_STATE_HOME")
        .filter(absolute)
        .or_else(|| Some(home?.join(own)))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_absolute_folders_are_taken_from_the_surroundings() {
        let home = || Some(PathBuf::from("/home/me"));
        let state = |value: &'static str| {
            let variable = move |name: &str| (name == "XDG_STATE_HOME").then(|| value.into());
            state_folder(variable, home()).unwrap()
        };
        assert_eq!(state("/state"), Path::new("/state"));
        assert!(state("state").starts_with("/home/me"));
        assert_eq!(state_folder(|_| None, None), None);
        assert_eq!(state_folder(|_| None, Some("".into())), None);
    }
}

//! Decides which folder the journal is in.
//!
//! `--journal`, `PODPIS_JOURNAL`, or the system's place for what programs remember between runs.
//!
//! **Invariant:** an absolute path or one that was asked for; never the folder that happens to be the current one.

use std::env;
use std::path::{Path, PathBuf};

use crate::environment::JOURNAL;
use crate::failure::Failure;
use crate::messages::Message;

/// The folder.
pub(super) fn folder(given: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(given) = given {
        return Ok(given.to_owned());
    }
    if let Some(named) = env::var_os(JOURNAL).filter(|path| !path.is_empty()) {
        return Ok(named.into());
    }
    state_folder(|name| env::var_os(name).map(PathBuf::from), env::home_dir())
        .map(|state| state.join("podpis").join("journal"))
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

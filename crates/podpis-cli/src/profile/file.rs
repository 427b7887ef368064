//! The settings file: `podpis.toml` in the place for settings.
//!
//! ```toml
//! profile = "work"
//!
//! [profiles.work.diadoc]
//! box = "…"
//!
//! [profiles.work.extern]
//! account = "…"
//! ```
//!
//! **Invariant:** no value of it is ever shown, only where it stands, because somebody may have put a secret there all the same;
//! what a person wrote into it stays as it is when the program sets something.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use podpis::core::journal::read_private;
use toml_edit::{DocumentMut, Item, Table, TableLike};

use super::keys::{Key, ServiceName, is_secret};
use crate::failure::Failure;
use crate::messages::LoginMessage;
use crate::whole_file::{self, Readers};

/// Its name.
const NAME: &str = "podpis.toml";

/// No settings are larger, in bytes.
const LARGEST: usize = 1024 * 1024;

/// Where the settings are.
#[derive(Clone, Debug)]
pub(crate) struct SettingsFile {
    folder: PathBuf,
}

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) default_profile: Option<String>,
    profiles: Vec<(String, Vec<(Key, String)>)>,
}

impl Settings {
    /// What a profile sets, if it is there.
    pub(super) fn values_of(&self, name: &str) -> Option<Vec<(Key, String)>> {
        let mut profiles = self.profiles.iter();
        let (_, values) = profiles.find(|(known, _)| known == name)?;
        Some(values.clone())
    }
}

impl SettingsFile {
    /// Where it is or would be; none without a home.
    pub(crate) fn find() -> Option<Self> {
        let absolute = |path: &PathBuf| path.is_absolute();
        let variable = |name| env::var_os(name).map(PathBuf::from).filter(absolute);
        let home = || env::home_dir().filter(absolute);
        let own = if cfg!(windows) {
            variable("APPDATA").or_else(|| Some(home()?.join("AppData").join("Roaming")))
        } else if cfg!(target_os = "macos") {
            variable("XDG_CONFIG_HOME")
                .or_else(|| Some(home()?.join("Library/Application Support")))
        } else {
            variable("XDG_CONFIG_HOME").or_else(|| Some(home()?.join(".config")))
        };
        own.map(|own| Self {
            folder: own.join("podpis"),
        })
    }

    /// For people.
    pub(crate) fn shown(&self) -> String {
        self.path().display().to_string()
    }

    fn path(&self) -> PathBuf {
        self.folder.join(NAME)
    }

    /// Whether anybody has written one.
    pub(crate) fn is_there(&self) -> bool {
        self.path().exists()
    }

    /// Reads it; one that is not there sets nothing.
    pub(super) fn read(&self) -> Result<Settings, Failure> {
        let document = self.document()?;
        self.settings(document.as_table())
    }

    /// Sets keys of a profile, or takes them away, in the place of what is there.
    pub(crate) fn set(
        &self,
        profile: &str,
        changes: &[(ServiceName, &'static str, Option<String>)],
    ) -> Result<(), Failure> {
        let mut document = self.document()?;
        for (service, key, value) in changes {
            let path = ["profiles", profile, service.as_str()];
            match value {
                Some(value) => {
                    let table = path
                        .iter()
                        .try_fold(document.as_table_mut(), |table, name| {
                            below(table, name).ok_or_else(|| self.wrong(name, false))
                        })?;
                    table.insert(key, toml_edit::value(value));
                }
                None => {
                    let mut table: Option<&mut dyn TableLike> = Some(document.as_table_mut());
                    for name in path {
                        table = table
                            .and_then(|table| table.get_mut(name))
                            .and_then(Item::as_table_like_mut);
                    }
                    table.and_then(|table| table.remove(key));
                }
            }
        }
        let failed = |error: io::Error| {
            let message = LoginMessage::SettingsNotWritten(self.shown());
            Failure::failed("settings", message.into()).with_source(error)
        };
        private_folder(&self.folder).map_err(failed)?;
        let text = document.to_string();
        whole_file::replace(&self.folder, NAME, text.as_bytes(), Readers::Owner).map_err(failed)
    }

    fn document(&self) -> Result<DocumentMut, Failure> {
        let unreadable = || Failure::usage(LoginMessage::SettingsUnreadable(self.shown()).into());
        let bytes = match read_private(&self.path()) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(DocumentMut::new()),
            Err(error) => return Err(unreadable().with_source(error)),
        };
        if bytes.len() > LARGEST {
            return Err(unreadable().with_source(format!("it is larger than {LARGEST} bytes")));
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| unreadable().with_source("it is not UTF-8 text"))?;
        text.parse().map_err(|error: toml_edit::TomlError| {
            // The error itself would show the line.
            let at = error.span().map_or(0, |span| span.start).min(text.len());
            let before = text.as_bytes().get(..at).unwrap_or_default();
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            unreadable().with_source(format!("line {line} is not TOML"))
        })
    }

    fn settings(&self, root: &Table) -> Result<Settings, Failure> {
        let mut settings = Settings::default();
        for (name, item) in root.iter() {
            match name {
                "profile" => settings.default_profile = Some(self.text(name, item)?),
                "profiles" => {
                    for (profile, item) in self.table(name, item)?.iter() {
                        let values = self.profile(profile, item)?;
                        settings.profiles.push((profile.to_owned(), values));
                    }
                }
                other => return Err(self.wrong(other, is_secret(other))),
            }
        }
        Ok(settings)
    }

    fn profile(&self, profile: &str, item: &Item) -> Result<Vec<(Key, String)>, Failure> {
        let mut values = Vec::new();
        let path = format!("profiles.{profile}");
        for (name, item) in self.table(&path, item)?.iter() {
            let path = format!("{path}.{name}");
            let service = ServiceName::ALL
                .into_iter()
                .find(|one| one.as_str() == name);
            let service = service.ok_or_else(|| self.wrong(&path, is_secret(name)))?;
            for (name, item) in self.table(&path, item)?.iter() {
                let path = format!("{path}.{name}");
                let key = Key::find(service, name);
                let key = key.ok_or_else(|| self.wrong(&path, is_secret(name)))?;
                values.push((key, self.text(&path, item)?));
            }
        }
        Ok(values)
    }

    fn table<'i>(&self, key: &str, item: &'i Item) -> Result<&'i dyn TableLike, Failure> {
        item.as_table_like().ok_or_else(|| self.wrong(key, false))
    }

    fn text(&self, key: &str, item: &Item) -> Result<String, Failure> {
        let text = item.as_str().filter(|text| !text.is_empty());
        text.map(str::to_owned)
            .ok_or_else(|| self.wrong(key, false))
    }

    fn wrong(&self, key: &str, is_secret: bool) -> Failure {
        let (path, key) = (self.shown(), key.to_owned());
        let message = if is_secret {
            LoginMessage::SecretInSettings { path, key }
        } else {
            LoginMessage::UnknownSetting { path, key }
        };
        Failure::usage(message.into())
    }
}

/// The table of this name, which is made where there is none.
fn below<'t>(table: &'t mut Table, name: &str) -> Option<&'t mut Table> {
    let made = || {
        let mut made = Table::new();
        made.set_implicit(true);
        Item::Table(made)
    };
    table.entry(name).or_insert_with(made).as_table_mut()
}

/// A folder that is the user's alone, made if it is not there.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::Language;

    fn file(text: &str) -> (tempfile::TempDir, SettingsFile) {
        let folder = tempfile::tempdir().unwrap();
        whole_file::replace(folder.path(), NAME, text.as_bytes(), Readers::Owner).unwrap();
        let file = SettingsFile {
            folder: folder.path().to_owned(),
        };
        (folder, file)
    }

    #[test]
    fn a_secret_is_refused_by_its_name_and_not_shown() {
        for (text, key) in [
            (
                "[profiles.a.diadoc]\npassword = 'hunter2'",
                "profiles.a.diadoc.password",
            ),
            (
                "[profiles.a.extern]\napi_key = 'hunter2'",
                "profiles.a.extern.api_key",
            ),
            (
                "[profiles.a.diadoc]\nclient_id = 'hunter2'",
                "profiles.a.diadoc.client_id",
            ),
            ("[profiles.a]\ntoken = 'hunter2'", "profiles.a.token"),
            ("refresh-token = 'hunter2'", "refresh-token"),
        ] {
            let (_folder, file) = file(text);
            let line = file.read().unwrap_err().line(Language::English);
            assert!(line.contains(key) && line.contains("secret"), "{line}");
            assert!(!line.contains("hunter2"), "{line}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_by_its_line_and_not_shown() {
        let (_folder, file) = file("profile = 'a'\n[profiles\nx = 'hunter2'\n");
        let line = file.read().unwrap_err().line(Language::English);
        assert!(line.contains("line 2"), "{line}");
        assert!(!line.contains("hunter2"), "{line}");
    }

    #[test]
    fn what_a_person_wrote_stays() {
        let text = "# mine\nprofile = \"a\"\n\n[profiles.a.diadoc] # here\nbox = \"b\"\n";
        let (_folder, file) = file(text);
        let address = || Some("https://x.example".to_owned());
        let changes = [
            (ServiceName::Diadoc, "base_url", address()),
            (ServiceName::Extern, "base_url", address()),
            (ServiceName::Extern, "account", None),
        ];
        file.set("a", &changes).unwrap();
        let written = fs::read_to_string(file.path()).unwrap();
        for line in ["# mine", "[profiles.a.diadoc] # here", "box = \"b\""] {
            assert!(written.contains(line), "{line}: {written}");
        }
        let settings = file.read().unwrap();
        assert_eq!(settings.values_of("a").unwrap().len(), 3);
        file.set("a", &[(ServiceName::Diadoc, "base_url", None)])
            .unwrap();
        assert_eq!(file.read().unwrap().values_of("a").unwrap().len(), 2);
        assert!(file.read().unwrap().values_of("b").is_none());
    }
}

//! Opens a journal in a database.
//!
//! **Invariant:** no password is taken from the command line, and whatever the program still holds in the end is given
//! back, so that the next one need not wait for it.

#[cfg(feature = "postgres")]
pub(crate) use with::close;
#[cfg(feature = "postgres")]
pub(super) use with::open;
#[cfg(not(feature = "postgres"))]
pub(crate) use without::close;
#[cfg(not(feature = "postgres"))]
pub(super) use without::open;

/// A journal that was opened.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) journal: std::sync::Arc<dyn podpis::Journal>,
    /// For people.
    pub(super) place: String,
}

#[cfg(feature = "postgres")]
mod with {
    use std::sync::{Mutex, PoisonError};

    use podpis_journal_postgres::{PostgresJournal, PostgresSettings};

    use super::Opened;
    use crate::environment::{self, DATABASE_PASSWORD};
    use crate::failure::Failure;
    use crate::messages::Message;

    /// All that this program has opened.
    static OPENED: Mutex<Vec<PostgresJournal>> = Mutex::new(Vec::new());

    pub(crate) async fn open(address: &str, is_argument: bool) -> Result<Opened, Failure> {
        let mut settings: PostgresSettings = address.parse().map_err(|error| {
            Failure::usage(Message::BadArgument("--journal")).with_source(error)
        })?;
        if settings.has_password() && is_argument {
            return Err(Failure::usage(Message::PasswordInJournal));
        }
        if let Some(password) = environment::value(DATABASE_PASSWORD)? {
            settings = settings.password(&password);
        }
        let journal = PostgresJournal::connect(settings).await.map_err(|error| {
            let place = match &error {
                podpis::operation::JournalError::Storage { place, .. } => place.clone(),
                _ => String::new(),
            };
            let unusable = Failure::failed("journal", Message::JournalUnusable(place));
            match std::error::Error::source(&error) {
                Some(source) => unusable.with_source(podpis::ErrorChain(source).to_string()),
                None => unusable,
            }
        })?;
        OPENED
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(journal.clone());
        Ok(Opened {
            place: journal.place().to_owned(),
            journal: std::sync::Arc::new(journal),
        })
    }

    /// Gives back what the program holds in databases.
    pub(crate) async fn close() {
        let opened = std::mem::take(&mut *OPENED.lock().unwrap_or_else(PoisonError::into_inner));
        for journal in opened {
            journal.close().await;
        }
    }
}

#[cfg(not(feature = "postgres"))]
mod without {
    use super::Opened;
    use crate::failure::Failure;
    use crate::messages::Message;

    pub(crate) async fn open(_: &str, _: bool) -> Result<Opened, Failure> {
        let place = Message::JournalUnusable("postgres://".to_owned());
        let why = "this program was built without journals in databases";
        Err(Failure::usage(place).with_source(why))
    }

    pub(crate) async fn close() {}
}

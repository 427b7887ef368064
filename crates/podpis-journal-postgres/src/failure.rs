//! Decides what a failure of the database means: what a person does about it, and whether it is tried again.
//!
//! **Invariant:** what may have been executed is told apart from what certainly was not.

use std::sync::Arc;

use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

/// Why the database does not do what is asked. It is the source of a
/// [`JournalError::Storage`](podpis_operation::JournalError::Storage).
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PostgresError {
    /// The address cannot be used. It is not printed, since it may hold a password.
    #[error("the address of the database cannot be used: {0}")]
    Address(String),
    /// The authorities of TLS cannot be read.
    #[error("the certificates of trusted authorities cannot be used")]
    Roots(#[source] Arc<dyn std::error::Error + Send + Sync>),
    /// There is no connection to the server.
    #[error("the database cannot be reached")]
    Unreachable(#[source] Arc<dyn std::error::Error + Send + Sync>),
    /// The server does not know the user, or the password is wrong.
    #[error("the database refuses the user or the password")]
    Login(#[source] Arc<tokio_postgres::Error>),
    /// The server has no such database.
    #[error("the server has no such database")]
    NoDatabase(#[source] Arc<tokio_postgres::Error>),
    /// The user lacks a right.
    #[error("the user of the database may not do this")]
    NoRights(#[source] Arc<tokio_postgres::Error>),
    /// The tables are older than this program, and it was told not to change them.
    #[error(
        "the journal's tables have version {found}, and this program needs version {needed}: let a program migrate them"
    )]
    OlderSchema {
        /// What is there; 0 when there are none.
        found: i32,
        /// What is needed.
        needed: i32,
    },
    /// The tables are newer than this program.
    #[error(
        "the journal's tables have version {found}, and this program knows version {known}: use a newer program"
    )]
    NewerSchema {
        /// What is there.
        found: i32,
        /// The newest that this program knows.
        known: i32,
    },
    /// The tables that were there are gone, or are others.
    #[error("the journal's tables are not what they were")]
    OtherSchema(#[source] Arc<tokio_postgres::Error>),
    /// The server is a replica, or is set to read only.
    #[error("the database is read-only")]
    ReadOnly(#[source] Arc<tokio_postgres::Error>),
    /// The server has no room left.
    #[error("the database's disk is full")]
    DiskFull(#[source] Arc<tokio_postgres::Error>),
    /// All connections are in use, or the server allows no more.
    #[error("the database has no connection free")]
    Busy(#[source] Arc<dyn std::error::Error + Send + Sync>),
    /// The statement was sent and its answer did not come: it may have been executed.
    #[error(
        "the connection to the database was lost, and it is not known whether the change was made"
    )]
    Lost(#[source] Arc<dyn std::error::Error + Send + Sync>),
    /// Others changed the same over and over.
    #[error("the database gave the change up in favour of others")]
    Contention(#[source] Arc<tokio_postgres::Error>),
    /// Something else.
    #[error("the database refuses the statement")]
    Refused(#[source] Arc<tokio_postgres::Error>),
}

/// Whether the same statement is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    /// It was certainly not executed, and may be the next time.
    NotExecuted,
    /// It may have been executed.
    Unclear,
    /// It would fail again.
    Never,
}

/// A failure, and whether the statement is sent again.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub(crate) error: PostgresError,
    pub(crate) again: Again,
}

/// The statement got no answer in time.
#[derive(Debug, thiserror::Error)]
#[error("there was no answer in time")]
struct NoAnswer;

/// All connections of this program are in use.
#[derive(Debug, thiserror::Error)]
#[error("every connection of this program was in use for too long")]
struct NoneFree;

impl PostgresError {
    pub(crate) fn address(error: tokio_postgres::Error) -> Self {
        // Its sources name parameters and never their values.
        let why = error.into_source();
        Self::Address(why.map_or_else(|| "it is malformed".to_owned(), |why| why.to_string()))
    }
}

impl Trouble {
    fn new(error: PostgresError, again: Again) -> Self {
        Self { error, again }
    }

    /// Nothing was sent yet.
    pub(crate) fn in_connecting(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => Self::of_login(error),
            PoolError::Timeout(deadpool_postgres::TimeoutType::Wait) => {
                Self::new(PostgresError::Busy(Arc::new(NoneFree)), Again::NotExecuted)
            }
            PoolError::Timeout(_) => Self::new(
                PostgresError::Unreachable(Arc::new(NoAnswer)),
                Again::NotExecuted,
            ),
            other => Self::new(PostgresError::Unreachable(Arc::new(other)), Again::Never),
        }
    }

    pub(crate) fn of_login(error: tokio_postgres::Error) -> Self {
        let Some(code) = error.code().cloned() else {
            let shown = error.to_string();
            return match shown.as_str() {
                // A password is asked for and there is none.
                "authentication error" | "invalid configuration" => {
                    Self::new(PostgresError::Login(error.into()), Again::Never)
                }
                // A certificate that is not trusted now is not trusted a second later.
                "error performing TLS handshake" => {
                    Self::new(PostgresError::Unreachable(Arc::new(error)), Again::Never)
                }
                _ => Self::new(
                    PostgresError::Unreachable(Arc::new(error)),
                    Again::NotExecuted,
                ),
            };
        };
        let code = &code;
        if *code == SqlState::INVALID_PASSWORD
            || *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION
        {
            Self::new(PostgresError::Login(error.into()), Again::Never)
        } else if *code == SqlState::INVALID_CATALOG_NAME {
            Self::new(PostgresError::NoDatabase(error.into()), Again::Never)
        } else if *code == SqlState::INSUFFICIENT_PRIVILEGE {
            Self::new(PostgresError::NoRights(error.into()), Again::Never)
        } else if *code == SqlState::TOO_MANY_CONNECTIONS {
            Self::new(PostgresError::Busy(Arc::new(error)), Again::NotExecuted)
        } else {
            Self::new(
                PostgresError::Unreachable(Arc::new(error)),
                Again::NotExecuted,
            )
        }
    }

    /// The statement was sent.
    pub(crate) fn of_statement(error: tokio_postgres::Error) -> Self {
        use PostgresError as E;
        let Some(code) = error.code().cloned() else {
            let again = if error.is_closed() || is_io(&error) {
                Again::Unclear
            } else {
                Again::Never
            };
            return match again {
                Again::Never => Self::new(E::Refused(error.into()), again),
                _ => Self::new(E::Lost(Arc::new(error)), again),
            };
        };
        let code = &code;
        let (error, again) = if *code == SqlState::T_R_SERIALIZATION_FAILURE
            || *code == SqlState::T_R_DEADLOCK_DETECTED
            || *code == SqlState::LOCK_NOT_AVAILABLE
        {
            (E::Contention(error.into()), Again::NotExecuted)
        } else if *code == SqlState::READ_ONLY_SQL_TRANSACTION {
            (E::ReadOnly(error.into()), Again::Never)
        } else if *code == SqlState::DISK_FULL {
            (E::DiskFull(error.into()), Again::Never)
        } else if *code == SqlState::INSUFFICIENT_PRIVILEGE {
            (E::NoRights(error.into()), Again::Never)
        } else if *code == SqlState::TOO_MANY_CONNECTIONS {
            (E::Busy(Arc::new(error)), Again::NotExecuted)
        } else if *code == SqlState::UNDEFINED_TABLE
            || *code == SqlState::UNDEFINED_COLUMN
            || *code == SqlState::INVALID_SCHEMA_NAME
        {
            (E::OtherSchema(error.into()), Again::Never)
        } else if matches!(&code.code()[..2], "57" | "08") {
            // The server stops, or a pooler lost it.
            (E::Lost(Arc::new(error)), Again::Unclear)
        } else {
            (E::Refused(error.into()), Again::Never)
        };
        Self::new(error, again)
    }

    pub(crate) fn no_answer() -> Self {
        Self::new(PostgresError::Lost(Arc::new(NoAnswer)), Again::Unclear)
    }
}

fn is_io(error: &tokio_postgres::Error) -> bool {
    let source = std::error::Error::source(error);
    source.is_some_and(|source| source.is::<std::io::Error>())
}

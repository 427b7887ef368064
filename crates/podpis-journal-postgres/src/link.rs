//! Decides how a statement gets to the server: over which connection, how often, and for how long.
//!
//! **Invariant:** every wait ends, and a connection whose answer did not come is never used again.
//!
//! Each statement goes as one message without a name, so behind pgbouncer in transaction mode nothing of it is looked for
//! on another connection.

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{NoTls, Row};

use crate::failure::{Again, Trouble};
use crate::patience::Patience;
use crate::{PostgresError, PostgresSettings, tls};

/// A value and its type, which is said so that the server need not be asked for it.
pub(crate) type Parameter<'p> = (&'p (dyn ToSql + Sync), Type);

/// What the server said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) rows: Vec<Row>,
    /// The same statement was sent before, and its answer was lost.
    pub(crate) is_repeated: bool,
}

/// The connections to the server.
#[derive(Debug)]
pub(crate) struct Link {
    pool: Pool,
    statement: Duration,
    patience: Duration,
}

impl Link {
    pub(crate) fn to(settings: &PostgresSettings) -> Result<Self, PostgresError> {
        let mut config = settings.config.clone();
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(settings.statement);
        }
        // A server that is gone without a word is noticed in the end, and what waits for it ends.
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(settings.statement);
        }
        let how = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let manager = match settings.config.get_ssl_mode() {
            tokio_postgres::config::SslMode::Disable => Manager::from_config(config, NoTls, how),
            _ => Manager::from_config(config, tls::connector(settings.roots.as_deref())?, how),
        };
        let pool = Pool::builder(manager)
            .max_size(settings.connections)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(settings.patience))
            .create_timeout(Some(settings.statement))
            .recycle_timeout(Some(settings.statement))
            .build()
            .map_err(|error| PostgresError::Unreachable(Arc::new(error)))?;
        Ok(Self {
            pool,
            statement: settings.statement,
            patience: settings.patience,
        })
    }

    /// A connection, without trying again.
    pub(crate) async fn connect_once(&self) -> Result<Object, PostgresError> {
        self.connect().await.map_err(|trouble| trouble.error)
    }

    async fn connect(&self) -> Result<Object, Trouble> {
        self.pool.get().await.map_err(Trouble::in_connecting)
    }

    /// Sends a statement until it is answered, is refused, or the time for it is over.
    pub(crate) async fn ask(
        &self,
        statement: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Answer, PostgresError> {
        let mut patience = Patience::of(self.patience);
        let mut lost = None;
        loop {
            let trouble = match self.attempt(statement, parameters).await {
                Ok(rows) => {
                    return Ok(Answer {
                        rows,
                        is_repeated: lost.is_some(),
                    });
                }
                Err(trouble) => trouble,
            };
            tracing::debug!(error = %trouble.error, again = ?trouble.again, "a statement failed");
            let again = trouble.again != Again::Never && patience.go_on().await;
            if !again {
                // What was lost once may have been executed, whatever came after.
                return Err(lost.unwrap_or(trouble.error));
            }
            if trouble.again == Again::Unclear {
                lost = Some(trouble.error);
            }
        }
    }

    async fn attempt(
        &self,
        statement: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, Trouble> {
        let client = self.connect().await?;
        let answer = client.query_typed(statement, parameters);
        let trouble = match tokio::time::timeout(self.statement, answer).await {
            Ok(Ok(rows)) => return Ok(rows),
            Ok(Err(error)) => Trouble::of_statement(error),
            Err(_) => Trouble::no_answer(),
        };
        if trouble.again == Again::Unclear {
            drop(Object::take(client));
        }
        Err(trouble)
    }

    /// Gives all connections back.
    pub(crate) fn close(&self) {
        self.pool.close();
    }
}

//! The ways to a server: the journal, and past it.

use podpis_journal_postgres::{PostgresJournal, PostgresSettings};
use tokio_postgres::{Client, NoTls};

use crate::cluster::Cluster;

impl Cluster {
    pub(crate) fn settings(&self) -> PostgresSettings {
        self.address().parse().unwrap()
    }

    pub(crate) async fn journal(&self) -> PostgresJournal {
        PostgresJournal::connect(self.settings()).await.unwrap()
    }

    /// A connection past the journal.
    pub(crate) async fn client(&self) -> Client {
        let connected = tokio_postgres::connect(&self.address(), NoTls).await;
        let (client, connection) = connected.unwrap();
        tokio::spawn(connection);
        client
    }
}

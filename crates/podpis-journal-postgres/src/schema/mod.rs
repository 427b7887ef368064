//! Decides which tables there are: makes them, and brings older ones up to date.
//!
//! **Invariant:** one program migrates at a time, all of it or nothing, and tables that are newer than this program are
//! refused.

use deadpool_postgres::{ClientWrapper, Object};
use tokio_postgres::types::Type;

use crate::PostgresError;
use crate::failure::Trouble;
use crate::link::Link;

/// What leads from each version to the next. A migration must leave the statements of running programs valid.
const MIGRATIONS: &[&str] = &[include_str!("1.sql")];

/// The version of the tables that this program reads and writes.
pub(crate) const VERSION: i32 = 1;
const _: () = assert!(MIGRATIONS.len() == VERSION as usize);

/// Sees to it that the tables have the version of this program.
pub(crate) async fn prepare(link: &Link, schema: &str, migrate: bool) -> Result<(), PostgresError> {
    // Not of the pool any more, so that nobody else gets it should this end midway.
    let client = Object::take(link.connect_once().await?);
    let found = version(&client, schema).await?;
    match found {
        VERSION => Ok(()),
        newer if newer > VERSION => Err(newer_schema(newer)),
        older if !migrate => Err(PostgresError::OlderSchema {
            found: older,
            needed: VERSION,
        }),
        _ => bring_up_to_date(&client, schema).await,
    }
}

fn newer_schema(found: i32) -> PostgresError {
    PostgresError::NewerSchema {
        found,
        known: VERSION,
    }
}

/// The version of the tables that are there; 0 where there are none.
async fn version(client: &ClientWrapper, schema: &str) -> Result<i32, PostgresError> {
    let there = client
        .query_typed(
            "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = 'schema_version'",
            &[(&schema, Type::TEXT)],
        )
        .await
        .map_err(failed)?;
    if there.is_empty() {
        return Ok(0);
    }
    let text = format!("SELECT version FROM {schema}.schema_version");
    let rows = client.query_typed(&text, &[]).await.map_err(failed)?;
    rows.first()
        .map_or(Ok(0), |row| row.try_get(0))
        .map_err(failed)
}

async fn bring_up_to_date(client: &ClientWrapper, schema: &str) -> Result<(), PostgresError> {
    // The locks of a transaction are safe behind a pooler, those of a connection are not.
    let lock = format!(
        "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('podpis journal {schema}', 0))"
    );
    let result = async {
        client.batch_execute(&lock).await.map_err(failed)?;
        let found = version(client, schema).await?;
        if found > VERSION {
            return Err(newer_schema(found));
        }
        let has_schema = client
            .query_typed(
                "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1",
                &[(&schema, Type::TEXT)],
            )
            .await
            .map_err(failed)?;
        let mut script = String::new();
        if has_schema.is_empty() {
            // The right to make schemas is asked for even where IF NOT EXISTS has nothing to do.
            script.push_str(&format!("CREATE SCHEMA {schema};\n"));
        }
        if found == 0 {
            script.push_str(&format!(
                "CREATE TABLE {schema}.schema_version (version integer NOT NULL);\n\
                 INSERT INTO {schema}.schema_version VALUES (0);\n"
            ));
        }
        let done = usize::try_from(found).unwrap_or_default();
        for migration in MIGRATIONS.iter().skip(done) {
            script.push_str(&migration.replace("{schema}", schema));
        }
        script.push_str(&format!(
            "UPDATE {schema}.schema_version SET version = {VERSION};\nCOMMIT"
        ));
        client.batch_execute(&script).await.map_err(failed)
    };
    let result = result.await;
    if result.is_err() {
        // Where the connection is gone, so is its transaction.
        let _ = client.batch_execute("ROLLBACK").await;
    }
    result
}

fn failed(error: tokio_postgres::Error) -> PostgresError {
    Trouble::of_statement(error).error
}

//! What goes to the database together.
//!
//! **Invariant:** the statement for many does for each what the statement for one does.

use std::collections::{HashMap, HashSet};

use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

use crate::failure::Trouble;
use crate::group::Together;
use crate::link::{Link, Parameter};
use crate::statements::Statements;

/// A claim, or its renewal.
#[derive(Clone, Debug)]
pub(crate) struct Claiming {
    pub(crate) id: String,
    pub(crate) key: String,
    pub(crate) owner: String,
    pub(crate) length: i64,
    pub(crate) now: i64,
}

impl Claiming {
    /// For the statement for one.
    pub(crate) fn parameters(&self) -> [Parameter<'_>; 5] {
        [
            (&self.id, Type::TEXT),
            (&self.key, Type::TEXT),
            (&self.owner, Type::TEXT),
            (&self.length, Type::INT8),
            (&self.now, Type::INT8),
        ]
    }
}

/// A claim.
pub(crate) struct Claim(pub(crate) Claiming);

/// A renewal.
pub(crate) struct Renewal(pub(crate) Claiming);

/// A save.
#[derive(Debug)]
pub(crate) struct Save {
    pub(crate) id: String,
    pub(crate) key: String,
    pub(crate) seen: i64,
    pub(crate) record: String,
    pub(crate) summary: String,
    pub(crate) due: Option<i64>,
    pub(crate) is_finished: bool,
    /// Names this call.
    pub(crate) call: String,
}

impl Save {
    /// For the statement for one.
    pub(crate) fn parameters(&self) -> [Parameter<'_>; 8] {
        [
            (&self.id, Type::TEXT),
            (&self.key, Type::TEXT),
            (&self.seen, Type::INT8),
            (&self.record, Type::TEXT),
            (&self.summary, Type::TEXT),
            (&self.due, Type::INT8),
            (&self.is_finished, Type::BOOL),
            (&self.call, Type::TEXT),
        ]
    }
}

/// A removal by who holds it.
#[derive(Debug)]
pub(crate) struct Forgetting {
    pub(crate) id: String,
    pub(crate) key: String,
}

impl Forgetting {
    /// For the statement for one.
    pub(crate) fn parameters(&self) -> [Parameter<'_>; 2] {
        [(&self.id, Type::TEXT), (&self.key, Type::TEXT)]
    }
}

impl Together for Claim {
    /// The row, when it was claimed.
    type Answer = Option<Row>;

    fn id(&self) -> &str {
        &self.0.id
    }

    async fn send(
        requests: &[Self],
        link: &Link,
        texts: &Statements,
    ) -> Result<Vec<Option<Row>>, Trouble> {
        let all = requests.iter().map(|claim| &claim.0);
        let rows = claiming(all, link, &texts.claim_many).await?;
        let mut found = HashMap::new();
        for row in rows {
            let id: String = row.try_get(0).map_err(Trouble::of_statement)?;
            found.insert(id, row);
        }
        let answers = requests.iter().map(|claim| found.remove(&claim.0.id));
        Ok(answers.collect())
    }
}

impl Together for Renewal {
    /// Whether it is still held.
    type Answer = bool;

    fn id(&self) -> &str {
        &self.0.id
    }

    async fn send(
        requests: &[Self],
        link: &Link,
        texts: &Statements,
    ) -> Result<Vec<bool>, Trouble> {
        let all = requests.iter().map(|renewal| &renewal.0);
        let rows = claiming(all, link, &texts.renew_many).await?;
        found(&rows, requests.iter().map(|renewal| &*renewal.0.id))
    }
}

impl Together for Save {
    /// Whether it is stored.
    type Answer = bool;

    fn id(&self) -> &str {
        &self.id
    }

    fn size(&self) -> usize {
        self.record.len() + self.summary.len()
    }

    async fn send(
        requests: &[Self],
        link: &Link,
        texts: &Statements,
    ) -> Result<Vec<bool>, Trouble> {
        let finished: Vec<bool> = requests.iter().map(|save| save.is_finished).collect();
        let due: Vec<Option<i64>> = requests.iter().map(|save| save.due).collect();
        let seen: Vec<i64> = requests.iter().map(|save| save.seen).collect();
        let parameters = [
            array(&column(requests, |save| &save.id)),
            array(&column(requests, |save| &save.key)),
            (&seen as &(dyn ToSql + Sync), Type::INT8_ARRAY),
            array(&column(requests, |save| &save.record)),
            array(&column(requests, |save| &save.summary)),
            (&due, Type::INT8_ARRAY),
            (&finished, Type::BOOL_ARRAY),
            array(&column(requests, |save| &save.call)),
        ];
        let rows = link.ask_once(&texts.save_many, &parameters).await?;
        found(&rows, requests.iter().map(|save| &*save.id))
    }
}

impl Together for Forgetting {
    /// Whether it was held.
    type Answer = bool;

    fn id(&self) -> &str {
        &self.id
    }

    async fn send(
        requests: &[Self],
        link: &Link,
        texts: &Statements,
    ) -> Result<Vec<bool>, Trouble> {
        let parameters = [
            array(&column(requests, |it| &it.id)),
            array(&column(requests, |it| &it.key)),
        ];
        let rows = link.ask_once(&texts.forget_many, &parameters).await?;
        found(&rows, requests.iter().map(|it| &*it.id))
    }
}

async fn claiming<'r>(
    requests: impl Iterator<Item = &'r Claiming>,
    link: &Link,
    text: &str,
) -> Result<Vec<Row>, Trouble> {
    let all: Vec<&Claiming> = requests.collect();
    let lengths: Vec<i64> = all.iter().map(|it| it.length).collect();
    let nows: Vec<i64> = all.iter().map(|it| it.now).collect();
    let parameters = [
        array(&column(&all, |it| &it.id)),
        array(&column(&all, |it| &it.key)),
        array(&column(&all, |it| &it.owner)),
        (&lengths as &(dyn ToSql + Sync), Type::INT8_ARRAY),
        (&nows, Type::INT8_ARRAY),
    ];
    link.ask_once(text, &parameters).await
}

fn column<T>(requests: &[T], field: impl Fn(&T) -> &String) -> Vec<&str> {
    requests.iter().map(|it| field(it).as_str()).collect()
}

fn array<'p>(column: &'p Vec<&'p str>) -> Parameter<'p> {
    (column, Type::TEXT_ARRAY)
}

/// Which of the ids are in the rows.
fn found<'r>(rows: &[Row], ids: impl Iterator<Item = &'r str>) -> Result<Vec<bool>, Trouble> {
    let found = rows.iter().map(|row| row.try_get(0));
    let found: Result<HashSet<&str>, _> = found.collect();
    let found = found.map_err(Trouble::of_statement)?;
    Ok(ids.map(|id| found.contains(id)).collect())
}

//! Sends together what is asked at the same time: many changes by one statement, which the server makes safe by one write
//! of its log.
//!
//! **Invariant:** one statement is under way at a time, with at most one change of any operation in it, and whoever asked is
//! told what became of their own change.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio_postgres::Row;

use crate::PostgresError;
use crate::changes::Change;
use crate::link::{Answer, Link};
use crate::statements::Statements;

/// How many changes go by one statement, and how many bytes of records, unless one alone has more.
const MOST: usize = 100;
const LARGEST: usize = 4 * 1024 * 1024;

/// What became of a change.
#[derive(Debug)]
pub(crate) struct Made {
    /// What the server has to say about it; none when it could not be made.
    pub(crate) row: Option<Row>,
    /// It was sent before, and the answer was lost.
    pub(crate) is_repeated: bool,
}

/// The changes that wait to be sent.
pub(crate) struct Group {
    asked: mpsc::UnboundedSender<Asked>,
}

struct Asked {
    change: Change,
    reply: oneshot::Sender<Result<Made, PostgresError>>,
}

/// The task that sends has ended.
#[derive(Debug, thiserror::Error)]
#[error("the runtime that the journal was connected in has ended")]
struct Ended;

impl Group {
    /// Sends in a task of its own, until this is dropped.
    pub(crate) fn over(link: &Arc<Link>, texts: &Arc<Statements>) -> Self {
        let (asked, asks) = mpsc::unbounded_channel();
        tokio::spawn(keep_sending(asks, Arc::clone(link), Arc::clone(texts)));
        Self { asked }
    }

    /// Asks for a change. When this is dropped midway, it may be made all the same, and what it holds is dropped after that.
    pub(crate) async fn make(&self, change: Change) -> Result<Made, PostgresError> {
        let (reply, made) = oneshot::channel();
        // Where nobody takes it, nobody answers.
        let _ = self.asked.send(Asked { change, reply });
        let ended = |_| Err(PostgresError::Unreachable(Arc::new(Ended)));
        made.await.unwrap_or_else(ended)
    }
}

async fn keep_sending(
    mut asks: mpsc::UnboundedReceiver<Asked>,
    link: Arc<Link>,
    texts: Arc<Statements>,
) {
    let mut waiting = Vec::new();
    loop {
        if waiting.is_empty() && asks.recv_many(&mut waiting, MOST).await == 0 {
            return;
        }
        // Whoever is about to ask may do so first.
        tokio::task::yield_now().await;
        while let Ok(asked) = asks.try_recv() {
            waiting.push(asked);
        }
        // Nobody wants to know any more, and nothing was sent.
        waiting.retain(|asked| !asked.reply.is_closed());
        let together = take(&mut waiting);
        if !together.is_empty() {
            send(together, &link, &texts).await;
        }
    }
}

/// What goes by the next statement: what has waited longest, and one change of an operation.
fn take(waiting: &mut Vec<Asked>) -> Vec<Asked> {
    let (mut ids, mut bytes) = (HashSet::new(), 0);
    let (mut together, later): (Vec<_>, Vec<_>) =
        std::mem::take(waiting).into_iter().partition(|asked| {
            let has_room = ids.is_empty() || ids.len() < MOST && bytes < LARGEST;
            let goes = has_room && ids.insert(asked.change.id().clone());
            bytes += if goes { asked.change.bytes() } else { 0 };
            goes
        });
    *waiting = later;
    // Two statements that lock the same rows do it in the same order, as a rule.
    together.sort_by(|a, b| a.change.id().cmp(b.change.id()));
    together
}

async fn send(together: Vec<Asked>, link: &Link, texts: &Statements) {
    let changes: Vec<&Change> = together.iter().map(|asked| &asked.change).collect();
    let made = Change::make(&changes, link, texts).await;
    let mut made = made.map(|Answer { rows, is_repeated }| (by_id(rows), is_repeated));
    for Asked { change, reply } in together {
        let outcome = match &mut made {
            Ok((rows, is_repeated)) => Ok(Made {
                row: rows.remove(change.id().as_str()),
                is_repeated: *is_repeated,
            }),
            Err(error) => Err(error.clone()),
        };
        // Whoever asked has all of it when they are told.
        drop(change);
        // Who has gone away does not want to know.
        let _ = reply.send(outcome);
    }
}

fn by_id(rows: Vec<Row>) -> HashMap<String, Row> {
    let with_id = |row: Row| Some((row.try_get(0).ok()?, row));
    rows.into_iter().filter_map(with_id).collect()
}

impl fmt::Debug for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Group").finish_non_exhaustive()
    }
}

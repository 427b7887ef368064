//! Sends together what is asked at the same time: many changes by one statement, which the server makes safe by one write
//! of its log.
//!
//! **Invariant:** of one kind one statement is under way at a time, with at most one change of any operation in it, and
//! whoever asked is told what became of their own change.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use podpis_operation::OperationId;
use tokio::sync::{mpsc, oneshot};
use tokio_postgres::Row;

use crate::PostgresError;
use crate::link::{Answer, Link};
use crate::statements::Statements;

/// How many changes go by one statement, and how many bytes of records, unless one alone has more.
const MOST: usize = 100;
const LARGEST: usize = 4 * 1024 * 1024;

/// A change of one operation that can go with those of others.
pub(crate) trait Change: Sized + Send + Sync + 'static {
    /// What it changes.
    fn id(&self) -> &OperationId;

    /// How large it is beyond a few names.
    fn bytes(&self) -> usize {
        0
    }

    /// Makes all of these changes that can be made. For each there is a row, whose first column is the id.
    fn make(
        changes: &[&Self],
        link: &Link,
        texts: &Statements,
    ) -> impl Future<Output = Result<Answer, PostgresError>> + Send;
}

/// What became of a change.
pub(crate) struct Made<C> {
    /// The change itself, with whatever it holds.
    pub(crate) change: C,
    /// What the server has to say about it; none when it could not be made.
    pub(crate) row: Option<Row>,
    /// It was sent before, and the answer was lost.
    pub(crate) is_repeated: bool,
}

/// Changes of one kind.
pub(crate) struct Group<C> {
    asked: mpsc::UnboundedSender<Asked<C>>,
}

struct Asked<C> {
    change: C,
    reply: oneshot::Sender<Result<Made<C>, PostgresError>>,
}

/// The task that sends has ended.
#[derive(Debug, thiserror::Error)]
#[error("the runtime that the journal was connected in has ended")]
struct Ended;

impl<C: Change> Group<C> {
    /// Sends in a task of its own, until this is dropped.
    pub(crate) fn over(link: &Arc<Link>, texts: &Arc<Statements>) -> Self {
        let (asked, asks) = mpsc::unbounded_channel();
        tokio::spawn(keep_sending(asks, Arc::clone(link), Arc::clone(texts)));
        Self { asked }
    }

    /// Asks for a change. When this is dropped midway, the change may be made all the same, and is dropped after that.
    pub(crate) async fn make(&self, change: C) -> Result<Made<C>, PostgresError> {
        let (reply, made) = oneshot::channel();
        // Where nobody takes it, nobody answers.
        let _ = self.asked.send(Asked { change, reply });
        let ended = |_| Err(PostgresError::Unreachable(Arc::new(Ended)));
        made.await.unwrap_or_else(ended)
    }
}

async fn keep_sending<C: Change>(
    mut asks: mpsc::UnboundedReceiver<Asked<C>>,
    link: Arc<Link>,
    texts: Arc<Statements>,
) {
    let mut waiting = Vec::new();
    loop {
        if waiting.is_empty() && asks.recv_many(&mut waiting, MOST).await == 0 {
            return;
        }
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
fn take<C: Change>(waiting: &mut Vec<Asked<C>>) -> Vec<Asked<C>> {
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

async fn send<C: Change>(together: Vec<Asked<C>>, link: &Link, texts: &Statements) {
    let changes: Vec<&C> = together.iter().map(|asked| &asked.change).collect();
    let answer = C::make(&changes, link, texts).await;
    let (mut rows, is_repeated) = match answer {
        Ok(Answer { rows, is_repeated }) => (rows, is_repeated),
        Err(error) => {
            for Asked { change, reply } in together {
                let _ = reply.send(Err(error.clone()));
                drop(change);
            }
            return;
        }
    };
    for Asked { change, reply } in together {
        let of_it = |row: &Row| row.try_get(0).is_ok_and(|id: &str| id == change.id().as_str());
        let row = rows.iter().position(of_it).map(|at| rows.swap_remove(at));
        // Who has gone away does not want to know.
        let _ = reply.send(Ok(Made {
            change,
            row,
            is_repeated,
        }));
    }
}

impl<C> fmt::Debug for Group<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Group").finish_non_exhaustive()
    }
}

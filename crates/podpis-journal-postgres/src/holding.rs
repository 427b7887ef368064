//! Gives claims back when they are dropped.
//!
//! **Invariant:** dropping waits for nothing, and what is not given back runs out. A claim that was dropped is free for
//! this journal at once, since it gives back before it claims.

use std::collections::HashSet;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use podpis_operation::{ClaimKey, OperationId};
use tokio::sync::Notify;
use tokio_postgres::types::Type;

use crate::link::Link;
use crate::statements::Statements;

/// How many claims are given back by one statement.
const BATCH: usize = 500;

/// How many claims wait to be given back; what comes on top of that runs out.
const MOST: usize = 10_000;

/// The claims that were dropped and not given back yet.
#[derive(Default)]
pub(crate) struct Dropped {
    waiting: Mutex<Vec<(OperationId, ClaimKey)>>,
    /// The claims whose rows are gone: these need not be given back.
    gone: Mutex<HashSet<ClaimKey>>,
    told: Notify,
    is_closed: AtomicBool,
    /// Held while some are given back.
    giving: tokio::sync::Mutex<()>,
}

impl Dropped {
    fn waiting(&self) -> MutexGuard<'_, Vec<(OperationId, ClaimKey)>> {
        // Each change is one call, so a panic elsewhere cannot leave half of one.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn gone(&self) -> MutexGuard<'_, HashSet<ClaimKey>> {
        self.gone.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The row of a claim was removed, so that nothing is left to be given back when it is dropped.
    pub(crate) fn is_gone(&self, key: &ClaimKey) {
        let mut gone = self.gone();
        // One that was dropped before stays here. What is not remembered is given back in vain, which does no harm.
        if gone.len() >= MOST {
            gone.clear();
        }
        gone.insert(key.clone());
    }

    fn add(&self, id: OperationId, key: ClaimKey) {
        if self.gone().remove(&key) {
            return;
        }
        let mut waiting = self.waiting();
        if waiting.len() < MOST {
            waiting.push((id, key));
        }
        drop(waiting);
        self.told.notify_one();
    }

    /// Whether a claim of this operation waits to be given back.
    pub(crate) fn has(&self, id: &OperationId) -> bool {
        self.waiting().iter().any(|(waiting, _)| waiting == id)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting().is_empty()
    }

    /// Gives back what waits. What fails runs out instead.
    pub(crate) async fn give_back(&self, link: &Link, statements: &Statements) {
        let _giving = self.giving.lock().await;
        loop {
            let (ids, keys): (Vec<String>, Vec<String>) = self
                .waiting()
                .iter()
                .take(BATCH)
                .map(|(id, key)| (id.as_str().to_owned(), key.as_str().to_owned()))
                .unzip();
            if ids.is_empty() {
                return;
            }
            let parameters = [
                (&ids as _, Type::TEXT_ARRAY),
                (&keys as _, Type::TEXT_ARRAY),
            ];
            if let Err(error) = link.ask(&statements.give_back, &parameters).await {
                tracing::warn!(%error, claims = ids.len(), "claims could not be given back, and run out");
            }
            // Others only add at the end.
            self.waiting().drain(..ids.len());
        }
    }

    /// Gives back what is dropped, until it is closed.
    pub(crate) async fn keep_giving_back(self: Arc<Self>, link: Arc<Link>, texts: Arc<Statements>) {
        loop {
            self.told.notified().await;
            self.give_back(&link, &texts).await;
            if self.is_closed.load(Ordering::SeqCst) {
                return;
            }
        }
    }

    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::SeqCst);
        self.told.notify_one();
    }
}

impl fmt::Debug for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dropped").finish_non_exhaustive()
    }
}

/// A claim that is given back when this is dropped.
pub(crate) struct Hold {
    to: Option<Arc<Dropped>>,
    id: OperationId,
    key: ClaimKey,
}

impl Hold {
    pub(crate) fn new(to: &Arc<Dropped>, id: OperationId, key: ClaimKey) -> Self {
        Self {
            to: Some(Arc::clone(to)),
            id,
            key,
        }
    }

    pub(crate) fn id(&self) -> &OperationId {
        &self.id
    }

    pub(crate) fn key(&self) -> &ClaimKey {
        &self.key
    }

    /// It was never taken.
    pub(crate) fn was_not_taken(mut self) {
        self.to = None;
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if let Some(to) = self.to.take() {
            to.add(self.id.clone(), self.key.clone());
        }
    }
}

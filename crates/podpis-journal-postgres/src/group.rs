//! Sends together what many callers ask for at once.
//!
//! **Invariant:** a request goes with those that wait when there is room for a statement, never later, and what fails
//! together is tried again alone: nobody gets another one's failure.
//!
//! A database makes a change safe in milliseconds, and many changes in hardly more. While statements are under way requests
//! gather, and go as one.

use std::collections::HashSet;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::failure::Trouble;
use crate::link::Link;
use crate::statements::Statements;

/// How many requests go as one at most, and how many bytes of records.
const MOST: usize = 256;
const LARGEST: usize = 4 << 20;

/// How many statements of one sort are under way at once.
const LANES: usize = 2;

/// A request that can go together with others of its sort.
pub(crate) trait Together: Sized + Send + Sync + 'static {
    /// What comes back for it.
    type Answer: Send;

    /// The operation that it is about: one statement has each at most once.
    fn id(&self) -> &str;

    /// How long its record is, in bytes.
    fn size(&self) -> usize {
        0
    }

    /// Sends all, once; gives an answer for each, in their order.
    fn send(
        requests: &[Self],
        link: &Link,
        texts: &Statements,
    ) -> impl Future<Output = Result<Vec<Self::Answer>, Trouble>> + Send;
}

/// A request, and who waits for its answer.
type Waiting<T> = (T, oneshot::Sender<<T as Together>::Answer>);

/// The requests of one sort.
pub(crate) struct Group<T: Together> {
    queue: Mutex<Queue<T>>,
}

struct Queue<T: Together> {
    waiting: Vec<Waiting<T>>,
    lanes: usize,
}

impl<T: Together> Default for Group<T> {
    fn default() -> Self {
        let queue = Queue {
            waiting: Vec::new(),
            lanes: 0,
        };
        Self {
            queue: Mutex::new(queue),
        }
    }
}

impl<T: Together> Group<T> {
    fn queue(&self) -> MutexGuard<'_, Queue<T>> {
        // Nothing in between its changes can panic.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a request together with others. None when that failed; it may have been executed.
    pub(crate) async fn ask(
        self: &Arc<Self>,
        request: T,
        link: &Arc<Link>,
        texts: &Arc<Statements>,
    ) -> Option<T::Answer> {
        let (sender, answer) = oneshot::channel();
        let mut queue = self.queue();
        queue.waiting.push((request, sender));
        let is_room = queue.lanes < LANES;
        queue.lanes += usize::from(is_room);
        drop(queue);
        if is_room {
            // Of its own, since whoever asks may go away.
            let (group, link, texts) = (Arc::clone(self), Arc::clone(link), Arc::clone(texts));
            tokio::spawn(async move { group.send_all(&link, &texts).await });
        }
        answer.await.ok()
    }

    /// Sends until nothing waits.
    async fn send_all(&self, link: &Link, texts: &Statements) {
        loop {
            let (requests, senders): (Vec<T>, Vec<_>) = self.next().into_iter().unzip();
            if requests.is_empty() {
                return;
            }
            match T::send(&requests, link, texts).await {
                Ok(answers) => {
                    for (sender, answer) in senders.into_iter().zip(answers) {
                        // Who went away wants none.
                        let _ = sender.send(answer);
                    }
                }
                Err(trouble) => {
                    tracing::debug!(error = %trouble.error, requests = requests.len(), "they are tried alone");
                }
            }
        }
    }

    /// What goes next; when it is nothing, the lane is given up.
    fn next(&self) -> Vec<Waiting<T>> {
        let mut queue = self.queue();
        let (mut next, mut rest) = (Vec::new(), Vec::new());
        let (mut ids, mut size) = (HashSet::new(), 0);
        for (request, sender) in std::mem::take(&mut queue.waiting) {
            if sender.is_closed() {
                continue;
            }
            let fits = next.is_empty() || next.len() < MOST && size + request.size() <= LARGEST;
            if fits && ids.insert(request.id().to_owned()) {
                size += request.size();
                next.push((request, sender));
            } else {
                rest.push((request, sender));
            }
        }
        queue.waiting = rest;
        queue.lanes -= usize::from(next.is_empty());
        next
    }
}

impl<T: Together> fmt::Debug for Group<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Group").finish_non_exhaustive()
    }
}

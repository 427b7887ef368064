//! Keeps two operations of one program off the same draft, docflow or person.
//!
//! **Invariant:** all locks of an operation are taken as one set, in one order that is the same for everybody,
//! and whoever stops waiting gives back what it had; so nobody waits in a circle.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OwnedMutexGuard;

/// What a lock is about.
///
/// Upper and lower case are the same: services write GUIDs and thumbprints in both, and a lock too wide only
/// waits where a lock too narrow lets two operations meet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LockName {
    subject: Subject,
    key: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Subject {
    Draft,
    Docflow,
    Person,
}

impl LockName {
    /// A draft, by its id.
    #[must_use]
    pub fn draft(id: &str) -> Self {
        Self::new(Subject::Draft, id)
    }

    /// A docflow, by its id.
    #[must_use]
    pub fn docflow(id: &str) -> Self {
        Self::new(Subject::Docflow, id)
    }

    /// A person whose phone is asked: the thumbprint of the certificate, or the user.
    #[must_use]
    pub fn person(thumbprint_or_user: &str) -> Self {
        Self::new(Subject::Person, thumbprint_or_user)
    }

    fn new(subject: Subject, key: &str) -> Self {
        Self {
            subject,
            key: key.trim().to_lowercase(),
        }
    }
}

impl fmt::Display for LockName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = match self.subject {
            Subject::Draft => "draft",
            Subject::Docflow => "docflow",
            Subject::Person => "person",
        };
        write!(f, "{subject} {}", self.key)
    }
}

/// The locks of one program. Clones share them; a name takes memory only while somebody holds it or waits
/// for it.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use podpis_core::wait::{LockName, Locks};
///
/// let locks = Locks::new();
/// let mine = locks.take([LockName::person("0A1B"), LockName::draft("d-1")]).await;
/// let busy = locks.try_take([LockName::draft("d-1")]).unwrap_err();
/// assert_eq!(busy.to_string(), "draft d-1 is in use by another operation of this program");
///
/// drop(mine);
/// assert!(locks.try_take([LockName::draft("d-1")]).is_ok());
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Locks(Arc<Mutex<HashMap<LockName, Arc<tokio::sync::Mutex<()>>>>>);

impl Locks {
    /// No locks held.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Waits until all the names are free, in the order of arrival, and takes them. A name given twice is taken
    /// once.
    ///
    /// Stop waiting by dropping the future: what it had is free then. Take everything that one operation needs
    /// in one call; whoever holds a set and waits for another may wait for ever.
    pub async fn take(&self, names: impl IntoIterator<Item = LockName>) -> LockSet {
        let mut set = LockSet(Vec::new());
        for name in sorted(names) {
            let mut place = self.place(name);
            place.guard = Some(Arc::clone(&place.lock).lock_owned().await);
            set.0.push(place);
        }
        set
    }

    /// Takes all the names if all of them are free, and none otherwise.
    ///
    /// # Errors
    /// When a name is not free: the first in order that is not.
    pub fn try_take(&self, names: impl IntoIterator<Item = LockName>) -> Result<LockSet, Busy> {
        let mut set = LockSet(Vec::new());
        for name in sorted(names) {
            let mut place = self.place(name);
            match Arc::clone(&place.lock).try_lock_owned() {
                Ok(guard) => place.guard = Some(guard),
                Err(_) => {
                    return Err(Busy {
                        name: place.name.clone(),
                    });
                }
            }
            set.0.push(place);
        }
        Ok(set)
    }

    fn place(&self, name: LockName) -> Place {
        let lock = Arc::clone(self.names().entry(name.clone()).or_default());
        Place {
            locks: self.clone(),
            name,
            lock,
            guard: None,
        }
    }

    fn names(&self) -> MutexGuard<'_, HashMap<LockName, Arc<tokio::sync::Mutex<()>>>> {
        // A panic elsewhere cannot leave the map half-changed: every change is one call.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Prints how many names are in use, and not which: a person may be among them.
impl fmt::Debug for Locks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Locks")
            .field("in_use", &self.names().len())
            .finish()
    }
}

/// One order for everybody is what keeps two sets from waiting for each other.
fn sorted(names: impl IntoIterator<Item = LockName>) -> BTreeSet<LockName> {
    names.into_iter().collect()
}

/// Locks that are held until this is dropped.
#[must_use = "the locks are free again as soon as this is dropped"]
pub struct LockSet(Vec<Place>);

impl LockSet {
    /// What is held, in order.
    pub fn names(&self) -> impl Iterator<Item = &LockName> {
        self.0.iter().map(|place| &place.name)
    }
}

impl fmt::Debug for LockSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

/// Something is in use by another operation of this program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} is in use by another operation of this program")]
#[non_exhaustive]
pub struct Busy {
    /// What is in use.
    pub name: LockName,
}

/// A place in the queue for one name, held or waiting.
struct Place {
    locks: Locks,
    name: LockName,
    lock: Arc<tokio::sync::Mutex<()>>,
    guard: Option<OwnedMutexGuard<()>>,
}

impl Drop for Place {
    /// Leaves the queue, and the last one out removes the name. Places are made under the same mutex, so
    /// nobody can step in between the count and the removal.
    fn drop(&mut self) {
        let mut names = self.locks.names();
        self.guard = None;
        if Arc::strong_count(&self.lock) == 2 {
            names.remove(&self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::task::{Context, Waker};

    use super::*;

    fn waits<F: Future>(future: std::pin::Pin<&mut F>) -> bool {
        future
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending()
    }

    fn draft_and_person() -> [LockName; 2] {
        [LockName::draft("d"), LockName::person("p")]
    }

    fn person_and_draft() -> [LockName; 2] {
        [LockName::person("p"), LockName::draft("d")]
    }

    #[tokio::test]
    async fn opposite_orders_do_not_wait_in_a_circle() {
        let locks = Locks::new();
        // Both wait for the draft, whichever they name first: neither holds the person meanwhile.
        let draft = locks.take([LockName::draft("d")]).await;
        let mut one = pin!(locks.take(draft_and_person()));
        let mut other = pin!(locks.take(person_and_draft()));
        assert!(waits(one.as_mut()));
        assert!(waits(other.as_mut()));
        assert!(locks.try_take([LockName::person("p")]).is_ok());

        drop(draft);
        let held = one.await;
        assert!(waits(other.as_mut()));
        drop(held);
        let held = other.await;
        assert!(held.names().eq(&draft_and_person()));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn many_takers_in_opposite_orders_finish() {
        let locks = Locks::new();
        let takers: Vec<_> = [draft_and_person(), person_and_draft()]
            .into_iter()
            .cycle()
            .take(20)
            .map(|names| {
                let locks = locks.clone();
                tokio::spawn(async move {
                    for _ in 0..50 {
                        let held = locks.take(names.clone()).await;
                        tokio::task::yield_now().await;
                        drop(held);
                    }
                })
            })
            .collect();
        for taker in takers {
            taker.await.unwrap();
        }
        assert!(locks.names().is_empty());
    }

    #[tokio::test]
    async fn whoever_gives_up_gives_everything_back() {
        let locks = Locks::new();
        let person = locks.take([LockName::person("p")]).await;
        {
            let mut waiting = pin!(locks.take(draft_and_person()));
            assert!(waits(waiting.as_mut()));
            let busy = locks.try_take([LockName::draft("d")]).unwrap_err();
            assert_eq!(busy.name, LockName::draft("d"), "the one that waits has it");
        }
        assert!(locks.try_take([LockName::draft("d")]).is_ok());
        drop(person);
        assert!(locks.names().is_empty(), "unused names take no memory");
    }

    #[tokio::test]
    async fn a_future_that_was_never_polled_leaves_nothing() {
        let locks = Locks::new();
        drop(locks.take(draft_and_person()));
        assert!(locks.names().is_empty());
    }

    #[test]
    fn a_set_that_is_partly_busy_is_not_taken_at_all() {
        let locks = Locks::new();
        let person = locks.try_take([LockName::person("p")]).unwrap();
        assert_eq!(
            locks.try_take(draft_and_person()).unwrap_err().name,
            LockName::person("p")
        );
        assert!(locks.try_take([LockName::draft("d")]).is_ok());
        drop(person);
        assert!(locks.try_take(draft_and_person()).is_ok());
        assert!(locks.names().is_empty());
    }

    #[tokio::test]
    async fn a_name_given_twice_is_taken_once() {
        let locks = Locks::new();
        let held = locks.take(["ab", "AB", " ab "].map(LockName::person)).await;
        assert!(held.names().eq(&[LockName::person("ab")]));
        assert_eq!(held.names().next().unwrap().to_string(), "person ab");
    }

    #[test]
    fn the_same_id_is_another_lock_for_another_subject() {
        let locks = Locks::new();
        let _draft = locks.try_take([LockName::draft("x")]).unwrap();
        let _docflow = locks.try_take([LockName::docflow("x")]).unwrap();
        let _person = locks.try_take([LockName::person("x")]).unwrap();
        assert_eq!(format!("{locks:?}"), "Locks { in_use: 3 }");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn a_hundred_tasks_never_meet_and_all_finish() {
        const NAMES: usize = 8;
        let locks = Locks::new();
        let used: Arc<[AtomicBool; NAMES]> = Arc::default();
        let tasks: Vec<_> = (0..100_u64)
            .map(|task| {
                let (locks, used) = (locks.clone(), Arc::clone(&used));
                tokio::spawn(async move {
                    // Knuth's MMIX generator: another subset each time, the same ones in every run.
                    let mut dice = task;
                    for _ in 0..20 {
                        dice = dice
                            .wrapping_mul(6_364_136_223_846_793_005)
                            .wrapping_add(1_442_695_040_888_963_407);
                        let mut subset: Vec<usize> = (0..NAMES)
                            .filter(|bit| dice >> (32 + bit) & 1 == 1)
                            .collect();
                        if dice >> 63 == 1 {
                            subset.reverse();
                        }
                        let names = subset.iter().map(|n| LockName::docflow(&n.to_string()));
                        let held = locks.take(names).await;
                        for n in &subset {
                            assert!(!used[*n].swap(true, Ordering::SeqCst), "two hold {n}");
                        }
                        tokio::task::yield_now().await;
                        for n in &subset {
                            used[*n].store(false, Ordering::SeqCst);
                        }
                        drop(held);
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert!(locks.names().is_empty());
    }
}

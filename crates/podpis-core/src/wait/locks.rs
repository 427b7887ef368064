//! Keeps two operations of one program off the same draft, docflow or person.
//!
//! **Invariant:** all locks of an operation are taken as one set or not at all, and nobody waits for one: a second
//! operation at the same thing would ask the person again for what the first is signing.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a lock is about.
///
/// Upper and lower case are the same: services write GUIDs and thumbprints in both, and a lock too wide only
/// refuses where a lock too narrow lets two operations meet.
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

/// The locks of one program. Clones share them; a name takes memory only while somebody holds it.
///
/// ```
/// use podpis_core::wait::{LockName, Locks};
///
/// let locks = Locks::new();
/// let mine = locks.try_take([LockName::person("0A1B"), LockName::draft("d-1")])?;
/// let busy = locks.try_take([LockName::draft("d-1")]).unwrap_err();
/// assert_eq!(busy.to_string(), "draft d-1 is in use by another operation of this program");
///
/// drop(mine);
/// assert!(locks.try_take([LockName::draft("d-1")]).is_ok());
/// # Ok::<(), podpis_core::wait::Busy>(())
/// ```
#[derive(Clone, Default)]
pub struct Locks(Arc<Mutex<HashSet<LockName>>>);

impl Locks {
    /// No locks held.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes all the names if all of them are free, and none otherwise. A name given twice is taken once.
    ///
    /// # Errors
    /// When a name is not free: the first in order that is not.
    pub fn try_take(&self, names: impl IntoIterator<Item = LockName>) -> Result<LockSet, Busy> {
        let names: BTreeSet<LockName> = names.into_iter().collect();
        let mut held = self.names();
        if let Some(busy) = names.iter().find(|name| held.contains(name)) {
            return Err(Busy { name: busy.clone() });
        }
        held.extend(names.iter().cloned());
        Ok(LockSet {
            locks: self.clone(),
            names,
        })
    }

    fn names(&self) -> MutexGuard<'_, HashSet<LockName>> {
        // A panic elsewhere cannot leave the set half-changed: every change is one call.
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

/// Locks that are held until this is dropped.
#[must_use = "the locks are free again as soon as this is dropped"]
pub struct LockSet {
    locks: Locks,
    names: BTreeSet<LockName>,
}

impl Drop for LockSet {
    fn drop(&mut self) {
        let mut held = self.locks.names();
        for name in &self.names {
            held.remove(name);
        }
    }
}

impl fmt::Debug for LockSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(&self.names).finish()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_that_is_partly_busy_is_not_taken_at_all() {
        let locks = Locks::new();
        let both = || [LockName::draft("d"), LockName::person("p")];
        let person = locks.try_take([LockName::person("p")]).unwrap();
        assert_eq!(
            locks.try_take(both()).unwrap_err().name,
            LockName::person("p")
        );
        assert!(locks.try_take([LockName::draft("d")]).is_ok());
        drop(person);
        assert!(locks.try_take(both()).is_ok());
        assert!(locks.names().is_empty(), "unused names take no memory");
    }

    #[test]
    fn a_name_given_twice_is_taken_once() {
        let locks = Locks::new();
        let held = locks.try_take(["ab", "AB", " ab "].map(LockName::person));
        let held = held.unwrap();
        assert_eq!(locks.names().len(), 1);
        assert_eq!(
            locks.names().iter().next().unwrap().to_string(),
            "person ab"
        );
        drop(held);
        assert!(locks.names().is_empty());
    }

    #[test]
    fn the_same_id_is_another_lock_for_another_subject() {
        let locks = Locks::new();
        let _draft = locks.try_take([LockName::draft("x")]).unwrap();
        let _docflow = locks.try_take([LockName::docflow("x")]).unwrap();
        let _person = locks.try_take([LockName::person("x")]).unwrap();
        assert_eq!(format!("{locks:?}"), "Locks { in_use: 3 }");
    }
}

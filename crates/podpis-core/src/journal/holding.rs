//! Who holds an operation in the folder of a journal, and for how long.
//!
//! **Invariant:** an operation is held by whom its lease file names, as long as the lease has not run out and the owner
//! file that it names is locked; so a process that ends, however it ends, holds nothing. Lease files are made and
//! replaced only while the folder's lock is held.
//!
//! A lease is never written over another one in the same file, so a holder can give its claim back without a lock: it
//! empties the very file in which it has read its own key, and takes nothing away from somebody who has taken the
//! operation over in between.
//!
//! Programs of before lease files lock `<id>.claim` for as long as they hold an operation. What they hold is seen by that
//! lock, and they are kept out by it too: here `<id>.claim` is one more name of the locked owner file, which costs no
//! descriptor. Where a file cannot have two names, such an old program is not kept out.

use std::collections::HashMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::{Arc, MutexGuard, PoisonError};

use podpis_operation::{ClaimKey, Held, JournalError, Lease, OperationId, Stored, Timestamp};

use super::folder::{Folder, remove};
use super::lease_file::Holder;
use super::lock::LockFile;
use super::storage;

/// The file that is locked while this journal holds any operation, and until the next look at it afterwards.
#[derive(Debug)]
pub(super) struct OwnerLock {
    path: PathBuf,
    name: OperationId,
    _lock: LockFile,
}

impl Drop for OwnerLock {
    fn drop(&mut self) {
        // One that stays is locked by nobody and is swept.
        let _ = remove(&self.path);
    }
}

/// The owners of which somebody has found out whether they live, for as long as one look takes: thousands of operations
/// have one owner.
#[derive(Debug, Default)]
pub(super) struct Owners(HashMap<OperationId, bool>);

impl Owners {
    fn is_alive(&mut self, folder: &Folder, holder: &Holder) -> Result<bool, JournalError> {
        if let Some(alive) = self.0.get(&holder.lock) {
            return Ok(*alive);
        }
        let path = folder.owner_file(&holder.lock);
        let alive = LockFile::is_taken(&path).map_err(|error| storage(&path, error))?;
        self.0.insert(holder.lock.clone(), alive);
        Ok(alive)
    }
}

/// Keeps others out of one operation until it is dropped.
#[derive(Debug)]
pub(super) struct Hold {
    folder: Arc<Folder>,
    id: OperationId,
    pub(super) key: ClaimKey,
    _owner: Arc<OwnerLock>,
}

impl Drop for Hold {
    /// Gives the claim back at once, without the folder's lock: a drop happens on a thread of the runtime, which must not
    /// wait.
    fn drop(&mut self) {
        match self.folder.give_back(&self.id, &self.key) {
            Ok(()) => self.folder.leave(&self.id),
            Err(_) => self.folder.keep_to_give_back(&self.id, &self.key),
        }
    }
}

/// The empty lease files that this journal has left, and the most of them: those that are used again, or removed by the next
/// look at the journal or when the last handle of it is dropped.
pub(super) type Left = Vec<OperationId>;

const MOST_LEFT: usize = 64;

impl Drop for Folder {
    /// Unless that would mean waiting.
    fn drop(&mut self) {
        let left = std::mem::take(&mut *self.left());
        if !left.is_empty()
            && let Ok(Some(_lock)) = LockFile::try_take(&self.lock_file())
        {
            for id in left {
                self.remove_free_claim(&id);
            }
        }
    }
}

impl Folder {
    pub(super) fn claim(
        self: &Arc<Self>,
        id: OperationId,
        lease: &Lease,
        _lock: &LockFile,
    ) -> Result<(Hold, Option<Stored>), JournalError> {
        self.give_back_again();
        self.must_be_free(&id, lease.now(), &mut Owners::default())?;
        let failed = |error| storage(&self.lease_file(&id), error);
        let owner = self.owner().map_err(failed)?;
        let holder = Holder {
            key: ClaimKey::random(),
            owner: lease.owner().clone(),
            lock: owner.name.clone(),
            ends: lease.ends(),
        };
        self.remove_leftover(&id);
        self.write_holder(&id, &holder).map_err(failed)?;
        let claim_file = self.claim_file(&id);
        let link = || fs::hard_link(&owner.path, &claim_file);
        let linked = link().or_else(|error| match error.kind() {
            ErrorKind::AlreadyExists => remove(&claim_file).and_then(|()| link()),
            _ => Err(error),
        });
        if let Err(error) = linked {
            tracing::debug!(%id, %error, "a claim cannot be seen by programs of before lease files");
        }
        let hold = Hold {
            folder: Arc::clone(self),
            id,
            key: holder.key,
            _owner: owner,
        };
        let stored = self.read_record(&hold.id)?;
        Ok((hold, stored))
    }

    pub(super) fn renew(
        &self,
        held: &Held,
        lease: &Lease,
        _lock: &LockFile,
    ) -> Result<(), JournalError> {
        let mut holder = self.must_be_held(held)?;
        holder.ends = lease.ends();
        self.write_holder(&held.id, &holder)
            .map_err(|error| storage(&self.lease_file(&held.id), error))
    }

    /// What a claim that still counts has in its lease file. Under the folder's lock.
    pub(super) fn must_be_held(&self, held: &Held) -> Result<Holder, JournalError> {
        self.holder(&held.id)?
            .filter(|holder| holder.key == held.key)
            .ok_or_else(|| JournalError::conflict(held))
    }

    /// Whether somebody holds the operation, as far as can be told: doubts say so.
    pub(super) fn is_held(&self, id: &OperationId, now: Timestamp, owners: &mut Owners) -> bool {
        self.must_be_free(id, now, owners).is_err()
    }

    fn must_be_free(
        &self,
        id: &OperationId,
        now: Timestamp,
        owners: &mut Owners,
    ) -> Result<(), JournalError> {
        let claimed = |owner| JournalError::Claimed {
            id: id.clone(),
            owner,
        };
        if let Some(holder) = self.holder(id)?
            && owners.is_alive(self, &holder)?
        {
            // The lock of the claim file is the holder's own.
            return if now < holder.ends {
                Err(claimed(Some(holder.owner)))
            } else {
                Ok(())
            };
        }
        let claim_file = self.claim_file(id);
        match LockFile::is_taken(&claim_file) {
            Ok(false) => Ok(()),
            Ok(true) => Err(claimed(None)),
            Err(error) => Err(storage(&claim_file, error)),
        }
    }

    /// A lease file is empty now.
    fn leave(&self, id: &OperationId) {
        let mut left = self.left();
        if left.len() < MOST_LEFT {
            left.push(id.clone());
            return;
        }
        drop(left);
        if let Ok(Some(_lock)) = LockFile::try_take(&self.lock_file()) {
            self.remove_free_claim(id);
        }
    }

    /// One of those that this journal has left.
    pub(super) fn next_left(&self) -> Option<OperationId> {
        self.left().pop()
    }

    /// A look removes what is left, and the owner file of a journal that holds nothing.
    pub(super) fn leave_nothing(&self) {
        self.left().clear();
        let mut owner = self.owner_lock();
        if owner
            .as_ref()
            .is_some_and(|owner| Arc::strong_count(owner) == 1)
        {
            *owner = None;
        }
    }

    fn left(&self) -> MutexGuard<'_, Left> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn owner_lock(&self) -> MutexGuard<'_, Option<Arc<OwnerLock>>> {
        self.owner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The owner file of all that this journal holds. Under the folder's lock.
    fn owner(&self) -> io::Result<Arc<OwnerLock>> {
        let mut known = self.owner_lock();
        if let Some(owner) = &*known {
            return Ok(Arc::clone(owner));
        }
        let name = OperationId::random();
        let path = self.owner_file(&name);
        // Nobody else knows the name.
        let lock = LockFile::try_take(&path)?.ok_or(ErrorKind::ResourceBusy)?;
        let owner = Arc::new(OwnerLock {
            path,
            name,
            _lock: lock,
        });
        *known = Some(Arc::clone(&owner));
        Ok(owner)
    }

    /// What cannot be given back now is given back later, since others keep its owner alive.
    fn keep_to_give_back(&self, id: &OperationId, key: &ClaimKey) {
        self.kept_claims().push((id.clone(), key.clone()));
    }

    /// Gives back what could not be given back when it was dropped.
    pub(super) fn give_back_again(&self) {
        let kept = std::mem::take(&mut *self.kept_claims());
        for (id, key) in kept {
            if self.give_back(&id, &key).is_err() {
                self.keep_to_give_back(&id, &key);
            }
        }
    }

    fn kept_claims(&self) -> MutexGuard<'_, Vec<(OperationId, ClaimKey)>> {
        self.kept_claims
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether files tell of a holder that has ended.
    pub(super) fn is_given_back(&self, id: &OperationId, owners: &mut Owners) -> bool {
        match self.holder(id) {
            Ok(Some(holder)) => owners.is_alive(self, &holder).is_ok_and(|alive| !alive),
            Ok(None) => true,
            Err(_) => false,
        }
    }

    /// Removes the files of a claim that nobody holds. Under the folder's lock.
    pub(super) fn remove_free_claim(&self, id: &OperationId) {
        if !self.is_given_back(id, &mut Owners::default()) {
            return;
        }
        let claim_file = self.claim_file(id);
        let removed =
            remove(&self.lease_file(id)).and_then(|()| match LockFile::is_taken(&claim_file)? {
                true => Ok(()),
                false => remove(&claim_file),
            });
        if let Err(error) = removed {
            tracing::debug!(%id, %error, "the files of a claim could not be removed");
        }
    }

    /// Whether somebody has locked this owner file, as far as can be told: doubts keep it.
    pub(super) fn is_owner(&self, name: &OperationId) -> bool {
        LockFile::is_taken(&self.owner_file(name)).unwrap_or(true)
    }

    /// Removes an owner file that nobody has locked. Under the folder's lock.
    pub(super) fn remove_free_owner(&self, name: &OperationId) {
        if !self.is_owner(name) {
            // One that stays is swept the next time.
            let _ = remove(&self.owner_file(name));
        }
    }

    pub(super) fn claim_file(&self, id: &OperationId) -> PathBuf {
        self.path().join(format!("{id}.claim"))
    }

    fn owner_file(&self, name: &OperationId) -> PathBuf {
        self.path().join(format!("{name}.owner"))
    }
}

//! What happens in the folder of a journal, one blocking step after the other.
//!
//! **Invariant:** records are made, replaced and removed only while the folder's own lock is held, and that lock's file is
//! never removed.
//!
//! | file | what it is |
//! |---|---|
//! | `<id>.json` | the record, its revision, and when it is due |
//! | `<id>.tmp` | the next version of the record or of the lease, until it is renamed |
//! | `<id>.lease` | who holds the operation, and until when |
//! | `<id>.claim` | keeps out programs of before lease files |
//! | `<random>.owner` | locked by a journal for as long as it holds any operation |
//! | `journal.lock` | locked for the length of one change: a claim, a save, a removal |
//!
//! A lock file that may be removed is a trap: somebody can open it, lose it to a removal, and lock a file that
//! has no name while a third one locks its successor. Here every lock file is opened and locked, or checked to be
//! free and removed, in one go under the folder's lock, so no open file is ever without its name. For the
//! same reason a temporary file seen under the folder's lock is a leftover of a crash.
//!
//! One lock for the whole folder costs that two saves wait for each other. That is a few milliseconds a handful
//! of times per operation, and operations wait for people.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Weak};

use podpis_operation::{
    Cursor, Entry, Held, JournalError, Listing, Operation, OperationId, Page, Revision, Summary,
    Timestamp, Which,
};

use super::holding::OwnerLock;
use super::lock::LockFile;
use super::private::private_folder;
use super::{UnreadableRecord, storage, stored};

/// The folder of a journal.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// There while this journal holds any operation.
    pub(super) owner: Mutex<Weak<OwnerLock>>,
}

impl Folder {
    pub(super) fn at(path: &Path) -> Result<Self, JournalError> {
        let path = std::path::absolute(path).map_err(|error| storage(path, error))?;
        let missing: Vec<&Path> = path.ancestors().take_while(|part| !part.exists()).collect();
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .create(&path)
            .map_err(|error| storage(&path, error))?;
        private_folder(&path).map_err(|error| storage(&path, error))?;
        for made in missing.iter().filter_map(|part| part.parent()) {
            // A record is as safe as the name of its folder. Not every folder above may be read, and that
            // is no reason to refuse the journal.
            if let Err(error) = sync_folder(made) {
                tracing::debug!(folder = %made.display(), %error, "a folder could not be synced");
            }
        }
        Ok(Self {
            path,
            owner: Mutex::default(),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn save(
        &self,
        held: &Held,
        operation: &Operation,
        due: Option<Timestamp>,
    ) -> Result<Revision, JournalError> {
        let id = &held.id;
        let path = self.record(id);
        let _lock = self.lock()?;
        self.must_be_held(held)?;
        let before = stored::read(&path, id)?;
        let stored = before
            .as_ref()
            .map_or(Revision::NONE, |stored| stored.record.revision);
        if stored != held.revision || operation.id() != id {
            return Err(JournalError::conflict(held));
        }
        let revision = stored.next();
        let failed = |error| storage(&path, error);
        let text = stored::write(operation, revision, due).map_err(|error| failed(error.into()))?;
        self.replace(&path, &text, File::sync_all).map_err(failed)?;
        if let Err(error) = sync_folder(&self.path) {
            self.put_back(id, before.map(|stored| stored.text).as_deref());
            return Err(storage(&self.path, error));
        }
        Ok(revision)
    }

    pub(super) fn forget_held(&self, held: &Held) -> Result<(), JournalError> {
        let _lock = self.lock()?;
        self.must_be_held(held)?;
        self.remove_record(&held.id)
    }

    pub(super) fn forget(&self, id: &OperationId) -> Result<(), JournalError> {
        let _lock = self.lock()?;
        self.remove_record(id)?;
        self.remove_free_claim(id);
        Ok(())
    }

    fn remove_record(&self, id: &OperationId) -> Result<(), JournalError> {
        let path = self.record(id);
        remove(&path).map_err(|error| storage(&path, error))?;
        self.remove_leftover(id);
        sync_folder(&self.path).map_err(|error| storage(&self.path, error))
    }

    /// Looks at records without a lock: a rename shows the old record or the new one. A listing by id reads the records
    /// of its page alone, one of what is due reads every record that nobody holds.
    pub(super) fn list(&self, listing: &Listing) -> Result<Page, JournalError> {
        let which = listing.which();
        let mut names = self.names()?;
        if let Which::Due(now) = which {
            let free = names.records.iter().filter(|id| !self.is_held(id, now));
            return Ok(listing.page(free.filter_map(|id| self.entry(id, which))));
        }
        if listing.cursor().is_none() {
            self.sweep(&names);
        }
        names.records.sort();
        let after = |id: &&OperationId| {
            listing
                .cursor()
                .is_none_or(|Cursor { id: last, .. }| *id > last)
        };
        let entries = names.records.iter().filter(after);
        let entries = entries.filter_map(|id| self.entry(id, which));
        Ok(listing.page(entries.take(listing.most() + 1)))
    }

    /// What a listing says of a record; none when it does not belong there, or was forgotten in between.
    fn entry(&self, id: &OperationId, which: Which) -> Option<Entry> {
        let path = self.record(id);
        match stored::read(&path, id) {
            Ok(stored) => {
                let record = stored?.record;
                let belongs = which.holds(record.operation.state(), record.due);
                belongs.then(|| Entry::Record(Summary::of(&record.operation, record.due)))
            }
            Err(_) if matches!(which, Which::Due(_)) => None,
            Err(error) => Some(Entry::Unreadable(podpis_operation::UnreadableRecord {
                id: id.clone(),
                place: path.display().to_string(),
                why: UnreadableRecord::new(path, &error).why,
            })),
        }
    }

    /// All records, oldest first, and what cannot be read, by name.
    pub(super) fn everything(
        &self,
    ) -> Result<(Vec<Operation>, Vec<UnreadableRecord>), JournalError> {
        let names = self.names()?;
        self.sweep(&names);
        let (mut records, mut unreadable) = (Vec::new(), Vec::new());
        for id in &names.records {
            let path = self.record(id);
            match stored::read(&path, id) {
                Ok(stored) => records.extend(stored.map(|stored| stored.record.operation)),
                Err(error) => unreadable.push(UnreadableRecord::new(path, &error)),
            }
        }
        records.sort_by(|a, b| (a.created(), a.id()).cmp(&(b.created(), b.id())));
        unreadable.sort_by(|a, b| a.file.cmp(&b.file));
        Ok((records, unreadable))
    }

    fn names(&self) -> Result<Names, JournalError> {
        let mut names = Names::default();
        let failed = |error| storage(&self.path, error);
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            let Some((id, ending)) = name.to_str().and_then(|name| name.split_once('.')) else {
                continue;
            };
            let Ok(id) = id.parse::<OperationId>() else {
                continue;
            };
            match ending {
                "json" => names.records.push(id),
                "tmp" => names.temporary.push(id),
                "lease" | "claim" => {
                    names.claims.insert(id);
                }
                "owner" => names.owners.push(id),
                _ => {}
            }
        }
        Ok(names)
    }

    /// Removes what crashes left behind. Looking at a journal waits for nobody and needs no right to write, so
    /// this is left for the next time when the folder is locked or read-only.
    fn sweep(&self, names: &Names) {
        let claims = names.claims.iter().filter(|id| self.is_given_back(id));
        let owners = names.owners.iter().filter(|name| !self.is_owner(name));
        let (claims, owners) = (Vec::from_iter(claims), Vec::from_iter(owners));
        let nothing = claims.is_empty() && owners.is_empty() && names.temporary.is_empty();
        if !nothing && let Ok(Some(_lock)) = LockFile::try_take(&self.lock_file()) {
            for id in &names.temporary {
                self.remove_leftover(id);
            }
            for id in claims {
                self.remove_free_claim(id);
            }
            for name in owners {
                self.remove_free_owner(name);
            }
        }
    }

    /// Waits for the folder's lock.
    pub(super) fn lock(&self) -> Result<LockFile, JournalError> {
        let path = self.lock_file();
        LockFile::take(&path).map_err(|error| storage(&path, error))
    }

    /// Writes the next version beside the record or the lease, and renames it over that. Under the folder's lock.
    ///
    /// `tempfile` removes the new file on every way out but the last, and replaces on Windows too.
    pub(super) fn replace(
        &self,
        path: &Path,
        text: &[u8],
        make_safe: impl FnOnce(&File) -> io::Result<()>,
    ) -> io::Result<()> {
        let name = path.file_stem().unwrap_or_default();
        remove(&path.with_extension("tmp"))?;
        let mut temporary = tempfile::Builder::new()
            .prefix(name)
            .suffix(".tmp")
            .rand_bytes(0) // one name per record, so that a leftover is found without a search
            .tempfile_in(&self.path)?;
        temporary.write_all(text)?;
        make_safe(temporary.as_file())?;
        temporary.persist(path)?;
        Ok(())
    }

    /// Undoes a replacement that may not outlast a power cut, since a save that failed changes nothing.
    pub(super) fn put_back(&self, id: &OperationId, before: Option<&[u8]>) {
        let undone = match before {
            Some(text) => self.replace(&self.record(id), text, File::sync_all),
            None => remove(&self.record(id)),
        };
        if let Err(error) = undone {
            tracing::warn!(%id, %error, "a record that could not be stored safely could not be put back either");
        }
    }

    /// Under the folder's lock.
    pub(super) fn remove_leftover(&self, id: &OperationId) {
        if let Err(error) = remove(&self.temporary(id)) {
            tracing::debug!(%id, %error, "a leftover of a crash could not be removed");
        }
    }

    pub(super) fn record(&self, id: &OperationId) -> PathBuf {
        self.path.join(format!("{id}.json"))
    }

    pub(super) fn temporary(&self, id: &OperationId) -> PathBuf {
        self.path.join(format!("{id}.tmp"))
    }

    pub(super) fn lock_file(&self) -> PathBuf {
        self.path.join("journal.lock")
    }
}

/// The files of a folder.
#[derive(Default)]
struct Names {
    records: Vec<OperationId>,
    temporary: Vec<OperationId>,
    /// Those with a lease file or a claim file.
    claims: BTreeSet<OperationId>,
    owners: Vec<OperationId>,
}

/// Removes a file; one that is not there is fine.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

/// Makes the names in a folder outlast a power cut, where the system can do that.
fn sync_folder(path: &Path) -> io::Result<()> {
    // Elsewhere a folder cannot be opened as a file, and the system keeps names safe by itself.
    if !cfg!(unix) {
        return Ok(());
    }
    match File::open(path)?.sync_all() {
        // The file system has no such thing for folders: the record is as safe as it can be there.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::InvalidInput | ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        result => result,
    }
}

//! Reads which files a folder has, and removes those that crashes left behind.
//!
//! **Invariant:** a name is given to whoever asked and not kept, so that a folder of any size is read in the memory of one
//! name.

use std::collections::BTreeSet;
use std::fs;

use podpis_operation::{JournalError, OperationId};

use super::folder::Folder;
use super::holding::Owners;
use super::lock::LockFile;
use super::storage;

/// How often the names of a folder are read that does not stand still.
const READINGS: usize = 4;

/// What the name of a file says that it is.
pub(super) enum FileKind {
    Record,
    Temporary,
    /// A lease file or a claim file.
    Claim,
    Owner,
}

/// The files of a folder that may have been left behind, by name.
#[derive(Default)]
pub(super) struct LeftBehind {
    temporary: BTreeSet<OperationId>,
    claims: BTreeSet<OperationId>,
    owners: BTreeSet<OperationId>,
}

impl LeftBehind {
    pub(super) fn add(&mut self, id: OperationId, kind: FileKind) {
        let files = match kind {
            FileKind::Record => return,
            FileKind::Temporary => &mut self.temporary,
            FileKind::Claim => &mut self.claims,
            FileKind::Owner => &mut self.owners,
        };
        files.insert(id);
    }
}

impl Folder {
    /// All that is there, maybe more than once. A record that is replaced while the names are read may stand behind where they
    /// were read and before where they are read next, so a folder that has changed meanwhile is read again, and a name of
    /// either time is one: what is gone is passed over when it is opened.
    pub(super) fn each_name(
        &self,
        mut found: impl FnMut(OperationId, FileKind),
    ) -> Result<(), JournalError> {
        #[cfg(test)]
        self.counted.folder();
        let failed = |error| storage(self.path(), error);
        let changed = || fs::metadata(self.path()).and_then(|folder| folder.modified());
        for _ in 0..READINGS {
            let before = changed().map_err(failed)?;
            self.read_names(&mut found).map_err(failed)?;
            if changed().map_err(failed)? == before {
                break;
            }
        }
        Ok(())
    }

    fn read_names(&self, found: &mut impl FnMut(OperationId, FileKind)) -> std::io::Result<()> {
        for entry in fs::read_dir(self.path())? {
            let name = entry?.file_name();
            let Some((id, ending)) = name.to_str().and_then(|name| name.split_once('.')) else {
                continue;
            };
            let kind = match ending {
                "json" => FileKind::Record,
                "tmp" => FileKind::Temporary,
                "lease" | "claim" => FileKind::Claim,
                "owner" => FileKind::Owner,
                _ => continue,
            };
            if let Ok(id) = id.parse() {
                found(id, kind);
            }
        }
        Ok(())
    }

    /// Removes what crashes left behind. Looking at a journal waits for nobody and needs no right to write, so
    /// this is left for the next time when the folder is locked or read-only.
    pub(super) fn sweep(&self, left: &LeftBehind) {
        self.leave_nothing();
        let mut known = Owners::default();
        let claims = left.claims.iter();
        let claims = claims.filter(|id| self.is_given_back(id, &mut known));
        let claims = Vec::from_iter(claims);
        let owners = left.owners.iter().filter(|name| !self.is_owner(name));
        let owners = Vec::from_iter(owners);
        let nothing = claims.is_empty() && owners.is_empty() && left.temporary.is_empty();
        if !nothing && let Ok(Some(_lock)) = LockFile::try_take(&self.lock_file()) {
            for id in &left.temporary {
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
}

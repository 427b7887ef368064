//! Where operations are kept.
//!
//! **Invariant:** changes nothing but that a folder or tables that are not there yet are made, as by any other command.

use std::path::Path;

use podpis::operation::{Listing, Which};

use super::finding::Findings;
use crate::failure::Failure;
use crate::messages::{Check, DoctorMessage, Message};
use crate::store::{JournalArguments, Store};
use crate::whole_file;

/// A journal needs this much room, in megabytes: a record with signatures in it can have some.
const ROOM: u64 = 64;

/// So many operations are counted.
const COUNTED: usize = 100;

/// Looks at it.
pub(super) async fn examine(
    arguments: &JournalArguments,
    mut findings: Findings<'_>,
) -> Result<(), Failure> {
    let store = match Store::open(arguments, findings.output()).await {
        Ok(store) => store,
        Err(failure) => {
            let advice = repair(arguments.is_database());
            findings.failure(Check::Journal, &failure, advice)?;
            return findings.skipped(&[Check::Disk]);
        }
    };
    tell_records(&store, &mut findings).await?;
    match store.folder() {
        Some(folder) => tell_disk(room(folder), &mut findings),
        None => Ok(()),
    }
}

/// Whether it can be read and written.
async fn tell_records(store: &Store, findings: &mut Findings<'_>) -> Result<(), Failure> {
    let journal = store.shown();
    let listing = Listing::of(Which::All).limit(COUNTED);
    let page = match store.journal().list(&listing).await {
        Ok(page) => page,
        Err(error) => {
            let unusable = Failure::failed("journal", Message::JournalUnusable(journal));
            let advice = repair(store.folder().is_none());
            return findings.failure(Check::Journal, &unusable.with_source(error), advice);
        }
    };
    if let Some(folder) = store.folder()
        && let Err(failure) = whole_file::usable(folder)
    {
        return findings.failure(Check::Journal, &failure, repair(false));
    }
    if !page.unreadable.is_empty() {
        let found = DoctorMessage::RecordsUnreadable(page.unreadable.len());
        return findings.problem(Check::Journal, found, DoctorMessage::LookAtRecords);
    }
    let open = page.records.len();
    let found = match page.next {
        None => DoctorMessage::JournalFine { journal, open },
        Some(_) => DoctorMessage::JournalMore { journal, open },
    };
    findings.fine(Check::Journal, found)
}

fn repair(is_database: bool) -> DoctorMessage {
    if is_database {
        DoctorMessage::RepairDatabase
    } else {
        DoctorMessage::RepairJournal
    }
}

/// `free` is in megabytes; none where the system does not tell.
fn tell_disk(free: Option<u64>, findings: &mut Findings<'_>) -> Result<(), Failure> {
    match free {
        None => Ok(()),
        Some(free) if free < ROOM => {
            let (found, advice) = (DoctorMessage::DiskFull(free), DoctorMessage::MakeRoom);
            findings.problem(Check::Disk, found, advice)
        }
        Some(free) => findings.fine(Check::Disk, DoctorMessage::DiskFine(free)),
    }
}

#[cfg(unix)]
fn room(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    let block = if disk.f_frsize == 0 {
        disk.f_bsize
    } else {
        disk.f_frsize
    };
    Some(disk.f_bavail.saturating_mul(block) / 1_000_000)
}

#[cfg(not(unix))]
fn room(_folder: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::super::finding::Report;
    use super::*;
    use crate::exit::Exit;
    use crate::messages::Language;
    use crate::output::Output;

    #[test]
    fn too_little_room_is_a_problem() {
        for (free, exit) in [
            (Some(ROOM - 1), Exit::Failed),
            (Some(ROOM), Exit::Done),
            (None, Exit::Done),
        ] {
            let mut report = Report::new(Output::new(Language::English, true));
            tell_disk(free, &mut report.of(None)).unwrap();
            assert_eq!(report.exit(), exit, "{free:?}");
        }
    }
}

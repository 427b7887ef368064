//! Decides where operations are kept: in the user's journal, or nowhere for the embedded sandbox.
//!
//! | module | decides |
//! |---|---|
//! | `place`, `database` | where that is |
//! | `note` | what is remembered beside a record |
//! | `ends`, `missing` | what is remembered after it, and what is told of it then |
//! | `failing` | how it is told that the journal fails |
//! | `records` | which operations there are |
//! | `advice` | what a person does about it |
//! | `subject` | what an operation is about, however it was asked for |
//!
//! **Invariant:** where the signatures of an operation go is noted before it is started, and the note goes after
//! the record.

mod advice;
mod database;
mod ends;
mod failing;
mod missing;
mod note;
mod place;
mod records;
mod subject;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use clap::Args;
use podpis::core::journal::FolderJournal;
use podpis::operation::{Claim, JournalError};
use podpis::{Deadline, Journal, MemoryJournal, Operation, OperationId};

pub(crate) use advice::is_no_result;
pub(crate) use database::close;
pub(crate) use note::{Note, NotedFile, StoredPath};
pub(crate) use place::own_folder;
pub(crate) use records::{Begun, Contents, unreadable};
pub(crate) use subject::Subject;

use crate::address::known_as;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Message;
use crate::output::Output;
use ends::Ends;
use failing::{reason, unusable};
use note::Notes;
use place::Place;

/// Another program that changes the journal at this moment is waited for, however little time there is for an operation.
const SHORTEST_WAIT: Duration = Duration::from_secs(5);

// What every command takes that starts operations or goes on with them.
#[derive(Debug, Args)]
pub(crate) struct JournalArguments {
    /// Folder of the journal, or postgres:// address of its database; PODPIS_JOURNAL or the user's own folder unless given
    #[arg(long, value_name = "DIR|URL")]
    journal: Option<PathBuf>,
}

impl JournalArguments {
    /// Whether it is to be in a database.
    pub(crate) fn is_database(&self) -> bool {
        matches!(
            place::place(self.journal.as_deref()),
            Ok(Place::Database { .. })
        )
    }
}

/// A journal, with the program's own notes.
#[derive(Debug)]
pub(crate) struct Store {
    kept: Keeping,
    /// As it was given on the command line, for the commands that are advised.
    given: Option<PathBuf>,
    /// The address of the sandbox in which operations are started.
    sandbox: OnceLock<String>,
    /// The address that was given on the command line, and that no note tells.
    base_url: OnceLock<String>,
}

#[derive(Debug)]
enum Keeping {
    Folder(FolderJournal, Notes),
    /// The notes stay on this machine: the files are here.
    Database(database::Opened, Notes),
    /// A folder that is not there.
    Absent(PathBuf, MemoryJournal),
    Memory(MemoryJournal),
}

impl Store {
    /// The journal that is asked for: in a folder, which is made if it is not there, or in a database.
    pub(crate) async fn open(
        arguments: &JournalArguments,
        output: Output,
    ) -> Result<Self, Failure> {
        let given = arguments.journal.clone();
        Self::at(place::place(given.as_deref())?, given, output).await
    }

    /// The journal that a word on the command line means.
    pub(crate) async fn named(word: &Path, output: Output) -> Result<Self, Failure> {
        Self::at(place::place_of(word, true), Some(word.to_owned()), output).await
    }

    /// The same where nothing is begun: a folder that is not there is as good as an empty one, and is not made.
    pub(crate) async fn existing(
        arguments: &JournalArguments,
        output: Output,
    ) -> Result<Self, Failure> {
        let given = arguments.journal.clone();
        match place::place(given.as_deref())? {
            Place::Folder(path) if matches!(path.try_exists(), Ok(false)) => {
                let path = std::path::absolute(&path).unwrap_or(path);
                Ok(Self::of(Keeping::Absent(path, MemoryJournal::new()), given))
            }
            place => Self::at(place, given, output).await,
        }
    }

    async fn at(place: Place, given: Option<PathBuf>, output: Output) -> Result<Self, Failure> {
        let kept = match place {
            Place::Folder(path) => Self::in_folder(&path, output)?,
            Place::Database {
                address,
                is_argument,
            } => {
                let opened = database::open(&address, is_argument).await?;
                let folder: String = opened
                    .place
                    .chars()
                    .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
                    .collect();
                let notes = Notes::of(&place::own_folder()?.join("databases").join(folder));
                Keeping::Database(opened, notes)
            }
        };
        Ok(Self::of(kept, given))
    }

    fn in_folder(path: &Path, output: Output) -> Result<Keeping, Failure> {
        let journal = FolderJournal::at(path)
            .map_err(|error| unusable(path.display().to_string(), true).with_source(error))?;
        let notes = Notes::of(journal.path());
        let journal = journal.telling_of_waits(move |lock| {
            output.say(&Message::JournalLocked(lock.display().to_string()));
        });
        Ok(Keeping::Folder(journal, notes))
    }

    /// The same, which waits no longer for other programs than what is asked of it is waited for.
    pub(crate) fn within(mut self, deadline: Deadline) -> Self {
        if let Keeping::Folder(journal, _) = &mut self.kept {
            let longest = deadline.as_duration().max(SHORTEST_WAIT);
            *journal = journal.clone().waiting_at_most(longest);
        }
        self
    }

    /// From here on other programs are waited for no longer than their changes take: this one ends.
    pub(crate) fn hurry(&self) {
        if let Keeping::Folder(journal, _) = &self.kept {
            journal.hurry();
        }
    }

    /// A journal that ends with the program, as the embedded sandbox does.
    pub(crate) fn memory() -> Self {
        Self::of(Keeping::Memory(MemoryJournal::new()), None)
    }

    fn of(kept: Keeping, given: Option<PathBuf>) -> Self {
        Self {
            kept,
            given,
            sandbox: OnceLock::new(),
            base_url: OnceLock::new(),
        }
    }

    /// From here on operations are started in the sandbox at this address, and their notes say so; or at the address
    /// that was given, and the commands that are advised name it.
    pub(crate) fn starting_in(&self, sandbox: Option<String>, given: Option<&str>) {
        let _ = match (sandbox, given) {
            (Some(url), _) => self.sandbox.set(url),
            (None, Some(url)) => self.base_url.set(url.to_owned()),
            (None, None) => Ok(()),
        };
    }

    /// The journal.
    pub(crate) fn journal(&self) -> &dyn Journal {
        match &self.kept {
            Keeping::Folder(journal, _) => journal,
            Keeping::Database(opened, _) => &*opened.journal,
            Keeping::Absent(_, journal) | Keeping::Memory(journal) => journal,
        }
    }

    /// A handle of the journal, for what goes on by itself.
    pub(crate) fn shared_journal(&self) -> Arc<dyn Journal> {
        match &self.kept {
            Keeping::Folder(journal, _) => Arc::new(journal.clone()),
            Keeping::Database(opened, _) => Arc::clone(&opened.journal),
            Keeping::Absent(_, journal) | Keeping::Memory(journal) => Arc::new(journal.clone()),
        }
    }

    fn notes(&self) -> Option<&Notes> {
        match &self.kept {
            Keeping::Folder(_, notes) | Keeping::Database(_, notes) => Some(notes),
            Keeping::Absent(..) | Keeping::Memory(_) => None,
        }
    }

    /// The folder or the database, for people.
    pub(crate) fn shown(&self) -> String {
        match &self.kept {
            Keeping::Folder(journal, _) => journal.path().display().to_string(),
            Keeping::Database(opened, _) => opened.place.clone(),
            Keeping::Absent(path, _) => path.display().to_string(),
            Keeping::Memory(_) => String::new(),
        }
    }

    /// The folder, where it is one.
    pub(crate) fn folder(&self) -> Option<&Path> {
        match &self.kept {
            Keeping::Folder(journal, _) => Some(journal.path()),
            Keeping::Database(..) | Keeping::Absent(..) | Keeping::Memory(_) => None,
        }
    }

    /// Whether operations outlive the program.
    pub(crate) fn is_kept(&self) -> bool {
        !matches!(self.kept, Keeping::Memory(_))
    }

    /// Notes where files and signatures of an operation are before it is started. That the journal can be written is known
    /// by then: what the operation is about was claimed in it.
    pub(crate) fn prepare(&self, id: &OperationId, note: Note) -> Result<(), Failure> {
        let Some(notes) = self.notes() else {
            return Ok(());
        };
        notes
            .write(id, &note.in_sandbox(self.sandbox.get()))
            .map_err(|error| {
                unusable(notes.folder().display().to_string(), true).with_source(error)
            })
    }

    /// The note of an operation, if there is one.
    pub(crate) fn note(&self, id: &OperationId) -> std::io::Result<Option<Note>> {
        match self.notes() {
            Some(notes) => notes.read(id),
            None => Ok(None),
        }
    }

    /// The same where what it says is acted on: one that others may have written is refused, and one that cannot be
    /// read is as good as none.
    pub(crate) fn own_note(&self, id: &OperationId) -> Result<Option<Note>, Failure> {
        match self.note(id) {
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                let message = Message::NoteRefused(id.to_string());
                Err(Failure::usage(message).about(id).with_source(error))
            }
            note => Ok(note.ok().flatten()),
        }
    }

    /// Reads the notes of many operations, of those that have one which can be read.
    pub(crate) fn notes_of_many(&self) -> impl Fn(&OperationId) -> Option<Note> {
        let notes = self.notes().filter(|notes| notes.may_be_read().is_ok());
        move |id| notes?.read_believed(id).ok().flatten()
    }

    /// Notes whether the service knows an operation that is open.
    pub(crate) fn note_gone(&self, record: &Operation, is_gone: bool) {
        let Some(notes) = self.notes() else {
            return;
        };
        let id = record.id();
        let since = is_gone.then(|| record.changed());
        let noted = notes.read(id).and_then(|note| match note {
            Some(note) if note.is_gone(record) != is_gone => {
                notes.write(id, &note.gone_since(since))
            }
            None if is_gone => {
                let note = Note::new(None, Vec::new());
                notes.write(id, &note.gone_since(since))
            }
            _ => Ok(()),
        });
        if let Err(error) = noted {
            // The next one who asks the service finds that again.
            tracing::debug!(%id, %error, "that an operation is gone could not be noted");
        }
    }

    /// Whether the service did not know an operation when it was asked last.
    pub(crate) fn is_gone(&self, record: &Operation) -> bool {
        let note = self.note(record.id()).ok().flatten();
        note.is_some_and(|note| note.is_gone(record))
    }

    /// Removes the note of an operation whose record is gone.
    pub(crate) fn drop_note(&self, id: &OperationId) {
        if let Some(notes) = self.notes() {
            notes.remove(id);
        }
    }

    /// Notes how an operation ended whose record is gone.
    pub(crate) fn note_end(&self, id: &OperationId, exit: Exit) {
        if let Some(notes) = self.notes()
            && let Err(error) = Ends::of(notes.folder()).add(id, exit)
        {
            // Who asks for it again will be told that there is none.
            tracing::debug!(%id, %error, "how an operation ended could not be noted");
        }
    }

    /// How an operation ended whose record is gone, where that is known.
    pub(crate) fn ended(&self, id: &OperationId) -> Option<Exit> {
        Ends::of(self.notes()?.folder()).find(id)
    }

    /// The whole id of an operation whose record is gone.
    fn ended_id(&self, named: &OperationId) -> Option<OperationId> {
        Some(Ends::of(self.notes()?.folder()).meant(named)?.0)
    }

    /// Gives the note of an operation to the journal that its record was moved to.
    pub(crate) fn give_note(&self, id: &OperationId, to: &Self) -> std::io::Result<()> {
        if let (Some(note), Some(notes)) = (self.note(id)?, to.notes()) {
            notes.write(id, &note)?;
        }
        Ok(())
    }

    /// The record as the journal has it now. Waits for a save that is still under way, but not for a journal that another
    /// program keeps locked: nothing is under way there.
    pub(crate) async fn record(&self, id: &OperationId) -> Result<Option<Operation>, Failure> {
        let record = match self.journal().claim(id).await {
            Ok(claim) => Ok(claim.record().cloned()),
            Err(JournalError::Storage { .. }) => {
                let looked = self.journal().look(id).await;
                looked.map(|stored| stored.map(|stored| stored.operation))
            }
            Err(error) => Err(error),
        };
        record.map_err(|error| self.failing(error))
    }

    /// Claims that keep other programs from beginning something about one of these at this host; none while one of them
    /// does.
    pub(crate) async fn claim_subjects(
        &self,
        subjects: &[Subject],
        host: &str,
    ) -> Result<Option<Vec<Claim<'_>>>, Failure> {
        let mut claims = Vec::with_capacity(subjects.len());
        for name in subject::claimed_as(subjects, &known_as(host)) {
            match self.claim_name(&name).await? {
                Some(claim) => claims.push(claim),
                None => return Ok(None),
            }
        }
        Ok(Some(claims))
    }

    /// A claim on a name that no operation has, which keeps other programs from what it stands for; none while one of them
    /// has it.
    pub(crate) async fn claim_name(&self, name: &str) -> Result<Option<Claim<'_>>, Failure> {
        let name: OperationId = name.parse().map_err(Failure::setup)?;
        match self.journal().claim(&name).await {
            Ok(claim) => Ok(Some(claim)),
            Err(JournalError::Claimed { .. }) => Ok(None),
            Err(error) => Err(self.unusable().with_source(reason(error))),
        }
    }
}

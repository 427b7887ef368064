//! What the program remembers about an operation beyond its record: where the files are and where the signatures go.
//!
//! A note is a file of its own, `outputs/<id>.json` in the folder of the journal, written before the operation is
//! started and removed after its record. Losing one loses no signature, since the record has those: where they go must be told
//! again, and that a document or a draft is asked for already is not known here any more.
//!
//! **Invariant:** a note under its name is a whole one; it holds paths, a thumbprint, a digest and a moment, never a byte
//! of a document.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, DirEntry};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use podpis::core::journal::{private_folder, read_private};
use podpis::operation::Timestamp;
use podpis::{Operation, OperationId};
use serde::{Deserialize, Serialize};

use super::subject::{Content, Subject};
use crate::asked::{Ask, AttachAsk, STDIN};
use crate::whole_file::{self, Readers};

/// The layout that is written and read.
const VERSION: u32 = 1;

/// A note without a record is one of a start that is being prepared, or a leftover. Uploads do not take this long.
const LEFTOVER: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Paths of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Note {
    version: u32,
    /// The certificate that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) certificate: Option<String>,
    /// In the order of the request.
    pub(crate) files: Vec<NotedFile>,
    /// Where the results go whose names only the service knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    folder: Option<StoredPath>,
    /// What was asked of Extern.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ask: Option<Ask>,
    /// The address of the sandbox in which the operation is, if it is in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sandbox: Option<String>,
    /// What was asked of Diadoc about documents of a message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) attach: Option<AttachAsk>,
    /// The box whose receipts are signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) receipts_of: Option<String>,
    /// The digest of what standard input gave to be signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stdin: Option<String>,
    /// When the record had changed last, before the service did not know the operation any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gone: Option<Timestamp>,
}

/// Paths of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NotedFile {
    file: StoredPath,
    signature: StoredPath,
}

/// A path as JSON: text where it is text, and the system's own units where it is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum StoredPath {
    Text(String),
    Raw(OsString),
}

impl Note {
    pub(crate) fn new(certificate: Option<String>, files: Vec<NotedFile>) -> Self {
        Self {
            version: VERSION,
            certificate,
            files,
            folder: None,
            ask: None,
            sandbox: None,
            attach: None,
            receipts_of: None,
            stdin: None,
            gone: None,
        }
    }

    /// For an operation whose results go into a folder, under names that only the service knows.
    pub(crate) fn in_folder(folder: PathBuf) -> Self {
        Self {
            folder: Some(folder.into()),
            ..Self::new(None, Vec::new())
        }
    }

    /// Likewise where standard input is signed, which has this digest, and the signature goes into this folder.
    pub(crate) fn of_stdin(mut self, digest: String, folder: PathBuf) -> Self {
        self.folder = Some(folder.into());
        self.stdin = Some(digest);
        self
    }

    /// Whether it is about standard input.
    pub(crate) fn is_of_stdin(&self) -> bool {
        self.stdin.is_some()
    }

    /// Whether the service did not know the operation when it was asked last. What was learned since changes the record.
    pub(crate) fn is_gone(&self, record: &Operation) -> bool {
        !record.state().is_final() && self.gone == Some(record.changed())
    }

    /// Likewise once that is found out, or the contrary.
    pub(super) fn gone_since(mut self, since: Option<Timestamp>) -> Self {
        self.gone = since;
        self
    }

    /// What is asked for, without how; none where that was not noted.
    pub(crate) fn subjects(&self) -> Vec<Subject> {
        if let Some(ask) = &self.ask {
            return vec![ask.subject()];
        }
        if let Some(ask) = &self.attach {
            return ask.subjects();
        }
        if let Some(in_box) = &self.receipts_of {
            // Nobody is asked for these, and each certificate has its own.
            let by = self.certificate.as_deref().unwrap_or_default();
            return vec![Subject::of_id("receipts", &format!("{in_box} {by}"))];
        }
        if let Some(digest) = &self.stdin {
            return vec![Subject::of_content(Content::Digest(digest.clone()), STDIN)];
        }
        let of_file = |path: PathBuf| {
            let shown = path.display().to_string();
            Subject::of_content(Content::File(path), shown)
        };
        self.paths().into_iter().map(of_file).collect()
    }

    /// The files whose signatures go beside them.
    pub(crate) fn paths(&self) -> Vec<PathBuf> {
        self.files.iter().map(NotedFile::file).collect()
    }

    /// Likewise for an operation in the sandbox at this address.
    pub(super) fn in_sandbox(mut self, url: Option<&String>) -> Self {
        self.sandbox = url.cloned();
        self
    }

    /// The address of that sandbox.
    pub(crate) fn sandbox(&self) -> Option<&str> {
        self.sandbox.as_deref()
    }

    /// That folder.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        self.folder.as_ref().map(StoredPath::to_path)
    }
}

impl NotedFile {
    /// Both absolute.
    pub(crate) fn new(file: PathBuf, signature: PathBuf) -> Self {
        Self {
            file: file.into(),
            signature: signature.into(),
        }
    }

    /// The file that is signed.
    pub(crate) fn file(&self) -> PathBuf {
        self.file.to_path()
    }

    /// Where its signature goes.
    pub(crate) fn signature(&self) -> PathBuf {
        self.signature.to_path()
    }
}

impl From<PathBuf> for StoredPath {
    fn from(path: PathBuf) -> Self {
        match path.into_os_string().into_string() {
            Ok(text) => Self::Text(text),
            Err(raw) => Self::Raw(raw),
        }
    }
}

impl StoredPath {
    pub(crate) fn to_path(&self) -> PathBuf {
        match self {
            Self::Text(text) => text.into(),
            Self::Raw(raw) => raw.into(),
        }
    }
}

/// The notes of a journal.
#[derive(Debug)]
pub(super) struct Notes(PathBuf);

impl Notes {
    /// The notes beside the records in `journal`. Nothing is made yet.
    pub(super) fn of(journal: &Path) -> Self {
        Self(journal.join("outputs"))
    }

    pub(super) fn folder(&self) -> &Path {
        &self.0
    }

    pub(super) fn write(&self, id: &OperationId, note: &Note) -> io::Result<()> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.0)?;
        let text = serde_json::to_vec_pretty(note)?;
        whole_file::replace(&self.0, Self::name(id), &text, Readers::Owner)
    }

    /// The note; none when nobody wrote one.
    pub(super) fn read(&self, id: &OperationId) -> io::Result<Option<Note>> {
        self.may_be_read()?;
        self.read_believed(id)
    }

    /// That nobody else may have written them.
    pub(super) fn may_be_read(&self) -> io::Result<()> {
        private_folder(&self.0).or_else(|error| match error.kind() {
            ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })
    }

    /// A note where that is known.
    pub(super) fn read_believed(&self, id: &OperationId) -> io::Result<Option<Note>> {
        let text = match read_private(&self.path(id)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            text => text?,
        };
        let note: Note = serde_json::from_slice(&text)?;
        if note.version != VERSION {
            let text = "it was written by a newer program";
            return Err(io::Error::new(ErrorKind::InvalidData, text));
        }
        Ok(Some(note))
    }

    /// The operations that have notes.
    pub(super) fn ids(&self) -> Vec<OperationId> {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        entries.filter_map(|entry| of_note(&entry)).collect()
    }

    /// Removes a note; one that is not there is fine, and one that stays harms nobody.
    pub(super) fn remove(&self, id: &OperationId) {
        let _ = fs::remove_file(self.path(id));
    }

    /// The old files, with the operations that they are of by their names: what has no record is a leftover of a crash.
    pub(super) fn old(&self, now: SystemTime) -> Vec<(Option<OperationId>, PathBuf)> {
        let Ok(entries) = fs::read_dir(&self.0) else {
            return Vec::new();
        };
        let is_old = |entry: &DirEntry| {
            let changed = entry.metadata().and_then(|data| data.modified()).ok();
            let age = changed.and_then(|changed| now.duration_since(changed).ok());
            age.is_some_and(|age| age > LEFTOVER)
        };
        let with_id = |entry: DirEntry| (of_note(&entry), entry.path());
        entries.flatten().filter(is_old).map(with_id).collect()
    }

    /// Removes those of them that have no record.
    pub(super) fn sweep(
        &self,
        old: Vec<(Option<OperationId>, PathBuf)>,
        has_record: impl Fn(&OperationId) -> bool,
    ) {
        for (id, file) in old {
            if !id.is_some_and(|id| has_record(&id)) {
                let _ = fs::remove_file(file);
            }
        }
    }

    fn name(id: &OperationId) -> String {
        format!("{id}.json")
    }

    fn path(&self, id: &OperationId) -> PathBuf {
        self.0.join(Self::name(id))
    }
}

/// The operation whose note a file is, by its name.
fn of_note(entry: &DirEntry) -> Option<OperationId> {
    let name = entry.file_name();
    let id = name.to_str()?.strip_suffix(".json")?;
    id.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(file: PathBuf) -> Note {
        let signature = file.with_extension("p7s");
        Note::new(None, vec![NotedFile::new(file, signature)])
    }

    #[test]
    fn a_note_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let notes = Notes::of(folder.path());
        let id = OperationId::random();
        assert_eq!(notes.read(&id).unwrap(), None);
        #[cfg(unix)]
        let odd: OsString = std::os::unix::ffi::OsStringExt::from_vec(b"/tmp/\xff".to_vec());
        #[cfg(not(unix))]
        let odd = OsString::from("C:/tmp");
        for path in [PathBuf::from("/tmp/акт № 1"), PathBuf::from(odd)] {
            let written = note(path.clone());
            notes.write(&id, &written).unwrap();
            let read = notes.read(&id).unwrap().unwrap();
            assert_eq!(read, written);
            assert_eq!(read.files[0].file(), path);
        }
        fs::write(notes.path(&id), "{\"version\":2,\"files\":[]}").unwrap();
        assert!(notes.read(&id).is_err());
        notes.remove(&id);
        assert_eq!(notes.read(&id).unwrap(), None);
    }

    #[test]
    fn only_old_notes_without_a_record_are_swept() {
        let folder = tempfile::tempdir().unwrap();
        let notes = Notes::of(folder.path());
        let [with, without] = [OperationId::random(), OperationId::random()];
        notes.write(&with, &note("/a".into())).unwrap();
        notes.write(&without, &note("/b".into())).unwrap();
        let written = fs::metadata(notes.path(&without)).unwrap();
        let now = written.modified().unwrap();
        let sweep = |at| notes.sweep(notes.old(at), |id| *id == with);
        sweep(now + Duration::from_secs(60));
        assert!(notes.read(&without).unwrap().is_some());
        sweep(now + 2 * LEFTOVER);
        assert!(notes.read(&without).unwrap().is_none());
        assert!(notes.read(&with).unwrap().is_some());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_notes() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let notes = Notes::of(folder.path());
        let id = OperationId::random();
        notes.write(&id, &note("/a".into())).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&notes.path(&id)), 0o600);
        assert_eq!(mode(&notes.0), 0o700);
    }
}

//! What an operation is about: what somebody would be asked for twice if it was begun again.
//!
//! **Invariant:** who signs, by which method and certificate, and where the results go is no part of it. What the service has
//! is known by its ids in any case, and what comes from here by its content.

use std::collections::BTreeSet;
use std::path::PathBuf;

use podpis::Operation;
use podpis::operation::Fingerprint;

use crate::files::{digest, digest_of, is_the_same};
use crate::record_ids::has_id;

/// What is done with content that is signed by itself.
const CONTENT: &str = "content";

/// Something that is signed, answered or decrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subject {
    /// What is done with it, and its id.
    name: String,
    /// All of what has no id.
    contents: Vec<Content>,
    /// As people know it.
    shown: String,
    /// Whether its id is that of something which other operations make on their way.
    is_made: bool,
    /// Whether such things are made on the way.
    makes: bool,
}

/// Content that comes from here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// In a file.
    File(PathBuf),
    /// With this digest.
    Digest(String),
}

impl Subject {
    /// Something that the service has. `what` is done with it.
    pub(crate) fn of_id(what: &str, id: &impl ToString) -> Self {
        let shown = id.to_string();
        Self {
            name: format!("{what} {shown}").to_lowercase(),
            contents: Vec::new(),
            shown,
            is_made: false,
            makes: false,
        }
    }

    /// Likewise what may be a part of another operation, such as the draft of a report.
    pub(crate) fn of_made(what: &str, id: &impl ToString) -> Self {
        Self {
            is_made: true,
            ..Self::of_id(what, id)
        }
    }

    /// The same where drafts or replies are made for it.
    pub(crate) fn making(self) -> Self {
        Self {
            makes: true,
            ..self
        }
    }

    /// Content that is signed by itself, whoever gets it.
    pub(crate) fn of_content(content: Content, shown: impl Into<String>) -> Self {
        Self {
            name: CONTENT.to_owned(),
            contents: vec![content],
            shown: shown.into(),
            is_made: false,
            makes: false,
        }
    }

    /// Files that are sent together to somebody, whom `name` says.
    pub(crate) fn of_sending(name: String, files: Vec<PathBuf>) -> Self {
        let shown = files.first().map(|file| file.display().to_string());
        Self {
            name,
            contents: files.into_iter().map(Content::File).collect(),
            shown: shown.unwrap_or_default(),
            is_made: false,
            makes: false,
        }
    }

    /// As people know it.
    pub(crate) fn shown(&self) -> &str {
        &self.shown
    }

    /// A name in the journal that no operation has, and that all have who begin the same at this host.
    fn claimed_as(&self, host: &str) -> String {
        let contents: Vec<String> = self.contents.iter().map(Content::name).collect();
        let known = format!("{host} {:?}", (&self.name, contents));
        format!("begun-{:.32}", digest(known.as_bytes()))
    }

    /// Whether an operation has made it.
    fn is_made_by(&self, record: &Operation) -> bool {
        self.is_made && has_id(record, &self.shown)
    }

    /// Whether it is that of an operation with these files.
    fn is(&self, noted: &Self, files: &[&Fingerprint]) -> bool {
        let mut pairs = self.contents.iter().zip(files);
        self.name == noted.name
            && self.contents.len() == files.len()
            && pairs.all(|(content, known)| content.is(known))
    }
}

impl Content {
    /// The digest, wherever the content lies. What cannot be read is not begun, and has its path.
    fn name(&self) -> String {
        match self {
            Self::File(path) => digest_of(path).unwrap_or_else(|_| path.display().to_string()),
            Self::Digest(digest) => digest.clone(),
        }
    }

    fn is(&self, known: &Fingerprint) -> bool {
        match self {
            Self::File(path) => is_the_same(path, known).is_ok(),
            Self::Digest(digest) => known.digests.iter().any(|(_, known)| known == digest),
        }
    }
}

/// The names that keep others from beginning the same, each once and in an order in which two never wait for each other.
pub(super) fn claimed_as(subjects: &[Subject], host: &str) -> BTreeSet<String> {
    subjects.iter().map(|one| one.claimed_as(host)).collect()
}

/// Whether an operation may be about one of these; its record tells.
pub(super) fn may_share(asked: &[Subject], noted: &[Subject]) -> bool {
    let may_be =
        |one: &Subject, known: &Subject| one.name == known.name || (one.is_made && known.makes);
    let mut noted = noted.iter();
    noted.any(|known| asked.iter().any(|one| may_be(one, known)))
}

/// The first of these that an operation is about, too. `noted` is what was noted of it.
pub(super) fn shared<'a>(
    asked: &'a [Subject],
    noted: &[Subject],
    record: &Operation,
) -> Option<&'a Subject> {
    let mut files = record.files().iter();
    noted.iter().find_map(|known| {
        let own: Vec<&Fingerprint> = files.by_ref().take(known.contents.len()).collect();
        let is_it = |one: &&Subject| one.is(known, &own) || (known.makes && one.is_made_by(record));
        asked.iter().find(is_it)
    })
}

/// The first of these whose content was signed, or that was made, by an operation of which nothing is noted; its record
/// tells.
pub(super) fn signed<'a>(asked: &'a [Subject], record: &Operation) -> Option<&'a Subject> {
    asked.iter().find(|one| {
        one.is_made_by(record)
            || one.name == CONTENT
                && one.contents.iter().all(|content| {
                    let mut files = record.files().iter();
                    files.any(|known| content.is(known))
                })
    })
}

#[cfg(test)]
mod tests {
    use podpis::cms::Digests;
    use podpis::operation::{Kind, Origin, Service, Timestamp};

    use super::*;

    fn fingerprint(content: &str) -> Fingerprint {
        let mut known = Fingerprint::named("x");
        known.size = Some(content.len() as u64);
        known.digests = Digests::of(content.as_bytes()).iter().collect();
        known
    }

    #[test]
    fn an_id_is_the_same_in_any_case_and_for_one_thing_only() {
        let one = Subject::of_id("document", &"AB-1");
        assert!(one.is(&Subject::of_id("document", &"ab-1"), &[]));
        for other in [("document", "ab-2"), ("draft", "ab-1")] {
            assert!(!one.is(&Subject::of_id(other.0, &other.1), &[]));
        }
        let upper = claimed_as(&[one], "host");
        assert_eq!(
            upper,
            claimed_as(&[Subject::of_id("document", &"ab-1")], "host")
        );
        assert_ne!(
            upper,
            claimed_as(&[Subject::of_id("document", &"ab-1")], "other")
        );
    }

    #[test]
    fn content_is_the_same_wherever_it_lies_and_what_is_sent_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["a", "b", "copy of b"].map(|name| folder.path().join(name));
        for (path, content) in paths.iter().zip(["a", "b", "b"]) {
            std::fs::write(path, content).unwrap();
        }
        let file = |at: usize| Subject::of_content(Content::File(paths[at].clone()), "x");
        let origin = Origin::new(Service::Diadoc, "host");
        let record = Operation::prepare(Kind::new("x"), origin, Timestamp::from_millis(0));
        let record = record.with_files(vec![fingerprint("a"), fingerprint("b")]);
        let noted = [file(0), file(1)];
        let stdin = Subject::of_content(Content::Digest(digest(b"b")), "stdin");
        for (asked, expected) in [
            (file(2), true),
            (stdin, true),
            (
                Subject::of_content(Content::Digest(digest(b"c")), "x"),
                false,
            ),
        ] {
            let asked = [asked];
            assert!(may_share(&asked, &noted));
            assert_eq!(shared(&asked, &noted, &record).is_some(), expected);
        }
        let sent = |name: &str, files: &[usize]| {
            let files = files.iter().map(|at| paths[*at].clone()).collect();
            [Subject::of_sending(name.to_owned(), files)]
        };
        let noted = sent("to me", &[0, 1]);
        assert!(shared(&sent("to me", &[0, 2]), &noted, &record).is_some());
        for (name, files) in [("to me", &[0][..]), ("to me", &[1, 0]), ("to you", &[0, 1])] {
            assert!(shared(&sent(name, files), &noted, &record).is_none());
        }
    }
}

//! What a person does next about an operation, with the commands that do it.
//!
//! **Invariant:** an advice holds commands that work when they are copied, and following it never leads back to the failure
//! that gave it.

use std::path::PathBuf;

use podpis::core::wait::OperationKind as _;
use podpis::diadoc::{AutoSignReceipts, CloudSign, Posting};
use podpis::operation::State;
use podpis::{Operation, OperationId, Refusal};

use super::{Keeping, Note, NotedFile, Store};
use crate::asked::AttachMethod;
use crate::kept::{Came, Kept};
use crate::messages::{Cost, DiadocMessage, Message};
use crate::moment::told;
use crate::profile;
use crate::progress;
use crate::signature_file;
use crate::whole_file::usable;

/// Makes `ops resume` write into the folder in which it is called.
const HERE: &str = " --out .";

impl Store {
    /// What a person does next about an operation that stays in the journal.
    pub(crate) fn advice(&self, operation: &Operation) -> Message {
        let (of, id) = (operation.id(), operation.id().to_string());
        let state = progress::state(operation);
        if !self.is_kept() {
            return Message::NotKept { id, state };
        }
        if self.is_gone(operation) {
            return self.advice_on_gone(operation);
        }
        let command = self.resume_command(of);
        match operation.state() {
            State::Starting | State::Confirming { .. } if !podpis::is_found_out(operation) => {
                let abandon = self.command("abandon", of);
                if self.is_of_stdin(of) {
                    return Message::UnclearStdin { id, abandon };
                }
                let (start_over, cost) = (self.command("start-over", of), self.cost(operation));
                let is_started = matches!(operation.state(), State::Confirming { .. });
                if *operation.kind() == CloudSign::KIND && !is_started {
                    return Message::NoCode {
                        id,
                        start_over,
                        abandon,
                        cost,
                    };
                }
                Message::Unclear {
                    id,
                    start_over,
                    abandon,
                    cost,
                }
            }
            State::Refused {
                refusal: Refusal::MustStartOver { not_before },
                ..
            } => Message::from(DiadocMessage::StartOverLater {
                id,
                moment: told(*not_before),
                command: self.command("start-over", of),
            }),
            State::Done if is_no_result(operation) => self.advice_on_wrong_result(operation),
            State::Done | State::Refused { .. } => Message::HandOut { id, command },
            _ => Message::GoOn { id, state, command },
        }
    }

    /// What a person does about signatures by somebody who was not trusted: nobody is asked again by itself.
    pub(crate) fn advice_on_untrusted(&self, operation: &Operation) -> Message {
        let id = operation.id();
        Message::Waits {
            came: Came::Untrusted,
            id: id.to_string(),
            save: self.save_command(id),
            abandon: self.command("abandon", id),
        }
    }

    /// What a person does about an operation whose result is not what was asked for: nobody is asked again as long as
    /// what came may be of use.
    pub(crate) fn advice_on_wrong_result(&self, operation: &Operation) -> Message {
        let (of, id) = (operation.id(), operation.id().to_string());
        let kept = Kept::of(operation);
        let came = kept.as_ref().map_or(Came::Nothing, Kept::came);
        let (save, abandon) = (self.save_command(of), self.command("abandon", of));
        let (start_over, cost) = (self.command("start-over", of), self.cost(operation));
        match kept {
            Some(kept) if kept.may_be_of_use() => Message::Waits {
                came,
                id,
                save,
                abandon,
            },
            Some(kept) if !kept.is_empty() => Message::OfNoUse {
                came,
                id,
                save,
                start_over,
                cost,
            },
            _ => Message::NothingCame {
                id,
                start_over,
                abandon,
                cost,
            },
        }
    }

    /// What a person does about an operation that the service does not know any more: going on with it would only find
    /// that again.
    pub(crate) fn advice_on_gone(&self, operation: &Operation) -> Message {
        let (of, id) = (operation.id(), operation.id().to_string());
        let abandon = self.command("abandon", of);
        let kept = Kept::of(operation);
        if kept.is_some_and(|kept| kept.may_be_of_use()) {
            let save = self.save_command(of);
            return Message::GoneSigned { id, save, abandon };
        }
        if self.is_of_stdin(of) {
            return Message::UnclearStdin { id, abandon };
        }
        let mut start_over = self.command("start-over", of);
        if !self.is_gone(operation) {
            // It could not be noted, and the record alone lets hope for more.
            start_over.push_str(" --even-if-open");
        }
        Message::Gone {
            id,
            start_over,
            abandon,
            cost: self.cost(operation),
        }
    }

    /// What a person does about an operation whose results have no place any more: they go into the folder in which the
    /// command is called.
    pub(crate) fn advice_on_no_place(&self, operation: &Operation) -> Message {
        let (of, id) = (operation.id(), operation.id().to_string());
        let command = self.command("resume", of) + HERE;
        match operation.state() {
            State::Done | State::Refused { .. } => Message::HandOut { id, command },
            _ => Message::GoOn {
                id,
                state: progress::state(operation),
                command,
            },
        }
    }

    /// Whether what was asked for is not there any more.
    fn is_of_stdin(&self, id: &OperationId) -> bool {
        let note = self.note(id).ok().flatten();
        note.is_some_and(|note| note.is_of_stdin())
    }

    /// What it costs to ask for the same again.
    pub(crate) fn cost(&self, operation: &Operation) -> Cost {
        let kind = operation.kind();
        if *kind == CloudSign::KIND {
            Cost::Sms
        } else if *kind == AutoSignReceipts::KIND || *kind == Posting::KIND {
            Cost::Nothing
        } else {
            let note = self.note(operation.id()).ok().flatten();
            match note.and_then(|note| note.attach).map(|ask| ask.method) {
                Some(AttachMethod::Cloud) => Cost::Sms,
                Some(AttachMethod::Test) => Cost::Nothing,
                _ => Cost::Confirmation,
            }
        }
    }

    /// A command of `podpis ops` about this operation in this journal.
    pub(crate) fn command(&self, name: &str, id: &OperationId) -> String {
        let mut command = format!("podpis ops {name} {id}");
        if let (Some(url), "resume" | "start-over") = (self.base_url.get(), name) {
            command.push_str(" --base-url ");
            command.push_str(&quoted(url));
        }
        if let (Some(profile), "resume" | "start-over") = (profile::argument(), name) {
            command.push_str(" --profile ");
            command.push_str(profile);
        }
        self.in_this_journal(command)
    }

    /// What a person does about an operation that could not be taken, as the journal does not work.
    pub(crate) fn advice_on_no_journal(&self, id: &OperationId) -> Message {
        Message::GoOnLater {
            id: id.to_string(),
            command: self.command("resume", id),
        }
    }

    /// The command that goes on with an operation and works now: where its results cannot go any more, they go into the
    /// folder in which it is called.
    fn resume_command(&self, id: &OperationId) -> String {
        let command = self.command("resume", id);
        match self.note(id) {
            Ok(Some(note)) if !has_place(&note) => command + HERE,
            _ => command,
        }
    }

    /// The command that writes what an operation keeps into the folder in which it is called.
    pub(crate) fn save_command(&self, id: &OperationId) -> String {
        self.in_this_journal(format!("podpis ops show {id} --save ."))
    }

    pub(super) fn in_this_journal(&self, mut command: String) -> String {
        if self.given.is_some() {
            command.push_str(" --journal ");
            command.push_str(&quoted(&match (&self.kept, &self.given) {
                (Keeping::Database(..), Some(address)) => address.to_string_lossy().into_owned(),
                // The absolute path works from any folder.
                _ => self.shown(),
            }));
        }
        command
    }
}

/// Whether results can be written where they were to go.
fn has_place(note: &Note) -> bool {
    let places: Vec<PathBuf> = note.files.iter().map(NotedFile::signature).collect();
    let folder = note.folder();
    folder.is_none_or(|folder| usable(&folder).is_ok()) && signature_file::at(&places).is_ok()
}

/// Whether what an operation gave is known to be no result: nobody needs to hand it out to find that.
pub(crate) fn is_no_result(operation: &Operation) -> bool {
    let wrong = [Came::Unreadable, Came::OtherContent, Came::WrongValue];
    matches!(operation.state(), State::Done)
        && Kept::of(operation).is_some_and(|kept| wrong.contains(&kept.came()))
}

/// A word as shells take it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/\\:._-+,@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) && (cfg!(windows) || !word.contains('\\')) {
        word.to_owned()
    } else if cfg!(windows) {
        format!("\"{word}\"")
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::quoted;

    #[test]
    fn paths_are_quoted_where_a_shell_would_split_them() {
        for (word, expected) in [
            ("/var/journal", "/var/journal"),
            ("/my journal", "'/my journal'"),
            ("/it's", "'/it'\\''s'"),
            ("/журнал", "/журнал"),
            ("/a$b", "'/a$b'"),
            ("a\\b", "'a\\b'"),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }
}

//! What the program says to people, as data; the words are in `english` and `russian`.
//!
//! **Invariant:** a message is a variant here and an arm in both languages, so that one without a translation does
//! not compile. What the library says stays in the library's English, behind a lead in the person's language.

mod diadoc;
mod english;
mod russian;
mod signature;
mod trust;

use podpis::extern_api::{AnswerStep, ReportStep, Unusable};

use crate::address::Elsewhere;
use crate::commands::ops::outcome::Outcome;
use crate::exit::Exit;
use crate::kept::{Came, Reading};
pub(crate) use diadoc::DiadocMessage;
pub(crate) use signature::{CheckName, SignatureMessage};
pub(crate) use trust::{Judged, Kind, MomentFrom, Reasoned, TrustMessage, Verdict, Wanted};

/// The language of the program's own lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Language {
    /// Русский
    #[value(name = "ru")]
    Russian,
    /// English
    #[value(name = "en")]
    English,
}

impl Language {
    /// The language of a locale such as `ru_RU.UTF-8`.
    pub(crate) fn of_locale(locale: &str) -> Self {
        let name: String = locale
            .chars()
            .take_while(char::is_ascii_alphabetic)
            .collect();
        if name.eq_ignore_ascii_case("ru") || name.eq_ignore_ascii_case("russian") {
            Self::Russian
        } else {
            Self::English
        }
    }
}

/// Something to say. Paths, names and addresses come as text that can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// Stands before what the library says.
    Lead(Exit),

    // What is wrong with the call of the program.
    BadArgument(&'static str),
    VariableNotText(String),
    VariableTwice(&'static str),
    VariableFile {
        name: &'static str,
        path: String,
    },
    MissingCredentials(String),
    MissingExternCredentials(String),
    MissingAccount,
    MissingIds(&'static str),
    ReplyTypeNeeded {
        document: String,
        types: String,
    },
    NoSuchCertificate(String),
    CertificateUnreadable(String),
    YesNeedsSandbox(String),
    ListenAddress(String),
    ListenOtherHosts(String),
    SameTarget(String),
    TargetIsInput(String),
    TargetIsFolder(String),
    NoFolder(String),
    FolderNotWritable(String),
    FileUnreadable(String),
    NotAFile(String),
    TooLargeForSignature {
        path: String,
        limit: u64,
    },

    // What went wrong.
    Setup,
    ListenFailed(String),
    NothingAnswers(String),
    SandboxControl(&'static str),
    SignatureNotWritten(String),
    ResultNotWritten(String),
    ContentDiffers(String),
    ResultNotPrinted,
    Interrupted,
    InterruptedEarly,
    ResultNotUnderstood,
    JournalUnusable(String),
    NoJournalFolder,
    RecordUnreadable(String),
    NoOperation {
        id: String,
        journal: String,
    },
    OtherHost {
        id: String,
        elsewhere: Elsewhere,
    },
    InSandbox(String),
    NoteRefused(String),
    JournalGone,
    FilesUnknown {
        id: String,
        command: String,
    },
    AskUnknown {
        id: String,
        command: String,
    },
    FileChanged(String),
    KindUnknown {
        id: String,
        kind: String,
    },
    StillOpen {
        id: String,
        state: &'static str,
        command: String,
    },

    // What happens while the person waits.
    UsingSandbox(String),
    FilesTaken,
    SmsSent,
    CodeTaken,
    ExternAtWork,
    ExternHasCode,
    /// The next step of sending a report.
    Reporting(ReportStep),
    /// The next step of answering a document.
    Answering(AnswerStep),
    ConfirmOnPhone,
    FinishOtherOnPhone,
    /// The service's own word.
    Progress(String),
    ConfirmedOnPhone,
    CodeFromPhone,
    CodeNotAccepted,
    WaitingForPhone,
    WaitingForLine {
        attempt: u32,
        of: u32,
    },

    // What a person does next about an operation.
    GoOn {
        id: String,
        state: &'static str,
        command: String,
    },
    HandOut {
        id: String,
        command: String,
    },
    Unclear {
        id: String,
        start_over: String,
        abandon: String,
        cost: Cost,
    },
    /// Stands before what the library says of a wrong result.
    Came(Came),
    /// Stands before what the library says of a refusal after somebody had signed.
    SignedThenRefused,
    /// What came is in the journal.
    Waits {
        came: Came,
        id: String,
        save: String,
        abandon: String,
    },
    /// What came is in the journal and of no use.
    OfNoUse {
        came: Came,
        id: String,
        save: String,
        start_over: String,
        cost: Cost,
    },
    /// There is nothing in the journal.
    NothingCame {
        id: String,
        start_over: String,
        abandon: String,
        cost: Cost,
    },
    /// Starting over would lose what is in the journal.
    SaveFirst {
        id: String,
        save: String,
    },
    /// A file with what was in the journal.
    Saved {
        place: String,
        reading: Reading,
    },
    KeepsNothing(String),
    NotSent {
        file: String,
        place: String,
    },
    NotKept {
        id: String,
        state: &'static str,
    },

    // What happens to operations in the journal.
    GoingOn {
        id: String,
        files: String,
    },
    /// Also said where that is an error.
    Claimed(String),
    Finished(String),
    /// One line of the end.
    Outcome {
        id: String,
        outcome: Outcome,
    },
    PlaceUnknown {
        id: String,
        folder: String,
    },
    StartedOver {
        old: String,
        new: String,
    },
    /// Without a state when the record cannot be read.
    Abandoning {
        id: String,
        state: Option<&'static str>,
    },
    JournalEmpty(String),

    // How operations are shown.
    Label(Label),
    /// By its name in records.
    State(&'static str),
    /// In seconds.
    Age(u64),
    /// In bytes.
    Size(u64),

    // How the code is asked for.
    AskCode,
    CodeHelp,
    WrongCode {
        attempt: u32,
        of: u32,
    },
    /// The service's words about the code before.
    CodeRejection(String),
    CodeIsEmpty,
    CodeNotText,
    CodeTooLong,
    NoMoreLines,
    CodeCancelled,

    // What came of it.
    Signed {
        file: String,
        target: String,
    },
    Decrypted {
        file: String,
        target: String,
    },
    ReportSent {
        docflow: String,
    },
    /// What the check found, one finding a line.
    CheckFound(String),
    Answered {
        document: String,
        reply_type: String,
    },
    NothingToAnswer,
    NotSigned {
        file: String,
        reason: String,
    },

    // How certificates are listed.
    Validity {
        from: String,
        to: String,
    },
    Usable,
    Inn(String),
    NotUsable(Unusable),
    NothingListed,

    // The sandbox as a server.
    SandboxListens(String),
    SandboxPhone(String),
    SandboxVariables,
    SandboxStop,

    /// What is said about Diadoc.
    Diadoc(DiadocMessage),
    /// What is said of a signature.
    Signature(SignatureMessage),
    /// What is said of trust in it.
    Trust(TrustMessage),
}

/// What stands before a value or above a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    Operation,
    Kind,
    State,
    Refusal,
    Place,
    Created,
    Changed,
    Age,
    Follows,
    Files,
    File,
    Digest,
    Signature,
    Folder,
}

/// A length of time in one unit: its number, and the unit's place in a list of second, minute, hour and day.
fn one_unit(seconds: u64) -> (u64, usize) {
    match seconds {
        0..60 => (seconds, 0),
        60..3_600 => (seconds / 60, 1),
        3_600..172_800 => (seconds / 3_600, 2),
        _ => (seconds / 86_400, 3),
    }
}

/// What it costs to ask for the same again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cost {
    /// An SMS, and a person who types its code.
    Sms,
    /// A person's confirmation, whichever way.
    Confirmation,
    /// Nobody is asked.
    Nothing,
}

impl From<SignatureMessage> for Message {
    fn from(message: SignatureMessage) -> Self {
        Self::Signature(message)
    }
}

impl From<TrustMessage> for Message {
    fn from(message: TrustMessage) -> Self {
        Self::Trust(message)
    }
}

impl Message {
    /// Whether it tells that a signature is being made.
    pub(crate) fn is_signing(&self) -> bool {
        matches!(
            self,
            Self::Reporting(ReportStep::Sign) | Self::Answering(AnswerStep::Sign)
        )
    }

    /// The words.
    pub(crate) fn text(&self, language: Language) -> String {
        match language {
            Language::English => english::text(self),
            Language::Russian => russian::text(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_comes_from_the_locale() {
        for locale in ["ru", "ru_RU.UTF-8", "RU_ru", "ru.KOI8-R", "ru@x"] {
            assert_eq!(Language::of_locale(locale), Language::Russian, "{locale}");
        }
        for locale in ["", "C", "POSIX", "en_US.UTF-8", "rue_UA", "рус"] {
            assert_eq!(Language::of_locale(locale), Language::English, "{locale}");
        }
    }

    #[test]
    fn ages_have_one_unit() {
        let texts = |seconds| {
            [Language::English, Language::Russian]
                .map(|language| Message::Age(seconds).text(language))
        };
        assert_eq!(texts(59), ["59 s", "59 с"]);
        assert_eq!(texts(60), ["1 min", "1 мин"]);
        assert_eq!(texts(7_200), ["2 h", "2 ч"]);
        assert_eq!(texts(172_800), ["2 d", "2 дн"]);
    }

    #[test]
    fn both_languages_name_what_the_message_is_about() {
        let messages = [
            Message::BadArgument("--cert"),
            Message::NoFolder("--cert".into()),
            Message::MissingCredentials("--cert".into()),
            Message::SignatureNotWritten("--cert".into()),
            Message::JournalUnusable("--cert".into()),
            Message::GoOn {
                id: "7".into(),
                state: "processing",
                command: "--cert".into(),
            },
            Message::Unclear {
                id: "--cert".into(),
                start_over: "a".into(),
                abandon: "b".into(),
                cost: Cost::Sms,
            },
        ];
        for message in messages {
            for language in [Language::English, Language::Russian] {
                let text = message.text(language);
                assert!(text.contains("--cert"), "{text}");
                assert!(!text.contains('\n'), "{text}");
            }
        }
    }
}

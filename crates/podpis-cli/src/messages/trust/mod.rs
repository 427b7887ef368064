//! What is said of trust in a signature: the answer, why, what it rests on and what would help, in both languages.
//!
//! **Invariant:** as of all messages: a variant without a translation does not compile. Every reason names whose
//! certificate it is about. It is never said that a certificate was not revoked, only in the list of which date it is not.

mod english;
mod russian;

use podpis::trust::{File, Note, Reason, Whose};

use super::Language;

/// Something to say of trust. Certificates come as subject and thumbprint, moments in the form of RFC 3339.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TrustMessage {
    // What is wrong with the question.
    /// An argument that means nothing unless a root is named.
    NeedsTrust(&'static str),
    NotAMoment(String),
    /// A pipe, a device and the like.
    NeitherFileNorFolder(String),
    FolderUnreadable(String),
    TooLarge {
        path: String,
        limit: u64,
    },
    /// A file that is not of this kind.
    NotOfKind {
        path: String,
        kind: Kind,
    },
    /// A file that says that it is of this kind, and cannot be read.
    Damaged {
        path: String,
        kind: Kind,
    },
    /// A folder without a file of this kind.
    NoneInFolder {
        path: String,
        kind: Kind,
    },
    /// Something in a folder that is not of this kind.
    Skipped {
        path: String,
        kind: Kind,
    },

    // What the answer rests on.
    /// Of several signers, this one.
    OneOfSeveral {
        number: usize,
        count: usize,
        verdict: Verdict,
    },
    JudgedAt(Judged),
    /// A certificate of the path.
    Path {
        whose: Whose,
        certificate: String,
    },
    /// A certificate is not in this list, up to the moment.
    NotInList {
        certificate: String,
        date: String,
        next: Option<String>,
    },
    Note(Note),
    Stamp {
        number: usize,
        time: Option<String>,
        certificate: Option<String>,
        verdict: Verdict,
    },
    Needed(Wanted),

    /// The answer.
    Verdict {
        file: String,
        judged: Judged,
        verdict: Verdict,
    },
}

/// What is read from the files that trust is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Certificates,
    Lists,
}

impl Kind {
    /// What blocks of it are labelled with in PEM.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Certificates => "CERTIFICATE",
            Self::Lists => "X509 CRL",
        }
    }
}

/// The answer, without what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Trusted,
    Refused(Reasoned),
    NotProven(Reasoned),
}

/// At which moment it was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Judged {
    pub(crate) at: String,
    pub(crate) from: MomentFrom,
}

/// Where that moment comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MomentFrom {
    Now,
    Asked,
    Stamp {
        number: usize,
        certificate: Option<String>,
    },
}

/// A reason, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reasoned {
    pub(crate) reason: Reason,
    pub(crate) whose: Whose,
    pub(crate) certificate: Option<String>,
    pub(crate) date: Option<String>,
    pub(crate) detail: Option<String>,
}

/// A file that would help. Numbers are in hex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) what: File,
    pub(crate) issuer: String,
    pub(crate) serial: Option<String>,
    pub(crate) key_id: Option<String>,
    pub(crate) addresses: Vec<String>,
}

impl TrustMessage {
    /// The words.
    pub(super) fn text(&self, language: Language) -> String {
        match language {
            Language::English => english::text(self),
            Language::Russian => russian::text(self),
        }
    }
}

/// The text with these words in brackets behind it, if there are any.
fn with(text: String, more: Option<&str>) -> String {
    match more {
        Some(more) => format!("{text} ({more})"),
        None => text,
    }
}

/// The text with the certificate that it is about, if one is at hand.
fn about(text: String, certificate: Option<&str>) -> String {
    match certificate {
        Some(certificate) => format!("{text}: {certificate}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const BOTH: [Language; 2] = [Language::English, Language::Russian];
    const WHOSE: [Whose; 4] = [
        Whose::Signer,
        Whose::Issuer(7),
        Whose::Root,
        Whose::Stamp(7),
    ];

    fn told(reason: Reason, whose: Whose, language: Language) -> String {
        let reasoned = Reasoned {
            reason,
            whose,
            certificate: Some("CN=Somebody, 0778B8EF".into()),
            date: Some("2024-06-12T00:00:00Z".into()),
            detail: Some("keyCompromise".into()),
        };
        let message = TrustMessage::Verdict {
            file: "act.xml".into(),
            judged: Judged {
                at: "2024-06-15T00:00:00Z".into(),
                from: MomentFrom::Now,
            },
            verdict: if reason.refuses() {
                Verdict::Refused(reasoned)
            } else {
                Verdict::NotProven(reasoned)
            },
        };
        message.text(language)
    }

    #[test]
    fn every_reason_has_words_of_its_own_in_both_languages() {
        for language in BOTH {
            for whose in WHOSE {
                let mut sentences = HashSet::new();
                for &reason in Reason::ALL {
                    let text = told(reason, whose, language);
                    assert!(text.starts_with("act.xml: "), "{text}");
                    assert!(text.ends_with("CN=Somebody, 0778B8EF"), "{text}");
                    // The words for programs are not words for people.
                    let name = reason.name();
                    assert!(!name.contains('-') || !text.contains(name), "{text}");
                    let is_russian = text.chars().any(|c| ('а'..='я').contains(&c));
                    assert_eq!(is_russian, language == Language::Russian, "{text}");
                    assert!(sentences.insert(text.clone()), "told twice: {text}");
                }
            }
        }
    }

    #[test]
    fn dates_and_details_are_told_where_they_say_something() {
        let dated = [
            Reason::Revoked,
            Reason::Expired,
            Reason::NotYetValid,
            Reason::ListStale,
            Reason::ListNotTrusted,
            Reason::ListNotUsable,
            Reason::ListAfterExpiry,
        ];
        let detailed = [
            Reason::Revoked,
            Reason::UnknownCriticalExtension,
            Reason::NeedsFile,
            Reason::ListNotUsable,
            Reason::Algorithm,
        ];
        for language in BOTH {
            for whose in WHOSE {
                for reason in dated {
                    let text = told(reason, whose, language);
                    assert!(text.contains("2024-06-12T00:00:00Z"), "{text}");
                }
                for reason in detailed {
                    let text = told(reason, whose, language);
                    assert!(text.contains("keyCompromise"), "{text}");
                }
            }
        }
    }

    #[test]
    fn whose_certificate_it_is_stands_in_the_words() {
        let about_certificate = |reason: &Reason| {
            !matches!(
                reason,
                Reason::ContentDiffers
                    | Reason::NeedsFile
                    | Reason::StampDiffers
                    | Reason::StampUnreadable
                    | Reason::ChainTooLong
                    | Reason::TooManyPaths
                    | Reason::TooManyChecks
            )
        };
        let words = [
            (Language::English, ["signer", "issuer 7", "root", "stamp 7"]),
            (
                Language::Russian,
                ["подписанта", "издателя 7", "корнев", "штампа времени 7"],
            ),
        ];
        for (language, words) in words {
            for (whose, word) in WHOSE.into_iter().zip(words) {
                for &reason in Reason::ALL.iter().filter(|one| about_certificate(one)) {
                    let text = told(reason, whose, language);
                    assert!(text.contains(word), "{reason}: {text}");
                }
            }
        }
    }

    #[test]
    fn no_certificate_is_said_not_to_be_revoked() {
        for language in BOTH {
            let message = TrustMessage::NotInList {
                certificate: "CN=Somebody, 0778B8EF".into(),
                date: "2024-06-12T00:00:00Z".into(),
                next: None,
            };
            let text = message.text(language);
            assert!(text.contains("2024-06-12T00:00:00Z"), "{text}");
            assert!(
                !text.contains("not revoked") && !text.contains("не отозван"),
                "{text}"
            );
        }
    }
}

//! What is said of trust in a signature: the answer, why, what it rests on and what would help.
//!
//! | module | decides |
//! |---|---|
//! | `english`, `russian` | the sentence of each reason, which the grammar of each language makes in its own way |
//!
//! **Invariant:** every reason names whose certificate it is about. It is never said that a certificate was not
//! revoked, only in the list of which date it is not.

mod english;
mod russian;

use podpis::trust::{File, Note, Reason, Whose};

use super::Language;
use super::words::messages;

messages! {
    /// Something to say of trust. Certificates come as subject and thumbprint, moments in the form of RFC 3339.
    #[derive(Clone, Debug, PartialEq, Eq)]
    TrustMessage in language {
        // What is wrong with the question.
        /// An argument that means nothing unless a root is named.
        NeedsTrust(argument: &'static str) =>
            "{argument} means nothing without --trust, which names the roots that you trust",
            "{argument} ничего не значит без --trust, где названы корни, которым вы доверяете";
        NotAMoment(text: String) =>
            "--at {text} is not a moment: it is written as 2024-06-15T12:00:00Z, 2024-06-15T15:00:00+03:00, or \
             2024-06-15 for its first moment in UTC",
            "--at {text} — не момент времени: его пишут как 2024-06-15T12:00:00Z, 2024-06-15T15:00:00+03:00 или \
             2024-06-15, то есть начало этого дня по UTC";
        /// A pipe, a device and the like.
        NeitherFileNorFolder(path: String) => "{path} is neither a file nor a folder", "{path} — не файл и не папка";
        FolderUnreadable(path: String) => "the folder {path} cannot be read", "папка {path} не читается";
        TooLarge { path: String, limit: u64 } => "{path} is larger than {limit} bytes", "{path} больше {limit} байт";
        /// A file that is not of this kind.
        NotOfKind { path: String, kind: Kind }
            let [_, _, several] = kind.words(language) =>
            "{path} holds no {several} in PEM, DER or Base64",
            "в {path} нет {several} в PEM, DER или Base64";
        /// A file that says that it is of this kind, and cannot be read.
        Damaged { path: String, kind: Kind }
            let [one, ..] = kind.words(language) => "a {one} in {path} cannot be read", "{one} в {path} не читается";
        /// A folder without a file of this kind.
        NoneInFolder { path: String, kind: Kind }
            let [_, of_one, _] = kind.words(language) =>
            "no file in the folder {path} is a {of_one}",
            "в папке {path} нет ни одного {of_one}";
        /// Something in a folder that is not of this kind.
        Skipped { path: String, kind: Kind }
            let [one, ..] = kind.words(language) =>
            "{path} is skipped: it is not a {one}",
            "{path} — не {one}, пропущен";

        // What the answer rests on.
        /// Of several signers, this one.
        OneOfSeveral { number: usize, count: usize, verdict: Verdict }
            let verdict = verdict.text(language) =>
            "  signer {number} of {count}: {verdict}",
            "  подписант {number} из {count}: {verdict}";
        JudgedAt(judged: Judged)
            let moment = moment(judged, language) => "  judged at: {moment}", "  на какой момент: {moment}";
        /// A certificate of the path.
        Path { whose: Whose, certificate: String }
            let whose = in_path(*whose, language) => "  path, {whose}: {certificate}", "  путь, {whose}: {certificate}";
        /// A certificate is not in this list, up to the moment.
        NotInList { certificate: String, date: String, next: Option<String> } =>
            { match next {
                Some(next) => format!("  not in the list of {date} (the next by {next}) up to then: {certificate}"),
                None => format!("  not in the list of {date} up to then: {certificate}"),
            } },
            { match next {
                Some(next) => format!(
                    "  до этого момента в списке отзыва от {date} (следующий — до {next}) его нет: {certificate}"
                ),
                None => format!("  до этого момента в списке отзыва от {date} его нет: {certificate}"),
            } };
        Note(note: Note) let note = noted(*note, language) => "  note: {note}", "  к сведению: {note}";
        Stamp { number: usize, time: Option<String>, certificate: Option<String>, verdict: Verdict }
            let stamp = stamp(time.as_deref(), certificate.as_deref(), verdict, language) =>
            "  time stamp {number}: {stamp}",
            "  штамп времени {number}: {stamp}";
        Needed(wanted: Wanted) let wanted = needed(wanted, language) => "  needed: {wanted}", "  нужно: {wanted}";

        /// The answer.
        Verdict { file: String, judged: Judged, verdict: Verdict }
            let answer = answer(verdict, judged, language) => "{file}: {answer}", "{file}: {answer}";
    }
}

messages! {
    /// The answer, without what it rests on.
    #[derive(Clone, Debug, PartialEq, Eq)]
    Verdict in language {
        Trusted => "trusted", "можно доверять";
        Refused(why: Reasoned) let why = reasoned(why, language) => "refused: {why}", "отвергнуто: {why}";
        NotProven(why: Reasoned) let why = reasoned(why, language) => "not proven: {why}", "не доказано: {why}";
    }
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

    /// In the nominative, in the genitive, and several of it in the genitive.
    fn words(self, language: Language) -> [&'static str; 3] {
        match (language, self) {
            (Language::English, Self::Certificates) => {
                ["certificate", "certificate", "certificates"]
            }
            (Language::English, Self::Lists) => {
                ["revocation list", "revocation list", "revocation lists"]
            }
            (Language::Russian, Self::Certificates) => {
                ["сертификат", "сертификата", "сертификатов"]
            }
            (Language::Russian, Self::Lists) => {
                ["список отзыва", "списка отзыва", "списков отзыва"]
            }
        }
    }
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

/// The answer for a file.
fn answer(verdict: &Verdict, judged: &Judged, language: Language) -> String {
    match verdict {
        Verdict::Trusted => {
            let lead = language.of(["trusted at", "подписи можно доверять на момент"]);
            format!("{lead} {}", moment(judged, language))
        }
        other => other.text(language),
    }
}

/// What is said of a time stamp.
fn stamp(
    time: Option<&str>,
    certificate: Option<&str>,
    verdict: &Verdict,
    language: Language,
) -> String {
    let time = time.map_or(String::new(), |time| format!("{time}, "));
    let verdict_text = verdict.text(language);
    match verdict {
        Verdict::Trusted => about(format!("{time}{verdict_text}"), certificate),
        _ => {
            let ignored = language.of(["it is ignored", "он не учтён"]);
            format!("{time}{verdict_text}; {ignored}")
        }
    }
}

/// At which moment it was judged, and where that comes from.
fn moment(judged: &Judged, language: Language) -> String {
    let from = match &judged.from {
        MomentFrom::Now => language.of(["now", "то есть сейчас"]).to_owned(),
        MomentFrom::Asked => language.of(["as you asked", "как вы просили"]).to_owned(),
        MomentFrom::Stamp {
            number,
            certificate,
        } => {
            let lead = language.of(["by time stamp", "по штампу времени"]);
            let by = language.of([" of", ", который поставил"]);
            let by = certificate.as_ref().map(|one| format!("{by} {one}"));
            format!("{lead} {number}{}", by.unwrap_or_default())
        }
    };
    format!("{}, {from}", judged.at)
}

/// The place of a certificate in a path.
fn in_path(whose: Whose, language: Language) -> String {
    language.of(match whose {
        Whose::Signer => ["signer".to_owned(), "подписант".to_owned()],
        Whose::Issuer(number) => [format!("issuer {number}"), format!("издатель {number}")],
        Whose::Root => [
            "root, which you trust".to_owned(),
            "корень, которому вы доверяете".to_owned(),
        ],
        Whose::Stamp(number) => [
            format!("time stamp {number}"),
            format!("штамп времени {number}"),
        ],
    })
}

/// A reason, with the certificate that it is about.
fn reasoned(why: &Reasoned, language: Language) -> String {
    let sentence = match language {
        Language::English => english::sentence(why),
        Language::Russian => russian::sentence(why),
    };
    about(sentence, why.certificate.as_deref())
}

fn noted(note: Note, language: Language) -> &'static str {
    language.of(match note {
        Note::SigningCertificateNotNamed => [
            "the signature does not name its certificate among what is signed: plain CMS, not CAdES",
            "среди подписанного нет указания на сертификат: это простая CMS, не CAdES",
        ],
        Note::SignaturePolicyNotChecked => [
            "the signature states a signature policy, which was not looked at",
            "в подписи указана политика подписи, её не проверяли",
        ],
        Note::ArchiveNotChecked => [
            "the signature has parts of an archive form, which were not looked at",
            "в подписи есть части архивных форматов, их не проверяли",
        ],
        other => [other.name(); 2],
    })
}

/// What would help, by which argument, and how to find it.
fn needed(wanted: &Wanted, language: Language) -> String {
    let (what, argument) = match wanted.what {
        File::SignerCertificate => (
            [
                "the signer's own certificate",
                "сертификат самого подписанта",
            ],
            ["--intermediate"; 2],
        ),
        File::IssuerCertificate => (
            ["the certificate of the issuer", "сертификат издателя"],
            [
                "--intermediate, or --trust if it is a root that you trust",
                "--intermediate или --trust, если это корень, которому вы доверяете",
            ],
        ),
        File::RevocationList => (
            [
                "a revocation list of the moment, of the issuer",
                "список отзыва на нужный момент, от издателя",
            ],
            ["--crl"; 2],
        ),
        _ => (
            ["a file of the issuer", "файл издателя"],
            ["--intermediate, --crl"; 2],
        ),
    };
    let mut parts = Vec::new();
    if !wanted.issuer.is_empty() {
        let is_own = wanted.what == File::SignerCertificate;
        let lead = if is_own {
            ["issued by ", "выдал "]
        } else {
            [""; 2]
        };
        parts.push(format!("{}{}", language.of(lead), wanted.issuer));
    }
    for (name, number) in [
        (["serial number", "серийный номер"], &wanted.serial),
        (["key identifier", "идентификатор ключа"], &wanted.key_id),
    ] {
        let named = number
            .as_ref()
            .map(|number| format!("{} {number}", language.of(name)));
        parts.extend(named);
    }
    let mut text = format!("{} ({})", language.of(what), language.of(argument));
    if !parts.is_empty() {
        text = format!("{text}: {}", parts.join(", "));
    }
    if !wanted.addresses.is_empty() {
        let from = language.of([
            "where from, as the certificate says",
            "где взять, по словам сертификата",
        ]);
        text = format!("{text}; {from}: {}", wanted.addresses.join(" "));
    }
    text
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

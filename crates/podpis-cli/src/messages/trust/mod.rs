//! What is said of trust in a signature: the answer, why, what it rests on and what would help.
//!
//! **Invariant:** every reason names whose certificate it is about. It is never said that a certificate was not
//! revoked, only in the list of which date it is not, or by the OCSP answer of which date.

mod fetched;
mod sentence;

use podpis::trust::{File, Note, Reason, Whose};

pub(crate) use self::fetched::{FromWhere, Sought, Trouble};
use self::fetched::{from_where, sought, trouble};
use self::sentence::sentence;
use super::Language;
use super::counted::THAN_BYTES;
use super::words::{messages, words};

messages! {
    /// Something to say of trust. Certificates come as subject and thumbprint, moments in the form of RFC 3339.
    #[derive(Clone, Debug, PartialEq, Eq)]
    TrustMessage in language {
        // What is wrong with the question.
        /// An argument that means nothing unless a root is named.
        NeedsTrust(argument: &'static str) =>
            "{argument} means nothing without --trust, which names the roots that you trust",
            "{argument} ничего не значит без --trust, где названы корни, которым вы доверяете";
        /// A pipe, a device and the like.
        NeitherFileNorFolder(path: String) => "{path} is neither a file nor a folder", "{path} — не файл и не папка";
        FolderUnreadable(path: String) => "the folder {path} cannot be read", "папка {path} не читается";
        TooLarge { path: String, limit: u64 }
            let limit = language.counted(*limit, THAN_BYTES) =>
            "{path} is larger than {limit}",
            "{path} больше {limit}";
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
        /// An OCSP answer says that a certificate was not revoked by then.
        GoodByOcsp { certificate: String, date: String, next: Option<String> } =>
            { match next {
                Some(next) => format!("  not revoked by the OCSP answer of {date} (the next by {next}): {certificate}"),
                None => format!("  not revoked by the OCSP answer of {date}: {certificate}"),
            } },
            { match next {
                Some(next) => format!(
                    "  по ответу OCSP от {date} (следующий — до {next}) не отозван: {certificate}"
                ),
                None => format!("  по ответу OCSP от {date} не отозван: {certificate}"),
            } };
        /// A file that was fetched.
        Fetched { what: Sought, from: FromWhere, address: String }
            let (what, from) = (sought(*what, language), from_where(*from, language)) =>
            "  {what}, {from} {address}",
            "  {what} {from} {address}";
        /// One that could not be.
        NotFetched { what: Sought, address: String, trouble: Trouble }
            let (what, why) = (sought(*what, language), self::trouble(trouble, language)) =>
            "  {what} could not be fetched from {address}: {why}",
            "  не получен {what} с адреса {address}: {why}";
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

words! {
    /// The answer for a file.
    fn answer(verdict: &Verdict, judged: &Judged) in language {
        Verdict::Trusted =>
            { format!("trusted at {}", moment(judged, language)) },
            { format!("подписи можно доверять на момент {}", moment(judged, language)) };
        other => { other.text(language) };
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

words! {
    /// At which moment it was judged, and where that comes from.
    fn moment(judged: &Judged) in language {
        Judged { at, from: MomentFrom::Now } => "{at}, now", "{at}, то есть сейчас";
        Judged { at, from: MomentFrom::Asked } => "{at}, as you asked", "{at}, как вы просили";
        Judged { at, from: MomentFrom::Stamp { number, certificate: Some(certificate) } } =>
            "{at}, by time stamp {number} of {certificate}",
            "{at}, по штампу времени {number}, который поставил {certificate}";
        Judged { at, from: MomentFrom::Stamp { number, .. } } =>
            "{at}, by time stamp {number}",
            "{at}, по штампу времени {number}";
    }
}

words! {
    /// The place of a certificate in a path.
    fn in_path(whose: Whose) in language {
        Whose::Signer => "signer", "подписант";
        Whose::Issuer(number) => "issuer {number}", "издатель {number}";
        Whose::Root => "root, which you trust", "корень, которому вы доверяете";
        Whose::Stamp(number) => "time stamp {number}", "штамп времени {number}";
    }
}

/// A reason, with the certificate that it is about.
fn reasoned(why: &Reasoned, language: Language) -> String {
    let sentence = sentence(why.reason, why, language);
    about(sentence, why.certificate.as_deref())
}

words! {
    fn noted(note: Note) in language {
        Note::SigningCertificateNotNamed =>
            "the signature does not name its certificate among what is signed: plain CMS, not CAdES",
            "среди подписанного нет указания на сертификат: это простая CMS, не CAdES";
        Note::SignaturePolicyNotChecked =>
            "the signature states a signature policy, which was not looked at",
            "в подписи указана политика подписи, её не проверяли";
        Note::ArchiveNotChecked =>
            "the signature has parts of an archive form, which were not looked at",
            "в подписи есть части архивных форматов, их не проверяли";
        other => { other.name() };
    }
}

/// What would help, by which argument, and how to find it.
fn needed(wanted: &Wanted, language: Language) -> String {
    let is_own = wanted.what == File::SignerCertificate;
    let issuer = match &*wanted.issuer {
        "" => None,
        issuer if is_own => Some(format!("{}{issuer}", language.of(["issued by ", "выдал "]))),
        issuer => Some(issuer.to_owned()),
    };
    let named = |number: &Option<String>, name| {
        let number = number.as_ref()?;
        Some(format!("{} {number}", language.of(name)))
    };
    let parts = [
        issuer,
        named(&wanted.serial, ["serial number", "серийный номер"]),
        named(&wanted.key_id, ["key identifier", "идентификатор ключа"]),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let mut text = file(wanted.what, language);
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

words! {
    /// A file that would help, and the argument that takes it.
    fn file(file: File) in language {
        File::SignerCertificate =>
            "the signer's own certificate (--intermediate)",
            "сертификат самого подписанта (--intermediate)";
        File::IssuerCertificate =>
            "the certificate of the issuer (--intermediate, or --trust if it is a root that you trust)",
            "сертификат издателя (--intermediate или --trust, если это корень, которому вы доверяете)";
        File::RevocationList =>
            "a revocation list of the moment, of the issuer (--crl)",
            "список отзыва на нужный момент, от издателя (--crl)";
        _ => "a file of the issuer (--intermediate, --crl)", "файл издателя (--intermediate, --crl)";
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

//! What is said of a signature: what it is for, who made it, what was checked, in both languages.
//!
//! **Invariant:** as of all messages: a variant without a translation does not compile. Nothing is said to be so that
//! was not checked.

use podpis::cms::{Check, Departure, Form, Reason};

use super::Language;

/// Something to say of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SignatureMessage {
    // What is wrong with the question.
    /// Neither a file with its signature nor `--all`.
    VerifyWhat,
    CertificateNeither(String),
    /// The file holds so many certificates.
    CertificatesSeveral {
        path: String,
        count: usize,
    },

    // What is wrong with the answer.
    Unreadable(String),
    /// `FILE.p7s` is not there.
    NotThere {
        file: String,
        signature: String,
    },
    OtherContent {
        file: String,
        signature: String,
    },
    WrongValue {
        file: String,
        signature: String,
    },
    OtherCertificate {
        file: String,
        signature: String,
        wanted: String,
        found: String,
    },
    DigestProvesNothing {
        file: String,
        signature: String,
        algorithm: String,
    },
    NotChecked {
        file: String,
        signature: String,
    },

    // What it is for.
    Belongs {
        file: String,
        signature: String,
    },
    /// The digest is right, and nothing says by whom.
    StatesContent {
        file: String,
        signature: String,
    },
    CannotTellFile {
        file: String,
        signature: String,
    },
    NotDer(Form),

    // Who made it, and when.
    Signer(String),
    /// Named by the signer; whether its key made the value is not known.
    Named(String),
    NoCertificate,
    NoReadableCertificate,
    Thumbprint(String),
    SignedAt(String),
    NoTime,
    TimeUnreadable,
    /// A certificate in the signature whose key is the signer's.
    SameKey(String),
    /// One whose key made no value.
    NotTheSigners(String),
    /// One that a signer may mean.
    PerhapsTheSigners(String),

    // What was checked.
    Checked {
        what: CheckName,
        check: Check,
    },
    TrustNotChecked,
    Proven(String),
    NotProven {
        file: String,
        open: Vec<(CheckName, Reason)>,
    },
    /// The service has it, and it never came.
    NeverHere(String),
}

/// The three checks of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CheckName {
    /// Is it for this file?
    Digest,
    /// Is it by the certificate asked for?
    Signer,
    /// Was it made by the signer's key?
    Value,
}

impl SignatureMessage {
    /// The words.
    pub(super) fn text(&self, language: Language) -> String {
        match language {
            Language::English => english(self),
            Language::Russian => russian(self),
        }
    }
}

fn english(message: &SignatureMessage) -> String {
    match message {
        SignatureMessage::VerifyWhat => {
            "a file and its signature are wanted, or --all and files that have FILE.p7s beside them"
                .into()
        }
        SignatureMessage::CertificateNeither(text) => {
            format!("--cert {text} is neither a thumbprint nor a file with a certificate")
        }
        SignatureMessage::CertificatesSeveral { path, count } => {
            format!("{path} holds {count} certificates, and --cert takes a file with one")
        }
        SignatureMessage::Unreadable(path) => format!("{path} is not a detached signature"),
        SignatureMessage::NotThere { file, signature } => {
            format!("{file} has no signature beside it: there is no {signature}")
        }
        SignatureMessage::OtherContent { file, signature } => {
            format!("{signature} is not a signature of {file}: the content is another")
        }
        SignatureMessage::WrongValue { file, signature } => format!(
            "{signature} is not a signature of {file}: its value was not made by the key of its certificate"
        ),
        SignatureMessage::OtherCertificate {
            file,
            signature,
            wanted,
            found,
        } => format!(
            "{signature} is a signature of {file} with another certificate: {found} instead of {wanted}"
        ),
        SignatureMessage::DigestProvesNothing {
            file,
            signature,
            algorithm,
        } => format!(
            "{signature} is worth nothing as a signature of {file}: it knows the file by {algorithm}, which proves nothing"
        ),
        SignatureMessage::NotChecked { file, signature } => {
            format!("{signature} could not be checked against {file}")
        }
        SignatureMessage::Belongs { file, signature } => {
            format!("{signature} is a signature of {file}")
        }
        SignatureMessage::StatesContent { file, signature } => format!(
            "{signature} states the content of {file}; whether its signer made it was not checked"
        ),
        SignatureMessage::CannotTellFile { file, signature } => {
            format!("it cannot be told whether {signature} is a signature of {file}")
        }
        SignatureMessage::NotDer(form) => {
            let words: Vec<String> = form.departures().map(|one| one.to_string()).collect();
            format!("  form: not DER: {}", words.join(", "))
        }
        SignatureMessage::Signer(subject) => format!("  signed by: {subject}"),
        SignatureMessage::Named(subject) => {
            format!("  signed by: not checked; the signature names: {subject}")
        }
        SignatureMessage::NoCertificate => {
            "  signed by: not known, the signature holds no certificate of its signer".into()
        }
        SignatureMessage::NoReadableCertificate => {
            "  signed by: not known, a certificate in the signature cannot be read".into()
        }
        SignatureMessage::Thumbprint(thumbprint) => format!("  certificate: {thumbprint}"),
        SignatureMessage::SignedAt(time) => format!("  when, as the signer's side says: {time}"),
        SignatureMessage::NoTime => "  when: the signature does not say".into(),
        SignatureMessage::TimeUnreadable => {
            "  when: the signature says it in a form that is not a time".into()
        }
        SignatureMessage::SameKey(certificate) => {
            format!("  also in the signature, of the same key: {certificate}")
        }
        SignatureMessage::NotTheSigners(certificate) => {
            format!("  also in the signature, not the signer's: {certificate}")
        }
        SignatureMessage::PerhapsTheSigners(certificate) => {
            format!("  also in the signature, not known whether the signer's: {certificate}")
        }
        SignatureMessage::Checked { what, check } => {
            let outcome = match check {
                Check::Passed => "passed".into(),
                Check::NotChecked(reason) => format!("not checked: {}", english_reason(reason)),
            };
            format!("  {}: {outcome}", english_check(*what))
        }
        SignatureMessage::TrustNotChecked => {
            "  trust in the certificate: not checked: its issuer and revocation were not looked at"
                .into()
        }
        SignatureMessage::Proven(file) => {
            format!("{file}: proven: the key of the signer's certificate signed this very content")
        }
        SignatureMessage::NotProven { file, open } => {
            let open: Vec<String> = open
                .iter()
                .map(|(what, why)| format!("{} ({})", english_check(*what), english_reason(why)))
                .collect();
            format!("{file}: not proven: not checked: {}", open.join("; "))
        }
        SignatureMessage::NeverHere(file) => {
            format!("{file}: not proven: not checked: the signature is at the service alone")
        }
    }
}

fn english_check(what: CheckName) -> &'static str {
    match what {
        CheckName::Digest => "content of the file",
        CheckName::Signer => "certificate asked for",
        CheckName::Value => "signature value",
    }
}

fn english_reason(reason: &Reason) -> String {
    match reason {
        Reason::NeedsFile => "the file is needed".into(),
        Reason::Algorithm(name) => format!("{name} is not an algorithm this program checks"),
        Reason::NoCertificate => "the signature holds no certificate of its signer".into(),
        Reason::UnreadableCertificate => "a certificate in the signature cannot be read".into(),
        Reason::WeakKey { bits } => {
            format!("the signer's RSA key has {bits} bits, and fewer than 2048 prove nothing")
        }
        Reason::ValueNotChecked => "the signature value was not checked".into(),
        Reason::NotAsked => "no certificate was asked for".into(),
        other => other.to_string(),
    }
}

fn russian(message: &SignatureMessage) -> String {
    match message {
        SignatureMessage::VerifyWhat => {
            "нужны файл и его подпись или --all и файлы, рядом с которыми лежит ФАЙЛ.p7s".into()
        }
        SignatureMessage::CertificateNeither(text) => {
            format!("--cert {text} — не отпечаток и не файл с сертификатом")
        }
        SignatureMessage::CertificatesSeveral { path, count } => {
            format!("сертификатов в {path}: {count}, а для --cert нужен файл с одним сертификатом")
        }
        SignatureMessage::Unreadable(path) => format!("{path} — не отсоединённая подпись"),
        SignatureMessage::NotThere { file, signature } => {
            format!("рядом с {file} нет подписи: нет файла {signature}")
        }
        SignatureMessage::OtherContent { file, signature } => {
            format!("{signature} — не подпись файла {file}: подписано другое содержимое")
        }
        SignatureMessage::WrongValue { file, signature } => format!(
            "{signature} — не подпись файла {file}: значение подписи создано не ключом её сертификата"
        ),
        SignatureMessage::OtherCertificate {
            file,
            signature,
            wanted,
            found,
        } => format!(
            "{signature} — подпись файла {file} другим сертификатом: {found}, а не {wanted}"
        ),
        SignatureMessage::DigestProvesNothing {
            file,
            signature,
            algorithm,
        } => format!(
            "{signature} как подпись файла {file} ничего не значит: хэш файла в ней — {algorithm}, он ничего не доказывает"
        ),
        SignatureMessage::NotChecked { file, signature } => {
            format!("не удалось проверить, подпись ли {signature} файла {file}")
        }
        SignatureMessage::Belongs { file, signature } => {
            format!("{signature} — подпись файла {file}")
        }
        SignatureMessage::StatesContent { file, signature } => format!(
            "в {signature} указано содержимое файла {file}; подписант ли её создал, не проверено"
        ),
        SignatureMessage::CannotTellFile { file, signature } => {
            format!("нельзя сказать, подпись ли {signature} файла {file}")
        }
        SignatureMessage::NotDer(form) => {
            let words: Vec<String> = form.departures().map(russian_departure).collect();
            format!("  вид: не DER: {}", words.join(", "))
        }
        SignatureMessage::Signer(subject) => format!("  кто подписал: {subject}"),
        SignatureMessage::Named(subject) => {
            format!("  кто подписал: не проверено; в подписи назван: {subject}")
        }
        SignatureMessage::NoCertificate => {
            "  кто подписал: неизвестно, в подписи нет сертификата подписанта".into()
        }
        SignatureMessage::NoReadableCertificate => {
            "  кто подписал: неизвестно, сертификат в подписи не читается".into()
        }
        SignatureMessage::Thumbprint(thumbprint) => format!("  сертификат: {thumbprint}"),
        SignatureMessage::SignedAt(time) => {
            format!("  когда, по словам подписавшей стороны: {time}")
        }
        SignatureMessage::NoTime => "  когда: в подписи не сказано".into(),
        SignatureMessage::TimeUnreadable => {
            "  когда: в подписи на месте времени стоит что-то другое".into()
        }
        SignatureMessage::SameKey(certificate) => {
            format!("  ещё в подписи, того же ключа: {certificate}")
        }
        SignatureMessage::NotTheSigners(certificate) => {
            format!("  ещё в подписи, не подписанта: {certificate}")
        }
        SignatureMessage::PerhapsTheSigners(certificate) => {
            format!("  ещё в подписи, неизвестно, подписанта ли: {certificate}")
        }
        SignatureMessage::Checked { what, check } => {
            let outcome = match check {
                Check::Passed => "проверено".into(),
                Check::NotChecked(reason) => format!("не проверено: {}", russian_reason(reason)),
            };
            format!("  {}: {outcome}", russian_check(*what))
        }
        SignatureMessage::TrustNotChecked => {
            "  доверие к сертификату: не проверено: кто его выдал и не отозван ли он, не смотрели"
                .into()
        }
        SignatureMessage::Proven(file) => format!(
            "{file}: доказано: именно это содержимое подписано ключом сертификата подписанта"
        ),
        SignatureMessage::NotProven { file, open } => {
            let open: Vec<String> = open
                .iter()
                .map(|(what, why)| format!("{} ({})", russian_check(*what), russian_reason(why)))
                .collect();
            format!("{file}: не доказано: не проверено: {}", open.join("; "))
        }
        SignatureMessage::NeverHere(file) => {
            format!("{file}: не доказано: не проверено: подпись есть только на сервисе")
        }
    }
}

fn russian_check(what: CheckName) -> &'static str {
    match what {
        CheckName::Digest => "содержимое файла",
        CheckName::Signer => "запрошенный сертификат",
        CheckName::Value => "значение подписи",
    }
}

fn russian_reason(reason: &Reason) -> String {
    match reason {
        Reason::NeedsFile => "нужен файл".into(),
        Reason::Algorithm(name) => format!("алгоритм {name} программа не проверяет"),
        Reason::NoCertificate => "в подписи нет сертификата подписанта".into(),
        Reason::UnreadableCertificate => "сертификат в подписи не читается".into(),
        Reason::WeakKey { bits } => {
            format!("бит в ключе RSA подписанта: {bits}, а меньше 2048 ничего не доказывают")
        }
        Reason::ValueNotChecked => "значение подписи не проверено".into(),
        Reason::NotAsked => "сертификат не запрашивали".into(),
        other => other.to_string(),
    }
}

fn russian_departure(departure: Departure) -> String {
    match departure {
        Departure::Pem => "PEM",
        Departure::Base64 => "Base64",
        Departure::TrailingZeros => "нули в конце",
        Departure::TrailingLineEnd => "перевод строки в конце",
        Departure::IndefiniteLength => "BER (длина не указана)",
        Departure::NonMinimalLength => "BER (длина записана не кратчайшим образом)",
        Departure::ConstructedString => "BER (строка по частям)",
        Departure::UnsortedAttributes => "подписанные атрибуты не по порядку",
        other => return other.to_string(),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_checked_is_named_in_both_languages() {
        let open = vec![
            (CheckName::Value, Reason::WeakKey { bits: 1024 }),
            (CheckName::Signer, Reason::ValueNotChecked),
        ];
        let message = SignatureMessage::NotProven {
            file: "act".into(),
            open,
        };
        for (language, words) in [
            (
                Language::English,
                ["signature value", "1024 bits", "certificate asked for"],
            ),
            (
                Language::Russian,
                ["значение подписи", "1024", "запрошенный сертификат"],
            ),
        ] {
            let text = message.text(language);
            assert!(text.starts_with("act: "), "{text}");
            for word in words {
                assert!(text.contains(word), "{text}");
            }
        }
    }
}

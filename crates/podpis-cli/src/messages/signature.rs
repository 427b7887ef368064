//! What is said of a signature: what it is for, who made it, what was checked.
//!
//! **Invariant:** nothing is said to be so that was not checked.

use podpis::cms::{Check, Departure, Form, Reason};

use super::Language;
use super::counted::{BITS, CERTIFICATES};
use super::words::{messages, words};

messages! {
    /// Something to say of a signature.
    #[derive(Clone, Debug, PartialEq, Eq)]
    SignatureMessage in language {
        // What is wrong with the question.
        /// Neither a file with its signature nor `--all`.
        VerifyWhat =>
            "a file and its signature are wanted, or --all and files that have FILE.p7s beside them",
            "нужны файл и его подпись или --all и файлы, рядом с которыми лежит ФАЙЛ.p7s";
        CertificateNeither(text: String) =>
            "--cert {text} is neither a thumbprint nor a file with a certificate",
            "--cert {text} — не отпечаток и не файл с сертификатом";
        /// The file holds so many certificates.
        CertificatesSeveral { path: String, count: usize }
            let count = language.counted(*count, CERTIFICATES) =>
            "{path} holds {count}, and --cert takes a file with one",
            "в {path} {count}, а для --cert нужен файл с одним";

        // What is wrong with the answer.
        Unreadable(path: String) => "{path} is not a detached signature", "{path} — не отсоединённая подпись";
        /// `FILE.p7s` is not there.
        NotThere { file: String, signature: String } =>
            "{file} has no signature beside it: there is no {signature}",
            "рядом с {file} нет подписи: нет файла {signature}";
        OtherContent { file: String, signature: String } =>
            "{signature} is not a signature of {file}: the content is another",
            "{signature} — не подпись файла {file}: подписано другое содержимое";
        WrongValue { file: String, signature: String } =>
            "{signature} is not a signature of {file}: its value was not made by the key of its certificate",
            "{signature} — не подпись файла {file}: значение подписи создано не ключом её сертификата";
        OtherCertificate { file: String, signature: String, wanted: String, found: String } =>
            "{signature} is a signature of {file} with another certificate: {found} instead of {wanted}",
            "{signature} — подпись файла {file} другим сертификатом: {found}, а не {wanted}";
        DigestProvesNothing { file: String, signature: String, algorithm: String } =>
            "{signature} is worth nothing as a signature of {file}: it knows the file by {algorithm}, which proves \
             nothing",
            "{signature} как подпись файла {file} ничего не значит: хеш файла в ней — {algorithm}, он ничего не \
             доказывает";
        NotChecked { file: String, signature: String } =>
            "{signature} could not be checked against {file}",
            "не удалось проверить, подпись ли {signature} файла {file}";

        // What it is for.
        Belongs { file: String, signature: String } =>
            "{signature} is a signature of {file}",
            "{signature} — подпись файла {file}";
        /// The digest is right, and nothing says by whom.
        StatesContent { file: String, signature: String } =>
            "{signature} states the content of {file}; whether its signer made it was not checked",
            "в {signature} указано содержимое файла {file}; подписант ли её создал, не проверено";
        CannotTellFile { file: String, signature: String } =>
            "it cannot be told whether {signature} is a signature of {file}",
            "нельзя сказать, подпись ли {signature} файла {file}";
        NotDer(form: Form)
            let form = departures(form, language) => "  form: not DER: {form}", "  вид: не DER: {form}";

        // Who made it, and when.
        Signer(subject: String) => "  signed by: {subject}", "  кто подписал: {subject}";
        /// Named by the signer; whether its key made the value is not known.
        Named(subject: String) =>
            "  signed by: not checked; the signature names: {subject}",
            "  кто подписал: не проверено; в подписи назван: {subject}";
        NoCertificate =>
            "  signed by: not known, the signature holds no certificate of its signer",
            "  кто подписал: неизвестно, в подписи нет сертификата подписанта";
        NoReadableCertificate =>
            "  signed by: not known, a certificate in the signature cannot be read",
            "  кто подписал: неизвестно, сертификат в подписи не читается";
        Thumbprint(thumbprint: String) => "  certificate: {thumbprint}", "  сертификат: {thumbprint}";
        SignedAt(time: String) =>
            "  when, as the signer's side says: {time}",
            "  когда, по словам подписавшей стороны: {time}";
        NoTime => "  when: the signature does not say", "  когда: в подписи не сказано";
        TimeUnreadable =>
            "  when: the signature says it in a form that is not a time",
            "  когда: в подписи на месте времени стоит что-то другое";
        /// A certificate in the signature whose key is the signer's.
        SameKey(certificate: String) =>
            "  also in the signature, of the same key: {certificate}",
            "  ещё в подписи, того же ключа: {certificate}";
        /// One whose key made no value.
        NotTheSigners(certificate: String) =>
            "  also in the signature, not the signer's: {certificate}",
            "  ещё в подписи, не подписанта: {certificate}";
        /// One that a signer may mean.
        PerhapsTheSigners(certificate: String) =>
            "  also in the signature, not known whether the signer's: {certificate}",
            "  ещё в подписи, неизвестно, подписанта ли: {certificate}";

        // What was checked.
        Checked { what: CheckName, check: Check }
            let (what, check) = (what.text(language), outcome(check, language)) =>
            "  {what}: {check}",
            "  {what}: {check}";
        TrustNotChecked =>
            "  trust in the certificate: not checked: its issuer and revocation were not looked at",
            "  доверие к сертификату: не проверено: кто его выдал и не отозван ли он, не смотрели";
        Proven(file: String) =>
            "{file}: proven: the key of the signer's certificate signed this very content",
            "{file}: доказано: именно это содержимое подписано ключом сертификата подписанта";
        NotProven { file: String, open: Vec<(CheckName, Reason)> }
            let open = all_open(open, language) =>
            "{file}: not proven: not checked: {open}",
            "{file}: не доказано: не проверено: {open}";
        /// The service has it, and it never came.
        NeverHere(file: String) =>
            "{file}: not proven: not checked: the signature is at the service alone",
            "{file}: не доказано: не проверено: подпись есть только на сервисе";
    }
}

messages! {
    /// The three checks of a signature.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    CheckName in language {
        /// Is it for this file?
        Digest => "content of the file", "содержимое файла";
        /// Is it by the certificate asked for?
        Signer => "certificate asked for", "запрошенный сертификат";
        /// Was it made by the signer's key?
        Value => "signature value", "значение подписи";
    }
}

words! {
    /// How a check ended.
    fn outcome(check: &Check) in language {
        Check::Passed => "passed", "проверено";
        Check::NotChecked(why) =>
            { format!("not checked: {}", reason(why, language)) },
            { format!("не проверено: {}", reason(why, language)) };
    }
}

/// What was not checked, each with its reason.
fn all_open(open: &[(CheckName, Reason)], language: Language) -> String {
    let one = |(what, why): &(CheckName, Reason)| {
        format!("{} ({})", what.text(language), reason(why, language))
    };
    open.iter().map(one).collect::<Vec<String>>().join("; ")
}

words! {
    /// Why something was not checked.
    fn reason(reason: &Reason) in language {
        Reason::NeedsFile => "the file is needed", "нужен файл";
        Reason::Algorithm(name) =>
            "{name} is not an algorithm this program checks",
            "алгоритм {name} программа не проверяет";
        Reason::NoCertificate =>
            "the signature holds no certificate of its signer",
            "в подписи нет сертификата подписанта";
        Reason::UnreadableCertificate =>
            "a certificate in the signature cannot be read",
            "сертификат в подписи не читается";
        Reason::WeakKey { bits } =>
            { format!("the signer's RSA key has {}, and fewer than 2048 prove nothing", language.counted(*bits, BITS)) },
            { format!("в ключе RSA подписанта {}, а меньше 2048 ничего не доказывают", language.counted(*bits, BITS)) };
        Reason::ValueNotChecked => "the signature value was not checked", "значение подписи не проверено";
        Reason::NotAsked => "no certificate was asked for", "сертификат не запрашивали";
        other => { other.to_string() };
    }
}

/// What a signature is that is not DER.
fn departures(form: &Form, language: Language) -> String {
    let words = form.departures().map(|one| departure(one, language));
    words.collect::<Vec<String>>().join(", ")
}

words! {
    fn departure(departure: Departure) in language {
        Departure::Pem => "{departure}", "PEM";
        Departure::Base64 => "{departure}", "Base64";
        Departure::TrailingZeros => "{departure}", "нули в конце";
        Departure::TrailingLineEnd => "{departure}", "перевод строки в конце";
        Departure::IndefiniteLength => "{departure}", "BER (длина не указана)";
        Departure::NonMinimalLength => "{departure}", "BER (длина записана не кратчайшим образом)";
        Departure::ConstructedString => "{departure}", "BER (строка по частям)";
        Departure::UnsortedAttributes => "{departure}", "подписанные атрибуты не по порядку";
        other => { other.to_string() };
    }
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

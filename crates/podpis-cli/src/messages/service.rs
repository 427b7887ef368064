//! The words for what the service does: steps, states, and why a certificate cannot sign.
//!
//! **Invariant:** what came after this program is told in the library's own word, or as something that goes on.

use podpis::extern_api::{AnswerStep, ReportStep, Unusable};

use super::Language;
use super::words::words;

words! {
    /// A step of sending a report.
    pub(super) fn reporting(step: ReportStep) in language {
        ReportStep::Draft => "making the draft", "создаётся черновик";
        ReportStep::Documents => "adding the documents", "добавляются документы";
        ReportStep::Check => "checking", "идёт проверка";
        ReportStep::Sign => "signing", "идёт подписание";
        ReportStep::Prepare => "preparing: encrypting for the recipient", "идёт подготовка: шифрование для получателя";
        ReportStep::Send => "sending", "идёт отправка";
        _ => "going on", "работа продолжается";
    }
}

words! {
    /// A step of answering a document.
    pub(super) fn answering(step: AnswerStep) in language {
        AnswerStep::Generate => "making the reply", "создаётся ответ";
        AnswerStep::Contents => "adding the contents of the package", "добавляется содержимое пакета";
        AnswerStep::Sign => "signing", "идёт подписание";
        AnswerStep::Send => "sending", "идёт отправка";
        _ => "going on", "работа продолжается";
    }
}

words! {
    /// The state of an operation, by its name in records.
    pub(super) fn state(name: &str) in language {
        "starting" => "start unanswered", "начало без ответа";
        "awaiting_code" => "waits for the code", "ждёт код";
        "confirming" => "code unanswered", "код без ответа";
        "awaiting_signer" => "waits for the signer's phone", "ждёт ответа на телефоне";
        "processing" => "at work", "в работе";
        "gone" => "unknown to the service by now", "сервис её больше не знает";
        "done" => "done, to be fetched", "готова, не получена";
        "refused" => "refused", "отказ";
        other => { other };
    }
}

words! {
    /// Why a certificate cannot sign remotely.
    pub(super) fn unusable(reason: &Unusable) in language {
        Unusable::NotRemote => "{reason}", "ключ на носителе, а не на сервисе";
        Unusable::WrongType { certificate_type, .. } => "{reason}", { of_another_type(certificate_type) };
        Unusable::NotYetValid { .. } => "{reason}", "ещё не действует";
        Unusable::Expired { .. } => "{reason}", "уже не действует";
        Unusable::KeyNotYetValid { .. } => "{reason}", "срок ключа ещё не начался";
        Unusable::KeyExpired { .. } => "{reason}", "срок ключа кончился";
        Unusable::NoThumbprint => "{reason}", "сервис не назвал его отпечаток";
        Unusable::NotValid => "{reason}", "по словам сервиса, он недействителен";
        Unusable::NotQualified => "{reason}", "он не квалифицированный";
        Unusable::AnotherOwner { owner } => "{reason}", "его владелец — {owner}";
        Unusable::IssuedByAnotherCa { issuer } => "{reason}", "его выдал не УЦ Контура, а {issuer}";
        Unusable::Unreadable => "{reason}", "он не читается";
        other => { other.to_string() };
    }
}

/// In Russian, what a certificate is that another method takes.
fn of_another_type(certificate_type: &str) -> String {
    match certificate_type {
        "token" => "ключ на носителе".into(),
        "dss" => "это сертификат DSS".into(),
        "kontur_certificate" => "это Контур.Сертификат".into(),
        "goskey" => "это сертификат Госключа".into(),
        other => format!("тип {other} этой версии неизвестен"),
    }
}

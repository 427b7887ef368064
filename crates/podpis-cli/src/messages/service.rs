//! The words for what the service does: steps, states, and why a certificate cannot sign.
//!
//! **Invariant:** what came after this program is told in the library's own word, or as something that goes on.

use podpis::extern_api::{AnswerStep, ReportStep, Unusable};

use super::Language;

/// A step of sending a report.
pub(super) fn reporting(step: ReportStep, language: Language) -> &'static str {
    language.of(match step {
        ReportStep::Draft => ["making the draft", "создаётся черновик"],
        ReportStep::Documents => ["adding the documents", "добавляются документы"],
        ReportStep::Check => ["checking", "идёт проверка"],
        ReportStep::Sign => ["signing", "идёт подписание"],
        ReportStep::Prepare => [
            "preparing: encrypting for the recipient",
            "идёт подготовка: шифрование для получателя",
        ],
        ReportStep::Send => ["sending", "идёт отправка"],
        _ => ["going on", "работа продолжается"],
    })
}

/// A step of answering a document.
pub(super) fn answering(step: AnswerStep, language: Language) -> &'static str {
    language.of(match step {
        AnswerStep::Generate => ["making the reply", "создаётся ответ"],
        AnswerStep::Contents => [
            "adding the contents of the package",
            "добавляется содержимое пакета",
        ],
        AnswerStep::Sign => ["signing", "идёт подписание"],
        AnswerStep::Send => ["sending", "идёт отправка"],
        _ => ["going on", "работа продолжается"],
    })
}

/// The state of an operation, by its name in records.
pub(super) fn state(name: &'static str, language: Language) -> &'static str {
    language.of(match name {
        "starting" => ["start unanswered", "начало без ответа"],
        "awaiting_code" => ["waits for the code", "ждёт код"],
        "confirming" => ["code unanswered", "код без ответа"],
        "processing" => ["at work", "в работе"],
        "done" => ["done, to be fetched", "готова, не получена"],
        "refused" => ["refused", "отказ"],
        other => [other, other],
    })
}

/// Why a certificate in Extern cannot sign remotely.
pub(super) fn unusable(reason: &Unusable, language: Language) -> String {
    if language == Language::English {
        return reason.to_string();
    }
    match reason {
        Unusable::NotRemote => "ключ на носителе, а не на сервисе".into(),
        Unusable::Expired => "сегодня он не действует".into(),
        Unusable::NotValid => "по словам сервиса, он недействителен".into(),
        Unusable::NotQualified => "он не квалифицированный".into(),
        Unusable::AnotherOwner { owner } => format!("его владелец — {owner}"),
        Unusable::IssuedByAnotherCa { issuer } => {
            format!("его выдал не УЦ Контура, а {issuer}")
        }
        Unusable::Unreadable => "он не читается".into(),
        other => other.to_string(),
    }
}

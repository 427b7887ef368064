//! The words for what the service does: steps, states, and why a certificate cannot sign.
//!
//! **Invariant:** no word of a service or of a record is shown as it is; what came after this program is told in the
//! library's own word, or as something that goes on.

use podpis::extern_api::model::OperationStatus;
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
    /// How far Extern is with a signature or a decryption.
    pub(super) fn progress(status: &OperationStatus) in language {
        OperationStatus::Enqueued => "Extern has it in its queue…", "Экстерн поставил операцию в очередь…";
        OperationStatus::InProgress => "Extern is at work…", "Экстерн работает над операцией…";
        OperationStatus::Completed => "Extern is done; its answer comes…", "Экстерн закончил; ждём его ответ…";
        OperationStatus::CanceledByUser => "the signer declined", "подписант отказался";
        OperationStatus::Timeout => "nobody confirmed in time", "вовремя не подтвердили";
        OperationStatus::Crashed => "Extern failed at it", "Экстерн не справился с операцией";
        OperationStatus::UserHasUnconfirmedOperation =>
            "another operation waits on your phone (myDSS): confirm or decline that one first",
            "на телефоне (myDSS) ждёт другая операция: сначала подтвердите или отклоните её";
        OperationStatus::AwaitingForConfirmation => "confirm on your phone (myDSS)", "подтвердите на телефоне (myDSS)";
        OperationStatus::ExceededConfirmationAttemptsCount =>
            "the PIN was wrong too many times",
            "слишком много раз введён неверный PIN";
        _ =>
            "Extern says something that this version does not know; --verbose shows it",
            "Экстерн сообщает то, чего эта версия не знает; что именно, покажет --verbose";
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether it has a word that is not Russian, but the names of things on a phone.
    fn has_latin(text: &str) -> bool {
        let text = text.replace("myDSS", "").replace("PIN", "");
        text.replace("--verbose", "")
            .contains(|c: char| c.is_ascii_alphabetic())
    }

    #[test]
    fn states_and_progress_are_told_in_words() {
        for name in [
            "starting",
            "awaiting_code",
            "confirming",
            "awaiting_signer",
            "processing",
            "done",
            "refused",
        ] {
            let russian = state(name, Language::Russian);
            assert!(!has_latin(&russian), "{russian}");
            assert!(!state(name, Language::English).contains('_'));
        }
        let unknown = OperationStatus::from("SomethingNew");
        for status in OperationStatus::ALL.iter().chain([&unknown]) {
            let russian = progress(status, Language::Russian);
            assert!(!has_latin(&russian), "{russian}");
            let english = progress(status, Language::English);
            assert!(!english.contains(status.as_str()), "{english}");
        }
    }
}

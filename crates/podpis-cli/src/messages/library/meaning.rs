//! What a failure means for the signature, and what to do, in Russian.

use podpis::{Advice, Meaning};

pub(super) fn in_russian(meaning: &Meaning) -> String {
    match meaning {
        Meaning::NotStarted => "Ничего не начато".to_owned(),
        Meaning::Unknown { operation } => format!(
            "Неизвестно, выполнил ли это сервис: посмотрите в нём, прежде чем начинать снова; что отправлено, хранит \
             операция {operation}"
        ),
        Meaning::StillOpen { operation } => {
            format!("Операция {operation} у сервиса ещё открыта: продолжите её")
        }
        Meaning::Gone { operation } => format!(
            "Сервис больше не знает операцию {operation}: посмотрите в нём, чем она кончилась, и начните заново или забудьте \
             её"
        ),
        Meaning::Refused { advice } => format!("Подписи не будет: {}", next(advice)),
        Meaning::NotStored { operation } => format!(
            "Результат операции {operation} пришёл, но в журнале его нет: заберите его, пока программа работает"
        ),
        Meaning::Kept { operation } => {
            format!("Пришедшее хранится в операции {operation}; это не подписи этих файлов")
        }
        Meaning::KeptUntrusted { operation } => format!(
            "Подписи хранятся в операции {operation}, ими никто не пользовался: посмотрите на сертификат, прежде чем \
             пользоваться ими или снова спрашивать человека"
        ),
        _ => "Что это значит для подписи, покажет --verbose".to_owned(),
    }
}

/// What to do next.
fn next(advice: &Advice) -> String {
    match advice {
        Advice::StartAgain => "начните снова".to_owned(),
        Advice::StartAgainAfter(moment) => format!("начните снова, не раньше {moment}"),
        Advice::AskThePerson => "поговорите с подписантом, прежде чем начинать снова".to_owned(),
        Advice::FixTheCertificate => "выберите другой сертификат или обновите этот".to_owned(),
        Advice::FixTheDocuments => "исправьте документы и начните снова".to_owned(),
        Advice::SignFirst => "сначала подпишите документы".to_owned(),
        _ => "выясните причину, прежде чем начинать снова".to_owned(),
    }
}

//! Why an operation will have no result, in Russian.

use podpis::Refusal;

pub(super) fn in_russian(refusal: &Refusal) -> String {
    let words = match refusal {
        Refusal::CancelledBySigner => "подписант отказался",
        Refusal::Expired => "операцию не подтвердили вовремя",
        Refusal::TooManyAttempts => "слишком много неверных кодов",
        Refusal::AnotherOperationOpen { operation, .. } => {
            let words = "не закончена другая операция".to_owned();
            let name = operation.iter().map(|name| format!(", {name}"));
            return words + &name.collect::<String>();
        }
        Refusal::MustStartOver { .. } => "сервис просит начать заново позже",
        Refusal::NothingSigned => {
            "сервис никого не спросил и ничего не подписал: этим сертификатом нельзя подписать удалённо"
        }
        Refusal::DocumentsRefused => "сервис нашёл ошибки в документах",
        Refusal::NotSigned => "есть документы без подписи",
        Refusal::ServiceCrashed => "сервис не справился с операцией",
        _ => "сервис отказал",
    };
    words.to_owned()
}

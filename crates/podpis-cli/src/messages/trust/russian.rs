//! The Russian sentences about trust.
//!
//! **Invariant:** a reason says whose certificate, since when, and not more than is known.

use podpis::trust::{Reason, Whose};

use super::{Reasoned, with};

/// The sentence of a reason.
pub(super) fn sentence(why: &Reasoned) -> String {
    // «Сертификат подписанта» and «сертификата подписанта».
    let (subject, genitive) = (nominative(why.whose), genitive(why.whose));
    let (date, detail) = (why.date.as_deref(), why.detail.as_deref());
    let is_stamp = matches!(why.whose, Whose::Stamp(_));
    let on = |date: Option<&str>| date.map_or(String::new(), |date| format!(" {date}"));
    let of = |date: Option<&str>| date.map_or(String::new(), |date| format!(" от {date}"));
    match why.reason {
        Reason::ContentDiffers => "документ не тот или изменён".into(),
        Reason::ValueWrong => {
            format!(
                "подпись не сходится с ключом {genitive} или с алгоритмами, которые в ней защищены"
            )
        }
        Reason::SigningCertificateDiffers if is_stamp => {
            format!("вместо {genitive} в нём назван другой сертификат или никакой")
        }
        Reason::SigningCertificateDiffers => {
            format!("подпись сделана для другого сертификата вместо {genitive}")
        }
        Reason::Revoked if detail == Some("certificateHold") => {
            format!("действие {genitive} приостановлено{}", on(date))
        }
        Reason::Revoked => with(format!("{subject} отозван{}", on(date)), detail),
        Reason::NotACa => format!("{subject} не даёт права выдавать сертификаты"),
        Reason::PathTooLong => {
            format!("{subject} лишний в пути: вышестоящие столько издателей под собой не разрешают")
        }
        Reason::NameNotPermitted => {
            format!("издатели {genitive} не вправе выдавать сертификаты на это имя")
        }
        Reason::Policy => {
            format!("{subject} не отвечает политикам сертификатов, которых требует путь")
        }
        Reason::UnknownCriticalExtension => with(
            format!(
                "у {genitive} критическое расширение, которое программе неизвестно или не читается"
            ),
            detail,
        ),
        Reason::KeyUsage if is_stamp => format!("{subject} не для штампов времени"),
        Reason::KeyUsage => format!("{subject} не для подписи"),
        Reason::StampDiffers => "штамп поставлен на другую подпись".into(),
        Reason::StampUnreadable => "штамп не читается".into(),
        Reason::NeedsFile => with(
            "нет хэша файла, которым пользовался подписант".into(),
            detail,
        ),
        Reason::NoSignerCertificate => format!("нет {genitive}"),
        Reason::NoChain => format!("нет пути от {genitive} до доверенного корня"),
        Reason::Expired if is_stamp => format!("срок {genitive} истёк{}", on(date)),
        Reason::Expired => format!(
            "срок {genitive} истёк{}; что подпись старше, ничем не доказано",
            on(date)
        ),
        Reason::NotYetValid if is_stamp => with(
            format!("штамп позже нужного момента, или срок {genitive} начался позже"),
            date,
        ),
        Reason::NotYetValid => format!("срок {genitive} начинается только{}", on(date)),
        Reason::NoList => format!("нет списка отзыва от издателя {genitive}"),
        Reason::ListStale => with(
            format!("нет свежего списка отзыва для {genitive}: имеющийся — другого времени"),
            date,
        ),
        Reason::ListNotTrusted => {
            format!(
                "список отзыва{} для {genitive} подписан не тем ключом издателя, которому это разрешено",
                of(date)
            )
        }
        Reason::ListNotUsable => with(
            format!(
                "список отзыва{} не охватывает {genitive} или понятен не весь",
                of(date)
            ),
            detail,
        ),
        Reason::ListAfterExpiry => format!(
            "список отзыва{} составлен после конца срока {genitive}, когда запись из списков могли убрать",
            of(date)
        ),
        Reason::Algorithm => with(
            format!("алгоритм или ключ не поддержан, и без этого {genitive} не проверить"),
            detail,
        ),
        Reason::ChainTooLong => "путь длиннее десяти сертификатов".into(),
        Reason::TooManyPaths => "путей больше, чем программа перебирает".into(),
        Reason::TooManyChecks => "значений подписи больше, чем программа проверяет".into(),
        other => with(format!("{other}, {subject}"), detail),
    }
}

fn nominative(whose: Whose) -> String {
    match whose {
        Whose::Root => "корневой сертификат".into(),
        other => format!("сертификат {}", owner(other)),
    }
}

fn genitive(whose: Whose) -> String {
    match whose {
        Whose::Root => "корневого сертификата".into(),
        other => format!("сертификата {}", owner(other)),
    }
}

fn owner(whose: Whose) -> String {
    match whose {
        Whose::Signer => "подписанта".into(),
        Whose::Issuer(number) => format!("издателя {number}"),
        Whose::Root => "корня".into(),
        Whose::Stamp(number) => format!("штампа времени {number}"),
    }
}

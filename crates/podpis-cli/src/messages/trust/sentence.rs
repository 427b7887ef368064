//! The sentence of each reason.
//!
//! **Invariant:** it says whose certificate, since when, and not more than is known.

use podpis::trust::{Reason, Whose};

use super::{Language, Reasoned};
use crate::messages::words::words;

words! {
    /// The sentence of a reason.
    pub(super) fn sentence(reason: Reason, why: &Reasoned) in language with {
        // «Сертификат подписанта» and «сертификата подписанта».
        let (certificate, subject, genitive) = (english(why.whose), nominative(why.whose), genitive(why.whose));
        let (date, detail) = (why.date.as_deref(), why.detail.as_deref());
        let is_ocsp = detail.is_some_and(|detail| detail.starts_with("OCSP"));
        let is_stamp = matches!(why.whose, Whose::Stamp(_));
        let on = date.map_or(String::new(), |date| format!("{} {date}", language.of([" on", ""])));
        let of = date.map_or(String::new(), |date| format!("{} {date}", language.of([" of", " от"])));
        let dated = date.map_or(String::new(), |date| format!(" ({date})"));
        let more = detail.map_or(String::new(), |detail| format!(" ({detail})"));
    } {
        Reason::ContentDiffers => "the document is another one, or was changed", "документ не тот или изменён";
        Reason::ValueWrong =>
            "the value was not made by the key of {certificate}, or not with the algorithms that are protected in it",
            "подпись не сходится с ключом {genitive} или с алгоритмами, которые в ней защищены";
        Reason::SigningCertificateDiffers if is_stamp =>
            "it was made for another certificate than {certificate}, or names none",
            "вместо {genitive} в нём назван другой сертификат или никакой";
        Reason::SigningCertificateDiffers =>
            "the signature was made for another certificate than {certificate}",
            "подпись сделана для другого сертификата, а не для {genitive}";
        Reason::Revoked if detail == Some("certificateHold") =>
            "{certificate} was put on hold{on}",
            "действие {genitive} приостановлено{on}";
        Reason::Revoked => "{certificate} was revoked{on}{more}", "{subject} отозван{on}{more}";
        Reason::NotACa =>
            "{certificate} does not allow to issue certificates",
            "{subject} не даёт права выдавать сертификаты";
        Reason::PathTooLong =>
            "{certificate} is that of one issuer more than those above it permit",
            "{subject} лишний в пути: вышестоящие столько издателей под собой не разрешают";
        Reason::NameNotPermitted =>
            "the issuers of {certificate} may not issue certificates for that name",
            "издатели {genitive} не вправе выдавать сертификаты на это имя";
        Reason::Policy =>
            "the certificate policies that the path asks for do not hold for {certificate}",
            "{subject} не отвечает политикам сертификатов, которых требует путь";
        Reason::UnknownCriticalExtension =>
            "{certificate} has a critical extension that is not known here or cannot be read{more}",
            "у {genitive} критическое расширение, которое программе неизвестно или не читается{more}";
        Reason::KeyUsage if is_stamp => "{certificate} is not one for time stamps", "{subject} не для штампов времени";
        Reason::KeyUsage => "{certificate} is not one for signing", "{subject} не для подписи";
        Reason::StampDiffers => "it is for another signature", "штамп поставлен на другую подпись";
        Reason::StampUnreadable => "it cannot be read", "штамп не читается";
        Reason::NeedsFile =>
            "the file is not at hand in the digest that the signer used{more}",
            "нет хеша файла, которым пользовался подписант{more}";
        Reason::NoSignerCertificate => "{certificate} is not at hand", "нет {genitive}";
        Reason::NoChain =>
            "no path leads from {certificate} to a root that you trust",
            "нет пути от {genitive} до доверенного корня";
        Reason::Expired if is_stamp => "the validity of {certificate} ended{on}", "срок {genitive} истёк{on}";
        Reason::Expired =>
            "the validity of {certificate} ended{on}, and nothing proves that the signature is older",
            "срок {genitive} истёк{on}; что подпись старше, ничем не доказано";
        Reason::NotYetValid if is_stamp =>
            "it is of later than the moment, or the validity of {certificate} begins later{dated}",
            "штамп позже нужного момента, или срок {genitive} начался позже{dated}";
        Reason::NotYetValid =>
            "the validity of {certificate} begins only{on}",
            "срок {genitive} начинается только{on}";
        Reason::NoList =>
            "no revocation list of the issuer of {certificate} is at hand",
            "нет списка отзыва от издателя {genitive}";
        Reason::ListStale if is_ocsp =>
            "the OCSP answer about {certificate} is of another time{dated}",
            "ответ OCSP для {genitive} — другого времени{dated}";
        Reason::ListStale =>
            "the revocation list at hand for {certificate} is of another time{dated}",
            "нет свежего списка отзыва для {genitive}: имеющийся — другого времени{dated}";
        Reason::ListNotTrusted if is_ocsp =>
            "the OCSP answer{of} about {certificate} is by nobody who may answer for its issuer",
            "ответ OCSP{of} для {genitive} подписан не тем, кто вправе отвечать за издателя";
        Reason::ListNotTrusted =>
            "the revocation list{of} at hand for {certificate} is not by a key of its issuer that may sign lists",
            "список отзыва{of} для {genitive} подписан не тем ключом издателя, которому это разрешено";
        Reason::ListNotUsable if is_ocsp =>
            "the OCSP answer{of} says nothing of {certificate}, or is not understood whole{more}",
            "ответ OCSP{of} ничего не говорит для {genitive} или понятен не весь{more}";
        Reason::ListNotUsable =>
            "the revocation list{of} at hand leaves out {certificate}, or is not understood whole{more}",
            "список отзыва{of} не охватывает {genitive} или понятен не весь{more}";
        Reason::ListAfterExpiry if is_ocsp =>
            "the OCSP answer{of} is from after the end of {certificate}, when responders may have forgotten it",
            "ответ OCSP{of} дан после конца срока {genitive}, когда о нём могли уже не помнить";
        Reason::ListAfterExpiry =>
            "the revocation list{of} at hand is from after the end of {certificate}, when it may be dropped from lists",
            "список отзыва{of} составлен после конца срока {genitive}, когда запись из списков могли убрать";
        Reason::Algorithm =>
            "a value cannot be verified that {certificate} rests on, or that rests on it{more}",
            "алгоритм или ключ не поддержан, и без этого {genitive} не проверить{more}";
        Reason::ChainTooLong => "the path goes on beyond ten certificates", "путь длиннее десяти сертификатов";
        Reason::TooManyPaths => "there are more paths than are tried", "путей больше, чем программа перебирает";
        Reason::TooManyChecks =>
            "there are more values than are verified",
            "значений подписи больше, чем программа проверяет";
        other => "{other}, of {certificate}{more}", "{other}, {subject}{more}";
    }
}

fn english(whose: Whose) -> String {
    match whose {
        Whose::Signer => "the certificate of the signer".into(),
        Whose::Issuer(number) => format!("the certificate of issuer {number}"),
        Whose::Root => "the certificate of the root".into(),
        Whose::Stamp(number) => format!("the certificate of time stamp {number}"),
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

//! The Russian words about trust.
//!
//! **Invariant:** one line per message; a reason says whose certificate, since when, and not more than is known.

use podpis::trust::{File, Note, Reason, Whose};

use super::{Judged, Kind, MomentFrom, Reasoned, TrustMessage, Verdict, Wanted, about, with};

pub(super) fn text(message: &TrustMessage) -> String {
    match message {
        TrustMessage::NeedsTrust(argument) => {
            format!(
                "{argument} ничего не значит без --trust, где названы корни, которым вы доверяете"
            )
        }
        TrustMessage::NotAMoment(text) => format!(
            "--at {text} — не момент времени: его пишут как 2024-06-15T12:00:00Z, 2024-06-15T15:00:00+03:00 или \
             2024-06-15, то есть начало этого дня по UTC"
        ),
        TrustMessage::NeitherFileNorFolder(path) => format!("{path} — не файл и не папка"),
        TrustMessage::FolderUnreadable(path) => format!("папка {path} не читается"),
        TrustMessage::TooLarge { path, limit } => format!("{path} больше {limit} байт"),
        TrustMessage::NotOfKind { path, kind } => match kind {
            Kind::Certificates => format!("в {path} нет сертификатов в PEM, DER или Base64"),
            Kind::Lists => format!("в {path} нет списков отзыва в PEM, DER или Base64"),
        },
        TrustMessage::Damaged { path, kind } => match kind {
            Kind::Certificates => format!("сертификат в {path} не читается"),
            Kind::Lists => format!("список отзыва в {path} не читается"),
        },
        TrustMessage::NoneInFolder { path, kind } => match kind {
            Kind::Certificates => format!("в папке {path} нет ни одного сертификата"),
            Kind::Lists => format!("в папке {path} нет ни одного списка отзыва"),
        },
        TrustMessage::Skipped { path, kind } => match kind {
            Kind::Certificates => format!("{path} — не сертификат, пропущен"),
            Kind::Lists => format!("{path} — не список отзыва, пропущен"),
        },
        TrustMessage::OneOfSeveral {
            number,
            count,
            verdict,
        } => format!("  подписант {number} из {count}: {}", answer(verdict)),
        TrustMessage::JudgedAt(judged) => format!("  на какой момент: {}", moment(judged)),
        TrustMessage::Path { whose, certificate } => match whose {
            Whose::Signer => format!("  путь, подписант: {certificate}"),
            Whose::Issuer(number) => format!("  путь, издатель {number}: {certificate}"),
            Whose::Root => format!("  путь, корень, которому вы доверяете: {certificate}"),
            Whose::Stamp(number) => format!("  путь, штамп времени {number}: {certificate}"),
        },
        TrustMessage::NotInList {
            certificate,
            date,
            next,
        } => match next {
            Some(next) => {
                format!(
                    "  до этого момента в списке отзыва от {date} (следующий — до {next}) его нет: {certificate}"
                )
            }
            None => {
                format!("  до этого момента в списке отзыва от {date} его нет: {certificate}")
            }
        },
        TrustMessage::Note(note) => format!("  к сведению: {}", noted(*note)),
        TrustMessage::Stamp {
            number,
            time,
            certificate,
            verdict,
        } => {
            let time = time
                .as_deref()
                .map_or(String::new(), |time| format!("{time}, "));
            let text = match verdict {
                Verdict::Trusted => about(format!("{time}можно доверять"), certificate.as_deref()),
                other => format!("{time}{}; он не учтён", answer(other)),
            };
            format!("  штамп времени {number}: {text}")
        }
        TrustMessage::Needed(wanted) => format!("  нужно: {}", needed(wanted)),
        TrustMessage::Verdict {
            file,
            judged,
            verdict,
        } => match verdict {
            Verdict::Trusted => format!(
                "{file}: подписи можно доверять на момент {}",
                moment(judged)
            ),
            other => format!("{file}: {}", answer(other)),
        },
    }
}

fn answer(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Trusted => "можно доверять".into(),
        Verdict::Refused(why) => format!("отвергнуто: {}", reasoned(why)),
        Verdict::NotProven(why) => format!("не доказано: {}", reasoned(why)),
    }
}

fn moment(judged: &Judged) -> String {
    let at = &judged.at;
    match &judged.from {
        MomentFrom::Now => format!("{at}, то есть сейчас"),
        MomentFrom::Asked => format!("{at}, как вы просили"),
        MomentFrom::Stamp {
            number,
            certificate: Some(certificate),
        } => format!("{at}, по штампу времени {number}, который поставил {certificate}"),
        MomentFrom::Stamp { number, .. } => format!("{at}, по штампу времени {number}"),
    }
}

fn reasoned(why: &Reasoned) -> String {
    about(sentence(why), why.certificate.as_deref())
}

fn sentence(why: &Reasoned) -> String {
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

fn noted(note: Note) -> String {
    match note {
        Note::SigningCertificateNotNamed => {
            "среди подписанного нет указания на сертификат: это простая CMS, не CAdES".into()
        }
        Note::SignaturePolicyNotChecked => {
            "в подписи указана политика подписи, её не проверяли".into()
        }
        Note::ArchiveNotChecked => "в подписи есть части архивных форматов, их не проверяли".into(),
        other => other.name().into(),
    }
}

fn needed(wanted: &Wanted) -> String {
    let (what, argument) = match wanted.what {
        File::SignerCertificate => ("сертификат самого подписанта", "--intermediate"),
        File::IssuerCertificate => (
            "сертификат издателя",
            "--intermediate или --trust, если это корень, которому вы доверяете",
        ),
        File::RevocationList => ("список отзыва на нужный момент, от издателя", "--crl"),
        _ => ("файл издателя", "--intermediate, --crl"),
    };
    let mut parts = Vec::new();
    if !wanted.issuer.is_empty() {
        let is_own = wanted.what == File::SignerCertificate;
        let lead = if is_own { "выдал " } else { "" };
        parts.push(format!("{lead}{}", wanted.issuer));
    }
    if let Some(serial) = &wanted.serial {
        parts.push(format!("серийный номер {serial}"));
    }
    if let Some(key_id) = &wanted.key_id {
        parts.push(format!("идентификатор ключа {key_id}"));
    }
    let mut text = format!("{what} ({argument})");
    if !parts.is_empty() {
        text = format!("{text}: {}", parts.join(", "));
    }
    if !wanted.addresses.is_empty() {
        let addresses = wanted.addresses.join(" ");
        text = format!("{text}; где взять, по словам сертификата: {addresses}");
    }
    text
}

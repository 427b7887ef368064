//! What is said about Diadoc, in both languages.
//!
//! **Invariant:** as of all messages: a variant without a translation does not compile.

use podpis::diadoc::certificates::{CertificateType, SigningMethod, Unusable};
use podpis::diadoc::dss_sign::{DssConfirmType, DssOperator, DssProgress};

use super::{Language, one_unit};

/// Something to say about Diadoc.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DiadocMessage {
    // Which box.
    UsingBox {
        in_box: String,
        organization: String,
    },
    /// So many organizations the user has.
    MissingBox {
        organizations: usize,
    },

    // What happens while the signer is asked.
    SignerAsked,
    /// Who confirms, and where.
    ConfirmAt(DssProgress),
    /// The service asks to start over.
    WillStartOver {
        seconds: u64,
        attempt: u32,
        of: u32,
    },
    StartOverLater {
        id: String,
        moment: String,
        command: String,
    },
    TooEarly {
        id: String,
        moment: String,
    },

    // Receipts.
    ReceiptsBegun,
    ReceiptsSoFar {
        signed: u64,
        batches: u32,
    },
    ReceiptsSigned {
        signed: u64,
        batches: u32,
    },
    ReceiptsRepeatedKey,
    ReceiptsTooMany {
        batches: u32,
    },

    // Documents of messages.
    TestTakesNoCertificate,
    AttachBegun,
    /// The signatures are there.
    Attaching,
    Attached {
        file: String,
        entity: String,
    },
    /// The name of the document.
    Rejected(String),
    NotInMessage,
    NotAttached {
        file: String,
        place: String,
    },
    /// The message.
    Posted(String),
    AttachUnknown {
        id: String,
        command: String,
    },
    Prepared {
        file: String,
        place: String,
    },
    /// The name of the document.
    NotPrepared(String),

    // How certificates are listed.
    CanSign(SigningMethod),
    CannotSign(SigningMethod, Unusable),
    NoThumbprint,
}

impl DiadocMessage {
    pub(super) fn text(&self, language: Language) -> String {
        match language {
            Language::English => english(self),
            Language::Russian => russian(self),
        }
    }
}

fn english(message: &DiadocMessage) -> String {
    match message {
        DiadocMessage::UsingBox {
            in_box,
            organization,
        } => format!("using the box {in_box} of {organization}, the only one there is"),
        DiadocMessage::MissingBox { organizations } => format!(
            "no box: use --box or set DIADOC_BOX; the user has {organizations} organizations, and podpis diadoc \
             organizations lists their boxes"
        ),
        DiadocMessage::SignerAsked => {
            "Diadoc has the files and asks the signer to confirm on the phone…".into()
        }
        DiadocMessage::ConfirmAt(progress) => format!("the signature is {progress}"),
        DiadocMessage::WillStartOver {
            seconds,
            attempt,
            of,
        } => format!(
            "Diadoc asks to start over later: the files are sent again in {} ({attempt} of {of}), and the signer is \
             asked again; Ctrl-C stops that",
            length(*seconds, ["s", "min", "h", "d"])
        ),
        DiadocMessage::StartOverLater {
            id,
            moment,
            command,
        } => format!(
            "operation {id} has to be started over, not before {moment}, which costs another confirmation by the signer, \
             with: {command}"
        ),
        DiadocMessage::TooEarly { id, moment } => {
            format!("Diadoc wants operation {id} started over not before {moment}")
        }
        DiadocMessage::ReceiptsBegun => "Diadoc signs the receipts…".into(),
        DiadocMessage::ReceiptsSoFar { signed, batches } => {
            format!("receipts signed so far: {signed}, in batches: {batches}")
        }
        DiadocMessage::ReceiptsSigned { signed, batches } => {
            format!("receipts signed and sent: {signed}, in batches: {batches}")
        }
        DiadocMessage::ReceiptsRepeatedKey => {
            "Diadoc named a batch that was signed already, which is taken for the end; run it again to see whether \
             receipts still wait"
                .into()
        }
        DiadocMessage::ReceiptsTooMany { batches } => {
            format!("there may be more receipts: {batches} batches are the most at once; run it again")
        }
        DiadocMessage::TestTakesNoCertificate => {
            "--cert has no meaning with --method test: nobody signs".into()
        }
        DiadocMessage::AttachBegun => {
            "Diadoc has what is to be signed; whoever signs is asked to confirm…".into()
        }
        DiadocMessage::Attaching => "signed; attaching…".into(),
        DiadocMessage::Attached { file, entity } => {
            format!("{file}: the signature {entity} is attached")
        }
        DiadocMessage::Rejected(file) => {
            format!("{file}: Diadoc says that the signature is not valid")
        }
        DiadocMessage::NotInMessage => "its signature is not in the message".into(),
        DiadocMessage::NotAttached { file, place } => {
            format!("{file}: signed and not attached; the signature is in {place}")
        }
        DiadocMessage::Posted(message) => format!("posted: message {message}"),
        DiadocMessage::AttachUnknown { id, command } => format!(
            "what operation {id} was asked for was not noted: run podpis diadoc attach again, and forget this operation \
             with: {command}"
        ),
        DiadocMessage::Prepared { file, place } => format!("{file}: prepared, {place}"),
        DiadocMessage::NotPrepared(file) => {
            format!("{file}: documents of this type are not prepared; sign it as it is stored")
        }
        DiadocMessage::CanSign(method) => format!("  can sign with --method {}", name(*method)),
        DiadocMessage::CannotSign(method, why) => {
            format!("  cannot sign with --method {}: {why}", name(*method))
        }
        DiadocMessage::NoThumbprint => "(no thumbprint)".into(),
    }
}

fn russian(message: &DiadocMessage) -> String {
    match message {
        DiadocMessage::UsingBox {
            in_box,
            organization,
        } => format!("ящик {in_box} организации {organization}: других нет"),
        DiadocMessage::MissingBox { organizations } => format!(
            "нет ящика: задайте --box или DIADOC_BOX; организаций у пользователя: {organizations}, их ящики покажет \
             podpis diadoc organizations"
        ),
        DiadocMessage::SignerAsked => {
            "файлы в Диадоке, он просит подписанта подтвердить на телефоне…".into()
        }
        DiadocMessage::ConfirmAt(progress) => place(progress),
        DiadocMessage::WillStartOver {
            seconds,
            attempt,
            of,
        } => format!(
            "Диадок просит начать заново позже: файлы отправятся ещё раз через {} ({attempt} из {of}), и подписанта \
             спросят снова; Ctrl-C это отменит",
            length(*seconds, ["с", "мин", "ч", "дн"])
        ),
        DiadocMessage::StartOverLater {
            id,
            moment,
            command,
        } => format!(
            "операцию {id} надо начать заново, не раньше {moment}, это ещё одно подтверждение подписанта: {command}"
        ),
        DiadocMessage::TooEarly { id, moment } => {
            format!("Диадок просит начать операцию {id} заново не раньше {moment}")
        }
        DiadocMessage::ReceiptsBegun => "Диадок подписывает извещения…".into(),
        DiadocMessage::ReceiptsSoFar { signed, batches } => {
            format!("пока подписано извещений: {signed}, пачек: {batches}")
        }
        DiadocMessage::ReceiptsSigned { signed, batches } => {
            format!("подписано и отправлено извещений: {signed}, пачек: {batches}")
        }
        DiadocMessage::ReceiptsRepeatedKey => {
            "Диадок назвал пачку, которая уже подписана, и это принято за конец; запустите ещё раз, чтобы узнать, не \
             ждут ли ещё извещения"
                .into()
        }
        DiadocMessage::ReceiptsTooMany { batches } => {
            format!("извещения могли остаться: {batches} пачек — предел за один раз; запустите ещё раз")
        }
        DiadocMessage::TestTakesNoCertificate => {
            "с --method test сертификат (--cert) ни к чему: никто не подписывает".into()
        }
        DiadocMessage::AttachBegun => {
            "у Диадока есть то, что подписать; подписанта просят подтвердить…".into()
        }
        DiadocMessage::Attaching => "подписано; подпись прикладывается…".into(),
        DiadocMessage::Attached { file, entity } => {
            format!("{file}: подпись {entity} приложена")
        }
        DiadocMessage::Rejected(file) => {
            format!("{file}: Диадок считает подпись неверной")
        }
        DiadocMessage::NotInMessage => "его подписи нет в сообщении".into(),
        DiadocMessage::NotAttached { file, place } => {
            format!("{file}: подписан, но подпись не приложена; она в {place}")
        }
        DiadocMessage::Posted(message) => format!("отправлено: сообщение {message}"),
        DiadocMessage::AttachUnknown { id, command } => format!(
            "не записано, о чём была операция {id}: запустите podpis diadoc attach снова, а эту операцию забудьте: \
             {command}"
        ),
        DiadocMessage::Prepared { file, place } => format!("{file}: подготовлен, {place}"),
        DiadocMessage::NotPrepared(file) => {
            format!("{file}: документы этого типа не готовят; подпишите его таким, как он хранится")
        }
        DiadocMessage::CanSign(method) => format!("  может подписать: --method {}", name(*method)),
        DiadocMessage::CannotSign(method, why) => {
            let why = match why {
                Unusable::WrongType {
                    certificate_type, ..
                } => match *certificate_type {
                    CertificateType::TOKEN => "ключ на носителе".to_owned(),
                    CertificateType::DSS => "это сертификат DSS".to_owned(),
                    CertificateType::KONTUR_CERTIFICATE => "это Контур.Сертификат".to_owned(),
                    CertificateType::GOSKEY => "это сертификат Госключа".to_owned(),
                    other => format!("тип {} этой версии неизвестен", other.number()),
                },
                Unusable::NotYetValid { .. } => "ещё не действует".to_owned(),
                Unusable::Expired { .. } => "уже не действует".to_owned(),
                Unusable::KeyNotYetValid { .. } => "срок ключа ещё не начался".to_owned(),
                Unusable::KeyExpired { .. } => "срок ключа кончился".to_owned(),
                Unusable::NoThumbprint => "сервис не назвал его отпечаток".to_owned(),
                other => other.to_string(),
            };
            format!("  не может подписать, --method {}: {why}", name(*method))
        }
        DiadocMessage::NoThumbprint => "(нет отпечатка)".into(),
    }
}

/// The method as `--method` takes it.
fn name(method: SigningMethod) -> String {
    match method {
        SigningMethod::DssSign => "dss".to_owned(),
        SigningMethod::CloudSign => "cloud".to_owned(),
        other => other.to_string(),
    }
}

fn length(seconds: u64, units: [&str; 4]) -> String {
    let (number, unit) = one_unit(seconds);
    format!("{number} {}", units[unit])
}

fn place(progress: &DssProgress) -> String {
    let place = match progress.confirm_type {
        Some(DssConfirmType::SMS) => "по SMS",
        Some(DssConfirmType::MY_DSS) => "в приложении myDSS",
        Some(DssConfirmType::APPLET) => "апплетом на SIM-карте",
        Some(DssConfirmType::MOBILE_SDK) => "в приложении Контур.Подпись",
        Some(DssConfirmType::GOS_KEY) => "в приложении Госключ",
        _ => "на телефоне владельца",
    };
    let phone = progress.phone_last_numbers.as_ref();
    let phone = phone.map(|digits| format!(", телефон …{digits}"));
    let operator = match progress.operator {
        Some(DssOperator::MEGAFON) => " (Мегафон)",
        Some(DssOperator::KONTUR) => " (Контур)",
        _ => "",
    };
    format!(
        "подпись подтверждают {place}{}{operator}",
        phone.unwrap_or_default()
    )
}

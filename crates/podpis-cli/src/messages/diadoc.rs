//! What is said about Diadoc.
//!
//! **Invariant:** a method has the name that `--method` takes.

use podpis::diadoc::certificates::{SigningMethod, Unusable};
use podpis::diadoc::dss_sign::{DssConfirmType, DssOperator, DssProgress};

use super::Language;
use super::service::unusable;
use super::words::messages;

messages! {
    /// Something to say about Diadoc.
    #[derive(Clone, Debug, PartialEq, Eq)]
    DiadocMessage in language {
        // Which box.
        UsingBox { in_box: String, organization: String } =>
            "using the box {in_box} of {organization}, the only one there is",
            "ящик {in_box} организации {organization}: других нет";
        /// So many organizations the user has.
        MissingBox { organizations: usize } =>
            "no box: use --box or set DIADOC_BOX; the user has {organizations} organizations, and podpis diadoc \
             organizations lists their boxes",
            "нет ящика: задайте --box или DIADOC_BOX; организаций у пользователя: {organizations}, их ящики покажет \
             podpis diadoc organizations";

        // What happens while the signer is asked.
        SignerAsked =>
            "Diadoc has the files and asks the signer to confirm on the phone…",
            "файлы в Диадоке, он просит подписанта подтвердить на телефоне…";
        /// Who confirms, and where.
        ConfirmAt(progress: DssProgress) => "the signature is {progress}", { place(progress) };
        /// The service asks to start over.
        WillStartOver { seconds: u64, attempt: u32, of: u32 }
            let length = language.length(*seconds) =>
            "Diadoc asks to start over later: the files are sent again in {length} ({attempt} of {of}), and the signer \
             is asked again; Ctrl-C stops that",
            "Диадок просит начать заново позже: файлы отправятся ещё раз через {length} ({attempt} из {of}), и \
             подписанта спросят снова; Ctrl-C это отменит";
        StartOverLater { id: String, moment: String, command: String } =>
            "operation {id} has to be started over, not before {moment}, which costs another confirmation by the \
             signer, with: {command}",
            "операцию {id} надо начать заново, не раньше {moment}, это ещё одно подтверждение подписанта: {command}";
        TooEarly { id: String, moment: String } =>
            "Diadoc wants operation {id} started over not before {moment}",
            "Диадок просит начать операцию {id} заново не раньше {moment}";

        // Receipts.
        ReceiptsBegun => "Diadoc signs the receipts…", "Диадок подписывает извещения…";
        ReceiptsSoFar { signed: u64, batches: u32 } =>
            "receipts signed so far: {signed}, in batches: {batches}",
            "пока подписано извещений: {signed}, пачек: {batches}";
        ReceiptsSigned { signed: u64, batches: u32 } =>
            "receipts signed and sent: {signed}, in batches: {batches}",
            "подписано и отправлено извещений: {signed}, пачек: {batches}";
        ReceiptsRepeatedKey =>
            "Diadoc named a batch that was signed already, which is taken for the end; run it again to see whether \
             receipts still wait",
            "Диадок назвал пачку, которая уже подписана, и это принято за конец; запустите ещё раз, чтобы узнать, не \
             ждут ли ещё извещения";
        ReceiptsTooMany { batches: u32 } =>
            "there may be more receipts: {batches} batches are the most at once; run it again",
            "извещения могли остаться: {batches} пачек — предел за один раз; запустите ещё раз";

        // Documents of messages.
        TestTakesNoCertificate =>
            "--cert has no meaning with --method test: nobody signs",
            "с --method test сертификат (--cert) ни к чему: никто не подписывает";
        AttachBegun =>
            "Diadoc has what is to be signed; whoever signs is asked to confirm…",
            "у Диадока есть то, что подписать; подписанта просят подтвердить…";
        /// The signatures are there.
        Attaching => "signed; attaching…", "подписано; подпись прикладывается…";
        Attached { file: String, entity: String } =>
            "{file}: the signature {entity} is attached",
            "{file}: подпись {entity} приложена";
        /// The name of the document.
        Rejected(file: String) =>
            "{file}: Diadoc says that the signature is not valid",
            "{file}: Диадок считает подпись неверной";
        NotInMessage => "its signature is not in the message", "его подписи нет в сообщении";
        NotAttached { file: String, place: String } =>
            "{file}: signed and not attached; the signature is in {place}",
            "{file}: подписан, но подпись не приложена; она в {place}";
        /// The message.
        Posted(message: String) => "posted: message {message}", "отправлено: сообщение {message}";
        AttachUnknown { id: String, command: String } =>
            "what operation {id} was asked for was not noted: run podpis diadoc attach again, and forget this \
             operation with: {command}",
            "не записано, о чём была операция {id}: запустите podpis diadoc attach снова, а эту операцию забудьте: \
             {command}";
        Prepared { file: String, place: String } => "{file}: prepared, {place}", "{file}: подготовлен, {place}";
        /// The name of the document.
        NotPrepared(file: String) =>
            "{file}: documents of this type are not prepared; sign it as it is stored",
            "{file}: документы этого типа не готовят; подпишите его таким, как он хранится";

        // How certificates are listed.
        CanSign(method: SigningMethod)
            let method = name(*method) => "  can sign with --method {method}", "  может подписать: --method {method}";
        CannotSign(method: SigningMethod, why: Unusable)
            let (method, why) = (name(*method), unusable(why, language)) =>
            "  cannot sign with --method {method}: {why}",
            "  не может подписать, --method {method}: {why}";
        NoThumbprint => "(no thumbprint)", "(нет отпечатка)";
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

/// In Russian, who confirms, and where.
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

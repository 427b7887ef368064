//! What is said about Diadoc.
//!
//! **Invariant:** a method has the name that `--method` takes.

use podpis::diadoc::certificates::{SigningMethod, Unusable};
use podpis::diadoc::dss_sign::{DssConfirmType, DssOperator, DssProgress};
use podpis::diadoc_proto::DocumentDirection;

use super::counted::{BATCHES, DOCUMENTS, IN_MESSAGES, OPERATIONS, ORGANIZATIONS, RECEIPTS};
use super::service::unusable;
use super::words::{messages, words};
use super::{Language, library};
use crate::waiting::Need;

messages! {
    /// Something to say about Diadoc.
    #[derive(Clone, Debug, PartialEq, Eq)]
    DiadocMessage in language {
        // Which box.
        UsingBox { in_box: String, organization: String } =>
            "using the box {in_box} of {organization}, the only one there is",
            "ящик {in_box} организации {organization}: других нет";
        /// So many organizations the user has.
        MissingBox { organizations: usize } let organizations = language.counted(*organizations, ORGANIZATIONS) =>
            "no box: use --box or set DIADOC_BOX; the user has {organizations}, and podpis diadoc organizations lists \
             their boxes",
            "не указан ящик: задайте --box или DIADOC_BOX; у пользователя {organizations}, ящики покажет podpis diadoc \
             organizations";

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
        ReceiptsSoFar { signed: u64, batches: u32 }
            let (signed, batches) = (language.counted(*signed, RECEIPTS), language.counted(*batches, BATCHES)) =>
            "signed so far: {signed}, {batches}",
            "пока подписано: {signed}, {batches}";
        ReceiptsSigned { signed: u64, batches: u32 }
            let (signed, batches) = (language.counted(*signed, RECEIPTS), language.counted(*batches, BATCHES)) =>
            "signed and sent: {signed}, {batches}",
            "подписано и отправлено: {signed}, {batches}";
        ReceiptsRepeatedKey =>
            "Diadoc named a batch that was signed already, which is taken for the end; run it again to see whether \
             receipts still wait",
            "Диадок назвал пачку, которая уже подписана, и это принято за конец; запустите ещё раз, чтобы узнать, не \
             ждут ли ещё извещения";
        ReceiptsTooMany { batches: u32 } let batches = language.counted(*batches, BATCHES) =>
            "there may be more receipts: {batches} are the most at once; run it again",
            "извещения могли остаться: {batches} — предел за один раз; запустите ещё раз";

        // Documents of messages.
        TestTakesNoCertificate =>
            "--cert has no meaning with --method test: nobody signs",
            "с --method test сертификат (--cert) не имеет смысла: никто не подписывает";
        AttachBegun =>
            "Diadoc has what is to be signed; whoever signs is asked to confirm…",
            "Диадок получил то, что нужно подписать; подписанта просят подтвердить…";
        /// The signatures are there.
        Attaching => "signed; attaching…", "подписано; подпись прикладывается…";
        AttachingOf { message: usize, of: usize } =>
            "signed; attaching, message {message} of {of}…",
            "подписано; подписи прикладываются, сообщение {message} из {of}…";
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

        // What waits.
        Needs(need: Need) => { needs(need, language) };
        /// Which way a document goes.
        Way(direction: DocumentDirection) => { way(*direction, language) };
        /// The number of a document.
        Number(number: String) => "number {number}", "№ {number}";
        /// The date of a document, as it has it.
        Date(date: String) => "of {date}", "от {date}";
        /// The box of the other side.
        Counterparty(box_id: String) => "counterparty {box_id}", "контрагент {box_id}";
        DraftsNotShown =>
            "drafts were not looked at: Diadoc shows them only to users who may see every document of the box",
            "черновики не просмотрены: Диадок показывает их только тем, кому в ящике видны все документы";
        /// Where a document is now.
        Saved(place: String) => "saved: {place}", "сохранён: {place}";
        /// What is about to be signed.
        WillSign { documents: usize, messages: usize }
            let (documents, messages) = (language.counted(*documents, DOCUMENTS), language.counted(*messages, IN_MESSAGES)) =>
            "to be signed: {documents} in {messages}, with one confirmation for all that go together",
            "на подпись: {documents} в {messages}; одно подтверждение на все, что идут вместе";
        /// What waits and needs something else.
        NotSigned { documents: usize } let documents = language.counted(*documents, DOCUMENTS) =>
            "waiting for something else than a signature: {documents}",
            "ждут не только подписи: {documents}";
        OnlyWithWaiting =>
            "--type, --counterparty and --since choose among what waits: use them with --waiting",
            "--type, --counterparty и --since выбирают из того, что ждёт: используйте их с --waiting";
        NothingToSign =>
            "no document waits that needs nothing but a signature",
            "документов, которым нужна только подпись, нет";
        OnlyShown => "nothing was sent: --dry-run only shows", "ничего не отправлено: --dry-run только показывает";
        AskSign { documents: usize } let documents = language.counted(*documents, DOCUMENTS) =>
            "Sign {documents}?",
            "Подписать {documents}?";
        NotWanted => "not signed: the answer was no", "не подписано: ответ — нет";
        NobodyToAsk { documents: usize } let counted = language.counted(*documents, DOCUMENTS) =>
            "nobody can be asked whether to sign {counted}: say so by --confirm-count {documents}",
            "некого спросить, подписать ли {counted}: подтвердите через --confirm-count {documents}";
        OtherCount { expected: usize, documents: usize } let documents = language.counted(*documents, DOCUMENTS) =>
            "{documents} would be signed, and --confirm-count says {expected}: nothing was sent",
            "на подпись: {documents}, а в --confirm-count — {expected}: ничего не отправлено";
        /// The box or the account.
        AtItAlready { place: String } =>
            "another podpis with the same journal is at work on what waits in {place}: nothing was sent; run this again \
             when it has ended",
            "с тем, что ждёт в {place}, уже работает другой podpis с тем же журналом: ничего не отправлено; запустите \
             снова, когда он закончит";
        GoingOnFirst { operations: usize } let operations = language.counted(*operations, OPERATIONS) =>
            "first goes on what is open: {operations}",
            "сначала продолжается то, что не закончено: {operations}";

        // What docflows of Extern ask for.
        Asks { document: String, reply_type: String } =>
            "  document {document} asks for {reply_type}",
            "  документ {document} ждёт ответа {reply_type}";
        WillAnswer { documents: usize } let documents = language.counted(*documents, DOCUMENTS) =>
            "to be answered: {documents}; each reply is confirmed by itself where the service asks for that",
            "ждут ответа: {documents}; каждый ответ подтверждается отдельно, если этого просит сервис";
        AnsweredByOperation { document: String, id: String } =>
            "document {document}: operation {id} answers it and is still open: see podpis ops show {id}",
            "документ {document}: на него отвечает незаконченная операция {id}: podpis ops show {id}";
        ContentNeeded { document: String } =>
            "document {document} is answered by a package, which needs --content",
            "на документ {document} отвечают пакетом, для которого нужен --content";

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

words! {
    /// What a document needs.
    fn needs(need: &Need) in language {
        Need::Signature => "needs nothing but a signature", "нужна только подпись";
        Need::SignatureOfDraft =>
            "a draft that needs nothing but a signature, and is sent to its recipient with it",
            "черновик, которому нужна только подпись; с ней он уйдёт получателю";
        Need::Title =>
            "needs a title of the recipient, an XML of its own: this program does not make one",
            "нужен титул получателя, отдельный XML: эта программа его не составляет";
        Need::RevocationAnswer =>
            "the other side wants it revoked, and waits for an answer",
            "контрагент предлагает аннулировать и ждёт ответа";
        Need::Colleague =>
            "somebody else was asked to sign or to approve it",
            "на подпись или согласование передан другому";
        Need::Resolution =>
            "a decision within the organization is asked for, and no signature for the other side",
            "нужно решение внутри организации, а не подпись для контрагента";
        Need::Decryption =>
            "its content is encrypted: what would be signed cannot be shown",
            "содержимое зашифровано: то, что подписывается, не показать";
        Need::PowerOfAttorney =>
            "its signature needs a power of attorney: use --power-of-attorney",
            "для подписи нужна доверенность: --power-of-attorney";
        Need::OtherMethod(why) =>
            "needs another --method: {why}",
            { format!("нужен другой способ (--method): {}", library::words(why)) };
        Need::Right => "the user may not sign in this box", "у пользователя нет права подписи в этом ящике";
        Need::Packet =>
            "its packet is signed as a whole, and not all of it is here",
            "пакет подписывают целиком, а здесь он не весь";
        Need::Operation(id) =>
            "operation {id} is about it and is still open: see podpis ops show {id}",
            "с ним связана незаконченная операция {id}: podpis ops show {id}";
        Need::Rule(why) =>
            "cannot be signed: {why}",
            { format!("подписать нельзя: {}", library::words(why)) };
        Need::Other =>
            "needs something that this program does not know",
            "нужно что-то, чего эта программа не знает";
    }
}

words! {
    /// Which way a document goes.
    fn way(direction: DocumentDirection) in language {
        DocumentDirection::INBOUND => "incoming", "входящий";
        DocumentDirection::OUTBOUND => "outgoing", "исходящий";
        DocumentDirection::INTERNAL => "internal", "внутренний";
        other => { other.number().to_string() };
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

//! Of certificates, powers of attorney and documents.

/// English and Russian.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "no certificate can be used by {}: {}",
        "ни один сертификат не годится для {0}: {1}",
    ),
    (
        "its key is on a carrier, not at the service",
        "ключ на носителе, а не на сервисе",
    ),
    (
        "its key is on a carrier, and {} does not sign with those{}",
        "ключ на носителе, а {0} так не подписывает{1}",
    ),
    (
        "it is a DSS certificate, and {} does not sign with those{}",
        "это сертификат DSS, а {0} такими не подписывает{1}",
    ),
    (
        "it is a Kontur.Certificate, and {} does not sign with those{}",
        "это Контур.Сертификат, а {0} такими не подписывает{1}",
    ),
    (
        "it is one of the GosKey app, and {} does not sign with those{}",
        "это сертификат Госключа, а {0} такими не подписывает{1}",
    ),
    (
        "its type {} is not known to this version, and {} does not sign with those{}",
        "тип {0} этой версии неизвестен, и {1} такими не подписывает{2}",
    ),
    ("it is not valid yet", "ещё не действует"),
    ("it is no longer valid", "уже не действует"),
    ("its key may not sign yet", "срок ключа ещё не начался"),
    ("its key may no longer sign", "срок ключа кончился"),
    (
        "the service says that it is not valid",
        "по словам сервиса, он недействителен",
    ),
    ("it is not qualified", "он не квалифицированный"),
    ("it belongs to {}", "его владелец — {0}"),
    (
        "it was not issued by Kontur's CA but by {}",
        "его выдал не УЦ Контура, а {0}",
    ),
    ("it cannot be read", "он не читается"),
    (
        "the service gives no thumbprint for it",
        "сервис не назвал его отпечаток",
    ),
    (
        "the user has no certificates in this box",
        "у пользователя нет сертификатов в этом ящике",
    ),
    (
        "the certificate to decrypt with cannot be read: {}",
        "сертификат для расшифровки не читается: {0}",
    ),
    (
        "the certificate to answer with cannot be read: {}",
        "сертификат для ответа не читается: {0}",
    ),
    (
        "the certificate of the sender cannot be read: {}",
        "сертификат отправителя не читается: {0}",
    ),
    (
        "the sender has no certificate: give the one that signs",
        "у отправителя нет сертификата: укажите тот, которым подписывать",
    ),
    (
        "the signer's thumbprint cannot be read: {}",
        "отпечаток подписанта не читается: {0}",
    ),
    (
        "the signer has no certificate, no thumbprint and no details",
        "у подписанта нет ни сертификата, ни отпечатка, ни данных",
    ),
    (
        "the certificate is a physical person's, and there is no power of attorney",
        "сертификат физического лица, а доверенности нет",
    ),
    (
        "the service says that a signature of {} needs one",
        "сервис говорит, что подписи {0} она нужна",
    ),
    ("{} is to be signed twice", "{0} указан на подпись дважды"),
    (
        "{} is a draft: its documents are signed by what sends it (SendDraft)",
        "{0} — черновик: его документы подписывает то, что его отправляет (SendDraft)",
    ),
    (
        "an approval signature is of a document as it is stored",
        "согласующая подпись ставится под документом в том виде, в каком он хранится",
    ),
    (
        "{}: no signer is written into it",
        "{0}: подписант не вписан",
    ),
    (
        "draft {} has no documents: there is nothing to sign",
        "в черновике {0} нет документов: подписывать нечего",
    ),
    (
        "PFR reply {} has no documents: there is nothing to sign",
        "в ответе ПФР {0} нет документов: подписывать нечего",
    ),
    (
        "a report has at least one document",
        "в отчёте должен быть хотя бы один документ",
    ),
    (
        "document {} asks for no {}{}",
        "документ {0} не просит ответа {1}{2}",
    ),
    ("; it asks for {}", "; он просит {0}"),
    ("the package has no documents", "в пакете нет документов"),
    (
        "{} contents were given for the {} documents of the package: give one for each, or one for all",
        "содержимых дано {0}, документов в пакете {1}: нужно по одному на каждый или одно на все",
    ),
    (
        "{} of the {} documents of the package have no content, and none was given",
        "у документов пакета нет содержимого ({0} из {1}), и оно не дано",
    ),
    (
        "the draft would be sent to its own box",
        "черновик ушёл бы в свой же ящик",
    ),
    (
        "{} is unsent and has a signature already",
        "{0} не отправлен и уже подписан",
    ),
    (
        "our side has signed {} already; only approvals may be added",
        "наша сторона уже подписала {0}; добавить можно только согласование",
    ),
    ("there is no entity {} in {}", "в {1} нет {0}"),
    (
        "there are no documents to prepare",
        "нет документов для подготовки",
    ),
    (
        "{} is to be prepared twice",
        "{0} указан для подготовки дважды",
    ),
    (
        "there are no documents to post",
        "нет документов для отправки",
    ),
    (
        "docflow {} is still not there ({})",
        "документооборота {0} всё ещё нет ({1})",
    ),
    (
        "the list of {} has no end after {} pages with {} of them",
        "список не кончается ({0}): прочитано {1|страница|страницы|страниц}, строк: {2}",
    ),
    (
        "document {} is still being printed",
        "документ {0} ещё печатается",
    ),
    (
        "draft {} was sent or deleted",
        "черновик {0} отправлен или удалён",
    ),
    (
        "draft {} names no recipient",
        "в черновике {0} не указан получатель",
    ),
    (
        "draft {} is sent with all its documents, and {} is not among those to sign",
        "черновик {0} отправляется со всеми документами, а {1} на подпись не указан",
    ),
    (
        "the documents of {} are sent with their draft, and labels cannot be",
        "документы {0} отправляются вместе с черновиком, и метки к ним не добавить",
    ),
    (
        "draft {} names a document by a link that cannot be read",
        "черновик {0} называет документ ссылкой, которая не читается",
    ),
    (
        "a document to prepare has no message or no entity",
        "у документа для подготовки нет сообщения или сущности",
    ),
    (
        "a prepared content has no name",
        "у подготовленного содержимого нет имени",
    ),
    (
        "a document came that was not asked for",
        "пришёл документ, который не запрашивали",
    ),
    (
        "the prepared content has no bytes",
        "подготовленное содержимое пусто",
    ),
    (
        "{} was prepared {} times",
        "{0} подготовлен {1|раз|раза|раз}",
    ),
    ("the content is empty", "содержимое пусто"),
    (
        "there is no signature to attach",
        "нет подписи, которую нужно приложить",
    ),
    (
        "{} is in the box {}, and DssSign signs what is in the box {}",
        "{0} лежит в ящике {1}, а DssSign подписывает то, что в ящике {2}",
    ),
    (
        "the content to prepare is empty",
        "содержимое для подготовки пусто",
    ),
    (
        "the recipient of a document in a message is fixed",
        "получателя документа в сообщении не изменить",
    ),
    (
        "there are {} documents, and one message takes {}",
        "документов {0}, а в одно сообщение помещается {1}",
    ),
    (
        "a {} is a package, which takes no decline codes",
        "{0} — это пакет, у него нет кодов отказа",
    ),
    (
        "a {} is made by the service, and only packages take contents",
        "{0} создаёт сервис, содержимое дают только пакету",
    ),
    (
        "the service made a reply and did not name it",
        "сервис создал ответ и не назвал его",
    ),
    (
        "the registration number of the power of attorney is no GUID",
        "регистрационный номер доверенности — не GUID",
    ),
    (
        "it does not say which message",
        "не сказано, какое это сообщение",
    ),
    (
        "the stored power of attorney cannot be read",
        "сохранённая доверенность не читается",
    ),
];

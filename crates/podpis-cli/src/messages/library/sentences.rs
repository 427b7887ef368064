//! The library's sentences with their Russian.
//!
//! `{}` is what the sentence is about, and `{0}`, `{1}` where it stands in the Russian. The first that fits counts, so
//! those that say more stand first.

/// English and Russian.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    // Of files and arguments.
    (
        "{} is empty: there is nothing to send",
        "{0} пуст: отправлять нечего",
    ),
    (
        "{} has {} bytes, and the service takes at most {} ({})",
        "{0}: {1} байт, а сервис принимает не больше {2} ({3})",
    ),
    ("{} is not a file", "{0} – не файл"),
    ("{} is not a regular file", "{0} – не обычный файл"),
    (
        "{} changed while it was being read",
        "{0} изменился, пока читался",
    ),
    ("{} cannot be read: {}", "{0} не читается: {1}"),
    ("{} cannot be written: {}", "{0} не записывается: {1}"),
    ("{} is not the name of a file", "{0} – не имя файла"),
    ("{} is a folder", "{0} – папка"),
    (
        "{} is being downloaded by another program",
        "{0} сейчас скачивает другая программа",
    ),
    ("there are no files to sign", "нет файлов на подпись"),
    (
        "a file has no name, and the signer is shown names only",
        "у файла нет имени, а подписант видит только имена",
    ),
    (
        "{} is at the service already and cannot be put on the shelf",
        "{0} уже у сервиса, положить его на полку нельзя",
    ),
    (
        "{}: {} of {} parts did not arrive at the shelf; nothing was started",
        "{0}: до полки не дошли части, {1} из {2}; ничего не начато",
    ),
    (
        "{} could not be put on the shelf ({}); nothing was started",
        "{0} не удалось положить на полку ({1}); ничего не начато",
    ),
    (
        "{} could not be uploaded: {} of {} parts are there, and the upload can go on ({})",
        "{0} не загружен: на месте части, {1} из {2}, загрузку можно продолжить ({3})",
    ),
    ("{} could not be uploaded ({})", "{0} не загружен ({1})"),
    (
        "content {} could not be written: {}",
        "содержимое {0} не записывается: {1}",
    ),
    (
        "content {} has {} bytes, and {} were expected",
        "в содержимом {0} {1} байт, а ждали {2}",
    ),
    (
        "content {} is not what was expected: it has another {} digest",
        "содержимое {0} не то, которого ждали: другой хеш {1}",
    ),
    (
        "`{}` is not a box: a GUID, or 32 hexadecimal digits with @diadoc.ru, is",
        "«{0}» – не ящик: нужен GUID или 32 шестнадцатеричные цифры с @diadoc.ru",
    ),
    (
        "`{}` is not an operation id: 1 to 64 characters of a-z, 0-9 and -, the first not a -",
        "«{0}» – не номер операции: нужны от 1 до 64 знаков a-z, 0-9 и -, первый не -",
    ),
    (
        "{}: `{}` must not be empty",
        "{0}: «{1}» не может быть пустым",
    ),
    (
        "{}: a parameter is too long",
        "{0}: параметр слишком длинный",
    ),
    (
        "the base URL is not a URL, for example https://diadoc-api.kontur.ru",
        "адрес сервиса – не адрес; нужен такой, как https://diadoc-api.kontur.ru",
    ),
    (
        "the base URL must begin with https:// and name a host",
        "адрес сервиса должен начинаться с https:// и называть сервер",
    ),
    (
        "the base URL must not hold a login or a password",
        "в адресе сервиса не место логину и паролю",
    ),
    (
        "the base URL must be a scheme and a host only, without a path or a query",
        "в адресе сервиса только схема и сервер, без пути и параметров",
    ),
    (
        "plain http is allowed to this machine only: use https:// for {}",
        "http без шифрования разрешён только к этому компьютеру: для {0} нужен https://",
    ),
    (
        "sender_ip: `{}` is not an IP address",
        "sender_ip: «{0}» – не IP-адрес",
    ),
    // Of what the system says.
    (
        "No such file or directory (os error 2)",
        "нет такого файла или папки",
    ),
    ("Permission denied (os error 13)", "нет прав"),
    ("File exists (os error 17)", "такой файл уже есть"),
    ("Not a directory (os error 20)", "это не папка"),
    ("Is a directory (os error 21)", "это папка"),
    (
        "Too many open files (os error 24)",
        "открыто слишком много файлов",
    ),
    (
        "No space left on device (os error 28)",
        "на диске нет места",
    ),
    (
        "Read-only file system (os error 30)",
        "на диск нельзя писать",
    ),
    ("Broken pipe (os error 32)", "читающая сторона закрыта"),
    (
        "File name too long (os error 36)",
        "имя файла слишком длинное",
    ),
    (
        "Too many levels of symbolic links (os error 40)",
        "ссылки ведут по кругу",
    ),
    ("Address already in use (os error 98)", "адрес занят"),
    (
        "Connection reset by peer (os error 104)",
        "другая сторона оборвала соединение",
    ),
    ("Connection refused (os error 111)", "соединение не принято"),
    ("relative URL without a base", "в нём нет схемы"),
    ("empty host", "в нём нет сервера"),
    ("invalid port number", "номер порта неверен"),
    // Of certificates and powers of attorney.
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
        "у отправителя нет сертификата: назовите тот, которым подписывать",
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
    // Of documents.
    ("{} is to be signed twice", "{0} назван на подпись дважды"),
    (
        "{} is a draft: its documents are signed by what sends it (SendDraft)",
        "{0} – черновик: его документы подписывает то, что его отправляет (SendDraft)",
    ),
    (
        "an approval signature is of a document as it is stored",
        "согласующая подпись ставится под документом, как он лежит",
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
        "документ {0} не просит {1}{2}",
    ),
    ("; it asks for {}", "; он просит {0}"),
    ("the package has no documents", "в пакете нет документов"),
    (
        "{} contents were given for the {} documents of the package: give one for each, or one for all",
        "дано {0} содержимых на {1} документов пакета: нужно по одному на каждый или одно на все",
    ),
    (
        "{} of the {} documents of the package have no content, and none was given",
        "у {0} из {1} документов пакета нет содержимого, и оно не дано",
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
        "{0} назван для подготовки дважды",
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
        "список {0} не кончается после {1} страниц и {2} строк",
    ),
    (
        "document {} is still being printed",
        "документ {0} ещё печатается",
    ),
    // Of exchanges.
    ("{}: no answer: {}", "{0}: нет ответа: {1}"),
    ("{}: no answer", "{0}: нет ответа"),
    (
        "{}: the answer cannot be read: {}",
        "{0}: ответ не читается: {1}",
    ),
    (
        "{}: the deadline came before a request could be sent",
        "{0}: срок вышел до того, как запрос можно было отправить",
    ),
    ("no connection to the server", "нет соединения с сервером"),
    (
        "the server did not answer in time",
        "сервер не ответил вовремя",
    ),
    (
        "the connection broke before the answer was complete",
        "соединение оборвалось до конца ответа",
    ),
    (
        "the answer is larger than allowed",
        "ответ больше разрешённого",
    ),
    ("the request cannot be sent", "запрос нельзя отправить"),
    (
        "it is an HTML page; is the base URL right?",
        "это страница HTML; верен ли адрес сервиса?",
    ),
    (
        "an HTML page instead of an answer",
        "вместо ответа – страница HTML",
    ),
    (
        "it is in the encoding `{}`, which was not asked for",
        "он в кодировке «{0}», о которой не просили",
    ),
    ("{} is missing", "нет {0}"),
    // Of login.
    ("the login was broken off", "вход прерван"),
    (
        "Diadoc did not accept the login, the password or the API client id ({})",
        "Диадок не принял логин, пароль или ключ разработчика ({0})",
    ),
    (
        "the token is empty or has characters that a header cannot hold",
        "токен пуст или в нём знаки, которых не бывает в заголовке",
    ),
    (
        "the API client id is empty or has characters that a header cannot hold",
        "ключ разработчика пуст или в нём знаки, которых не бывает в заголовке",
    ),
    (
        "the session id or the API key has characters that a header cannot hold",
        "в номере сессии или ключе API знаки, которых не бывает в заголовке",
    ),
    (
        "login on another device: the code was not confirmed in time: start again",
        "вход на другом устройстве: код не подтвердили вовремя, начните снова",
    ),
    (
        "login on another device: not confirmed within {} s; the code is good for {} s more",
        "вход на другом устройстве: не подтверждён за {0} с; код годится ещё {1} с",
    ),
    (
        "login by browser: refused ({})",
        "вход через браузер: отказ ({0})",
    ),
    (
        "login by browser: the address has no code",
        "вход через браузер: в адресе нет кода",
    ),
    (
        "login by browser: what came back belongs to another login: begin again",
        "вход через браузер: пришедшее относится к другому входу, начните снова",
    ),
    (
        "the login or the password is not accepted",
        "логин или пароль не приняты",
    ),
    (
        "the refresh token is not accepted any more",
        "сохранённый вход больше не принимается",
    ),
    ("the person declined", "человек отказался"),
    ("a second factor is wanted", "нужен второй фактор"),
    (
        "the client id or the client secret is not accepted",
        "client id или секрет клиента не приняты",
    ),
    (
        "a scope is not allowed to this client",
        "этому клиенту не разрешён такой доступ",
    ),
    (
        "the service does not offer this way to log in",
        "сервис не предлагает такого способа войти",
    ),
    // Of operations.
    (
        "there is nobody to ask for the code",
        "код спросить не у кого",
    ),
    ("the code was not given: {}", "кода не дали: {0}"),
    (
        "the operation is still {} after {} s and {} polls; it goes on at the service and can be resumed",
        "операция всё ещё в состоянии {0} после {1} с и {2} опросов; она идёт у сервиса, её можно продолжить",
    ),
    (
        "{} is in use by another operation of this program",
        "{0} занят другой операцией этой программы",
    ),
    (
        "what came back are not the signatures of the files: {}",
        "пришли не подписи этих файлов: {0}",
    ),
    (
        "the service gave {} results for {} files",
        "сервис дал {0} результатов на {1} файлов",
    ),
    (
        "the signatures were not attached: {}",
        "подписи не приложены: {0}",
    ),
    (
        "{}; the signature is kept in the record",
        "{0}; подпись сохранена в записи",
    ),
    (
        "{}; the signatures are kept in the record",
        "{0}; подписи сохранены в записи",
    ),
    (
        "who signed {} is not trusted: {}",
        "подписавшему {0} нельзя доверять: {1}",
    ),
    (
        "who signed {} is not proven to be trusted: {}",
        "не доказано, что подписавшему {0} можно доверять: {1}",
    ),
    (
        "the signature that was given cannot be read, and nothing was sent: {}",
        "данная подпись не читается, и ничего не отправлено: {0}",
    ),
    ("nothing was sent: {}", "ничего не отправлено: {0}"),
    ("{} signatures are not there yet", "подписей ещё нет: {0}"),
    (
        "it was confirmed, and its result is not there yet",
        "подтверждено, а результата ещё нет",
    ),
    (
        "the documents could not be encrypted",
        "документы не удалось зашифровать",
    ),
    (
        "the signer has another operation that is not confirmed",
        "у подписанта есть другая неподтверждённая операция",
    ),
    (
        "the code for {} was sent to Diadoc and its answer was lost: Diadoc may have signed, and has no list of \
         operations to ask. The certificate's usage report at Diadoc tells; if nothing was signed, start over, \
         which sends the person a new SMS",
        "код для {0} отправлен в Диадок, а ответ потерян: Диадок мог подписать, а списка операций у него нет. \
         Ответ – в отчёте об использовании сертификата в Диадоке; если ничего не подписано, начните заново, и \
         человек получит новую SMS",
    ),
    (
        "the start of signing {} was sent to Diadoc and its answer was lost: Diadoc may have sent an SMS, whose \
         code cannot be used without that answer. Nothing was signed; start over, which sends the person a new \
         SMS",
        "начало подписания {0} отправлено в Диадок, а ответ потерян: Диадок мог отправить SMS, код из которой без \
         этого ответа не годится. Ничего не подписано; начните заново, и человек получит новую SMS",
    ),
    (
        "the start of signing {} was sent to Diadoc and its answer was lost: the owner of the certificate may be \
         asked to confirm it on their phone, Diadoc has no list of operations to look into, and without that \
         answer the signatures cannot be got. Let the owner decline what they are asked, then start over; while \
         it is unconfirmed, Diadoc likely refuses another start (UserHasUnconfirmedOperation)",
        "начало подписания {0} отправлено в Диадок, а ответ потерян: владельца сертификата могли попросить \
         подтвердить его на телефоне, списка операций у Диадока нет, и без этого ответа подписи не получить. \
         Пусть владелец отклонит запрос, потом начните заново; пока он не подтверждён, Диадок скорее всего \
         откажет в новом начале (UserHasUnconfirmedOperation)",
    ),
    (
        "the start for {} was sent and its answer was lost: the person may have been asked on the phone, or have \
         got an SMS whose code cannot be used without that answer. There is no result yet; look into the phone \
         app, decline what is open there, and start over",
        "начало для {0} отправлено, а ответ потерян: человека могли спросить на телефоне или прислать ему SMS, \
         код из которой без этого ответа не годится. Результата ещё нет; посмотрите в приложении на телефоне, \
         отклоните открытое и начните заново",
    ),
    (
        "the code for {} was sent and its answer was lost, and there is no result yet: it may still come. Resume \
         later to look again; if nothing comes, start over, which asks the person again",
        "код для {0} отправлен, а ответ потерян, и результата ещё нет: он может прийти. Продолжите позже; если \
         ничего не придёт, начните заново, и человека спросят ещё раз",
    ),
    ("draft {}", "черновик {0}"),
    ("reply {}", "ответ {0}"),
    ("PFR reply {}", "ответ ПФР {0}"),
    ("document {}", "документ {0}"),
    ("document {}: {}", "документ {0}: {1}"),
    (
        "Diadoc has removed the signing of receipts (AutoSignReceipts)",
        "Диадок убрал подписание извещений (AutoSignReceipts)",
    ),
    // Of refusals.
    ("the signer declined", "подписант отказался"),
    (
        "the operation was not confirmed in time",
        "операцию не подтвердили вовремя",
    ),
    (
        "too many wrong codes were given",
        "слишком много неверных кодов",
    ),
    ("another operation is still open", "открыта другая операция"),
    (
        "another operation is still open, {}",
        "открыта другая операция, {0}",
    ),
    (
        "the service asks to start over later",
        "сервис просит начать заново позже",
    ),
    (
        "the service failed while it worked on the operation",
        "сервис не справился с операцией",
    ),
    (
        "the service asked nobody to confirm and signed nothing: this certificate cannot sign remotely",
        "сервис никого не спросил и ничего не подписал: этим сертификатом нельзя подписать удалённо",
    ),
    (
        "the service found errors in the documents",
        "сервис нашёл ошибки в документах",
    ),
    (
        "there are documents without a signature",
        "есть документы без подписи",
    ),
    ("the service refused", "сервис отказал"),
    // Of the journal.
    ("the journal failed: {}", "журнал не сработал: {0}"),
    (
        "the record of operation {} cannot be read: {}",
        "запись операции {0} не читается: {1}",
    ),
    (
        "the record of {} cannot be read{}",
        "запись {0} не читается{1}",
    ),
    (
        "the journal at {} does not work{}",
        "журнал в {0} не работает{1}",
    ),
    (
        "operation {} is being driven by somebody else{}",
        "операцию {0} ведёт кто-то другой{1}",
    ),
    (
        "operation {} was taken over or changed by somebody else: revision {} was expected",
        "операцию {0} перехватил или изменил кто-то другой: ждали ревизию {1}",
    ),
    (
        "the record has version {}, and this program reads version 1: use a newer program",
        "версия записи {0}, а эта программа читает версию 1: нужна программа новее",
    ),
    (
        "there is no such operation in the journal",
        "такой операции в журнале нет",
    ),
    (
        "there is no operation {} in the journal",
        "операции {0} в журнале нет",
    ),
    ("it is larger than {} bytes", "он больше {0} байт"),
    (
        "{} may be written by others (mode {}): chmod go-w {}",
        "в {0} могут писать другие (права {1}): chmod go-w {2}",
    ),
    (
        "{} belongs to user {} and not to user {} (mode {})",
        "{0} принадлежит пользователю {1}, а не {2} (права {3})",
    ),
    // Of one thing and another.
    ("{}: {}", "{0}: {1}"),
    ("{} ({})", "{0} ({1})"),
    ("{}; {}", "{0}; {1}"),
];

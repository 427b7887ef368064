//! What arguments are for, and their values.

/// English and Russian.
pub(super) const TEXTS: &[(&str, &str)] = &[
    (
        "A file and its detached signature, such as FILE.p7s; with --all, files",
        "Файл и его отсоединённая подпись, например FILE.p7s; с --all — файлы",
    ),
    (
        "A root that you trust, for the signature to be judged by: a file with certificates (PEM with any number \
         of them, DER or Base64) or a folder of such files. Can be repeated",
        "Корень, которому вы доверяете и по которому проверяется доверие к подписи: файл с сертификатами (PEM с любым их \
         числом, DER или Base64) или папка с такими файлами. Можно повторять",
    ),
    (
        "Account; EXTERN_ACCOUNT unless given",
        "Учётная запись; если не указана — EXTERN_ACCOUNT",
    ),
    (
        "Address and port to listen on; port 0 takes a free one",
        "Адрес и порт, на которых ждать запросов; порт 0 — любой свободный",
    ),
    (
        "Address of the computer that sends, as the service demands it",
        "Адрес компьютера, с которого отправляют: его требует сервис",
    ),
    (
        "Address of the service, to which the login is sent; DIADOC_BASE_URL, EXTERN_BASE_URL or production \
         unless given. An operation of another address is left alone",
        "Адрес сервиса, в который выполняется вход; если не указан — DIADOC_BASE_URL, EXTERN_BASE_URL или \
         рабочий. Операция с другим адресом не трогается",
    ),
    (
        "Address of the service; DIADOC_BASE_URL, for Extern EXTERN_BASE_URL, or production unless given",
        "Адрес сервиса; если не указан — DIADOC_BASE_URL, для Экстерна EXTERN_BASE_URL, или рабочий",
    ),
    (
        "Answer all that the docflows of the account ask for, as far as it can be answered in one way only",
        "Ответить на всё, чего просят документообороты учётной записи, если ответить можно только одним способом",
    ),
    (
        "Answer for the person: take the code from the phone of the sandbox, and confirm there. Refused for any \
         other service",
        "Отвечать за человека: взять код с телефона песочницы и подтвердить на нём. С другим сервисом — отказ",
    ),
    (
        "Answer for the person: take the code from the phone of the sandbox. Refused for any other service",
        "Отвечать за человека: взять код с телефона песочницы. С другим сервисом — отказ",
    ),
    ("At most so many", "Не больше этого числа"),
    (
        "Attach approval signatures, of which a document can have any number",
        "Приложить согласующие подписи: их у документа может быть сколько угодно",
    ),
    (
        "Begin it although an operation about the same is open; the person is asked twice",
        "Начать, хотя об этом же есть незаконченная операция; человека спросят дважды",
    ),
    (
        "Box of the organization: a GUID, or 32 hexadecimal digits with @diadoc.ru; DIADOC_BOX unless given, else \
         the only one that the user has",
        "Ящик организации: GUID или 32 шестнадцатеричные цифры с @diadoc.ru; если не указан — DIADOC_BOX, иначе \
         единственный ящик пользователя",
    ),
    (
        "Box of the recipient, where a draft does not name it",
        "Ящик получателя, если черновик его не называет",
    ),
    (
        "Certificate to decrypt with, DER or PEM",
        "Сертификат для расшифровки, DER или PEM",
    ),
    (
        "Certificates that a path to a root may go through, or a signer's own: a file or a folder. Can be \
         repeated",
        "Сертификаты, через которые может идти путь к корню, или сертификат подписанта: файл или папка. Можно \
         повторять",
    ),
    (
        "Check every file against the FILE.p7s beside it",
        "Проверить каждый файл по FILE.p7s рядом с ним",
    ),
    (
        "Confirm for the person on the phone of the sandbox. Refused for any other service",
        "Подтвердить за человека на телефоне песочницы. С другим сервисом — отказ",
    ),
    (
        "Content of the documents of a package for the pension fund: one file for all, or one for each",
        "Содержимое документов пакета для пенсионного фонда: один файл на все или по файлу на каждый",
    ),
    (
        "DSS certificate, confirmed on its owner's phone (DssSign)",
        "Сертификат DSS с подтверждением на телефоне владельца (DssSign)",
    ),
    ("Diadoc", "Диадок"),
    (
        "Docflow of the document; for an inventory, the docflow that it belongs to",
        "Документооборот документа; для описи — тот, к которому она относится",
    ),
    ("Document in it", "Документ в нём"),
    (
        "Document in the message; several are signed with one confirmation",
        "Документ сообщения; несколько подписываются с одним подтверждением",
    ),
    (
        "Document of the docflow that the inventory belongs to",
        "Документ документооборота, к которому относится опись",
    ),
    (
        "End with 0 also when something could not be checked, or trust is not proven; what is wrong ends with 1 \
         all the same",
        "Завершаться с 0 и тогда, когда что-то нельзя проверить или доверие не доказано; неверное всё равно даёт \
         1",
    ),
    (
        "End with 3 when a signature could not be checked whole; it is written all the same",
        "Завершаться с 3, если подпись нельзя проверить целиком; она всё равно записывается",
    ),
    ("English", "английский"),
    (
        "Every operation in the journal that nobody else drives, oldest first",
        "Все операции журнала, которые никто другой не ведёт, начиная с самой старой",
    ),
    (
        "Files to sign, all with one confirmation; `-` alone is standard input, which needs --out",
        "Файлы на подпись, все с одним подтверждением; один `-` — стандартный ввод, ему нужен --out",
    ),
    (
        "Folder for the documents themselves, to be read before they are signed. Nothing that is there is \
         replaced",
        "Папка для самих документов, чтобы прочесть их до подписи. Ничего из того, что в ней есть, не заменяется",
    ),
    (
        "Folder for the pages; it is made where it is not there",
        "Папка для страниц; если её нет, она создаётся",
    ),
    (
        "Folder for the prepared documents; the current one unless given. Nothing that is there is replaced",
        "Папка для подготовленных документов; если не указана — текущая. Ничего из того, что в ней есть, не \
         заменяется",
    ),
    (
        "Folder for the signatures; beside each file unless given",
        "Папка для подписей; если не указана — рядом с каждым файлом",
    ),
    (
        "Folder for the signatures; the current one unless given. Nothing that is there is replaced",
        "Папка для подписей; если не указана — текущая. Ничего из того, что в ней есть, не заменяется",
    ),
    (
        "Folder for the signatures; where they were to go from the beginning unless given",
        "Папка для подписей; если не указана — та, что была указана с самого начала",
    ),
    (
        "Folder for what comes; the current one unless given. Nothing that is there is replaced",
        "Папка для того, что придёт; если не указана — текущая. Ничего из того, что в ней есть, не заменяется",
    ),
    (
        "Folder of the journal, or postgres:// address of its database; PODPIS_JOURNAL or the user's own folder \
         unless given",
        "Папка журнала или адрес его базы postgres://; если не указан — PODPIS_JOURNAL или папка пользователя",
    ),
    (
        "GOST R 34.10-2012, as real signatures are",
        "ГОСТ Р 34.10-2012, как настоящие подписи",
    ),
    (
        "Get what is missing from the addresses in the certificates: certificates of issuers, OCSP answers, \
         revocation lists. Without it the program goes nowhere",
        "Получить недостающее по адресам из сертификатов: сертификаты издателей, ответы OCSP, списки отзыва. Без \
         этого программа никуда не обращается",
    ),
    (
        "Give the code by decrypt-content-confirm, the older of the two calls",
        "Передать код вызовом decrypt-content-confirm, более старым из двух",
    ),
    (
        "How long ago they have ended at least: a number with s, m, h or d, for example 30d. Signatures that were \
         not written yet go with their records",
        "Как давно они закончились, не меньше: число с s, m, h или d, например 30d. Незаписанные \
         подписи уходят вместе с записями",
    ),
    (
        "How long one of these files may take, in seconds",
        "Сколько может занять один такой файл, в секундах",
    ),
    (
        "How long to wait for the person, in minutes",
        "Сколько ждать человека, в минутах",
    ),
    (
        "How long to wait for the signatures, in minutes; uploads do not count",
        "Сколько ждать подписей, в минутах; загрузка файлов не считается",
    ),
    (
        "How many codes may be tried",
        "Сколько кодов можно попробовать",
    ),
    (
        "How the person with the virtual phone behaves",
        "Как ведёт себя человек с виртуальным телефоном",
    ),
    ("How to sign", "Как подписывать"),
    (
        "INN of the organization that reports",
        "ИНН организации, которая отчитывается",
    ),
    (
        "Inventory that holds the document",
        "Опись, в которой лежит документ",
    ),
    (
        "KPP of the organization that reports",
        "КПП организации, которая отчитывается",
    ),
    (
        "Kontur.Certificate with a code by SMS (CloudSign)",
        "Контур.Сертификат с кодом по SMS (CloudSign)",
    ),
    ("Kontur.Extern", "Контур.Экстерн"),
    (
        "Label of the signature: at most 20 Latin letters, digits and hyphens",
        "Метка подписи: до 20 латинских букв, цифр и дефисов",
    ),
    (
        "Language of messages; from LC_ALL, LC_MESSAGES or LANG unless given",
        "Язык сообщений; если не указан — по LC_ALL, LC_MESSAGES или LANG",
    ),
    (
        "Listen where other machines reach it too, such as inside a container: whoever reaches it reads its codes",
        "Слушать адрес, доступный и другим компьютерам, например в контейнере: кому доступна песочница, тот читает её коды",
    ),
    (
        "Log in by a browser on this machine, in place of a page on any device",
        "Войти через браузер на этом компьютере, а не через страницу на любом устройстве",
    ),
    (
        "Log in to the sandbox that podpis sandbox runs in another terminal, at --base-url or \
         http://127.0.0.1:8787",
        "Войти в песочницу, которую в другом терминале запустила podpis sandbox, по --base-url или \
         http://127.0.0.1:8787",
    ),
    (
        "Look at a sandbox inside the program in place of the services; no account, certificate or phone is \
         needed",
        "Проверить песочницу внутри программы вместо сервисов; учётная запись, сертификат и телефон не нужны",
    ),
    (
        "Message of the documents; with a sandbox, a seeded unsigned document unless given",
        "Сообщение с документами; в песочнице, если не указано, — её готовый неподписанный документ",
    ),
    (
        "Message or draft of the documents; with a sandbox, a seeded unsent document unless given",
        "Сообщение или черновик с документами; в песочнице, если не указано, — её готовый неотправленный документ",
    ),
    (
        "Nobody signs: the service makes a test signature, for test organizations only",
        "Никто не подписывает: сервис делает тестовую подпись, только для тестовых организаций",
    ),
    ("Nothing arrives", "Ничего не приходит"),
    (
        "Only docflows of this type, for example fns534-demand",
        "Только документообороты этого типа, например fns534-demand",
    ),
    (
        "Only docflows that are not finished and ask for a reply",
        "Только незавершённые документообороты, которые просят ответа",
    ),
    (
        "Only documents from or to this box",
        "Только документы от этого ящика или для него",
    ),
    (
        "Only documents of this type, by Diadoc's name of it: Nonformalized, UniversalTransferDocument and more",
        "Только документы этого типа, по его имени в Диадоке: Nonformalized, UniversalTransferDocument и другие",
    ),
    (
        "Only documents since then: 2024-06-15, or with a time, 2024-06-15T12:00:00Z. What is not sent yet counts \
         by when it was made",
        "Только документы с этого момента: 2024-06-15 или со временем, 2024-06-15T12:00:00Z. Неотправленное \
         считается по времени создания",
    ),
    (
        "Only documents that wait for something that this side signs",
        "Только документы, в которых эта сторона должна что-то подписать",
    ),
    (
        "Only show what would be signed, and what the others need",
        "Только показать, что было бы подписано и чего не хватает остальным",
    ),
    (
        "Only start it, and end with 4: `podpis ops resume` asks for the code, waits and writes what comes",
        "Только начать и завершиться с 4: код спросит, дождётся и запишет результат `podpis ops resume`",
    ),
    ("Only this document", "Только этот документ"),
    (
        "P-256, which any OpenSSL can verify",
        "P-256, его проверит любой OpenSSL",
    ),
    (
        "Power of attorney by which the signer acts: `default` for the user's own, or NUMBER:INN:REPINN of who \
         issued it and who acts by it",
        "Доверенность, по которой действует подписант: `default` — та, что у пользователя по умолчанию, или \
         NUMBER:INN:REPINN: номер, ИНН доверителя и ИНН представителя",
    ),
    (
        "Print help (see a summary with '-h')",
        "Показать справку (кратко: -h)",
    ),
    (
        "Print help (see more with '--help')",
        "Показать справку (подробно: --help)",
    ),
    (
        "Print one JSON object per result on stdout, and failures as {\"error\":…}",
        "Выводить в стандартный вывод по объекту JSON на результат, а ошибки как {\"error\":…}",
    ),
    ("Print version", "Показать версию"),
    (
        "Profile of podpis.toml; PODPIS_PROFILE, or the one that the file names, unless given",
        "Профиль из podpis.toml; если не указан — PODPIS_PROFILE или тот, который называет файл",
    ),
    (
        "Put a time stamp of the sandbox into every signature (CAdES-T)",
        "Ставить в каждую подпись штамп времени песочницы (CAdES-T)",
    ),
    (
        "Remote signatures with Diadoc and Kontur.Extern: the key stays at the service, a person confirms by \
         phone",
        "Удалённая подпись в Диадоке и Контур.Экстерне: ключ остаётся у сервиса, человек подтверждает на телефоне",
    ),
    (
        "Revocation lists: a file (PEM with any number of them, DER or Base64) or a folder. Can be repeated",
        "Списки отзыва: файл (PEM с любым их числом, DER или Base64) или папка. Можно повторять",
    ),
    (
        "Run a Diadoc and an Extern of your own to try things on: it signs with test keys and has a virtual phone",
        "Запустить свои Диадок и Экстерн для проб: они подписывают тестовыми ключами, и у них есть виртуальный \
         телефон",
    ),
    (
        "SMS arrive; a push is confirmed by itself",
        "SMS приходят; запрос на телефон подтверждается сам",
    ),
    (
        "SMS arrive; a push is declined by itself",
        "SMS приходят; запрос на телефон отклоняется сам",
    ),
    (
        "SMS arrive; a push waits until someone acts",
        "SMS приходят; запрос на телефон ждёт, пока кто-нибудь ответит",
    ),
    (
        "Send although the check finds errors, where the service allows that",
        "Отправить, даже если проверка найдёт ошибки, где сервис это позволяет",
    ),
    (
        "Show what is sent and answered (endpoints, statuses, trace ids) on stderr",
        "Показывать в потоке ошибок, что отправляется и что приходит (методы, коды ответа, идентификаторы запросов)",
    ),
    (
        "Sign all documents that wait for nothing but a signature, in as many messages as they are, with one \
         confirmation",
        "Подписать с одним подтверждением все документы, которые ждут только подписи, в скольких бы сообщениях \
         они ни были",
    ),
    (
        "Sign at most so many documents",
        "Подписать не больше этого числа документов",
    ),
    (
        "Sign documents as they are stored, even where they could be prepared",
        "Подписать документы такими, как они хранятся, даже если их можно подготовить",
    ),
    (
        "Sign without a question, if it is so many documents, and nothing at all otherwise",
        "Подписать без вопроса, если документов ровно столько, а иначе не подписать ничего",
    ),
    (
        "Start a sandbox inside the program and use it; no account, certificate or phone is needed",
        "Запустить песочницу внутри программы и работать с ней; учётная запись, сертификат и телефон не нужны",
    ),
    (
        "Start over although the old operation can still be finished; the person is asked twice",
        "Начать заново, хотя старую операцию ещё можно закончить; человека спросят дважды",
    ),
    (
        "The URL at which it is reached, as its certificates say it; that of --listen unless given",
        "Адрес, по которому её находят и который стоит в её сертификатах; если не указан — адрес из --listen",
    ),
    (
        "The address, registered for the program, at which it waits for the browser; a free port of 127.0.0.1 \
         unless given",
        "Зарегистрированный для программы адрес, на котором она ждёт браузер; если не указан — свободный порт \
         127.0.0.1",
    ),
    (
        "The certificate whose key must have made the signature: its thumbprint, or a file with it in DER, PEM or \
         Base64. The file also serves where the signature does not hold the certificate",
        "Сертификат, ключом которого должна быть сделана подпись: его отпечаток или файл с ним в DER, PEM или \
         Base64. Файл годится и тогда, когда в подписи сертификата нет",
    ),
    (
        "The docflow, to answer all that it asks for; a seeded one of the sandbox unless given",
        "Документооборот, чтобы ответить на всё, чего он просит; если не указан — готовый в песочнице",
    ),
    ("The document", "Документ"),
    (
        "The draft; a seeded one of the sandbox unless given",
        "Черновик; если не указан — готовый в песочнице",
    ),
    ("The files of the report", "Файлы отчёта"),
    (
        "The journal that they are moved to: a folder, or the postgres:// address of a database",
        "Журнал, в который они переносятся: папка или адрес базы postgres://",
    ),
    (
        "The moment to judge at instead of now, such as 2024-06-15T12:00:00Z, or 2024-06-15 for its first moment \
         in UTC. A trusted time stamp goes before it",
        "Момент, на который проверять доверие, вместо текущего, например 2024-06-15T12:00:00Z, или 2024-06-15 — его начало в \
         UTC. Доверенный штамп времени важнее",
    ),
    ("The operation", "Операция"),
    ("The operations", "Операции"),
    (
        "The operations; every one in the journal unless given",
        "Операции; если не указаны — все в журнале",
    ),
    (
        "The reply; a seeded one of the sandbox unless given",
        "Ответ; если не указан — готовый в песочнице",
    ),
    (
        "The service's forceConfirmation; what it means for receipts depends on the service",
        "Параметр сервиса forceConfirmation; что он значит для извещений, зависит от сервиса",
    ),
    ("The shell", "Оболочка"),
    (
        "Thumbprint of the certificate to decrypt with, one of the account's",
        "Отпечаток сертификата для расшифровки, одного из сертификатов учётной записи",
    ),
    (
        "Thumbprint of the certificate to sign with, one of the account's",
        "Отпечаток сертификата для подписи, одного из сертификатов учётной записи",
    ),
    (
        "Thumbprint of the certificate to sign with; the person's current one unless given",
        "Отпечаток сертификата для подписи; если не указан — текущий сертификат человека",
    ),
    (
        "Thumbprint of the certificate to sign with; the user's current one unless given",
        "Отпечаток сертификата для подписи; если не указан — текущий сертификат пользователя",
    ),
    (
        "Thumbprint of the certificate whose owner signs",
        "Отпечаток сертификата, владелец которого подписывает",
    ),
    (
        "To whom: ifns, mri, togs, upfr, sfr, fss or mvd with its code, for example ifns:0087",
        "Кому: ifns, mri, togs, upfr, sfr, fss или mvd с кодом, например ifns:0087",
    ),
    (
        "Type of the files, for example urn:document:fns534-report",
        "Тип файлов, например urn:document:fns534-report",
    ),
    (
        "Type of the reply, where a document can be answered in several ways",
        "Тип ответа, если на документ можно ответить по-разному",
    ),
    (
        "What ids, tokens and codes are made from; sandboxes with one seed have the same ones",
        "Из чего получаются номера, токены и коды; у песочниц с одним и тем же значением они одинаковы",
    ),
    ("What it signs with", "Чем она подписывает"),
    (
        "What that sandbox signs with; ecdsa unless given",
        "Чем подписывает эта песочница; если не указано — ecdsa",
    ),
    (
        "Which of the two contradicting documents about `forceConfirmation` Extern follows",
        "Какому из двух противоречащих описаний `forceConfirmation` следует Экстерн",
    ),
    (
        "Which service to ask; those that are set up unless given",
        "Какой сервис спросить; если не указан — те, что настроены",
    ),
    ("Which service to log in to", "В какой сервис войти"),
    (
        "Which service to log out of; both unless given",
        "Из какого сервиса выйти; если не указан — из обоих",
    ),
    (
        "Who sends, for whom and to whom: the service's own JSON (sender, recipient, payer, …)",
        "Кто отправляет, за кого и кому: JSON самого сервиса (sender, recipient, payer, …)",
    ),
    (
        "Why a demand is declined; may be given several times",
        "Почему отказано в приёме требования; можно указать несколько раз",
    ),
    (
        "Without documents of drafts. Those are in no list: the feed of the box is read for them",
        "Без документов черновиков. Их нет ни в одном списке: ради них читается лента ящика",
    ),
    (
        "Write all that the record keeps into this folder, as it came: signatures, and what came in their place",
        "Записать в эту папку всё, что хранит запись, как оно пришло: подписи и то, что пришло вместо них",
    ),
    (
        "`true` asks for a confirmation",
        "`true` просит подтверждения",
    ),
    (
        "`true` signs receipts at once",
        "`true` подписывает извещения сразу",
    ),
    ("Русский", "русский"),
];

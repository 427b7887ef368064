//! What commands do.

/// English and Russian.
pub(super) const TEXTS: &[(&str, &str)] = &[
    (
        "Answer what a docflow asks for: every reply is made, signed and sent",
        "Ответить на то, чего просит документооборот: каждый ответ создаётся, подписывается и отправляется",
    ),
    (
        "Check which file a signature is for, who signed, and whether that is proven",
        "Проверить, к какому файлу относится подпись, кто подписал и доказано ли это",
    ),
    (
        "Decrypt a document; it is written under its own name",
        "Расшифровать документ; он записывается под своим именем",
    ),
    (
        "Forget an operation; the service is not told",
        "Забыть операцию; сервис об этом не узнаёт",
    ),
    (
        "Go on with all operations, also those that come, until Ctrl-C, and show how many there are",
        "Продолжать все операции, в том числе новые, до Ctrl-C и показывать, сколько их",
    ),
    (
        "Go on with operations that were interrupted, and look after the journal they are kept in",
        "Продолжить прерванные операции и навести порядок в журнале, где они хранятся",
    ),
    (
        "Go on with operations: ask for the code, wait, write the signatures",
        "Продолжить операции: спросить код, дождаться, записать подписи",
    ),
    (
        "Have the signer written into documents before they are signed; what has to be signed is written",
        "Вписать подписанта в документы перед подписью; записывается то, что надо подписать",
    ),
    (
        "List docflows, or those that ask for replies and for which",
        "Показать документообороты или те, что просят ответов, и каких",
    ),
    (
        "List documents, or what waits for a signature and what it needs",
        "Показать документы или то, что ждёт подписи и чего для неё не хватает",
    ),
    (
        "List the accounts of the user",
        "Показать учётные записи пользователя",
    ),
    (
        "List the certificates of an account, and why some cannot sign remotely",
        "Показать сертификаты учётной записи и почему некоторыми нельзя подписать удалённо",
    ),
    (
        "List the certificates of the user, and why some cannot sign remotely",
        "Показать сертификаты пользователя и почему некоторыми нельзя подписать удалённо",
    ),
    (
        "List the operations that are not finished, or whose signatures were not written",
        "Показать операции, которые не закончены или подписи которых не записаны",
    ),
    (
        "List the organizations of the user, and their boxes",
        "Показать организации пользователя и их ящики",
    ),
    (
        "Log in once, so that other commands need no variable",
        "Войти один раз, чтобы другим командам не нужны были переменные",
    ),
    (
        "Look at what is set up, and say what is wrong and what to do about it",
        "Проверить настройки и сказать, что не так и что с этим делать",
    ),
    (
        "Make completions for a shell, or manual pages",
        "Создать автодополнение для оболочки или страницы справочника man",
    ),
    (
        "Move operations into another journal, each of them once",
        "Перенести операции в другой журнал, каждую один раз",
    ),
    (
        "Print the completions for a shell",
        "Вывести автодополнение для оболочки",
    ),
    (
        "Print this message or the help of the given subcommand(s)",
        "Показать эту справку или справку названной команды",
    ),
    ("Remove the login that was kept", "Удалить сохранённый вход"),
    (
        "Remove the records of operations that have ended long ago; they hold names and signatures",
        "Удалить записи давно закончившихся операций: в них имена и подписи",
    ),
    (
        "Say as whom the services know whoever is logged in",
        "Показать, от чьего имени выполнен вход",
    ),
    (
        "Send a report: from files to a docflow, checked, signed, prepared and sent",
        "Отправить отчёт: от файлов до документооборота — проверить, подписать, подготовить и отправить",
    ),
    (
        "Show what is known about an operation, and what to do about it",
        "Показать, что известно об операции и что с ней делать",
    ),
    (
        "Sign a PFR reply: all its documents with one confirmation",
        "Подписать ответ ПФР: все его документы с одним подтверждением",
    ),
    ("Sign a reply to a document", "Подписать ответ на документ"),
    (
        "Sign all documents of a draft; each is written with its signature",
        "Подписать все документы черновика; каждый записывается со своей подписью",
    ),
    (
        "Sign and decrypt with Kontur.Extern",
        "Подписывать и расшифровывать в Контур.Экстерне",
    ),
    (
        "Sign and send all receipts that wait in a box, batch after batch",
        "Подписать и отправить все извещения, которые ждут в ящике, пачка за пачкой",
    ),
    (
        "Sign documents of a message and attach the signatures to them",
        "Подписать документы сообщения и приложить к ним подписи",
    ),
    (
        "Sign files and write FILE.p7s for each: a detached signature, CMS in DER",
        "Подписать файлы и записать для каждого FILE.p7s: отсоединённую подпись, CMS в DER",
    ),
    (
        "Sign the same files again in place of an operation that cannot be finished",
        "Подписать те же файлы заново вместо операции, которую нельзя закончить",
    ),
    ("Sign with Diadoc", "Подписывать в Диадоке"),
    (
        "Write the manual pages, one for each command",
        "Записать страницы справочника man, по одной на команду",
    ),
];

//! Of the journal.

/// English and Russian.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "the journal failed, so nothing was sent: {}",
        "журнал не сработал, поэтому ничего не отправлено: {0}",
    ),
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
        "who drives the operation cannot be read in {}: where no program is at work on it, remove that{}",
        "кто ведёт операцию, в {0} не читается: если над ней никто не работает, удалите это{1}",
    ),
    (
        "another program has locked it; it was waited for {} s",
        "он заблокирован другой программой; ждали {0} с",
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
        "операцию {0} продолжил или изменил кто-то другой: ждали ревизию {1}",
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
    (
        "it is larger than {} bytes",
        "он больше {0|байта|байт|байт}",
    ),
    (
        "{} may be written by others (mode {}): chmod go-w {}",
        "{0} может изменить не только владелец (права {1}): chmod go-w {2}",
    ),
    (
        "{} belongs to user {} and not to user {} (mode {})",
        "{0} принадлежит пользователю {1}, а не {2} (права {3})",
    ),
    (
        "it holds operation {}, which is not what its name says",
        "в ней операция {0}, а имя говорит о другой",
    ),
    (
        "it holds operation {}, which is not what its row says",
        "в ней операция {0}, а строка говорит о другой",
    ),
    (
        "its revision is 0, which no saved record has",
        "её ревизия — 0, такой у сохранённых записей не бывает",
    ),
    ("it is not a record", "это не запись"),
    (
        "its row is not what it should be",
        "её строка не такая, как должна",
    ),
    (
        "the record has version {}, and this program reads version {}: use a newer program",
        "версия записи {0}, а эта программа читает версию {1}: нужна программа новее",
    ),
    (
        "the address of the database cannot be used: {}",
        "адрес базы данных не годится: {0}",
    ),
    (
        "the certificates of trusted authorities cannot be used",
        "сертификаты доверенных центров не годятся",
    ),
    (
        "the database cannot be reached",
        "до базы данных не достучаться",
    ),
    (
        "the database refuses the user or the password",
        "база данных не принимает пользователя или пароль",
    ),
    (
        "the server has no such database",
        "такой базы данных на сервере нет",
    ),
    (
        "the user of the database may not do this",
        "пользователю базы данных это не разрешено",
    ),
    (
        "the journal's tables have version {}, and this program needs version {}: let a program migrate them",
        "версия таблиц журнала {0}, а этой программе нужна {1}: обновите их",
    ),
    (
        "the journal's tables have version {}, and this program knows version {}: use a newer program",
        "версия таблиц журнала {0}, а эта программа знает {1}: нужна программа новее",
    ),
    (
        "the journal's tables are not what they were",
        "таблицы журнала уже не такие, какими были",
    ),
    (
        "the database is read-only",
        "база данных открыта только для чтения",
    ),
    (
        "the database's disk is full",
        "на диске базы данных нет места",
    ),
    (
        "the database has no connection free",
        "в базе данных нет свободных соединений",
    ),
    (
        "the connection to the database was lost, and it is not known whether the change was made",
        "соединение с базой данных потеряно, и неизвестно, сделано ли изменение",
    ),
    (
        "the database gave the change up in favour of others",
        "база данных уступила это изменение другим",
    ),
    (
        "the database refuses the statement",
        "база данных не выполняет запрос",
    ),
    ("there was no answer in time", "ответ не пришёл вовремя"),
    (
        "every connection of this program was in use for too long",
        "все соединения этой программы слишком долго были заняты",
    ),
    ("it is malformed", "он записан неверно"),
    (
        "a schema has 1 to {} characters of a-z, 0-9 and _, the first a letter",
        "имя схемы — от 1 до {0} знаков a-z, 0-9 и _, первый — буква",
    ),
    (
        "it does not begin with postgres://",
        "в начале не postgres://",
    ),
    ("a parameter has no name", "у параметра нет имени"),
    ("it names no host", "в нём нет сервера"),
    (
        "sslmode is disable, prefer, require, verify-ca or verify-full",
        "sslmode — disable, prefer, require, verify-ca или verify-full",
    ),
    ("the file has no certificate", "в файле нет сертификата"),
    (
        "an owner has 1 to {} characters, none of them a control character",
        "владелец — от 1 до {0} знаков без управляющих",
    ),
    (
        "this program was built without journals in databases",
        "эта программа собрана без журналов в базах данных",
    ),
];

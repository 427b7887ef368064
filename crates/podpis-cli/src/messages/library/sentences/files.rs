//! Of files and arguments.

/// English and Russian.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "{} is empty: there is nothing to send",
        "{0} пуст: отправлять нечего",
    ),
    (
        "{} has {} bytes, and the service takes at most {} ({})",
        "{0}: {1|байт|байта|байт}, а сервис принимает не больше {2} ({3})",
    ),
    ("{} is not a file", "{0} — не файл"),
    ("{} is not a regular file", "{0} — не обычный файл"),
    (
        "{} changed while it was being read",
        "{0} изменился, пока читался",
    ),
    ("{} cannot be read: {}", "{0} не читается: {1}"),
    ("{} cannot be written: {}", "{0} не записывается: {1}"),
    ("{} is not the name of a file", "{0} — не имя файла"),
    ("{} is a folder", "{0} — папка"),
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
        "{0}: на полку пришли не все части, нет {1} из {2}; ничего не начато",
    ),
    (
        "{} could not be put on the shelf ({}); nothing was started",
        "{0} не удалось положить на полку ({1}); ничего не начато",
    ),
    (
        "{} could not be uploaded: {} of {} parts are there, and the upload can go on ({})",
        "{0} загружен не весь: частей на месте {1} из {2}, загрузку можно продолжить ({3})",
    ),
    ("{} could not be uploaded ({})", "{0} не загружен ({1})"),
    (
        "content {} could not be written: {}",
        "содержимое {0} не записывается: {1}",
    ),
    (
        "content {} has {} bytes, and {} were expected",
        "в содержимом {0} {1|байт|байта|байт}, а ждали {2}",
    ),
    (
        "content {} is not what was expected: it has another {} digest",
        "содержимое {0} не то, которого ждали: другой хеш {1}",
    ),
    (
        "`{}` is not a box: a GUID, or 32 hexadecimal digits with @diadoc.ru, is",
        "«{0}» — не ящик: нужен GUID или 32 шестнадцатеричные цифры с @diadoc.ru",
    ),
    (
        "`{}` is not an operation id: 1 to 64 characters of a-z, 0-9 and -, the first not a -",
        "«{0}» — не номер операции: нужны от 1 до 64 знаков a-z, 0-9 и -, первый не -",
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
        "адрес сервиса — не адрес; нужен такой, как https://diadoc-api.kontur.ru",
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
        "sender_ip: «{0}» — не IP-адрес",
    ),
    ("relative URL without a base", "в нём нет схемы"),
    ("empty host", "в нём нет сервера"),
    ("invalid port number", "номер порта неверен"),
    ("the file is empty", "файл пуст"),
    ("it is not UTF-8 text", "это не текст в UTF-8"),
    ("line {} is not TOML", "строка {0} — не TOML"),
    (
        "it was written by a newer program",
        "это записала более новая программа",
    ),
    (
        "{} may be read by others (mode {}): chmod 600 {}",
        "{0} может прочитать не только владелец (права {1}): chmod 600 {2}",
    ),
    (
        "{}: its content type is malformed",
        "{0}: тип содержимого записан неверно",
    ),
    (
        "{} has {} bytes, and what was being uploaded has {}",
        "{0}: {1|байт|байта|байт}, а загружался файл, в котором их {2}",
    ),
    (
        "{} is not what was being uploaded: it has another digest",
        "{0} — не то, что загружалось: хеш другой",
    ),
    (
        "{} was being uploaded to another account or host",
        "{0} загружался в другую учётную запись или на другой сервер",
    ),
    (
        "the upload stopped at {} of {} bytes",
        "загрузка остановилась на {0} из {1|байта|байт|байт}",
    ),
    (
        "the stored upload contradicts itself",
        "запись о загрузке противоречит сама себе",
    ),
    (
        "the service took every part and does not say that the content is whole",
        "сервис принял все части, но не говорит, что содержимое полное",
    ),
    ("it misses part {} of {}", "в списке нет части {0} из {1}"),
    (
        "it is not a list of missing parts",
        "это не список недостающих частей",
    ),
    ("it is not a name on the shelf", "это не имя на полке"),
    (
        "digests in {} cannot be made, so they cannot be compared",
        "хеш {0} посчитать нельзя, и сравнить его не с чем",
    ),
    ("{} is not in {}", "{0} не в границах {1}"),
    ("invalid digit found in string", "это не целое число"),
    (
        "cannot parse integer from empty string",
        "это не целое число",
    ),
    ("invalid IP address syntax", "это не IP-адрес"),
    ("invalid socket address syntax", "это не адрес с портом"),
    (
        "a number with s, m, h or d is wanted, for example 30d",
        "нужно число с s, m, h или d, например 30d",
    ),
    (
        "it is a kind and a code with a colon between them, for example ifns:0087",
        "нужны вид и код через двоеточие, например ifns:0087",
    ),
    (
        "the kind is ifns, mri, togs, upfr, sfr, fss or mvd",
        "вид — ifns, mri, togs, upfr, sfr, fss или mvd",
    ),
    (
        "`default`, or NUMBER:INN:REPINN of who issued it and who acts by it, is wanted",
        "нужно `default` или NUMBER:INN:REPINN: номер, ИНН доверителя и ИНН представителя",
    ),
    (
        "the program sends nothing for this",
        "для этого программа ничего не отправляет",
    ),
];

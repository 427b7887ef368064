//! Of exchanges.

/// English and Russian.
pub(super) const SENTENCES: &[(&str, &str)] = &[
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
        "ответ больше, чем разрешено",
    ),
    ("the request cannot be sent", "запрос нельзя отправить"),
    (
        "it is an HTML page; is the base URL right?",
        "это страница HTML; верен ли адрес сервиса?",
    ),
    (
        "an HTML page instead of an answer",
        "вместо ответа — страница HTML",
    ),
    (
        "it is in the encoding `{}`, which was not asked for",
        "он в кодировке «{0}», о которой не просили",
    ),
    ("{} is missing", "нет {0}"),
    (
        "{} is not a name that can be asked for",
        "{0} — не то имя, о котором можно спросить",
    ),
    (
        "the code was not confirmed in time: start again",
        "код не подтвердили вовремя: начните снова",
    ),
    ("the answer is empty", "ответ пуст"),
    (
        "the answer is not JSON but a page or XML",
        "ответ не JSON, а страница или XML",
    ),
    ("the answer is not JSON", "ответ не JSON"),
    ("the answer ends too early", "ответ обрывается"),
    (
        "the answer is nested too deep",
        "ответ вложен слишком глубоко",
    ),
    ("the answer is missing", "ответа нет"),
    ("the answer must not be {}", "ответ не может быть {0}"),
    ("field {} must not be {}", "поле {0} не может быть {1}"),
    ("field {} is missing", "нет поля {0}"),
    (
        "field {} is of another sort than it must be",
        "поле {0} не того вида",
    ),
    (
        "the answer is of another sort than it must be",
        "ответ не того вида",
    ),
    (
        "field {} has a value that cannot be read",
        "значение поля {0} не читается",
    ),
    (
        "the answer has a value that cannot be read",
        "в ответе есть значение, которое не читается",
    ),
    ("field {} occurs twice", "поле {0} встречается дважды"),
    ("in field {}", "в поле {0}"),
    ("line {}, column {}", "строка {0}, столбец {1}"),
    ("the bytes are not a {} message", "это не сообщение {0}"),
    ("the bytes are not a {}", "это не {0}"),
    (
        "{} lacks its required field {}",
        "в {0} нет обязательного поля {1}",
    ),
    (
        "it is not the part that was asked for",
        "это не та часть, которую просили",
    ),
    (
        "its Content-Range cannot be read",
        "его Content-Range не читается",
    ),
    (
        "it asks for a confirmation and names no id",
        "он просит подтверждения и не называет идентификатора",
    ),
    (
        "it holds nothing that the answer to a start holds",
        "в нём нет ничего из того, что бывает в ответе на начало",
    ),
    (
        "the service's answer does not fit the operation: {}",
        "ответ сервиса не подходит к операции: {0}",
    ),
    (
        "an operation that is {} cannot become {}",
        "операция в состоянии «{0}» не может перейти в «{1}»",
    ),
];

//! Of logins.

/// English and Russian.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    ("the login was broken off", "вход прерван"),
    (
        "Diadoc did not accept the login, the password or the API client id ({})",
        "Диадок не принял логин, пароль или ключ разработчика ({0})",
    ),
    (
        "the token is empty or has characters that a header cannot hold",
        "токен пуст, или в нём есть знаки, которых не бывает в заголовке",
    ),
    (
        "the API client id is empty or has characters that a header cannot hold",
        "ключ разработчика пуст, или в нём есть знаки, которых не бывает в заголовке",
    ),
    (
        "the session id or the API key has characters that a header cannot hold",
        "в идентификаторе сессии или ключе API есть знаки, которых не бывает в заголовке",
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
        "идентификатор или секрет программы (client_id) не приняты",
    ),
    (
        "a scope is not allowed to this client",
        "этой программе не разрешён такой доступ",
    ),
    (
        "the service does not offer this way to log in",
        "сервис не предлагает такого способа войти",
    ),
    (
        "the login cannot be sent",
        "запрос на вход нельзя отправить",
    ),
    ("the login", "вход"),
    (
        "the login has ended: log in again ({})",
        "вход закончился: войдите снова ({0})",
    ),
    (
        "the login has ended, and there is no refresh token: log in again",
        "вход закончился, и токена обновления нет: войдите снова",
    ),
    (
        "the refresh token is not accepted any more, or there is none",
        "токен обновления больше не принимается, или его нет",
    ),
    ("login by password", "вход по паролю"),
    ("login by refresh token", "вход по токену обновления"),
    ("login by browser", "вход через браузер"),
    (
        "start of the login on another device",
        "начало входа на другом устройстве",
    ),
    ("login on another device", "вход на другом устройстве"),
    (
        "the code of the browser is not accepted",
        "код из браузера не принят",
    ),
    (
        "the device code is not accepted",
        "код устройства не принят",
    ),
    (
        "it is an HTML page; is the address of the identity service right?",
        "это страница HTML; верен ли адрес службы входа?",
    ),
    (
        "an HTML page instead of an answer; is the address right?",
        "вместо ответа — страница HTML; верен ли адрес?",
    ),
    (
        "it is not what the protocol says",
        "это не то, что велит протокол",
    ),
    (
        "a second factor is wanted{}, and this program does not offer one",
        "нужен второй фактор{0}, а эта программа его не предлагает",
    ),
    ("the identity service refused", "служба входа отказала"),
    (
        "the client id or the client secret of the identity service is empty",
        "идентификатор или секрет программы (client_id) пуст",
    ),
    (
        "name at least one scope, each of one word, for example extern.api",
        "укажите хотя бы один доступ (scope), каждый одним словом, например extern.api",
    ),
    (
        "the address of the identity service cannot be used",
        "адрес службы входа не годится",
    ),
    (
        "the redirect address must be https, http on this machine, or of a scheme with a dot, and without a \
         fragment",
        "адрес возврата должен быть https, http на этой машине или схемы с точкой, и без фрагмента",
    ),
    ("its address is not a URL", "его адрес — не URL"),
    ("its address is not https", "его адрес — не https"),
    (
        "its code or its interval makes no sense",
        "его код или промежуток не имеет смысла",
    ),
    (
        "it has no bearer token that can be sent",
        "в нём нет токена, который можно отправить",
    ),
    ("it is not a token", "это не токен"),
    (
        "these credentials make no token",
        "эти данные для входа не дают токена",
    ),
    ("the kept token is not one", "сохранённый токен — не токен"),
    (
        "the kept login names no identity service",
        "в сохранённом входе не указана служба входа",
    ),
    (
        "the login to {} has ended: log in again{}",
        "вход в {0} закончился: войдите снова{1}",
    ),
    (
        "the login was not kept in {}",
        "вход не удалось сохранить в {0}",
    ),
    (
        "the login in {} cannot be used",
        "сохранённый вход в {0} не годится",
    ),
    (
        "another program has held the login in {} for too long",
        "другая программа слишком долго держит сохранённый вход в {0}",
    ),
    (
        "the key ring does not answer; PODPIS_KEY_RING=off does without it",
        "связка ключей не отвечает; без неё — PODPIS_KEY_RING=off",
    ),
];

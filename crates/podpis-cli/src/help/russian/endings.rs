//! What stands below the help of a command.

/// English and Russian.
pub(super) const TEXTS: &[(&str, &str)] = &[
    (
        "A FILE.p7s that is already there is replaced, in one step: at no time is half a signature found under \
         that name.\n\
         By dss the signer confirms on the phone, and the program says where and waits. When Diadoc asks to start \
         over later, that is done inside --timeout, at most three times.\n\
         By cloud the code from the SMS is asked for on the terminal. When standard input is not a terminal, one \
         line of it is one code.\n\
         Standard input (`-`) is called stdin, and its signature goes into the folder of --out as stdin.p7s, where \
         nothing that is there is replaced. Its code is asked for on the terminal. A file called `-` is ./-.\n\
         The operation is in the journal until its signatures are written: whatever stops the program, `podpis \
         ops` goes on with it. That of --sandbox ends with the program and is not kept.",
        "Прежний FILE.p7s заменяется одним шагом: ни в какой момент под этим именем не лежит половина подписи.\n\
         С dss подписант подтверждает на телефоне, а программа говорит, где именно, и ждёт. Если Диадок попросит \
         начать заново позже, программа сделает это в пределах --timeout, не больше трёх раз.\n\
         С cloud код из SMS спрашивается в терминале. Если стандартный ввод — не терминал, одна его строка — один \
         код.\n\
         Стандартный ввод (`-`) называется stdin, его подпись ложится в папку --out как stdin.p7s, и ничего, что там \
         есть, не заменяется. Код для него спрашивается в терминале. Файл с именем `-` — это ./-.\n\
         Операция лежит в журнале, пока её подписи не записаны: что бы ни остановило программу, `podpis ops` её \
         продолжит. Операция --sandbox кончается вместе с программой и не хранится.",
    ),
    (
        "A signature is read in DER, BER, PEM or Base64, with zeros or a line end behind; what it is not in DER \
         is told.\n\
         Exit codes: 0 proven: the key of the signer's certificate signed this very content; 1 wrong: the content \
         is another, the value is wrong, the digest proves nothing, the certificate is not the one asked for, it \
         is no signature, or there is none; 2 wrong usage, or a file that cannot be read; 3 not proven: something \
         could not be checked. Of several files the worst counts: 1, then 2, 3, 0.\n\
         Whose the certificate is, and whether it may be trusted, is checked with --trust, by the files named: 0 \
         trusted, 1 refused, 3 not proven, which says what is missing and where to get it. Nothing is fetched \
         without --fetch, which gets what is missing from the addresses in the certificates and says of every \
         address what came of it.",
        "Подпись читается в DER, BER, PEM или Base64, в том числе с нулями или концом строки в хвосте; чем она \
         отличается от DER, сообщается.\n\
         Коды завершения: 0 — доказано: ключ сертификата подписанта подписал именно это содержимое; 1 — неверно: \
         содержимое другое, значение неверно, хеш ничего не доказывает, сертификат не тот, это не подпись или её \
         нет; 2 — неверный вызов или файл не читается; 3 — не доказано: что-то нельзя проверить. Из нескольких \
         файлов считается худший: 1, затем 2, 3, 0.\n\
         Чей это сертификат и можно ли ему доверять, проверяется с --trust по названным файлам: 0 — доверенный, 1 \
         — отвергнут, 3 — не доказано; тогда сказано, чего не хватает и где это взять. Без --fetch ничего не \
         запрашивается; с ним недостающее берётся по адресам из сертификатов, и о каждом адресе сказано, что \
         получилось.",
    ),
    (
        "An ordinary signature of a document that waits for it sends the document. A document that waits unsent, \
         and whose form is prescribed, is prepared first: the signer is written into it.\n\
         With --waiting it shows what would be signed and what the other documents need, and asks once; where \
         nobody watches, --confirm-count says yes to exactly so many. Operations of the box that are open go on \
         first, so it can be run again whatever stopped it.\n\
         The operation is in the journal until its signatures are attached and written: whatever stops the \
         program, `podpis ops` goes on with it, and nothing is attached twice.",
        "Обычная подпись документа, который её ждёт, отправляет документ. Неотправленный документ, форма которого \
         предписана, сначала готовится: в него вписывается подписант.\n\
         С --waiting показывается, что будет подписано и чего не хватает остальным, и спрашивается один раз; где \
         никто не смотрит, --confirm-count соглашается ровно на столько. Сначала продолжаются открытые операции \
         ящика, поэтому команду можно повторить, что бы её ни остановило.\n\
         Операция лежит в журнале, пока её подписи не приложены и не записаны: что бы ни остановило программу, \
         `podpis ops` её продолжит, и ничего не приложится дважды.",
    ),
    (
        "Diadoc calls this way obsolete. A service that has removed it answers with 404 or 410, and the program \
         ends with 1.\n\
         The operation is in the journal until its last batch is signed: whatever stops the program, `podpis ops \
         resume` goes on with the next batch. That of --sandbox ends with the program.",
        "Диадок называет этот способ устаревшим. Сервис, где его уже нет, отвечает 404 или 410, и программа \
         завершается с 1.\n\
         Операция лежит в журнале, пока не подписана последняя пачка: что бы ни остановило программу, `podpis ops \
         resume` продолжит со следующей. Операция --sandbox кончается вместе с программой.",
    ),
    (
        "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused, only partly signed or not proven, 4 still open \
         or nobody can tell.\n\
         podpis login keeps a login, and podpis.toml settings, so that no variable is needed. Else secrets come \
         from the environment: DIADOC_TOKEN, or DIADOC_CLIENT_ID, DIADOC_LOGIN and DIADOC_PASSWORD; DIADOC_BOX \
         and DIADOC_BASE_URL are read too. For Extern: EXTERN_TOKEN, or EXTERN_CLIENT_ID, EXTERN_API_KEY, \
         EXTERN_LOGIN and EXTERN_PASSWORD; EXTERN_ACCOUNT, EXTERN_BASE_URL and EXTERN_IDENTITY_URL are read too. \
         NAME_FILE may name a file that holds the value instead.\n\
         PODPIS_PROFILE names the profile of podpis.toml; PODPIS_KEY_RING=off keeps logins out of the key ring.\n\
         PODPIS_JOURNAL names the folder in which unfinished operations are kept.\n\
         PODPIS_LOG takes targets of tracing with levels, for example podpis_core=debug.",
        "Коды завершения: 0 — готово, 1 — не получилось, 2 — неверный вызов, 3 — отказ, подписано не всё или не \
         доказано, 4 — ещё не закончено или неизвестно.\n\
         podpis login хранит вход, а podpis.toml — настройки, и переменные не нужны. Иначе секреты берутся из \
         окружения: DIADOC_TOKEN или DIADOC_CLIENT_ID, DIADOC_LOGIN и DIADOC_PASSWORD; читаются и DIADOC_BOX с \
         DIADOC_BASE_URL. Для Экстерна: EXTERN_TOKEN или EXTERN_CLIENT_ID, EXTERN_API_KEY, EXTERN_LOGIN и \
         EXTERN_PASSWORD; читаются и EXTERN_ACCOUNT, EXTERN_BASE_URL, EXTERN_IDENTITY_URL. ИМЯ_FILE может назвать \
         файл, в котором лежит значение.\n\
         PODPIS_PROFILE называет профиль из podpis.toml; с PODPIS_KEY_RING=off вход не хранится в связке ключей.\n\
         PODPIS_JOURNAL называет папку, где хранятся незаконченные операции.\n\
         PODPIS_LOG принимает цели tracing с уровнями, например podpis_core=debug.",
    ),
    (
        "With --waiting each docflow is told with the documents that ask for a reply, and by what they can be \
         answered; podpis extern reply --waiting answers them. Documents of inventories are not looked at: a \
         docflow does not name them.",
        "С --waiting о каждом документообороте сообщается, какие документы просят ответа и чем на них можно \
         ответить; podpis extern reply --waiting отвечает на них. Документы описей не просматриваются: документооборот \
         их не называет.",
    ),
    (
        "With --waiting each document is told with what it needs: nothing but a signature, which podpis diadoc \
         attach --waiting gives, or something else. Documents of drafts are told then too, behind the others: a draft \
         is sent to its recipient with its signatures.",
        "С --waiting о каждом документе сообщается, чего ему не хватает: только подписи, которую поставит podpis \
         diadoc attach --waiting, или чего-то другого. Тогда показываются и документы черновиков, после остальных: \
         с подписями черновик уходит получателю.",
    ),
];

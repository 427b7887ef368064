//! Of operations.

/// English and Russian.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    ("starting", "начинается"),
    ("waiting for the code", "ждёт код"),
    ("being confirmed", "подтверждается"),
    ("at work", "в работе"),
    (
        "the operation is still open after {} s; it goes on at the service and can be resumed",
        "операция всё ещё не закончена (прошло {0} с); она идёт у сервиса, её можно продолжить",
    ),
    ("the operation is still {}", "операция всё ещё {0}"),
    (
        "{}; {} receipts of the batches before are signed",
        "{0}; извещения прежних пачек подписаны: {1}",
    ),
    (
        "the start of signing {} was sent to Diadoc and its answer was lost: Diadoc may have sent an SMS, \
         whose code cannot be used without that answer, so no signature can come of it. To start over sends \
         the person a new SMS",
        "запрос на подписание {0} отправлен в Диадок, а ответ потерян: Диадок мог отправить SMS, но код из неё \
         без этого ответа не годится, поэтому подписи из этого не выйдет. Если начать заново, человек \
         получит новую SMS",
    ),
    (
        "batch {} of receipts was sent to Diadoc and its answer was lost: Diadoc may be signing its \
         receipts, has no list of operations to ask, and does not say what a repetition with the same key \
         does. {} receipts of the batches before are signed. Start over once that batch has had some minutes \
         to end: a new start is for the receipts that wait in the box then",
        "пачка извещений {0} отправлена в Диадок, а ответ потерян: Диадок, возможно, подписывает её, списка \
         операций у него нет, и неизвестно, что даст повтор с тем же ключом. Извещений прежних пачек \
         подписано: {1}. Через несколько минут, когда эта пачка успеет закончиться, начните заново: в новую операцию войдут извещения, \
         которые будут ждать в ящике к тому времени",
    ),
    (
        "there is nobody to ask for the code",
        "код спросить не у кого",
    ),
    ("the code was not given: {}", "код не введён: {0}"),
    (
        "the operation is still {} after {} s and {} polls; it goes on at the service and can be resumed",
        "операция всё ещё {0} (прошло {1} с, {2|опрос|опроса|опросов}); она идёт у сервиса, её можно \
         продолжить",
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
        "сервис дал {0|результат|результата|результатов}, а файлов: {1}",
    ),
    (
        "the signatures were not attached: {}",
        "подписи не приложены: {0}",
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
        "переданная подпись не читается, и ничего не отправлено: {0}",
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
        "у подписанта не подтверждена другая операция",
    ),
    (
        "the code for {} was sent to Diadoc and its answer was lost: Diadoc may have signed, and has no list \
         of operations to ask. The certificate's usage report at Diadoc tells; if nothing was signed, start \
         over, which sends the person a new SMS",
        "код для {0} отправлен в Диадок, а ответ потерян: Диадок мог подписать, а списка операций у него \
         нет. Ответ — в отчёте об использовании сертификата в Диадоке; если ничего не подписано, начните \
         заново, и человек получит новую SMS",
    ),
    (
        "the start of signing {} was sent to Diadoc and its answer was lost: the owner of the certificate \
         may be asked to confirm it on their phone, Diadoc has no list of operations to look into, and \
         without that answer the signatures cannot be got. Let the owner decline what they are asked, then \
         start over; while it is unconfirmed, Diadoc likely refuses another start \
         (UserHasUnconfirmedOperation)",
        "запрос на подписание {0} отправлен в Диадок, а ответ потерян: владельца сертификата могли попросить \
         подтвердить его на телефоне, списка операций у Диадока нет, и без этого ответа подписи не получить. \
         Пусть владелец отклонит запрос, потом начните заново; пока он не подтверждён, Диадок, скорее всего, не даст начать снова (UserHasUnconfirmedOperation)",
    ),
    (
        "the start for {} was sent and its answer was lost: the person may have been asked on the phone, or \
         have got an SMS whose code cannot be used without that answer. There is no result yet; look into \
         the phone app, decline what is open there, and start over",
        "запрос для {0} отправлен, а ответ потерян: человека могли спросить на телефоне или прислать ему \
         SMS, код из которой без этого ответа не годится. Результата ещё нет; посмотрите в приложении на \
         телефоне, отклоните открытое и начните заново",
    ),
    (
        "the code for {} was sent and its answer was lost, and there is no result yet: it may still come. \
         Resume later to look again; if nothing comes, start over, which asks the person again",
        "код для {0} отправлен, а ответ потерян, и результата ещё нет: он может прийти. Продолжите позже; \
         если ничего не придёт, начните заново, и человека спросят ещё раз",
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
    ("this program has it open", "её ведёт эта же программа"),
    (
        "no client here can go on with a {} operation",
        "операцию {0} здесь продолжить некому",
    ),
    (
        "no client was given for a {} operation at {} ({})",
        "операцию {0} на {1} продолжить некому ({2})",
    ),
    (
        "operation {} is {} and waits for no code",
        "операция {0} в состоянии «{1}» и кода не ждёт",
    ),
    (
        "a code for operation {} is being given at this moment",
        "код для операции {0} передаётся прямо сейчас",
    ),
    ("its step asks for no code", "её шаг не просит кода"),
    (
        "its step is not one that is polled",
        "о её шаге не спрашивают",
    ),
    (
        "it has no token to confirm",
        "в ней нет токена для подтверждения",
    ),
    (
        "it has no request to confirm",
        "в ней нет запроса для подтверждения",
    ),
    (
        "it has no record of the signing",
        "в ней нет записи о подписании",
    ),
    (
        "it is done and has no signatures",
        "она закончена, а подписей нет",
    ),
    (
        "it is done and has no result",
        "она закончена, а результата нет",
    ),
    (
        "it is done and does not say what was posted",
        "она закончена и не говорит, что отправлено",
    ),
    (
        "it is done and names no docflow",
        "она закончена и не называет документооборота",
    ),
    (
        "it is done and names no content",
        "она закончена и не называет содержимого",
    ),
    (
        "it is done and was not sent",
        "она закончена, но не отправлена",
    ),
    (
        "it is done and has a further batch",
        "она закончена, а пачка ещё есть",
    ),
    ("it names no task", "она не называет задачи"),
    ("it names no batch to send", "она не называет пачки"),
    (
        "it does not say what was posted",
        "она не говорит, что отправлено",
    ),
    (
        "the message does not show the signature yet",
        "в сообщении подписи ещё не видно",
    ),
    (
        "its task is `{}`, which is unknown",
        "состояние её задачи — «{0}», оно неизвестно",
    ),
    (
        "its progress is `{}`, which is unknown",
        "ход её работы — «{0}», он неизвестен",
    ),
    (
        "{}: resume later to look again",
        "{0}: продолжите позже, чтобы посмотреть снова",
    ),
    (
        "draft {} was sent or is being sent, and names neither a task nor a docflow",
        "черновик {0} отправлен или отправляется, но не называет ни задачи, ни документооборота",
    ),
    (
        "reply {} was being sent and the answer was lost, and document {} asked for no reply before that \
         either: look into the docflow whether the reply is there",
        "ответ {0} отправлялся, и ответ сервиса потерян, а документ {1} и до того ответа не просил: \
         посмотрите, есть ли ответ в документообороте",
    ),
    (
        "the document is decrypted, and its content could not be kept ({})",
        "документ расшифрован, но его содержимое не удалось сохранить ({0})",
    ),
    (
        "Diadoc gives it the OperationStatus {}, which this version does not know",
        "её состояние в Диадоке — OperationStatus {0}, эта версия его не знает",
    ),
    (
        "Diadoc gives it no OperationStatus",
        "Диадок не называет её состояния",
    ),
    (
        "Diadoc could not sign it (SigningError)",
        "Диадок не смог подписать (SigningError)",
    ),
    (
        "Diadoc says that it is signed and gave no signature",
        "Диадок говорит, что подписано, а подписи не дал",
    ),
    (
        "Diadoc gave no signature, and the FileSigningStatus {}, which this version does not know",
        "Диадок не дал подписи, а FileSigningStatus — {0}, эта версия его не знает",
    ),
    (
        "Diadoc gave neither a signature nor a FileSigningStatus",
        "Диадок не дал ни подписи, ни FileSigningStatus",
    ),
    (
        "the service gave neither a signature nor its name on the shelf",
        "сервис не дал ни подписи, ни её имени на полке",
    ),
    (
        "the service attached no signature to it",
        "сервис не приложил к нему подписи",
    ),
    (
        "Diadoc does not find it: current servers have removed the signing of receipts (AutoSignReceipts), \
         and older ones say this of a box, a certificate or a task that is not there",
        "Диадок этого не находит: на нынешних серверах подписание извещений (AutoSignReceipts) убрано, а \
         прежние так говорят о ящике, сертификате или задаче, которых нет",
    ),
    ("the person stopped", "человек не стал отвечать"),
];

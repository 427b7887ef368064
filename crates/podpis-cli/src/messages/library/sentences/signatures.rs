//! Of signatures, keys and trust.

/// English and Russian.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "not every file was signed: {}",
        "подписаны не все файлы: {0}",
    ),
    ("the service gave no signature", "сервис не дал подписи"),
    (
        "the signature that was given cannot be used: {}",
        "переданная подпись не годится: {0}",
    ),
    (
        "the signature of a reply cannot be read: {}",
        "подпись ответа не читается: {0}",
    ),
    (
        "the report of a signature's verification cannot be read: {}",
        "отчёт о проверке подписи не читается: {0}",
    ),
    (
        "the signatures do not match the files: {}",
        "подписи не от этих файлов: {0}",
    ),
    ("no signature for {}", "нет подписи для {0}"),
    (
        "signature {} of {} cannot be read",
        "подпись {0} из {1} не читается",
    ),
    (
        "signature {} of {} is one more for {}",
        "подпись {0} из {1} — ещё одна для {2}",
    ),
    (
        "signature {} of {} is one too many",
        "подпись {0} из {1} лишняя",
    ),
    (
        "signature {} of {} is for none of the files",
        "подпись {0} из {1} не от этих файлов",
    ),
    (
        "{} is signed with another certificate: {} instead of {}",
        "{0}: подписано другим сертификатом, {1} вместо {2}",
    ),
    (
        "the signature of {} is wrong: its value does not verify",
        "подпись {0} неверна: её значение не сходится",
    ),
    (
        "the signature of {} is made with the digest algorithm {}, which proves nothing here",
        "подпись {0} сделана с хешем {1}, который здесь ничего не доказывает",
    ),
    (
        "the signature of {} is not proven: {}",
        "подпись {0} не доказана: {1}",
    ),
    (
        "which of {} files the signature {} is for cannot be found out in {} checks of its value",
        "к какому из файлов ({0}) относится подпись {1}, не узнать за {2|проверку|проверки|проверок} её \
         значения",
    ),
    (
        "the signature of {} could not be verified",
        "подпись {0} не удалось проверить",
    ),
    (
        "an RSA key of {} bits proves nothing",
        "ключ RSA, в котором бит {0}, ничего не доказывает",
    ),
    (
        "the signature has no certificate",
        "в подписи нет сертификата",
    ),
    ("the certificate cannot be read", "сертификат не читается"),
    (
        "the stored digests of {} cannot be read: {}",
        "сохранённые хеши {0} не читаются: {1}",
    ),
    (
        "unknown digest algorithm {}",
        "неизвестный алгоритм хеша {0}",
    ),
    (
        "two {} digests of one document",
        "два хеша {0} у одного документа",
    ),
    (
        "the {} digest has {} bytes",
        "в хеше {0} {1|байт|байта|байт}",
    ),
    (
        "the {} digest is not hex",
        "хеш {0} — не шестнадцатеричное число",
    ),
    ("the signature is empty", "подпись пуста"),
    (
        "the signature has {} bytes, over the limit of {}",
        "в подписи {0|байт|байта|байт}, а предел — {1}",
    ),
    (
        "the signature has more than {} signers",
        "в подписи больше {0|подписанта|подписантов|подписантов}",
    ),
    (
        "more than {} certificates in the signature may be one signer's",
        "одному подписанту в подписи может принадлежать больше {0|сертификата|сертификатов|сертификатов}",
    ),
    (
        "the signature is PEM text that cannot be decoded",
        "подпись в PEM, но раскодировать её нельзя",
    ),
    (
        "the text holds more than one signature",
        "в тексте больше одной подписи",
    ),
    (
        "the signature is Base64 text that cannot be decoded",
        "подпись в Base64, но раскодировать её нельзя",
    ),
    (
        "the bytes are no signature: they start with {} instead of {}",
        "это не подпись: в начале {0} вместо {1}",
    ),
    (
        "the signature is malformed: a length in it is beyond any signature",
        "подпись испорчена: указанной в ней длины у подписей не бывает",
    ),
    (
        "the signature is malformed: a primitive element has no length",
        "подпись испорчена: у простого элемента нет длины",
    ),
    (
        "the signature is malformed: {} cannot be read",
        "подпись испорчена: {0} не читается",
    ),
    (
        "the signature is cut off: an element lacks {} bytes",
        "подпись обрывается: в элементе не хватает {0|байта|байт|байт}",
    ),
    (
        "{} bytes follow the end of the signature",
        "после конца подписи лишнее: {0|байт|байта|байт}",
    ),
    (
        "the signature is nested too deeply",
        "подпись вложена слишком глубоко",
    ),
    (
        "the bytes are DER but not a CMS message",
        "это DER, но не сообщение CMS",
    ),
    (
        "the CMS message is not SignedData but {}",
        "сообщение CMS — не SignedData, а {0}",
    ),
    (
        "the signed content is not plain data but {}",
        "подписаны не простые данные, а {0}",
    ),
    (
        "the signature is attached: it carries the content it signs",
        "подпись присоединённая: подписанное содержимое внутри неё",
    ),
    (
        "the signature is detached: it does not carry the content it signs",
        "подпись отсоединённая: подписанного содержимого в ней нет",
    ),
    (
        "the content inside the signature is of another type: {}",
        "содержимое внутри подписи другого типа: {0}",
    ),
    ("the signature has no signers", "в подписи нет подписантов"),
    (
        "signer {} of the signature is malformed: {} cannot be read",
        "подписант {0} записан неверно: {1} не читается",
    ),
    (
        "signer {} of the signature has signed attributes without {}",
        "у подписанта {0} среди подписанных атрибутов нет {1}",
    ),
    (
        "signer {} of the signature has a messageDigest of {} bytes for {}",
        "у подписанта {0} messageDigest — {1|байт|байта|байт}, для {2} столько не бывает",
    ),
    (
        "signer {} of the signature signs {} instead of plain data",
        "подписант {0} подписал {1} вместо простых данных",
    ),
    (
        "signer {} of the signature repeats the attribute {}",
        "у подписанта {0} повторяется атрибут {1}",
    ),
    ("the thumbprint is empty", "отпечаток пуст"),
    (
        "a thumbprint has 40 hex digits (SHA-1), not {}",
        "в отпечатке 40 шестнадцатеричных цифр (SHA-1), а здесь {0}",
    ),
    (
        "character {} of the thumbprint is {}, not a hex digit",
        "знак {0} отпечатка — {1}, а не шестнадцатеричная цифра",
    ),
    ("there is no certificate", "сертификата нет"),
    (
        "the certificate is PEM text, not DER",
        "сертификат в PEM, а не в DER",
    ),
    (
        "the certificate is text that cannot be decoded",
        "сертификат — текст, который не раскодировать",
    ),
    ("the certificate is not DER", "сертификат не в DER"),
    (
        "{} bytes follow the end of the certificate",
        "после конца сертификата лишнее: {0|байт|байта|байт}",
    ),
    (
        "the bytes are DER but not an X.509 certificate",
        "это DER, но не сертификат X.509",
    ),
    ("there is no revocation list", "списка отзыва нет"),
    (
        "the revocation list has {} bytes, over the limit of {}",
        "в списке отзыва {0|байт|байта|байт}, а предел — {1}",
    ),
    (
        "the revocation list is text that cannot be decoded",
        "список отзыва — текст, который не раскодировать",
    ),
    (
        "the bytes are not a revocation list",
        "это не список отзыва",
    ),
    (
        "the OCSP answer has {} bytes, over the limit of {}",
        "в ответе OCSP {0|байт|байта|байт}, а предел — {1}",
    ),
    (
        "the OCSP responder gives no status: {}",
        "сервер OCSP не дал ответа: {0}",
    ),
    ("the bytes are not an OCSP answer", "это не ответ OCSP"),
];

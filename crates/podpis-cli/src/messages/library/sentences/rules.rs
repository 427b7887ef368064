//! Of the rules of signatures in Diadoc.

/// English and Russian.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "no entity is named as the parent",
        "не указано, под каким документом подпись",
    ),
    (
        "the prepared content has no name",
        "у подготовленного содержимого нет имени",
    ),
    (
        "the content was prepared for {}, and the signature is for {}",
        "содержимое подготовлено для {0}, а подпись для {1}",
    ),
    (
        "the content was prepared in {}, and the signature is for {}",
        "содержимое подготовлено в {0}, а подпись для {1}",
    ),
    (
        "it does not show for which document the content was prepared",
        "не видно, для какого документа подготовлено содержимое",
    ),
    (
        "what is sent now needs a signature or the test flag",
        "то, что отправляется сразу, нужно подписать",
    ),
    (
        "a document that waits for its signature must not have one yet",
        "документ, который ждёт подписи, ещё не должен быть подписан",
    ),
    (
        "the document has {} bytes, and above {} the service advises the shelf",
        "в документе {0|байт|байта|байт}, а больше {1} сервис советует класть на полку",
    ),
    (
        "the signature is not of the bytes that are signed",
        "подпись не под теми байтами, которые подписываются",
    ),
    (
        "the value of the signature does not verify with the key of its certificate",
        "значение подписи не сходится с ключом её сертификата",
    ),
    (
        "the signature is made with the digest algorithm {}, which proves nothing",
        "подпись сделана с хешем {0}, который ничего не доказывает",
    ),
    (
        "the signature cannot be read: {}",
        "подпись не читается: {0}",
    ),
    ("the signature is not DER: {}", "подпись не в DER: {0}"),
    (
        "the signature has {} bytes, and above {} the service advises the shelf",
        "в подписи {0|байт|байта|байт}, а больше {1} сервис советует класть на полку",
    ),
    (
        "the signer's certificate is not in the signature",
        "в подписи нет сертификата подписанта",
    ),
    ("the digest is {}, not a GOST one", "хеш — {0}, а не ГОСТ"),
    (
        "the digest {} does not go with a key of {}",
        "хеш {0} не подходит к ключу {1}",
    ),
    (
        "the power of attorney does not name the INN of who issued it",
        "в доверенности нет ИНН того, кто её выдал",
    ),
    (
        "the power of attorney does not name the INN of who acts by it",
        "в доверенности нет ИНН того, кто по ней действует",
    ),
    ("there is no power of attorney", "доверенности нет"),
    (
        "a power of attorney is named in {} ways, not in one",
        "доверенность указана не одним способом, а сразу несколькими: {0}",
    ),
    (
        "only a power of attorney that is named by its number or by default can be sent as a file",
        "файлом можно отправить только доверенность, указанную номером или по умолчанию",
    ),
    (
        "whether the organization may use approval signatures does not show here",
        "не видно, можно ли организации ставить согласующие подписи",
    ),
    (
        "the document was sent, and only unsent ones are prepared",
        "документ отправлен, а готовят только неотправленные",
    ),
    (
        "the draft is internal, and no recipient is named for those",
        "черновик внутренний, получателя у таких нет",
    ),
    (
        "there are two ordinary signatures of {}, and one may be posted",
        "обычных подписей под {0} две, а отправить можно одну",
    ),
    (
        "there are two ordinary signatures of {}",
        "обычных подписей под {0} две",
    ),
    (
        "the signatures have {} bytes together, and a request takes 70 MB",
        "в подписях вместе {0|байт|байта|байт}, а в запрос помещается 70 МБ",
    ),
    (
        "{} has a signature, and it does not show whether it is ours",
        "под {0} есть подпись, и не видно, наша ли она",
    ),
    (
        "{} is formalized and unsent: sending changes its content, so it can be approved only afterwards",
        "{0} формализован и не отправлен: при отправке его содержимое меняется, поэтому согласовать можно \
         только потом",
    ),
    (
        "{} is unsent: the approval reaches the recipient only with it and the sender's signature",
        "{0} не отправлен: согласование дойдёт до получателя только вместе с ним и подписью отправителя",
    ),
    (
        "{} is unsent, and it does not show whether it is formalized",
        "{0} не отправлен, и не видно, формализован ли он",
    ),
    (
        "it does not show whether {} was sent",
        "не видно, отправлен ли {0}",
    ),
    (
        "{} got {} approval signatures in a day, and {} may be",
        "согласующих подписей под {0} за сутки {1}, а можно {2}",
    ),
    (
        "there are {} labels, and at most {} may be",
        "меток {0}, а можно не больше {1}",
    ),
    ("the label `{}` is empty", "метка «{0}» пуста"),
    (
        "the label `{}` has more than {} characters",
        "в метке «{0}» больше {1|знака|знаков|знаков}",
    ),
    (
        "the label `{}` has more in it than Latin letters, digits and hyphens",
        "в метке «{0}» есть не только латинские буквы, цифры и дефисы",
    ),
    ("the label `{}` is there twice", "метка «{0}» повторяется"),
    (
        "labels that begin with `_`, such as `{}`, are the service's own",
        "метки с «_» в начале, такие как «{0}», — для самого сервиса",
    ),
    (
        "what came back are signatures that may not be attached: {}",
        "пришли подписи, которые нельзя приложить: {0}",
    ),
];

//! The Russian words.
//!
//! **Invariant:** one line per message; it names the thing and says what to do.

use podpis::extern_api::{AnswerStep, ReportStep, Unusable};

use super::{Cost, Label, Message, one_unit};
use crate::commands::ops::outcome::{Outcome, Skip};
use crate::exit::Exit;
use crate::kept::{Came, Reading};

pub(super) fn text(message: &Message) -> String {
    match message {
        Message::Lead(exit) => match exit {
            Exit::Done => "готово".into(),
            Exit::Failed => "не получилось".into(),
            Exit::Usage => "на подпись ничего не отправлено".into(),
            Exit::Refused => "подписи не будет".into(),
            Exit::NotProven => "не доказано".into(),
            Exit::Open => "пока неизвестно, чем это закончится".into(),
        },

        Message::BadArgument(name) => format!("неверное значение {name}"),
        Message::VariableNotText(name) => format!("в {name} не текст в UTF-8"),
        Message::VariableTwice(name) => {
            format!("заданы и {name}, и {name}_FILE; оставьте одну из переменных")
        }
        Message::VariableFile { name, path } => {
            format!("в {name}_FILE указан файл {path}, но значения из него не получить")
        }
        Message::MissingCredentials(names) => format!(
            "нечем войти: не задано {names}; задайте DIADOC_TOKEN либо DIADOC_CLIENT_ID вместе с DIADOC_LOGIN и \
             DIADOC_PASSWORD (или ИМЯ_FILE с путём к файлу, в котором лежит значение)"
        ),
        Message::MissingExternCredentials(names) => format!(
            "нечем войти: не задано {names}; задайте EXTERN_TOKEN либо EXTERN_CLIENT_ID и EXTERN_API_KEY вместе с \
             EXTERN_LOGIN и EXTERN_PASSWORD (или ИМЯ_FILE с путём к файлу, в котором лежит значение)"
        ),
        Message::MissingAccount => {
            "неизвестна учётная запись: укажите --account или EXTERN_ACCOUNT; список — podpis extern accounts"
                .into()
        }
        Message::MissingIds(names) => {
            format!("нужно указать {names}; без этого есть что делать только в песочнице")
        }
        Message::NoSuchCertificate(thumbprint) => format!(
            "у учётной записи нет сертификата {thumbprint}; список — podpis extern certificates, а из файла сертификат \
             берёт --cert-file"
        ),
        Message::CertificateUnreadable(path) => {
            format!("{path} — не сертификат в DER или PEM")
        }
        Message::YesNeedsSandbox(url) => format!(
            "--yes отвечает за человека, поэтому работает только с песочницей, а {url} — не песочница; уберите --yes"
        ),
        Message::ListenAddress(text) => {
            format!("--listen {text} — не адрес с портом, например 127.0.0.1:8787")
        }
        Message::ListenOtherHosts(address) => format!(
            "адрес --listen {address} доступен с других машин, а кто видит песочницу, тот видит и коды; слушайте \
             127.0.0.1 или [::1]"
        ),
        Message::SameTarget(target) => format!(
            "подписи двух файлов попали бы в {target}; подпишите файлы по одному, с разными --out"
        ),
        Message::TargetIsInput(target) => {
            format!("{target} — один из файлов, и подпись заменила бы его; укажите --out")
        }
        Message::TargetIsFolder(target) => {
            format!("подпись должна лечь в {target}, а это папка")
        }
        Message::NoFolder(folder) => format!("папка {folder} для подписей не годится"),
        Message::FolderNotWritable(folder) => format!("в папку {folder} не записать подписи"),
        Message::FileUnreadable(path) => format!("файл {path} не читается"),
        Message::NotAFile(path) => format!("{path} — не файл"),
        Message::TooLargeForSignature { path, limit } => {
            format!("{path} больше {limit} байт, подписей такого размера не бывает")
        }

        Message::Setup => "программа не может начать работу".into(),
        Message::ListenFailed(address) => format!("не получается слушать {address}"),
        Message::NothingAnswers(url) => format!("по адресу {url} никто не отвечает"),
        Message::SandboxControl(path) => format!("песочница ответила на {path} не так, как должна"),
        Message::SignatureNotWritten(target) => format!("подпись {target} не записана"),
        Message::ResultNotWritten(target) => format!("{target} не записан"),
        Message::ContentDiffers(file) => {
            format!("{file} — уже не то, что подписано, поэтому записана только подпись")
        }
        Message::ResultNotPrinted => "результат не удалось вывести".into(),
        Message::Interrupted => {
            "прервано: подписание продолжается на сервисе, и человека могут спросить по SMS или на телефоне".into()
        }
        Message::InterruptedEarly => "прервано: на подпись ничего не отправлено".into(),
        Message::ResultNotUnderstood => {
            "операция дала результат, которого эта версия программы не знает".into()
        }
        Message::JournalUnusable(path) => {
            format!("журнал {path} не годится, поэтому ничего не отправлено")
        }
        Message::NoJournalFolder => {
            "нет домашней папки, в которой вести журнал; задайте PODPIS_JOURNAL или --journal"
                .into()
        }
        Message::RecordUnreadable(path) => format!("запись {path} не читается"),
        Message::NoOperation { id, journal } => format!("в журнале {journal} нет операции {id}"),
        Message::OtherHost { id, elsewhere } => {
            let (host, configured) = (&elsewhere.host, &elsewhere.configured);
            let why = if elsewhere.in_sandbox {
                format!("операция {id} создана в песочнице {host}, и песочница там сейчас не отвечает")
            } else {
                format!("операция {id} живёт на {host}, а настроен {configured}")
            };
            format!(
                "{why}: ничего не отправлено; если ваш логин для {host}, укажите его в --base-url (сейчас: {configured})"
            )
        }
        Message::JournalGone => "внимание: результат выдан, а запись о нём в журнале изменить не удалось".into(),
        Message::NoteRefused(id) => format!("заметка операции {id} не используется"),
        Message::InSandbox(place) => format!("{place} (песочница)"),
        Message::FilesUnknown { id, command } => format!(
            "не записано, где лежат файлы операции {id}: подпишите их командой podpis diadoc sign, а эту операцию \
             забудьте: {command}"
        ),
        Message::AskUnknown { id, command } => format!(
            "не записано, о чём была операция {id}: запустите команду podpis extern снова, а эту операцию забудьте: \
             {command}"
        ),
        Message::FileChanged(path) => {
            format!("{path} — уже не тот файл, что в операции: содержимое другое")
        }
        Message::KindUnknown { id, kind } => {
            format!("операция {id} — {kind}, эта версия программы такие не продолжает")
        }
        Message::StillOpen { id, state, command } => format!(
            "операцию {id} ещё можно закончить ({state}), а если начать заново, человека спросят дважды; всё равно \
             начать — --even-if-open, продолжить — {command}"
        ),

        Message::UsingSandbox(url) => {
            format!("работаем с песочницей {url}; её подписи ничего не значат")
        }
        Message::FilesTaken => "файлы у Диадока; ждём, когда уйдёт SMS…".into(),
        Message::SmsSent => "отправлена SMS с кодом; ждём код".into(),
        Message::CodeTaken => "код у Диадока; ждём подписи…".into(),
        Message::ExternAtWork => {
            "Экстерн начал; если он спросит на телефоне, подтвердите там…".into()
        }
        Message::ExternHasCode => "код у Экстерна; ждём результат…".into(),
        Message::ConfirmOnPhone => "подтвердите на телефоне (myDSS)".into(),
        Message::FinishOtherOnPhone => {
            "на телефоне (myDSS) ждёт другая операция: сначала подтвердите или отклоните её".into()
        }
        Message::Progress(status) => format!("Экстерн сообщает: {status}"),
        Message::ConfirmedOnPhone => "--yes: подтверждено на телефоне песочницы".into(),
        Message::CodeFromPhone => "--yes: код взят с телефона песочницы".into(),
        Message::CodeNotAccepted => {
            "--yes: сервис не принял код из единственной SMS этой операции".into()
        }
        Message::WaitingForPhone => "--yes: ждём SMS на телефоне песочницы…".into(),
        Message::WaitingForLine { attempt: 1, .. } => {
            "код читается из строки стандартного ввода".into()
        }
        Message::WaitingForLine { attempt, of } => format!(
            "код неверный; попытка {attempt} из {of}: следующий код читается из следующей строки стандартного ввода"
        ),

        Message::GoOn { id, state, command } => {
            format!("операция {id} открыта ({state}) и записана в журнал; продолжить: {command}")
        }
        Message::HandOut { id, command } => {
            format!("операция {id} закончилась, её результат в журнале; получить: {command}")
        }
        Message::Unclear {
            id,
            start_over,
            abandon,
            cost,
        } => format!(
            "отсюда не узнать, чем кончилась операция {id}: спросите подписанта и посмотрите в сервисе; если ничего \
             не подписано, начните заново, {}: {start_over}; или забудьте её: {abandon}",
            costs(*cost)
        ),
        Message::Came(came) => match came {
            Came::Nothing => "ничего не пришло".into(),
            Came::Unreadable => "пришла подпись, которую не удалось прочитать".into(),
            Came::OtherContent => "пришла подпись под другим содержимым".into(),
            Came::WrongValue => "пришла подпись, созданная не ключом её сертификата".into(),
            Came::NotChecked => "пришла подпись, которая не проверена".into(),
            Came::Signatures => "пришло не то, что запрошено".into(),
        },
        Message::SignedThenRefused => "подписано, но потом пришёл отказ".into(),
        Message::Waits {
            came,
            id,
            save,
            abandon,
        } => format!(
            "операция {id}: {}; всё, что пришло, лежит в журнале, записать его таким, как пришло: {save}; пока на него не \
             посмотрели, никого спрашивать снова не надо; забыть: {abandon}",
            text(&Message::Came(*came))
        ),
        Message::OfNoUse {
            came,
            id,
            save,
            start_over,
            cost,
        } => format!(
            "операция {id}: {}, и больше ничего; она лежит в журнале, записать её такой, как пришла: {save}; подписать \
             снова, {}: {start_over}",
            text(&Message::Came(*came)),
            costs(*cost)
        ),
        Message::NothingCame {
            id,
            start_over,
            abandon,
            cost,
        } => format!(
            "операция {id} закончилась, и подписей нет; подписать снова, {}: {start_over}; забыть её: {abandon}",
            costs(*cost)
        ),
        Message::SaveFirst { id, save } => format!(
            "в операции {id} лежит то, что пришло, а начать заново — значит забыть это: сначала запишите его, {save}; \
             всё равно начать — --even-if-open"
        ),
        Message::Saved { place, reading } => match reading {
            Reading::Of(file) => format!("{place}: подпись файла {file}"),
            Reading::WrongValue(file) => format!(
                "{place}: подпись под содержимым файла {file}, созданная не ключом её сертификата"
            ),
            Reading::OtherContent => format!("{place}: подпись под другим содержимым"),
            Reading::NotChecked => format!("{place}: подпись, которая не проверена"),
            Reading::Unreadable => format!("{place}: прочитать как подпись не удалось"),
        },
        Message::KeepsNothing(id) => format!(
            "в операции {id} нет ни подписи, ни того, что пришло вместо неё, поэтому ничего не записано"
        ),
        Message::NotSent { file, place } => {
            format!("{file}: подписан, но не отправлен; подпись в {place}")
        }
        Message::NotKept { id, state } => format!(
            "операция {id} ещё открыта ({state}); она живёт во встроенной песочнице, которая закрывается вместе с \
             программой, поэтому её запись не сохранена"
        ),

        Message::GoingOn { id, files } => format!("операция {id}: {files}"),
        Message::Claimed(id) => {
            format!("операцией {id} занята другая программа, ей она и остаётся")
        }
        Message::Finished(id) => format!("операцию {id} закончила другая программа"),
        Message::Outcome { id, outcome } => {
            let words = match outcome {
                Outcome::Ended(Exit::Done) => "готово",
                Outcome::Ended(Exit::Failed) => "не получилось",
                Outcome::Ended(Exit::Usage) => "не продолжена",
                Outcome::Ended(Exit::Refused) => "отказ, или подписано не всё",
                Outcome::Ended(Exit::NotProven) => "готово, но не доказано",
                Outcome::Ended(Exit::Open) => "остаётся в журнале",
                Outcome::Skipped(Skip::Claimed) => "занята другой программой",
                Outcome::Skipped(Skip::Finished) => "закончена другой программой",
                Outcome::Skipped(Skip::Elsewhere(_)) => "не тронута: она живёт по другому адресу",
            };
            format!("чем кончилась операция {id}: {words}")
        }
        Message::PlaceUnknown { id, folder } => format!(
            "не записано, куда должны были лечь подписи операции {id}, поэтому они лягут в {folder}; другую папку \
             укажите в --out"
        ),
        Message::StartedOver { old, new } => {
            format!("вместо операции {old} начата {new}")
        }
        Message::Abandoning { id, state } => match state {
            None => format!("операция {id} забыта; её запись не читалась"),
            Some("done") => format!(
                "операция {id} забыта, а с ней и то, что сервис дал и, может быть, даёт только один раз"
            ),
            Some("refused") => format!("операция {id} забыта; в ней было отказано"),
            Some("awaiting_code") => format!(
                "операция {id} забыта; сервису об этом не сказано, а код из её SMS больше ни на что не годится"
            ),
            Some(state) => format!(
                "операция {id} забыта ({state}); сервису об этом не сказано, он ещё может подписать, но результат \
                 никто не заберёт"
            ),
        },
        Message::JournalEmpty(path) => format!("в журнале {path} нет операций"),

        Message::Label(label) => match label {
            Label::Operation => "операция",
            Label::Kind => "вид",
            Label::State => "состояние",
            Label::Refusal => "отказ",
            Label::Place => "где",
            Label::Created => "начата",
            Label::Changed => "изменилась",
            Label::Age => "возраст",
            Label::Follows => "вместо",
            Label::Files => "файлы",
            Label::File => "файл",
            Label::Digest => "хеш",
            Label::Signature => "подпись ляжет в",
            Label::Folder => "результат ляжет в",
        }
        .into(),
        Message::State(name) => match *name {
            "starting" => "начало без ответа",
            "awaiting_code" => "ждёт код",
            "confirming" => "код без ответа",
            "processing" => "в работе",
            "done" => "готова, не получена",
            "refused" => "отказ",
            other => other,
        }
        .into(),
        Message::Age(seconds) => {
            let (number, unit) = one_unit(*seconds);
            format!("{number} {}", ["с", "мин", "ч", "дн"][unit])
        }
        Message::Size(bytes) => format!("{bytes} байт"),

        Message::AskCode => "Код из SMS:".into(),
        Message::CodeHelp => "Esc — не отвечать; операция останется открытой".into(),
        Message::WrongCode { attempt, of } => {
            format!("код неверный; попытка {attempt} из {of}")
        }
        Message::CodeRejection(words) => format!("сервис сказал о прошлом коде: {words}"),
        Message::CodeIsEmpty => "код пустой".into(),
        Message::CodeNotText => "код на стандартном вводе — не текст в UTF-8".into(),
        Message::CodeTooLong => "строка на стандартном вводе слишком длинная для кода".into(),
        Message::NoMoreLines => "стандартный ввод закончился, а кода нет".into(),
        Message::CodeCancelled => "человек не стал отвечать".into(),

        Message::Signed { file, target } => format!("{file}: подписан, {target}"),
        Message::ReportSent { docflow } => format!("отправлено: документооборот {docflow}"),
        Message::CheckFound(finding) => format!("проверка нашла: {finding}"),
        Message::Answered {
            document,
            reply_type,
        } => format!("документ {document}: отправлен ответ {reply_type}"),
        Message::NothingToAnswer => "отвечать не на что".to_owned(),
        Message::ReplyTypeNeeded { document, types } => {
            format!("на документ {document} можно ответить так: {types}; выберите через --type")
        }
        Message::Reporting(step) => match step {
            ReportStep::Draft => "создаётся черновик",
            ReportStep::Documents => "добавляются документы",
            ReportStep::Check => "идёт проверка",
            ReportStep::Sign => "идёт подписание",
            ReportStep::Prepare => "идёт подготовка: шифрование для получателя",
            ReportStep::Send => "идёт отправка",
            _ => "работа продолжается",
        }
        .to_owned(),
        Message::Answering(step) => match step {
            AnswerStep::Generate => "создаётся ответ",
            AnswerStep::Contents => "добавляется содержимое пакета",
            AnswerStep::Sign => "идёт подписание",
            AnswerStep::Send => "идёт отправка",
            _ => "работа продолжается",
        }
        .to_owned(),
        Message::Decrypted { file, target } => format!("{file}: расшифрован, {target}"),
        Message::NotSigned { file, reason } => format!("{file}: не подписан: {reason}"),

        Message::Validity { from, to } => format!("  действует с {from} по {to}"),
        Message::Inn(inn) => format!("ИНН {inn}"),
        Message::Usable => "  годится для удалённой подписи".into(),
        Message::NotUsable(reason) => format!("  не годится: {}", unusable(reason)),
        Message::NothingListed => "ничего нет".into(),

        Message::SandboxListens(url) => format!("песочница слушает {url}"),
        Message::SandboxPhone(url) => format!("виртуальный телефон: {url}"),
        Message::SandboxVariables => "чтобы работать с ней из другого терминала:".into(),
        Message::SandboxStop => "Ctrl-C останавливает её".into(),

        Message::Diadoc(message) => message.text(super::Language::Russian),
        Message::Signature(message) => message.text(super::Language::Russian),
        Message::Trust(message) => message.text(super::Language::Russian),
    }
}

fn unusable(reason: &Unusable) -> String {
    match reason {
        Unusable::NotRemote => "ключ на носителе, а не на сервисе".into(),
        Unusable::Expired => "сегодня он не действует".into(),
        Unusable::NotValid => "по словам сервиса, он недействителен".into(),
        Unusable::NotQualified => "он не квалифицированный".into(),
        Unusable::AnotherOwner { owner } => format!("его владелец — {owner}"),
        Unusable::IssuedByAnotherCa { issuer } => {
            format!("его выдал не УЦ Контура, а {issuer}")
        }
        Unusable::Unreadable => "он не читается".into(),
        other => other.to_string(),
    }
}

fn costs(cost: Cost) -> &'static str {
    match cost {
        Cost::Sms => "это ещё одна SMS с кодом",
        Cost::Confirmation => "это ещё одно подтверждение подписанта",
        Cost::Nothing => "никого спрашивать не придётся",
    }
}

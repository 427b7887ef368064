//! The Russian words.
//!
//! **Invariant:** one line per message; it names the thing and says what to do.

use podpis::cms::{Check, Reason};

use super::{CheckName, Message};
use crate::exit::Exit;

pub(super) fn text(message: &Message) -> String {
    match message {
        Message::Lead(exit) => match exit {
            Exit::Done => "готово".into(),
            Exit::Failed => "не получилось".into(),
            Exit::Usage => "на подпись ничего не отправлено".into(),
            Exit::Refused => "подписи не будет".into(),
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
        Message::ResultNotPrinted => "результат не удалось вывести".into(),
        Message::Interrupted => {
            "прервано: если подписание уже началось, сервис продолжает его, и человеку может прийти SMS".into()
        }
        Message::SignatureUnreadable(path) => {
            format!("{path} — не отсоединённая подпись в DER")
        }
        Message::NotForThisFile { file, signature } => {
            format!("{signature} — не подпись файла {file}: подписано другое содержимое")
        }
        Message::WrongValue { file, signature } => format!(
            "{signature} — не подпись файла {file}: значение подписи создано не ключом её сертификата"
        ),
        Message::SignatureNotChecked(path) => format!("{path} не удалось проверить"),
        Message::CannotTellFile { file, signature } => {
            format!("нельзя сказать, подпись ли {signature} файла {file}")
        }

        Message::UsingSandbox(url) => {
            format!("работаем с песочницей {url}; её подписи ничего не значат")
        }
        Message::FilesTaken => "файлы у Диадока; ждём, когда уйдёт SMS…".into(),
        Message::SmsSent => "отправлена SMS с кодом; ждём код".into(),
        Message::CodeTaken => "код у Диадока; ждём подписи…".into(),
        Message::CodeFromPhone => "--yes: код взят с телефона песочницы".into(),
        Message::WaitingForPhone => "--yes: ждём SMS на телефоне песочницы…".into(),
        Message::WaitingForLine { attempt: 1, .. } => {
            "код читается из строки стандартного ввода".into()
        }
        Message::WaitingForLine { attempt, of } => format!(
            "код неверный; попытка {attempt} из {of}: следующий код читается из следующей строки стандартного ввода"
        ),
        Message::OperationOpen { id, state } => format!(
            "операция {id} ещё открыта ({state}), а её запись не сохранена: в этой версии программы нет журнала. Не \
             подписывайте снова, пока она не закончится на сервисе: человека спросят дважды"
        ),

        Message::AskCode => "Код из SMS:".into(),
        Message::CodeHelp => "Esc — не отвечать; операция останется открытой".into(),
        Message::WrongCode { attempt, of } => {
            format!("код неверный; попытка {attempt} из {of}")
        }
        Message::CodeIsEmpty => "код пустой".into(),
        Message::CodeNotText => "код на стандартном вводе — не текст в UTF-8".into(),
        Message::CodeTooLong => "строка на стандартном вводе слишком длинная для кода".into(),
        Message::NoMoreLines => "стандартный ввод закончился, а кода нет".into(),
        Message::CodeCancelled => "человек не стал отвечать".into(),

        Message::Signed { file, target } => format!("{file}: подписан, {target}"),
        Message::NotSigned { file, reason } => format!("{file}: не подписан: {reason}"),
        Message::Belongs { file, signature } => format!("{signature} — подпись файла {file}"),
        Message::Signer(subject) => format!("  кто подписал: {subject}"),
        Message::NoCertificate => {
            "  кто подписал: неизвестно, в подписи нет сертификата".into()
        }
        Message::SignedAt(time) => format!("  когда, по словам подписавшей стороны: {time}"),
        Message::NoTime => "  когда: в подписи не сказано".into(),
        Message::Thumbprint(thumbprint) => format!("  сертификат: {thumbprint}"),
        Message::Checked { what, check } => {
            let what = match what {
                CheckName::Digest => "содержимое файла",
                CheckName::Signer => "запрошенный сертификат",
                CheckName::Value => "значение подписи",
            };
            format!("  {what}: {}", outcome(check))
        }
        Message::TrustNotChecked => {
            "  доверие к сертификату: не проверено: кто его выдал и не отозван ли он, не смотрели".into()
        }

        Message::SandboxListens(url) => format!("песочница слушает {url}"),
        Message::SandboxPhone(url) => format!("виртуальный телефон: {url}"),
        Message::SandboxVariables => "чтобы работать с ней из другого терминала:".into(),
        Message::SandboxStop => "Ctrl-C останавливает её".into(),
    }
}

fn outcome(check: &Check) -> String {
    match check {
        Check::Passed => "проверено".into(),
        Check::NotChecked(reason) => {
            let why = match reason {
                Reason::NeedsFile => "нужен файл".into(),
                Reason::Algorithm(name) => format!("алгоритм {name} программа не проверяет"),
                Reason::NoCertificate => "в подписи нет сертификата".into(),
                Reason::NotAsked => "сертификат не запрашивали".into(),
                other => other.to_string(),
            };
            format!("не проверено: {why}")
        }
    }
}

//! All that the program says, but for what it says of one service, of a signature and of trust.
//!
//! **Invariant:** a message is one line; it names the thing and says what to do.

use podpis::extern_api::model::OperationStatus;
use podpis::extern_api::{AnswerStep, ReportStep, Unusable};

use super::counted::{BYTES, THAN_BYTES};
use super::endings::{
    List, abandoning, confirmed, ended_as, how_it_ended, lead, lists, other_host, read_as,
    what_came,
};
use super::service::{answering, progress, reporting, state, unusable};
use super::words::messages;
use super::{
    Check, Cost, DiadocMessage, DoctorMessage, Label, Language, LoginMessage, SignatureMessage,
    TrustMessage,
};
use crate::address::Elsewhere;
use crate::commands::ops::outcome::Outcome;
use crate::delivery::ConfirmedBy;
use crate::exit::Exit;
use crate::kept::{Came, Reading};

messages! {
    /// Something to say. Paths, names and addresses come as text that can be shown.
    #[derive(Clone, Debug, PartialEq, Eq)]
    Message in language {
        /// Stands before what the library says.
        Lead(exit: Exit) => { lead(*exit, language) };

        // What is wrong with the call of the program.
        BadArgument(name: &'static str) => "{name} is wrong", "неверное значение {name}";
        /// What an argument of this name holds.
        NotAMoment { name: &'static str, text: String } =>
            "{name} {text} is not a moment: it is written as 2024-06-15T12:00:00Z, 2024-06-15T15:00:00+03:00, or \
             2024-06-15 for its first moment in UTC",
            "{name} {text} — не момент времени: его пишут как 2024-06-15T12:00:00Z, 2024-06-15T15:00:00+03:00 или \
             2024-06-15, то есть начало этого дня по UTC";
        VariableNotText(name: String) => "{name} does not hold UTF-8 text", "в {name} не текст в UTF-8";
        VariableTwice(name: &'static str) =>
            "{name} and {name}_FILE are both set; unset one of them",
            "заданы и {name}, и {name}_FILE; оставьте одну из переменных";
        VariableFile { name: &'static str, path: String } =>
            "{name}_FILE names {path}, which gives no value",
            "в {name}_FILE указан файл {path}, но значения из него не получить";
        MissingCredentials(names: String) =>
            "no login; not set: {names}. Log in with podpis login, or set DIADOC_TOKEN, or DIADOC_CLIENT_ID with DIADOC_LOGIN and DIADOC_PASSWORD \
             (or NAME_FILE with the path of a file that holds the value); to try it without an account, use --sandbox",
            "нечем войти; не задано: {names}. Войдите командой podpis login либо задайте DIADOC_TOKEN либо DIADOC_CLIENT_ID вместе с DIADOC_LOGIN и \
             DIADOC_PASSWORD (или ИМЯ_FILE с путём к файлу, в котором лежит значение); попробовать без учётной записи — --sandbox";
        MissingExternCredentials(names: String) =>
            "no login; not set: {names}. Log in with podpis login --service extern, or set EXTERN_TOKEN, or EXTERN_CLIENT_ID and EXTERN_API_KEY with EXTERN_LOGIN \
             and EXTERN_PASSWORD (or NAME_FILE with the path of a file that holds the value); to try it without an account, use --sandbox",
            "нечем войти; не задано: {names}. Войдите командой podpis login --service extern либо задайте EXTERN_TOKEN либо EXTERN_CLIENT_ID и EXTERN_API_KEY вместе с \
             EXTERN_LOGIN и EXTERN_PASSWORD (или ИМЯ_FILE с путём к файлу, в котором лежит значение); попробовать без учётной записи — --sandbox";
        MissingAccount =>
            "no account: use --account or set EXTERN_ACCOUNT; podpis extern accounts lists them",
            "не указана учётная запись: задайте --account или EXTERN_ACCOUNT; список покажет podpis extern accounts";
        MissingIds(names: &'static str) =>
            "{names} must be given; only a sandbox can do without",
            "нужно указать {names}; без этого обойдётся только песочница";
        ReplyTypeNeeded { document: String, types: String } =>
            "document {document} can be answered with {types}; choose by --type",
            "на документ {document} можно ответить так: {types}; выберите тип в --type";
        NoSuchCertificate(thumbprint: String) =>
            "the account has no certificate {thumbprint}; podpis extern certificates lists them, and --cert-file takes \
             one from a file",
            "у учётной записи нет сертификата {thumbprint}; список покажет podpis extern certificates; сертификат из \
             файла укажите в --cert-file";
        CertificateUnreadable(path: String) =>
            "{path} is not a certificate in DER or PEM",
            "{path} — не сертификат в DER или PEM";
        NoWaitWith(name: &'static str) =>
            "--no-wait only starts the operation, so {name} means nothing with it",
            "--no-wait только начинает операцию, поэтому {name} с ним не имеет смысла";
        YesNeedsSandbox(url: String) =>
            "--yes answers for the person, so it works with a sandbox only, and {url} is not one; leave --yes out",
            "--yes отвечает за человека, поэтому работает только с песочницей, а {url} — не песочница; уберите --yes";
        ListenAddress(text: String) =>
            "--listen {text} is not an address with a port, for example 127.0.0.1:8787",
            "--listen {text} — не адрес с портом, например 127.0.0.1:8787";
        ListenOtherHosts(address: String) =>
            "--listen {address} can be reached from other machines, and whoever reaches the sandbox reads its codes; \
             listen on 127.0.0.1 or [::1], or say --allow-other-hosts",
            "адрес --listen {address} доступен с других машин, а кто видит песочницу, тот видит и коды; слушайте \
             127.0.0.1 или [::1] либо укажите --allow-other-hosts";
        SameTarget(target: String) =>
            "two of the files would leave their signature in {target}; sign them one by one, with different --out",
            "подписи двух файлов попали бы в {target}; подпишите файлы по одному, с разными --out";
        TargetIsInput(target: String) =>
            "{target} is one of the files and would be replaced by a signature; use --out",
            "{target} — один из файлов, и подпись заменила бы его; укажите --out";
        TargetIsFolder(target: String) =>
            "the signature would be {target}, and that is a folder",
            "подпись должна лечь в {target}, а это папка";
        NoFolder(folder: String) =>
            "the folder {folder} cannot be used",
            "папка {folder} не годится";
        FolderIsFile(path: String) =>
            "{path} is a file, and a folder is needed",
            "{path} — это файл, а нужна папка";
        FolderNotWritable(folder: String) =>
            "nothing can be written to the folder {folder}",
            "в папку {folder} нельзя писать";
        FileUnreadable(path: String) => "{path} cannot be read", "файл {path} не читается";
        FileTooLarge { path: String, limit: u64 } let limit = language.counted(*limit, THAN_BYTES) =>
            "{path} is larger than {limit}, the most that is taken",
            "{path} больше {limit}, а больше нельзя";
        NotAFile(path: String) => "{path} is not a file", "{path} — не файл";
        /// A pipe, a device, a socket.
        ReadOnce(path: String) =>
            "{path} is a pipe or a device, which can be read only once; write it into a file and name that",
            "{path} — канал или устройство, прочитать его можно только один раз; запишите его в файл и укажите файл";
        StdinEmpty => "standard input is empty: there is nothing to sign", "стандартный ввод пуст: подписывать нечего";
        StdinTooLarge(limit: u64) let limit = language.counted(*limit, THAN_BYTES) =>
            "standard input has more than {limit}, the most that can be signed",
            "на стандартном вводе больше {limit}, а больше подписать нельзя";
        StdinIsAlone =>
            "- is standard input, which is signed alone; a file called - is ./-",
            "- — это стандартный ввод, он подписывается один; файл с именем - называется ./-";
        StdinNeedsOut =>
            "the signature of standard input needs a folder: --out DIR writes DIR/stdin.p7s; a file called - is ./-",
            "для подписи стандартного ввода нужна папка: с --out DIR она ляжет в DIR/stdin.p7s; файл с именем - \
             называется ./-";
        StdinHoldsNoCode =>
            "standard input is what is signed, so the code cannot come from there, and there is no terminal to ask on: use \
             --method dss, or --no-wait and podpis ops resume; nothing was sent",
            "на стандартном вводе то, что подписывается, поэтому код оттуда не взять, а терминала, чтобы спросить, нет: \
             используйте --method dss или --no-wait и podpis ops resume; ничего не отправлено";
        StdinIsGone { id: String, command: String } =>
            "operation {id} was to sign standard input, which is not kept: give the same to podpis diadoc sign again, once \
             this operation is forgotten with: {command}",
            "операция {id} подписывала стандартный ввод, а он не хранится: подайте то же самое в podpis diadoc sign снова, но \
             сначала забудьте эту операцию: {command}";
        MetaWithout { path: String, what: &'static str } =>
            "{path} does not say {what}, which the service needs",
            "в {path} нет {what}, а сервису это нужно";
        TargetUnusable(target: String) =>
            "the signature would be {target}, and no file can have this name; rename the file that is signed",
            "подпись должна лечь в {target}, а файла с таким именем быть не может; переименуйте подписываемый файл";
        TooLargeForSignature { path: String, limit: u64 }
            let limit = language.counted(*limit, THAN_BYTES) =>
            "{path} is larger than {limit}, and no signature is",
            "{path} больше {limit}, подписей такого размера не бывает";

        // What went wrong.
        Setup => "the program cannot be set up", "программа не может начать работу";
        ListenFailed(address: String) => "cannot listen on {address}", "не удаётся слушать адрес {address}";
        NothingAnswers(url: String) => "nothing answers at {url}", "по адресу {url} никто не отвечает";
        SandboxControl(path: &'static str) =>
            "the sandbox did not answer {path} as it should",
            "песочница ответила на {path} не так, как должна";
        PageNotWritten(page: String) => "the page {page} cannot be written", "страницу {page} не удалось записать";
        SignatureNotWritten(target: String) => "the signature {target} was not written", "подпись {target} не записана";
        ResultNotWritten(target: String) => "{target} was not written", "{target} не записан";
        FolderBecameFile { target: String, folder: String } =>
            "{target} was not written: {folder} is a file, and a folder is needed",
            "{target} не записан: {folder} — это файл, а нужна папка";
        ContentDiffers(file: String) =>
            "{file} is not what was signed any more, so only its signature was written",
            "{file} — уже не то, что подписано, поэтому записана только подпись";
        ResultNotPrinted => "the result could not be printed", "результат не удалось вывести";
        Interrupted =>
            "interrupted: the signing goes on at the service, and the person may be asked by SMS or on the phone",
            "прервано: подписание продолжается на сервисе, и человека могут спросить по SMS или на телефоне";
        InterruptedEarly => "interrupted: nothing was sent for signing", "прервано: на подпись ничего не отправлено";
        ResultNotUnderstood =>
            "the operation gave a result that this version of the program does not know",
            "операция дала результат, которого эта версия программы не знает";
        JournalUnusable(path: String) =>
            "the journal at {path} cannot be used, so nothing was sent",
            "журналом {path} пользоваться нельзя, поэтому ничего не отправлено";
        /// Nobody can be kept from an operation, so nothing is done with it.
        JournalBroken(path: String) =>
            "the journal at {path} does not work, so nothing was done",
            "журнал {path} не работает, поэтому ничего не сделано";
        /// What was asked for is as it was, or goes on at the service.
        JournalFails(path: String) =>
            "the journal at {path} does not work",
            "журнал {path} не работает";
        JournalLocked(path: String) =>
            "another program has locked {path}, waiting for it",
            "{path} заблокирован другой программой, ждём её";
        NoJournalFolder =>
            "there is no home folder to keep the journal in; set PODPIS_JOURNAL or use --journal",
            "нет домашней папки, в которой вести журнал; задайте PODPIS_JOURNAL или --journal";
        #[cfg_attr(not(feature = "postgres"), expect(dead_code, reason = "only databases have passwords"))]
        PasswordInJournal =>
            "a password on the command line is seen by everybody on this machine: leave it out of --journal, and put it \
             into PGPASSWORD, or the whole address into PODPIS_JOURNAL",
            "пароль в командной строке видят все на этой машине: уберите его из --journal и задайте PGPASSWORD либо \
             весь адрес в PODPIS_JOURNAL";
        SameJournal =>
            "--to is the journal that operations are moved from",
            "--to — это тот же журнал, из которого переносятся операции";
        MovedElsewhere { id: String, journal: String } =>
            "operation {id} is in the journal at {journal} too, and as another one: nothing was moved",
            "операция {id} есть и в журнале {journal}, и она там другая: ничего не перенесено";
        Moved { id: String, journal: String } =>
            "operation {id} is in the journal at {journal} now",
            "операция {id} теперь в журнале {journal}";
        RecordUnreadable(path: String) => "the record {path} cannot be read", "запись {path} не читается";
        SeveralOperations { beginning: String, ids: Vec<String> } let ids = ids.join(", ") =>
            "several operations begin with {beginning}: {ids}",
            "с {beginning} начинаются несколько операций: {ids}";
        /// An operation about the same was begun before, and is not at its end.
        AlreadyOpen { id: String, what: String, abandon: String } =>
            "{what}: operation {id} about it was begun before and is not finished, so nothing was sent; --even-if-open \
             begins another one all the same, and the person is asked twice; this forgets that operation: {abandon}",
            "{what}: об этом уже начата и не закончена операция {id}, поэтому ничего не отправлено; всё равно начать \
             ещё одну — --even-if-open, и человека спросят дважды; забыть ту операцию: {abandon}";
        BeingBegun =>
            "another podpis with the same journal is beginning just the same at this moment: nothing was sent",
            "другой podpis с тем же журналом прямо сейчас начинает то же самое: ничего не отправлено";
        NoOperation { id: String, journal: String, list: String } =>
            "there is no operation {id} in the journal at {journal}: it was abandoned, pruned or moved, or never was there; \
             what there is: {list}",
            "в журнале {journal} нет операции {id}: её забыли, удалили или перенесли, или никогда не было; что есть: {list}";
        InItsPlace { id: String, next: String } =>
            "operation {id} was started over, and operation {next} is in its place",
            "операция {id} начата заново, вместо неё — операция {next}";
        /// Its record is gone, or nothing more happens to it.
        FinishedBefore { id: String, exit: Exit }
            let outcome = how_it_ended(&Outcome::Ended(*exit), language) =>
            "operation {id} has finished already: {outcome}",
            "операция {id} уже закончена: {outcome}";
        OtherHost { id: String, elsewhere: Elsewhere } => { other_host(id, elsewhere, language) };
        InSandbox(place: String) => "{place} (sandbox)", "{place} (песочница)";
        NoteRefused(id: String) => "the note of operation {id} is not used", "заметка операции {id} не используется";
        JournalGone(path: String) =>
            "warning: the result is delivered, and its record in the journal at {path} could not be changed",
            "внимание: результат выдан, а запись о нём в журнале {path} изменить не удалось";
        /// What is left to do then.
        SettleDelivered(command: String) =>
            "nothing is lost: where the journal has the operation as open when it works again, this forgets it: {command}",
            "ничего не потеряно: если операция значится открытой, когда журнал снова заработает, забыть её: {command}";
        FilesUnknown { id: String, command: String } =>
            "where the files of operation {id} are was not noted: sign them with podpis diadoc sign, and forget this \
             operation with: {command}",
            "не записано, где лежат файлы операции {id}: подпишите их командой podpis diadoc sign, а эту операцию \
             забудьте: {command}";
        AskUnknown { id: String, command: String } =>
            "what operation {id} was asked for was not noted: run the podpis extern command again, and forget this \
             operation with: {command}",
            "не записано, о чём была операция {id}: запустите команду podpis extern снова, а эту операцию забудьте: \
             {command}";
        FileChanged(path: String) =>
            "{path} is not the file of the operation any more: the content is another",
            "{path} — уже не тот файл, что в операции: содержимое другое";
        KindUnknown { id: String, kind: String } =>
            "operation {id} is a {kind}, and this version of the program cannot go on with that",
            "операция {id} — {kind}, эта версия программы такие не продолжает";
        StillOpen { id: String, state: &'static str, command: String }
            let state = self::state(state, language) =>
            "operation {id} can still be finished ({state}), and starting over asks the person twice; --even-if-open \
             does it all the same, and this goes on with it: {command}",
            "операцию {id} ещё можно закончить ({state}), а если начать заново, человека спросят дважды; начать всё \
             равно: --even-if-open; продолжить: {command}";

        // What happens while the person waits.
        UsingSandbox(url: String) =>
            "using the sandbox at {url}; its signatures are worth nothing",
            "используется песочница {url}; её подписи ничего не значат";
        NoAnswerYet(host: String) =>
            "no answer from {host} for 5 seconds, trying again",
            "{host} не отвечает уже 5 секунд, пробуем ещё";
        /// Too much is asked of it, or it has no time.
        ComeAgain { host: String, seconds: u64 } =>
            "{host} asks to come again in {seconds} s",
            "{host} просит прийти снова через {seconds} с";
        /// An operation with its file, and how long it is still waited for.
        StillWaiting { what: String, minutes: u64, seconds: u64 } =>
            "operation {what}: {minutes}:{seconds:02} left",
            "операция {what}: осталось {minutes}:{seconds:02}";
        FilesTaken => "Diadoc has the files; waiting for the SMS to go out…", "файлы у Диадока; ждём, когда уйдёт SMS…";
        SmsSent => "an SMS with a code was sent; waiting for the code", "отправлена SMS с кодом; ждём код";
        CodeTaken => "Diadoc has the code; waiting for the signatures…", "код у Диадока; ждём подписи…";
        ExternAtWork =>
            "Extern has begun; where it asks on the phone, confirm there…",
            "Экстерн начал; если он спросит на телефоне, подтвердите там…";
        ExternHasCode => "Extern has the code; waiting for the result…", "код у Экстерна; ждём результат…";
        /// The next step of sending a report.
        Reporting(step: ReportStep) => { reporting(*step, language) };
        /// The next step of answering a document.
        Answering(step: AnswerStep) => { answering(*step, language) };
        /// How far Extern is.
        Progress(status: OperationStatus) => { progress(status, language) };
        ConfirmedOnPhone => "--yes: confirmed on the sandbox's phone", "--yes: подтверждено на телефоне песочницы";
        CodeFromPhone => "--yes: the code is taken from the sandbox's phone", "--yes: код взят с телефона песочницы";
        CodeNotAccepted =>
            "--yes: the service did not take the code of this operation's only SMS",
            "--yes: сервис не принял код из единственной SMS этой операции";
        WaitingForPhone =>
            "--yes: waiting for the SMS on the sandbox's phone…",
            "--yes: ждём SMS на телефоне песочницы…";
        WaitingForLine { attempt: u32, of: u32 } =>
            { match attempt {
                1 => "the code is read from one line of standard input".to_owned(),
                _ => format!(
                    "the code was wrong; attempt {attempt} of {of}: the next code is read from the next line of \
                     standard input"
                ),
            } },
            { match attempt {
                1 => "код читается из строки стандартного ввода".to_owned(),
                _ => format!(
                    "код неверный; попытка {attempt} из {of}: следующий код читается из следующей строки стандартного \
                     ввода"
                ),
            } };

        // What a person does next about an operation.
        GoOn { id: String, state: &'static str, command: String }
            let state = self::state(state, language) =>
            "operation {id} is open ({state}) and in the journal; go on with: {command}",
            "операция {id} открыта ({state}) и записана в журнал; продолжить: {command}";
        /// Where to find what can be named.
        Lists(list: List) => { lists(*list, language) };
        /// Nobody waits for it.
        OnlyStarted { id: String, by: ConfirmedBy, command: String }
            let confirmed = confirmed(*by, language) =>
            "operation {id} is started and in the journal; {confirmed}: {command}",
            "операция {id} начата и записана в журнал; {confirmed}: {command}";
        /// Once that is mended which keeps the journal from working.
        GoOnLater { id: String, command: String } =>
            "operation {id} stays as it is; once that is mended, go on with: {command}",
            "операция {id} остаётся как есть; когда это будет исправлено, продолжить: {command}";
        HandOut { id: String, command: String } =>
            "operation {id} has ended, and what it gave is in the journal; get it with: {command}",
            "операция {id} закончилась, её результат в журнале; получить: {command}";
        Unclear { id: String, start_over: String, abandon: String, cost: Cost }
            let cost = cost.text(language) =>
            "nobody can tell from here what became of operation {id}: ask the signer, and look at the service; if \
             nothing was signed, start over, which {cost}: {start_over}; or forget it with: {abandon}",
            "отсюда не узнать, чем кончилась операция {id}: спросите подписанта и посмотрите в сервисе; если ничего не \
             подписано, начните заново ({cost}): {start_over}; или забудьте её: {abandon}";
        /// The service has no code by which it could be signed.
        NoCode { id: String, start_over: String, abandon: String, cost: Cost }
            let cost = cost.text(language) =>
            "operation {id} gives no signature: the code of its SMS, if one came, is of no use; start over, which {cost}: \
             {start_over}; or forget it with: {abandon}",
            "операция {id} подписи не даст: код из её SMS, если она пришла, ни на что не годится; начните заново ({cost}): \
             {start_over}; или забудьте её: {abandon}";
        /// What was asked for is not there any more.
        UnclearStdin { id: String, abandon: String } =>
            "nobody can tell from here what became of operation {id}: ask the signer, and look at the service; standard \
             input is not kept, so if nothing was signed, forget it and give the same to podpis diadoc sign again: {abandon}",
            "отсюда не узнать, чем кончилась операция {id}: спросите подписанта и посмотрите в сервисе; стандартный ввод не \
             хранится, поэтому, если ничего не подписано, забудьте её и подайте то же самое в podpis diadoc sign снова: \
             {abandon}";
        /// The service does not know it.
        Gone { id: String, start_over: String, abandon: String, cost: Cost }
            let cost = cost.text(language) =>
            "operation {id} will not go on: the service does not know it any more; look there, and if nothing was signed, \
             start over, which {cost}: {start_over}; or forget it with: {abandon}",
            "операция {id} не продолжится: сервис её больше не знает; посмотрите в нём, и если ничего не подписано, начните \
             заново ({cost}): {start_over}; или забудьте её: {abandon}";
        /// The same where somebody has signed.
        GoneSigned { id: String, save: String, abandon: String } =>
            "operation {id} will not go on: the service does not know any more what it is about; it was signed, and this \
             writes what came: {save}; this forgets it: {abandon}",
            "операция {id} не продолжится: сервис больше не знает, о чём она; подписать успели; записать пришедшее: \
             {save}; забыть операцию: {abandon}";
        /// Stands before what the library says of a wrong result.
        Came(came: Came) => { what_came(*came, language) };
        /// Stands before what the library says of a refusal after somebody had signed.
        SignedThenRefused => "it was signed, and then it was refused", "подписано, но потом пришёл отказ";
        /// What came is in the journal.
        Waits { came: Came, id: String, save: String, abandon: String }
            let came = what_came(*came, language) =>
            "operation {id}: {came}; all that came waits in the journal, and this writes it as it came: {save}; nobody \
             has to be asked again before somebody has looked at it; this forgets it: {abandon}",
            "операция {id}: {came}; всё, что пришло, лежит в журнале; записать как есть: {save}; пока на это не \
             посмотрели, никого спрашивать снова не надо; забыть операцию: {abandon}";
        /// What came is in the journal and of no use.
        OfNoUse { came: Came, id: String, save: String, start_over: String, cost: Cost }
            let (came, cost) = (what_came(*came, language), cost.text(language)) =>
            "operation {id}: {came}, and nothing else came; it waits in the journal, and this writes it as it came: \
             {save}; signing again {cost}: {start_over}",
            "операция {id}: {came}, и больше ничего; пришедшее лежит в журнале; записать как есть: {save}; \
             подписать снова ({cost}): {start_over}";
        /// There is nothing in the journal.
        NothingCame { id: String, start_over: String, abandon: String, cost: Cost }
            let cost = cost.text(language) =>
            "operation {id} has ended, and no signature came of it; signing again {cost}: {start_over}; this forgets \
             it: {abandon}",
            "операция {id} закончилась, и подписей нет; подписать снова ({cost}): {start_over}; забыть её: {abandon}";
        /// Starting over would lose what is in the journal.
        SaveFirst { id: String, save: String } =>
            "operation {id} keeps what came, and starting over forgets it: write it first, with: {save}; --even-if-open \
             starts over all the same",
            "в операции {id} лежит то, что пришло, и если начать заново, оно пропадёт; сначала запишите его: {save}; \
             начать всё равно: --even-if-open";
        /// A file with what was in the journal.
        Saved { place: String, reading: Reading }
            let reading = read_as(reading, language) => "{place}: {reading}", "{place}: {reading}";
        KeepsNothing(id: String) =>
            "operation {id} keeps no signature and nothing that came in the place of one, so nothing is written",
            "в операции {id} нет ни подписи, ни того, что пришло вместо неё, поэтому ничего не записано";
        NotSent { file: String, place: String } =>
            "{file}: signed and not sent; the signature is in {place}",
            "{file}: подписан, но не отправлен; подпись в {place}";
        NotKept { id: String, state: &'static str }
            let state = self::state(state, language) =>
            "operation {id} is still open ({state}); it belongs to the embedded sandbox, which ends with the program, \
             so its record was not kept",
            "операция {id} ещё открыта ({state}); она живёт во встроенной песочнице, которая закрывается вместе с \
             программой, поэтому её запись не сохранена";

        // What happens to operations in the journal.
        /// Any text about one operation of several.
        OfOperation { id: String, text: String } => "operation {id}: {text}", "операция {id}: {text}";
        /// Also said where that is an error.
        Claimed(id: String) =>
            "operation {id} is being driven by another program and is left to it",
            "операцию {id} ведёт другая программа, ей она и оставлена";
        Finished(id: String) =>
            "operation {id} was finished by another program",
            "операцию {id} закончила другая программа";
        RecordGone(id: String) =>
            "operation {id} is not in the journal any more, and how it ended was not noted there",
            "операции {id} в журнале больше нет, а чем она закончилась, там не записано";
        /// One line of the end.
        Outcome { id: String, outcome: Outcome }
            let outcome = how_it_ended(outcome, language) =>
            "outcome of operation {id}: {outcome}",
            "итог операции {id}: {outcome}";
        PlaceUnknown { id: String, folder: String } =>
            "where the signatures of operation {id} were to go was not noted, so they go to {folder}; --out names \
             another folder",
            "не записано, куда должны были лечь подписи операции {id}, поэтому они лягут в {folder}; другую папку \
             укажите в --out";
        StartedOver { old: String, new: String } =>
            "operation {old} is started over as {new}",
            "вместо операции {old} начата {new}";
        /// Without a state when the record cannot be read.
        Abandoning { id: String, state: Option<&'static str> } => { abandoning(*state, id, language) };
        Pruned { removed: u64, journal: String } =>
            "records removed from the journal at {journal}: {removed}",
            "записей удалено из журнала {journal}: {removed}";
        /// While operations are watched.
        Watching(counted: String) => "operations ({counted})", "операции ({counted})";
        WatchStop => "Ctrl-C stops it; what is open stays in the journal", "Ctrl-C — остановить; незаконченное остаётся в журнале";
        JournalEmpty(path: String) =>
            "there are no operations in the journal at {path}",
            "в журнале {path} нет операций";

        // How operations are shown.
        Label(label: Label) => { label.text(language) };
        /// By its name in records.
        State(name: &'static str) => { state(name, language) };
        /// How operations ended that are counted, by its name for programs.
        EndedAs(name: &'static str) => { ended_as(name, language) };
        /// In seconds.
        Age(seconds: u64) => { language.length(*seconds) };
        /// In bytes.
        Size(bytes: u64) => { language.counted(*bytes, BYTES) };

        // How the code is asked for.
        AskCode => "Code from the SMS:", "Код из SMS:";
        CodeHelp => "Esc stops asking; the operation stays open", "Esc — не отвечать; операция останется открытой";
        WrongCode { attempt: u32, of: u32 } =>
            "the code was wrong; attempt {attempt} of {of}",
            "код неверный; попытка {attempt} из {of}";
        /// The service's words about the code before.
        CodeRejection(words: String) =>
            "the service says of the last code: {words}",
            "сервис сказал о прошлом коде: «{words}»";
        NotACode =>
            "that is no code, so it was not sent: a code is letters and digits, such as 123456",
            "это не код, и он не отправлен: код — это буквы и цифры, например 123456";
        CodeNotText => "the code on standard input is not UTF-8 text", "код на стандартном вводе — не текст в UTF-8";
        CodeTooLong =>
            "the line on standard input is too long to be a code",
            "строка на стандартном вводе слишком длинная для кода";
        NoMoreLines => "standard input ended without a code", "стандартный ввод закончился, а кода нет";
        CodeCancelled => "the person stopped", "отвечать не стали";

        // What came of it.
        Signed { file: String, target: String } => "{file}: signed, {target}", "{file}: подписан, {target}";
        Decrypted { file: String, target: String } => "{file}: decrypted, {target}", "{file}: расшифрован, {target}";
        ReportSent { docflow: String } => "sent: docflow {docflow}", "отправлено: документооборот {docflow}";
        /// What the check found, one finding a line.
        CheckFound(finding: String) => "the check found: {finding}", "проверка нашла: {finding}";
        Answered { document: String, reply_type: String } =>
            "document {document}: answered with {reply_type}",
            "документ {document}: отправлен ответ {reply_type}";
        NothingToAnswer => "nothing is asked for", "отвечать не на что";
        NotSigned { file: String, reason: String } => "{file}: not signed: {reason}", "{file}: не подписан: {reason}";

        // How certificates are listed.
        Validity { from: String, to: String } => "  valid from {from} to {to}", "  действует с {from} по {to}";
        Usable => "  can sign remotely", "  годится для удалённой подписи";
        Inn(inn: String) => "INN {inn}", "ИНН {inn}";
        NotUsable(reason: Unusable)
            let reason = unusable(reason, language) => "  cannot sign remotely: {reason}", "  не годится для удалённой подписи: {reason}";
        NothingListed => "there are none", "ничего нет";

        // The sandbox as a server.
        SandboxListens(url: String) => "the sandbox listens at {url}", "песочница работает по адресу {url}";
        SandboxPhone(url: String) => "the virtual phone: {url}", "виртуальный телефон: {url}";
        SandboxVariables => "to use it from another terminal:", "чтобы работать с ней из другого терминала:";
        SandboxStop => "Ctrl-C stops it", "Ctrl-C — остановить её";

        /// What is said about Diadoc.
        Diadoc(message: DiadocMessage) => { message.text(language) };
        /// What is looked at by the doctor.
        Check(check: Check) => { check.text(language) };
        /// What is said of logins.
        Login(message: LoginMessage) => { message.text(language) };
        /// What the doctor says.
        Doctor(message: DoctorMessage) => { message.text(language) };
        /// Why a certificate cannot sign, in a line with others.
        Reason(reason: Unusable) => { unusable(reason, language) };
        /// What is said of a signature.
        Signature(message: SignatureMessage) => { message.text(language) };
        /// What is said of trust in it.
        Trust(message: TrustMessage) => { message.text(language) };
    }
}

impl Message {
    /// Whether it tells that a signature is being made.
    pub(crate) fn is_signing(&self) -> bool {
        matches!(
            self,
            Self::Reporting(ReportStep::Sign) | Self::Answering(AnswerStep::Sign)
        )
    }
}

impl From<DiadocMessage> for Message {
    fn from(message: DiadocMessage) -> Self {
        Self::Diadoc(message)
    }
}

impl From<DoctorMessage> for Message {
    fn from(message: DoctorMessage) -> Self {
        Self::Doctor(message)
    }
}

impl From<LoginMessage> for Message {
    fn from(message: LoginMessage) -> Self {
        Self::Login(message)
    }
}

impl From<SignatureMessage> for Message {
    fn from(message: SignatureMessage) -> Self {
        Self::Signature(message)
    }
}

impl From<TrustMessage> for Message {
    fn from(message: TrustMessage) -> Self {
        Self::Trust(message)
    }
}

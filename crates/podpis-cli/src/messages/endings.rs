//! The words for how something ended, and for what came of it.
//!
//! **Invariant:** nothing is said to be so that is not known.

use super::Language;
use super::words::words;
use crate::address::Elsewhere;
use crate::commands::ops::outcome::{Outcome, Skip};
use crate::delivery::ConfirmedBy;
use crate::exit::Exit;
use crate::kept::{Came, Reading};

/// What can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    /// Boxes of Diadoc, and certificates in them.
    Signers,
    /// Documents of Diadoc.
    Documents,
    /// Docflows of Extern.
    Docflows,
    /// Accounts of Extern.
    Accounts,
}

words! {
    /// Where to find the name of what the service did not find.
    pub(super) fn lists(list: List) in language {
        List::Signers =>
            "what --box takes is listed by podpis diadoc organizations; what --cert takes, with the method for which each \
             certificate is, by podpis diadoc certificates",
            "ящики для --box покажет podpis diadoc organizations; сертификаты для --cert и способ, для которого годится \
             каждый, — podpis diadoc certificates";
        List::Documents =>
            "documents with their --message and --entity are listed by podpis diadoc documents",
            "документы с их --message и --entity покажет podpis diadoc documents";
        List::Docflows =>
            "docflows are listed by podpis extern docflows, and with --waiting the documents that ask for replies",
            "документообороты покажет podpis extern docflows, а с --waiting — и документы, на которые ждут ответа";
        List::Accounts =>
            "what --account takes is listed by podpis extern accounts",
            "учётные записи для --account покажет podpis extern accounts";
    }
}

words! {
    /// What stands before what the library says.
    pub(super) fn lead(exit: Exit) in language {
        Exit::Done => "done", "готово";
        Exit::Failed => "it failed", "не получилось";
        Exit::Usage => "nothing was sent for signing", "на подпись ничего не отправлено";
        Exit::Refused => "there will be no signature", "подписи не будет";
        Exit::NotProven => "it is not proven", "не доказано";
        Exit::Open => "it is not finished", "не закончено";
    }
}

words! {
    /// One operation of several, in a word.
    pub(super) fn how_it_ended(outcome: &Outcome) in language {
        Outcome::Ended(Exit::Done) => "done", "готово";
        Outcome::Ended(Exit::Failed) => "failed", "не получилось";
        Outcome::Ended(Exit::Usage) => "not gone on with", "не продолжена";
        Outcome::Ended(Exit::Refused) => "refused, or only partly signed", "отказ, или подписано не всё";
        Outcome::Ended(Exit::NotProven) => "done, and not proven", "готово, но не доказано";
        Outcome::Ended(Exit::Open) => "stays in the journal", "остаётся в журнале";
        Outcome::Skipped(Skip::Claimed) => "left to another program", "занята другой программой";
        Outcome::Skipped(Skip::Finished) => "finished by another program", "закончена другой программой";
        Outcome::Skipped(Skip::Gone) => "gone from the journal", "в журнале её больше нет";
        Outcome::Skipped(Skip::Elsewhere(_)) =>
            "left alone, it lives at another address",
            "не тронута: она относится к другому адресу";
    }
}

words! {
    /// How operations ended that are counted.
    pub(super) fn ended_as(name: &str) in language {
        "done" => "done", "готово";
        "refused" => "refused", "отказ";
        "failed" => "failed", "не получилось";
        "left_alone" => "left alone", "не тронуто";
        other => { other };
    }
}

words! {
    /// How an operation that nobody waits for is confirmed, and what the command behind it does.
    pub(super) fn confirmed(by: ConfirmedBy) in language {
        ConfirmedBy::Code =>
            "the signer gets an SMS, and this asks for its code",
            "подписант получит SMS, а код из неё спросит";
        ConfirmedBy::Phone =>
            "the signer confirms on the phone, and this waits for that and fetches what comes",
            "подписант подтверждает на телефоне, а дождётся и заберёт результат";
        ConfirmedBy::Either =>
            "the signer confirms on the phone or by a code from an SMS, which this asks for",
            "подписант подтверждает на телефоне или кодом из SMS, а код спросит";
        ConfirmedBy::Later =>
            "nobody was asked yet, and this goes on until the signer is",
            "пока никого не спросили, а до подписанта доведёт";
        ConfirmedBy::Nobody => "nobody has to confirm it, and this fetches what comes", "подтверждать не нужно, результат заберёт";
    }
}

words! {
    /// What came in the place of a result.
    pub(super) fn what_came(came: Came) in language {
        Came::Nothing => "nothing came", "ничего не пришло";
        Came::Unreadable =>
            "a signature that came could not be read",
            "пришла подпись, которую не удалось прочитать";
        Came::OtherContent =>
            "a signature that came is over other content",
            "пришла подпись под другим содержимым";
        Came::WrongValue =>
            "a signature that came was not made by the key of its certificate",
            "пришла подпись, созданная не ключом её сертификата";
        Came::NotChecked => "a signature that came was not checked", "пришла подпись, которая не проверена";
        Came::Untrusted =>
            "the signatures are of the files, by somebody who was not trusted when they came",
            "подписи под файлами верны, но тому, кто их поставил, не было доверия, когда они пришли";
        Came::Signatures => "what came is not what was asked for", "пришло не то, что запрошено";
    }
}

words! {
    /// What a thing is that was kept.
    pub(super) fn read_as(reading: &Reading) in language {
        Reading::Of(file) => "a signature of {file}", "подпись файла {file}";
        Reading::StatesContent(file) =>
            "states the content of {file}; whether its signer made it was not checked",
            "указано содержимое файла {file}; подписант ли её создал, не проверено";
        Reading::WrongValue(file) =>
            "a signature over the content of {file} that was not made by the key of its certificate",
            "подпись под содержимым файла {file}, созданная не ключом её сертификата";
        Reading::OtherContent => "a signature that is over other content", "подпись под другим содержимым";
        Reading::NotChecked => "a signature that was not checked", "подпись, которая не проверена";
        Reading::Unreadable => "could not be read as a signature", "прочитать как подпись не удалось";
    }
}

words! {
    /// Why an operation is left alone that lives at another address.
    pub(super) fn other_host(id: &str, elsewhere: &Elsewhere) in language with {
        let Elsewhere { host, configured, in_sandbox } = elsewhere;
    } {
        id if *in_sandbox =>
            "operation {id} was made in the sandbox at {host}, and no sandbox answers there now: nothing was sent; if \
             your login is for {host}, name it with --base-url (now: {configured})",
            "операция {id} создана в песочнице {host}, и песочница там сейчас не отвечает: ничего не отправлено; если \
             вы входите в {host}, укажите его в --base-url (сейчас: {configured})";
        id =>
            "operation {id} lives at {host}, and what is set up is {configured}: nothing was sent; if your login is \
             for {host}, name it with --base-url (now: {configured})",
            "операция {id} относится к {host}, а настроен {configured}: ничего не отправлено; если вы входите в {host}, \
             укажите его в --base-url (сейчас: {configured})";
    }
}

words! {
    /// What is lost with a record of this state; it has none when it could not be read.
    pub(super) fn abandoning(state: Option<&str>, id: &str) in language with {
        let told = state.map_or(String::new(), |name| super::service::state(name, language));
    } {
        None =>
            "operation {id} is forgotten; its record could not be read",
            "операция {id} забыта; её запись не читалась";
        Some("done") =>
            "operation {id} is forgotten, and with it what the service gave and may give only once",
            "операция {id} забыта, а с ней и то, что сервис дал и, может быть, даёт только один раз";
        Some("refused") =>
            "operation {id} is forgotten; it was refused",
            "операция {id} забыта; в ней было отказано";
        Some("awaiting_code") =>
            "operation {id} is forgotten; the service is not told, and the code from its SMS is of no use any more",
            "операция {id} забыта; сервису об этом не сказано, а код из её SMS больше ни на что не годится";
        Some(_) =>
            "operation {id} is forgotten ({told}); the service is not told and may still sign, and nobody fetches \
             what it gives",
            "операция {id} забыта ({told}); сервису об этом не сказано, он ещё может подписать, но результат никто не \
             заберёт";
    }
}

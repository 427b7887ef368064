//! What `podpis doctor` says.
//!
//! **Invariant:** a problem comes with what to do about it, in the same language.

use super::Language;
use super::counted::{ACCOUNTS, BOXES, OPERATIONS, RECORDS, THAN_OPERATIONS};
use super::words::messages;

messages! {
    /// What is looked at.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    Check in language {
        Settings => "settings", "настройки";
        Address => "address", "адрес";
        Proxy => "proxy", "прокси";
        Tls => "TLS", "TLS";
        Clock => "clock", "часы";
        Login => "login", "вход";
        Box => "box", "ящик";
        Account => "account", "учётная запись";
        Certificates => "certificates", "сертификаты";
        Journal => "journal", "журнал";
        Disk => "disk", "диск";
        Version => "version", "версия";
    }
}

messages! {
    /// Something that was found, or something to do about it.
    #[derive(Clone, Debug, PartialEq, Eq)]
    DoctorMessage in language {
        Fine => "ok", "в порядке";
        Problem => "problem", "неполадка";
        Skipped => "not looked at", "не проверено";
        Advice => "what to do", "что делать";
        SkippedUntil => "not before that is right", "сначала нужно исправить это";

        // Settings.
        NotSetUp => "neither Diadoc nor Extern is set up", "ни Диадок, ни Экстерн не настроены";
        SetUp =>
            "log in with podpis login, or set the variables that podpis --help names; podpis doctor --sandbox looks at \
             the program without an account",
            "войдите командой podpis login или задайте переменные из podpis --help; podpis doctor --sandbox проверит \
             программу без учётной записи";
        RepairSettings => "put it right or remove it", "исправьте это или уберите";

        // The network.
        Answers(url: String) => "{url} answers", "{url} отвечает";
        AddressWrong(variable: &'static str) =>
            "{variable} is not the address of a service",
            "в {variable} не адрес сервиса";
        SetAddress { variable: &'static str, example: &'static str } =>
            "set {variable} to an address such as {example}, or unset it for production",
            "задайте в {variable} адрес вида {example} или уберите её, тогда это будет боевой сервис";
        UnknownHost(url: String) => "{url}: no host of this name is known", "{url}: узел с таким именем не найден";
        CheckName => "check the address, the name server and the network", "проверьте адрес, сервер имён и сеть";
        Refused(url: String) => "{url}: the connection was refused", "{url}: в соединении отказано";
        CheckPort =>
            "check the host and the port, and that the service is running there",
            "проверьте узел и порт и что сервис там запущен";
        NoAnswer(url: String) => "{url} does not answer", "{url} не отвечает";
        CheckNetwork =>
            "check the network, the firewall and whether a proxy has to be named in HTTPS_PROXY",
            "проверьте сеть, межсетевой экран и не нужен ли прокси в HTTPS_PROXY";
        NoProxy => "none is used", "не используется";
        ByProxy { proxy: String, variable: String } => "through {proxy} ({variable})", "через {proxy} ({variable})";
        ProxyWrong(variable: String) =>
            "{variable} is not the address of a proxy, and is passed over",
            "в {variable} не адрес прокси, поэтому она не действует";
        SetProxy(variable: String) =>
            "set {variable} to http://HOST:PORT, or unset it",
            "задайте в {variable} http://УЗЕЛ:ПОРТ или уберите её";
        ProxySilent { proxy: String, variable: String } =>
            "nothing answers at the proxy {proxy} ({variable})",
            "прокси {proxy} ({variable}) не отвечает";
        Verified => "verified by the certificates of the system", "проверен по сертификатам системы";
        VerifiedBy { variable: &'static str, path: String } =>
            "verified by the certificates of {variable} ({path})",
            "проверен по сертификатам из {variable} ({path})";
        NoTls => "plain http, which does not leave this machine", "обычный http, но он не покидает эту машину";
        RootsMissing { variable: &'static str, path: String } =>
            "{variable} names {path}, which holds no certificate that can be read",
            "в {variable} указан {path}, но сертификатов, которые читаются, там нет";
        SetRoots(variable: &'static str) =>
            "name certificates in PEM in {variable}, or unset it",
            "укажите в {variable} сертификаты в PEM или уберите её";
        NotTrusted => "the certificate of the server is not trusted", "сертификату сервера нет доверия";
        TrustRoots =>
            "check the address; where a proxy of your own stands in between, name its root certificate in \
             SSL_CERT_FILE",
            "проверьте адрес; если на пути стоит ваш прокси, укажите его корневой сертификат в SSL_CERT_FILE";
        ClockRight(seconds: u64) =>
            "{seconds} s apart from the service's",
            "расхождение с часами сервиса — {seconds} с";
        ClockUntold => "the service does not tell its time", "сервис не сообщает время";
        ClockFast(seconds: u64) let length = language.length(*seconds) =>
            "this machine's clock is {length} ahead of the service's",
            "часы этой машины спешат на {length}";
        ClockSlow(seconds: u64) let length = language.length(*seconds) =>
            "this machine's clock is {length} behind the service's",
            "часы этой машины отстают на {length}";
        SetClock =>
            "set the clock, for example with timedatectl set-ntp true",
            "поставьте часы, например: timedatectl set-ntp true";

        // Whoever logs in.
        LoggedIn => "accepted", "принят";
        LogIn(command: String) =>
            "log in with {command}, or check the variables of the login",
            "войдите командой {command} или проверьте переменные входа";
        TryAgain =>
            "try again; podpis doctor -v shows what was sent and answered",
            "повторите; podpis doctor -v показывает, что отправлено и получено";

        // Where that is done.
        BoxFound { in_box: String, organization: String } =>
            "{in_box} of {organization}",
            "{in_box}, организация {organization}";
        BoxUnknown(in_box: String) =>
            "the user has no box {in_box}",
            "у пользователя нет ящика {in_box}";
        BoxUnnamed(number: usize) let number = language.counted(*number, BOXES) =>
            "the user has {number}, and none is named",
            "у пользователя {number}, и ни один не выбран";
        NameBox =>
            "choose one of podpis diadoc organizations, by DIADOC_BOX or box in the profile",
            "выберите один из podpis diadoc organizations, в DIADOC_BOX или box профиля";
        AccountFound(name: String) => "{name}", "{name}";
        AccountUnknown(account: String) =>
            "the user has no account {account}",
            "у пользователя нет учётной записи {account}";
        AccountUnnamed(number: usize) let number = language.counted(*number, ACCOUNTS) =>
            "the user has {number}, and none is named",
            "у пользователя {number}, и ни одна не выбрана";
        NameAccount =>
            "choose one of podpis extern accounts, by EXTERN_ACCOUNT or account in the profile",
            "выберите одну из podpis extern accounts, в EXTERN_ACCOUNT или account профиля";
        CanSign { able: usize, of: usize } =>
            "{able} of {of} can sign remotely",
            "для удалённой подписи годится: {able} из {of}";
        NoCertificates => "the user has none", "у пользователя их нет";
        NoneCanSign(reasons: String) =>
            "none can sign remotely: {reasons}",
            "ни один не годится для удалённой подписи: {reasons}";
        /// A certificate, and why it cannot.
        Because { certificate: String, reason: String } => "{certificate}: {reason}", "{certificate}: {reason}";
        GetCertificate =>
            "have a certificate with a key at the service issued or renewed by Kontur",
            "получите или продлите в Контуре сертификат с ключом на сервисе";

        // Where operations are kept.
        JournalFine { journal: String, open: usize }
            let open = language.counted(*open, OPERATIONS) => "{journal}, with {open}", "{journal}, в нём {open}";
        JournalMore { journal: String, open: usize }
            let open = language.counted(*open, THAN_OPERATIONS) =>
            "{journal}, with more than {open}",
            "{journal}, в нём больше {open}";
        RepairJournal =>
            "give the folder to yourself alone, or name another folder or database in PODPIS_JOURNAL",
            "оставьте папку доступной только вам или укажите в PODPIS_JOURNAL другую папку или базу данных";
        RepairDatabase =>
            "check the address in PODPIS_JOURNAL, the server, the database and PGPASSWORD",
            "проверьте адрес в PODPIS_JOURNAL, сервер, базу данных и PGPASSWORD";
        RecordsUnreadable(number: usize) let number = language.counted(*number, RECORDS) =>
            "{number} in it cannot be read",
            "не читается в нём: {number}";
        LookAtRecords => "podpis ops list names them", "их назовёт podpis ops list";
        DiskFine(megabytes: u64) => "{megabytes} MB free", "свободно {megabytes} МБ";
        DiskFull(megabytes: u64) =>
            "only {megabytes} MB free where the journal is",
            "там, где журнал, свободно только {megabytes} МБ";
        MakeRoom =>
            "make room, or name another folder in PODPIS_JOURNAL",
            "освободите место или укажите в PODPIS_JOURNAL другую папку";
        Version(version: String) => "podpis {version}", "podpis {version}";
    }
}

impl Check {
    /// The name that stays, for programs.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Address => "address",
            Self::Proxy => "proxy",
            Self::Tls => "tls",
            Self::Clock => "clock",
            Self::Login => "login",
            Self::Box => "box",
            Self::Account => "account",
            Self::Certificates => "certificates",
            Self::Journal => "journal",
            Self::Disk => "disk",
            Self::Version => "version",
        }
    }
}

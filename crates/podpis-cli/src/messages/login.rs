//! What is said of logins and of the settings that go with them.
//!
//! **Invariant:** no secret and no value of a setting is in the words, only where it stands.

use super::Language;
use super::words::messages;

messages! {
    /// Something to say of a login.
    #[derive(Clone, Debug, PartialEq, Eq)]
    LoginMessage in language {
        // The settings file.
        ProfileName(name: String) =>
            "{name} is no name of a profile: letters, digits, - and _ are, 64 at most",
            "{name} — не имя профиля: годятся латинские буквы, цифры, - и _, не больше 64";
        NoProfile { name: String, path: String } =>
            "there is no profile {name} in {path}",
            "в {path} нет профиля {name}";
        SettingsUnreadable(path: String) => "the settings {path} cannot be used", "настройки {path} не годятся";
        SettingsNotWritten(path: String) =>
            "the settings {path} were not written",
            "настройки {path} не записаны";
        SecretInSettings { path: String, key: String } =>
            "{path}: {key} would be a secret, and settings hold none: remove it; podpis login keeps logins, and secrets \
             can come from variables",
            "{path}: {key} — секрет, а в настройках их не бывает: уберите его; вход хранит podpis login, а секреты \
             можно задать переменными";
        UnknownSetting { path: String, key: String } =>
            "{path}: {key} is no setting of this program, or not of this form",
            "{path}: {key} — не настройка этой программы или не такого вида";

        // What is asked.
        NoSandbox(url: String) =>
            "no sandbox answers at {url}; start one with podpis sandbox, or name its address with --base-url",
            "по адресу {url} песочница не отвечает; запустите её командой podpis sandbox или укажите адрес в --base-url";
        ClientMissing(names: String) =>
            "the program has no name at the identity service, and nobody can be asked at a terminal; not set: {names}. Set \
             what Kontur gave to your program (or NAME_FILE with the path of a file that holds the value), or try it \
             with --sandbox",
            "программе нечем представиться службе входа, а терминала, чтобы спросить, нет; не задано: {names}. Задайте \
             то, что Контур выдал вашей программе (или ИМЯ_FILE с путём к файлу, в котором лежит значение), либо \
             попробуйте с --sandbox";
        AskClient => "Client id:", "Идентификатор программы (client_id):";
        AskKey => "API key (is not shown):", "Ключ API (не показывается):";
        /// Behind it stand the address and the code.
        OpenPage => "open this page and confirm the code:", "откройте эту страницу и подтвердите код:";
        Code(code: String) => "code: {code}", "код: {code}";
        Confirming => "waiting for the confirmation…", "ждём подтверждения…";
        OpenBrowser =>
            "open this page in a browser on this machine and log in there:",
            "откройте эту страницу в браузере на этой машине и войдите:";
        /// In the browser.
        BrowserDone =>
            "podpis is logged in; this page can be closed",
            "podpis: вход выполнен, страницу можно закрыть";
        BrowserAgain =>
            "podpis did not take this login; see the terminal",
            "podpis не принял этот вход; посмотрите в терминал";
        RedirectNotHere(address: String) =>
            "--redirect {address} is not plain http with a port on this machine, for example http://127.0.0.1:8788/",
            "--redirect {address} — не http с портом на этой машине, например http://127.0.0.1:8788/";
        BrowserSilent =>
            "nobody came back from the browser in time; begin again",
            "из браузера вовремя никто не вернулся; начните заново";

        // What came of it.
        LoggedIn { service: &'static str, profile: String, url: String } =>
            "logged in to {service} at {url} (profile {profile})",
            "вход в {service} выполнен: {url} (профиль {profile})";
        #[cfg_attr(not(feature = "key-ring"), expect(dead_code, reason = "there is none"))]
        KeptInKeyRing => "the login is in the key ring", "вход сохранён в связке ключей";
        KeptInFile(path: String) => "the login is in {path}", "вход сохранён в {path}";
        NoRefresh =>
            "the service gave no refresh token, so this login ends with its first one",
            "сервис не дал токена обновления, поэтому вход закончится вместе с первым токеном";
        NotLoggedIn { service: &'static str, profile: String } =>
            "{service}: not logged in (profile {profile})",
            "{service}: вход не выполнен (профиль {profile})";
        LoggedOut { service: &'static str, profile: String } =>
            "logged out of {service} (profile {profile})",
            "выход из {service} выполнен (профиль {profile})";
        Who { service: &'static str, url: String, profile: String, names: String } =>
            "{service} at {url}, profile {profile}: {names}",
            "{service}, {url}, профиль {profile}: {names}";
        LogInFirst => "log in first: podpis login", "сначала войдите: podpis login";
        /// The command.
        LogInAgain(command: String) => "log in again with: {command}", "войдите снова: {command}";

        // Where logins are kept.
        LoginUnreadable(place: String) => "the login in {place} cannot be used", "сохранённый вход в {place} не годится";
        #[cfg_attr(not(feature = "key-ring"), expect(dead_code, reason = "there is none"))]
        LoginInRingUnreadable =>
            "the login in the key ring cannot be used",
            "вход, сохранённый в связке ключей, не годится";
        LoginNotKept(place: String) => "the login was not kept in {place}", "вход не удалось сохранить в {place}";
        LoginNotRemoved(place: String) =>
            "the login was not removed from {place}",
            "вход не удалось удалить из {place}";
        NoStateFolder =>
            "there is no home folder to keep logins in",
            "нет домашней папки, в которой хранить вход";
        #[cfg_attr(not(feature = "key-ring"), expect(dead_code, reason = "there is none"))]
        KeyRingAwaited =>
            "the key ring of the system does not answer yet; it may ask you to open it, perhaps in another window",
            "связка ключей системы пока не отвечает; возможно, она просит её открыть, например в другом окне";
        #[cfg_attr(not(feature = "key-ring"), expect(dead_code, reason = "there is none"))]
        KeyRingSilent =>
            "the key ring does not answer; PODPIS_KEY_RING=off does without it",
            "связка ключей не отвечает; без неё — PODPIS_KEY_RING=off";
        #[cfg_attr(not(feature = "key-ring"), expect(dead_code, reason = "there is none"))]
        KeyRingClosed =>
            "the key ring is locked and was not opened; open it and try again, or log in again without it: \
             PODPIS_KEY_RING=off",
            "связка ключей заперта, и её не открыли; откройте её и повторите или войдите снова без неё: \
             PODPIS_KEY_RING=off";
        LoginLocked(place: String) =>
            "another program has held the login in {place} for too long",
            "другая программа слишком долго держит сохранённый вход в {place}";
    }
}

//! What people are told in a Russian run, over the failures that the tests provoke.
//!
//! **Invariant:** no Latin word but those that are listed here, names, paths and commands; a service's own words are told,
//! in quotes.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use assert_cmd::Command;
use podpis_sandbox::{Fault, PhoneMode, WorldOptions};
use serde_json::Value;

use crate::bench::{Ended, Folder, Service, advised, podpis};

/// Words that a Russian sentence may have as they are: names of things, of formats, and of what the service is asked for.
const ALLOWED: &[&str] = &[
    "act",
    "API",
    "Authenticate",
    "Base64",
    "CloudSign",
    "CloudSignConfirm",
    "CloudSignConfirmResult",
    "DER",
    "Documents",
    "Draft",
    "DssSign",
    "DssSignResult",
    "GetMessage",
    "GUID",
    "HTML",
    "http",
    "https",
    "JSON",
    "myDSS",
    "PEM",
    "podpis",
    "PostMessagePatch",
    "SMS",
    "UTC",
];

/// The first Latin word in a text for people that is not allowed. What is in quotes was said by somebody else, and commands
/// are to be copied.
pub(crate) fn leftover(text: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let mut said = String::new();
        // What would do is listed as it is typed.
        let mut rest = line.split("годится одн").next().unwrap_or_default();
        while let Some((before, quoted)) = rest.split_once('«') {
            said.push_str(before);
            rest = quoted.split_once('»').map_or("", |(_, behind)| behind);
        }
        said.push_str(rest);
        let commands = said
            .split("podpis ")
            .enumerate()
            .map(|(at, part)| match at {
                0 => part,
                _ => part.trim_start_matches(|c: char| c.is_ascii()),
            });
        let said: String = commands.collect();
        let is_stop = |c: char| c.is_whitespace() || "()[]{};,!?…\"'`=<>|".contains(c);
        let words = said
            .split(is_stop)
            .map(|word| word.trim_matches(['.', '-', ':']));
        let latin =
            words.filter(|word| word.chars().all(|c| c.is_ascii_alphabetic()) && word.len() > 1);
        let mut left = latin.filter(|word| !ALLOWED.contains(word) && !is_option(line, word));
        left.next().map(|word| format!("{word}: {line}"))
    })
}

/// Whether the word is the name of an option, which begins with hyphens.
fn is_option(line: &str, word: &str) -> bool {
    line.contains(&format!("--{word}"))
}

/// Runs the program in Russian, for people and for programs: what is told has these words and no leftover.
#[track_caller]
fn told(command: &mut Command, code: i32, words: &[&str]) -> Ended {
    let ended = Ended::of(command.args(["--lang", "ru", "--json"]));
    assert_eq!(ended.code, code, "{ended:?}");
    for word in words {
        assert!(ended.stderr.contains(word), "{word}: {ended:?}");
    }
    assert_eq!(leftover(&ended.stderr), None, "{ended:?}");
    for object in ended.objects() {
        for error in [&object["error"], &object["documents"][0]["error"]] {
            if let Value::String(message) = &error["message"] {
                assert!(!message.is_empty(), "{ended:?}");
                assert_eq!(leftover(message), None, "{message}");
            }
        }
    }
    ended
}

#[test]
fn what_counts_as_a_leftover() {
    for text in [
        "операция 7 открыта (processing)",
        "Экстерн сообщает: InProgress",
        "нет прав (os error 1)",
        "X1: сервис ответил 404 [trace id 7]",
        "the login: срок вышел",
    ] {
        assert!(leftover(text).is_some(), "{text}");
    }
    for text in [
        "CloudSign: сервис ответил 404 (не найдено): «Not found»",
        "продолжить: podpis ops resume 0a-b --journal /x",
        "укажите --base-url или DIADOC_BOX; /tmp/act.xml.p7s",
    ] {
        assert_eq!(leftover(text), None, "{text}");
    }
}

#[test]
fn the_services_own_reason_is_told() {
    let folder = Folder::new();
    let file = folder.file("act", "x");
    for (endpoint, status, reason, code) in [
        ("CloudSign", 404, "Certificate is not found", 1),
        ("CloudSign", 409, "Пользователь: уже подписывает (1)", 1),
        ("CloudSign", 403, "Нет права", 1),
        ("Authenticate", 404, "No such user here", 1),
        ("Authenticate", 409, "Учётная запись закрыта", 1),
        ("DssSign", 404, "No such box here", 1),
        ("DssSign", 409, "Ящик закрыт", 1),
        ("DssSignResult", 409, "Задача отменена", 3),
        ("DssSignResult", 404, "No such task here", 4),
    ] {
        let service = Service::quick();
        let fault = Fault::on(endpoint).status(status);
        service
            .sandbox
            .inject(fault.body("text/plain; charset=utf-8", reason));
        let mut command = match endpoint.starts_with("Dss") {
            true => service.dss_sign(&[&file]),
            false => service.sign(&[&file]),
        };
        let ended = told(&mut command, code, &[&format!("«{reason}»")]);
        let message = ended.object()["error"]["message"].to_string();
        assert!(message.contains(reason), "{message}");
    }
}

#[test]
fn what_is_refused_after_it_was_signed_is_told_as_it_is() {
    for (status, reason) in [(404, "Entity not found"), (409, "Документ уже подписан")]
    {
        let willing = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
        let service = Service::start(willing);
        let folder = Folder::new();
        let fault = Fault::on("PostMessagePatch").status(status);
        service
            .sandbox
            .inject(fault.body("text/plain; charset=utf-8", reason));
        let mut command = service.diadoc("attach");
        command.current_dir(folder.root());
        let words = [
            "подписано, но потом пришёл отказ",
            "подпись не приложена; она в",
            &format!("«{reason}»"),
        ];
        let ended = told(&mut command, 3, &words);
        // The signature is a file now, and its record is gone.
        for wrong in ["подписи не будет", "Подписи не будет", "в записи"]
        {
            assert!(!ended.stderr.contains(wrong), "{wrong}: {ended:?}");
        }
        assert_eq!(folder.names(), ["act.txt.p7s"]);
        assert!(service.listed().is_empty());
    }
}

#[test]
fn a_lost_start_is_told_without_contradiction() {
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let service = Service::quick();
    service.sandbox.inject(Fault::on("CloudSign").drop_after());
    let given = "подписи не даст";
    let ended = told(
        &mut service.sign(&[&file]),
        4,
        &[given, "podpis ops start-over"],
    );
    let id = ended.object()["error"]["operation"]
        .as_str()
        .unwrap()
        .to_owned();
    let words = [given, "подписи из этого не выйдет"];
    let again = told(service.podpis().args(["ops", "resume", &id]), 4, &words);
    for ended in [ended, again] {
        for wrong in [
            "если ничего не подписано",
            "неизвестно, чем это закончится",
            "Неизвестно, выполнил ли",
            "отсюда не узнать",
        ] {
            assert!(!ended.stderr.contains(wrong), "{wrong}: {ended:?}");
        }
    }
    let service = Service::quick();
    service.sandbox.inject(Fault::on("DssSign").drop_after());
    told(&mut service.dss_sign(&[&file]), 4, &["отсюда не узнать"]);
}

#[test]
fn states_are_told_in_words_of_the_language() {
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let service = Service::quick();
    let ended = told(
        &mut service.sign(&[&file]),
        4,
        &["(ждёт код)", "podpis ops resume"],
    );
    let resume = advised(&ended.stderr, "resume");
    told(service.podpis().args(&resume), 4, &["(ждёт код)"]);
    told(
        service.sign(&[&file]).arg("--yes"),
        4,
        &["уже начата и не закончена операция"],
    );
    let id = resume[2].clone();
    told(
        service.podpis().args(["ops", "start-over", &id]),
        2,
        &["(ждёт код)"],
    );
    told(
        service.podpis().args(["ops", "abandon", &id]),
        0,
        &["забыта"],
    );

    let service = Service::quick();
    let ended = told(
        service.dss_sign(&[&file]).args(["--timeout", "0"]),
        4,
        &["(ждёт ответа на телефоне)"],
    );
    let mut resume = advised(&ended.stderr, "resume");
    resume.extend(["--timeout".to_owned(), "0".to_owned()]);
    told(
        service.podpis().args(&resume),
        4,
        &["не закончено", "(ждёт ответа на телефоне)"],
    );
    told(
        service.podpis().args(["ops", "abandon", &resume[2]]),
        0,
        &["(в работе)"],
    );
}

#[test]
fn polls_and_logins_that_fail_are_told_in_russian() {
    let folder = Folder::new();
    let file = folder.file("act", "x");
    for (fault, code) in [
        (Fault::on("DssSignResult").status(503), 4),
        (Fault::on("DssSignResult").drop_after(), 4),
        (
            Fault::on("DssSignResult").body("text/html", "<html>proxy</html>"),
            4,
        ),
        (
            Fault::on("DssSignResult").body("application/octet-stream", "\u{1}\u{2}"),
            4,
        ),
        (Fault::on("Authenticate").status(503), 4),
        (
            Fault::on("Authenticate").body("text/html", "<html>proxy</html>"),
            4,
        ),
    ] {
        let service = Service::quick();
        let ended = told(service.dss_sign(&[&file]).args(["--timeout", "0"]), 4, &[]);
        service.sandbox.inject(fault);
        let mut resume = advised(&ended.stderr, "resume");
        resume.extend(["--timeout".to_owned(), "0".to_owned()]);
        told(service.podpis().args(&resume), code, &[]);
    }
}

#[test]
fn what_the_system_says_is_told_in_russian() {
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let long = folder.path(&"long".repeat(80));
    let below_file = folder.path("act/below");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let sandbox = ["--sandbox", "--yes", "--out"];
    let sign = |out: &Path| {
        let mut command = podpis();
        command
            .args(["diadoc", "sign"])
            .arg(&file)
            .args(sandbox)
            .arg(out);
        command
    };
    told(&mut sign(&long), 2, &["имя файла слишком длинное"]);
    told(&mut sign(&below_file), 2, &["это не папка"]);
    told(&mut sign(&file), 2, &["это файл, а нужна папка"]);
    told(&mut sign(Path::new("/proc/act")), 2, &["/proc/act"]);
    told(&mut sign(Path::new("/proc")), 2, &["/proc"]);
    told(
        podpis().args(["sandbox", "--listen", &taken]),
        1,
        &["адрес занят"],
    );
    told(
        podpis().args(["verify", "/proc/self/mem", "/proc/self/mem"]),
        2,
        &["/proc/self/mem"],
    );
    for journal in [&file, &below_file, Path::new("/proc/act")] {
        let mut list = podpis();
        list.env("PODPIS_JOURNAL", journal);
        let ended = Ended::of(list.args(["ops", "list", "--lang", "ru", "--json"]));
        assert_eq!(leftover(&ended.stderr), None, "{ended:?}");
    }
    #[cfg(unix)]
    {
        let circle = folder.path("circle");
        std::os::unix::fs::symlink(&circle, &circle).unwrap();
        told(
            podpis().arg("verify").args([&circle, &circle]),
            2,
            &["ссылки ведут по кругу"],
        );
        told(&mut sign(&circle), 2, &["circle"]);
    }
    fs::remove_file(&file).unwrap();
    told(&mut sign(folder.root()), 2, &["нет такого файла или папки"]);
}

#[test]
fn a_group_without_a_command_lists_its_commands() {
    for (call, commands) in [
        (&[][..], ["verify", "doctor"]),
        (&["diadoc"], ["sign", "attach"]),
        (&["extern"], ["send", "sign-draft"]),
        (&["ops"], ["resume", "abandon"]),
        (&["generate"], ["completions", "man"]),
    ] {
        for (language, sentences) in [
            ("ru", ["не названа команда"; 2]),
            ("en", ["no command is named", "requires a subcommand"]),
        ] {
            let surroundings = format!("{language}_XX.UTF-8");
            let before = Ended::of(
                podpis()
                    .env("LANG", &surroundings)
                    .args(["--json"])
                    .args(call),
            );
            let behind = Ended::of(podpis().env("LANG", &surroundings).args(call).arg("--json"));
            for ended in [before, behind] {
                assert_eq!(ended.code, 2, "{ended:?}");
                let message = ended.object()["error"]["message"].to_string();
                let is_named = sentences.iter().any(|sentence| message.contains(sentence));
                assert!(is_named, "{ended:?}");
                for command in commands {
                    assert!(ended.stderr.contains(command), "{command}: {ended:?}");
                }
            }
        }
        let ended = Ended::of(podpis().env("LANG", "ru_RU.UTF-8").args(call));
        assert!(ended.stderr.contains("Команды:"), "{ended:?}");
    }
}

#[test]
fn dashes_are_of_one_kind() {
    let texts = [
        "--help",
        "diadoc attach --help",
        "verify --help",
        "ops prune --help",
    ];
    for call in texts {
        let ended = Ended::of(podpis().args(call.split(' ')).args(["--lang", "ru"]));
        assert!(!ended.stdout.contains('–'), "{call}: {}", ended.stdout);
    }
}

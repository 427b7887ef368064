//! The language of the program's own lines.
//!
//! **Invariant:** results and codes are the same in both languages.

use crate::bench::{Ended, Folder, Service, podpis};
use crate::russian::leftover;

#[test]
fn the_language_is_asked_for_or_comes_from_the_surroundings() {
    let verify = || {
        let mut command = podpis();
        command.args(["verify", "missing", "missing.p7s"]);
        command
    };
    let russian = "не читается";
    Ended::of(&mut verify()).expect(2, &["cannot be read"]);
    Ended::of(verify().args(["--lang", "ru"])).expect(2, &[russian]);
    Ended::of(verify().env("LANG", "ru_RU.UTF-8")).expect(2, &[russian]);
    Ended::of(verify().env("LANG", "ru_RU.UTF-8").env("LC_ALL", "C"))
        .expect(2, &["cannot be read"]);
    Ended::of(verify().env("LANG", "ru_RU.UTF-8").args(["--lang", "en"]))
        .expect(2, &["cannot be read"]);
}

#[test]
fn a_failure_of_the_library_is_told_in_russian_and_in_english_with_verbose() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let mut command = service.sign(&[&file]);
    command.args(["--lang", "ru", "--json"]);
    command.env("DIADOC_PASSWORD", "guess");
    let ended = Ended::of(&mut command);
    ended.expect(1, &["не получилось: ", "Диадок не принял логин"]);
    assert_eq!(leftover(&ended.stderr), None);
    let message = ended.object()["error"]["message"].to_string();
    assert!(message.contains("Диадок не принял") && !message.contains("не получилось"));
    let verbose = Ended::of(command.arg("--verbose"));
    assert!(
        verbose.stderr.contains("did not accept the login"),
        "{verbose:?}"
    );
}

#[test]
fn failures_are_told_in_russian_in_a_russian_run() {
    let folder = Folder::new();
    let (file, empty) = (folder.file("act.xml", "x"), folder.file("empty.xml", ""));
    let (file, empty) = (file.to_str().unwrap(), empty.to_str().unwrap());
    let missing = folder.path("missing.xml");
    let (missing, inside) = (missing.to_str().unwrap(), folder.path("no/act.xml"));
    let inside = inside.to_str().unwrap();
    let sandbox: &[&str] = &["--sandbox", "--yes"];
    let mut wrong = Vec::new();
    for (code, words, call) in [
        (
            2,
            "пуст",
            &[&["diadoc", "sign", empty], sandbox].concat()[..],
        ),
        (
            2,
            "missing.xml",
            &[&["diadoc", "sign", missing], sandbox].concat(),
        ),
        (
            2,
            "act.xml",
            &[&["diadoc", "sign", inside], sandbox].concat(),
        ),
        (
            2,
            "act.xml.p7s",
            &[&["diadoc", "sign", file, file], sandbox].concat(),
        ),
        (2, "--cert", &["diadoc", "sign", file, "--cert", "zz"]),
        (2, "--box", &["diadoc", "sign", file, "--box", "zz"]),
        (
            2,
            "--base-url",
            &["diadoc", "sign", file, "--base-url", "not a url"],
        ),
        (
            2,
            "http",
            &["diadoc", "sign", file, "--base-url", "http://example.org"],
        ),
        (2, "--method", &["diadoc", "sign", file, "--method", "fax"]),
        (
            2,
            "--timeout",
            &["diadoc", "sign", file, "--timeout", "soon"],
        ),
        (
            2,
            "/proc/no",
            &[&["diadoc", "sign", file, "--out", "/proc/no"], sandbox].concat(),
        ),
        (2, "missing.xml", &["verify", file, missing]),
        (1, "act.xml", &["verify", file, file]),
        (
            2,
            "missing.xml",
            &["verify", file, file, "--trust", missing],
        ),
        (1, "nothing-like-it", &["ops", "show", "nothing-like-it"]),
        (2, "NOT AN ID", &["ops", "resume", "NOT AN ID"]),
        (2, "команд", &["ops"]),
        (2, "--older-than", &["ops", "prune", "--older-than", "3w"]),
        (2, "--to", &["extern", "send", "--to", "x", file]),
        (
            1,
            "",
            &[
                &["extern", "sign-draft", "--draft", "no-such-draft"],
                sandbox,
            ]
            .concat(),
        ),
        (
            1,
            "",
            &[
                &["diadoc", "attach", "--message", "m", "--entity", "e"],
                sandbox,
            ]
            .concat(),
        ),
        (2, "", &["diadoc", "sign", file]),
    ] {
        let ended = Ended::of(podpis().args(call).args(["--lang", "ru"]));
        let is_right = ended.code == code && ended.stderr.contains(words);
        if !is_right || leftover(&ended.stderr).is_some() {
            wrong.push(format!("{call:?}: {ended:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn help_is_in_russian_too() {
    for call in [
        vec!["--help"],
        vec!["diadoc", "attach", "--help"],
        vec!["ops", "-h"],
    ] {
        let ended = Ended::of(podpis().args(&call).args(["--lang", "ru"]));
        assert_eq!(ended.code, 0, "{ended:?}");
        for english in [
            "Usage:",
            "Options:",
            "Commands:",
            "Arguments:",
            "default:",
            "Print help",
        ] {
            assert!(
                !ended.stdout.contains(english),
                "{english}: {}",
                ended.stdout
            );
        }
        assert!(
            ended.stdout.contains("Использование: podpis"),
            "{}",
            ended.stdout
        );
    }
}

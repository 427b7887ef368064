//! Completions and manual pages.
//!
//! **Invariant:** they say what the program takes, in the person's language, and are written nowhere else.

use std::fs;

use crate::bench::{Ended, Folder, podpis};

#[test]
fn every_shell_gets_completions_with_the_commands_of_the_program() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ended = Ended::of(podpis().args(["generate", "completions", shell]));
        assert_eq!(ended.code, 0, "{ended:?}");
        for word in ["auto-sign-receipts", "start-over", "--code-attempts"] {
            let told = word.trim_start_matches("--");
            assert!(ended.stdout.contains(told), "{shell}: {word}");
        }
    }
    let ended = Ended::of(podpis().args(["--json", "generate", "completions", "bash"]));
    let script = ended.object()["completions"].as_str().unwrap().to_owned();
    assert!(script.contains("complete -F _podpis"), "{script}");
    let unknown = Ended::of(podpis().args(["generate", "completions", "basic"]));
    assert_eq!(unknown.code, 2, "{unknown:?}");
}

#[test]
fn every_command_has_a_manual_page_in_either_language() {
    for (language, words) in [
        ("en", [".SH OPTIONS", "Sign files and write FILE.p7s"]),
        ("ru", [".SH ПАРАМЕТРЫ", "Подписать"]),
    ] {
        let folder = Folder::new();
        let mut command = podpis();
        command.args(["--lang", language, "generate", "man", "."]);
        let ended = Ended::of(command.current_dir(folder.root()));
        assert_eq!(ended.code, 0, "{ended:?}");
        let names = folder.names();
        assert_eq!(ended.stdout.lines().count(), names.len());
        for name in [
            "podpis.1",
            "podpis-diadoc-sign.1",
            "podpis-ops-start-over.1",
        ] {
            assert!(names.iter().any(|known| known == name), "{names:?}");
        }
        let page = fs::read_to_string(folder.path("podpis-diadoc-sign.1")).unwrap();
        for word in words {
            assert!(page.contains(word), "{word}: {page}");
        }
    }
    let folder = Folder::new();
    let new = folder.path("share/man1");
    let ended = Ended::of(podpis().args(["generate", "man"]).arg(&new));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(new.join("podpis.1").is_file());
    let file = folder.file("taken", "x");
    let ended = Ended::of(podpis().args(["generate", "man"]).arg(&file));
    ended.expect(2, &["taken", "is a file"]);
}

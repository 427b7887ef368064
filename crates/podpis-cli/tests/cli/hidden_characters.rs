//! Names and words with characters that a terminal obeys or does not show.
//!
//! **Invariant:** none of them reaches a terminal, whoever sent it and whatever the command; JSON has them as escapes.

use std::path::Path;

use podpis_sandbox::Fault;

use crate::bench::{Ended, Folder, Service, podpis};

/// Clears the screen, ends the line, turns the text around, and hides.
const EVIL: &str =
    "\u{1b}[2J\r\n\u{9b}31m\u{202e}fdp.\u{2066}\u{200b}\u{feff}\u{61c}\u{2028}\u{e0041}";

/// The same where it is a name in a folder.
fn evil_file(folder: &Folder) -> std::path::PathBuf {
    folder.file(&format!("act{EVIL}.xml"), "x")
}

/// Whether a terminal could be made to do something by it.
fn is_dangerous(c: char) -> bool {
    let hidden = [
        0x61c..=0x61c,
        0x200b..=0x200f,
        0x2028..=0x202e,
        0x2060..=0x2069,
        0xfeff..=0xfeff,
        0xe0000..=0xe0fff,
    ];
    c.is_control() || hidden.iter().any(|range| range.contains(&u32::from(c)))
}

pub(crate) fn assert_plain(text: &str) {
    for line in text.split('\n') {
        assert!(!line.chars().any(is_dangerous), "{line:?}");
        // And nothing of it began a line.
        assert!(!line.starts_with('\u{fffd}') && !line.trim_start().starts_with("31m"));
    }
}

/// Asserts that both streams are plain, and that the name was in one of them.
fn assert_shown(ended: &Ended) {
    assert_plain(&ended.stdout);
    assert_plain(&ended.stderr);
    let all = format!("{}{}", ended.stdout, ended.stderr);
    assert!(all.contains("fdp."), "{ended:?}");
}

#[cfg(unix)]
#[test]
fn names_of_files_are_shown_plain_by_every_command() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = evil_file(&folder);
    let id = service.left_at_the_code(&file);
    for arguments in [
        vec!["list"],
        vec!["show", &id],
        vec!["list", "--lang", "ru"],
        vec!["resume", &id],
        vec!["start-over", &id],
        vec!["resume", &id, "--yes"],
    ] {
        let ended = service.ops(&arguments);
        if arguments[0] != "start-over" {
            assert_shown(&ended);
        }
        assert_plain(&format!("{}{}", ended.stdout, ended.stderr));
    }
    assert_eq!(folder.names().len(), 2, "{:?}", folder.names());

    let signature = format!("{}.p7s", file.display());
    let verified = Ended::of(service.podpis().arg("verify").arg(&file).arg(&signature));
    assert_shown(&verified);
    let missing = folder.path(&format!("gone{EVIL}"));
    let ended = Ended::of(&mut service.sign(&[&missing]));
    assert_shown(&ended);
    ended.expect(2, &[]);
}

#[cfg(unix)]
#[test]
fn json_has_them_as_escapes_and_means_the_same() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = evil_file(&folder);
    let id = service.left_at_the_code(&file);
    for arguments in [vec!["list", "--json"], vec!["show", &id, "--json"]] {
        let ended = service.ops(&arguments);
        assert_plain(&ended.stdout);
        assert_plain(&ended.stderr);
        let told = ended.object().to_string();
        assert!(told.contains('\u{202e}'), "{told}");
    }
    let signed = service.ops(&["resume", &id, "--yes", "--json"]);
    assert_plain(&signed.stdout);
    let told = &signed.object()["files"][0];
    assert_eq!(told["file"], file.to_str().unwrap());
    assert!(Path::new(told["signature"].as_str().unwrap()).exists());
}

#[test]
fn words_and_names_of_services_are_shown_plain() {
    let service = Service::quick();
    let json = |text: serde_json::Value| text.to_string();
    let accounts = json(serde_json::json!({
        "total-count": 1,
        "accounts": [{ "id": "b5ab8b4c-5b5f-4f5f-a2a2-7b7b7b7b7b7b", "inn": "1", "kpp": EVIL, "organization-name": EVIL }],
    }));
    let error = json(serde_json::json!({
        "id": format!("urn:error:{EVIL}"), "status-code": 400, "message": EVIL, "trace-id": EVIL, "track-id": EVIL,
    }));
    for (fault, code) in [
        (Fault::on("Accounts").body("application/json", accounts), 0),
        (
            Fault::on("Accounts")
                .status(400)
                .body("application/json", error.clone()),
            1,
        ),
    ] {
        for more in [None, Some("--json"), Some("-v")] {
            service.sandbox.clear_faults();
            service.sandbox.inject(fault.clone());
            let ended = Ended::of(
                service
                    .podpis()
                    .args(["extern", "accounts", "--base-url", &service.url])
                    .args(more),
            );
            assert_eq!(ended.code, code, "{ended:?}");
            assert_shown(&ended);
        }
    }
    service.sandbox.clear_faults();
    let words = Fault::on("*").status(403).body("text/plain", EVIL);
    service.sandbox.inject(words);
    let ended = Ended::of(service.diadoc("organizations").arg("-v"));
    assert_eq!(ended.code, 1, "{ended:?}");
    assert_shown(&ended);
}

#[test]
fn arguments_that_are_not_understood_are_repeated_plain() {
    for arguments in [
        vec!["ops", "show", EVIL],
        vec!["diadoc", "sign", "--method", EVIL, "x"],
        vec![EVIL],
        vec!["extern", "decrypt", "--json", EVIL],
        vec!["sandbox", "--listen", EVIL],
        vec!["diadoc", "organizations", "--base-url", EVIL],
    ] {
        let ended = Ended::of(podpis().args(&arguments));
        assert_eq!(ended.code, 2, "{ended:?}");
        assert_plain(&ended.stdout);
        assert_plain(&ended.stderr);
    }
}

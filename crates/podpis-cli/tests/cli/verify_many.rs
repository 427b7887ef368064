//! `podpis verify --all`.
//!
//! **Invariant:** every file is looked at and told, whatever is wrong with another, and the worst ending counts.

use std::path::Path;

use serde_json::json;

use crate::bench::{Ended, Folder, podpis};

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../fixtures/cms/", $name))
    };
}

fn all(folder: &Folder, arguments: &[&str]) -> Ended {
    let mut command = podpis();
    command
        .current_dir(folder.root())
        .args(["verify", "--json", "--all"]);
    Ended::of(command.args(arguments))
}

/// Files with signatures of every ending.
fn folder() -> Folder {
    let folder = Folder::new();
    let content = fixture!("content.txt");
    for (name, signature) in [
        ("good", &fixture!("p256.p7s")[..]),
        ("text", fixture!("p256.b64")),
        ("open", fixture!("p256.nocerts.p7s")),
        ("sha1", fixture!("p256.sha1.p7s")),
        ("none", b"not a signature"),
    ] {
        folder.file(name, content);
        folder.file(&format!("{name}.p7s"), signature);
    }
    folder.file("bare", content);
    folder.file("other", fixture!("other.txt"));
    folder.file("other.p7s", fixture!("p256.p7s"));
    folder
}

#[test]
fn the_worst_ending_counts() {
    let folder = folder();
    for (files, code) in [
        (&["good"][..], 0),
        (&["good", "text"], 0),
        (&["good", "open"], 3),
        (&["open", "other", "good"], 1),
        (&["open", "bare"], 1),
        (&["good", "sha1"], 1),
        (&["none", "good"], 1),
        (&["good", "missing"], 2),
        (&["open", "missing"], 2),
        (&["missing", "other"], 1),
        (&["good", "--allow-unchecked", "open"], 0),
        (&["other", "--allow-unchecked"], 1),
        (&["sha1", "--allow-unchecked"], 1),
    ] {
        let ended = all(&folder, files);
        assert_eq!(ended.code, code, "{files:?}: {ended:?}");
    }
}

#[test]
fn every_file_has_its_object_and_its_sentence() {
    let folder = folder();
    let files = [
        "none", "bare", "other", "sha1", "missing", "open", "text", "good",
    ];
    let ended = all(&folder, &files);
    assert_eq!(ended.code, 1, "{ended:?}");
    let objects = ended.objects();
    assert_eq!(objects.len(), files.len());
    for (object, file) in objects.iter().zip(files) {
        assert_eq!(object["file"], file);
        assert_eq!(object["signature"], format!("{file}.p7s"));
    }
    let message = |at: usize| objects[at]["error"]["message"].as_str().unwrap();
    for (at, kind, words) in [
        (0, "signature", "none.p7s is not a detached signature"),
        (1, "no_signature", "there is no bare.p7s"),
        (2, "signature", "other.p7s is not a signature of other"),
        (3, "signature", "SHA-1"),
        (4, "invalid_input", "missing"),
    ] {
        assert_eq!(objects[at]["error"]["kind"], kind, "{}", objects[at]);
        assert!(message(at).contains(words), "{}", objects[at]);
        assert!(ended.stderr.contains(message(at)), "{ended:?}");
    }
    assert!(message(3).contains("sha1.p7s"), "{}", objects[3]);
    assert_eq!(objects[5]["proven"], false);
    assert_eq!(objects[5]["checks"]["value"], "not-checked: no certificate");
    assert!(
        ended
            .stderr
            .contains("open: not proven: not checked: signature value")
    );
    assert_eq!(objects[6]["form"], json!(["base64"]));
    assert_eq!(
        (&objects[7]["proven"], &objects[7]["form"]),
        (&json!(true), &json!("der"))
    );
    assert!(ended.stderr.contains("good: proven"), "{ended:?}");
}

#[test]
fn without_all_there_are_two_paths() {
    let folder = folder();
    for paths in [&["good"][..], &["good", "good.p7s", "open"]] {
        let mut command = podpis();
        command.current_dir(folder.root()).arg("verify").args(paths);
        Ended::of(&mut command).expect(2, &["--all"]);
    }
    assert!(!Path::new("good").exists());
}

//! Folders that a command names and that are not there, or are no folders.
//!
//! **Invariant:** what is only read, and what is refused before anything is sent, leaves no folder behind.

use crate::bench::{Ended, Folder, Service, openssl_accepts};

#[test]
fn reading_a_journal_that_is_not_there_makes_none() {
    let (service, folder) = (Service::quick(), Folder::new());
    let journal = folder.path("no/journal");
    let at = journal.to_str().unwrap();
    for (arguments, code) in [
        (&["list"][..], 0),
        (&["resume", "--all"], 0),
        (&["prune", "--older-than", "1d"], 0),
        (&["show", "x"], 1),
        (&["resume", "x"], 1),
        (&["start-over", "x"], 1),
        (&["abandon", "x"], 1),
    ] {
        let ended = service.ops(&[arguments, &["--journal", at]].concat());
        assert_eq!(ended.code, code, "{ended:?}");
        assert!(ended.stderr.contains(at), "{ended:?}");
        assert!(folder.names().is_empty(), "{arguments:?}");
    }
    // What is begun makes it.
    let file = folder.file("act", "x");
    let begun = Ended::of(service.sign(&[&file]).args(["--no-wait", "--journal", at]));
    assert_eq!(begun.code, 4, "{begun:?}");
    let list = service.ops(&["list", "--json", "--journal", at]);
    assert_eq!(list.objects().len(), 1, "{list:?}");
}

/// Commands that are refused before anything is sent, each with what is wrong with it.
const REFUSED: [(&[&str], &str); 5] = [
    (&["diadoc", "sign", "-"], "empty"),
    (&["diadoc", "sign", "-", "--method", "cloud"], "code"),
    (&["diadoc", "sign", "act", "--box", "none"], "--box"),
    (&["diadoc", "attach", "--box", "none"], "--box"),
    (&["extern", "decrypt", "--cert", "none"], "--cert"),
];

#[test]
fn a_command_that_is_refused_leaves_no_folder() {
    let (service, folder) = (Service::quick(), Folder::new());
    folder.file("act", "x");
    for (command, words) in REFUSED {
        let mut podpis = service.podpis();
        podpis.current_dir(folder.root()).args(command);
        podpis.args(["--base-url", &service.url, "--out", "new/out"]);
        Ended::of(&mut podpis).expect(2, &[words]);
        assert_eq!(folder.names(), ["act"], "{command:?}");
    }
    let mut sign = service.diadoc("sign");
    sign.current_dir(folder.root());
    let signed = Ended::of(sign.args(["act", "--yes", "--out", "new/out"]));
    assert_eq!(signed.code, 0, "{signed:?}");
    let signature = folder.path("new/out/act.p7s");
    assert!(openssl_accepts(&folder.path("act"), &signature));
}

#[test]
fn a_file_in_the_place_of_a_folder_is_told_as_that() {
    let (service, folder) = (Service::quick(), Folder::new());
    folder.file("act", "x");
    let id = service.left_at_the_code(&folder.file("other", "y"));
    let run = |command: &[&str], out: &str| {
        let mut podpis = service.podpis();
        podpis.current_dir(folder.root()).args(command);
        Ended::of(podpis.args([out, "act"]).write_stdin("z"))
    };
    let base = ["--base-url", service.url.as_str()];
    for (command, out) in [
        ([&["diadoc", "sign", "other"][..], &base].concat(), "--out"),
        ([&["diadoc", "sign", "-"][..], &base].concat(), "--out"),
        ([&["diadoc", "attach"][..], &base].concat(), "--out"),
        ([&["diadoc", "documents"][..], &base].concat(), "--save"),
        ([&["extern", "sign-draft"][..], &base].concat(), "--out"),
        (vec!["ops", "resume", &id, "--yes"], "--out"),
        (vec!["ops", "show", &id], "--save"),
    ] {
        run(&command, out).expect(2, &["act is a file, and a folder is needed"]);
    }
}

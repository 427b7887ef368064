//! `--yes` beside operations of somebody else.
//!
//! **Invariant:** what is confirmed on the phone belongs to an operation of the program that confirms.

use podpis_sandbox::{MessageKind, MessageState};

use crate::bench::{Ended, Folder, Service};

/// Pushes that wait, and how many were confirmed.
fn pushes(service: &Service) -> (usize, usize) {
    let messages = service.sandbox.messages();
    let count = |state: MessageState| {
        let pushes = messages.iter().filter(|one| one.kind == MessageKind::Push);
        pushes.filter(|one| one.state == state).count()
    };
    (count(MessageState::Waiting), count(MessageState::Confirmed))
}

#[test]
fn yes_confirms_what_is_its_own_and_leaves_the_rest_to_others() {
    let (service, folder) = (Service::quick(), Folder::new());
    let (mine, theirs) = (Folder::new(), Folder::new());
    let run = |journal: &Folder, command: &[&str]| {
        let mut podpis = service.podpis();
        podpis.current_dir(folder.root());
        podpis.env("PODPIS_JOURNAL", journal.root()).args(command);
        Ended::of(podpis.args(["--base-url", &service.url, "--json"]))
    };
    folder.file("act", "x");
    let left = run(&theirs, &["diadoc", "sign", "act", "--no-wait"]);
    assert_eq!(left.code, 4, "{left:?}");
    // It is another service, so the two do not wait for each other.
    let signed = run(&mine, &["extern", "sign-draft", "--yes"]);
    assert_eq!(signed.code, 0, "{signed:?}");
    assert_eq!(pushes(&service), (1, 1));

    let left = run(&mine, &["extern", "sign-reply", "--no-wait"]);
    assert_eq!(left.code, 4, "{left:?}");
    let resumed = run(&mine, &["ops", "resume", "--all", "--yes"]);
    assert_eq!(resumed.code, 0, "{resumed:?}");
    assert_eq!(pushes(&service), (1, 2));
    let resumed = run(&theirs, &["ops", "resume", "--all", "--yes"]);
    assert_eq!(resumed.code, 0, "{resumed:?}");
    assert_eq!(pushes(&service), (0, 3));
}

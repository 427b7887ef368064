//! Where the journal is, and what happens when it cannot be there.
//!
//! **Invariant:** without a place for the record nothing is sent; the embedded sandbox has no record.

use std::fs;

use crate::bench::{Ended, Folder, Service, openssl_accepts, podpis};

#[test]
fn a_folder_that_cannot_be_used_is_named_and_nothing_is_sent() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let not_a_folder = folder.file("journal", "");
    let locked = folder.path("locked");
    fs::create_dir_all(locked.join("journal.lock")).unwrap();
    let no_notes = folder.path("no-notes");
    fs::create_dir_all(&no_notes).unwrap();
    fs::write(no_notes.join("outputs"), "").unwrap();
    let before = folder.names();
    for bad in [
        not_a_folder.clone(),
        not_a_folder.join("below"),
        locked,
        no_notes,
        "/proc/journal".into(),
    ] {
        for by_flag in [true, false] {
            let mut sign = service.sign(&[&file]);
            sign.args(["--yes", "--json"]);
            if by_flag {
                sign.arg("--journal").arg(&bad);
            } else {
                sign.env("PODPIS_JOURNAL", &bad);
            }
            let ended = Ended::of(&mut sign);
            ended.expect(2, &["journal", bad.to_str().unwrap(), "nothing was sent"]);
            assert_eq!(ended.object()["error"]["kind"], "journal");
        }
    }
    assert!(service.sandbox.requests().is_empty());
    assert_eq!(folder.names(), before);
}

#[test]
fn the_embedded_sandbox_leaves_the_journal_alone() {
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let journal = folder.path("journal");
    let ended = Ended::of(
        podpis()
            .args(["diadoc", "sign", "--sandbox", "--yes"])
            .arg(&file)
            .env("PODPIS_JOURNAL", &journal),
    );
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(openssl_accepts(&file, &folder.path("act.p7s")));
    // Nor is anything kept when nobody confirms.
    let ended = Ended::of(
        podpis()
            .args(["diadoc", "sign", "--sandbox", "--timeout", "0"])
            .arg(&file)
            .env("PODPIS_JOURNAL", &journal),
    );
    ended.expect(4, &[]);
    assert!(ended.stderr.contains("was not kept"), "{ended:?}");
    assert!(!journal.exists());
}

#[test]
fn the_usual_place_is_the_users_own() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let home = folder.path("home");
    let usual = if cfg!(target_os = "macos") {
        "Library/Application Support/podpis/journal"
    } else {
        ".local/state/podpis/journal"
    };
    for (name, value, place) in [
        (
            "XDG_STATE_HOME",
            folder.path("state"),
            "state/podpis/journal",
        ),
        ("HOME", home.clone(), &format!("home/{usual}")),
    ] {
        let ended = Ended::of(
            service
                .sign(&[&file])
                .env_remove("PODPIS_JOURNAL")
                .env_remove("XDG_STATE_HOME")
                .env(name, value),
        );
        assert_eq!(ended.code, 4, "{ended:?}");
        let records = fs::read_dir(folder.path(place)).unwrap();
        let records = records.filter(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_str().unwrap().ends_with(".json")
        });
        assert_eq!(records.count(), 1, "{place}");
    }
}

#[cfg(unix)]
fn make_pipe(place: &std::path::Path) {
    let _ = fs::remove_file(place);
    let made = std::process::Command::new("mkfifo").arg(place).status();
    assert!(made.unwrap().success());
}

/// What is there instead of how operations ended costs only that.
#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_file_keeps_nobody_waiting() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let id = service.left_at_the_code(&file);
    let ended = service.journal.path("outputs/ended");
    make_pipe(&ended);
    let resumed = service.ops(&["resume", &id, "--yes"]);
    assert_eq!(resumed.code, 0, "{resumed:?}");
    assert!(openssl_accepts(&file, &folder.path("act.p7s")));
    service.ops(&["show", &id]).expect(1, &["no operation"]);

    for ending in ["lease", "json"] {
        let id = service.left_at_the_code(&folder.file(ending, ending));
        make_pipe(&service.journal.path(&format!("outputs/{id}.json")));
        assert_eq!(service.ops(&["show", &id]).code, 0);
        let pipe = service.journal.path(&format!("{id}.{ending}"));
        make_pipe(&pipe);
        let words = [pipe.to_str().unwrap(), "not a regular file"];
        service.ops(&["resume", &id]).expect(1, &words);
    }
    let lock = service.journal.path("journal.lock");
    make_pipe(&lock);
    let words = [lock.to_str().unwrap(), "not a regular file"];
    let sign = Ended::of(&mut service.sign(&[&folder.file("third", "x")]));
    sign.expect(2, &words);
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_the_journal() {
    use std::os::unix::fs::PermissionsExt as _;

    let service = Service::quick();
    let folder = Folder::new();
    let journal = folder.path("journal");
    let ended = Ended::of(
        service
            .sign(&[&folder.file("act", "x")])
            .env("PODPIS_JOURNAL", &journal),
    );
    assert_eq!(ended.code, 4, "{ended:?}");
    let mut open = vec![journal];
    while let Some(path) = open.pop() {
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", path.display());
        if path.is_dir() {
            open.extend(
                fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        }
    }
}

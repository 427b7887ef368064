//! Whom the program believes: a journal that others may write is refused, and what is delivered is as good as it is.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;

use crate::bench::{Ended, Folder, Service, openssl_accepts};
use crate::interrupted::heard;

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_journal_that_others_may_write_is_refused() {
    let service = Service::quick();
    let folder = Folder::new();
    let id = service.left_at_the_code(&folder.file("act", "x"));
    let root = service.journal.root().to_owned();
    let record = root.join(format!("{id}.json"));
    let note = root.join(format!("outputs/{id}.json"));
    for (path, mode) in [
        (&root, 0o770),
        (&root, 0o1777),
        (&record, 0o620),
        (&record, 0o602),
        (&note, 0o666),
        (&root.join("outputs"), 0o707),
    ] {
        let before = fs::metadata(path).unwrap().permissions().mode();
        allow(path, mode);
        let words = format!("mode {mode:04o}");
        let ended = service.ops(&["resume", &id, "--yes"]);
        assert!(matches!(ended.code, 1 | 2 | 4), "{ended:?}");
        for words in [&*words, path.to_str().unwrap()] {
            assert!(ended.stderr.contains(words), "{words}: {ended:?}");
        }
        allow(path, before);
    }
    assert_eq!(service.calls("CloudSignConfirm"), 0);
    assert_eq!(service.ops(&["resume", &id, "--yes"]).code, 0);
}

#[test]
fn what_is_no_file_of_ours_is_named_and_passed_over() {
    let service = Service::quick();
    let folder = Folder::new();
    let good = service.left_at_the_code(&folder.file("act", "x"));
    let at = |name: &str| service.journal.path(&format!("{name}.json"));
    symlink(at(&good), at("link")).unwrap();
    symlink("/dev/zero", at("device")).unwrap();
    let pipe = Command::new("mkfifo").arg(at("pipe")).status().unwrap();
    assert!(pipe.success());
    let huge = fs::File::create(at("huge")).unwrap();
    huge.set_len(64 * 1024 * 1024 + 1).unwrap();
    allow(&at("huge"), 0o600);
    let listed = service.ops(&["list", "--json"]);
    assert_eq!(listed.code, 1, "{listed:?}");
    assert_eq!(listed.objects().len(), 5, "{listed:?}");
    for name in ["link", "device", "pipe", "huge"] {
        let file = at(name);
        assert!(listed.stderr.contains(file.to_str().unwrap()), "{listed:?}");
        let ended = service.ops(&["resume", name, "--yes"]);
        ended.expect(1, &[file.to_str().unwrap()]);
    }
}

#[test]
fn a_good_signature_is_good_when_its_journal_is_gone() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let journal = folder.path("journal");
    let ended = {
        let mut child = service
            .podpis_with_pipes()
            .env("PODPIS_JOURNAL", &journal)
            .args(["diadoc", "sign", "--base-url", &service.url, "--json"])
            .arg(&file)
            .spawn()
            .unwrap();
        drop(child.stdin.take());
        // All that is stored before the end is stored by then.
        heard(&mut child, "myDSS");
        let push = service.sandbox.messages().pop().unwrap();
        fs::remove_dir_all(&journal).unwrap();
        service.sandbox.confirm(&push.operation).unwrap();
        Ended::from(child.wait_with_output().unwrap())
    };
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(
        ended.stderr.contains("warning: the result is delivered"),
        "{ended:?}"
    );
    assert!(!ended.stderr.contains("do not use it"), "{ended:?}");
    assert_eq!(ended.object()["proven"], true);
    assert!(openssl_accepts(&file, &file.with_extension("p7s")));
}

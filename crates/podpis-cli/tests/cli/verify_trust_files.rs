//! The files that trust is judged by: folders, bundles, and what is none of these.
//!
//! **Invariant:** what was named and cannot be used ends with 2 and is named, before any signature is looked at.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::bench::{Ended, Folder, podpis};
use crate::verify_trust_table::folder as fixtures;

const AT: &str = "2024-06-15";

fn fixture(name: &str) -> PathBuf {
    fixtures().join("p256").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(fixture(name)).unwrap()
}

fn pem(name: &str) -> Vec<u8> {
    let kind = if name.ends_with(".crl") {
        "crl"
    } else {
        "x509"
    };
    let mut command = Command::new("openssl");
    command.args([kind, "-inform", "DER", "-in"]);
    let made = command.arg(fixture(name)).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    made.stdout
}

/// `podpis verify` of a good signature, by these files.
fn verify(arguments: &[(&str, &Path)]) -> Ended {
    let mut command = podpis();
    command.args(["verify", "--json", "--at", AT]);
    for (argument, path) in arguments {
        command.arg(argument).arg(path);
    }
    command.args([fixtures().join("content.txt"), fixture("ok.p7s")]);
    Ended::of(&mut command)
}

#[test]
fn folders_give_every_file_of_the_kind_and_name_the_others() {
    let folder = Folder::new();
    for name in ["root.crt", "ca.crt", "root.crl", "ca.crl"] {
        folder.file(&format!("all/{name}"), bytes(name));
    }
    folder.file("all/notes.txt", "a text");
    folder.file("all/cut.crl", &bytes("ca.crl")[..200]);
    folder.file("all/empty", "");
    folder.file("all/deeper/ca-old.crt", bytes("ca-old.crt"));
    folder.file("root/root.pem", pem("root.crt"));
    let all = folder.path("all");
    let ended = verify(&[
        ("--trust", &folder.path("root")),
        ("--intermediate", &all),
        ("--crl", &all),
    ]);
    assert_eq!(ended.code, 0, "{ended:?}");
    for (name, kind) in [
        ("root.crl", "not a certificate"),
        ("root.crt", "not a revocation list"),
        ("notes.txt", "not a certificate"),
        ("notes.txt", "not a revocation list"),
        ("cut.crl", "not a revocation list"),
        ("empty", "not a certificate"),
        ("deeper", "not a revocation list"),
    ] {
        let is_told =
            |line: &str| line.contains(&format!("/{name} is skipped")) && line.contains(kind);
        assert!(
            ended.stderr.lines().any(is_told),
            "{name} {kind}: {ended:?}"
        );
    }
    assert!(!ended.stderr.contains("ca-old.crt"), "{ended:?}");
    // What is skipped is told once, however often its folder is named.
    let ended = verify(&[
        ("--trust", &folder.path("root")),
        ("--intermediate", &all),
        ("--intermediate", &all),
        ("--crl", &all),
    ]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let told = "notes.txt is skipped: it is not a certificate";
    assert_eq!(ended.stderr.matches(told).count(), 1, "{ended:?}");
    assert!(
        !ended
            .stderr
            .contains("ca.crl is skipped: it is not a revocation")
    );
}

#[test]
fn what_a_folder_holds_of_the_kind_must_be_readable() {
    for (argument, name, what) in [
        ("--trust", "root.crt", "a certificate in"),
        ("--crl", "ca.crl", "a revocation list in"),
    ] {
        let folder = Folder::new();
        folder.file("all/a.pem", pem(name));
        let text = pem(name);
        let cut = [&text[..], &text[..text.len() / 2]].concat();
        let cut = folder.file("all/cut.pem", cut);
        let mut given = vec![(argument, folder.path("all"))];
        if argument != "--trust" {
            given.push(("--trust", fixture("root.crt")));
        }
        let given: Vec<_> = given.iter().map(|(name, path)| (*name, &**path)).collect();
        let ended = verify(&given);
        ended.expect(2, &[what, cut.to_str().unwrap()]);
    }
}

#[test]
fn bundles_hold_any_number_and_base64_one() {
    let folder = Folder::new();
    let lists = folder.file("lists.pem", [pem("root.crl"), pem("ca.crl")].concat());
    let mixed = [pem("ca.crt"), pem("root.crl"), pem("subca.crt")].concat();
    let mixed = folder.file("mixed.pem", mixed);
    let text = String::from_utf8(pem("root.crt")).unwrap();
    let base64: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    let root = folder.file("root.b64", base64);
    let ended = verify(&[
        ("--trust", &root),
        ("--intermediate", &mixed),
        ("--crl", &lists),
    ]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.object()["trust"]["path"].as_array().unwrap().len(), 3);
    assert!(!ended.stderr.contains("skipped"), "{ended:?}");
    // Each argument can be repeated.
    let ended = verify(&[
        ("--trust", &fixture("ca-false.crt")),
        ("--trust", &fixture("root.crt")),
        ("--intermediate", &fixture("ca-old.crt")),
        ("--intermediate", &fixture("ca.crt")),
        ("--crl", &fixture("ca.crl")),
        ("--crl", &fixture("root.crl")),
    ]);
    assert_eq!(ended.code, 0, "{ended:?}");
}

#[test]
fn what_cannot_be_used_is_named() {
    let folder = Folder::new();
    let (root, ca) = (fixture("root.crt"), fixture("ca.crt"));
    let list = bytes("ca.crl");
    let cut = folder.file("cut.crl", &list[..list.len() - 1]);
    let cut_root = folder.file("cut.crt", &bytes("root.crt")[..100]);
    let garbage = folder.file("garbage", [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0]);
    let torn = folder.file("torn.pem", &pem("root.crt")[..200]);
    let spoiled = String::from_utf8(pem("ca.crl")).unwrap().replace('M', "!");
    let spoiled = folder.file("spoiled.pem", spoiled);
    let empty = folder.file("empty", "");
    let missing = folder.path("missing");
    let huge = folder.file_of_size("huge", 1 << 40);
    fs::create_dir(folder.path("hollow")).unwrap();
    folder.file("texts/a.txt", "a text");
    let (hollow, texts) = (folder.path("hollow"), folder.path("texts"));
    for (argument, path, words) in [
        ("--trust", &cut_root, "no certificates"),
        ("--trust", &garbage, "no certificates"),
        ("--trust", &torn, "a certificate in"),
        ("--trust", &empty, "no certificates"),
        ("--trust", &cut, "no certificates"),
        ("--trust", &missing, "cannot be read"),
        ("--trust", &huge, "larger than"),
        ("--trust", &hollow, "no file in the folder"),
        ("--trust", &texts, "no file in the folder"),
        ("--intermediate", &cut, "no certificates"),
        ("--intermediate", &hollow, "no file in the folder"),
        ("--crl", &cut, "no revocation lists"),
        ("--crl", &garbage, "no revocation lists"),
        ("--crl", &spoiled, "a revocation list in"),
        ("--crl", &empty, "no revocation lists"),
        ("--crl", &ca, "no revocation lists"),
        ("--crl", &missing, "cannot be read"),
        ("--crl", &huge, "larger than"),
        ("--crl", &hollow, "no file in the folder"),
        ("--crl", &texts, "no file in the folder"),
    ] {
        let ended = verify(&[("--trust", &root), (argument, path)]);
        ended.expect(2, &[words, path.to_str().unwrap()]);
        assert_eq!(ended.object()["error"]["kind"], "invalid_input");
        assert!(!ended.stderr.contains("is a signature of"), "{ended:?}");
    }
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_what_is_no_file_is_never_opened() {
    use std::os::unix::fs::symlink;

    let folder = Folder::new();
    let links = folder.path("links");
    fs::create_dir(&links).unwrap();
    for name in ["root.crl", "ca.crl"] {
        symlink(fixture(name), links.join(name)).unwrap();
    }
    symlink(folder.path("nowhere"), links.join("broken")).unwrap();
    symlink(&links, links.join("around")).unwrap();
    let pipe = links.join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let (root, ca) = (fixture("root.crt"), fixture("ca.crt"));
    let ended = verify(&[
        ("--trust", &root),
        ("--intermediate", &ca),
        ("--crl", &links),
    ]);
    assert_eq!(ended.code, 0, "{ended:?}");
    for name in ["broken", "around", "pipe"] {
        let told = format!("{name} is skipped");
        assert!(ended.stderr.contains(&told), "{name}: {ended:?}");
    }
    for path in [&pipe, Path::new("/dev/zero")] {
        let ended = verify(&[("--trust", &root), ("--crl", path)]);
        ended.expect(2, &["neither a file nor a folder", path.to_str().unwrap()]);
    }
    let ended = verify(&[("--trust", &root), ("--crl", &links.join("broken"))]);
    ended.expect(2, &["broken"]);
}

/// Root reads everything, so that there is nothing to see then.
#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_named_and_not_skipped() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = Folder::new();
    let root = fixture("root.crt");
    folder.file("in/a.crl", bytes("ca.crl"));
    let closed = folder.file("in/closed.crl", bytes("root.crl"));
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    if File::open(&closed).is_ok() {
        return;
    }
    for path in [&closed, &folder.path("in")] {
        let ended = verify(&[("--trust", &root), ("--crl", path)]);
        ended.expect(2, &["closed.crl", "cannot be read"]);
    }
}

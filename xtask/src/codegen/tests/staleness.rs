//! A generated folder that does not match the .proto files is told file by file, with the command that helps.

use std::fs;
use std::path::{Path, PathBuf};

use crate::codegen::{GENERATED, PROTO, check, render, write};

#[track_caller]
fn contains(text: &str, part: &str) {
    assert!(text.contains(part), "no {part:?} in:\n{text}");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A copy of the .proto files with a freshly generated folder.
fn fresh_copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(
        &crate::workspace_root().join(PROTO),
        &folder.path().join(PROTO),
    );
    write(folder.path()).unwrap();
    assert!(check(folder.path()).is_ok());
    folder
}

#[test]
fn what_is_committed_is_up_to_date() {
    check(&crate::workspace_root()).unwrap();
}

#[test]
fn equal_input_gives_equal_output() {
    let proto = crate::workspace_root().join(PROTO);
    assert_eq!(render(&proto).unwrap(), render(&proto).unwrap());
}

#[test]
fn an_edited_generated_file_is_named_with_the_command_that_helps() {
    let folder = fresh_copy();
    let file = folder.path().join(GENERATED).join("messages.rs");
    let edited = fs::read_to_string(&file)
        .unwrap()
        .replacen("tag = \"1\"", "tag = \"2\"", 1);
    fs::write(&file, &edited).unwrap();
    assert_eq!(
        check(folder.path()).unwrap_err(),
        [
            "crates/podpis-diadoc-proto/src/generated/messages.rs: stale or edited by hand; run `cargo xtask codegen` and commit the result"
        ]
    );
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        edited,
        "a check never writes"
    );
    // The command does help.
    assert!(write(folder.path()).unwrap().ends_with("1 changed"));
    assert!(check(folder.path()).is_ok());
}

#[test]
fn an_edited_proto_a_missing_and_a_strange_file_are_named() {
    let folder = fresh_copy();
    let generated = folder.path().join(GENERATED);
    let proto = folder.path().join(PROTO).join("DocumentId.proto");
    fs::write(
        &proto,
        fs::read_to_string(&proto)
            .unwrap()
            .replace("BoxId = 3", "BoxId = 4"),
    )
    .unwrap();
    fs::remove_file(generated.join("builders.rs")).unwrap();
    fs::write(generated.join("extra.rs"), "").unwrap();
    let complaints = check(folder.path()).unwrap_err();
    let about = |file: &str| complaints.iter().find(|line| line.contains(file)).unwrap();
    contains(about("descriptor_set.bin"), "stale");
    contains(about("messages.rs"), "stale");
    contains(about("builders.rs"), "missing");
    contains(about("extra.rs"), "nothing generates this file");
    assert!(
        complaints
            .iter()
            .all(|line| line.contains("cargo xtask codegen"))
    );
    write(folder.path()).unwrap();
    assert!(check(folder.path()).is_ok() && !generated.join("extra.rs").exists());
}

#[test]
fn line_ends_of_a_checkout_do_not_matter() {
    let folder = fresh_copy();
    let file: PathBuf = folder.path().join(GENERATED).join("mod.rs");
    fs::write(
        &file,
        fs::read_to_string(&file).unwrap().replace('\n', "\r\n"),
    )
    .unwrap();
    assert!(check(folder.path()).is_ok());
}

//! The language of the program's own lines.
//!
//! **Invariant:** results and codes are the same in both languages.

use crate::bench::{Ended, Folder, Service, podpis};

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
fn words_of_the_library_stand_behind_a_translated_lead() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let ended = Ended::of(
        service
            .sign(&[&file])
            .args(["--lang", "ru", "--json"])
            .env("DIADOC_PASSWORD", "guess"),
    );
    ended.expect(1, &["не получилось: ", "did not accept the login"]);
    let message = ended.object()["error"]["message"].to_string();
    assert!(!message.contains("не получилось"), "{message}");
}

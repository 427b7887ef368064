//! Secrets: where they come from, and that they are never shown.
//!
//! **Invariant:** neither a failure nor the most talkative log holds a password, a token, a client id or a code.

use crate::bench::{Ended, Folder, Service, podpis};

/// Asserts that none of these is on either stream.
fn assert_silent(ended: &Ended, secrets: &[&str]) {
    for secret in secrets {
        assert!(
            !ended.stderr.contains(secret) && !ended.stdout.contains(secret),
            "{secret}: {ended:?}"
        );
    }
}

#[test]
fn the_log_holds_no_secret() {
    let service = Service::quick();
    let world = service.sandbox.world_info().diadoc;
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let password = folder.file("password", format!("{}\r\n", world.password));
    let ended = Ended::of(
        service
            .sign(&[&file])
            .args(["--yes", "-v"])
            .env("PODPIS_LOG", "trace")
            .env("DIADOC_CLIENT_ID", &world.api_client_id)
            .env("DIADOC_LOGIN", &world.login)
            .env("DIADOC_PASSWORD_FILE", &password),
    );
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stderr.contains("endpoint=\"CloudSign\""), "{ended:?}");
    let code = service.sandbox.last_code().unwrap();
    assert_silent(
        &ended,
        &[
            &world.password,
            &world.api_client_id,
            &code,
            "confirmationCode",
            "ddauth",
        ],
    );
}

#[test]
fn failures_hold_no_secret() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let sign = |url: &str| {
        let mut command = podpis();
        command
            .args(["diadoc", "sign", "-v", "--base-url", url])
            .arg(&file);
        command
    };
    let ended = Ended::of(sign(&service.url).env("DIADOC_PASSWORD", "hush-hush"));
    assert_eq!(ended.code, 1);
    assert_silent(&ended, &["hush-hush"]);

    let ended = Ended::of(&mut sign("https://me:hush-hush@example.org"));
    ended.expect(2, &["--base-url"]);
    assert_silent(&ended, &["hush-hush"]);

    let ended = Ended::of(sign(&service.url).env("DIADOC_CLIENT_ID", "hush,hush"));
    assert_eq!(ended.code, 2, "{ended:?}");
    assert_silent(&ended, &["hush,hush"]);
}

#[test]
fn a_file_with_a_secret_is_named_when_it_gives_none() {
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let empty = folder.file("empty", "\n");
    let binary = folder.file("binary", b"\xff\xfe");
    let sign = || {
        let mut command = podpis();
        command.args(["diadoc", "sign"]).arg(&file);
        command
    };
    for path in [folder.path("missing"), empty, folder.path("")] {
        Ended::of(sign().env("DIADOC_PASSWORD_FILE", &path))
            .expect(2, &["DIADOC_PASSWORD_FILE", path.to_str().unwrap()]);
    }
    Ended::of(sign().env("DIADOC_TOKEN_FILE", &binary)).expect(2, &["DIADOC_TOKEN_FILE"]);
    Ended::of(
        sign()
            .env("DIADOC_TOKEN_FILE", &binary)
            .env("DIADOC_TOKEN", "t"),
    )
    .expect(2, &["DIADOC_TOKEN and DIADOC_TOKEN_FILE"]);
}

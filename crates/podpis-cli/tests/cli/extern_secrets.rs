//! Secrets of Extern are never shown.
//!
//! **Invariant:** no log however talkative and no file of the journal holds a password, a token, an API key, a code or a
//! byte of a document.

use std::fs;

use podpis_sandbox::WorldOptions;

use crate::bench::{Ended, Folder, Service};

#[test]
fn neither_the_log_nor_the_journal_holds_a_secret() {
    for by_token in [true, false] {
        // No other number has as many digits by chance.
        let service = Service::start(WorldOptions::default().code_length(12));
        let world = service.sandbox.world_info().extern_;
        let folder = Folder::new();
        let password = folder.file("secret/password", &world.password);
        let key = folder.file("secret/key", &world.api_key);
        let mut seen = String::new();
        let mut run = |arguments: &[&str], code: i32| {
            let mut command = service.podpis();
            command.args(arguments).arg("-v").env("PODPIS_LOG", "trace");
            if by_token {
                command.env("EXTERN_TOKEN", &world.token);
            } else {
                command
                    .env("EXTERN_CLIENT_ID", &world.client_id)
                    .env("EXTERN_API_KEY_FILE", &key)
                    .env("EXTERN_LOGIN", &world.login)
                    .env("EXTERN_PASSWORD_FILE", &password);
            }
            let ended = Ended::of(&mut command);
            assert_eq!(ended.code, code, "{arguments:?}: {ended:?}");
            seen.push_str(&ended.stdout);
            seen.push_str(&ended.stderr);
            for part in ["", "outputs"] {
                for entry in fs::read_dir(service.journal.path(part))
                    .into_iter()
                    .flatten()
                {
                    let bytes = fs::read(entry.unwrap().path()).unwrap_or_default();
                    seen.push_str(&String::from_utf8_lossy(&bytes));
                }
            }
        };
        let out = folder.root().to_str().unwrap();
        let place = ["--json", "--base-url", &service.url, "--out", out];
        let sms = ["extern", "sign-draft", "--draft", &world.drafts.sms.id];
        // Nobody types a code: it stays open.
        run(&[&sms[..], &place[..]].concat(), 4);
        run(&["ops", "resume", "--all", "--yes", "--json"], 0);
        run(
            &[&["extern", "decrypt", "--yes"][..], &place[..]].concat(),
            0,
        );
        let code = service.sandbox.last_code().unwrap();
        assert!(seen.contains("DRAFT") || seen.contains("Draft"), "{seen}");
        for secret in [&world.password, &world.api_key, &world.token, &code] {
            assert!(
                !seen.contains(secret.as_str()),
                "{by_token} {secret}: {seen}"
            );
        }
        for content in ["<?xml", "PD94bWw"] {
            assert!(!seen.contains(content), "{content}");
        }
    }
}

//! Secrets: where they come from, and that they are never shown.
//!
//! **Invariant:** no failure, no log however talkative and no file of the journal holds a password, a token, a client
//! id, a code or a byte of a document.

use std::fs;
use std::path::Path;

use podpis_sandbox::{Fault, SignatureFault, WorldOptions};

use crate::bench::{Ended, Folder, Service, advised, podpis};

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
    let password = folder.file("password", format!("\u{feff}{}\r\n", world.password));
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

/// What is signed, as itself and in Base64.
const CONTENT: [&str; 2] = [
    "documentcontentdocumentcontent",
    "ZG9jdW1lbnRjb250ZW50ZG9jdW1lbnRjb250ZW50",
];

/// Everything in a folder, as text.
fn texts(folder: &Path, all: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts(&path, all);
        } else {
            let bytes = fs::read(&path).unwrap();
            all.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
}

/// A service and a person, and all that their programs left behind.
struct Watched {
    service: Service,
    folder: Folder,
    by_token: bool,
    seen: Vec<String>,
}

impl Watched {
    fn new(by_token: bool) -> Self {
        // No other number has as many digits by chance.
        let options = WorldOptions::default().code_length(12);
        Self {
            service: Service::start(options),
            folder: Folder::new(),
            by_token,
            seen: Vec::new(),
        }
    }

    /// Runs the program as talkative as it can be, then looks at the journal.
    fn run(&mut self, arguments: &[&str], input: &str, code: i32) -> Ended {
        let world = self.service.sandbox.world_info().diadoc;
        let mut command = self.service.podpis();
        command.args(arguments).arg("-v").env("PODPIS_LOG", "trace");
        if self.by_token {
            command.env("DIADOC_TOKEN", &world.users[0].token);
        } else {
            command
                .env("DIADOC_CLIENT_ID", &world.api_client_id)
                .env("DIADOC_LOGIN", &world.login)
                .env("DIADOC_PASSWORD", &world.password);
        }
        let ended = Ended::of(command.write_stdin(input));
        assert_eq!(ended.code, code, "{arguments:?}: {ended:?}");
        self.seen.push(ended.stdout.clone());
        self.seen.push(ended.stderr.clone());
        texts(self.service.journal.root(), &mut self.seen);
        ended
    }

    fn sign(&mut self, more: &[&str], input: &str, code: i32) -> Ended {
        // Another content each time: what is open is not begun again.
        let number = self.seen.len();
        let content = format!("{} {number}", CONTENT[0]);
        let file = self.folder.file(&format!("act-{number}"), content);
        let url = self.service.url.clone();
        let file = file.to_str().unwrap().to_owned();
        let arguments = [
            &["diadoc", "sign", "--method", "cloud"][..],
            &[&file, "--base-url", &url],
            more,
        ]
        .concat();
        self.run(&arguments, input, code)
    }

    /// Nothing of it holds a secret.
    fn assert_silent(&self) {
        let world = self.service.sandbox.world_info().diadoc;
        let messages = self.service.sandbox.messages();
        assert!(messages.len() > 3);
        let codes = messages
            .iter()
            .map(|message| message.code.as_deref().unwrap());
        let mut secrets: Vec<&str> = codes.collect();
        let own = [
            &*world.password,
            &*world.api_client_id,
            &*world.users[0].token,
        ];
        secrets.extend(own);
        secrets.extend(CONTENT);
        secrets.extend(["confirmationCode", "ddauth", "000111222333"]);
        for text in &self.seen {
            for secret in &secrets {
                assert!(!text.contains(secret), "{secret}: {text}");
            }
        }
    }
}

#[test]
fn whatever_happens_to_an_operation_no_secret_is_left_behind() {
    for by_token in [false, true] {
        let mut watched = Watched::new(by_token);
        watched.sign(&["--yes"], "", 0);
        // Without a code, with wrong ones, and with the right one at last.
        watched.sign(&[], "", 4);
        watched.run(&["ops", "list"], "", 0);
        let id = watched.service.listed()[0]["operation"].clone();
        let id = id.as_str().unwrap();
        watched.run(&["ops", "show", id, "--json"], "", 0);
        watched.run(&["ops", "resume", id], "000111222333\n", 4);
        let code = watched.service.sandbox.last_code().unwrap();
        watched.run(
            &["ops", "resume", "--all", "--json"],
            &format!("{code}\n"),
            0,
        );
        let wrong = "000111222333\n".repeat(3);
        watched.sign(&["--json"], &wrong, 3);
        // With answers that are lost or are something else.
        let fault = |watched: &Watched, fault: Fault| {
            watched.service.sandbox.clear_faults();
            watched.service.sandbox.inject(fault);
        };
        fault(&watched, Fault::on("CloudSign").drop_after());
        let ended = watched.sign(&["--yes"], "", 4);
        let lost = advised(&ended.stderr, "start-over")[2].clone();
        fault(&watched, Fault::on("CloudSignConfirm").drop_after());
        watched.run(&["ops", "start-over", &lost, "--yes"], "", 4);
        watched.run(&["ops", "resume", "--all", "--yes"], "", 4);
        fault(
            &watched,
            Fault::on("CloudSignConfirm").body("text/html", "<html>"),
        );
        watched.sign(&["--yes"], "", 4);
        fault(
            &watched,
            Fault::on("CloudSignConfirmResult").signatures(SignatureFault::Forge),
        );
        watched.sign(&["--yes", "--json"], "", 4);
        fault(&watched, Fault::on("*").status(401));
        watched.sign(&[], "", 1);
        watched.service.sandbox.clear_faults();
        for one in watched.service.listed() {
            let id = one["operation"].as_str().unwrap();
            watched.run(&["ops", "abandon", id], "", 0);
        }
        watched.assert_silent();
    }
}

#[test]
fn what_is_confirmed_on_a_phone_leaves_no_secret_behind() {
    let mut watched = Watched::new(false);
    let file = watched.folder.file("act", CONTENT[0]);
    let file = file.to_str().unwrap().to_owned();
    let url = watched.service.url.clone();
    let base = ["--base-url", &url];
    let dss = |more: &[&'static str]| [&["diadoc", "sign"], &base[..], more].concat();
    let sign = |more: &[&'static str]| [&dss(more)[..], &[&file]].concat();
    watched.run(&sign(&["--yes"]), "", 0);
    watched.run(&sign(&["--timeout", "0", "--json"]), "", 4);
    watched.run(&["ops", "resume", "--all", "--yes", "--json"], "", 0);
    watched
        .service
        .sandbox
        .inject(Fault::on("DssSign").drop_after());
    watched.run(&sign(&["--yes"]), "", 4);
    watched.service.sandbox.clear_faults();
    let lost = watched.service.sandbox.messages();
    let lost = &lost.last().unwrap().operation;
    watched.service.sandbox.decline(lost).unwrap();
    for command in ["auto-sign-receipts", "certificates", "organizations"] {
        watched.run(&[&["diadoc", command], &base[..]].concat(), "", 0);
    }
    let out = watched.folder.root().to_str().unwrap().to_owned();
    for command in ["attach", "prepare"] {
        let arguments = [&["diadoc", command, "--yes", "--json"], &base[..]].concat();
        watched.run(&[&arguments[..], &["--out", &out]].concat(), "", 0);
    }
    let attach = [
        &["diadoc", "attach", "--approval", "--timeout", "0"],
        &base[..],
    ]
    .concat();
    watched.run(&[&attach[..], &["--out", &out]].concat(), "", 4);
    let world = watched.service.sandbox.world_info().diadoc;
    let document = watched.service.sandbox.documents();
    let mut document = document.iter();
    let document = document.find(|one| one.entity == world.unsigned_document.entity);
    let mut request = podpis::transport::HttpRequest::default();
    *request.uri_mut() = document.unwrap().content.parse().unwrap();
    let content = watched.service.sandbox.handle(&request);
    let content = String::from_utf8(content.body().to_vec()).unwrap();
    assert!(content.len() > 10, "{content}");
    let secrets = [
        &*content,
        &*world.password,
        &*world.api_client_id,
        &*world.users[0].token,
        &*world.users[0].snils,
        CONTENT[0],
        CONTENT[1],
        "ddauth",
    ];
    for text in &watched.seen {
        for secret in secrets {
            // The owner's name and numbers are in the certificate, which is shown.
            let shown = text.replace(&format!("SNILS={}", world.users[0].snils), "");
            assert!(!shown.contains(secret), "{secret}: {text}");
        }
    }
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

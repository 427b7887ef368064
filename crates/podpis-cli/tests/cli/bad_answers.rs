//! Services that are not there, or answer what no service should.
//!
//! **Invariant:** a start that may have arrived ends with 4 and everything else with 1; nothing is written.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener};

use podpis_sandbox::Fault;

use crate::bench::{Ended, Folder, Service, podpis};

/// Answers everything with a page, like a router that wants to be configured.
fn page_server() -> String {
    answering("text/html", "<html></html>")
}

/// Answers everything alike.
fn answering(kind: &'static str, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            let _ = socket.read(&mut [0; 4096]);
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
            );
            let _ = socket.write_all(answer.as_bytes());
            // Who closes before all was read takes the answer back.
            let _ = socket.shutdown(Shutdown::Write);
            let _ = std::io::copy(&mut socket, &mut std::io::sink());
        }
    });
    url
}

/// Signs a file there, with a journal that nobody else has: what another test has left open at the same port is not begun
/// again.
fn sign_at(url: &str, folder: &Folder, journal: &Folder) -> assert_cmd::Command {
    let mut command = podpis();
    command
        .env("PODPIS_JOURNAL", journal.root())
        .args([
            "diadoc",
            "sign",
            "--method",
            "cloud",
            "--json",
            "--base-url",
            url,
        ])
        .arg(folder.file("act", "x"));
    command
}

#[test]
fn a_sandbox_of_another_version_is_told_from_others() {
    let (folder, journal) = (Folder::new(), Folder::new());
    let url = answering("application/json", r#"{"diadoc": {}, "extern": {}}"#);
    let ended = Ended::of(&mut sign_at(&url, &folder, &journal));
    ended.expect(1, &["sandbox", "/_sandbox/world"]);
    let url = answering("application/json", "{}");
    let ended = Ended::of(&mut sign_at(&url, &folder, &journal));
    assert!(!ended.stderr.contains("_sandbox"), "{ended:?}");
}

#[test]
fn nobody_at_the_address() {
    let (folder, journal) = (Folder::new(), Folder::new());
    let url = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    for argument in [None, Some("--yes")] {
        let ended = Ended::of(sign_at(&url, &folder, &journal).args(argument));
        ended.expect(1, &["nothing answers", &url]);
        assert_eq!(ended.object()["error"]["kind"], "no_answer");
    }
    assert_eq!(folder.names(), ["act"]);
}

#[test]
fn another_server_at_the_address() {
    let (folder, journal) = (Folder::new(), Folder::new());
    let url = page_server();
    Ended::of(&mut sign_at(&url, &folder, &journal)).expect(2, &["DIADOC_LOGIN"]);
    Ended::of(sign_at(&url, &folder, &journal).arg("--yes")).expect(2, &["--yes", &url]);
    let ended = Ended::of(
        sign_at(&url, &folder, &journal)
            .env("DIADOC_CLIENT_ID", "id")
            .env("DIADOC_LOGIN", "me")
            .env("DIADOC_PASSWORD", "pass"),
    );
    ended.expect(1, &["HTML"]);
    // With a token the start itself goes out, and nobody knows what the page means.
    let ended = Ended::of(sign_at(&url, &folder, &journal).env("DIADOC_TOKEN", "token"));
    ended.expect(4, &["HTML"]);
    assert_eq!(folder.names(), ["act"]);
}

#[test]
fn a_login_that_is_not_accepted() {
    let service = Service::quick();
    let folder = Folder::new();
    let ended =
        Ended::of(sign_at(&service.url, &folder, &service.journal).env("DIADOC_PASSWORD", "guess"));
    ended.expect(1, &["did not accept the login"]);
    let error = &ended.object()["error"];
    assert_eq!(error["kind"], "login");
    assert!(error["trace_id"].is_string(), "{error}");
    assert_eq!(service.calls("CloudSign"), 0);
}

#[test]
fn answers_that_cannot_be_read() {
    let html = |endpoint: &str| Fault::on(endpoint).body("text/html", "<html>proxy</html>");
    for (fault, code, endpoint) in [
        (html("Authenticate"), 1, "Authenticate"),
        (
            Fault::on("Authenticate").body("text/plain", ""),
            1,
            "Authenticate",
        ),
        (html("CloudSign"), 4, "CloudSign"),
        (
            Fault::on("CloudSign").body("application/octet-stream", ""),
            4,
            "CloudSign",
        ),
        (Fault::on("CloudSign").truncate(3), 4, "CloudSign"),
        (Fault::on("CloudSign").drop_after(), 4, "CloudSign"),
        (Fault::on("CloudSign").status(403), 1, "CloudSign"),
        (html("CloudSignConfirmResult"), 4, "CloudSignConfirmResult"),
        (
            Fault::on("CloudSignConfirmResult").body("application/octet-stream", "\u{1}\u{2}"),
            4,
            "CloudSignConfirmResult",
        ),
        (
            Fault::on("CloudSignConfirm").drop_after(),
            4,
            "CloudSignConfirm",
        ),
    ] {
        let service = Service::quick();
        let folder = Folder::new();
        service.sandbox.inject(fault.clone());
        let ended = Ended::of(sign_at(&service.url, &folder, &service.journal).arg("--yes"));
        assert_eq!(ended.code, code, "{fault:?}: {ended:?}");
        ended.expect(code, &[endpoint]);
        let error = &ended.object()["error"];
        assert_eq!(error["operation"].is_string(), code == 4, "{error}");
        assert_eq!(folder.names(), ["act"]);
        assert!(service.calls("CloudSign") <= 1);
    }
}

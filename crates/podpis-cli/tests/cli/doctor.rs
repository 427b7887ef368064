//! What the doctor finds: each thing broken in turn, and the line that names it.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use podpis_sandbox::{Fault, Sandbox};
use serde_json::Value;

use crate::bench::{Ended, Folder, Service, podpis, until};

/// What the doctor of these variables found.
fn doctor(variables: &[(&str, &str)]) -> Ended {
    let journal = Folder::new();
    let mut command = podpis();
    command.env("PODPIS_JOURNAL", journal.path("journal"));
    command.envs(variables.iter().copied());
    Ended::of(command.args(["doctor", "--json"]))
}

/// The findings that are problems: service, check, and the object.
fn problems(ended: &Ended) -> Vec<(String, Value)> {
    let objects = ended.objects();
    let problems = objects.into_iter().filter(|one| one["state"] == "problem");
    let named = problems.map(|one| {
        assert!(
            one["advice"].as_str().is_some_and(|text| !text.is_empty()),
            "{one}"
        );
        let service = one["service"].as_str().unwrap_or("podpis");
        (format!("{service} {}", one["check"].as_str().unwrap()), one)
    });
    named.collect()
}

/// Asserts that exactly this is wrong, in these words.
fn only(ended: &Ended, check: &str, words: &[&str]) {
    assert_eq!(ended.code, 1, "{ended:?}");
    let problems = problems(ended);
    let names: Vec<&str> = problems.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, [check], "{ended:?}");
    let text = problems[0].1["message"].as_str().unwrap();
    for word in words {
        assert!(text.contains(word), "{word}: {text}");
    }
}

#[test]
fn everything_is_right_in_a_sandbox() {
    let journal = Folder::new();
    let mut command = podpis();
    command.env("PODPIS_JOURNAL", journal.path("journal"));
    let ended = Ended::of(command.args(["doctor", "--sandbox", "--json"]));
    assert_eq!(ended.code, 0, "{ended:?}");
    let found: Vec<String> = ended
        .objects()
        .iter()
        .map(|one| {
            assert_eq!(one["state"], "ok", "{one}");
            let service = one["service"].as_str().unwrap_or("podpis");
            format!("{service} {}", one["check"].as_str().unwrap())
        })
        .collect();
    let reach = ["proxy", "address", "tls", "clock", "login"];
    let diadoc = reach.iter().chain(&["box", "certificates"]);
    let of_extern = reach.iter().chain(&["account", "certificates"]);
    let mut expected = vec!["podpis version".to_owned()];
    expected.extend(diadoc.map(|check| format!("diadoc {check}")));
    expected.extend(of_extern.map(|check| format!("extern {check}")));
    expected.extend(["podpis journal".to_owned(), "podpis disk".to_owned()]);
    assert_eq!(found, expected);
}

#[test]
fn people_get_a_line_for_each_thing_in_their_language() {
    for (language, fine, problem, advice) in [
        (
            "en",
            "ok: podpis",
            "problem: settings",
            "  what to do: log in with podpis login",
        ),
        (
            "ru",
            "в порядке: версия: podpis",
            "неполадка: настройки",
            "  что делать: войдите",
        ),
    ] {
        let mut command = podpis();
        let ended = Ended::of(command.args(["doctor", "--lang", language]));
        assert_eq!(ended.code, 1, "{ended:?}");
        let fine = fine.replace("podpis", "");
        for words in [fine.trim_end(), problem, advice] {
            let mut lines = ended.stdout.lines();
            assert!(
                lines.any(|line| line.starts_with(words)),
                "{words}: {ended:?}"
            );
        }
    }
}

#[test]
fn nothing_that_is_set_up_is_a_problem() {
    only(&doctor(&[]), "podpis settings", &["neither"]);
}

#[test]
fn a_wrong_address_is_named() {
    let ended = doctor(&[("DIADOC_BASE_URL", "http://diadoc-api.kontur.ru")]);
    only(&ended, "diadoc address", &["DIADOC_BASE_URL", "plain http"]);
    let skipped = ended
        .objects()
        .into_iter()
        .filter(|one| one["state"] == "skipped");
    assert_eq!(skipped.count(), 6, "{ended:?}");
}

#[test]
fn a_host_that_nobody_knows_is_named() {
    let ended = doctor(&[("EXTERN_BASE_URL", "https://extern.invalid")]);
    only(&ended, "extern address", &["https://extern.invalid"]);
}

#[test]
fn a_refused_connection_is_named() {
    // A port that was free right now.
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let ended = doctor(&[("DIADOC_BASE_URL", &url)]);
    only(&ended, "diadoc address", &[&url, "refused"]);
}

#[test]
fn a_proxy_that_is_none_or_silent_is_named() {
    let service = ("DIADOC_BASE_URL", "https://diadoc.invalid");
    let ended = doctor(&[service, ("HTTPS_PROXY", "http://me:hunter2@127.0.0.1:1")]);
    only(&ended, "diadoc proxy", &["127.0.0.1:1", "HTTPS_PROXY"]);
    assert!(!ended.stdout.contains("hunter2"), "{ended:?}");
    let ended = doctor(&[service, ("HTTPS_PROXY", "hunter2 hunter2")]);
    assert_eq!(problems(&ended)[0].0, "diadoc proxy");
    assert!(!ended.stdout.contains("hunter2"), "{ended:?}");
}

/// A server whose certificate nobody has heard of.
struct Stranger {
    server: Child,
    url: String,
}

impl Stranger {
    fn start(folder: &Folder) -> Self {
        let (key, certificate) = (folder.path("key.pem"), folder.path("certificate.pem"));
        let made = Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
            ])
            .args([
                "-nodes",
                "-subj",
                "/CN=127.0.0.1",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
            ])
            .args(["-days", "2", "-keyout"])
            .arg(&key)
            .arg("-out")
            .arg(&certificate)
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let server = Command::new("openssl")
            .args([
                "s_server",
                "-www",
                "-quiet",
                "-accept",
                &address.to_string(),
                "-key",
            ])
            .arg(&key)
            .arg("-cert")
            .arg(&certificate)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        until(|| TcpStream::connect(address).ok());
        Self {
            server,
            url: format!("https://{address}"),
        }
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn a_certificate_that_is_not_trusted_is_named() {
    let folder = Folder::new();
    let stranger = Stranger::start(&folder);
    let ended = doctor(&[("DIADOC_BASE_URL", &stranger.url)]);
    only(&ended, "diadoc tls", &["not trusted"]);
}

#[test]
fn root_certificates_that_are_not_there_are_named() {
    let folder = Folder::new();
    let empty = folder.file("roots.pem", "nothing");
    let service = ("DIADOC_BASE_URL", "https://diadoc.invalid");
    let ended = doctor(&[service, ("SSL_CERT_FILE", empty.to_str().unwrap())]);
    only(&ended, "diadoc tls", &["SSL_CERT_FILE", "roots.pem"]);
}

/// A sandbox behind a server that dates its answers as it likes.
fn dated(sandbox: &Sandbox, date: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let sandbox = sandbox.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            answer(stream, &sandbox, date);
        }
    });
    url
}

fn answer(mut stream: TcpStream, sandbox: &Sandbox, date: &str) {
    let mut read = Vec::new();
    let mut part = [0; 4096];
    let head = loop {
        if let Some(end) = read.windows(4).position(|end| end == b"\r\n\r\n") {
            break end + 4;
        }
        match stream.read(&mut part) {
            Ok(length) if length > 0 => read.extend_from_slice(&part[..length]),
            _ => return,
        }
    };
    let lines = String::from_utf8(read[..head].to_vec()).unwrap();
    let mut lines = lines.lines();
    let first: Vec<&str> = lines.next().unwrap().split(' ').collect();
    let mut request = podpis::transport::HttpRequest::default();
    *request.method_mut() = first[0].parse().unwrap();
    *request.uri_mut() = first[1].parse().unwrap();
    let mut length = 0;
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().unwrap();
        }
        let name: http::HeaderName = name.parse().unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    while read.len() < head + length {
        let got = stream.read(&mut part).unwrap();
        read.extend_from_slice(&part[..got]);
    }
    *request.body_mut() = read[head..].to_vec().into();
    let answer = sandbox.handle(&request);
    let (status, body) = (answer.status(), answer.body());
    let head = format!(
        "HTTP/1.1 {status}\r\nDate: {date}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(body);
}

#[test]
fn a_clock_that_is_wrong_is_named() {
    let service = Service::quick();
    let an_hour_ago = date_of(-3_600);
    let url = dated(&service.sandbox, an_hour_ago);
    let ended = doctor(&[("DIADOC_BASE_URL", &url)]);
    only(&ended, "diadoc clock", &["1 h ahead"]);
    let url = dated(&service.sandbox, date_of(3_660));
    let ended = doctor(&[("EXTERN_BASE_URL", &url)]);
    only(&ended, "extern clock", &["1 h behind"]);
}

/// The header of a moment so many seconds from now.
fn date_of(seconds: i64) -> &'static str {
    let output = Command::new("date")
        .env("LC_ALL", "C")
        .args([
            "-u",
            "-d",
            &format!("{seconds} seconds"),
            "+%a, %d %b %Y %H:%M:%S GMT",
        ])
        .output()
        .unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .trim()
        .to_owned()
        .leak()
}

#[test]
fn a_wrong_password_is_named_and_not_shown() {
    let service = Service::quick();
    let ended = doctor(&[
        ("DIADOC_BASE_URL", &service.url),
        ("DIADOC_PASSWORD", "hunter2"),
    ]);
    only(&ended, "diadoc login", &["password"]);
    assert!(!ended.stdout.contains("hunter2"), "{ended:?}");
    let ended = doctor(&[
        ("EXTERN_BASE_URL", &service.url),
        ("EXTERN_PASSWORD", "hunter2"),
    ]);
    only(&ended, "extern login", &["password"]);
}

/// Answers everything with 404, so that it is no sandbox.
fn nobody_home() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(
                b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            );
            // Who closes before all was read takes the answer back.
            let _ = stream.shutdown(Shutdown::Write);
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        }
    });
    url
}

#[test]
fn a_client_id_that_is_missing_is_named() {
    let ended = doctor(&[
        ("DIADOC_BASE_URL", &nobody_home()),
        ("DIADOC_LOGIN", "me"),
        ("DIADOC_PASSWORD", "hunter2"),
    ]);
    only(&ended, "diadoc login", &["DIADOC_CLIENT_ID"]);
    let ended = doctor(&[("EXTERN_BASE_URL", &nobody_home()), ("EXTERN_LOGIN", "me")]);
    only(
        &ended,
        "extern login",
        &["EXTERN_CLIENT_ID", "EXTERN_API_KEY"],
    );
}

#[test]
fn a_box_or_account_that_is_not_the_users_is_named() {
    let service = Service::quick();
    let other = service.sandbox.world_info().diadoc.other_box;
    let url = ("DIADOC_BASE_URL", &*service.url);
    only(
        &doctor(&[url, ("DIADOC_BOX", &other)]),
        "diadoc box",
        &[&other],
    );
    only(
        &doctor(&[url, ("DIADOC_BOX", "box")]),
        "diadoc box",
        &["DIADOC_BOX"],
    );
    let account = "2b1a5e43-0000-4000-8000-000000000000";
    let ended = doctor(&[
        ("EXTERN_BASE_URL", &service.url),
        ("EXTERN_ACCOUNT", account),
    ]);
    only(&ended, "extern account", &[account]);
}

#[test]
fn that_no_certificate_can_sign_is_told_with_the_reasons() {
    let service = Service::quick();
    let empty = Fault::on("GetMyCertificates").body("application/x-protobuf", "");
    service.sandbox.inject(empty);
    let ended = doctor(&[("DIADOC_BASE_URL", &service.url)]);
    only(&ended, "diadoc certificates", &["none"]);
}

#[test]
fn a_journal_that_cannot_be_used_is_named() {
    let service = Service::quick();
    let url = ("DIADOC_BASE_URL", &*service.url);
    let with = |journal: &str| doctor(&[url, ("PODPIS_JOURNAL", journal)]);
    let folder = Folder::new();
    let file = folder.file("file", "x");
    let shown = file.to_str().unwrap();
    only(&with(shown), "podpis journal", &[shown]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let open = folder.path("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
        let shown = open.to_str().unwrap();
        only(&with(shown), "podpis journal", &[shown, "chmod go-w"]);
    }
}

#[cfg(feature = "postgres")]
#[test]
fn a_database_that_does_not_answer_is_named() {
    let service = Service::quick();
    let ended = doctor(&[
        ("DIADOC_BASE_URL", &service.url),
        ("PODPIS_JOURNAL", "postgres://me@127.0.0.1:1/podpis"),
    ]);
    only(&ended, "podpis journal", &["127.0.0.1"]);
    let advice = &problems(&ended)[0].1["advice"];
    assert!(advice.as_str().unwrap().contains("PGPASSWORD"), "{advice}");
}

#[test]
fn settings_that_cannot_be_used_are_named() {
    let home = Folder::new();
    home.file(
        "podpis/podpis.toml",
        "[profiles.default.diadoc]\npassword = 'hunter2'\n",
    );
    let service = Service::quick();
    let ended = doctor(&[
        ("XDG_CONFIG_HOME", home.root().to_str().unwrap()),
        ("DIADOC_BASE_URL", &service.url),
    ]);
    only(
        &ended,
        "podpis settings",
        &["profiles.default.diadoc.password", "secret"],
    );
    assert!(!ended.stdout.contains("hunter2"), "{ended:?}");
}

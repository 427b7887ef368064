//! Signing that goes well, and signing that is refused.
//!
//! **Invariant:** every signature that is written is one that OpenSSL accepts for the very file.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use podpis::diadoc_proto::prost::Message as _;
use podpis::diadoc_proto::{CloudSignConfirmResult, ContentV2};
use podpis::transport::HttpRequest;
use podpis::{ReqwestTransport, SharedTransport};
use podpis_sandbox::{Fault, SignatureFault};
use serde_json::Value;

use crate::bench::{
    Ended, Folder, Service, advised, openssl_accepts, podpis, podpis_with_pipes, until,
};

#[test]
fn the_embedded_sandbox_signs_again_and_again() {
    let folder = Folder::new();
    let file = folder.file("README.md", "# Read me\n");
    let signature = folder.path("README.md.p7s");
    fs::write(&signature, "an older one").unwrap();
    let ended = Ended::of(
        podpis()
            .args(["diadoc", "sign", "--method", "cloud", "--sandbox", "--yes"])
            .arg(&file),
    );
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.stdout, "");
    assert!(openssl_accepts(&file, &signature));
    fs::write(&file, "# Read mE\n").unwrap();
    assert!(!openssl_accepts(&file, &signature));
    assert_eq!(folder.names(), ["README.md", "README.md.p7s"]);
}

#[test]
fn names_with_spaces_and_other_letters_are_kept() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("акт № 1 (копия).xml", "<a/>");
    let out = folder.path("подписи");
    fs::create_dir(&out).unwrap();
    let ended = Ended::of(
        service
            .sign(&[&file])
            .args(["--yes", "--json", "--out"])
            .arg(&out),
    );
    let object = ended.object();
    let signature = out.join("акт № 1 (копия).xml.p7s");
    assert_eq!(object["file"], file.to_str().unwrap());
    assert_eq!(object["signature"], signature.to_str().unwrap());
    assert_eq!(
        object["certificate"],
        service.sandbox.world_info().diadoc.certificate
    );
    assert_eq!(
        object["checks"],
        serde_json::json!({"digest": "passed", "signer": "passed", "value": "passed"})
    );
    assert!(openssl_accepts(&file, &signature));
    assert_eq!(folder.names(), ["акт № 1 (копия).xml", "подписи"]);
}

/// A sandbox in a process of its own, stopped when this is dropped.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_podpis"))
            .env_clear()
            .args(["sandbox", "--listen", "127.0.0.1:0", "--json"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        let url = told["base_url"].as_str().unwrap().to_owned();
        Self { child, url }
    }

    fn get(&self, path: &str) -> Value {
        let transport = SharedTransport::from(ReqwestTransport::new().unwrap());
        let mut request = HttpRequest::default();
        *request.uri_mut() = format!("{}{path}", self.url).parse().unwrap();
        let answer = tokio::runtime::Runtime::new()
            .unwrap()
            .block_on(transport.execute(request))
            .unwrap();
        serde_json::from_slice(answer.body()).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn three_files_large_and_small_cost_the_person_one_code() {
    let server = Server::start(&["--phone", "confirm"]);
    let folder = Folder::new();
    let bytes = |size: usize| -> Vec<u8> { (0..size).map(|at| (at % 251) as u8).collect() };
    let files = [("small", 10), ("middle", 300_000), ("large", 3_000_000)]
        .map(|(name, size)| folder.file(name, bytes(size)));

    let mut child = podpis_with_pipes()
        .args(["diadoc", "sign", "--method", "cloud", "--json"])
        .args(["--base-url", &server.url])
        .args(&files)
        .spawn()
        .unwrap();
    let code = until(|| {
        let messages = server.get("/_sandbox/messages");
        Some(messages.get(0)?["code"].as_str()?.to_owned())
    });
    let mut stdin = child.stdin.take().unwrap();
    writeln!(stdin, "  {code}\r").unwrap();
    drop(stdin);
    let ended = Ended::from(child.wait_with_output().unwrap());

    assert_eq!(ended.code, 0, "{ended:?}");
    let objects = ended.objects();
    assert_eq!(objects.len(), 3);
    for (file, object) in files.iter().zip(&objects) {
        assert_eq!(object["file"], file.to_str().unwrap());
        let signature = object["signature"].as_str().unwrap();
        assert!(openssl_accepts(file, Path::new(signature)), "{signature}");
    }
    let journal = server.get("/_sandbox/journal");
    assert_eq!(journal["counters"]["sms_sent"], 1);
    assert_eq!(journal["counters"]["signatures_made"], 3);
    let starts = journal["requests"].as_array().unwrap().iter();
    assert_eq!(
        starts.filter(|one| one["endpoint"] == "CloudSign").count(),
        1
    );
}

#[test]
fn another_certificate_can_be_asked_for() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let archivist = &service.sandbox.world_info().diadoc.users[2];
    let certificate = archivist.certificates[0].thumbprint.to_lowercase();
    let ended = Ended::of(
        service
            .sign(&[&file])
            .args(["--yes", "--json", "--cert", &certificate])
            .env("DIADOC_LOGIN", &archivist.login),
    );
    assert_eq!(
        ended.object()["certificate"],
        certificate.to_uppercase(),
        "{ended:?}"
    );
    // Without a certificate, that of another person is not forced on whoever logs in.
    let ended = Ended::of(
        service
            .sign(&[&file])
            .args(["--yes", "--json"])
            .env("DIADOC_TOKEN", &archivist.token),
    );
    assert_eq!(
        ended.object()["certificate"],
        certificate.to_uppercase(),
        "{ended:?}"
    );
}

#[test]
fn a_signature_of_something_else_is_never_written() {
    for (fault, words, is_of_use) in [
        (SignatureFault::Forge, "is over other content", false),
        (SignatureFault::Corrupt, "not made by the key", false),
        (SignatureFault::OtherSigner, "not what was asked for", true),
    ] {
        let service = Service::quick();
        let folder = Folder::new();
        let file = folder.file("act.xml", "x");
        service
            .sandbox
            .inject(Fault::on("CloudSignConfirmResult").signatures(fault));
        let ended = Ended::of(service.sign(&[&file]).args(["--yes", "--json"]));
        ended.expect(4, &["act.xml", words]);
        assert_eq!(ended.object()["error"]["kind"], "signature");
        assert_eq!(folder.names(), ["act.xml"], "{fault:?}");
        // It is kept for a person to look at, and never written later either.
        assert_eq!(service.listed()[0]["state"], "done");
        let ended = service.ops(&["resume", "--all", "--json"]);
        ended.expect(4, &["act.xml", words]);
        assert_eq!(ended.object()["error"]["kind"], "signature");
        assert_eq!(folder.names(), ["act.xml"], "{fault:?}");
        service.sandbox.clear_faults();
        let mut start_over = vec!["ops".to_owned(), "start-over".to_owned()];
        if is_of_use {
            // A signature of the file is not thrown away by the way.
            assert!(!ended.stderr.contains("start-over"), "{ended:?}");
            start_over.push(advised(&ended.stderr, "show")[2].clone());
            let ended = Ended::of(service.podpis().args(&start_over).arg("--yes"));
            ended.expect(2, &["--save", "--even-if-open"]);
            start_over.push("--even-if-open".to_owned());
        } else {
            assert!(ended.stderr.contains("costs another SMS"), "{ended:?}");
            start_over = advised(&ended.stderr, "start-over");
        }
        let ended = Ended::of(service.podpis().args(start_over).arg("--yes"));
        assert_eq!(ended.code, 0, "{ended:?}");
        assert!(openssl_accepts(&file, &folder.path("act.xml.p7s")));
        assert!(service.listed().is_empty());
    }
}

#[test]
fn signatures_for_some_of_the_files_are_written_and_the_end_is_3() {
    let service = Service::quick();
    let folder = Folder::new();
    let [one, two] = ["one", "two"].map(|name| folder.file(name, name));
    assert_eq!(Ended::of(service.sign(&[&one]).arg("--yes")).code, 0);
    let signature = folder.path("one.p7s");
    let der = fs::read(&signature).unwrap();
    fs::remove_file(&signature).unwrap();

    let answer = CloudSignConfirmResult {
        signatures: vec![
            ContentV2 {
                content: Some(der.clone().into()),
                ..ContentV2::default()
            },
            ContentV2::default(),
        ],
    };
    service.sandbox.inject(
        Fault::on("CloudSignConfirmResult")
            .body("application/octet-stream", answer.encode_to_vec()),
    );
    let ended = Ended::of(service.sign(&[&one, &two]).args(["--yes", "--json"]));
    assert_eq!(ended.code, 3, "{ended:?}");
    let objects = ended.objects();
    assert_eq!(objects[0]["signature"], signature.to_str().unwrap());
    assert_eq!(objects[1]["file"], two.to_str().unwrap());
    assert_eq!(objects[1]["error"]["kind"], "not_signed");
    assert_eq!(fs::read(&signature).unwrap(), der);
    assert_eq!(folder.names(), ["one", "one.p7s", "two"]);
}

#[test]
fn a_signature_that_cannot_be_written_does_not_lose_the_others() {
    let service = Service::quick();
    let folder = Folder::new();
    let files = [folder.file("a/one", "1"), folder.file("b/two", "2")];
    let ended = service.sign_with_input(&["--json"], &[&files[0], &files[1]], |code| {
        fs::create_dir(folder.path("a/one.p7s")).unwrap();
        format!("{code}\n").into_bytes()
    });
    ended.expect(4, &["a/one.p7s", "was not written"]);
    let objects = ended.objects();
    assert_eq!(objects[0]["file"], files[1].to_str().unwrap());
    assert_eq!(objects[1]["error"]["kind"], "output");
    assert!(openssl_accepts(&files[1], &folder.path("b/two.p7s")));
    assert_eq!(fs::read_dir(folder.path("a")).unwrap().count(), 2);

    // It waits in the journal, and neither the service nor a login is needed to get it.
    let requests = service.sandbox.requests().len();
    let mut resume = advised(&ended.stderr, "resume");
    assert_eq!(resume.split_off(3), ["--out", "."]);
    let still = Ended::of(service.podpis().args(&resume).arg("--json"));
    still.expect(2, &["a/one.p7s"]);
    fs::remove_dir(folder.path("a/one.p7s")).unwrap();
    let ended = Ended::of(service.podpis().args(&resume).arg("--json"));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.object()["files"].as_array().unwrap().len(), 2);
    assert!(openssl_accepts(&files[0], &folder.path("a/one.p7s")));
    assert!(openssl_accepts(&files[1], &folder.path("b/two.p7s")));
    assert!(service.listed().is_empty());
    assert_eq!(service.sandbox.requests().len(), requests);
}

#[test]
fn a_refusal_is_3() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let ended = service.sign_with_input(&["--json", "--code-attempts", "2"], &[&file], |_| {
        b"wrong1\nwrong2\n".to_vec()
    });
    ended.expect(3, &["too many wrong codes"]);
    let error = &ended.object()["error"];
    assert_eq!(error["kind"], "refused");
    assert_eq!(error["refusal"], "too-many-attempts");
    assert!(error["operation"].is_string(), "{error}");
    assert_eq!(folder.names(), ["act"]);
    assert!(service.listed().is_empty());
}

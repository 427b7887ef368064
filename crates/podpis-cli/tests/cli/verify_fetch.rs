//! `podpis verify --fetch`: what is missing is got from the addresses in the certificates, and nothing without the flag.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use wiremock::matchers::{body_bytes, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::authority::{Named, Party, certificates_only};
use crate::bench::{Ended, podpis};
use crate::hidden_characters::assert_plain;

const CONTENT: &[u8] = b"an act";
const ALWAYS: &str = "20491231000000Z";
const ENDED: &str = "20240620000000Z";

/// A root, its authority, a signer, and the server that their certificates name.
struct World {
    root: Party,
    ca: Party,
    person: Party,
    server: MockServer,
    place: TempDir,
}

impl World {
    async fn new() -> Self {
        Self {
            root: Party::new("Root", 1),
            ca: Party::new("CA", 2),
            person: Party::new("Signer", 3),
            server: MockServer::start().await,
            place: tempfile::tempdir().unwrap(),
        }
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.server.uri())
    }

    /// The addresses of an issuer's certificate and list.
    fn named(&self, issuer: &str, list: &str) -> Named {
        Named {
            issuer: vec![self.at(issuer)],
            list: vec![self.at(list)],
            ocsp: Vec::new(),
        }
    }

    fn ca_certificate(&self) -> Vec<u8> {
        let named = self.named("/root.crt", "/root.crl");
        self.ca.authority(&self.root, &named)
    }

    /// The server has this at this path.
    async fn serve(&self, at: &str, bytes: impl Into<Vec<u8>>) {
        self.answer(at, ResponseTemplate::new(200).set_body_bytes(bytes.into()))
            .await;
    }

    async fn answer(&self, at: &str, answer: ResponseTemplate) {
        let mock = Mock::given(method("GET")).and(path(at));
        mock.respond_with(answer).mount(&self.server).await;
    }

    /// All that is missing, as it should be.
    async fn serve_all(&self) {
        self.serve("/ca.crt", self.ca_certificate()).await;
        self.serve("/ca.crl", self.ca.list(ALWAYS, &[])).await;
        self.serve("/root.crl", self.root.list(ALWAYS, &[])).await;
    }

    /// `podpis verify` of a signature whose certificate has these addresses, by the root.
    fn verify(&self, named: &Named, more: &[&str]) -> Ended {
        let certificate = self.person.person(&self.ca, named);
        let signature = self.person.signature(&self.ca, &certificate, CONTENT);
        self.verify_signature(&signature, more)
    }

    fn verify_signature(&self, signature: &[u8], more: &[&str]) -> Ended {
        let file = |name: &str, bytes: &[u8]| {
            let path = self.place.path().join(name);
            fs::write(&path, bytes).unwrap();
            path
        };
        let root = self.root.authority(&self.root, &Named::default());
        let mut command = podpis();
        command.env("XDG_CACHE_HOME", self.cache());
        // Hosts that are not this machine are reached through the server, as through a proxy.
        command.env("HTTP_PROXY", self.server.uri());
        command.args(["verify", "--json"]).args(more);
        command.arg("--trust").arg(file("root.crt", &root));
        command.args([file("act.xml", CONTENT), file("act.xml.p7s", signature)]);
        Ended::of(&mut command)
    }

    fn cache(&self) -> std::path::PathBuf {
        self.place.path().join("cache")
    }

    async fn requests(&self) -> Vec<String> {
        let all = self.server.received_requests().await.unwrap();
        all.iter()
            .map(|request| format!("{} {}", request.method, request.url.path()))
            .collect()
    }
}

/// What became of the addresses: what, where from or why not.
fn fetched(ended: &Ended) -> Vec<(String, String)> {
    let told = ended.object()["fetched"].clone();
    let text = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
    let one = |one: &Value| {
        let outcome = text(one, "from") + &text(one, "error");
        (text(one, "what"), outcome)
    };
    told.as_array().unwrap().iter().map(one).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(one, two): &(&str, &str)| ((*one).to_owned(), (*two).to_owned());
    expected.iter().map(owned).collect()
}

fn reason(ended: &Ended) -> String {
    let trust = &ended.object()["trust"];
    trust["reason"].as_str().unwrap_or("trusted").to_owned()
}

#[tokio::test]
async fn the_chain_is_completed_and_the_cache_serves_the_second_time() {
    let world = World::new().await;
    world.serve_all().await;
    let named = world.named("/ca.crt", "/ca.crl");

    // Nobody is asked without the flag.
    let alone = world.verify(&named, &[]);
    assert_eq!((alone.code, reason(&alone).as_str()), (3, "no-chain"));
    assert!(alone.object().get("fetched").is_none(), "{alone:?}");
    assert!(world.requests().await.is_empty());
    assert!(!world.cache().exists());

    let ended = world.verify(&named, &["--fetch"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(reason(&ended), "trusted");
    let network = [
        ("issuer-certificate", "network"),
        ("revocation-list", "network"),
        ("revocation-list", "network"),
    ];
    assert_eq!(fetched(&ended), pairs(&network));
    let asked = ["GET /ca.crt", "GET /ca.crl", "GET /root.crl"];
    assert_eq!(world.requests().await, asked);
    let line = format!("the revocation list, fetched from {}", world.at("/ca.crl"));
    assert!(ended.stderr.contains(&line), "{ended:?}");
    let (fetch, verdict) = (ended.stderr.find(&line), ended.stderr.find(": trusted at"));
    assert!(fetch < verdict, "the verdict comes last: {ended:?}");

    let again = world.verify(&named, &["--fetch", "--lang", "ru"]);
    assert_eq!(again.code, 0, "{again:?}");
    let kept: Vec<(&str, &str)> = network.iter().map(|(what, _)| (*what, "cache")).collect();
    assert_eq!(fetched(&again), pairs(&kept));
    assert_eq!(world.requests().await.len(), 3);
    let line = format!(
        "список отзыва сохранён с прошлого раза, с адреса {}",
        world.at("/ca.crl")
    );
    assert!(again.stderr.contains(&line), "{again:?}");
}

#[tokio::test]
async fn certificates_may_come_in_a_message_of_their_own() {
    let world = World::new().await;
    let both = [
        world.root.authority(&world.root, &Named::default()),
        world.ca_certificate(),
    ];
    world
        .serve("/ca.p7b", certificates_only(&both.concat()))
        .await;
    world.serve("/ca.crl", world.ca.list(ALWAYS, &[])).await;
    world.serve("/root.crl", world.root.list(ALWAYS, &[])).await;
    let ended = world.verify(&world.named("/ca.p7b", "/ca.crl"), &["--fetch"]);
    assert_eq!(ended.code, 0, "{ended:?}");
}

#[tokio::test]
async fn a_root_that_was_fetched_is_no_root() {
    let world = World::new().await;
    let (other, named) = (Party::new("Root", 9), world.named("/root.crt", "/root.crl"));
    let ca = world.ca.authority(&other, &named);
    world.serve("/ca.crt", ca).await;
    world
        .serve("/root.crt", other.authority(&other, &Named::default()))
        .await;
    let ended = world.verify(&world.named("/ca.crt", "/ca.crl"), &["--fetch"]);
    assert_eq!((ended.code, reason(&ended).as_str()), (3, "no-chain"));
    assert_eq!(world.requests().await, ["GET /ca.crt", "GET /root.crt"]);
    // What did not help is not kept.
    let again = world.verify(&world.named("/ca.crt", "/ca.crl"), &["--fetch"]);
    assert!(fetched(&again).contains(&("issuer-certificate".into(), "network".into())));
}

#[tokio::test]
async fn what_lists_say_decides() {
    for (next, is_revoked, code, expected) in [
        (ALWAYS, true, 1, "revoked"),
        (ENDED, false, 3, "list-stale"),
        (ENDED, true, 3, "list-stale"),
    ] {
        let world = World::new().await;
        world.serve("/ca.crt", world.ca_certificate()).await;
        let revoked: &[&Party] = if is_revoked { &[&world.person] } else { &[] };
        world.serve("/ca.crl", world.ca.list(next, revoked)).await;
        world.serve("/root.crl", world.root.list(ALWAYS, &[])).await;
        let ended = world.verify(&world.named("/ca.crt", "/ca.crl"), &["--fetch"]);
        assert_eq!(
            (ended.code, reason(&ended).as_str()),
            (code, expected),
            "{ended:?}"
        );
        // A list that is over is not kept.
        let again = world.verify(&world.named("/ca.crt", "/ca.crl"), &["--fetch"]);
        let lists: Vec<String> = (fetched(&again).into_iter())
            .filter(|(what, _)| what == "revocation-list")
            .map(|(_, from)| from)
            .collect();
        assert!(lists.contains(&"network".to_owned()), "{again:?}");
    }
}

#[tokio::test]
async fn a_responder_is_asked_first_and_a_list_where_it_does_not_settle_it() {
    for (next, is_revoked, code, expected, lists) in [
        (ALWAYS, false, 0, "trusted", 0),
        (ALWAYS, true, 1, "revoked", 0),
        (ENDED, false, 0, "trusted", 1),
    ] {
        let world = World::new().await;
        world.serve_all().await;
        let mut named = world.named("/ca.crt", "/ca.crl");
        named.ocsp = vec![world.at("/ocsp")];
        let certificate = world.person.person(&world.ca, &named);
        let parse = |der: &[u8]| podpis::cms::Certificate::from_der(der).unwrap();
        let question =
            podpis::trust::ocsp_request(&parse(&certificate), &parse(&world.ca_certificate()));
        let answer = world.ca.answer(&world.person, next, is_revoked);
        Mock::given(method("POST"))
            .and(path("/ocsp"))
            .and(header("content-type", "application/ocsp-request"))
            .and(body_bytes(question.unwrap()))
            .respond_with(ResponseTemplate::new(200).set_body_bytes(answer))
            .mount(&world.server)
            .await;
        let ended = world.verify(&named, &["--fetch"]);
        assert_eq!(
            (ended.code, reason(&ended).as_str()),
            (code, expected),
            "{ended:?}"
        );
        let requests = world.requests().await;
        assert_eq!(
            requests.iter().filter(|one| *one == "POST /ocsp").count(),
            1
        );
        let of_ca = requests.iter().filter(|one| *one == "GET /ca.crl").count();
        assert_eq!(of_ca, lists, "{requests:?}");
        if (expected, lists) == ("trusted", 0) {
            let used = &ended.object()["trust"]["ocsp"];
            assert_eq!(used[0]["date"], "2024-06-15T00:00:00Z");
            let line = "not revoked by the OCSP answer of 2024-06-15T00:00:00Z";
            assert!(ended.stderr.contains(line), "{ended:?}");
            let again = world.verify(&named, &["--fetch"]);
            assert!(fetched(&again).contains(&("ocsp".into(), "cache".into())));
        }
    }
}

#[tokio::test]
async fn what_cannot_be_got_is_named_with_its_address_and_why() {
    let world = World::new().await;
    let html = "<html><body>Not here</body></html>";
    let led = |to: &str| ResponseTemplate::new(302).insert_header("Location", to);
    world.serve("/html.crt", html).await;
    world.serve("/empty.crt", "").await;
    world.serve("/large.crt", vec![0x30; 1024 * 1024 + 1]).await;
    world.answer("/loop.crt", led("/loop.crt")).await;
    world.answer("/away.crt", led("file:///etc/passwd")).await;
    world.answer("/gone.crt", ResponseTemplate::new(410)).await;
    for (address, error, words) in [
        (
            world.at("/html.crt"),
            "not-of-kind",
            "what came is something else",
        ),
        (
            world.at("/empty.crt"),
            "not-of-kind",
            "what came is something else",
        ),
        (
            world.at("/large.crt"),
            "too-large",
            "larger than such a file may be",
        ),
        (
            world.at("/loop.crt"),
            "too-many-redirects",
            "leads on and on",
        ),
        (
            world.at("/away.crt"),
            "redirect",
            "leads on to file:///etc/passwd",
        ),
        (world.at("/gone.crt"), "status", "the server answered 410"),
        (world.at("/none.crt"), "status", "the server answered 404"),
        (
            "http://127.0.0.1:1/ca.crt".to_owned(),
            "no-answer",
            "no answer",
        ),
        (
            "ldap://127.0.0.1/CN=CA".to_owned(),
            "not-http",
            "only http and https",
        ),
        ("\u{1b}[2Jca.crt".to_owned(), "not-an-address", "no address"),
    ] {
        let named = Named {
            issuer: vec![address.clone()],
            ..Named::default()
        };
        let ended = world.verify(&named, &["--fetch"]);
        assert_eq!(
            (ended.code, reason(&ended).as_str()),
            (3, "no-chain"),
            "{address}"
        );
        assert_eq!(fetched(&ended), pairs(&[("issuer-certificate", error)]));
        assert!(ended.stderr.contains(words), "{address} {ended:?}");
        if address.starts_with("http") {
            assert_eq!(ended.object()["fetched"][0]["address"], address);
            assert!(ended.stderr.contains(&address), "{ended:?}");
        }
        assert_plain(&ended.stderr);
        let russian = world.verify(&named, &["--fetch", "--lang", "ru"]);
        assert!(
            russian.stderr.contains("не получен сертификат издателя"),
            "{russian:?}"
        );
    }
    let loops = world.requests().await;
    let loops = loops.iter().filter(|one| *one == "GET /loop.crt").count();
    // The address and three redirects, in two runs.
    assert_eq!(loops, 8);
}

#[tokio::test]
async fn another_address_serves_where_one_does_not() {
    let world = World::new().await;
    world.serve_all().await;
    let led = ResponseTemplate::new(301).insert_header("Location", "/ca.crt");
    world.answer("/old.crt", led).await;
    let named = Named {
        issuer: vec![world.at("/none.crt"), world.at("/old.crt")],
        list: vec![world.at("/none.crl"), world.at("/ca.crl")],
        ocsp: vec![world.at("/no-ocsp")],
    };
    let ended = world.verify(&named, &["--fetch"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let expected = [
        ("issuer-certificate", "status"),
        ("issuer-certificate", "network"),
        ("ocsp", "status"),
        ("revocation-list", "status"),
        ("revocation-list", "network"),
        ("revocation-list", "network"),
    ];
    assert_eq!(fetched(&ended), pairs(&expected));
}

#[tokio::test]
async fn a_proxy_is_gone_through_and_its_answers_lead_nowhere_inside() {
    let world = World::new().await;
    world.serve_all().await;
    let inside = ResponseTemplate::new(302).insert_header("Location", &*world.at("/ca.crt"));
    world.answer("/inside.crt", inside).await;
    let named = |issuer: &str| Named {
        issuer: vec![format!("http://ca.invalid{issuer}")],
        list: vec!["http://ca.invalid/ca.crl".to_owned()],
        ocsp: Vec::new(),
    };
    let ended = world.verify(&named("/inside.crt"), &["--fetch"]);
    assert_eq!(
        fetched(&ended),
        pairs(&[("issuer-certificate", "redirect")])
    );
    assert_eq!(ended.object()["fetched"][0]["detail"], world.at("/ca.crt"));
    assert_eq!(world.requests().await, ["GET /inside.crt"]);
    let ended = world.verify(&named("/ca.crt"), &["--fetch"]);
    assert_eq!(ended.code, 0, "{ended:?}");
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_given_up() {
    let world = World::new().await;
    let never = ResponseTemplate::new(200).set_delay(Duration::from_secs(3_600));
    world.answer("/ca.crt", never).await;
    let named = world.named("/ca.crt", "/ca.crl");
    let ended = world.verify(&named, &["--fetch", "--fetch-timeout", "1"]);
    assert_eq!((ended.code, reason(&ended).as_str()), (3, "no-chain"));
    assert_eq!(fetched(&ended), pairs(&[("issuer-certificate", "timeout")]));
}

#[tokio::test]
async fn nobody_is_asked_for_a_signature_that_is_wrong() {
    let world = World::new().await;
    world.serve_all().await;
    let named = world.named("/ca.crt", "/ca.crl");
    let certificate = world.person.person(&world.ca, &named);
    let of_other = world
        .person
        .signature(&world.ca, &certificate, b"another act");
    // Signed by another key under the name of the signer.
    let forger = Party::new("Forger", 3 + 0x40);
    let forged = forger.signature(&world.ca, &certificate, CONTENT);
    for signature in [of_other, forged] {
        let ended = world.verify_signature(&signature, &["--fetch"]);
        assert!(ended.code != 0, "{ended:?}");
        assert!(fetched(&ended).is_empty(), "{ended:?}");
    }
    assert!(world.requests().await.is_empty());
}

#[test]
fn fetching_means_nothing_without_roots() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("act");
    fs::write(&file, CONTENT).unwrap();
    let ended = run(&["--fetch"], &file);
    assert_eq!(ended.code, 2);
    assert!(
        ended
            .stderr
            .contains("--fetch means nothing without --trust")
    );
    for wrong in [
        &["--fetch-timeout", "5"][..],
        &["--fetch", "--fetch-timeout", "0"],
    ] {
        assert_eq!(run(wrong, &file).code, 2);
    }
}

fn run(more: &[&str], file: &Path) -> Ended {
    let mut command = podpis();
    command.arg("verify").args(more).args([file, file]);
    Ended::of(&mut command)
}

#[tokio::test]
async fn a_cache_that_cannot_be_written_to_or_is_spoilt_is_none() {
    let world = World::new().await;
    world.serve_all().await;
    let named = world.named("/ca.crt", "/ca.crl");
    // A file where the folder should be.
    fs::write(world.cache(), "").unwrap();
    assert_eq!(world.verify(&named, &["--fetch"]).code, 0);
    fs::remove_file(world.cache()).unwrap();

    assert_eq!(world.verify(&named, &["--fetch"]).code, 0);
    let count = world.requests().await.len();
    for entry in fs::read_dir(world.cache().join("podpis")).unwrap() {
        fs::write(entry.unwrap().path(), "<html>").unwrap();
    }
    let ended = world.verify(&named, &["--fetch"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(world.requests().await.len(), count + 3);
}

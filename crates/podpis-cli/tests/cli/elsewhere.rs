//! Operations that do not live where the login is for.
//!
//! **Invariant:** no record, whoever wrote it, leads a login or any other byte to a host that nobody named.

use std::net::TcpListener;

use podpis::core::journal::FolderJournal;
use podpis::operation::{Event, Fingerprint, Kind, Origin, Service as Name, Timestamp};
use podpis::secret::{ApiClientId, Password, Token};
use podpis::{
    BaseUrl, Diadoc, DiadocLogin, Extern, ExternLogin, Journal as _, Operation, Podpis,
    ReqwestTransport,
};
use podpis_sandbox::{Bind, Sandbox, WorldOptions};
use serde_json::{Value, json};

use crate::bench::{Ended, Folder, Service, openssl_accepts, podpis};

const PASSWORD: [(&str, &str); 3] = [
    ("DIADOC_CLIENT_ID", "client"),
    ("DIADOC_LOGIN", "me"),
    ("DIADOC_PASSWORD", "secret"),
];
const TOKEN: [(&str, &str); 1] = [("DIADOC_TOKEN", "secret")];
const EXTERN_PASSWORD: [(&str, &str); 4] = [
    ("EXTERN_CLIENT_ID", "client"),
    ("EXTERN_API_KEY", "key"),
    ("EXTERN_LOGIN", "me"),
    ("EXTERN_PASSWORD", "secret"),
];
const EXTERN_TOKEN: [(&str, &str); 1] = [("EXTERN_TOKEN", "secret")];

/// Variables that hold a login.
type Login = &'static [(&'static str, &'static str)];

/// Somebody who listens.
struct Listener {
    socket: TcpListener,
    host: String,
}

impl Listener {
    fn new() -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        socket.set_nonblocking(true).unwrap();
        let host = socket.local_addr().unwrap().to_string();
        Self { socket, host }
    }

    fn heard_nothing(&self) -> bool {
        self.socket.accept().is_err()
    }
}

fn put(journal: &Folder, service: Name, kind: &'static str, host: &str, event: Event) -> String {
    let now = Timestamp::from_millis(1_000);
    let origin = Origin::new(service, host);
    let mut operation = Operation::prepare(Kind::new(kind), origin, now)
        .with_files(vec![Fingerprint::named("act")]);
    operation.apply(event, now).unwrap();
    let journal = FolderJournal::at(journal.root()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut claim = runtime.block_on(journal.claim(operation.id())).unwrap();
    runtime.block_on(claim.save(&operation)).unwrap();
    operation.id().to_string()
}

fn accepted(data: Value) -> Event {
    Event::Accepted { data: data.into() }
}

fn ops(journal: &Folder, login: &[(&str, &str)], arguments: &[&str]) -> Ended {
    let mut command = podpis();
    command.env("PODPIS_JOURNAL", journal.root());
    command.envs(login.iter().copied());
    Ended::of(command.arg("ops").args(arguments))
}

#[test]
fn no_record_leads_a_login_to_its_host() {
    let journal = Folder::new();
    let listener = Listener::new();
    let task = json!({ "step": "preparing", "task": "1" });
    let diadoc = put(
        &journal,
        Name::Diadoc,
        "diadoc.cloud-sign",
        &listener.host,
        accepted(task),
    );
    let draft = json!({ "draft": "1" });
    let draft = put(
        &journal,
        Name::Extern,
        "extern.sign-draft",
        &listener.host,
        accepted(draft),
    );
    let logins: [(&str, Login, &str); 4] = [
        (&diadoc, &PASSWORD, "diadoc-api.kontur.ru"),
        (&diadoc, &TOKEN, "diadoc-api.kontur.ru"),
        (&draft, &EXTERN_PASSWORD, "extern-api.kontur.ru"),
        (&draft, &EXTERN_TOKEN, "extern-api.kontur.ru"),
    ];
    for (id, login, configured) in logins {
        let other = "http://127.0.0.1:1";
        for (arguments, configured) in [
            (vec!["resume", id], configured),
            (vec!["resume", id, "--base-url", other], "127.0.0.1:1"),
            (vec!["start-over", id, "--even-if-open"], configured),
        ] {
            let ended = ops(&journal, login, &arguments);
            ended.expect(2, &[id, &listener.host, configured, "--base-url"]);
            assert!(listener.heard_nothing(), "{arguments:?}");
        }
        let ended = ops(&journal, login, &["resume", "--all", "--json"]);
        assert_eq!(ended.code, 0, "{ended:?}");
        for told in ended.objects() {
            assert_eq!(told["skipped"], "elsewhere", "{ended:?}");
        }
        assert!(listener.heard_nothing());
    }
}

#[test]
fn the_library_refuses_it_too() {
    let journal = Folder::new();
    let listener = Listener::new();
    let task = || accepted(json!({ "step": "preparing", "task": "1" }));
    put(
        &journal,
        Name::Diadoc,
        "diadoc.cloud-sign",
        &listener.host,
        task(),
    );
    put(
        &journal,
        Name::Extern,
        "extern.sign-draft",
        &listener.host,
        task(),
    );
    let (client, secret) = (ApiClientId::new("client"), Password::new("secret"));
    let password = DiadocLogin::password(client, "me", secret);
    let bearer = DiadocLogin::bearer(&Token::new("secret"));
    let extern_bearer = ExternLogin::bearer(&Token::new("secret"));
    let base = || "http://127.0.0.1:1".parse::<BaseUrl>().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _inside = runtime.enter();
    for login in [password, bearer] {
        let transport = ReqwestTransport::new().unwrap();
        let diadoc = Diadoc::builder(base(), login, transport.clone()).build();
        let extern_api = Extern::builder(base(), extern_bearer.clone(), transport).build();
        let podpis = Podpis::new().with_diadoc(diadoc).with_extern(extern_api);
        let journal = FolderJournal::at(journal.root()).unwrap();
        for record in runtime.block_on(journal.open()).unwrap() {
            let claim = runtime.block_on(journal.claim(record.id())).unwrap();
            let error = podpis.resume(claim).unwrap_err();
            let text = error.to_string();
            assert!(
                text.contains("127.0.0.1:1 ") && text.contains(&listener.host),
                "{text}"
            );
        }
    }
    assert!(listener.heard_nothing());
}

#[test]
fn what_is_stored_is_handed_out_without_a_word_to_the_host() {
    let journal = Folder::new();
    let listener = Listener::new();
    for (service, kind) in [
        (Name::Extern, "extern.sign-draft"),
        (Name::Extern, "extern.decrypt"),
        (Name::Diadoc, "diadoc.cloud-sign"),
    ] {
        let data = json!({ "step": "given", "given": [{ "signature": "PGh0bWw+" }] });
        let event = Event::Finished { data: data.into() };
        let id = put(&journal, service, kind, &listener.host, event);
        let login = [&PASSWORD[..], &EXTERN_TOKEN].concat();
        ops(&journal, &login, &["resume", &id]);
        assert!(listener.heard_nothing(), "{kind}");
    }
}

#[test]
fn an_operation_of_a_sandbox_goes_on_there_without_the_login_of_production() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "act");
    let id = service.left_at_the_code(&file);
    let listed = service.listed();
    assert_eq!(listed[0]["sandbox"], service.url, "{listed:?}");
    for command in [&["list"][..], &["show", &id]] {
        let shown = service.ops(command);
        assert!(shown.stdout.contains("(sandbox)"), "{shown:?}");
    }
    // The sandbox knows no such login, and would refuse it.
    let login = &PASSWORD[..];
    let ended = ops(&service.journal, login, &["resume", &id, "--yes"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(openssl_accepts(&file, &folder.path("act.p7s")));
}

#[test]
fn a_sandbox_that_is_gone_is_not_replaced_by_whoever_answers_there() {
    let service = Service::quick();
    let folder = Folder::new();
    let id = service.left_at_the_code(&folder.file("act", "x"));
    let (host, url) = (service.url[7..].to_owned(), service.url.clone());
    let journal = folder.path("journal");
    std::fs::rename(service.journal.root(), &journal).unwrap();
    drop(service);
    let journal = journal.to_str().unwrap();
    let resume = |login: &[(&str, &str)], more: &[&str]| {
        let mut command = podpis();
        command.envs(login.iter().copied());
        command.args(["ops", "resume", &id, "--journal", journal]);
        Ended::of(command.args(more))
    };
    resume(&PASSWORD, &[]).expect(2, &["made in the sandbox", &host]);
    // Another one, in which the operation is unknown, is a sandbox too; asked for, it is asked.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let other = Sandbox::new(WorldOptions::default());
    let server = runtime.block_on(other.serve(Bind::loopback(0))).unwrap();
    let elsewhere = resume(&[], &["--base-url", server.base_url()]);
    elsewhere.expect(2, &[&host]);
    assert!(other.requests().is_empty());
    let ended = resume(&[], &["--base-url", &url]);
    ended.expect(4, &["nothing answers"]);
}

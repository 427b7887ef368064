//! Journals in a database, and operations that are moved between journals.
//!
//! **Invariant:** a database does what a folder does, an operation is never in two journals, and no password is taken from
//! the command line or shown.

use podpis::Journal as _;
use podpis::core::journal::FolderJournal;

use crate::bench::{Ended, Folder, Service, advised, openssl_accepts};
use crate::cluster::Cluster;

/// `podpis ops …` with another journal than the service's own.
fn ops_in(journal: &str, service: &Service, arguments: &[&str], code: &str) -> Ended {
    let mut command = service.podpis();
    command.env("PODPIS_JOURNAL", journal).arg("ops");
    Ended::of(command.args(arguments).write_stdin(format!("{code}\n")))
}

#[test]
fn an_operation_in_a_database_is_listed_resumed_and_forgotten_as_in_a_folder() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let address = cluster.address();
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act.xml", "x");
    let mut sign = service.sign(&[&file]);
    let ended = Ended::of(sign.args(["--journal", &address]));
    ended_with(&ended, 4);
    let advice = advised(&ended.stderr, "resume");
    assert!(
        advice.join(" ").contains("--journal 'postgres://"),
        "{advice:?}"
    );
    let id = advice[2].clone();
    assert!(service.listed().is_empty(), "the folder has nothing of it");

    let listed = ops_in(&address, &service, &["list"], "");
    assert_eq!(listed.code, 0, "{listed:?}");
    assert!(listed.stdout.contains(&id), "{listed:?}");
    let code = service.sandbox.last_code().unwrap();
    let resume = ["resume", &id, "--base-url", &service.url];
    let resumed = ops_in(&address, &service, &resume, &code);
    assert_eq!(resumed.code, 0, "{resumed:?}");
    assert!(openssl_accepts(&file, &folder.path("act.xml.p7s")));
    let gone = ops_in(&address, &service, &["show", &id], "");
    assert_eq!(gone.code, 0, "{gone:?}");
    assert!(gone.stdout.contains("has finished already"), "{gone:?}");
    let unknown = ops_in(&address, &service, &["show", "never-there"], "");
    unknown.expect(1, &["no operation", "postgres://"]);
    assert_eq!(service.sandbox.counters().sms_sent, 1);
}

#[test]
fn operations_are_moved_once_with_all_that_is_known_of_them() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let address = cluster.address();
    let service = Service::quick();
    let folder = Folder::new();
    let [held, moved] = ["held", "act"].map(|name| folder.file(name, name));
    let held = service.left_at_the_code(&held);
    let id = service.left_at_the_code(&moved);
    let journal = FolderJournal::at(service.journal.root()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let claim = runtime.block_on(journal.claim(&held.parse().unwrap()));

    let ended = service.ops(&["move", "--to", &address, "--json"]);
    ended_with(&ended, 1);
    let objects = ended.objects();
    assert!(
        objects
            .iter()
            .any(|it| it["operation"] == id && it["moved"] == true)
    );
    assert!(objects.iter().any(|it| it["error"]["operation"] == held));
    let here: Vec<_> = service.listed();
    assert_eq!(here.len(), 1);
    assert_eq!(here[0]["operation"], held);
    drop(claim);

    // A crash after it was stored there, and before it was removed here.
    let record = runtime.block_on(journal.look(&held.parse().unwrap()));
    let ended = service.ops(&["move", &held, "--to", &address]);
    ended_with(&ended, 0);
    runtime.block_on(async {
        let record = record.unwrap().unwrap().operation;
        let mut again = journal.claim(record.id()).await.unwrap();
        again.save(&record).await.unwrap();
    });
    let ended = service.ops(&["move", &held, "--to", &address]);
    ended_with(&ended, 0);
    assert!(service.listed().is_empty());

    let code = service.sandbox.last_code().unwrap();
    let resume = ["resume", &id, "--base-url", &service.url];
    let resumed = ops_in(&address, &service, &resume, &code);
    ended_with(&resumed, 0);
    assert!(openssl_accepts(&moved, &folder.path("act.p7s")));
    assert_eq!(service.sandbox.counters().sms_sent, 2);

    // And back.
    let back = service.journal.root().to_str().unwrap();
    let ended = ops_in(&address, &service, &["move", "--to", back], "");
    ended_with(&ended, 0);
    assert_eq!(service.listed()[0]["operation"], held);
    let same = service.ops(&["move", "--to", back]);
    same.expect(2, &["the journal that operations are moved from"]);
}

fn ended_with(ended: &Ended, code: i32) {
    assert_eq!(ended.code, code, "{ended:?}");
}

#[test]
fn a_password_is_not_taken_from_the_command_line_and_an_unusable_database_starts_nothing() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act.xml", "x");
    let nowhere = folder.root().display();
    for (address, code, words) in [
        ("postgres://me:secret@127.0.0.1/x", 2, "PGPASSWORD"),
        ("postgres://me@127.0.0.1/x?sslmode=maybe", 2, "sslmode"),
        (
            &*format!("postgres://me@/x?host={nowhere}"),
            1,
            "the database cannot be reached",
        ),
    ] {
        let mut sign = service.sign(&[&file]);
        let ended = Ended::of(sign.args(["--journal", address]));
        ended.expect(code, &[words]);
        assert!(!ended.stderr.contains("secret"), "{ended:?}");
    }
    assert_eq!(service.sandbox.counters().operations_started, 0);
    assert_eq!(folder.names(), ["act.xml"]);
}

//! A server that is reached by TLS, and one that is not the server that was meant.

use std::os::unix::fs::chown;
use std::path::Path;
use std::process::Command;

use podpis_journal_postgres::{PostgresJournal, PostgresSettings};
use podpis_operation::Journal as _;
use tempfile::TempDir;

use crate::cluster::{Cluster, folder, unprivileged};
use crate::{in_full, operation, put};

/// A folder with a key and a certificate for `localhost`, which is its own authority.
fn certificate() -> TempDir {
    let folder = folder();
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt"])
        .args(["ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
        .args(["-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(folder.path().join("key.pem"))
        .arg("-out")
        .arg(folder.path().join("certificate.pem"))
        .output()
        .expect("openssl has to be installed for this test");
    assert!(made.status.success(), "{made:?}");
    folder
}

/// A server that takes nothing but TLS.
fn server(certificate: &Path, port: u16) -> Option<Cluster> {
    let rules = certificate.join("rules.conf");
    std::fs::write(&rules, "hostssl all all 127.0.0.1/32 trust\n").unwrap();
    if let Some((user, group)) = unprivileged() {
        for name in ["key.pem", "certificate.pem", "rules.conf"] {
            chown(certificate.join(name), Some(user), Some(group)).unwrap();
        }
    }
    let shown = certificate.display();
    Cluster::start_with(&format!(
        "listen_addresses = '127.0.0.1'\nport = {port}\nhba_file = '{shown}/rules.conf'\nssl = on\n\
         ssl_key_file = '{shown}/key.pem'\nssl_cert_file = '{shown}/certificate.pem'"
    ))
}

#[tokio::test]
async fn a_server_is_talked_to_by_tls_and_only_if_it_is_the_one_that_is_meant() {
    let (own, other) = (certificate(), certificate());
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let Some(_cluster) = server(own.path(), port) else {
        return;
    };
    let settings = |host: &str, parameters: &str| -> PostgresSettings {
        let address = format!("postgres://podpis@{host}:{port}/postgres?{parameters}");
        address.parse().unwrap()
    };
    let trusting = |folder: &TempDir| {
        let file = folder.path().join("certificate.pem");
        format!("sslmode=verify-full&sslrootcert={}", file.display())
    };
    let journal = PostgresJournal::connect(settings("localhost", &trusting(&own))).await;
    let (journal, record) = (journal.unwrap(), operation());
    put(&journal, &record, None).await;
    assert_eq!(journal.open().await.unwrap(), [record]);

    for (host, parameters, words) in [
        (
            "localhost",
            trusting(&other),
            "error performing TLS handshake: invalid peer certificate",
        ),
        (
            "127.0.0.1",
            trusting(&own),
            "error performing TLS handshake: invalid peer certificate",
        ),
        (
            "localhost",
            "sslmode=verify-full&sslrootcert=/nowhere/ca.pem".to_owned(),
            "the certificates of trusted authorities cannot be used",
        ),
        (
            "localhost",
            "sslmode=disable".to_owned(),
            "the database refuses the user or the password",
        ),
    ] {
        let refused = PostgresJournal::connect(settings(host, &parameters)).await;
        let shown = in_full(&refused.unwrap_err());
        assert!(
            shown.contains(words),
            "{host}, {parameters}: `{words}` is not in: {shown}"
        );
    }
}

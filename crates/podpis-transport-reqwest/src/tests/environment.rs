//! What the environment says, in processes that have another one.

use std::process::{Command, Output};

use super::ask;
use super::proxies::{NAME, proxy};
use super::server::{HELLO, Server};
use super::tls_server::Authority;
use crate::ReqwestTransport;

/// Names the URL that a child asks for.
const URL: &str = "PODPIS_TEST_URL";

/// Empty but in a child; there it is the whole program.
#[tokio::test]
async fn child() {
    let Ok(url) = std::env::var(URL) else {
        return;
    };
    match ask(&ReqwestTransport::new().unwrap(), &url).await {
        Ok(answer) => assert_eq!(answer.body().as_ref(), b"hello"),
        Err(error) => panic!("{}", super::text(&error)),
    }
}

fn asks(url: &str, environment: &[(&str, &str)]) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::environment::child", "--nocapture"])
        .env_clear()
        .env(URL, url)
        .envs(environment.iter().copied())
        .output()
        .unwrap()
}

fn file(content: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), content).unwrap();
    file
}

#[test]
fn the_proxy_and_the_certificates_of_the_environment_are_used() {
    let authority = Authority::new();
    let server = authority.serve(NAME);
    let proxy = proxy(server.address);
    let roots = file(&authority.pem());
    let roots = roots.path().to_str().unwrap();
    let url = format!("https://{NAME}/");
    let told = asks(
        &url,
        &[("HTTPS_PROXY", &proxy.url()), ("SSL_CERT_FILE", roots)],
    );
    assert!(told.status.success(), "{told:?}");
    assert_eq!(proxy.heads().len(), 1);
    assert_eq!(server.heads().len(), 1);
    let direct = asks(
        &url,
        &[
            ("HTTPS_PROXY", &proxy.url()),
            ("NO_PROXY", NAME),
            ("SSL_CERT_FILE", roots),
        ],
    );
    assert!(!direct.status.success(), "{direct:?}");
    assert_eq!(proxy.heads().len(), 1);
}

#[test]
fn where_no_certificates_can_be_loaded_plain_http_to_this_machine_goes_well() {
    let server = Server::start(HELLO);
    let none = file("");
    let environment = [("SSL_CERT_FILE", none.path().to_str().unwrap())];
    let told = asks(&server.url(), &environment);
    assert!(told.status.success(), "{told:?}");
    let secured = Authority::new().serve("localhost");
    let url = format!("https://localhost:{}/", secured.address.port());
    let told = asks(&url, &environment);
    let said = String::from_utf8_lossy(&told.stderr);
    assert!(said.contains("No CA certificates"), "{said}");
}

//! Encrypted documents and archives are real: OpenSSL and the usual unpackers read them.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::support::{Client, bytes};

fn run(program: &str, arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("openssl, gzip and python3 have to be installed for these tests");
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    output.status.success().then_some(output.stdout)
}

pub(crate) fn key(name: &str) -> String {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("keys")
        .join(name)
        .to_string_lossy()
        .into_owned()
}

pub(crate) fn decrypt(encrypted: &[u8], key: &str) -> Option<Vec<u8>> {
    let arguments = [
        "cms", "-decrypt", "-binary", "-inform", "DER", "-inkey", key,
    ];
    run("openssl", &arguments, encrypted)
}

#[test]
fn openssl_decrypts_what_is_encrypted() {
    let mut client = Client::new();
    let dss = key("extern-dss-rsa.pem");
    let sms = key("extern-sms-rsa.pem");
    let seeded = client.info.encrypted.clone();
    for (known, key) in [
        (&seeded.dss, &dss),
        (&seeded.dss_zip, &dss),
        (&seeded.inventory_dss, &dss),
        (&seeded.sms, &sms),
        (&seeded.sms_gzip, &sms),
        (&seeded.inventory_sms, &sms),
    ] {
        let path = &known.place.path;
        let encrypted = bytes(&client.get(&format!("{path}/encrypted-content")));
        let shown = client.get(path);
        let seen = &shown["description"]["encrypted-content-size"];
        assert_eq!(*seen, encrypted.len());
        let inside = decrypt(&encrypted, key).unwrap();
        let plain = match known.compression.as_str() {
            "gzip" => run("gzip", &["-dc"], &inside).unwrap(),
            "zip" => {
                let script = "import sys,io,zipfile; z=zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())); \
                              assert z.testzip() is None; sys.stdout.buffer.write(z.read(z.namelist()[0]))";
                run("python3", &["-c", script], &inside).unwrap()
            }
            _ => inside,
        };
        assert!(plain.starts_with(b"<?xml"), "{path}");
        let by_service = plain.len();
        assert_eq!(
            shown["description"]["decrypted-content-size"], by_service,
            "the service decrypts the same bytes"
        );
        assert!(!encrypted.windows(5).any(|part| part == b"<?xml"));
    }
}

#[test]
fn the_service_gives_what_openssl_gives() {
    let mut client = Client::new();
    let path = client.info.encrypted.dss_zip.clone().place.path.clone();
    let encrypted = bytes(&client.get(&format!("{path}/encrypted-content")));
    let inside = decrypt(&encrypted, &key("extern-dss-rsa.pem")).unwrap();
    let body = client.certificate_body("dss-encryption");
    let (_, started) = client.call("POST", &format!("{path}/decrypt-content"), body);
    client.confirm_push();
    let task = started["decryption-task-id"].as_str().unwrap();
    client.get(&format!("{path}/tasks/{task}"));
    let seen = bytes(&client.get(&format!("{path}/decrypted-content")));
    assert_eq!(seen, inside);
}

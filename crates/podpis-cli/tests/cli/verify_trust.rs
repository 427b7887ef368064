//! What `podpis verify --trust` says, and that it says one thing.
//!
//! **Invariant:** what is said of trust is never better than what is said of the checks; every certificate is named by
//! subject and thumbprint, and every moment with where it comes from.

use std::fs;
use std::path::{Path, PathBuf};

use podpis::cms::Certificate;

use crate::bench::{Ended, Folder, podpis};
use crate::hidden_characters::assert_plain;
use crate::verify_trust_table::folder as fixtures;

fn fixture(name: &str) -> PathBuf {
    fixtures().join("p256").join(name)
}

fn thumbprint(path: &Path) -> String {
    let der = fs::read(path).unwrap();
    let certificate = Certificate::from_der(&der).unwrap();
    certificate.thumbprint().to_string()
}

/// `podpis verify` of one of the signatures, by the root, its list, and what is named.
fn verify(signature: &str, more: &[&str], named: &[(&str, &str)]) -> Ended {
    let mut command = podpis();
    command.args(["verify", "--json"]).args(more);
    command.arg("--trust").arg(fixture("root.crt"));
    command.arg("--crl").arg(fixture("root.crl"));
    for (argument, name) in named {
        command.arg(argument).arg(fixture(name));
    }
    command.args([fixtures().join("content.txt"), fixture(signature)]);
    Ended::of(&mut command)
}

const CA: (&str, &str) = ("--intermediate", "ca.crt");
const LIST: (&str, &str) = ("--crl", "ca.crl");
const REVOKED: (&str, &str) = ("--crl", "ca-revoked.crl");

/// Asserts that a line of these words is there.
fn assert_line(ended: &Ended, words: &[&str]) {
    let is_it = |line: &str| words.iter().all(|word| line.contains(word));
    assert!(ended.stderr.lines().any(is_it), "{words:?}: {ended:?}");
}

#[test]
fn the_path_the_lists_and_the_moment_are_told() {
    let ended = verify("ok.p7s", &["--at", "2024-06-15"], &[CA, LIST]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let (root, ca) = (
        thumbprint(&fixture("root.crt")),
        thumbprint(&fixture("ca.crt")),
    );
    assert_line(&ended, &["judged at: 2024-06-15T00:00:00Z, as you asked"]);
    assert_line(&ended, &["path, signer", "CN=ООО Образец"]);
    assert_line(&ended, &["path, issuer 1", "CN=Пробный УЦ", &ca]);
    assert_line(&ended, &["path, root, which you trust", &root]);
    assert_line(
        &ended,
        &["not in the list of 2024-06-14T00:00:00Z", "CN=ООО Образец"],
    );
    assert_line(&ended, &["not in the list of 2024-06-14T00:00:00Z", &ca]);
    assert_line(&ended, &["as the signer's side says: 2024-06-10T12:00:00Z"]);
    assert_line(
        &ended,
        &["content.txt: trusted at 2024-06-15T00:00:00Z, as you asked"],
    );
    for words in ["not checked", "not revoked", "proven"] {
        assert!(!ended.stderr.contains(words), "{ended:?}");
    }
    let trust = &ended.object()["trust"];
    assert_eq!(trust["moment"], "2024-06-15T00:00:00Z");
    assert_eq!(trust["moment_from"], "asked");
    assert_eq!(trust["path"][1]["certificate"], ca);
    assert_eq!(trust["lists"][1]["certificate"], ca);
    assert_eq!(trust["lists"][1]["signer"], root);
    assert_eq!(trust["lists"][1]["date"], "2024-06-14T00:00:00Z");
    assert_eq!(trust["claimed_time"], "2024-06-10T12:00:00Z");
    let checks = trust["checks"].as_array().unwrap();
    assert_eq!(checks.len(), 8);
    assert!(checks.iter().all(|check| check["answer"] == "passed"));
    assert!(trust.get("signers").is_none(), "{trust}");
}

#[test]
fn a_reason_names_the_certificate_its_role_and_the_date() {
    for (lang, words) in [
        (
            "en",
            [
                "refused: the certificate of the signer was revoked on",
                "cessationOfOperation",
            ],
        ),
        (
            "ru",
            [
                "отвергнуто: сертификат подписанта отозван",
                "cessationOfOperation",
            ],
        ),
    ] {
        let ended = verify(
            "ok.p7s",
            &["--at", "2024-06-15", "--lang", lang],
            &[CA, REVOKED],
        );
        assert_eq!(ended.code, 1, "{ended:?}");
        let trust = &ended.object()["trust"];
        let signer = trust["certificate"].as_str().unwrap();
        assert_line(&ended, &words);
        assert_line(
            &ended,
            &[
                "content.txt: ",
                "2024-06-12T00:00:00Z",
                "CN=ООО Образец",
                signer,
            ],
        );
        assert_eq!(trust["whose"], "signer");
        assert_eq!(trust["date"], "2024-06-12T00:00:00Z");
        assert_eq!(trust["signer"], signer);
    }
}

#[test]
fn what_would_help_is_told_with_where_to_get_it() {
    let no_list = |lang| verify("ok.p7s", &["--at", "2024-06-15", "--lang", lang], &[CA]);
    for (lang, words) in [
        (
            "en",
            ["needed: a revocation list", "as the certificate says"],
        ),
        ("ru", ["нужно: список отзыва", "по словам сертификата"]),
    ] {
        let ended = no_list(lang);
        assert_eq!(ended.code, 3, "{ended:?}");
        assert_line(&ended, &words);
        assert_line(
            &ended,
            &["--crl", "CN=Пробный УЦ", "http://crl.example/ca.crl"],
        );
        let needed = &ended.object()["trust"]["needed"];
        assert_eq!(needed["what"], "revocation-list");
        assert_eq!(needed["addresses"][0], "http://crl.example/ca.crl");
        let key_id = needed["key_id"].as_str().unwrap();
        assert!(ended.stderr.contains(key_id), "{ended:?}");
    }
    for (lang, words) in [
        ("en", "needed: the certificate of the issuer"),
        ("ru", "нужно: сертификат издателя"),
    ] {
        let ended = verify("ok.p7s", &["--at", "2024-06-15", "--lang", lang], &[LIST]);
        assert_eq!(ended.code, 3, "{ended:?}");
        assert_line(&ended, &[words, "--intermediate", "CN=Пробный УЦ"]);
        // The path leads to no root, and none is named as one.
        assert!(!ended.stderr.contains("root, which you trust"), "{ended:?}");
    }
}

#[test]
fn stamps_are_told_and_the_moment_is_that_of_the_trusted_one() {
    for (lang, words) in [
        (
            "en",
            [
                "judged at: 2024-06-10T12:00:30Z, by time stamp 1 of",
                "time stamp 1: 2024-06-10T12:00:30Z, trusted",
            ],
        ),
        (
            "ru",
            [
                "на какой момент: 2024-06-10T12:00:30Z, по штампу времени 1",
                "штамп времени 1: 2024-06-10T12:00:30Z, можно",
            ],
        ),
    ] {
        let ended = verify(
            "stamped.p7s",
            &["--at", "2024-06-15", "--lang", lang],
            &[CA, REVOKED],
        );
        assert_eq!(ended.code, 0, "{ended:?}");
        for words in words {
            assert_line(&ended, &[words, "CN=Пробная служба штампов времени"]);
        }
        let trust = &ended.object()["trust"];
        assert_eq!(trust["moment_from"], "stamp 1");
        assert_eq!(trust["stamps"][0]["time"], "2024-06-10T12:00:30Z");
        assert_eq!(trust["stamps"][0]["latest"], "2024-06-10T12:00:31Z");
    }
    for (lang, words) in [
        ("en", ["refused", "ignored"]),
        ("ru", ["отвергнуто", "не учтён"]),
    ] {
        let ended = verify(
            "stamp-other.p7s",
            &["--at", "2024-06-15", "--lang", lang],
            &[CA, LIST],
        );
        assert_eq!(ended.code, 0, "{ended:?}");
        let lead = if lang == "en" {
            "time stamp 1: "
        } else {
            "штамп времени 1: "
        };
        assert_line(&ended, &[lead, words[0], words[1]]);
        assert_eq!(ended.object()["trust"]["stamps"][0]["whose"], "stamp 1");
    }
}

#[test]
fn the_moment_is_now_unless_another_is_asked_for() {
    let ended = verify("ok.p7s", &[], &[CA, LIST]);
    assert_eq!(ended.code, 3, "{ended:?}");
    let trust = &ended.object()["trust"];
    assert_eq!(trust["moment_from"], "now");
    assert_line(&ended, &["judged at: ", ", now"]);
    assert!(["expired", "list-stale"].contains(&trust["reason"].as_str().unwrap()));

    for (at, moment) in [
        ("2024-06-15", "2024-06-15T00:00:00Z"),
        ("2024-06-15T03:00:00+03:00", "2024-06-15T00:00:00Z"),
        ("2024-06-15T12:30:00.5Z", "2024-06-15T12:30:00.5Z"),
    ] {
        let ended = verify("ok.p7s", &["--at", at], &[CA, LIST]);
        assert_eq!(ended.code, 0, "{ended:?}");
        assert_eq!(ended.object()["trust"]["moment"], moment);
    }
    for at in [
        "",
        "yesterday",
        "15.06.2024",
        "2024-13-01",
        "2024-06-15T12:00:00",
        "\u{1b}[2J\u{202e}",
    ] {
        for (lang, words) in [("en", "is not a moment"), ("ru", "не момент времени")]
        {
            let ended = verify("ok.p7s", &["--at", at, "--lang", lang], &[CA, LIST]);
            ended.expect(2, &["--at", words, "2024-06-15T12:00:00Z"]);
            assert_plain(&ended.stderr);
        }
    }
}

#[test]
fn what_means_nothing_without_a_root_is_refused() {
    let (ca, list) = (fixture("ca.crt"), fixture("ca.crl"));
    for (argument, value) in [
        ("--intermediate", ca.to_str().unwrap()),
        ("--crl", list.to_str().unwrap()),
        ("--at", "2024-06-15"),
    ] {
        let mut command = podpis();
        command.args(["verify", argument, value]);
        command.args([fixtures().join("content.txt"), fixture("ok.p7s")]);
        Ended::of(&mut command).expect(2, &[argument, "--trust"]);
        Ended::of(command.args(["--lang", "ru"])).expect(2, &[argument, "без --trust"]);
    }
    // And without any of them nothing has changed.
    let mut command = podpis();
    command.args(["verify", "--json"]);
    let ended = Ended::of(command.args([fixtures().join("content.txt"), fixture("ok.p7s")]));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_line(&ended, &["trust in the certificate: not checked"]);
    assert!(ended.object().get("trust").is_none(), "{ended:?}");
}

#[test]
fn of_several_files_the_worst_counts() {
    let folder = Folder::new();
    for (name, signature) in [
        ("good", "ok.p7s"),
        ("lacking", "same-name.p7s"),
        ("wrong", "key-usage.p7s"),
    ] {
        fs::copy(fixtures().join("content.txt"), folder.path(name)).unwrap();
        fs::copy(fixture(signature), folder.path(&format!("{name}.p7s"))).unwrap();
    }
    let all = |more: &[&str]| {
        let mut command = podpis();
        command.current_dir(folder.root());
        command.args(["verify", "--json", "--at", "2024-06-15"]);
        for (argument, name) in [("--trust", "root.crt"), CA, LIST, ("--crl", "root.crl")] {
            command.arg(argument).arg(fixture(name));
        }
        Ended::of(command.arg("--all").args(more))
    };
    for (files, code) in [
        (&["good"][..], 0),
        (&["good", "lacking"], 3),
        (&["good", "lacking", "wrong"], 1),
        (&["lacking", "missing"], 2),
        (&["wrong", "missing"], 1),
        (&["good", "lacking", "--allow-unchecked"], 0),
        (&["good", "wrong", "--allow-unchecked"], 1),
    ] {
        let ended = all(files);
        assert_eq!(ended.code, code, "{files:?}: {ended:?}");
    }
    let told: Vec<_> = all(&["wrong", "lacking", "good"])
        .objects()
        .iter()
        .map(|object| object["trust"]["verdict"].clone())
        .collect();
    assert_eq!(told, ["refused", "unproven", "trusted"]);
}

fn cms(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/cms")
        .join(name)
}

/// By the certificate itself as the root: its path has one certificate, and no list is needed.
fn by_own_certificate(signature: &str, root: &str, more: &[&str]) -> Ended {
    let mut command = podpis();
    command.args(["verify", "--json", "--trust"]).arg(cms(root));
    command.args(more);
    Ended::of(command.args([cms("content.txt"), cms(signature)]))
}

#[test]
fn a_certificate_that_is_only_given_serves_the_checks_too() {
    let ended = by_own_certificate("p256.nocerts.p7s", "keys/p256.crt.der", &[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let object = ended.object();
    assert_eq!(object["proven"], true);
    assert_eq!(object["checks"]["value"], "passed");
    assert_eq!(object["checks"]["signer"], "not-checked: not asked");
    assert_eq!(
        object["trust"]["signer"],
        object["signers"][0]["certificate"]
    );
    let ended = by_own_certificate("p256.nocerts.p7s", "keys/rsa.crt.der", &[]);
    assert_eq!(ended.code, 3, "{ended:?}");
    assert_eq!(ended.object()["trust"]["reason"], "no-signer-certificate");
    assert_line(
        &ended,
        &["needed: the signer's own certificate", "serial number"],
    );
    // So does the one that is asked for: now only a path to a root is missing.
    let of_signer = cms("keys/p256.crt.der");
    let of_signer = ["--cert", of_signer.to_str().unwrap()];
    let ended = by_own_certificate("p256.nocerts.p7s", "keys/rsa.crt.der", &of_signer);
    assert_eq!(ended.code, 3, "{ended:?}");
    assert_eq!(ended.object()["trust"]["reason"], "no-chain");
}

#[test]
fn trust_is_never_told_where_something_else_is_wrong() {
    let other = thumbprint(&cms("keys/rsa.crt.der"));
    for (signature, more) in [
        ("p256.p7s", &["--cert", &*other][..]),
        ("p256.sha1.p7s", &[]),
    ] {
        let ended = by_own_certificate(signature, "keys/p256.crt.der", more);
        assert_eq!(ended.code, 1, "{ended:?}");
        let object = ended.object();
        assert!(
            object["error"].is_object() && object["trust"].is_null(),
            "{object}"
        );
        assert!(
            object.as_object().unwrap().contains_key("trust"),
            "{object}"
        );
        assert!(!ended.stderr.contains(": trusted at"), "{ended:?}");
    }
}

#[test]
fn of_several_signers_each_is_told_and_the_weakest_counts() {
    let object = by_own_certificate("twosigners.p7s", "keys/p256.crt.der", &[]).object();
    let signers = object["trust"]["signers"].as_array().unwrap();
    assert_eq!(signers.len(), 2);
    let mut verdicts: Vec<&str> = (signers.iter())
        .map(|signer| signer["verdict"].as_str().unwrap())
        .collect();
    verdicts.sort_unstable();
    assert_eq!(verdicts, ["trusted", "unproven"], "{object}");
    assert_eq!(object["trust"]["verdict"], "unproven");
    let ended = by_own_certificate("twosigners.p7s", "keys/p256.crt.der", &[]);
    assert_eq!(ended.code, 3, "{ended:?}");
    assert_line(&ended, &["signer 1 of 2: "]);
    assert_line(&ended, &["signer 2 of 2: "]);
    assert_line(&ended, &["content.txt: not proven: no path"]);
}

/// The names of the signature's certificate and of its issuer, with characters that a terminal obeys.
#[test]
fn names_in_certificates_are_shown_plain() {
    let folder = Folder::new();
    let mut signature = fs::read(fixture("no-attribute.p7s")).unwrap();
    // As long as what they replace, so that no length changes. Neither is signed.
    for (name, evil) in [
        ("Пробный УЦ", "\u{1b}[2J\r\n\u{202e}fdp\u{200b}\u{9b}3"),
        ("Образцова", "\u{1b}[31m\n\u{2066}fdp\u{feff}\u{2028}"),
        (
            "http://crl.example/ca.crl",
            "http://crl.\u{1b}[2J\u{202e}\n.fdp",
        ),
    ] {
        let (name, mut evil) = (name.as_bytes(), evil.as_bytes().to_vec());
        assert!(evil.len() <= name.len());
        evil.resize(name.len(), b'x');
        let places: Vec<usize> = (0..signature.len())
            .filter(|at| signature[*at..].starts_with(name))
            .collect();
        assert!(!places.is_empty());
        for at in places {
            signature[at..at + name.len()].copy_from_slice(&evil);
        }
    }
    let path = folder.file("evil.p7s", &signature);
    for (lang, json) in [("en", true), ("ru", false)] {
        let mut command = podpis();
        command.args(["verify", "--lang", lang, "--at", "2024-06-15"]);
        command.args(json.then_some("--json"));
        command.arg("--trust").arg(fixture("root.crt"));
        command.args([&fixtures().join("content.txt"), &path]);
        let ended = Ended::of(&mut command);
        assert_eq!(ended.code, 3, "{ended:?}");
        assert_plain(&ended.stdout);
        assert_plain(&ended.stderr);
        assert_line(&ended, &["fdp", "--intermediate"]);
        assert_line(&ended, &["content.txt: ", "fdp"]);
        if json {
            let trust = &ended.object()["trust"];
            assert_eq!(trust["reason"], "no-chain");
            assert_eq!(trust["notes"][0], "signing-certificate-not-named");
        }
    }
}

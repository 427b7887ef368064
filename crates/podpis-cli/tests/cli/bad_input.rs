//! Mistakes in the call: each is one sentence that names the thing, before anything is sent.
//!
//! **Invariant:** a wrong call ends with 2, nothing was started, and no file is left behind.

use std::fs;

use crate::bench::{Ended, Folder, Service, podpis};

#[test]
fn files_that_cannot_be_signed_are_named() {
    let service = Service::quick();
    let folder = Folder::new();
    let good = folder.file("good", "x");
    let empty = folder.file("empty.xml", "");
    let large = folder.file_of_size("large.bin", 400 * 1024 * 1024 + 1);
    let sub = folder.path("folder");
    fs::create_dir(&sub).unwrap();
    let before = folder.names();
    for (bad, words) in [
        (folder.path("missing.xml"), "missing.xml"),
        (folder.path("nowhere/missing.xml"), "nowhere/missing.xml"),
        (empty, "empty.xml"),
        (large, "large.bin"),
        (sub, "folder"),
        (folder.path(".."), ".."),
    ] {
        let ended = Ended::of(service.sign(&[&good, &bad]).args(["--yes", "--json"]));
        ended.expect(2, &[words]);
        assert_eq!(ended.object()["error"]["kind"], "invalid_input");
    }
    assert_eq!(folder.names(), before);
    assert!(service.sandbox.requests().is_empty());
}

#[test]
fn folders_for_signatures_that_cannot_be_used_are_named() {
    let service = Service::quick();
    let folder = Folder::new();
    let one = folder.file("a/act", "1");
    let two = folder.file("b/act", "2");
    let file = folder.file("file", "x");
    let out = folder.path("out");
    fs::create_dir(&out).unwrap();

    let same = Ended::of(
        service
            .sign(&[&one, &two])
            .arg("--yes")
            .arg("--out")
            .arg(&out),
    );
    same.expect(2, &["act.p7s", "two of the files"]);
    let twice = Ended::of(service.sign(&[&one, &one]).arg("--yes"));
    twice.expect(2, &["act.p7s"]);
    for bad in [file, "/proc/missing".into(), "/proc".into()] {
        let ended = Ended::of(service.sign(&[&one]).arg("--yes").arg("--out").arg(&bad));
        ended.expect(2, &[bad.to_str().unwrap()]);
    }
    assert!(service.sandbox.requests().is_empty());
    assert_eq!(fs::read_dir(out).unwrap().count(), 0);
}

/// A terabyte, which would take hours to read.
#[test]
fn what_is_too_large_is_not_read() {
    let service = Service::quick();
    let folder = Folder::new();
    let good = folder.file("good", "x");
    let huge = folder.file_of_size("huge", 1 << 40);
    let before = folder.names();
    let [good, huge] = [&good, &huge].map(|path| path.to_str().unwrap());
    let send = ["extern", "send", "--yes", "--force"];
    let reply = ["extern", "reply", "--yes", "--docflow", "d"];
    let rows: [(&[&str], &[&str], &str); 5] = [
        (&["diadoc", "sign", "--yes"], &[good, huge], "419"),
        (&send, &[huge], "32"),
        (&send, &[good, "--meta", huge], "16"),
        (&reply, &["--document", "x", "--content", huge], "32"),
        (&["verify"], &[good, huge], "16"),
    ];
    for (command, arguments, limit) in rows {
        let mut podpis = service.podpis();
        podpis.args(command).args(arguments).arg("--json");
        if command[0] != "verify" {
            podpis.args(["--base-url", &service.url]);
        }
        let ended = Ended::of(podpis.current_dir(folder.root()));
        assert_eq!(ended.code, 2, "{ended:?}");
        let message = ended.object()["error"]["message"].to_string();
        assert!(message.contains("huge is larger than "), "{ended:?}");
        assert!(message.contains(&format!("than {limit}")), "{ended:?}");
    }
    assert_eq!(folder.names(), before);
    assert!(service.sandbox.requests().is_empty());
}

/// Every row ends with 2 and a sentence that names the thing, before anybody is asked.
#[cfg(unix)]
#[test]
fn what_cannot_be_read_or_written_is_named_at_once() {
    let service = Service::quick();
    let folder = Folder::new();
    let good = folder.file("good", "x");
    let report = folder.file("report.xml", "x");
    let long = folder.file(&"n".repeat(252), "x");
    let long_in_russian = folder.file(&"я".repeat(126), "x");
    let pipe = folder.path("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let no_json = folder.file("no.json", "{");
    let no_payer = folder.file("no-payer.json", r#"{"sender":{},"recipient":{}}"#);
    let [good, report, long, long_in_russian, pipe, no_json, no_payer] = [
        &good,
        &report,
        &long,
        &long_in_russian,
        &pipe,
        &no_json,
        &no_payer,
    ]
    .map(|path| path.to_str().unwrap());
    let before = folder.names();
    let sign = ["diadoc", "sign", "--yes"];
    let send = ["extern", "send", "--yes", "--force"];
    let reply = ["extern", "reply", "--yes", "--docflow", "d"];
    let to = |ip| {
        [
            report,
            "--to",
            "ifns:0087",
            "--inn",
            "6676130154",
            "--ip",
            ip,
        ]
    };
    let rows: [(&[&str], &[&str], &[&str]); 13] = [
        (&sign, &[good, long], &["nnn.p7s", "rename the file"]),
        (&sign, &[long_in_russian], &["я.p7s", "rename the file"]),
        (&sign, &[good, pipe], &["pipe", "is a pipe or a device"]),
        (
            &sign,
            &["/dev/null"],
            &["/dev/null", "is a pipe or a device"],
        ),
        (&sign, &["/dev/zero", "--out", "."], &["/dev/zero"]),
        (&send, &[pipe], &["pipe", "is a pipe or a device"]),
        (
            &send,
            &[report, "--meta", pipe],
            &["pipe", "is a pipe or a device"],
        ),
        (&send, &[report, "--meta", "/dev/zero"], &["/dev/zero"]),
        (
            &send,
            &[report, "--meta", no_json],
            &["no.json", "cannot be read"],
        ),
        (
            &send,
            &[report, "--meta", no_payer],
            &["no-payer.json", "payer"],
        ),
        (&send, &to("8.8.8"), &["--ip", "8.8.8"]),
        (&send, &to("localhost"), &["--ip", "localhost"]),
        (&reply, &["--ip", "8.8.8.256"], &["--ip", "8.8.8.256"]),
    ];
    for (command, arguments, words) in rows {
        let mut podpis = service.podpis();
        podpis.args(command).args(arguments).arg("--json");
        podpis.args(["--base-url", &service.url]);
        let ended = Ended::of(podpis.current_dir(folder.root()));
        assert_eq!(ended.code, 2, "{ended:?}");
        let error = &ended.object()["error"];
        assert_eq!(error["kind"], "invalid_input", "{ended:?}");
        let message = error["message"].as_str().unwrap();
        for word in words {
            assert!(message.contains(word), "{word}: {ended:?}");
        }
    }
    assert_eq!(folder.names(), before);
    assert!(service.sandbox.requests().is_empty());
    // One byte less, and the signature has a name.
    let fits = folder.file(&"n".repeat(251), "x");
    assert_eq!(Ended::of(service.sign(&[&fits]).arg("--yes")).code, 0);
}

#[test]
fn malformed_values_are_named_by_their_argument() {
    let folder = Folder::new();
    let file = folder.file("act", "x");
    for (arguments, words) in [
        (["--cert", "zz"], ["--cert", ""]),
        (["--cert", ""], ["--cert", ""]),
        (["--box", "zz"], ["--box", "zz"]),
        (["--base-url", "not a url"], ["--base-url", "not a URL"]),
        (["--base-url", "diadoc.kontur.ru"], ["--base-url", "URL"]),
        (["--base-url", "https://h/path"], ["--base-url", "path"]),
        (
            ["--base-url", "http://example.org"],
            ["plain http", "example.org"],
        ),
        (
            ["--base-url", "ftp://127.0.0.1"],
            ["--base-url", "https://"],
        ),
    ] {
        let ended = Ended::of(podpis().args(["diadoc", "sign"]).args(arguments).arg(&file));
        ended.expect(2, &words);
    }
    let ended = Ended::of(
        podpis()
            .args(["diadoc", "sign"])
            .arg(&file)
            .env("DIADOC_BASE_URL", "http://example.org"),
    );
    ended.expect(2, &["DIADOC_BASE_URL", "plain http"]);
    let ended = Ended::of(
        podpis()
            .args(["diadoc", "sign", "--sandbox"])
            .arg(&file)
            .env("DIADOC_BOX", "zz"),
    );
    ended.expect(2, &["DIADOC_BOX"]);
    for filter in ["podpis=loudly", "podpis=", "podpis_core[operation]=debug"] {
        let ended = Ended::of(
            podpis()
                .args(["verify", "a", "b"])
                .env("PODPIS_LOG", filter),
        );
        ended.expect(2, &["PODPIS_LOG"]);
    }
}

#[test]
fn calls_that_are_not_understood_end_with_2_and_an_object() {
    for arguments in [
        vec!["--json"],
        vec!["--json", "diadoc", "sign"],
        vec!["--json", "diadoc", "sign", "--method", "fax", "x"],
        vec![
            "--json",
            "diadoc",
            "sign",
            "--sandbox",
            "--base-url",
            "x",
            "x",
        ],
        vec!["--json", "sandbox", "--phone", "loud"],
    ] {
        let ended = Ended::of(podpis().args(&arguments));
        assert_eq!(ended.code, 2, "{ended:?}");
        assert_eq!(ended.object()["error"]["kind"], "invalid_input");
    }
    // All of the sentence is told, however many lines it has for people.
    for (call, words) in [
        (
            "send x --to ifns:0087",
            "were not provided: --inn <INN> --ip <IP>",
        ),
        (
            "reply --ip 8.8.8",
            "invalid value '8.8.8' for '--ip <IP>': invalid IP address syntax",
        ),
        ("accounts --lang xx", "[possible values: "),
    ] {
        let call = ["extern", "--json"].into_iter().chain(call.split(' '));
        let ended = Ended::of(podpis().args(call));
        let message = ended.object()["error"]["message"].clone();
        assert!(message.as_str().unwrap().contains(words), "{ended:?}");
    }
    for arguments in ["--help", "--version"] {
        assert_eq!(Ended::of(podpis().arg(arguments)).code, 0);
    }
}

#[test]
fn yes_and_seeded_logins_are_for_sandboxes_only() {
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let sign = || {
        let mut command = podpis();
        command.args(["diadoc", "sign"]).arg(&file);
        command
    };
    Ended::of(&mut sign()).expect(
        2,
        &[
            "DIADOC_CLIENT_ID",
            "DIADOC_LOGIN",
            "DIADOC_PASSWORD",
            "DIADOC_TOKEN",
        ],
    );
    Ended::of(
        sign()
            .env("DIADOC_CLIENT_ID", "id")
            .env("DIADOC_LOGIN", "me"),
    )
    .expect(2, &["not set: DIADOC_PASSWORD.", "--sandbox"]);
    Ended::of(sign().arg("--yes").env("DIADOC_TOKEN", "token"))
        .expect(2, &["--yes", "https://diadoc-api.kontur.ru"]);
    assert_eq!(folder.names(), ["act"]);
}

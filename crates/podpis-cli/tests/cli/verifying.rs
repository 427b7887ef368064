//! `podpis verify`.
//!
//! **Invariant:** 0 only for the very file and only when that is proven; each way of being wrong has a sentence of its own,
//! and so has what was not checked.

use std::fs;
use std::path::Path;

use crate::bench::{Ended, Folder, Service, podpis};

fn verify(file: &Path, signature: &Path) -> assert_cmd::Command {
    let mut command = podpis();
    command.args(["verify", "--json"]).arg(file).arg(signature);
    command
}

fn pem(der: &Path) -> Vec<u8> {
    std::process::Command::new("openssl")
        .args(["pkcs7", "-inform", "DER", "-in"])
        .arg(der)
        .output()
        .unwrap()
        .stdout
}

#[test]
fn a_signature_is_told_from_what_is_not_one() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "content of an act\n");
    let other = folder.file("other", "content of an acT\n");
    assert_eq!(Ended::of(service.sign(&[&file]).arg("--yes")).code, 0);
    let signature = folder.path("act.p7s");
    let der = fs::read(&signature).unwrap();

    let ended = Ended::of(&mut verify(&file, &signature));
    assert_eq!(ended.code, 0, "{ended:?}");
    let object = ended.object();
    assert_eq!(
        (&object["proven"], &object["form"]),
        (&true.into(), &"der".into())
    );
    assert!(ended.stderr.contains("act: proven"), "{ended:?}");
    assert_eq!(
        object["certificate"],
        service.sandbox.world_info().diadoc.certificate
    );
    assert_eq!(
        object["checks"],
        serde_json::json!({"digest": "passed", "signer": "not-checked: not asked", "value": "passed"})
    );
    let signer = &object["signers"][0];
    assert!(signer["subject"].as_str().unwrap().contains("Иванова"));
    assert!(signer["signing_time"].as_str().unwrap().ends_with('Z'));
    assert!(ended.stderr.contains("Иванова"), "{ended:?}");
    assert!(ended.stderr.contains("not checked"), "{ended:?}");

    Ended::of(&mut verify(&other, &signature)).expect(1, &["act.p7s", "other", "not a signature"]);

    let mut spoiled = der.clone();
    *spoiled.last_mut().unwrap() ^= 1;
    let path = folder.file("spoiled.p7s", spoiled);
    Ended::of(&mut verify(&file, &path)).expect(1, &["spoiled.p7s", "value"]);

    let ended = Ended::of(&mut verify(&file, &path));
    let object = ended.object();
    assert_eq!(object["error"]["kind"], "signature");
    assert_eq!(object["signature"], path.to_str().unwrap());

    let path = folder.file("pem.p7s", pem(&signature));
    let ended = Ended::of(&mut verify(&file, &path));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.object()["form"], serde_json::json!(["pem"]));

    let cut = folder.file("cut.p7s", &der[..der.len() / 2]);
    Ended::of(&mut verify(&file, &cut)).expect(1, &["cut.p7s", "cut off"]);
    let empty = folder.file("empty.p7s", "");
    Ended::of(&mut verify(&file, &empty)).expect(1, &["empty.p7s", "empty"]);
    let base64 = folder.file(
        "base64.p7s",
        "MIIEAwYJKoZIhvcNAQcCoIID9DCCA/ACAQExDTALBglghkgBZQM=\n",
    );
    Ended::of(&mut verify(&file, &base64)).expect(1, &["base64.p7s", "cut off"]);
    // The two arguments in the wrong order.
    Ended::of(&mut verify(&signature, &file)).expect(1, &["act", "not a detached signature"]);
}

#[test]
fn paths_that_cannot_be_read_are_named() {
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let missing = folder.path("missing");
    Ended::of(&mut verify(&file, &missing)).expect(2, &["missing"]);
    Ended::of(&mut verify(&file, &folder.path(""))).expect(2, &["directory"]);
    let large = folder.file_of_size("large.p7s", 17 * 1024 * 1024);
    Ended::of(&mut verify(&file, &large)).expect(2, &["large.p7s", "larger"]);
}

//! `podpis diadoc certificates` and `organizations`.
//!
//! **Invariant:** they only read, and what they print is what the other commands take.

use podpis_sandbox::Fault;
use serde_json::Value;

use crate::bench::{Ended, Folder, Service, podpis};

fn kinds(method: &Value) -> Vec<&str> {
    let reasons = method["reasons"].as_array().unwrap();
    reasons
        .iter()
        .map(|reason| reason["kind"].as_str().unwrap())
        .collect()
}

#[test]
fn certificates_say_for_each_method_why_not() {
    let service = Service::quick();
    let seeded = service.sandbox.world_info().diadoc;
    let ended = Ended::of(service.diadoc("certificates").arg("--json"));
    assert_eq!(ended.code, 0, "{ended:?}");
    let listed = ended.objects();
    let expected: [(&str, &[&str], &[&str]); 9] = [
        ("dss", &[], &["wrong_type"]),
        ("dss-short", &[], &["wrong_type"]),
        ("dss-expired", &["expired"], &["wrong_type", "expired"]),
        (
            "dss-future",
            &["not_yet_valid"],
            &["wrong_type", "not_yet_valid"],
        ),
        (
            "dss-key-expired",
            &["key_expired"],
            &["wrong_type", "key_expired"],
        ),
        ("token", &["wrong_type"], &["wrong_type"]),
        ("goskey", &["wrong_type"], &["wrong_type"]),
        ("kontur", &["wrong_type"], &[]),
        ("kontur-expired", &["wrong_type", "expired"], &["expired"]),
    ];
    for (name, dss, cloud) in expected {
        let known = seeded.certificates.iter();
        let mut known = known.filter(|one| one.owner == 0 && one.name == name);
        let thumbprint = known.next().unwrap().thumbprint.as_str();
        let one = listed.iter().find(|one| one["certificate"] == thumbprint);
        let one = one.unwrap_or_else(|| panic!("{name}: {listed:?}"));
        assert_eq!(kinds(&one["methods"]["dss"]), dss, "{name}");
        assert_eq!(kinds(&one["methods"]["cloud"]), cloud, "{name}");
        assert_eq!(one["methods"]["dss"]["usable"], dss.is_empty(), "{name}");
        assert_eq!(one["usable"], dss.is_empty() || cloud.is_empty(), "{name}");
        // 40 upper-case digits: the form that the service takes.
        assert!(
            thumbprint.len() == 40 && !thumbprint.contains(|c: char| c.is_ascii_lowercase()),
            "{thumbprint}"
        );
    }
    let usable = listed
        .iter()
        .find(|one| one["methods"]["dss"]["usable"] == true);
    assert_eq!(usable.unwrap()["type"], "dss");
}

#[test]
fn certificates_are_shown_in_both_languages() {
    for (language, words) in [
        (
            "en",
            [
                "can sign with --method dss",
                "cannot sign with --method dss: its key is on a carrier",
            ],
        ),
        (
            "ru",
            [
                "может подписать: --method dss",
                "не может подписать, --method dss: ключ на носителе",
            ],
        ),
    ] {
        let command = ["diadoc", "certificates", "--sandbox", "--lang", language];
        let ended = Ended::of(podpis().args(command));
        assert_eq!(ended.code, 0, "{ended:?}");
        for words in words {
            assert!(ended.stdout.contains(words), "{words}: {ended:?}");
        }
    }
}

#[test]
fn a_listed_thumbprint_and_a_listed_box_are_taken() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let certificates = Ended::of(service.diadoc("certificates").arg("--json")).objects();
    let usable = certificates
        .iter()
        .find(|one| one["methods"]["dss"]["usable"] == true)
        .unwrap();
    let thumbprint = usable["certificate"].as_str().unwrap();
    let organizations = Ended::of(service.diadoc("organizations").arg("--json")).objects();
    let boxes = &organizations[0]["boxes"][0];
    for name in ["box", "address"] {
        let in_box = boxes[name].as_str().unwrap();
        let ended = Ended::of(
            service
                .dss_sign(&[&file])
                .args(["--yes", "--json", "--cert", thumbprint, "--box", in_box]),
        );
        assert_eq!(ended.object()["certificate"], thumbprint, "{ended:?}");
    }
}

#[test]
fn organizations_are_listed_and_nobody_is_registered() {
    let service = Service::quick();
    let seeded = service.sandbox.world_info().diadoc;
    let ended = Ended::of(service.diadoc("organizations").arg("--json"));
    assert_eq!(ended.code, 0, "{ended:?}");
    let listed = ended.objects();
    let own = &listed[0];
    assert_eq!(own["organization"], seeded.organization.id);
    assert_eq!(own["inn"], seeded.organization.inn);
    assert_eq!(own["kpp"], seeded.organization.kpp);
    let boxes = &own["boxes"][0];
    assert_eq!(boxes["box"], seeded.box_id);
    let address = boxes["address"].as_str().unwrap();
    assert!(address.ends_with("@diadoc.ru"), "{address}");

    let shown = Ended::of(&mut service.diadoc("organizations"));
    for words in [&*seeded.organization.inn, &*seeded.box_id, address] {
        assert!(shown.stdout.contains(words), "{words}: {shown:?}");
    }
    let command = ["diadoc", "organizations", "--sandbox", "--json"];
    assert_eq!(Ended::of(podpis().args(command)).code, 0);
}

#[test]
fn failures_are_told() {
    let service = Service::quick();
    let seeded = service.sandbox.world_info().diadoc;
    let ended =
        Ended::of(
            service
                .diadoc("certificates")
                .args(["--json", "--box", &seeded.other_box]),
        );
    assert_eq!(ended.code, 1, "{ended:?}");
    assert_eq!(ended.object()["error"]["kind"], "service");
    service
        .sandbox
        .inject(Fault::on("GetMyOrganizations").body("text/html", "<html>"));
    let ended = Ended::of(service.diadoc("organizations").arg("--json"));
    assert_eq!(
        ended.object()["error"]["kind"],
        "unreadable_answer",
        "{ended:?}"
    );
    let mut command = podpis();
    let ended = Ended::of(command.args(["diadoc", "organizations", "--lang", "ru"]));
    ended.expect(2, &["DIADOC_CLIENT_ID"]);
}

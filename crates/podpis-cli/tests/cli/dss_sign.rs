//! `podpis diadoc sign` by DssSign, which is the default.
//!
//! **Invariant:** the signer is asked once for all files, and what the service says about each of them is told.

use std::fs;
use std::time::Duration;

use podpis_sandbox::{DiadocOptions, Fault, PhoneMode, SignatureFault, WorldOptions};

use crate::bench::{Ended, Folder, Service, advised, openssl_accepts, podpis};
use crate::disguise::disguised;

/// A service whose signer confirms at once.
fn willing() -> Service {
    Service::start(WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO))
}

#[test]
fn the_embedded_sandbox_needs_nothing_else() {
    let folder = Folder::new();
    let file = folder.file("act.xml", "<act/>");
    let ended = Ended::of(
        podpis()
            .args(["diadoc", "sign", "--sandbox", "--yes"])
            .arg(&file),
    );
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.stdout, "");
    assert!(openssl_accepts(&file, &folder.path("act.xml.p7s")));
    assert_eq!(folder.names(), ["act.xml", "act.xml.p7s"]);
}

#[test]
fn only_a_certificate_that_somebody_named_is_told_as_asked_for() {
    let service = willing();
    let certificate = service.sandbox.world_info().diadoc.dss_certificate;
    for (named, is_told) in [(&[][..], false), (&["--cert", &certificate], true)] {
        let folder = Folder::new();
        let file = folder.file("act", "x");
        let ended = Ended::of(service.dss_sign(&[&file]).arg("--json").args(named));
        assert_eq!(ended.code, 0, "{ended:?}");
        assert_eq!(ended.object()["checks"]["signer"], "passed");
        let told = ended.stderr.contains("certificate asked for: passed");
        assert_eq!(told, is_told, "{ended:?}");
    }
}

#[test]
fn who_confirms_and_where_is_told_once_in_both_languages() {
    for (language, words) in [
        (
            "en",
            "to be confirmed in the myDSS app, phone …0001 (Kontur)",
        ),
        ("ru", "в приложении myDSS, телефон …0001 (Контур)"),
    ] {
        let thinking = WorldOptions::default().processing(Duration::from_millis(600));
        let service = Service::thinking(thinking);
        let folder = Folder::new();
        let file = folder.file("act", "x");
        let ended = Ended::of(
            service
                .dss_sign(&[&file])
                .args(["--yes", "--json", "--lang", language]),
        );
        assert_eq!(ended.code, 0, "{ended:?}");
        assert_eq!(ended.stderr.matches(words).count(), 1, "{ended:?}");
        let object = ended.object();
        let seeded = service.sandbox.world_info().diadoc;
        assert_eq!(object["certificate"], seeded.dss_certificate);
        assert_eq!(
            object["checks"],
            serde_json::json!({"digest": "passed", "signer": "passed", "value": "passed"})
        );
        let counters = service.sandbox.counters();
        assert_eq!((counters.pushes_sent, counters.sms_sent), (1, 0));
        assert!(service.listed().is_empty());
    }
}

#[test]
fn another_certificate_and_another_box_name_can_be_asked_for() {
    let service = willing();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let seeded = service.sandbox.world_info().diadoc;
    let short = seeded
        .certificates
        .iter()
        .find(|one| one.name == "dss-short");
    let short = short.unwrap().thumbprint.clone();
    let address = format!("{}@diadoc.ru", seeded.box_id.replace('-', ""));
    let ended = Ended::of(service.dss_sign(&[&file]).args([
        "--json",
        "--cert",
        &short.to_lowercase(),
        "--box",
        &address,
    ]));
    assert_eq!(ended.object()["certificate"], short, "{ended:?}");
    // Each seeded person has a certificate of their own.
    for user in &seeded.users {
        let ended = Ended::of(
            service
                .dss_sign(&[&file])
                .arg("--json")
                .env("DIADOC_LOGIN", &user.login),
        );
        let own = user.dss_certificate.as_deref().unwrap();
        assert_eq!(ended.object()["certificate"], own, "{ended:?}");
    }
}

#[test]
fn the_only_box_of_the_user_is_found_and_named() {
    let folder = Folder::new();
    let file = folder.file("act", "x");
    // Whatever is behind a proxy is not known to be a sandbox.
    let service = willing();
    let seeded = service.sandbox.world_info().diadoc;
    service
        .sandbox
        .inject(Fault::on("GetMyOrganizations").status(403));
    let found = |service: &Service| {
        let url = disguised(&service.sandbox);
        let mut command = service.podpis();
        command
            .args(["diadoc", "sign", "--json", "--base-url", &url])
            .arg(&file)
            .env("DIADOC_CLIENT_ID", &seeded.api_client_id)
            .env("DIADOC_LOGIN", &seeded.login)
            .env("DIADOC_PASSWORD", &seeded.password);
        Ended::of(&mut command)
    };
    let ended = found(&service);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert_eq!(service.calls("DssSign"), 0);
    service.sandbox.clear_faults();
    let ended = found(&service);
    assert_eq!(ended.code, 0, "{ended:?}");
    let line = format!("using the box {} of ", seeded.box_id);
    assert!(ended.stderr.contains(&line), "{ended:?}");
    assert!(openssl_accepts(&file, &folder.path("act.p7s")));
    // Several, or none, are not chosen from.
    for body in [Vec::new(), two_organizations()] {
        service.sandbox.clear_faults();
        service
            .sandbox
            .inject(Fault::on("GetMyOrganizations").body("application/octet-stream", body));
        let ended = found(&service);
        ended.expect(2, &["--box", "DIADOC_BOX", "podpis diadoc organizations"]);
    }
    assert_eq!(service.calls("DssSign"), 1);
}

fn two_organizations() -> Vec<u8> {
    use podpis::diadoc_proto::prost::Message as _;
    use podpis::diadoc_proto::{Box, Organization, OrganizationList};

    let organization = |number: u32| Organization {
        org_id: number.to_string(),
        inn: "6676130154".to_owned(),
        full_name: format!("Organization {number}"),
        boxes: vec![Box {
            box_id: String::new(),
            box_id_guid: format!("d0b3a6c2-1111-4c5e-9a57-0d1ad0c0000{number}"),
            title: "box".to_owned(),
            organization: None,
        }],
        ..Organization::default()
    };
    OrganizationList {
        organizations: vec![organization(1), organization(2)],
    }
    .encode_to_vec()
}

#[test]
fn a_file_that_is_not_signed_is_named_and_the_end_is_3() {
    let service = willing();
    let folder = Folder::new();
    let [one, two] = ["one", "two"].map(|name| folder.file(name, name));
    service
        .sandbox
        .inject(Fault::on("DssSign").file_unsigned(1, 2));
    let ended = Ended::of(service.dss_sign(&[&one, &two]).arg("--json"));
    assert_eq!(ended.code, 3, "{ended:?}");
    let objects = ended.objects();
    assert!(objects[0]["signature"].is_string());
    assert_eq!(objects[1]["file"], two.to_str().unwrap());
    assert_eq!(objects[1]["error"]["kind"], "not_signed");
    assert!(ended.stderr.contains("two: not signed"), "{ended:?}");
    assert!(openssl_accepts(&one, &folder.path("one.p7s")));
    assert_eq!(folder.names(), ["one", "one.p7s", "two"]);
    assert!(service.listed().is_empty());
}

#[test]
fn refusals_are_3_and_the_signer_is_not_asked_again() {
    for (status, refusal) in [
        (3, "cancelled-by-signer"),
        (4, "expired"),
        (5, "service-crashed"),
        (6, "another-operation-open"),
    ] {
        let service = Service::quick();
        let folder = Folder::new();
        let file = folder.file("act", "x");
        service
            .sandbox
            .inject(Fault::on("DssSign").operation_status(status));
        let ended = Ended::of(service.dss_sign(&[&file]).arg("--json"));
        ended.expect(3, &["there will be no signature"]);
        assert_eq!(ended.object()["error"]["refusal"], refusal, "{status}");
        assert_eq!(service.calls("DssSign"), 1);
        assert_eq!(folder.names(), ["act"]);
        assert!(service.listed().is_empty());
    }
}

#[test]
fn a_start_over_that_does_not_fit_is_left_to_the_person() {
    let options = WorldOptions::default()
        .diadoc_options(DiadocOptions::default().retries_required(1))
        .phone(PhoneMode::Confirm, Duration::ZERO);
    let service = Service::start(options);
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let ended = Ended::of(
        service
            .dss_sign(&[&file])
            .args(["--json", "--timeout", "2"]),
    );
    ended.expect(3, &["start over later"]);
    let error = &ended.object()["error"];
    assert_eq!(error["refusal"], "must-start-over");
    let again = advised(&ended.stderr, "start-over");
    let listed = service.listed();
    assert_eq!(listed[0]["operation"], again[2].as_str());
    assert_eq!(
        (&listed[0]["state"], &listed[0]["next"]),
        (&"refused".into(), &"look".into())
    );
    // Too early, also for a program.
    let early = Ended::of(service.podpis().args(&again).arg("--json"));
    early.expect(2, &["not before"]);
    // Going on with it asks for nothing and loses nothing.
    let resumed = service.ops(&["resume", "--all"]);
    assert_eq!(resumed.code, 3, "{resumed:?}");
    assert_eq!(service.listed().len(), 1);
    assert_eq!(service.calls("DssSign"), 1);
    assert_eq!(folder.names(), ["act"]);
}

#[cfg(unix)]
#[test]
fn the_pause_before_a_start_over_can_be_interrupted() {
    use crate::interrupted::{heard, interrupt};

    let options =
        WorldOptions::default().diadoc_options(DiadocOptions::default().retries_required(1));
    let service = Service::start(options);
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let mut child = service
        .podpis_with_pipes()
        .args(["diadoc", "sign", "--json", "--base-url", &service.url])
        .arg(&file)
        .spawn()
        .unwrap();
    let said = heard(&mut child, "(1 of 3)");
    assert!(said.contains("start over later"), "{said}");
    let ended = interrupt(child);
    ended.expect(3, &["start over later"]);
    assert_eq!(advised(&ended.stderr, "start-over")[0], "ops");
    assert_eq!(service.calls("DssSign"), 1);
}

#[test]
fn what_is_left_open_is_resumed_without_the_file() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let ended = Ended::of(
        service
            .dss_sign(&[&file])
            .args(["--json", "--timeout", "0"]),
    );
    ended.expect(4, &[]);
    let error = &ended.object()["error"];
    assert_eq!(error["kind"], "deadline");
    let resume = advised(&ended.stderr, "resume");
    let listed = service.listed();
    assert_eq!(listed[0]["kind"], "diadoc.dss-sign");
    assert_eq!(listed[0]["state"], "processing");
    let seeded = service.sandbox.world_info().diadoc;
    assert_eq!(listed[0]["place"], seeded.box_id);
    let shown = service.ops(&["show", &resume[2]]);
    assert!(shown.stdout.contains("act.p7s"), "{shown:?}");
    assert!(shown.stdout.contains("podpis ops resume"), "{shown:?}");
    // Nothing is asked twice.
    let again = service.ops(&["start-over", &resume[2]]);
    again.expect(2, &["asks the person twice"]);

    let content = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let ended = Ended::of(service.podpis().args(&resume).args(["--yes", "--json"]));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(
        ended.stderr.contains("confirmed in the myDSS app"),
        "{ended:?}"
    );
    fs::write(&file, content).unwrap();
    assert!(openssl_accepts(&file, &folder.path("act.p7s")));
    assert_eq!(service.calls("DssSign"), 1);
    assert!(service.listed().is_empty());
}

#[test]
fn a_lost_start_is_started_over_by_the_same_method_and_certificate() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let seeded = service.sandbox.world_info().diadoc;
    let short = seeded
        .certificates
        .iter()
        .find(|one| one.name == "dss-short");
    let short = short.unwrap().thumbprint.clone();
    service.sandbox.inject(Fault::on("DssSign").drop_after());
    let ended = Ended::of(service.dss_sign(&[&file]).args(["--cert", &short]));
    ended.expect(4, &[]);
    service.sandbox.clear_faults();
    let again = advised(&ended.stderr, "start-over");
    // The signer declines what nobody waits for.
    let asked = service.sandbox.messages()[0].operation.clone();
    service.sandbox.decline(&asked).unwrap();
    let ended = Ended::of(service.podpis().args(&again).args(["--yes", "--json"]));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.object()["certificate"], short);
    assert!(openssl_accepts(&file, &folder.path("act.p7s")));
    assert_eq!(service.calls("DssSign"), 2);
    assert_eq!(service.calls("CloudSign"), 0);
    assert!(service.listed().is_empty());
}

#[test]
fn a_signature_of_something_else_is_never_written() {
    for fault in [SignatureFault::Forge, SignatureFault::OtherSigner] {
        let service = willing();
        let folder = Folder::new();
        let file = folder.file("act.xml", "x");
        service
            .sandbox
            .inject(Fault::on("DssSignResult").signatures(fault));
        let ended = Ended::of(service.dss_sign(&[&file]).arg("--json"));
        ended.expect(4, &["act.xml"]);
        assert_eq!(ended.object()["error"]["kind"], "signature");
        assert_eq!(folder.names(), ["act.xml"], "{fault:?}");
    }
}

#[test]
fn mistakes_are_named_before_anybody_is_asked() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let missing = folder.path("missing.xml");
    let seeded = service.sandbox.world_info().diadoc;
    let run = |files: &[&std::path::Path], arguments: &[&str]| {
        Ended::of(service.dss_sign(files).args(arguments).arg("--json"))
    };
    run(&[&file, &missing], &["--yes"]).expect(2, &["missing.xml"]);
    run(&[&file], &["--cert", "zz"]).expect(2, &["--cert"]);
    run(&[&file], &["--box", "zz"]).expect(2, &["--box", "zz"]);
    // A box of somebody else, and a certificate that is not the user's.
    let strange = run(&[&file], &["--box", &seeded.other_box]);
    strange.expect(1, &[]);
    assert_eq!(strange.object()["error"]["kind"], "service", "{strange:?}");
    let unknown = "0".repeat(40);
    let strange = run(&[&file], &["--cert", &unknown]);
    assert_eq!(strange.code, 1, "{strange:?}");
    assert_eq!(service.sandbox.counters().operations_started, 0);
    assert!(service.listed().is_empty());
}

//! Operations that the service does not know any more, and those that the journal does not.
//!
//! **Invariant:** the way out is told with the failure: starting over or forgetting, each by one command that works; nothing
//! leads back to where it came from.

use std::time::Duration;

use podpis_sandbox::{Fault, PhoneMode, WorldOptions};

use crate::bench::{Ended, Folder, Service, advised};

/// Ways to begin something that goes on at the service.
const WAYS: [&[&str]; 7] = [
    &["diadoc", "sign", "--method", "cloud", "act"],
    &["diadoc", "sign", "act"],
    &["diadoc", "attach"],
    &["diadoc", "auto-sign-receipts"],
    &["extern", "sign-draft"],
    &["extern", "sign-reply"],
    &["extern", "decrypt"],
];

/// Begins it and leaves it; gives the id.
fn begun(service: &Service, folder: &Folder, command: &[&str]) -> String {
    folder.file("act", "x");
    let mut podpis = service.podpis();
    podpis.current_dir(folder.root()).args(command);
    podpis.args(["--base-url", &service.url, "--no-wait", "--json"]);
    let ended = Ended::of(&mut podpis);
    assert_eq!(ended.code, 4, "{ended:?}");
    ended.object()["operation"].as_str().unwrap().to_owned()
}

#[test]
fn what_the_service_has_forgotten_is_started_over_or_forgotten_in_one_step() {
    for way in WAYS {
        for is_started_over in [true, false] {
            let willing = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
            let (service, folder) = (Service::start(willing), Folder::new());
            let id = begun(&service, &folder, way);
            service.sandbox.reset();
            let ended = service.ops(&["resume", &id, "--json"]);
            ended.expect(4, &["does not know", &id]);
            assert!(!ended.stderr.contains("ops resume"), "{way:?}: {ended:?}");
            // Going on with all together says the same.
            let together = service.ops(&["resume", "--all", "--json"]);
            together.expect(4, &["does not know", &id]);
            assert!(!together.stderr.contains("ops resume"), "{together:?}");

            let (command, more) = match is_started_over {
                true => ("start-over", &["--yes"][..]),
                false => ("abandon", &[][..]),
            };
            let advice = advised(&ended.stderr, command);
            assert_eq!(advice, ["ops", command, id.as_str()]);
            assert_eq!(service.listed()[0]["gone"], true, "{way:?}");
            let followed = Ended::of(service.podpis().args(advice).args(more));
            assert_eq!(followed.code, 0, "{way:?}: {followed:?}");
            assert!(service.listed().is_empty(), "{way:?}");
        }
    }
}

#[test]
fn a_start_without_a_trace_is_started_over_or_forgotten_in_one_step() {
    for (way, endpoint) in [
        (WAYS[0], "CloudSign"),
        (WAYS[1], "DssSign"),
        (WAYS[2], "DssSign"),
        (WAYS[3], "AutoSignReceipts"),
        (WAYS[4], "DraftCloudSign"),
        (WAYS[5], "ReplyCloudSign"),
        (WAYS[6], "DecryptContent"),
    ] {
        for command in ["start-over", "abandon"] {
            let willing = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
            let (service, folder) = (Service::start(willing), Folder::new());
            folder.file("act", "x");
            service.sandbox.inject(Fault::on(endpoint).drop_before());
            let mut podpis = service.podpis();
            podpis.current_dir(folder.root()).args(way);
            let lost = Ended::of(podpis.args(["--base-url", &service.url, "--yes"]));
            lost.expect(4, &[]);
            service.sandbox.clear_faults();
            let id = advised(&lost.stderr, command)[2].clone();
            let resumed = service.ops(&["resume", &id]);
            resumed.expect(4, &[]);
            assert!(
                !resumed.stderr.contains("ops resume"),
                "{way:?}: {resumed:?}"
            );
            let advice = advised(&resumed.stderr, command);
            let more = ["--yes"].into_iter().filter(|_| command == "start-over");
            let followed = Ended::of(service.podpis().args(advice).args(more));
            assert_eq!(followed.code, 0, "{way:?}: {followed:?}");
            assert!(service.listed().is_empty(), "{way:?}");
        }
    }
}

#[test]
fn that_it_is_gone_is_told_likewise() {
    let (service, folder) = (Service::quick(), Folder::new());
    let id = begun(&service, &folder, WAYS[1]);
    service
        .sandbox
        .inject(Fault::on("DssSignResult").status(410));
    let ended = service.ops(&["resume", &id]);
    ended.expect(4, &["does not know", &id]);
    assert_eq!(advised(&ended.stderr, "abandon")[2], id);
}

#[test]
fn a_code_for_what_the_service_has_forgotten_is_told_likewise() {
    let (service, folder) = (Service::quick(), Folder::new());
    let id = service.left_at_the_code(&folder.file("act", "x"));
    service.sandbox.reset();
    let mut resume = service.podpis();
    resume.args(["ops", "resume", &id, "--json"]);
    let ended = Ended::of(resume.write_stdin("123456\n"));
    ended.expect(4, &["does not know", &id]);
    let start_over = advised(&ended.stderr, "start-over");
    let over = Ended::of(service.podpis().args(start_over).arg("--yes"));
    assert_eq!(over.code, 0, "{over:?}");
    assert!(service.listed().is_empty());
}

#[test]
fn a_page_of_a_proxy_says_nothing_of_the_operation() {
    let (service, folder) = (Service::quick(), Folder::new());
    let id = begun(&service, &folder, WAYS[1]);
    let page = Fault::on("DssSignResult")
        .status(404)
        .body("text/html", "<html></html>");
    service.sandbox.inject(page);
    let ended = service.ops(&["resume", &id, "--timeout", "0"]);
    assert_eq!(ended.code, 4, "{ended:?}");
    assert_eq!(advised(&ended.stderr, "resume")[2], id);
}

#[test]
fn what_has_finished_already_is_told_with_its_outcome() {
    let (service, folder) = (Service::quick(), Folder::new());
    let [done, refused] =
        ["done", "refused"].map(|name| service.left_at_the_code(&folder.file(name, name)));
    assert_eq!(service.ops(&["resume", &done, "--yes"]).code, 0);
    let mut resume = service.podpis();
    resume.args(["ops", "resume", &refused, "--code-attempts", "1"]);
    assert_eq!(Ended::of(resume.write_stdin("000000\n")).code, 3);

    let requests = service.sandbox.requests().len();
    for (id, code) in [(&done, 0), (&refused, 3)] {
        for named in [id.as_str(), &id[..12]] {
            for command in ["resume", "show"] {
                let again = service.ops(&[command, named, "--json"]);
                assert_eq!(again.code, code, "{again:?}");
                let told = again.object();
                assert_eq!(
                    (&told["finished"], &told["exit"]),
                    (&true.into(), &code.into())
                );
                let russian = service.ops(&[command, named, "--lang", "ru"]);
                let told = russian.stdout + &russian.stderr;
                assert!(told.contains("уже закончена"), "{told}");
            }
        }
        for command in ["start-over", "abandon"] {
            service
                .ops(&[command, id])
                .expect(1, &["has finished already", id]);
        }
    }
    let both = service.ops(&["resume", &done, &refused]);
    assert_eq!(both.code, 3, "{both:?}");
    assert_eq!(
        both.stderr.matches("has finished already").count(),
        2,
        "{both:?}"
    );
    assert_eq!(service.sandbox.requests().len(), requests);
}

#[test]
fn what_has_finished_and_was_not_fetched_is_handed_out_and_told() {
    let (service, folder) = (Service::quick(), Folder::new());
    let file = folder.file("act", "x");
    let ended = service.sign_with_input(&[], &[&file], |code| {
        std::fs::create_dir(folder.path("act.p7s")).unwrap();
        format!("{code}\n").into_bytes()
    });
    let mut resume = advised(&ended.stderr, "resume");
    std::fs::remove_dir(folder.path("act.p7s")).unwrap();
    // The signature has its place again.
    assert_eq!(resume.split_off(3), ["--out", "."]);
    for _ in 0..2 {
        let ended = Ended::of(service.podpis().args(&resume));
        assert_eq!(ended.code, 0, "{ended:?}");
        assert!(
            ended.stderr.contains("has finished already: done"),
            "{ended:?}"
        );
        assert!(folder.path("act.p7s").exists());
    }
}

#[test]
fn what_was_started_over_leads_to_what_is_in_its_place() {
    let (service, folder) = (Service::quick(), Folder::new());
    let id = service.left_at_the_code(&folder.file("act", "x"));
    let over = service.ops(&["start-over", &id, "--even-if-open", "--no-wait"]);
    assert_eq!(over.code, 4, "{over:?}");
    let next = service.listed()[0]["operation"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_ne!(next, id);
    for command in ["show", "resume", "start-over", "abandon"] {
        let ended = service.ops(&[command, &id]);
        ended.expect(1, &[&id, "was started over", &next]);
        assert_eq!(advised(&ended.stderr, "resume")[2], next, "{ended:?}");
    }
}

#[test]
fn what_was_pruned_or_never_known_is_a_clear_error() {
    let (service, folder) = (Service::quick(), Folder::new());
    let file = folder.file("act", "x");
    let ended = service.sign_with_input(&["--json"], &[&file], |code| {
        std::fs::create_dir(folder.path("act.p7s")).unwrap();
        format!("{code}\n").into_bytes()
    });
    let pruned = ended.object()["error"]["operation"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(service.ops(&["prune", "--older-than", "0s"]).code, 0);
    let elsewhere = folder.path("another journal");
    let journal = elsewhere.to_str().unwrap();
    for id in [&pruned, "never-there"] {
        for command in ["resume", "show", "start-over", "abandon"] {
            let ended = service.ops(&[command, id, "--json"]);
            ended.expect(1, &["there is no operation", id, "podpis ops list"]);
            assert_eq!(ended.object()["error"]["kind"], "no_operation", "{ended:?}");
        }
        let there = service.ops(&["show", id, "--journal", journal]);
        there.expect(1, &["podpis ops list --journal '", journal]);
    }
}

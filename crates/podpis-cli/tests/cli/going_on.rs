//! What the person is told when an operation is gone on with and stays open.
//!
//! **Invariant:** the last words are the command that goes on, and it works when it is copied; where several operations go on
//! together, every line about one of them names it.

use std::fs;

use podpis_sandbox::Fault;

use crate::bench::{Ended, Folder, Service, advised, openssl_accepts, podpis};

#[test]
fn a_folder_that_cannot_be_used_leads_to_another_one() {
    for is_noted in [true, false] {
        let (service, folder) = (Service::quick(), Folder::new());
        let file = folder.file("in/act", "x");
        let id = service.left_at_the_code(&file);
        let (here, kept) = (folder.path("here"), folder.file("kept", "x"));
        fs::create_dir(&here).unwrap();
        let mut arguments = vec!["resume", &id, "--yes"];
        if is_noted {
            fs::remove_dir_all(folder.path("in")).unwrap();
        } else {
            arguments.extend(["--out", kept.to_str().unwrap()]);
        }
        let ended = service.ops(&arguments);
        assert_eq!(ended.code, 2, "{ended:?}");
        if !is_noted {
            ended.expect(2, &["is a file, and a folder is needed"]);
        }
        let last = ended.stderr.lines().last().unwrap();
        assert!(last.contains("podpis ops resume"), "{ended:?}");
        let advice = advised(&ended.stderr, "resume");
        let mut resume = service.podpis();
        let resumed = Ended::of(resume.current_dir(&here).args(advice).arg("--yes"));
        assert_eq!(resumed.code, 0, "{resumed:?}");
        assert!(openssl_accepts(&kept, &here.join("act.p7s")));
    }
}

#[test]
fn a_folder_that_became_a_file_is_told_and_led_away_from_at_once() {
    let (service, folder) = (Service::quick(), Folder::new());
    let (file, out) = (folder.file("act", "x"), folder.path("out"));
    let here = folder.path("here");
    fs::create_dir(&here).unwrap();
    let to_out = ["--out", out.to_str().unwrap()];
    let ended = service.sign_with_input(&to_out, &[&file], |code| {
        fs::remove_dir(&out).unwrap();
        fs::write(&out, "in its place").unwrap();
        format!("{code}\n").into_bytes()
    });
    ended.expect(4, &["act.p7s was not written", "out is a file"]);
    let resumed = |ended: &Ended| {
        let advice = advised(&ended.stderr, "resume");
        let mut resume = service.podpis();
        resume.current_dir(&here).args(advice).arg("--yes");
        let resumed = Ended::of(&mut resume);
        assert_eq!(resumed.code, 0, "{resumed:?}");
        assert!(openssl_accepts(&file, &here.join("act.p7s")));
    };
    resumed(&ended);
    fs::remove_file(here.join("act.p7s")).unwrap();
    fs::remove_file(&out).unwrap();

    let left = Ended::of(service.sign(&[&file]).args(to_out).arg("--no-wait"));
    assert_eq!(left.code, 4, "{left:?}");
    fs::remove_dir(&out).unwrap();
    fs::write(&out, "in its place").unwrap();
    let again = Ended::of(&mut service.sign(&[&file]));
    again.expect(4, &["was begun before"]);
    resumed(&again);
}

/// The journal, the address and the id of an operation whose service is gone.
fn left_behind() -> (Folder, String, String) {
    let (service, folder) = (Service::quick(), Folder::new());
    let id = service.left_at_the_code(&folder.file("act", "x"));
    (service.journal, service.url, id)
}

#[test]
fn a_service_that_does_not_answer_leads_back_to_resume() {
    let (journal, url, id) = left_behind();
    for at in [&[][..], &["--base-url", &url]] {
        let mut command = podpis();
        command.env("PODPIS_JOURNAL", journal.root());
        command.args(["ops", "resume", &id, "--yes"]).args(at);
        let ended = Ended::of(&mut command);
        assert_ne!(ended.code, 0, "{ended:?}");
        let last = ended.stderr.lines().last().unwrap();
        let resume = format!("podpis ops resume {id}");
        assert!(last.contains(&resume), "{ended:?}");
    }
}

#[test]
fn each_line_about_one_of_several_names_it_and_the_first_says_what_it_is() {
    let (service, folder) = (Service::quick(), Folder::new());
    let begin = |command: &str, more: &[&str]| {
        let mut podpis = service.podpis();
        podpis.current_dir(folder.root()).args(command.split(' '));
        podpis.args(["--base-url", &service.url, "--no-wait", "--json"]);
        let ended = Ended::of(podpis.args(more));
        assert_eq!(ended.code, 4, "{ended:?}");
        ended.object()["operation"].as_str().unwrap().to_owned()
    };
    folder.file("act", "act");
    folder.file("bill", "bill");
    folder.file("report.xml", "<report/>");
    folder.file("gone/file", "gone");
    let ids = [
        begin("diadoc sign act", &[]),
        begin("diadoc sign bill", &["--method", "cloud"]),
        begin("diadoc sign gone/file", &["--method", "cloud"]),
        begin("extern sign-draft", &[]),
        begin("extern send report.xml", &[]),
    ];
    fs::remove_dir_all(folder.path("gone")).unwrap();
    let ended = service.ops(&["resume", "--all", "--yes"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    for line in ended.stderr.lines() {
        let is_named = ids.iter().any(|id| line.contains(id.as_str()));
        assert!(
            is_named || line.starts_with("using the sandbox"),
            "{line}: {ended:?}"
        );
    }
    for id in &ids {
        let mut about = ended.stderr.lines().filter(|line| line.contains(&**id));
        let first = about.next().unwrap();
        assert!(first.starts_with(&format!("operation {id}: ")), "{first}");
        let last = about.next_back().unwrap();
        assert!(last.starts_with("outcome of"), "{last}");
    }
    // They have ended just now.
    assert!(!ended.stderr.contains("finished already"), "{ended:?}");
    assert!(!ended.stderr.contains(" left"), "{ended:?}");
}

#[test]
fn a_line_that_is_no_code_is_followed_by_the_next_one() {
    let bad: [&[u8]; 5] = [b"\n", b"the code\n", b"\xff\xfe\n", &[b'7'; 3_000], b"12\n"];
    for line in bad {
        let (service, folder) = (Service::quick(), Folder::new());
        let file = folder.file("act", "x");
        let id = service.left_at_the_code(&file);
        let code = service.sandbox.last_code().unwrap();
        let mut input = line.to_vec();
        if !input.ends_with(b"\n") {
            input.push(b'\n');
        }
        input.extend(format!("{code}\n").bytes());
        let mut resume = service.podpis();
        let resumed = Ended::of(resume.args(["ops", "resume", &id]).write_stdin(input));
        assert_eq!(resumed.code, 0, "{resumed:?}");
        assert_eq!(service.calls("CloudSignConfirm"), 1);
        assert!(openssl_accepts(&file, &folder.path("act.p7s")));
    }
}

#[test]
fn no_more_lines_are_read_than_codes_may_be_tried() {
    let (service, folder) = (Service::quick(), Folder::new());
    let id = service.left_at_the_code(&folder.file("act", "x"));
    let code = service.sandbox.last_code().unwrap();
    let mut resume = service.podpis();
    resume.args(["ops", "resume", &id, "--code-attempts", "2"]);
    let ended = Ended::of(resume.write_stdin(format!("no\nno\n{code}\n")));
    ended.expect(4, &["that is no code"]);
    assert_eq!(service.calls("CloudSignConfirm"), 0);
    assert_eq!(advised(&ended.stderr, "resume")[2], id);
}

#[test]
fn what_is_known_to_be_gone_is_told_until_the_service_says_otherwise() {
    let (service, folder) = (Service::quick(), Folder::new());
    let file = folder.file("act", "x");
    let begun = Ended::of(service.dss_sign(&[&file]).args(["--no-wait", "--json"]));
    let id = begun.object()["operation"].as_str().unwrap().to_owned();
    assert_eq!(service.listed()[0]["gone"], false);
    let gone = Fault::on("DssSignResult").status(404);
    service.sandbox.inject(gone);
    service
        .ops(&["resume", &id])
        .expect(4, &["does not know", &id]);
    service.sandbox.clear_faults();
    // What says nothing of it changes nothing of that.
    service
        .sandbox
        .inject(Fault::on("DssSignResult").status(403));
    let failed = service.ops(&["resume", &id]);
    failed.expect(4, &["403"]);
    for word in ["still open", "ops resume"] {
        assert!(!failed.stderr.contains(word), "{failed:?}");
    }
    assert!(failed.stderr.contains("ops start-over"), "{failed:?}");
    service.sandbox.clear_faults();

    let listed = &service.listed()[0];
    assert_eq!(
        (&listed["gone"], &listed["next"]),
        (&true.into(), &"look".into())
    );
    let list = service.ops(&["list"]);
    assert!(list.stdout.contains("unknown to the service"), "{list:?}");
    let shown = service.ops(&["show", &id]);
    assert!(shown.stdout.contains("unknown to the service"), "{shown:?}");
    assert!(!shown.stdout.contains("ops resume"), "{shown:?}");
    let again = Ended::of(service.sign(&[&file]).arg("--json"));
    again.expect(4, &[&id]);
    assert!(!again.stderr.contains("ops resume"), "{again:?}");
    for told in [&shown.stdout, &again.stderr] {
        let advice = advised(told, "start-over");
        assert_eq!(advice, ["ops", "start-over", id.as_str()]);
    }

    // Whoever asks again may find that it is known.
    let asked = service.ops(&["resume", &id, "--timeout", "0"]);
    assert_eq!(asked.code, 4, "{asked:?}");
    assert_eq!(service.listed()[0]["gone"], false);
    service
        .ops(&["start-over", &id])
        .expect(2, &["asks the person twice"]);
}

#[test]
fn an_id_is_taken_in_any_case() {
    let (service, folder) = (Service::quick(), Folder::new());
    let id = service.left_at_the_code(&folder.file("act", "x"));
    let upper = id.to_uppercase();
    for named in [&*upper, &upper[..12]] {
        let shown = service.ops(&["show", named, "--json"]);
        assert_eq!(shown.code, 0, "{shown:?}");
        assert_eq!(shown.object()["operation"], *id);
    }
    let resumed = service.ops(&["resume", &upper, "--yes"]);
    assert_eq!(resumed.code, 0, "{resumed:?}");
    let again = service.ops(&["abandon", &upper]);
    again.expect(1, &["finished already", &id]);
}

//! How the code comes by standard input.
//!
//! **Invariant:** one line is one code, and the person is never sent a second SMS.

use std::time::Duration;

use podpis_sandbox::{
    ConfirmErrors, ExternEncryptedDocumentInfo, ExternPlace, ExternReplyInfo, Fault, PhoneMode,
    WorldOptions,
};

use crate::bench::{Ended, Folder, Service, advised, openssl_accepts, until};

#[test]
fn a_wrong_code_is_followed_by_the_next_line() {
    for errors in [ConfirmErrors::OnConfirm, ConfirmErrors::OnResult] {
        let service = Service::start(WorldOptions::default().confirm_errors(errors));
        let folder = Folder::new();
        let file = folder.file("act", "x");
        let ended = service.sign_with_input(&[], &[&file], |code| {
            format!("000\r\n{code}\r\n").into_bytes()
        });
        assert_eq!(ended.code, 0, "{ended:?}");
        assert!(ended.stderr.contains("attempt 2 of 3"), "{ended:?}");
        assert_eq!(service.sandbox.counters().sms_sent, 1);
        assert_eq!(service.calls("CloudSign"), 1);
        assert_eq!(service.calls("CloudSignConfirm"), 2);
    }
}

/// As messages, clipboards and consoles spell it. The service takes the bare code only.
#[test]
fn a_code_confirms_at_the_first_try_in_eight_spellings() {
    let service = Service::quick();
    let folder = Folder::new();
    let spellings: [fn(&str, &str) -> String; 8] = [
        |first, last| format!("{first} {last}"),
        |first, last| format!("{first}-{last}"),
        |first, last| format!("{first}\u{2013}{last}"),
        |first, last| format!("\u{a0}{first}\u{202f}{last}\t"),
        |first, last| format!("\u{feff}{first}{last}"),
        |first, last| format!("\u{200e}{first}{last}\u{200f}"),
        |first, last| format!("\u{202a}{first}\u{2011}{last}\u{202c}"),
        |first, last| format!("  {first}\u{2212}{last}\r"),
    ];
    for (at, spelled) in spellings.into_iter().enumerate() {
        let file = folder.file(&format!("act-{at}"), "x");
        let ended = service.sign_with_input(&["--code-attempts", "1"], &[&file], |code| {
            let (first, last) = code.split_at(code.len() / 2);
            format!("{}\n", spelled(first, last)).into_bytes()
        });
        assert_eq!(ended.code, 0, "{at}: {ended:?}");
        service.sandbox.reset();
    }
    assert_eq!(folder.names().len(), 16);
}

/// Who has to answer is told what is waited for, how long, and where the phone is.
#[test]
fn the_wait_is_told_with_operation_file_time_and_phone() {
    let service = Service::quick();
    let folder = Folder::new();
    let file = folder.file("act.xml", "x");
    let other = folder.file("list.xml", "y");
    let ended = service.sign_with_input(&["--json"], &[&file, &other], |code| {
        format!("{code}\n").into_bytes()
    });
    let operation = ended.objects()[0]["operation"].clone();
    let waits = format!("operation {} (act.xml + 1): ", operation.as_str().unwrap());
    let phone = format!("the virtual phone: {}/phone", service.url);
    for line in [waits, phone] {
        let told = ended.stderr.lines().filter(|told| told.starts_with(&line));
        assert_eq!(told.count(), 1, "{line}: {ended:?}");
    }
    let by_itself = Ended::of(service.sign(&[&folder.file("b", "b")]).arg("--yes"));
    assert!(!by_itself.stderr.contains("/phone"), "{by_itself:?}");
}

#[test]
fn input_that_is_no_code_leaves_the_operation_open() {
    let too_long = [b"7".repeat(5_000), b"\n".to_vec()].concat();
    for (input, words) in [
        (b"".to_vec(), "ended without a code"),
        (b"\n".to_vec(), "that is no code"),
        (b"  \r\n".to_vec(), "that is no code"),
        (b"the code is 123456\n".to_vec(), "that is no code"),
        (b"12\n".to_vec(), "that is no code"),
        ("код\n".into(), "that is no code"),
        (b"\xff\xfe\n".to_vec(), "not UTF-8"),
        (too_long, "too long"),
    ] {
        let service = Service::quick();
        let folder = Folder::new();
        let file = folder.file("act", "x");
        let ended = service.sign_with_input(&["--json"], &[&file], |_| input);
        ended.expect(4, &[words]);
        let error = &ended.object()["error"];
        assert_eq!(error["kind"], "prompt");
        let operation = error["operation"].as_str().unwrap();
        let resume = advised(&ended.stderr, "resume");
        assert_eq!(resume[2], operation);
        assert_eq!(service.calls("CloudSignConfirm"), 0);
        assert_eq!(folder.names(), ["act"]);
    }
}

#[test]
fn the_time_for_an_answer_is_limited() {
    let silent = WorldOptions::default().phone(PhoneMode::Silent, Duration::ZERO);
    let service = Service::start(silent);
    let folder = Folder::new();
    let file = folder.file("act", "x");
    let ended = Ended::of(
        service
            .sign(&[&file])
            .args(["--yes", "--timeout", "0", "--json"]),
    );
    ended.expect(4, &[]);
    assert_eq!(ended.object()["error"]["kind"], "deadline");
}

#[test]
fn yes_takes_the_code_of_the_operation_whichever_sms_is_the_newest() {
    let service = Service::start(WorldOptions::default().code_attempts(1));
    let folder = Folder::new();
    let first = service.left_at_the_code(&folder.file("first", "x"));
    let second = service.left_at_the_code(&folder.file("second", "y"));
    for id in [first, second] {
        let ended = service.ops(&["resume", &id, "--yes", "--code-attempts", "1"]);
        assert_eq!(ended.code, 0, "{ended:?}");
    }
    assert_eq!(service.calls("CloudSignConfirm"), 2);
}

#[test]
fn an_sms_that_is_of_no_use_any_more_is_answered_by_the_service() {
    let service = Service::quick();
    let folder = Folder::new();
    let id = service.left_at_the_code(&folder.file("act", "x"));
    let message = service.sandbox.messages().pop().unwrap();
    service.sandbox.decline(&message.operation).unwrap();
    let ended = service.ops(&["resume", &id, "--yes", "--json"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    assert_eq!(ended.object()["error"]["refusal"], "expired");
}

/// What starts twelve operations, each with an SMS of its own: of Diadoc and of Extern by turns.
fn twelve(service: &Service, folder: &Folder) -> Vec<Vec<String>> {
    let world = service.sandbox.world_info().extern_;
    let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
    let place = |command: &str, place: &ExternPlace| {
        let mut arguments = words(&["extern", command]);
        arguments.extend(words(&["--docflow", &place.docflow]));
        arguments.extend(words(&["--document", &place.document]));
        if let (Some(related), Some(inventory)) = (&place.related_document, &place.inventory) {
            arguments.extend(words(&["--related-document", related]));
            arguments.extend(words(&["--inventory", inventory]));
        }
        arguments
    };
    let decrypt = |document: &ExternEncryptedDocumentInfo| {
        let mut arguments = place("decrypt", &document.place);
        arguments.extend(words(&["--cert", &document.certificate]));
        arguments
    };
    let reply = |reply: &ExternReplyInfo| {
        let mut arguments = place("sign-reply", &reply.place);
        arguments.extend(words(&["--reply", &reply.sms]));
        arguments
    };
    let of_extern = [
        words(&["extern", "sign-draft", "--draft", &world.drafts.sms.id]),
        decrypt(&world.encrypted.sms),
        decrypt(&world.encrypted.sms_gzip),
        reply(&world.replies.fns_receipt),
        reply(&world.replies.fns_demand),
        reply(&world.replies.rosstat_receipt),
    ];
    let of_extern = of_extern.into_iter().enumerate();
    of_extern
        .flat_map(|(at, mut of_extern)| {
            let name = format!("act-{at}");
            let file = folder.file(&name, &name);
            let file = file.to_str().unwrap();
            of_extern.extend(words(&["--out", folder.root().to_str().unwrap()]));
            [
                words(&["diadoc", "sign", "--method", "cloud", file]),
                of_extern,
            ]
        })
        .collect()
}

#[test]
fn yes_gives_each_of_twelve_killed_operations_its_own_code() {
    let service = Service::start(WorldOptions::default());
    let folder = Folder::new();
    for (at, arguments) in twelve(&service, &folder).into_iter().enumerate() {
        let mut child = service
            .podpis_with_pipes()
            .args(arguments)
            .args(["--base-url", &service.url])
            .spawn()
            .unwrap();
        until(|| {
            let listed = service.listed();
            let waiting = listed.iter().filter(|one| one["state"] == "awaiting_code");
            (waiting.count() > at).then_some(())
        });
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let before = service.sandbox.counters();
    assert_eq!((before.sms_sent, before.confirmations), (12, 0));

    let ended = service.ops(&["resume", "--all", "--yes", "--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let objects = ended.objects();
    assert_eq!(objects.len(), 12, "{ended:?}");
    for object in &objects {
        assert_eq!(object["exit"], 0, "{object}");
        assert!(!object["files"].as_array().unwrap().is_empty(), "{object}");
    }
    let counters = service.sandbox.counters();
    assert_eq!((counters.sms_sent, counters.confirmations), (12, 12));
    // No code was tried in vain.
    assert_eq!(service.calls("CloudSignConfirm"), 6);
    for at in 0..6 {
        let file = folder.path(&format!("act-{at}"));
        assert!(openssl_accepts(&file, &file.with_extension("p7s")));
    }
    assert!(service.listed().is_empty());
}

#[test]
fn a_code_that_is_not_taken_is_not_waited_for_again() {
    let service = Service::quick();
    let folder = Folder::new();
    let refusing = Fault::on("DraftCloudSignConfirm").status(400);
    service.sandbox.inject(refusing);
    let draft = service.sandbox.world_info().extern_.drafts.sms.id;
    let ended = Ended::of(
        service
            .podpis()
            .args(["extern", "sign-draft", "--yes", "--json", "--draft", &draft])
            .args(["--base-url", &service.url])
            .current_dir(folder.root()),
    );
    ended.expect(4, &["did not take the code"]);
    assert_eq!(service.calls("DraftCloudSignConfirm"), 1);
}

/// Twelve for the signing and one for the login: what was read to be signed is what is written beside the signatures.
#[test]
fn signing_a_draft_asks_nothing_twice() {
    let service = Service::quick();
    let folder = Folder::new();
    let draft = service.sandbox.world_info().extern_.drafts.sms.id;
    let ended = Ended::of(
        service
            .podpis()
            .args(["extern", "sign-draft", "--yes", "--json", "--draft", &draft])
            .args(["--base-url", &service.url])
            .current_dir(folder.root()),
    );
    assert_eq!(ended.code, 0, "{ended:?}");
    let requests = service.sandbox.requests();
    let of_the_service = requests
        .iter()
        .filter(|one| !one.path.starts_with("/_sandbox"));
    assert_eq!(of_the_service.count(), 13, "{requests:#?}");
}

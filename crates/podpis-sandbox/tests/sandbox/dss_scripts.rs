//! DssSign that ends, says and returns what a fault wants, in Rust and in JSON.

use std::time::Duration;

use podpis_diadoc_proto::dss::DssSignResult;
use podpis_sandbox::{DiadocOptions, DigestName, Fault, PhoneMode, SignatureFault, WorldOptions};

use crate::dss::{inline_v3, signatures};
use crate::support::{Desk, Is as _, message};

/// Every status, two that nobody knows, and none.
const STATUSES: [Option<i32>; 11] = [
    Some(0),
    Some(1),
    Some(2),
    Some(3),
    Some(4),
    Some(5),
    Some(6),
    Some(7),
    Some(8),
    Some(-5),
    None,
];

fn confirming() -> Desk {
    Desk::with(WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO))
}

fn inject(desk: &mut Desk, form: &str) {
    let (status, answer) = desk.json("POST", "/_sandbox/faults", form);
    assert_eq!(status, 201, "{form}: {answer}");
}

fn number(value: Option<i32>) -> String {
    value.map_or_else(|| "\"absent\"".to_owned(), |number| number.to_string())
}

#[test]
fn an_operation_ends_as_its_start_was_told() {
    for by_http in [false, true] {
        for status in STATUSES {
            let mut desk = confirming();
            desk.odd = true;
            if by_http {
                let number = number(status);
                let form = format!(
                    r#"{{"endpoint":"DssSign","call":1,"operation_status":{number},"operator":1}}"#
                );
                inject(&mut desk, &form);
            } else {
                let fault = Fault::on("DssSign").call(1);
                desk.world
                    .inject(fault.operation_status(status).operator(1));
            }
            let task = desk.dss(vec![inline_v3("x")]);
            let started: DssSignResult = message(&desk.poll_dss(&task));
            assert_eq!(started.operation_status, Some(1), "{status:?} at first");
            for _ in 0..2 {
                let result = desk.dss_result(&task);
                assert_eq!(result.operation_status, status);
                assert_eq!(result.operator, Some(1));
                let completed = status == Some(2);
                assert_eq!(signatures(&result).len(), usize::from(completed));
            }
            assert_eq!(desk.world.counters().pushes_sent, 0, "{status:?}");
            let next = desk.dss(vec![inline_v3("x")]);
            desk.wait(Duration::from_secs(1));
            assert_eq!(desk.dss_result(&next).operation_status, Some(2), "not hit");
        }
    }
}

#[test]
fn one_result_says_what_it_was_told() {
    for status in STATUSES {
        let mut desk = confirming();
        desk.odd = true;
        let task = desk.dss(vec![inline_v3("x")]);
        let fault = || Fault::on("DssSignResult").call(1).operation_status(status);
        desk.world.inject(fault());
        let early: DssSignResult = message(&desk.poll_dss(&task));
        assert_eq!(early.operation_status, status);
        assert!(signatures(&early).is_empty(), "nobody was asked yet");
        assert_eq!(desk.world.counters().signatures_made, 0);
        desk.wait(Duration::from_secs(1));
        desk.world.inject(fault());
        let late = desk.dss_result(&task);
        assert_eq!(late.operation_status, status);
        assert_eq!(signatures(&late).len(), usize::from(status == Some(2)));
        let truth = desk.dss_result(&task);
        assert_eq!(truth.operation_status, Some(2));
        assert_eq!(signatures(&truth).len(), 1);
    }
}

#[test]
fn every_confirm_type_can_be_told() {
    for kind in [
        Some(-1),
        Some(0),
        Some(1),
        Some(2),
        Some(3),
        Some(4),
        Some(5),
        Some(99),
        None,
    ] {
        let options = DiadocOptions::default().confirm_type(kind).operator(None);
        let mut desk = Desk::with(WorldOptions::default().diadoc_options(options));
        desk.odd = true;
        let task = desk.dss(vec![inline_v3("x")]);
        let result = desk.dss_result(&task);
        assert_eq!((result.confirm_type, result.operator), (kind, None));

        let mut desk = Desk::new();
        desk.odd = true;
        desk.world
            .inject(Fault::on("DssSign").call(1).confirm_type(kind));
        let scripted = desk.dss(vec![inline_v3("x")]);
        let plain = desk.dss(vec![inline_v3("x")]);
        assert_eq!(desk.dss_result(&scripted).confirm_type, kind);
        assert_eq!(desk.dss_result(&plain).confirm_type, Some(2));
        let form = format!(
            r#"{{"endpoint":"DssSignResult","call":1,"confirm_type":{}}}"#,
            number(kind)
        );
        inject(&mut desk, &form);
        assert_eq!(desk.dss_result(&plain).confirm_type, kind);
        assert_eq!(desk.dss_result(&plain).confirm_type, Some(2));
    }
}

#[test]
fn every_file_can_have_its_own_status() {
    let contents = || {
        vec![
            inline_v3("a"),
            inline_v3("b"),
            inline_v3("c"),
            inline_v3("d"),
        ]
    };
    let expected = [
        (Some(2), false),
        (Some(0), true),
        (Some(1), false),
        (None, true),
    ];
    let in_rust = Fault::on("DssSign").file_unsigned(0, 2).file_signed(1, 0);
    let in_rust = in_rust.file_unsigned(2, 1).file_signed(3, None);
    let in_json = r#"{"endpoint":"DssSign","files":[{"file":0,"status":2},{"file":1,"status":0,"signature":true},
        {"file":2,"status":1},{"file":3,"status":"absent","signature":true}]}"#;
    for by_http in [false, true] {
        let mut desk = confirming();
        desk.odd = true;
        if by_http {
            inject(&mut desk, in_json);
        } else {
            desk.world.inject(in_rust.clone());
        }
        let task = desk.dss(contents());
        desk.wait(Duration::from_secs(1));
        let result = desk.dss_result(&task);
        assert_eq!(result.operation_status, Some(2));
        let seen: Vec<_> = result
            .file_signing_results
            .iter()
            .map(|file| (file.file_signing_status, file.signature.is_some()))
            .collect();
        assert_eq!(seen, expected);
        assert_eq!(desk.world.counters().pushes_sent, 1, "the person was asked");
    }
    // In one answer only; what lies beyond the files does nothing.
    let mut desk = confirming();
    desk.odd = true;
    let task = desk.dss(contents());
    desk.wait(Duration::from_secs(1));
    let fault = Fault::on("DssSignResult").call(1);
    desk.world
        .inject(fault.file_signed(1, 99).file_signed(17, 1));
    let statuses = |result: DssSignResult| -> Vec<_> {
        let all = result.file_signing_results;
        all.iter().map(|file| file.file_signing_status).collect()
    };
    let first = statuses(desk.dss_result(&task));
    assert_eq!(first, [Some(1), Some(99), Some(1), Some(1)]);
    assert_eq!(statuses(desk.dss_result(&task)), [Some(1); 4]);
}

#[test]
fn results_are_spoiled_in_one_answer_only() {
    let mut desk = confirming();
    let task = desk.dss(vec![inline_v3("one"), inline_v3("two"), inline_v3("three")]);
    desk.wait(Duration::from_secs(1));
    let good = signatures(&desk.dss_result(&task));
    for (fault, count) in [
        (SignatureFault::Permute, 3),
        (SignatureFault::Double, 4),
        (SignatureFault::Missing, 2),
        (SignatureFault::Forge, 3),
        (SignatureFault::Corrupt, 3),
        (SignatureFault::OtherSigner, 3),
        (SignatureFault::Ber, 3),
        (SignatureFault::BerToken, 3),
        (SignatureFault::Unreadable, 3),
        (SignatureFault::ForeignDigest(DigestName::MD5), 3),
        (SignatureFault::Sha1, 3),
    ] {
        desk.world
            .inject(Fault::on("DssSignResult").call(1).signatures(fault));
        let bad = signatures(&desk.dss_result(&task));
        assert_eq!(bad.len(), count, "{fault:?}");
        assert_ne!(bad, good, "{fault:?}");
        if fault == SignatureFault::Permute {
            assert_eq!(bad, [good[1].clone(), good[2].clone(), good[0].clone()]);
        }
        assert_eq!(signatures(&desk.dss_result(&task)), good, "after {fault:?}");
    }
    assert_eq!(desk.world.counters().signatures_made, 3);
}

#[test]
fn the_third_start_succeeds() {
    let options = DiadocOptions::default().retries_required(2);
    let mut desk = Desk::with(
        WorldOptions::default()
            .diadoc_options(options)
            .phone(PhoneMode::Confirm, Duration::ZERO),
    );
    desk.try_dss("", b"not protobuf".to_vec()).is(400);
    for status in [7, 7, 2] {
        let task = desk.dss(vec![inline_v3("x")]);
        desk.wait(Duration::from_secs(1));
        assert_eq!(desk.dss_result(&task).operation_status, Some(status));
    }
    assert_eq!(desk.world.counters().pushes_sent, 1);
}

#[test]
fn a_lost_start_is_an_operation_all_the_same() {
    let mut desk = Desk::new();
    let fault = Fault::on("DssSign").call(1).drop_after();
    desk.world.inject(fault.confirm_type(4));
    desk.try_dss("", crate::dss::dss_request(vec![inline_v3("x")]))
        .is(502);
    desk.wait(Duration::from_secs(1));
    let repeated = desk.dss(vec![inline_v3("x")]);
    let seen = desk.dss_result(&repeated).operation_status;
    assert_eq!(seen, Some(6), "the first one waits on the phone");
    assert_eq!(desk.world.messages().len(), 1);
}

#[test]
fn a_script_that_could_never_play_is_refused() {
    let mut desk = Desk::new();
    for form in [
        r#"{"endpoint":"CloudSign","operation_status":7}"#,
        r#"{"endpoint":"*","confirm_type":1}"#,
        r#"{"endpoint":"DssSign","operation_status":"seven"}"#,
        r#"{"endpoint":"DssSign","operation_status":99999999999}"#,
        r#"{"endpoint":"DssSign","files":[{"status":1}]}"#,
        r#"{"endpoint":"DssSign","files":[{"file":0,"status":1,"signed":true}]}"#,
        r#"{"endpoint":"DssSign","files":[{"file":-1,"status":1}]}"#,
    ] {
        assert_eq!(desk.json("POST", "/_sandbox/faults", form).0, 400, "{form}");
    }
}

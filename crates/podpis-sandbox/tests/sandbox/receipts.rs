//! Receipts in batches, keys, layouts, and that none is signed twice.

use std::time::Duration;

use podpis_diadoc_proto::{
    AsyncMethodResult, AutosignReceiptsResult, AutosignReceiptsResultBefore2017,
};
use podpis_sandbox::{
    DiadocOptions, Fault, LastBatchKey, ReceiptsLayout, ReceiptsMethod, WorldOptions,
};

use crate::support::{Desk, Is as _, header, message};

fn desk(options: DiadocOptions) -> Desk {
    Desk::with(WorldOptions::default().diadoc_options(options))
}

fn start(desk: &mut Desk, query: &str) -> String {
    let box_id = desk.info().box_id;
    let answer = desk.post(&format!("/AutoSignReceipts?boxId={box_id}{query}"), "");
    answer.is(200);
    message::<AsyncMethodResult>(&answer).task_id.unwrap()
}

fn result(desk: &mut Desk, task: &str) -> AutosignReceiptsResult {
    desk.wait(Duration::from_secs(1));
    let answer = desk.get(&format!("/AutosignReceiptsResult?taskId={task}"));
    answer.is(200);
    message(&answer)
}

/// One batch, by its key: how many it signed, and the next key.
fn batch(desk: &mut Desk, key: &str) -> (i64, String) {
    let task = start(desk, &format!("&batchKey={key}"));
    let result = result(desk, &task);
    (result.signed_receipts_count, result.next_batch_key)
}

#[test]
fn two_hundred_and_fifty_in_three_batches() {
    let mut desk = desk(DiadocOptions::default().receipts(250));
    let (mut key, mut counts) = (String::new(), Vec::new());
    loop {
        let (count, next) = batch(&mut desk, &key);
        counts.push(count);
        if next.is_empty() {
            break;
        }
        assert_ne!(next, key);
        key = next;
    }
    assert_eq!(counts, [100, 100, 50]);
    let receipts = desk.world.receipts();
    assert_eq!(receipts.len(), 250);
    assert!(
        receipts
            .iter()
            .all(|one| (one.signed, one.batches) == (1, 1))
    );
    let counters = desk.world.counters();
    assert_eq!(counters.receipts_signed, 250);
    assert_eq!((counters.operations_started, counters.polls), (3, 3));
    assert_eq!((counters.pushes_sent, counters.sms_sent), (0, 0));
    let seen = batch(&mut desk, "");
    assert_eq!(seen, (0, String::new()), "nothing waits any more");
    let (status, listed) = desk.json("GET", "/_sandbox/receipts", "");
    assert_eq!((status, listed.as_array().unwrap().len()), (200, 250));
    assert_eq!(listed[249]["signed"], 1);
    assert!(listed[0]["id"].is_string());
}

#[test]
fn a_batch_is_signed_when_it_was_processed_polled_or_not() {
    let mut desk = desk(DiadocOptions::default().receipts(5));
    desk.world
        .inject(Fault::on("AutoSignReceipts").call(1).drop_after());
    let box_id = desk.info().box_id;
    desk.post(&format!("/AutoSignReceipts?boxId={box_id}"), "")
        .is(502);
    assert_eq!(desk.world.counters().receipts_signed, 0);
    desk.wait(Duration::from_millis(300));
    assert_eq!(desk.world.counters().receipts_signed, 5);
    let mut desk = self::desk(DiadocOptions::default());
    let task = start(&mut desk, "");
    let answer = desk.get(&format!("/autosignReceiptsRESULT?taskId={task}"));
    let seen = (answer.status().as_u16(), header(&answer, "retry-after"));
    assert_eq!(seen, (204, Some("1")));
    assert_eq!(desk.world.counters().receipts_signed, 0);
    let first = result(&mut desk, &task);
    assert_eq!(first.signed_receipts_count, 3, "the default");
    let seen = result(&mut desk, &task);
    assert_eq!(seen, first, "again, and nothing is signed twice");
    assert_eq!(desk.world.counters().receipts_signed, 3);
    let records = desk.world.requests();
    assert_eq!(records[0].endpoint.as_deref(), Some("AutoSignReceipts"));
    let seen = records[1].endpoint.as_deref();
    assert_eq!(seen, Some("AutosignReceiptsResult"));
    assert!(records[0].operation.is_some() && records[0].operation == records[1].operation);
}

#[test]
fn a_repeated_key_is_about_the_same_receipts() {
    for again in [false, true] {
        let options = DiadocOptions::default().receipts(25).receipts_batch(10);
        let mut desk = desk(options.receipts_signed_again(again));
        let (_, second) = batch(&mut desk, "");
        let (count, third) = batch(&mut desk, &second);
        assert_eq!(count, 10);
        let repeated = batch(&mut desk, &second);
        assert_eq!(repeated, (if again { 10 } else { 0 }, third.clone()));
        assert_eq!(batch(&mut desk, &third), (5, String::new()));
        let receipts = desk.world.receipts();
        let most = |count: fn(&podpis_sandbox::ReceiptInfo) -> u64| {
            receipts.iter().map(count).max().unwrap()
        };
        assert_eq!(most(|one| one.batches), 2, "the world shows the repeat");
        assert_eq!(most(|one| one.signed), if again { 2 } else { 1 });
    }
}

#[test]
fn a_start_without_a_key_is_about_what_waits() {
    let mut desk = desk(DiadocOptions::default().receipts(25).receipts_batch(10));
    assert_eq!(batch(&mut desk, "").0, 10);
    let (count, next) = batch(&mut desk, "");
    assert_eq!(count, 10);
    assert_eq!(batch(&mut desk, &next), (5, String::new()));
    let receipts = desk.world.receipts();
    assert!(
        receipts
            .iter()
            .all(|one| (one.signed, one.batches) == (1, 1))
    );
}

#[test]
fn the_last_key_has_many_forms() {
    let last = |key| {
        DiadocOptions::default()
            .receipts(20)
            .receipts_batch(10)
            .last_batch_key(key)
    };
    let mut desk = desk(last(LastBatchKey::Absent));
    desk.odd = true;
    let (_, key) = batch(&mut desk, "");
    let task = start(&mut desk, &format!("&batchKey={key}"));
    desk.wait(Duration::from_secs(1));
    let answer = desk.get(&format!("/AutosignReceiptsResult?taskId={task}"));
    let expected = b"\x08\x0a";
    assert_eq!(&answer.body()[..], expected, "the count and nothing else");

    let mut desk = self::desk(last(LastBatchKey::Repeating));
    let (_, key) = batch(&mut desk, "");
    let (count, key) = batch(&mut desk, &key);
    assert_eq!(count, 10);
    for _ in 0..3 {
        assert_eq!(batch(&mut desk, &key), (0, key.clone()));
    }

    let mut desk = self::desk(last(LastBatchKey::NeverEnding));
    let mut keys = vec![batch(&mut desk, "").1];
    for turn in 0..10 {
        let (count, key) = batch(&mut desk, &keys[turn]);
        assert_eq!(count, if turn == 0 { 10 } else { 0 });
        assert!(!key.is_empty() && !keys.contains(&key));
        keys.push(key);
    }
    assert_eq!(desk.world.counters().receipts_signed, 20);
}

#[test]
fn the_layout_can_be_the_old_one() {
    for (last, expected) in [
        (LastBatchKey::Empty, &b"\x0a\x00\x10\x03"[..]),
        (LastBatchKey::Absent, b"\x10\x03"),
    ] {
        let options = DiadocOptions::default().last_batch_key(last);
        let mut desk = desk(options.receipts_layout(ReceiptsLayout::Before2017));
        desk.odd = true;
        let task = start(&mut desk, "");
        desk.wait(Duration::from_secs(1));
        let answer = desk.get(&format!("/AutoSignReceiptsResult?taskId={task}"));
        assert_eq!(&answer.body()[..], expected);
        let old: AutosignReceiptsResultBefore2017 = message(&answer);
        let seen = (old.signed_receipts_count, old.next_batch_key.as_str());
        assert_eq!(seen, (3, ""));
    }
}

#[test]
fn current_servers_do_not_have_it() {
    for (method, status) in [(ReceiptsMethod::NotFound, 404), (ReceiptsMethod::Gone, 410)] {
        let mut desk = desk(DiadocOptions::default().receipts_method(method));
        let box_id = desk.info().box_id;
        let answer = desk.post(&format!("/AutoSignReceipts?boxId={box_id}"), "");
        answer.is(status);
        assert!(!answer.body().is_empty());
        desk.get("/AutosignReceiptsResult?taskId=x").is(status);
    }
}

#[test]
fn who_may_sign_receipts_and_with_what() {
    let mut desk = desk(DiadocOptions::default());
    let info = desk.info();
    let named = |name: &str, owner: usize| {
        let known = &info.certificates;
        let found = known
            .iter()
            .find(|one| one.name == name && one.owner == owner);
        found.unwrap().thumbprint.clone()
    };
    for (certificate, status) in [
        (String::new(), 200),
        (named("dss", 0).to_lowercase(), 404),
        (named("kontur", 0).to_lowercase(), 200),
        (named("kontur-expired", 0), 400),
        (named("token", 0), 404),
        (named("kontur", 1), 403),
        ("00".repeat(20), 404),
    ] {
        for name in ["certificateThumbprint", "thumbprint"] {
            let path = format!(
                "/AutoSignReceipts?boxId={}&{name}={certificate}",
                info.box_id
            );
            desk.post(&path, "").is(status);
        }
    }
    let both = format!(
        "/AutoSignReceipts?boxId={}&thumbprint=00&certificateThumbprint={}",
        info.box_id,
        named("kontur", 0)
    );
    // The name of the SDKs wins.
    desk.post(&both, "").is(200);
    let unknown = format!("/AutoSignReceipts?boxId={}&batchKey=unknown", info.box_id);
    desk.post(&unknown, "").is(400);
    let task = start(&mut desk, "");
    desk.get("/AutosignReceiptsResult").is(400);
    desk.get("/AutosignReceiptsResult?taskId=x").is(404);
    desk.be(1);
    let foreign = format!("/AutosignReceiptsResult?taskId={task}");
    desk.get(&foreign).is(404);
    desk.authorization = None;
    desk.get(&foreign).is(401);
}

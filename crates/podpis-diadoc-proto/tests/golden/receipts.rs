//! Bytes of both layouts of AutosignReceiptsResult, and which of them is recognised.
//!
//! *Invariant:* a change of a number, a label or a default in a .proto file fails here.

use podpis_diadoc_proto::{
    AutosignReceiptsResult, AutosignReceiptsResultBefore2017, decode_autosign_receipts,
};

use crate::same;

#[test]
fn autosign_receipts_result() {
    same(
        &AutosignReceiptsResult::new(300, "k"),
        &[
            b"\x08\xac\x02", // 1 SignedReceiptsCount
            b"\x12\x01k",    // 2 NextBatchKey
        ],
    );
    same(
        &AutosignReceiptsResult::new(0, ""),
        &[b"\x08\x00", b"\x12\x00"],
    );
}

#[test]
fn autosign_receipts_result_before_2017() {
    same(
        &AutosignReceiptsResultBefore2017::new("k", 300),
        &[
            b"\x0a\x01k",    // 1 NextBatchKey
            b"\x10\xac\x02", // 2 SignedReceiptsCount
        ],
    );
}

#[test]
fn the_wire_type_tells_the_layout() {
    for (bytes, count, key) in [
        (&b"\x08\xac\x02\x12\x01k"[..], 300, "k"),   // current
        (b"\x12\x01k\x08\xac\x02", 300, "k"),        // current, in the other order
        (b"\x08\x00\x12\x00", 0, ""),                // current, the last batch
        (b"\x08\x05", 5, ""),                        // current, no key
        (b"\x0a\x01k\x10\xac\x02", 300, "k"),        // before 2017
        (b"\x10\xac\x02\x0a\x01k", 300, "k"),        // before 2017, in the other order
        (b"\x0a\x00\x10\x00", 0, ""),                // before 2017, the last batch
        (b"\x10\x05", 5, ""),                        // before 2017, no key
        (b"\x9a\x06\x01x\x0a\x01k\x10\x01", 1, "k"), // an unknown field first
        (b"\x08\xff\xff\xff\xff\x7f\x12\x00", 34_359_738_367, ""), // more than 32 bits
    ] {
        assert_eq!(
            decode_autosign_receipts(bytes),
            Ok(AutosignReceiptsResult::new(count, key)),
            "{bytes:x?}"
        );
    }
}

#[test]
fn an_answer_without_a_count_is_refused() {
    let current = "Diadoc.Api.Proto.AutosignReceiptsResult";
    let old = "Diadoc.Api.Proto.AutosignReceiptsResultBefore2017";
    for (bytes, message, missing) in [
        (&b""[..], current, Some("SignedReceiptsCount")),
        (b"\x12\x01k", current, Some("SignedReceiptsCount")),
        (b"\x0a\x01k", old, Some("SignedReceiptsCount")),
        // Both layouts at once, a count of eight bytes, and no protobuf at all.
        (b"\x08\x01\x0a\x01k", current, None),
        (b"\x0a\x01k\x08\x01", old, None),
        (b"\x09\x01\x00\x00\x00\x00\x00\x00\x00", current, None),
        (b"<html>", current, None),
    ] {
        let error = decode_autosign_receipts(bytes).unwrap_err();
        assert_eq!(error.message(), message, "{bytes:x?}");
        assert_eq!(error.missing(), missing, "{bytes:x?}");
    }
}

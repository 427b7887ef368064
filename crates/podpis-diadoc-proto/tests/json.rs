//! Diadoc's JSON against what its documents and recorded answers show.
//!
//! *Invariant:* each row names a rule of the dialect; what is read tolerantly gives the bytes of the plain spelling.

use podpis_diadoc_proto::events::{DocumentSignature, MessagePatch, PowerOfAttorneyToPost};
use podpis_diadoc_proto::json::{check, read, write};
use podpis_diadoc_proto::prost::Message as _;
use podpis_diadoc_proto::{
    AsyncMethodResult, CloudSignFile, CloudSignRequest, ContentV2, Timestamp,
};
use serde_json::json;

fn files() -> Vec<u8> {
    let file = CloudSignFile::new()
        .with_content(ContentV2::new().with_content(&b"abcd"[..]))
        .with_file_name("act.xml");
    CloudSignRequest::new().with_files([file]).encode_to_vec()
}

#[test]
fn requests_are_read_in_every_spelling_that_the_service_takes() {
    for text in [
        r#"{"Files":[{"Content":{"Content":"YWJjZA=="},"FileName":"act.xml"}]}"#,
        "\u{feff}{\"files\":[{\"CONTENT\":{\"content\":\"YWJj\\r\\nZA==\"},\"filename\":\"act.xml\",},],}",
        r#"{"Files":[{"Content":{"Content":"YWJjZA==","DocumentId":null},"FileName":"act.xml","More":{"a":[1]}}]}"#,
        "{ // files\n\"Files\":[{\"Content\":{\"Content\":\"YWJjZA==\"},\"FileName\":\"act.xml\"}]}",
    ] {
        assert_eq!(
            read("CloudSignRequest", text.as_bytes()).unwrap(),
            files(),
            "{text}"
        );
    }
}

#[test]
fn scalars_are_read_as_text_too() {
    let signature = |text: &str| {
        let bytes = read("Events.DocumentSignature", text.as_bytes()).unwrap();
        DocumentSignature::decode(&bytes[..]).unwrap()
    };
    let read_as_text = signature(r#"{"ParentEntityId":"e","IsApprovementSignature":"True"}"#);
    assert_eq!(read_as_text.is_approvement_signature, Some(true));
    let power = read("Events.PowerOfAttorneyToPost", b"{}").unwrap();
    assert_eq!(power, PowerOfAttorneyToPost::new(false).encode_to_vec());
    for ticks in ["637793568000000001", "\"637793568000000001\""] {
        let bytes = read("Timestamp", format!("{{\"Ticks\":{ticks}}}").as_bytes()).unwrap();
        assert_eq!(
            bytes,
            Timestamp::new(637_793_568_000_000_001).encode_to_vec()
        );
    }
    for kind in ["\"DSS\"", "\"Dss\"", "2", "\"2\""] {
        let text = format!("{{\"Thumbprint\":\"A\",\"Type\":{kind}}}");
        let bytes = read("Certificates.CertificateInfoV2", text.as_bytes()).unwrap();
        assert_eq!(bytes, b"\x0a\x01A\x10\x02", "{kind}");
    }
}

#[test]
fn what_the_service_refuses_is_refused() {
    assert!(read("CloudSignRequest", b" ").unwrap_err().is_empty_text());
    for (text, path) in [
        (r#"{"Files":{}}"#, "Files has the wrong kind"),
        (r#"{"Files":[null]}"#, "Files[0] has the wrong kind"),
        (
            r#"{"Files":[{"Content":{"Content":"YWI"}}]}"#,
            "Files[0].Content.Content is not Base64",
        ),
        ("[]", "not a JSON object"),
        ("\n\x0a", "no text"),
        ("{", "not a JSON object"),
        ("\u{1}", "not a JSON object"),
    ] {
        let error = read("CloudSignRequest", text.as_bytes()).unwrap_err();
        assert!(error.to_string().contains(path), "{text}: {error}");
    }
    let fraction = read("Timestamp", br#"{"Ticks":637793568000000001.0}"#);
    assert!(fraction.is_err(), "a fraction goes through a double");
    assert!(read("Nothing", b"{}").is_err());
}

#[test]
fn answers_print_their_defaults_and_no_null() {
    let patch = MessagePatch::decode(&b"\x0a\x01m"[..]).unwrap();
    let written = write("Events.MessagePatch", &patch.encode_to_vec()).unwrap();
    assert_eq!(
        written,
        json!({
            "MessageId": "m", "TimestampTicks": 0, "Entities": [], "ForDraft": false,
            "DraftIsRecycled": false, "DraftIsTransformedToMessageIdList": [], "DraftIsLocked": false,
            "MessageIsDeleted": false, "EntityPatches": [], "MessageIsRestored": false,
            "MessageIsDelivered": false, "DeliveredEventId": "", "PatchId": "",
            "NotDeliveredEventId": "", "MessageType": "Unknown",
        })
    );
    let login = write("LoginPassword", b"\x0a\x01a\x12\x01b").unwrap();
    assert_eq!(login, json!({"login": "a", "password": "b"}));
    let content = write("Content", b"\x0d\xff\xff\xff\xff").unwrap();
    assert_eq!(content, json!({"Size": -1}));
}

#[test]
fn a_strict_look_finds_what_is_absent_and_enums_outside_the_schema() {
    let result = AsyncMethodResult::default().encode_to_vec();
    check("AsyncMethodResult", &result).unwrap();
    let absent = check("Documents.Document", b"\x12\x01a").unwrap_err();
    assert!(
        absent.to_string().contains("EntityId is required"),
        "{absent}"
    );
    let unheard = check("Certificates.CertificateList", b"\x0a\x05\x0a\x01A\x10\x4d").unwrap_err();
    assert!(
        unheard.to_string().contains("Certificates[0].Type"),
        "{unheard}"
    );
}

//! Uploads of Extern in parts, downloads in parts, and the test stand's helper.
//!
//! **Invariant:** ranges are counted as RFC 9110 does, both ends in; a content is whole when the service says 201 or
//! gives its last byte; a part that was lost is put to its own place again.

use podpis::extern_api::{LocalFile, UploadState};
use podpis::{Error, ErrorKind, ReqwestTransport};

use ErrorKind::{Login, Service};
use Gives::Fine;

use super::answer::{Gives, Table, compare_call, not_applied};
use super::extern_calls::{Mute, created, odd};
use super::extern_reads::{NOT_FOUND, REFUSED};
use super::extern_server::{
    Exact, ExternWire, account, json, mute, of_account, part, refuses, rows, unread,
};
use super::server::{EMPTY, HTML, HTML_502, Says, UNTYPED_HTML, WAIT_7, ok, status};

const CONTENTS: &str = concat!(of_account!("POST"), "/contents");
const CONTENT: &str = concat!(of_account!("PUT"), "/contents/c%3A9");

/// Bytes go as they are, with their own type; nothing is asked for in return but what there is.
macro_rules! bytes {
    ($endpoint:literal, $line:expr, $type:literal, $body:literal, $length:literal $(, $range:literal)?) => {
        Exact {
            headers: &[
                ("content-type", $type),
                ("content-length", $length),
                $(("content-range", $range),)?
            ],
            body: $body.as_bytes(),
            ..Exact::get($endpoint, $line)
        }
    };
}

const WHOLE: Exact = bytes!("ContentUpload", CONTENTS, "application/xml", "some", "4");
const FIRST: Exact = bytes!(
    "ContentUpload",
    CONTENTS,
    "application/xml",
    "some",
    "4",
    "bytes 0-3/11"
);
const SECOND: Exact = bytes!(
    "ContentPart",
    CONTENT,
    "application/xml",
    "thin",
    "4",
    "bytes 4-7/11"
);
const LAST: Exact = bytes!(
    "ContentPart",
    CONTENT,
    "application/xml",
    "g/9",
    "3",
    "bytes 8-10/11"
);
const LAST_BYTE: Exact = Exact {
    headers: &[("range", "bytes=10-10")],
    ..Exact::get("Content", concat!(of_account!("GET"), "/contents/c%3A9"))
};

/// A request id may hold anything.
const CODE: Exact = Exact::get(
    "TestConfirmationCode",
    "GET /test-tools/v1/get-cloud-sign-confirmation-code?requestId=q%2B8%20%3D",
)
.query(&[("requestId", "q+8 =")]);

pub(super) const REQUESTS: &[Exact] = &[WHOLE, FIRST, SECOND, LAST, LAST_BYTE, CODE];

/// The content is begun, and the answer is that to its second and last part.
const PART: Table = Table {
    endpoint: "ContentPart",
    rows: rows! {
        // the answer                               => how it ends, the content, requests ms
        created(r#"{"id":"c:9"}"#)                  => Fine, "c:9", 1 0;
        created(r#"{"content":{"id":"c:9"},"is-completed":true}"#) => Fine, "c:9", 1 0;
        json(r#"{"content":{"id":"c:9"},"is-completed":"true"}"#) => Fine, "c:9", 1 0;
        // 201 is what says it, whatever the body is.
        status(201)                                 => Fine, "c:9", 1 0;
        created("{\"planted")                       => Fine, "c:9", 1 0;
        created("[]")                               => Fine, "c:9", 1 0;
        // Otherwise the last part is put once more, and then the last byte is asked for.
        json(r#"{"id":"c:9"}"#)                     => Fine, "c:9", 2 0;
        json(r#"{"content":{"id":"c:9"},"is-completed":false}"#) => Fine, "c:9", 2 0;
        json("{}")                                  => Fine, "c:9", 2 0;
        json("null")                                => Fine, "c:9", 2 0;
        EMPTY                                       => Fine, "c:9", 2 0;
        status(204)                                 => Fine, "c:9", 2 0;
        refuses(429).first()                        => Fine, "c:9", 2 500;
        refuses(500).first()                        => Fine, "c:9", 2 500;
        HTML_502.first()                            => Fine, "c:9", 2 500;
        HTML                                        => unread("it is an HTML page"), "", 1 0;
        UNTYPED_HTML                                => unread("it is an HTML page"), "", 1 0;
        refuses(416)                                => not_applied(Service), "", 1 0;
    },
    common: &[REFUSED, NOT_FOUND],
};

const TEST_CODE: Table = Table {
    endpoint: "TestConfirmationCode",
    rows: rows! {
        ok(b"739155")                               => Fine, "739155", 1 0;
        ok(b" 739155\r\n")                          => Fine, "739155", 1 0;
        json(r#""739155""#)                         => Fine, "739155", 1 0;
        json("739155")                              => Fine, "739155", 1 0;
        refuses(429).first()                        => Fine, "739155", 2 500;
        refuses(500).first()                        => Fine, "739155", 2 500;
        EMPTY                                       => unread("the answer is empty"), "", 1 0;
        status(204)                                 => unread("the answer is empty"), "", 1 0;
        json("null")                                => unread("the answer is empty"), "", 1 0;
        json(r#""""#)                               => unread("the answer is empty"), "", 1 0;
        json(r#"{"planted":1}"#)                    => unread("the answer has a value that cannot be read"), "", 1 0;
        ok(b"\xffplanted")                          => unread("the answer has a value that cannot be read"), "", 1 0;
        HTML                                        => unread("it is an HTML page"), "", 1 0;
        UNTYPED_HTML                                => unread("it is an HTML page"), "", 1 0;
    },
    common: &[REFUSED, NOT_FOUND],
};

pub(super) const ANSWERS: &[&Table] = &[&PART, &TEST_CODE];

/// A wire on which a content of two parts was begun and will be there.
async fn begun(transport: &ReqwestTransport, part_says: Says) -> ExternWire {
    let wire = ExternWire::new(transport).await;
    wire.script("ContentUpload", &[json(r#"{"id":"c:9"}"#)]);
    wire.script("ContentPart", &[part_says]);
    wire.script(
        "Content",
        &[part(&[("Content-Range", "bytes 6-6/7")], b"g")],
    );
    wire
}

async fn two_parts(wire: &ExternWire) -> Result<String, Error> {
    let source = LocalFile::bytes("a.xml", "somethi");
    let upload = wire.client.account(&account()).upload(source).part_size(4);
    Ok(upload.run().await?.content.to_string())
}

#[tokio::test]
async fn every_answer_to_a_part() {
    let transport = ReqwestTransport::new().unwrap();
    let mut wrong = Vec::new();
    for row in PART.all_rows() {
        let wire = begun(&transport, row.says).await;
        let (outcome, then) = match two_parts(&wire).await {
            Ok(content) => (Ok(()), content),
            Err(error) => {
                let state = UploadState::of(&error).unwrap();
                assert_eq!(state.content().as_str(), "c:9");
                assert_eq!((state.sent(), state.size()), (4, 7), "{error}");
                (Err(error), String::new())
            }
        };
        assert_eq!(wire.count("ContentUpload"), 1, "a content is begun once");
        wrong.extend(compare_call(&PART, row, &wire, outcome, then).await);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn every_answer_to_the_question_for_a_code() {
    let transport = ReqwestTransport::new().unwrap();
    let mut wrong = Vec::new();
    for row in TEST_CODE.all_rows() {
        let wire = ExternWire::new(&transport).await;
        wire.script("TestConfirmationCode", &[row.says]);
        let code = wire.client.test_confirmation_code(&"q+8 =".into()).await;
        let (outcome, then) = match code {
            Ok(code) => (Ok(()), code.expose().to_owned()),
            Err(error) => (Err(error), String::new()),
        };
        wrong.extend(compare_call(&TEST_CODE, row, &wire, outcome, then).await);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn the_test_stand_is_asked_for_a_code() {
    let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
    let code = wire.client.test_confirmation_code(&"q+8 =".into()).await;
    assert_eq!(code.unwrap().expose(), "739155");
    wire.got(&[CODE]).await;
}

#[tokio::test]
async fn a_small_content_goes_without_a_range_and_a_large_one_in_parts() {
    let transport = ReqwestTransport::new().unwrap();
    let wire = ExternWire::new(&transport).await;
    for answer in [
        created(r#"{"id":"c:9"}"#),
        json(r#"{"content":{"id":"c:9"}}"#),
    ] {
        wire.script("ContentUpload", &[answer]);
        let upload = wire
            .client
            .account(&account())
            .upload(LocalFile::bytes("a.xml", "some"));
        let uploaded = upload.content_type("application/xml").part_size(4).run();
        assert_eq!(uploaded.await.unwrap().content.as_str(), "c:9");
    }
    wire.got(&[WHOLE, WHOLE]).await;

    let wire = ExternWire::new(&transport).await;
    let (more, whole) = (json(r#"{"id":"c:9"}"#), created(r#"{"id":"c:9"}"#));
    wire.script("ContentUpload", &[more]);
    wire.script("ContentPart", &[more, whole]);
    let upload = || {
        let upload = wire
            .client
            .account(&account())
            .upload(LocalFile::bytes("a.xml", "something/9"));
        let upload = upload.content_type("application/xml");
        upload.part_size(4).parallel(1)
    };
    let uploaded = upload().run().await.unwrap();
    assert_eq!((uploaded.content.as_str(), uploaded.size), ("c:9", 11));
    wire.got(&[FIRST, SECOND, LAST]).await;

    // What was interrupted goes on where it was, without a second content.
    wire.script("ContentPart", &[more, refuses(413)]);
    let error = upload().run().await.unwrap_err();
    assert_eq!(error.service().unwrap().status, 413, "{error}");
    assert!(!error.may_have_been_applied());
    let state = UploadState::of(&error).unwrap();
    wire.script("ContentPart", &[whole]);
    upload().resume(state).await.unwrap();
    let again = [FIRST, SECOND, LAST];
    wire.got(&[&again[..], &again, &[LAST]].concat()).await;
}

#[tokio::test]
async fn a_service_that_does_not_say_that_it_has_everything_is_asked() {
    let more = json(r#"{"id":"c:9"}"#);
    for (last_byte, whole) in [
        (part(&[("Content-Range", "bytes 10-10/11")], b"9"), true),
        (part(&[("Content-Range", "bytes=10-10/11")], b"9"), true),
        (part(&[("Content-Range", "bytes 10-10/*")], b"9"), true),
        (part(&[("Content-Range", "bytes 10-10/12")], b"9"), false),
        (part(&[("Content-Range", "bytes 0-0/11")], b"s"), false),
        (refuses(416), false),
        (refuses(404), false),
    ] {
        let wire = ExternWire::new(&ReqwestTransport::new().unwrap()).await;
        wire.script("ContentUpload", &[more]);
        wire.script("ContentPart", &[more]);
        wire.script("Content", &[last_byte]);
        let upload = wire
            .client
            .account(&account())
            .upload(LocalFile::bytes("a.xml", "something/9"));
        let upload = upload.content_type("application/xml");
        let uploaded = upload.part_size(4).parallel(1).run().await;
        assert_eq!(uploaded.is_ok(), whole, "{last_byte:?}");
        wire.got(&[FIRST, SECOND, LAST, LAST, LAST_BYTE]).await;
    }
}

/// A part that was put twice is there once, so a lost answer costs nothing.
#[tokio::test]
async fn a_part_whose_answer_does_not_come_is_put_again() {
    let wire = ExternWire::over(Mute::to("ContentPart")).await;
    wire.script("ContentUpload", &[json(r#"{"id":"c:9"}"#)]);
    let error = two_parts(&wire).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoAnswer, "{error}");
    assert!(!error.may_have_been_applied());
    assert_eq!(wire.count("ContentPart"), 3);
    assert_eq!(wire.count("ContentUpload"), 1);
    assert_eq!(UploadState::of(&error).unwrap().sent(), 4);
}

/// The first part and a whole content tell no more than the other calls when they are refused.
#[tokio::test]
async fn a_content_that_cannot_be_begun_leaves_nothing_to_go_on_from() {
    let transport = ReqwestTransport::new().unwrap();
    for (says, kind, sent) in [
        (refuses(401), Login, 1),
        (refuses(413), Service, 1),
        (mute(429, b""), Service, 3),
        (refuses(503).header(WAIT_7), Service, 3),
        (json("{}"), ErrorKind::UnreadableAnswer, 1),
    ] {
        let wire = ExternWire::new(&transport).await;
        wire.script("ContentUpload", &[says]);
        let error = two_parts(&wire).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{says:?}");
        assert!(UploadState::of(&error).is_none(), "{says:?}");
        assert_eq!(wire.count("ContentUpload"), sent, "{says:?}");
        assert_eq!(wire.count("ContentPart"), 0, "{says:?}");
    }
}

/// What is odd about the body of a part does not count, and about that of a content it is told without its words.
#[tokio::test]
async fn an_odd_answer_to_an_upload_is_no_panic() {
    const ANSWER: &str = r#"{"id":"c:9","content":{"id":"c:9"},"is-completed":false}"#;
    let transport = ReqwestTransport::new().unwrap();
    let wire = begun(&transport, json("{}")).await;
    for body in odd(ANSWER) {
        let says = json(body.clone().leak());
        wire.script("ContentPart", &[says]);
        assert_eq!(two_parts(&wire).await.unwrap(), "c:9", "{body}");
    }
    for body in odd(ANSWER) {
        let says = json(body.clone().leak());
        wire.script("ContentUpload", &[says]);
        wire.script("ContentPart", &[created("{}")]);
        if let Err(error) = two_parts(&wire).await {
            assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{body}: {error}");
            assert!(!error.to_string().contains("planted"), "{body}: {error}");
        }
    }
}

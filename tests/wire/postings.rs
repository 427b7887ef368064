//! Patches, drafts and new messages: what is posted, and what each answer leads to.
//!
//! **Invariant:** whatever the answer, what is sent again is the same bytes under the same operationId, and what was
//! refused is over only where it cannot have been applied or the message does not show it.

use podpis::diadoc::document_signature::{
    DocumentSenderSignature, DocumentSignature, PowerOfAttorney, SignatureSource, SignedContent,
    When,
};
use podpis::diadoc::posting::OutgoingDocument;
use podpis::diadoc::prepare::{DocumentRef, PatchedContent, PostedBy};
use podpis::diadoc::{BoxId, EntityId, MessageId, PatchedContentId, Posting, ShelfName};
use podpis::{
    Begin, Deadline, ErrorKind, MemoryJournal, NoPrompt, OperationId, ReqwestTransport, Run,
};

use ErrorKind::{Login, Service, UnreadableAnswer};
use Gives::Fine;

use super::answer::{Came, Gives, Row, Table, answers, compare_run, not_applied, unknown};
use super::authenticate::PASSWORD;
use super::server::{
    EMPTY, Exact, HTML, HTML_502, LOGGED_IN, OTHER_CODE, UNTYPED_HTML, WAIT_7, WAIT_120, Wire, ok,
    status,
};

const ID: (&str, &str) = ("operationId", "0b0f2c52-54d3-4e3e-a3e9-000000000001");

const PATCH: Exact = Exact {
    endpoint: "PostMessagePatch",
    line: "POST /V4/PostMessagePatch?operationId=0b0f2c52-54d3-4e3e-a3e9-000000000001",
    query: &[ID],
    authorization: LOGGED_IN,
    content_type: None,
    content_length: Some("1114"),
    body: &[
        b"\x0a\x2400112233-4455-6677-8899-aabbccddeeff", // 1 BoxId
        b"\x12\x01m",                                    // 2 MessageId
        b"\x2a\x0f",                                     // 5 Signatures[0]
        b"\x0a\x01e",                                    //   1 ParentEntityId
        b"\x32\x07dd-api1",                              //   6 SignatureNameOnShelf
        b"\x3a\x01p",                                    //   7 PatchedContentId
        b"\x2a\x12",                                     // 5 Signatures[1]
        b"\x0a\x01f",                                    //   1 ParentEntityId
        b"\x20\x01",                                     //   4 SignWithTestSignature
        b"\x28\x01",                                     //   5 IsApprovementSignature
        b"\x42\x05agree",                                //   8 Labels[0]
        b"\x4a\x02\x10\x01",                             //   9 PowerOfAttorney, its 2 UseDefault
        b"\x2a\x89\x08",                                 // 5 Signatures[2]
        b"\x0a\x01g",                                    //   1 ParentEntityId
        b"\x12\x83\x08",                                 //   2 Signature
        include_bytes!("../../crates/podpis-cms/tests/fixtures/p256.p7s"),
    ],
};

const DRAFT: Exact = Exact {
    endpoint: "SendDraft",
    line: "POST /SendDraft?operationId=0b0f2c52-54d3-4e3e-a3e9-000000000001",
    content_length: Some("104"),
    body: &[
        b"\x0a\x2400112233-4455-6677-8899-aabbccddeeff", // 1 BoxId
        b"\x12\x01d",                                    // 2 DraftId
        b"\x1a\x2411112233-4455-6677-8899-aabbccddeeff", // 3 ToBoxId
        b"\x22\x03dep",                                  // 4 ToDepartmentId
        b"\x2a\x0c",                                     // 5 DocumentSignatures[0]
        b"\x0a\x01e",                                    //   1 ParentEntityId
        b"\x20\x01",                                     //   4 SignWithTestSignature
        b"\x2a\x01p",                                    //   5 PatchedContentId
        b"\x32\x02\x10\x01",                             //   6 PowerOfAttorney, its 2 UseDefault
        b"\x2a\x04",   // 5 DocumentSignatures[1]: nothing signs it
        b"\x0a\x02ff", //   1 ParentEntityId
    ],
    ..PATCH
};

const UPLOAD: Exact = Exact {
    endpoint: "ShelfUpload",
    line: "POST /V2/ShelfUpload?fileExtension=.txt",
    query: &[("fileExtension", ".txt")],
    content_length: Some("3"),
    body: &[b"act"],
    ..PATCH
};

const MESSAGE: Exact = Exact {
    endpoint: "PostMessage",
    line: "POST /V3/PostMessage?operationId=0b0f2c52-54d3-4e3e-a3e9-000000000001",
    content_length: Some("148"),
    body: &[
        b"\x0a\x2400112233-4455-6677-8899-aabbccddeeff", // 1 FromBoxId
        b"\x12\x2411112233-4455-6677-8899-aabbccddeeff", // 2 ToBoxId
        b"\x22\x1d",                                     // 4 NonformalizedDocuments[0]
        b"\x0a\x0f",                                     //   1 SignedContent
        b"\x22\x0bdd-api+1/x=",                          //     4 NameOnShelf
        b"\x28\x01",                                     //     5 SignWithTestSignature
        b"\x12\x05a.txt",                                //   2 FileName
        b"\x20\x01",                                     //   4 NeedRecipientSignature
        b"\x42\x01\x37",                                 //   8 DocumentNumber
        b"\x92\x02\x26",                                 // 34 DocumentAttachments[0]
        b"\x0a\x08",                                     //   1 SignedContent
        b"\x22\x01n",                                    //     4 NameOnShelf
        b"\x32\x03sig",                                  //     6 SignatureNameOnShelf
        b"\x62\x03Act",                                  //   12 TypeNamedId
        b"\x6a\x01f",                                    //   13 Function
        b"\x72\x01v",                                    //   14 Version
        b"\x7a\x0f",                                     //   15 Metadata[0]
        b"\x0a\x08FileName",                             //     1 Key
        b"\x12\x03b.x",                                  //     2 Value
    ],
    ..PATCH
};

/// Documents that are not sent, in a draft that takes no others.
const NEW_DRAFT: Exact = Exact {
    content_length: Some("53"),
    body: &[
        b"\x0a\x2400112233-4455-6677-8899-aabbccddeeff", // 1 FromBoxId
        b"\x22\x09",                                     // 4 NonformalizedDocuments[0]
        b"\x0a\x03",                                     //   1 SignedContent
        b"\x22\x01n",                                    //     4 NameOnShelf
        b"\x12\x02ab",                                   //   2 FileName
        b"\x68\x01",                                     // 13 IsDraft
        b"\x70\x01",                                     // 14 LockDraft
    ],
    ..MESSAGE
};

/// Documents that wait for their signature, within the organization.
const LATER: Exact = Exact {
    content_length: Some("55"),
    body: &[
        b"\x0a\x2400112233-4455-6677-8899-aabbccddeeff", // 1 FromBoxId
        b"\x22\x09",                                     // 4 NonformalizedDocuments[0]
        b"\x0a\x03",                                     //   1 SignedContent
        b"\x22\x01n",                                    //     4 NameOnShelf
        b"\x12\x02ab",                                   //   2 FileName
        b"\x80\x01\x01",                                 // 16 IsInternal
        b"\x90\x01\x01",                                 // 18 DelaySend
    ],
    ..MESSAGE
};

pub(super) const REQUESTS: &[&[Exact]] = &[
    &[PASSWORD, PATCH],
    &[PASSWORD, DRAFT],
    &[PASSWORD, UPLOAD, MESSAGE],
    &[PASSWORD, NEW_DRAFT],
    &[PASSWORD, LATER],
];

fn in_box() -> BoxId {
    "00112233-4455-6677-8899-aabbccddeeff".parse().unwrap()
}

fn to_box() -> BoxId {
    "11112233-4455-6677-8899-aabbccddeeff".parse().unwrap()
}

fn id() -> OperationId {
    ID.1.parse().unwrap()
}

fn signatures() -> Vec<DocumentSignature> {
    let (message, entity) = (MessageId::new("m"), EntityId::new("e"));
    let patched = PatchedContent::new(
        DocumentRef::new(&message, &entity),
        PostedBy::PostMessagePatch,
        PatchedContentId::new("p"),
    );
    let on_shelf = DocumentSignature::builder(&entity, ShelfName::new("dd-api1"));
    let approval = DocumentSignature::builder(&EntityId::new("f"), SignatureSource::Test);
    let der = include_bytes!("../../crates/podpis-cms/tests/fixtures/p256.p7s").to_vec();
    let ours = DocumentSignature::builder(&EntityId::new("g"), der);
    vec![
        on_shelf.patched_content(&patched).build().unwrap(),
        approval
            .approval()
            .label("agree")
            .power_of_attorney(PowerOfAttorney::by_default())
            .build()
            .unwrap(),
        ours.build().unwrap(),
    ]
}

fn sender_signatures() -> Vec<DocumentSenderSignature> {
    let entity = EntityId::new("e");
    let patched = PatchedContent::new(
        DocumentRef::new(&MessageId::new("d"), &entity),
        PostedBy::SendDraft,
        PatchedContentId::new("p"),
    );
    let test = DocumentSenderSignature::builder(&entity, SignatureSource::Test);
    let absent = DocumentSenderSignature::builder(&EntityId::new("ff"), SignatureSource::Absent);
    vec![
        test.patched_content(&patched)
            .power_of_attorney(PowerOfAttorney::by_default())
            .build()
            .unwrap(),
        absent.build().unwrap(),
    ]
}

/// Posts what the endpoint is for.
async fn post<'j>(
    endpoint: &str,
    wire: &Wire,
    journal: &'j MemoryJournal,
) -> Result<Run<'j, Posting>, podpis::Error> {
    let diadoc = &wire.diadoc;
    match endpoint {
        "PostMessagePatch" => {
            let patching = diadoc.in_box(&in_box()).patch_message(&MessageId::new("m"));
            patching
                .signatures(signatures())
                .id(id())
                .start(journal)
                .await
        }
        "SendDraft" => {
            let sending = diadoc.in_box(&in_box()).send_draft(&MessageId::new("d"));
            let sending = sending.to(&to_box()).to_department("dep");
            let sending = sending.signatures(sender_signatures());
            sending.id(id()).start(journal).await
        }
        "PostMessage" => {
            let file = SignedContent::builder(b"act".to_vec(), When::Now, SignatureSource::Test);
            let typed =
                SignedContent::builder(ShelfName::new("n"), When::Now, ShelfName::new("sig"));
            let file = OutgoingDocument::file("a.txt", file.build().unwrap());
            let typed = OutgoingDocument::typed("Act", typed.build().unwrap());
            let posting = diadoc.in_box(&in_box()).post_message().to(&to_box());
            let posting = posting
                .document(file.needs_recipient_signature().number("7"))
                .document(typed.format("f", "v").metadata("FileName", "b.x"));
            posting.id(id()).start(journal).await
        }
        other => panic!("{other} posts nothing"),
    }
}

#[tokio::test]
async fn every_body() {
    let transport = ReqwestTransport::new().unwrap();
    for requests in &REQUESTS[..3] {
        let (wire, journal) = (Wire::new(&transport).await, MemoryJournal::new());
        let endpoint = requests.last().unwrap().endpoint;
        let run = post(endpoint, &wire, &journal).await.unwrap();
        assert_eq!(run.operation().state().name(), "done", "{endpoint}");
        wire.got(requests).await;
    }
    let content = |when| {
        let source = SignatureSource::Absent;
        let content = SignedContent::builder(ShelfName::new("n"), when, source);
        OutgoingDocument::file("ab", content.build().unwrap())
    };
    for (requests, when) in [(REQUESTS[3], When::Draft), (REQUESTS[4], When::Later)] {
        let (wire, journal) = (Wire::new(&transport).await, MemoryJournal::new());
        let posting = wire.diadoc.in_box(&in_box()).post_message().id(id());
        let posting = match when {
            When::Draft => posting.lock_draft(),
            _ => posting.internal(),
        };
        posting
            .document(content(when))
            .start(&journal)
            .await
            .unwrap();
        wire.got(requests).await;
    }
}

/// The first posting. What certainly was not applied is repeated; what may have been goes on, and a poll sends the same
/// again.
const POSTED: Table = answers! { "PostMessagePatch":
    // the answer                => how it ends,          next,                         requests logins ms
    status(204)                  => Fine,                 "accepted > poll after 1s",   1 1 0;
    status(204).header(WAIT_7)   => Fine,                 "accepted > poll after 7s",   1 1 0;
    status(204).header(WAIT_120) => Fine,                 "accepted > poll after 120s", 1 1 0;
    EMPTY                        => Fine,                 "accepted > poll after 1s",   1 1 0;
    HTML                         => Fine,                 "accepted > poll after 1s",   1 1 0;
    UNTYPED_HTML                 => Fine,                 "accepted > poll after 1s",   1 1 0;
    ok(b"\x0a\x05m")             => Fine,                 "accepted > poll after 1s",   1 1 0;
    ok(b"{\"MessageId\":\"m\"}") => Fine,                 "accepted > poll after 1s",   1 1 0;
    status(302)                  => Fine,                 "accepted > poll after 1s",   1 1 0;
    status(400)                  => not_applied(Service), "no record",                  1 1 0;
    status(401)                  => not_applied(Login),   "no record",                  2 2 0;
    status(401).first()          => Fine,                 "finished > done",            2 2 0;
    status(402)                  => not_applied(Service), "no record",                  1 1 0;
    status(403)                  => not_applied(Service), "no record",                  1 1 0;
    status(404)                  => not_applied(Service), "no record",                  1 1 0;
    status(405)                  => not_applied(Service), "no record",                  1 1 0;
    status(408)                  => Fine,                 "accepted > poll after 1s",   1 1 0;
    status(409)                  => Fine,                 "refused > Other",            1 1 0;
    OTHER_CODE                   => Fine,                 "refused > Other",            1 1 0;
    status(409).header(WAIT_7)   => Fine,                 "accepted > poll after 7s",   1 1 0;
    status(409).header(WAIT_120) => Fine,                 "accepted > poll after 120s", 1 1 0;
    status(410)                  => not_applied(Service), "no record",                  1 1 0;
    status(413)                  => not_applied(Service), "no record",                  1 1 0;
    status(415)                  => not_applied(Service), "no record",                  1 1 0;
    status(429)                  => not_applied(Service), "no record",                  3 1 1_500;
    status(429).header(WAIT_7)   => not_applied(Service), "no record",                  3 1 14_000;
    status(429).header(WAIT_120) => not_applied(Service), "no record",                  1 1 0;
    status(429).first()          => Fine,                 "finished > done",            2 1 500;
    status(500)                  => Fine,                 "accepted > poll after 1s",   1 1 0;
    status(502)                  => Fine,                 "accepted > poll after 1s",   1 1 0;
    HTML_502                     => Fine,                 "accepted > poll after 1s",   1 1 0;
    status(503)                  => Fine,                 "accepted > poll after 1s",   1 1 0;
    status(503).header(WAIT_7)   => Fine,                 "accepted > poll after 7s",   1 1 0;
    status(504)                  => Fine,                 "accepted > poll after 1s",   1 1 0;
};

/// The same again, by a poll. What is refused then is over, unless the message shows it.
const AGAIN: Table = answers! { "PostMessagePatch":
    // the answer                => how it ends,               next,              requests logins ms
    status(204)                  => Fine,                      "poll after 1.5s", 1 1 0;
    status(204).header(WAIT_7)   => Fine,                      "poll after 7s",   1 1 0;
    EMPTY                        => unknown(UnreadableAnswer), "poll after 1.5s", 1 1 0;
    HTML                         => unknown(UnreadableAnswer), "poll after 1.5s", 1 1 0;
    status(302)                  => unknown(Service),          "poll after 1.5s", 1 1 0;
    status(400)                  => Fine,                      "refused > Other", 1 1 0;
    status(401)                  => not_applied(Login),        "poll after 1.5s", 2 2 0;
    status(401).first()          => Fine,                      "finished > done", 2 2 0;
    status(402)                  => not_applied(Service),      "poll after 1.5s", 1 1 0;
    status(403)                  => not_applied(Service),      "poll after 1.5s", 1 1 0;
    status(404)                  => Fine,                      "refused > Other", 1 1 0;
    status(405)                  => not_applied(Service),      "poll after 1.5s", 1 1 0;
    status(409)                  => Fine,                      "refused > Other", 1 1 0;
    OTHER_CODE                   => Fine,                      "refused > Other", 1 1 0;
    status(409).header(WAIT_7)   => Fine,                      "poll after 7s",   1 1 0;
    status(409).header(WAIT_120) => Fine,                      "poll after 120s", 1 1 0;
    status(410)                  => Fine,                      "refused > Other", 1 1 0;
    status(413)                  => Fine,                      "refused > Other", 1 1 0;
    status(415)                  => Fine,                      "refused > Other", 1 1 0;
    status(429)                  => not_applied(Service),      "poll after 1.5s", 1 1 0;
    status(429).header(WAIT_7)   => not_applied(Service),      "poll after 7s",   1 1 0;
    status(500)                  => unknown(Service),          "poll after 1.5s", 1 1 0;
    status(502)                  => unknown(Service),          "poll after 1.5s", 1 1 0;
    HTML_502                     => unknown(Service),          "poll after 1.5s", 1 1 0;
    status(503)                  => unknown(Service),          "poll after 1.5s", 1 1 0;
    status(503).header(WAIT_7)   => unknown(Service),          "poll after 7s",   1 1 0;
    status(504)                  => unknown(Service),          "poll after 1.5s", 1 1 0;
};

/// What a success looks like where the answer is a patch.
const PATCHED: Table = answers! { "PostMessagePatch":
    ok(b"\x0a\x01m")             => Fine, "finished > done", 1 1 0;
    ok(b"\x0a\x01m\x6a\x01p")    => Fine, "finished > done", 1 1 0;
};

/// The same where it is a message.
const AS_MESSAGE: Table = answers! { "SendDraft":
    ok(b"\x0a\x01m\x11\0\0\0\0\0\0\0\0\x22\x01b") => Fine, "finished > done",          1 1 0;
    ok(b"\x0a\x01m")                              => Fine, "accepted > poll after 1s", 1 1 0;
};

const PATCHES: Table = Table {
    common: &[POSTED.rows],
    ..PATCHED
};
const DRAFTS: Table = Table {
    common: &[POSTED.rows],
    ..AS_MESSAGE
};
const MESSAGES: Table = Table {
    endpoint: "PostMessage",
    ..DRAFTS
};

pub(super) const ANSWERS: &[&Table] = &[&PATCHES, &DRAFTS, &MESSAGES];

/// Posts once and compares; or posts, is told to wait, polls once and compares that.
async fn every_answer(table: &Table, again: bool) {
    let transport = ReqwestTransport::new().unwrap();
    let mut wrong = Vec::new();
    let rows: Vec<&'static Row> = table.all_rows().collect();
    for row in rows {
        let (wire, journal) = (Wire::new(&transport).await, MemoryJournal::new());
        let mut before = 0;
        let came = if again {
            wire.script(table.endpoint, &[status(204)]);
            let mut run = post(table.endpoint, &wire, &journal).await.unwrap();
            wire.script(table.endpoint, &[row.says]);
            before = wire.told.names().len();
            (run.poll().await, Some(run))
        } else {
            wire.script(table.endpoint, &[row.says]);
            match post(table.endpoint, &wire, &journal).await {
                Ok(run) => (Ok(()), Some(run)),
                Err(error) => (Err(error), None),
            }
        };
        let came = Came {
            outcome: came.0,
            run: came.1,
            events: wire.told.names().split_off(before),
        };
        wrong.extend(compare_run(table, row, &wire, &wire.diadoc, &journal, came).await);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn every_answer_to_a_patch() {
    every_answer(&PATCHES, false).await;
}

#[tokio::test]
async fn every_answer_to_a_draft() {
    every_answer(&DRAFTS, false).await;
}

#[tokio::test]
async fn every_answer_to_a_new_message() {
    every_answer(&MESSAGES, false).await;
}

#[tokio::test]
async fn every_answer_to_what_is_sent_again() {
    for endpoint in ["PostMessagePatch", "SendDraft", "PostMessage"] {
        let table = Table { endpoint, ..AGAIN };
        every_answer(&table, true).await;
    }
}

#[tokio::test]
async fn what_is_sent_again_is_the_same_to_the_last_byte() {
    let transport = ReqwestTransport::new().unwrap();
    for endpoint in ["PostMessagePatch", "SendDraft", "PostMessage"] {
        let (wire, journal) = (Wire::new(&transport).await, MemoryJournal::new());
        let busy = [
            status(500),
            status(409).header(WAIT_7),
            status(204),
            HTML,
            status(409).header(WAIT_120),
            status(503),
        ];
        wire.script(endpoint, &busy);
        let mut run = post(endpoint, &wire, &journal).await.unwrap();
        let id = run.operation().id().clone();
        let give_up = run.wait(&mut NoPrompt, Deadline::minutes(5)).await;
        assert_eq!(give_up.unwrap_err().kind(), ErrorKind::Deadline);
        drop(run);
        let (_, requests) = wire.got_by(endpoint).await;
        assert!(requests.len() > 6);
        // In another program, later.
        wire.script(endpoint, &[status(204).first()]);
        let claim = podpis::Journal::claim(&journal, &id).await.unwrap();
        let mut run = wire.diadoc.resume::<Posting>(claim).unwrap();
        run.wait(&mut NoPrompt, Deadline::minutes(5)).await.unwrap();
        let (_, later) = wire.got_by(endpoint).await;
        for again in requests.iter().skip(1).chain(&later) {
            assert_eq!(again, &requests[0], "{endpoint}");
        }
    }
}

//! Who the user is, the box, the lists of its documents, and what happened in it.
//!
//! **Invariant:** whatever a read is answered, nothing was applied; it is asked again only where that may help.

use std::time::{Duration, UNIX_EPOCH};

use futures_util::TryStreamExt as _;
use podpis::diadoc::documents::{Direction, DocumentFilter, ListedDocument};
use podpis::diadoc::events::{BoxEvent, EventCursor};
use podpis::{Error, ErrorKind, ReqwestTransport};

use ErrorKind::UnreadableAnswer;
use Gives::Fine;

use super::answer::{Gives, Row, Table, answers, not_applied};
use super::authenticate::PASSWORD;
use super::dss_sign::{BOX, in_box};
use super::reads::{PAGE, REFUSED, every_answer};
use super::server::{EMPTY, Exact, Wire, ok, status};

const USER: Exact = Exact::get("GetMyUser", "GET /V2/GetMyUser", &[]);

const EMPLOYEE: Exact = Exact::get(
    "GetMyEmployee",
    "GET /GetMyEmployee?boxId=00112233-4455-6677-8899-aabbccddeeff",
    &[BOX],
);

const DETAILS: Exact = Exact::get(
    "GetBox",
    "GET /GetBox?boxId=00112233-4455-6677-8899-aabbccddeeff",
    &[BOX],
);

const INBOUND: Exact = Exact::get(
    "GetDocuments",
    "GET /V3/GetDocuments?boxId=00112233-4455-6677-8899-aabbccddeeff&filterCategory=Any.Inbound&count=100",
    &[BOX, ("filterCategory", "Any.Inbound"), ("count", "100")],
);

/// Every parameter.
const NARROWED: Exact = Exact::get(
    "GetDocuments",
    "GET /V3/GetDocuments?boxId=00112233-4455-6677-8899-aabbccddeeff&filterCategory=Act%2B.OutboundFinished&counteragentBoxId=ffeeddcc-bbaa-9988-7766-554433221100&documentNumber=1%2F2&timestampFromTicks=621355968000000000&timestampToTicks=621355968010000000&departmentId=d%2B1&afterIndexKey=k%2B1%2F%3D&sortDirection=Descending&count=7",
    &[
        BOX,
        ("filterCategory", "Act+.OutboundFinished"),
        ("counteragentBoxId", "ffeeddcc-bbaa-9988-7766-554433221100"),
        ("documentNumber", "1/2"),
        ("timestampFromTicks", "621355968000000000"),
        ("timestampToTicks", "621355968010000000"),
        ("departmentId", "d+1"),
        ("afterIndexKey", "k+1/="),
        ("sortDirection", "Descending"),
        ("count", "7"),
    ],
);

const EVENTS: Exact = Exact::get(
    "GetNewEvents",
    "GET /V8/GetNewEvents?boxId=00112233-4455-6677-8899-aabbccddeeff&limit=100",
    &[BOX, ("limit", "100")],
);

const EVENTS_OF_DRAFTS: Exact = Exact::get(
    "GetNewEvents",
    "GET /V8/GetNewEvents?boxId=00112233-4455-6677-8899-aabbccddeeff&afterIndexKey=CNvIl9RK0Ik%3D&departmentId=d%2B1&messageType=Draft&limit=9",
    &[
        BOX,
        ("afterIndexKey", "CNvIl9RK0Ik="),
        ("departmentId", "d+1"),
        ("messageType", "Draft"),
        ("limit", "9"),
    ],
);

const ALL: &[Exact] = &[
    PASSWORD,
    USER,
    EMPLOYEE,
    DETAILS,
    INBOUND,
    NARROWED,
    EVENTS,
    EVENTS_OF_DRAFTS,
];

pub(super) const REQUESTS: &[&[Exact]] = &[ALL];

/// What was read, in short.
async fn read(endpoint: &str, wire: &Wire) -> Result<String, Error> {
    let in_box = wire.diadoc.in_box(&in_box());
    Ok(match endpoint {
        "GetMyUser" => {
            let user = wire.diadoc.user().await?;
            format!("{} {:?}", user.id, user.last_name)
        }
        "GetMyEmployee" => {
            let known = in_box.employee().await?;
            let may = known.may("signdocuments");
            let level = known.document_access.number();
            format!("{} {} {level} {may:?}", known.user.id, known.department)
        }
        "GetBox" => {
            let known = in_box.details().await?;
            let whose = known.organization.map(|organization| organization.inn);
            format!("{:?} {:?} {whose:?}", known.guid, known.title)
        }
        "GetDocuments" => {
            let listed = in_box.documents(&DocumentFilter {
                direction: Some(Direction::Inbound),
                ..DocumentFilter::default()
            });
            let listed: Vec<ListedDocument> = listed.try_collect().await?;
            let show = |one: &ListedDocument| {
                format!("{} {} {}", one.message, one.entity, one.lock_mode.number())
            };
            listed.iter().map(show).collect::<Vec<_>>().join(", ")
        }
        _ => {
            let events: Vec<BoxEvent> = in_box.events().read().try_collect().await?;
            let show = |one: &BoxEvent| format!("{} {} {}", one.id, one.message, one.is_new);
            events.iter().map(show).collect::<Vec<_>>().join(", ")
        }
    })
}

#[tokio::test]
async fn every_request() {
    let wire = Wire::new(&ReqwestTransport::new().unwrap()).await;
    for endpoint in ["GetMyUser", "GetMyEmployee", "GetBox", "GetDocuments"] {
        read(endpoint, &wire).await.unwrap();
    }
    let in_box = wire.diadoc.in_box(&in_box());
    let filter = DocumentFilter {
        direction: Some(Direction::Outbound),
        status: Some("Finished".to_owned()),
        document_type: Some("Act+".to_owned()),
        counterparty: Some("ffeeddcc-bbaa-9988-7766-554433221100".parse().unwrap()),
        number: Some("1/2".to_owned()),
        sent_from: Some(UNIX_EPOCH),
        sent_to: Some(UNIX_EPOCH + Duration::from_secs(1)),
        department: Some("d+1".to_owned()),
        after: Some("k+1/=".to_owned()),
        newest_first: true,
        page_size: Some(7),
        ..DocumentFilter::default()
    };
    let narrowed: Vec<_> = in_box.documents(&filter).try_collect().await.unwrap();
    assert_eq!(narrowed.len(), 1);
    read("GetNewEvents", &wire).await.unwrap();
    let cursor = EventCursor::after_key("CNvIl9RK0Ik=");
    let reading = in_box.events().after(&cursor).of_drafts();
    let reading = reading.department("d+1").page_size(9);
    let events: Vec<_> = reading.read().try_collect().await.unwrap();
    assert_eq!(events.len(), 1);
    wire.got(ALL).await;
}

/// What none of them can be.
const NOTHING: Table = answers! { "":
    ok(b"\x0a\x05A") => not_applied(UnreadableAnswer), "", 1 1 0;
    ok(b"{}")        => not_applied(UnreadableAnswer), "", 1 1 0;
    // Each has something that it is not without.
    EMPTY            => not_applied(UnreadableAnswer), "", 1 1 0;
};

const COMMON: &[&[Row]] = &[REFUSED.rows, PAGE.rows, NOTHING.rows];

const USER_TOLD: Table = Table {
    common: COMMON,
    ..answers! { "GetMyUser":
        ok(b"\x0a\x01u\x1a\x06\x0a\x01L\x12\x01F\x20\x01") => Fine, "u Some(\"L\")", 1 1 0;
        ok(b"\x0a\x01u\x20\x00") => Fine, "u None", 1 1 0;
        status(401).first() => Fine, "u None", 2 2 0;
        status(429).first() => Fine, "u None", 2 1 500;
        status(500).first() => Fine, "u None", 2 1 500;
    }
};

const EMPLOYEE_TOLD: Table = Table {
    common: COMMON,
    ..answers! { "GetMyEmployee":
        // One action that is allowed, and a level of access that this version does not know.
        ok(b"\x0a\x05\x0a\x01u\x20\x01\x12\x1a\x0a\x01d\x10\x00\x18\x63\x2a\x11\x0a\x0dSignDocuments\x10\x01\x1a\x00\x20\x00")
            => Fine, "u d 99 Some(true)", 1 1 0;
        status(401).first() => Fine, "u d 2 None", 2 2 0;
        status(429).first() => Fine, "u d 2 None", 2 1 500;
        status(500).first() => Fine, "u d 2 None", 2 1 500;
    }
};

const BOX_TOLD: Table = Table {
    common: COMMON,
    ..answers! { "GetBox":
        ok(b"\x0a\x01b\x32\x2400112233-4455-6677-8899-aabbccddeeff\x12\x01t")
            => Fine, "Some(BoxId(\"00112233-4455-6677-8899-aabbccddeeff\")) Some(\"t\") None", 1 1 0;
        status(401).first() => Fine, "None None Some(\"i\")", 2 2 0;
        status(429).first() => Fine, "None None Some(\"i\")", 2 1 500;
        status(500).first() => Fine, "None None Some(\"i\")", 2 1 500;
        // An organization without its INN.
        ok(b"\x0a\x01b\x32\x01g\x1a\x06\x0a\x01o\x22\x01n") => not_applied(UnreadableAnswer), "", 1 1 0;
    }
};

const DOCUMENTS_TOLD: Table = Table {
    common: COMMON,
    ..answers! { "GetDocuments":
        // Two, whatever the total says; a lock that is not told is none.
        ok(b"\x08\x09\x12\x06\x12\x01m\x1a\x01e\x12\x09\x12\x01m\x1a\x01f\xd0\x04\x03\x18\x01")
            => Fine, "m e 1, m f 3", 1 1 0;
        ok(b"\x08\x00") => Fine, "", 1 1 0;
        status(401).first() => Fine, "m e 1", 2 2 0;
        status(429).first() => Fine, "m e 1", 2 1 500;
        status(500).first() => Fine, "m e 1", 2 1 500;
        // Without its entity.
        ok(b"\x08\x01\x12\x03\x12\x01m") => not_applied(UnreadableAnswer), "", 1 1 0;
    }
};

const EVENTS_TOLD: Table = Table {
    common: COMMON,
    ..answers! { "GetNewEvents":
        // A new message, and an event without a key.
        ok(b"\x0a\x17\x0a\x01x\x12\x0f\x0a\x01m\x11\0\0\0\0\0\0\0\0\x22\x01b\x22\x01k\x0a\x0b\x0a\x01y\x1a\x06\x0a\x01m\x6a\x01p\x18\x01")
            => Fine, "x m true, y m false", 1 1 0;
        ok(b"\x18\x01") => Fine, "", 1 1 0;
        status(401).first() => Fine, "x m false", 2 2 0;
        status(429).first() => Fine, "x m false", 2 1 500;
        status(500).first() => Fine, "x m false", 2 1 500;
        // Neither a message nor a patch.
        ok(b"\x0a\x03\x0a\x01x\x18\x01") => not_applied(UnreadableAnswer), "", 1 1 0;
    }
};

pub(super) const ANSWERS: &[&Table] = &[
    &USER_TOLD,
    &EMPLOYEE_TOLD,
    &BOX_TOLD,
    &DOCUMENTS_TOLD,
    &EVENTS_TOLD,
];

#[tokio::test]
async fn every_answer_to_a_list() {
    every_answer(ANSWERS, read).await;
}

#[tokio::test]
async fn a_refusal_of_a_category_within_the_organization_is_an_empty_list() {
    let transport = ReqwestTransport::new().unwrap();
    for (answers, expected) in [
        // Eight categories come before, and one after.
        ([&[ok(b"\x08\x00"); 8][..], &[status(400)]].concat(), None),
        (
            [&[ok(b"\x08\x00"); 8][..], &[status(403)]].concat(),
            Some(403),
        ),
        (vec![status(400)], Some(400)),
    ] {
        let wire = Wire::new(&transport).await;
        let mut answers = answers;
        if expected.is_none() {
            answers.extend([status(400); 4]);
            answers.push(ok(b"\x08\x00"));
        }
        wire.script("GetDocuments", &answers);
        let filter = DocumentFilter {
            waiting: true,
            ..DocumentFilter::default()
        };
        let listed = wire.diadoc.in_box(&in_box()).documents(&filter);
        let listed: Result<Vec<ListedDocument>, Error> = listed.try_collect().await;
        match expected {
            None => assert_eq!(listed.unwrap(), []),
            Some(status) => {
                let error = listed.unwrap_err();
                assert_eq!(error.service().unwrap().status.as_u16(), status);
            }
        }
    }
}

//! The user's certificates and organizations.
//!
//! **Invariant:** `autoRegister=false` is in every request for organizations: without it the call may register
//! somebody.

use podpis::{Error, ErrorKind, ReqwestTransport};

use ErrorKind::UnreadableAnswer;
use Gives::Fine;

use super::answer::{Gives, Row, Table, answers, not_applied};
use super::authenticate::PASSWORD;
use super::dss_sign::{BOX, in_box};
use super::reads::{PAGE, REFUSED, every_answer};
use super::server::{EMPTY, Exact, Wire, ok, status};

const CERTIFICATES: Exact = Exact::get(
    "GetMyCertificates",
    "GET /GetMyCertificates?boxId=00112233-4455-6677-8899-aabbccddeeff",
    &[BOX],
);

const WITH_GOS_KEY: Exact = Exact::get(
    "GetMyCertificates",
    "GET /GetMyCertificates?boxId=00112233-4455-6677-8899-aabbccddeeff&includeGoskeyCertificates=true",
    &[BOX, ("includeGoskeyCertificates", "true")],
);

const ORGANIZATIONS: Exact = Exact::get(
    "GetMyOrganizations",
    "GET /GetMyOrganizations?autoRegister=false",
    &[("autoRegister", "false")],
);

const ALL: &[Exact] = &[PASSWORD, CERTIFICATES, WITH_GOS_KEY, ORGANIZATIONS];

pub(super) const REQUESTS: &[&[Exact]] = &[ALL];

/// What was read, in short.
async fn read(endpoint: &str, wire: &Wire) -> Result<String, Error> {
    let shown: Vec<String> = match endpoint {
        "GetMyCertificates" => {
            let all = wire.diadoc.in_box(&in_box()).certificates().await?;
            let show = |one: &podpis::diadoc::certificates::Certificate| {
                format!("{} {}", one.thumbprint_text, one.certificate_type.number())
            };
            all.iter().map(show).collect()
        }
        _ => {
            let all = wire.diadoc.organizations().await?;
            let show = |one: &podpis::diadoc::organizations::Organization| {
                format!(
                    "{} {} {} {:?}",
                    one.id,
                    one.inn,
                    one.full_name,
                    one.box_id()
                )
            };
            all.iter().map(show).collect()
        }
    };
    Ok(shown.join(", "))
}

#[tokio::test]
async fn every_request() {
    let wire = Wire::new(&ReqwestTransport::new().unwrap()).await;
    wire.diadoc.in_box(&in_box()).certificates().await.unwrap();
    wire.diadoc
        .in_box(&in_box())
        .certificates_with_gos_key()
        .await
        .unwrap();
    wire.diadoc.organizations().await.unwrap();
    wire.got(ALL).await;
}

/// What both make of anything but a list.
const NO_LIST: Table = answers! { "":
    ok(b"\x0a\x05A") => not_applied(UnreadableAnswer), "", 1 1 0;
    ok(b"{}")        => not_applied(UnreadableAnswer), "", 1 1 0;
    // What a certificate or an organization cannot be without.
    ok(b"\x0a\x00")  => not_applied(UnreadableAnswer), "", 1 1 0;
    // An empty list is no bytes.
    EMPTY            => Fine,                          "", 1 1 0;
};

const COMMON: &[&[Row]] = &[REFUSED.rows, PAGE.rows, NO_LIST.rows];

const LISTED: Table = Table {
    common: COMMON,
    ..answers! { "GetMyCertificates":
        ok(b"\x0a\x05\x0a\x01a\x10\x02\x0a\x05\x0a\x01b\x10\x4d") => Fine, "a 2, b 77", 1 1 0;
        status(401).first() => Fine, "x 2", 2 2 0;
        status(429).first() => Fine, "x 2", 2 1 500;
        status(500).first() => Fine, "x 2", 2 1 500;
        // Without its type.
        ok(b"\x0a\x03\x0a\x01a") => not_applied(UnreadableAnswer), "", 1 1 0;
    }
};

const ORGANIZED: Table = Table {
    common: COMMON,
    ..answers! { "GetMyOrganizations":
        // A box that is named by its address alone, and one of which neither name is one.
        ok(b"\x0a\x39\x0a\x01o\x12\x01i\x22\x01n\x3a\x2e\x0a\x2a00112233445566778899aabbccddeeff@diadoc.ru\x32\x00")
            => Fine, "o i n Some(BoxId(\"00112233445566778899aabbccddeeff@diadoc.ru\"))", 1 1 0;
        ok(b"\x0a\x11\x0a\x01o\x12\x01i\x22\x01n\x3a\x06\x0a\x01b\x32\x01g")
            => Fine, "o i n None", 1 1 0;
        status(401).first() => Fine, "o i n None", 2 2 0;
        status(429).first() => Fine, "o i n None", 2 1 500;
        status(500).first() => Fine, "o i n None", 2 1 500;
        // Without its INN.
        ok(b"\x0a\x06\x0a\x01o\x22\x01n") => not_applied(UnreadableAnswer), "", 1 1 0;
    }
};

pub(super) const ANSWERS: &[&Table] = &[&LISTED, &ORGANIZED];

#[tokio::test]
async fn every_answer_to_a_list() {
    every_answer(ANSWERS, read).await;
}

//! What is common to the calls of Diadoc that only read.
//!
//! **Invariant:** whatever a read is answered, nothing was applied; it is asked again only where that may help.

use podpis::{Error, ErrorKind, ReqwestTransport};

use ErrorKind::{Login, Service, UnreadableAnswer};

use super::answer::{Table, answers, compare_call, not_applied};
use super::server::{
    EXPIRED, HTML, HTML_502, OTHER_CODE, UNTYPED_HTML, WAIT_7, WAIT_120, Wire, status,
};

/// What every read makes of a refusal.
pub(super) const REFUSED: Table = answers! { "":
    // the answer                => how it ends,          what was read, requests logins ms
    status(302)                  => not_applied(Service), "", 1 1 0;
    status(400)                  => not_applied(Service), "", 1 1 0;
    status(401)                  => not_applied(Login),   "", 2 2 0;
    status(402)                  => not_applied(Service), "", 1 1 0;
    status(403)                  => not_applied(Service), "", 1 1 0;
    status(404)                  => not_applied(Service), "", 1 1 0;
    status(405)                  => not_applied(Service), "", 1 1 0;
    status(409)                  => not_applied(Service), "", 1 1 0;
    status(409).header(WAIT_7)   => not_applied(Service), "", 3 1 14_000;
    OTHER_CODE                   => not_applied(Service), "", 1 1 0;
    EXPIRED                      => not_applied(Service), "", 1 1 0;
    status(410)                  => not_applied(Service), "", 1 1 0;
    status(415)                  => not_applied(Service), "", 1 1 0;
    status(429)                  => not_applied(Service), "", 3 1 1_500;
    status(429).header(WAIT_7)   => not_applied(Service), "", 3 1 14_000;
    status(429).header(WAIT_120) => not_applied(Service), "", 1 1 0;
    status(500)                  => not_applied(Service), "", 3 1 1_500;
    status(502)                  => not_applied(Service), "", 3 1 1_500;
    HTML_502                     => not_applied(Service), "", 3 1 1_500;
    status(503)                  => not_applied(Service), "", 3 1 1_500;
    status(503).header(WAIT_7)   => not_applied(Service), "", 3 1 14_000;
    status(504)                  => not_applied(Service), "", 3 1 1_500;
};

/// What a read of a message of protobuf makes of a page.
pub(super) const PAGE: Table = answers! { "":
    HTML         => not_applied(UnreadableAnswer), "", 1 1 0;
    UNTYPED_HTML => not_applied(UnreadableAnswer), "", 1 1 0;
};

/// Reads by every endpoint with every answer, and compares what was read, in short, or how it failed.
pub(super) async fn every_answer(
    tables: &[&'static Table],
    read: impl AsyncFn(&str, &Wire) -> Result<String, Error>,
) {
    let transport = ReqwestTransport::new().unwrap();
    let mut wrong = Vec::new();
    for table in tables {
        for row in table.all_rows() {
            let wire = Wire::new(&transport).await;
            wire.script(table.endpoint, &[row.says]);
            let (outcome, then) = match read(table.endpoint, &wire).await {
                Ok(text) => (Ok(()), text),
                Err(error) => (Err(error), String::new()),
            };
            wrong.extend(compare_call(table, row, &wire, outcome, then).await);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

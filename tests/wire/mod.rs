//! The requests of every endpoint, byte by byte, and every answer to them.
//!
//! A mock server stands in for Diadoc: what is expected here is written out in literals, so that neither the
//! client nor the sandbox can agree with itself.
//!
//! **Invariant:** an endpoint without a request and without its answers here fails the test.

mod answer;
mod authenticate;
mod cloud_sign;
mod server;
mod shelf;

use std::collections::BTreeSet;

use podpis::diadoc::endpoints;

use answer::Table;
use server::Exact;

/// What may be answered to any call.
const COMMON: [u16; 15] = [
    200, 400, 401, 402, 403, 404, 405, 409, 410, 415, 429, 500, 502, 503, 504,
];

fn requests() -> impl Iterator<Item = &'static Exact> {
    [
        authenticate::REQUESTS,
        shelf::REQUESTS,
        cloud_sign::REQUESTS,
    ]
    .concat()
    .into_iter()
    .flatten()
}

fn tables() -> Vec<&'static Table> {
    [authenticate::ANSWERS, shelf::ANSWERS, cloud_sign::ANSWERS].concat()
}

#[test]
fn every_endpoint_has_its_requests_and_its_answers() {
    let all: BTreeSet<&str> = endpoints::ALL
        .iter()
        .map(|endpoint| endpoint.name)
        .collect();
    assert_eq!(all.len(), endpoints::ALL.len(), "no name twice");
    let requested: BTreeSet<&str> = requests().map(|exact| exact.endpoint).collect();
    assert_eq!(requested, all);
    let answered: Vec<&str> = tables().iter().map(|table| table.endpoint).collect();
    assert_eq!(answered.iter().copied().collect::<BTreeSet<_>>(), all);
    assert_eq!(answered.len(), all.len(), "one table for each");
}

#[test]
fn a_row_is_about_the_endpoint_that_it_names() {
    for exact in requests() {
        let endpoint = endpoints::ALL
            .iter()
            .find(|endpoint| endpoint.name == exact.endpoint)
            .unwrap();
        let line = exact.line.split('?').next().unwrap();
        assert_eq!(line, format!("{} {}", endpoint.method, endpoint.path));
    }
}

#[test]
fn every_endpoint_has_a_row_for_every_common_status() {
    for table in tables() {
        let statuses: BTreeSet<u16> = table.rows.iter().map(|row| row.says.status).collect();
        for status in COMMON {
            assert!(statuses.contains(&status), "{}: {status}", table.endpoint);
        }
        // "Not ready yet" is said to those who ask for a result.
        let polled = table.endpoint.ends_with("Result");
        assert!(!polled || statuses.contains(&204), "{}", table.endpoint);
    }
}

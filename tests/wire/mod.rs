//! The requests of every endpoint, byte by byte, and every answer to them.
//!
//! A mock server stands in for Diadoc and for Extern: what is expected here is written out in literals, so that
//! neither the client nor the sandbox can agree with itself.
//!
//! **Invariant:** an endpoint without a request and without its answers here fails the test.

mod answer;
mod authenticate;
mod certificates;
mod cloud_sign;
mod dss_sign;
mod extern_calls;
mod extern_codes;
mod extern_contents;
mod extern_conversation;
mod extern_docflows;
mod extern_draft_documents;
mod extern_draft_results;
mod extern_draft_tasks;
mod extern_drafts;
mod extern_login;
mod extern_odd;
mod extern_prints;
mod extern_reads;
mod extern_replies;
mod extern_requests;
mod extern_sending;
mod extern_server;
mod extern_starts;
mod extern_tasks;
mod extern_uploads;
mod lists;
mod messages;
mod postings;
mod reads;
mod receipts;
mod server;
mod shelf;

use std::collections::BTreeSet;

use podpis::core::call::Endpoint;
use podpis::transport::HttpResponse;
use podpis::{diadoc, extern_api};

use answer::Table;
pub(crate) use server::is_at;

/// What there is here about a service.
struct Shown {
    endpoints: &'static [&'static Endpoint],
    /// The endpoint and the line of every request.
    requests: Vec<(&'static str, &'static str)>,
    tables: Vec<&'static Table>,
    /// What may be answered to any call.
    common: &'static [u16],
}

/// What every endpoint answers when all goes well.
pub(crate) fn good() -> impl Iterator<Item = (&'static str, HttpResponse)> {
    let services = [server::DIADOC, extern_server::EXTERN];
    services.into_iter().flat_map(|service| {
        service.endpoints.iter().map(move |endpoint| {
            let says = (service.good)(endpoint.name, 1);
            let answer = http::Response::builder().status(says.status);
            let headers = says.headers.iter();
            let answer = headers.fold(answer, |answer, (name, value)| answer.header(*name, *value));
            (endpoint.name, answer.body(says.body.into()).unwrap())
        })
    })
}

fn shown() -> [Shown; 2] {
    let of_diadoc = [
        authenticate::REQUESTS,
        shelf::REQUESTS,
        cloud_sign::REQUESTS,
        dss_sign::REQUESTS,
        receipts::REQUESTS,
        certificates::REQUESTS,
        lists::REQUESTS,
        messages::REQUESTS,
        postings::REQUESTS,
    ]
    .concat()
    .concat();
    let of_extern = extern_requests::all()
        .chain(extern_drafts::REQUESTS)
        .chain(extern_draft_documents::REQUESTS)
        .chain(extern_docflows::REQUESTS)
        .chain(extern_replies::all())
        .chain(extern_draft_tasks::REQUESTS.iter().copied().flatten())
        .chain(extern_prints::REQUESTS)
        .chain(extern_uploads::REQUESTS);
    [
        Shown {
            endpoints: diadoc::endpoints::ALL,
            requests: of_diadoc
                .iter()
                .map(|exact| (exact.endpoint, exact.line))
                .collect(),
            tables: [
                authenticate::ANSWERS,
                shelf::ANSWERS,
                cloud_sign::ANSWERS,
                dss_sign::ANSWERS,
                receipts::ANSWERS,
                certificates::ANSWERS,
                lists::ANSWERS,
                messages::ANSWERS,
                postings::ANSWERS,
            ]
            .concat(),
            common: &[
                200, 400, 401, 402, 403, 404, 405, 409, 410, 415, 429, 500, 502, 503, 504,
            ],
        },
        Shown {
            endpoints: extern_api::endpoints::ALL,
            requests: of_extern
                .map(|exact| (exact.endpoint, exact.line))
                .collect(),
            tables: [
                extern_reads::ANSWERS,
                extern_contents::ANSWERS,
                extern_starts::ANSWERS,
                extern_codes::ANSWERS,
                extern_tasks::ANSWERS,
                extern_drafts::ANSWERS,
                extern_draft_documents::ANSWERS,
                extern_docflows::ANSWERS,
                extern_replies::CALLS,
                extern_replies::SENDINGS,
                extern_draft_tasks::ANSWERS,
                extern_prints::ANSWERS,
                extern_uploads::ANSWERS,
            ]
            .concat(),
            common: &[
                200, 204, 400, 401, 403, 404, 409, 413, 429, 500, 502, 503, 504,
            ],
        },
    ]
}

#[test]
fn every_endpoint_has_its_requests_and_its_answers() {
    for service in shown() {
        let all: BTreeSet<&str> = service.endpoints.iter().map(|known| known.name).collect();
        assert_eq!(all.len(), service.endpoints.len(), "no name twice");
        let requested: BTreeSet<&str> = service.requests.iter().map(|(name, _)| *name).collect();
        assert_eq!(requested, all);
        let tables = service.tables.iter();
        let answered: Vec<&str> = tables.map(|table| table.endpoint).collect();
        assert_eq!(answered.iter().copied().collect::<BTreeSet<_>>(), all);
        assert_eq!(answered.len(), all.len(), "one table for each");
    }
}

#[test]
fn a_row_is_about_the_endpoint_that_it_names() {
    for service in shown() {
        for (name, line) in service.requests {
            let (method, path) = line.split_once(' ').unwrap();
            let path = path.split('?').next().unwrap();
            let mut endpoints = service.endpoints.iter();
            let endpoint = endpoints.find(|known| is_at(known, method, path)).unwrap();
            assert_eq!(endpoint.name, name, "{line}");
        }
    }
}

#[test]
fn every_document_is_asked_for_in_both_places() {
    let [_, service] = shown();
    for endpoint in service.endpoints {
        if endpoint.path.contains("{place}") {
            let lines = service.requests.iter();
            let lines = lines.filter(|(name, _)| *name == endpoint.name);
            let places: BTreeSet<bool> = lines
                .map(|(_, line)| line.contains("/inventories/"))
                .collect();
            assert_eq!(places.len(), 2, "{}", endpoint.name);
        }
    }
}

#[test]
fn every_endpoint_has_a_row_for_every_common_status() {
    for service in shown() {
        for table in service.tables {
            let statuses: BTreeSet<u16> = table.all_rows().map(|row| row.says.status).collect();
            for status in service.common {
                assert!(statuses.contains(status), "{}: {status}", table.endpoint);
            }
            // "Not ready yet" is said to those who ask for a result.
            let polled = table.endpoint.ends_with("Result");
            assert!(!polled || statuses.contains(&204), "{}", table.endpoint);
        }
    }
}

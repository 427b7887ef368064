//! Every endpoint of both services against every way in which an exchange goes wrong.
//!
//! | module | decides |
//! |---|---|
//! | `fault` | what may go wrong |
//! | `server` | how it goes wrong over TCP |
//! | `table` | what it must mean for an endpoint of each class |
//!
//! The class of an endpoint is its own `Replay`. What is compared is what a caller decides by: the kind of the error,
//! whether the request may have been applied, how often it was sent, and which pauses the client made. Answers that are
//! complete and not what they should be are read by each client; the tables of [`crate::wire`] have those by endpoint,
//! and here is what "unreadable" then means.
//!
//! **Invariant:** no cell is empty: every endpoint meets every fault. Time is manual; bytes are real.

mod fault;
mod server;
mod table;

use std::fmt::Write as _;
use std::time::Duration;

use futures_util::StreamExt as _;
use podpis::core::call::{Answer, Bounds, Call, Caller, Effect, Endpoint, PermitClass};
use podpis::core::wait::Time;
use podpis::{Error, ReqwestTransport, SharedTransport, diadoc, extern_api};

use fault::Fault;
use server::{Hostile, Patience};
use table::TABLE;

/// How long a call may take, on the manual clock.
const DEADLINE: Duration = Duration::from_secs(600);
/// How many bytes of an answer the client takes here.
const ANSWER_LIMIT: usize = 64 * 1024;
/// How many cells are looked at together.
const TOGETHER: usize = 16;

/// What came of one endpoint and one fault, in the words of the table.
async fn cell(endpoint: &'static Endpoint, fault: Fault, transport: SharedTransport) -> String {
    let server = Hostile::new(fault).await;
    let time = Patience::new(&server);
    let caller = Caller::builder(server.address(), transport, time.clone()).build();
    let bounds = Bounds {
        class: PermitClass::Other,
        began: time.elapsed(),
        ends: time.elapsed() + DEADLINE,
        is_deadline: true,
        grace: Duration::from_secs(5),
    };
    let call = endpoint
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .fold(Call::new(endpoint), |call, name| call.segment(name, "x"));
    let answered = caller.within(bounds).call(call).await;
    let refused = match answered {
        Err(error) => error,
        // The client cannot make anything of it.
        Ok(answer) => read(&answer),
    };
    let effect = match refused.effect() {
        Some(Effect::Applied) => "applied",
        Some(Effect::NotApplied) => "not applied",
        Some(Effect::Unknown) => "unknown",
        None => "no effect told",
    };
    let mut told = format!("{:?}, {effect}", refused.kind());
    if server.asked() > 1 {
        let _ = write!(told, ", {} times", server.asked());
    }
    if time.slept() > Duration::ZERO {
        let _ = write!(told, " in {:?}", time.slept());
    }
    told
}

/// The error of a client that misses in the answer what it needs.
fn read(answer: &Answer) -> Error {
    answer.unreadable("nothing that was asked for")
}

#[tokio::test]
async fn every_endpoint_meets_every_fault() {
    let transport = ReqwestTransport::builder()
        .answer_limit(ANSWER_LIMIT)
        .build()
        .unwrap();
    let transport = SharedTransport::from(transport);
    let endpoints = diadoc::endpoints::ALL
        .iter()
        .chain(extern_api::endpoints::ALL);
    let endpoints: Vec<&'static Endpoint> = endpoints.copied().collect();

    let mut wrong = String::new();
    for row in TABLE {
        let cells = futures_util::stream::iter(endpoints.iter().map(|endpoint| {
            let transport = transport.clone();
            async move { (*endpoint, cell(endpoint, row.fault, transport).await) }
        }));
        let cells: Vec<_> = cells.buffered(TOGETHER).collect().await;
        assert_eq!(cells.len(), endpoints.len());
        println!("{}", row.in_words());
        for (endpoint, came) in cells {
            let expected = row.of(endpoint.replay);
            println!("  {:<36} {came}", endpoint.name);
            if came != expected {
                let _ = writeln!(
                    wrong,
                    "{} at {:?}: {came}; the table says: {expected}",
                    row.fault, endpoint.name
                );
            }
        }
    }
    println!("{} endpoints x {} faults", endpoints.len(), TABLE.len());
    assert!(wrong.is_empty(), "{wrong}");
}

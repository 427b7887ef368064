//! Answers to every endpoint, as both clients read them.
//!
//! *Invariant:* a test asks every endpoint; what none of the inputs reaches makes it fail.

use std::collections::BTreeSet;
use std::time::Duration;

use podpis::operation::{Journal as _, MemoryJournal};
use podpis::secret::ConfirmationCode;
use podpis::transport::HttpResponse;
use podpis::{
    CodeRequest, Deadline, ErrorChain, Operation, Podpis, Prompt, PromptError, SharedTransport,
    diadoc, extern_api,
};
use podpis_diadoc_proto::prost::Message as _;
use podpis_diadoc_proto::{CloudSignConfirmResult, ContentV2};
use podpis_sandbox::{PhoneMode, WorldOptions};

use super::answered::{Recording, Spoiling};
use super::calls::{CALLS, Clients};
use super::records::operations_of_fixtures;
use super::run::{Bound, Linear, Tried, fuzz};
use super::starts::STARTS;
use crate::stage::Stage;
use crate::wire::good;

/// A call makes requests, and an operation polls for ten minutes, whatever is answered: those have their own cost.
const BOUND: Bound = Bound {
    allocations: Linear {
        least: 20_000,
        per_byte: 2,
    },
    bytes: Linear {
        least: 3_000_000,
        per_byte: 200,
    },
};

/// So many inputs ask every endpoint.
const ENOUGH: usize = 1_000;

/// What the sandbox answers to the calls and to the conversations of all operations.
struct World {
    stage: Stage,
    spoiling: Spoiling,
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
}

async fn world() -> World {
    let options = WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO);
    let stage = Stage::in_process(options).await;
    let recording = Recording::over(SharedTransport::new(stage.sandbox.clone()));
    let transport = SharedTransport::new(recording.clone());
    let clients = Clients::new(&stage, &transport);
    for number in 0..STARTS {
        drop(clients.start(number, &mut stage.person()).await);
    }
    for number in 0..CALLS {
        drop(clients.call(number).await);
    }
    let mut answers = recording.answers();
    for (endpoint, answer) in good().chain([by_name()]) {
        answers.entry(endpoint).or_default().push(answer);
    }
    World {
        spoiling: Spoiling::new(answers),
        stage,
    }
}

/// A signature that lies on the shelf.
fn by_name() -> (&'static str, HttpResponse) {
    let result = CloudSignConfirmResult::new()
        .with_signatures([ContentV2::new().with_name_on_shelf("signature")]);
    (
        "CloudSignConfirmResult",
        http::Response::new(result.encode_to_vec().into()),
    )
}

impl World {
    /// Clients that nothing was told yet.
    fn clients(&self) -> Clients {
        Clients::new(&self.stage, &SharedTransport::new(self.spoiling.clone()))
    }
}

/// A person who gives three codes, and then has had enough.
fn person() -> impl Prompt {
    let mut answers = 0;
    move |_: CodeRequest| {
        answers += 1;
        std::future::ready(match answers {
            1..=3 => Ok(ConfirmationCode::new("123456")),
            _ => Err(PromptError::new("enough")),
        })
    }
}

pub(super) fn answers() {
    let runtime = runtime();
    let world = runtime.block_on(world());
    let records: Vec<Operation> = operations_of_fixtures()
        .iter()
        .map(|text| Operation::from_json(text).unwrap())
        .collect();
    let tried = fuzz("answers", ENOUGH, BOUND, |numbers| {
        world.spoiling.begin(numbers);
        let clients = world.clients();
        let (way, call) = (numbers.below(3), numbers.below(CALLS));
        let (start, record) = (numbers.below(STARTS), numbers.one_of(&records));
        let talk = || {
            runtime.block_on(async {
                match way {
                    0 => drop(clients.call(call).await),
                    1 => drop(clients.start(start, &mut person()).await),
                    _ => resume(clients, record).await,
                }
            });
        };
        Tried::talking(talk, || world.spoiling.said())
    });
    if tried >= ENOUGH {
        let known = diadoc::endpoints::ALL
            .iter()
            .chain(extern_api::endpoints::ALL);
        let known: BTreeSet<&str> = known.map(|endpoint| endpoint.name).collect();
        let asked = world.spoiling.asked();
        let missing: Vec<&&str> = known.difference(&asked).collect();
        assert!(missing.is_empty(), "no input asks {missing:?}");
    }
}

/// Goes on with a record until nothing more can be done.
async fn resume(clients: Clients, record: &Operation) {
    let podpis = Podpis::new()
        .with_diadoc(clients.diadoc)
        .with_extern(clients.extern_api);
    let journal = MemoryJournal::new();
    let mut claim = journal.claim(record.id()).await.unwrap();
    claim.save(record).await.unwrap();
    drop(claim);
    let claim = journal.claim(record.id()).await.unwrap();
    let mut run = podpis.resume(claim).unwrap();
    match run.wait(&mut person(), Deadline::minutes(10)).await {
        Ok(output) => drop(format!("{output:?}")),
        Err(error) => drop(format!("{} {error:?}", ErrorChain(&error))),
    }
}

//! Records of operations, and the files of a journal's folder.

use podpis::operation::Listing;
use podpis::operation::Which;
use podpis::{FolderJournal, Journal, MemoryJournal, Operation, OperationId, Podpis};
use podpis_sandbox::WorldOptions;
use serde_json::Value;

use super::bytes::changed;
use super::corpus::{below, records};
use super::json::change_json;
use super::run::{Bound, Linear, Tried, fuzz};
use crate::stage::Stage;

const BOUND: Bound = Bound {
    allocations: Linear {
        least: 200,
        per_byte: 1,
    },
    bytes: Linear {
        least: 40_000,
        per_byte: 100,
    },
};

/// What a lease file says.
const LEASE: &str = r#"{"key":"00000000-0000-4000-8000-000000000002","owner":"somebody","lock":"00000000-0000-4000-8000-000000000001","ends":1795000000000}"#;

/// Every record that the fixtures have, as they lie in a folder.
fn stored() -> Vec<Vec<u8>> {
    let mut kinds: Vec<_> = std::fs::read_dir(records())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    kinds.sort();
    let is_kind = |path: &std::path::PathBuf| path.is_dir() && !path.ends_with("conversations");
    kinds
        .into_iter()
        .filter(is_kind)
        .flat_map(|kind| below(&kind, ".json"))
        .collect()
}

/// The same without what the folder adds.
pub(super) fn operations_of_fixtures() -> Vec<Vec<u8>> {
    let operation = |text: &Vec<u8>| {
        let stored: Value = serde_json::from_slice(text).unwrap();
        serde_json::to_vec(&stored["operation"]).unwrap()
    };
    stored().iter().map(operation).collect()
}

async fn podpis() -> Podpis {
    let stage = Stage::in_process(WorldOptions::default()).await;
    Podpis::new()
        .with_diadoc(stage.diadoc())
        .with_extern(stage.extern_api())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
}

pub(super) fn operations() {
    let runtime = runtime();
    let podpis = runtime.block_on(podpis());
    let seeds = operations_of_fixtures();
    fuzz("operations", 2_000, BOUND, |numbers| {
        let input = changed(&seeds, change_json, numbers);
        Tried::new(input, |bytes| {
            let Ok(operation) = Operation::from_json(bytes) else {
                return;
            };
            let _ = format!("{operation:?} {:?}", operation.due());
            let _ = operation.to_json().unwrap();
            runtime.block_on(async {
                let journal = MemoryJournal::new();
                let mut claim = journal.claim(operation.id()).await.unwrap();
                claim.save(&operation).await.unwrap();
                drop(claim);
                let claim = journal.claim(operation.id()).await.unwrap();
                match podpis.resume(claim) {
                    Ok(run) => drop(format!("{:?} {:?}", run.next(), run.output().is_ok())),
                    Err(error) => drop(error.to_string()),
                }
            });
        })
    });
}

pub(super) fn journal_files() {
    let runtime = runtime();
    let seeds = stored();
    let id = |text: &[u8]| -> OperationId {
        let stored: Value = serde_json::from_slice(text).unwrap();
        stored["operation"]["id"].as_str().unwrap().parse().unwrap()
    };
    let leases = [LEASE.as_bytes().to_vec(), Vec::new()];
    fuzz("journal_files", 250, BOUND, |numbers| {
        let seed = numbers.one_of(&seeds).clone();
        let id = id(&seed);
        let folder = tempfile::tempdir().unwrap();
        let record = changed(&[seed], change_json, numbers);
        let others = changed(&leases, change_json, numbers);
        std::fs::write(folder.path().join(format!("{id}.json")), &record).unwrap();
        for end in ["lease", "claim", "tmp"] {
            if numbers.once_in(3) {
                std::fs::write(folder.path().join(format!("{id}.{end}")), &others).unwrap();
            }
        }
        if numbers.once_in(3) {
            std::fs::write(
                folder
                    .path()
                    .join("00000000-0000-4000-8000-000000000001.owner"),
                &others,
            )
            .unwrap();
            std::fs::write(folder.path().join("journal.lock"), &others).unwrap();
        }
        let input = [record, others].concat();
        Tried::new(input, |_| {
            runtime.block_on(async {
                let journal = FolderJournal::at(folder.path()).unwrap();
                let page = journal.list(&Listing::of(Which::All)).await;
                let _ = format!("{page:?} {:?}", journal.unreadable());
                let _ = journal.look(&id).await.is_ok();
                let claimed = journal.claim(&id).await;
                if let Ok(claim) = claimed {
                    drop(format!("{claim:?}"));
                }
                let _ = journal.forget(&id).await.is_ok();
            });
        })
    });
}

//! Starts of operations whose records are in a folder, against a service that answers at once: one after another, and twenty
//! at a time. A start is stored before it is sent and again when it was answered, each time as safe as a disk can make it.
//!
//! By hand each record is a file that is written beside its name, synced and renamed, and nobody claims anything.

mod by_hand;
mod library;
#[path = "../engine/by_hand.rs"]
#[allow(dead_code, reason = "nothing is polled here")]
mod one_by_hand;
#[path = "../engine/service.rs"]
#[allow(dead_code, reason = "it is never ready here")]
mod service;
#[path = "../engine/way.rs"]
#[allow(dead_code, reason = "what is signed is not looked at here")]
mod way;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use futures_util::future::try_join_all;
use podpis_bench::signing::{Batch, Covers, Signer};
use podpis_bench::{Error, Figures, Side, Whose};

/// How many are started.
const STARTS: usize = 400;

/// How many at a time.
const AT_A_TIME: usize = 20;

/// One of the two sides.
trait Starts: Sized {
    /// A client with its records in this folder.
    fn new(folder: &Path) -> Result<Self, Error>;

    /// Starts signing a document, and leaves it open.
    async fn start(&self, document: Vec<u8>) -> Result<(), Error>;
}

/// A folder that is gone in the end.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn main() -> ExitCode {
    podpis_bench::run(Whose::Own, |side, figures| match side {
        Side::Podpis => cases::<library::Library>(figures),
        Side::ByHand => cases::<by_hand::ByHand>(figures),
        other => Err(format!("no side {other:?}").into()),
    })
}

fn cases<S: Starts>(figures: &mut Figures) -> Result<(), Error> {
    let batch = Batch::new(1, &[Signer::p256(1)?], Covers::Attributes)?;
    let document = &batch.documents[0];
    let folder = format!("podpis-bench-{}", std::process::id());
    let folder = Folder(std::env::temp_dir().join(folder));
    std::fs::create_dir(&folder.0)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let side = S::new(&folder.0)?;
    runtime.block_on(side.start(document.clone()))?; // Logs in.
    figures.case("a start", STARTS, || {
        runtime.block_on(async {
            for _ in 0..STARTS {
                side.start(document.clone()).await?;
            }
            Ok(())
        })
    })?;
    figures.case("a start of twenty at a time", STARTS, || {
        runtime.block_on(async {
            for _ in 0..STARTS / AT_A_TIME {
                let starts = (0..AT_A_TIME).map(|_| side.start(document.clone()));
                try_join_all(starts).await?;
            }
            Ok(())
        })
    })?;
    Ok(())
}

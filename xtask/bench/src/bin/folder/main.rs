//! Operations whose records are in a folder, against a service that answers at once: starts, one after another and twenty
//! at a time, and a whole CloudSign. What is sent is stored before and again when it was answered, each time as safe as a
//! disk can make it.
//!
//! By hand each record is a file that is written beside its name, synced and renamed, and nobody claims anything.

mod by_hand;
mod library;
#[path = "../engine/by_hand.rs"]
#[allow(dead_code, reason = "nobody drives many here")]
mod one_by_hand;
#[path = "../engine/service.rs"]
mod service;
#[path = "../engine/way.rs"]
#[allow(dead_code, reason = "nothing waits here")]
mod way;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use futures_util::future::try_join_all;
use podpis_bench::signing::{Batch, Covers, Signer};
use podpis_bench::{Error, Figures, Side, Whose};

use crate::service::Service;

/// How many are started.
const STARTS: usize = 400;

/// How many are driven to their ends.
const WHOLE: usize = 50;

/// How many at a time.
const AT_A_TIME: usize = 20;

/// One of the two sides.
trait Starts: Sized {
    /// A client of the service with its records in this folder.
    fn new(folder: &Path, service: Service) -> Result<Self, Error>;

    /// Starts signing a document, and leaves it open.
    async fn start(&self, document: Vec<u8>) -> Result<(), Error>;

    /// Signs a document, and gives the signatures, checked.
    async fn whole(&self, document: Vec<u8>) -> Result<Vec<Vec<u8>>, Error>;
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
    let (document, signature) = (&batch.documents[0], &batch.signatures[0]);
    let folder = format!("podpis-bench-{}", std::process::id());
    let folder = Folder(std::env::temp_dir().join(folder));
    std::fs::create_dir(&folder.0)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let side = S::new(&folder.0, Service::at_work())?;
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
    let apart = folder.0.join("whole");
    std::fs::create_dir(&apart)?;
    let side = S::new(&apart, Service::ready(signature))?;
    runtime.block_on(side.whole(document.clone()))?; // Logs in.
    let (given, _) = figures.case("CloudSign", WHOLE, || {
        runtime.block_on(async {
            let mut given = Vec::new();
            for _ in 0..WHOLE {
                given = side.whole(document.clone()).await?;
            }
            Ok(given)
        })
    })?;
    batch.expect(&given)
}

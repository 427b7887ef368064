//! Puts a file of 400 MB on the shelf, in parts, of a service in another process that takes whatever comes.
//!
//! The cases: with the digests of any key that may sign, and with those of the one that will, each in processor time and
//! by the clock, by a service that answers at once and by one that takes 20 ms; and what is held at most. By hand it is the
//! same parts and the same digests. A revision that knows no certificate before makes all digests in every case.

mod by_hand;
mod library;
mod sink;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use peak_alloc::PeakAlloc;
use podpis_bench::{Error, Figures, Served, Side, Whose};

/// Counts what both sides allocate.
#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Bytes of the file.
const SIZE: u64 = 400_000_000;

/// How long the slower service takes for an answer.
const SLOW: Duration = Duration::from_millis(20);

/// Names the role of the process that this program starts.
const SINK: &str = "sink";

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() != Some(SINK) {
        return podpis_bench::run(Whose::Own, cases);
    }
    match sink::serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn cases(side: Side, figures: &mut Figures) -> Result<(), Error> {
    let document = Document::new()?;
    let per = usize::try_from(SIZE)?;
    for (signer, is_known) in [("any key", false), ("a key that is known", true)] {
        for (answers, pause) in [("at once", Duration::ZERO), ("after 20 ms", SLOW)] {
            let sink = Served::start(SINK, pause)?;
            let put = || match side {
                Side::Podpis => library::put(&sink.url, &document.0, is_known),
                _ => by_hand::put(&sink.url, &document.0, is_known),
            };
            let case = format!("a byte for {signer}, answered {answers}");
            ALLOCATOR.reset_peak_usage();
            let before = ALLOCATOR.current_usage();
            figures.both(&case, per, put)?;
            let most = ALLOCATOR.peak_usage().saturating_sub(before);
            figures.bytes(&format!("{case}: held"), 1, most);
        }
    }
    Ok(())
}

/// A file that goes with the value.
struct Document(PathBuf);

impl Document {
    fn new() -> Result<Self, Error> {
        let name = format!("podpis-bench-{}.bin", std::process::id());
        let document = Self(std::env::temp_dir().join(name));
        File::create_new(&document.0)?.set_len(SIZE)?;
        Ok(document)
    }
}

impl Drop for Document {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Runs it on the threads that a program has by default.
fn on_a_runtime(put: impl Future<Output = Result<(), Error>>) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(put)
}

/// The certificate of a GOST key of 256 bits.
fn certificate() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../crates/podpis-cms/tests/fixtures/gost/user256.crt.der")
}

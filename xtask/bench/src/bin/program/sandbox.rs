//! The service: the sandbox of the tree that is measured.
//!
//! *Invariant:* it never keeps anybody waiting longer than they choose to, or than it was told.

use std::time::Duration;

use podpis_bench::{Error, Served};
use podpis_sandbox::{Bind, Fault, Sandbox, WorldOptions};

/// The process itself.
pub(crate) fn serve() -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let service = Sandbox::new(WorldOptions::default().processing(Duration::ZERO));
    let pause = Served::pause()?;
    if !pause.is_zero() {
        service.inject(Fault::on("*").delay(pause));
    }
    let server = runtime.block_on(service.serve(Bind::loopback(0)))?;
    Served::last(server.base_url())
}

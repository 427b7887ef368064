//! The service: the sandbox of the tree that is measured, in a process of its own.
//!
//! *Invariant:* what it uses is not counted, because it is waited for only when all is measured; and it never keeps
//! anybody waiting longer than they choose to.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use podpis_bench::Error;
use podpis_sandbox::{Bind, Fault, Sandbox as Service, WorldOptions};

use crate::SANDBOX;

/// A sandbox that ends with the value.
pub(crate) struct Sandbox {
    child: Child,
    pub(crate) url: String,
}

impl Sandbox {
    /// One that takes this long for each answer.
    pub(crate) fn start(pause: Duration) -> Result<Self, Error> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg(SANDBOX)
            .arg(pause.as_millis().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let told = child.stdout.take().ok_or("no output")?;
        let mut url = String::new();
        BufReader::new(told).read_line(&mut url)?;
        let url = url.trim_end().to_owned();
        Ok(Self { child, url })
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // The end of its input tells it.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The process itself: tells its address and serves until its input ends.
pub(crate) fn serve(pause: Option<String>) -> Result<(), Error> {
    let pause = Duration::from_millis(pause.ok_or("no pause")?.parse()?);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let service = Service::new(WorldOptions::default().processing(Duration::ZERO));
    if !pause.is_zero() {
        service.inject(Fault::on("*").delay(pause));
    }
    let server = runtime.block_on(service.serve(Bind::loopback(0)))?;
    println!("{}", server.base_url());
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

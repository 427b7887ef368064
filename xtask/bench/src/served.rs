//! A service in a process of its own: the benchmark itself, started with the name of that role.
//!
//! *Invariant:* what it uses is not counted, because it is waited for only when all is measured; and it ends with whoever
//! started it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::Error;

/// A service that ends with the value.
#[derive(Debug)]
pub struct Served {
    child: Child,
    /// Its address.
    pub url: String,
}

impl Served {
    /// Starts it in its role. It is told how long an answer takes, and tells its address.
    ///
    /// # Errors
    ///
    /// When it does not start, or ends at once.
    pub fn start(role: &str, pause: Duration) -> Result<Self, Error> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg(role)
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

    /// For the process itself: how long an answer takes.
    ///
    /// # Errors
    ///
    /// When it was not told.
    pub fn pause() -> Result<Duration, Error> {
        let pause = std::env::args().nth(2).ok_or("no pause")?;
        Ok(Duration::from_millis(pause.parse()?))
    }

    /// For the process itself: tells its address, and lasts as long as whoever started it.
    ///
    /// # Errors
    ///
    /// When its input cannot be read.
    pub fn last(url: &str) -> Result<(), Error> {
        println!("{url}");
        std::io::stdin().read_to_end(&mut Vec::new())?;
        Ok(())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // The end of its input tells it.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

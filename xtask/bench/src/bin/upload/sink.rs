//! The service: takes whatever comes, in a process of its own.
//!
//! *Invariant:* what it uses is not counted, and an answer waits for nothing but the pause.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use podpis_bench::Error;

use crate::SINK;

/// A sink that ends with the value.
pub(crate) struct Sink {
    child: Child,
    pub(crate) url: String,
}

impl Sink {
    pub(crate) fn start(pause: Duration) -> Result<Self, Error> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg(SINK)
            .arg(pause.as_millis().to_string())
            .stdout(Stdio::piped())
            .spawn()?;
        let told = child.stdout.take().ok_or("no output")?;
        let mut url = String::new();
        BufReader::new(told).read_line(&mut url)?;
        let url = url.trim_end().to_owned();
        Ok(Self { child, url })
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The process itself: tells its address and serves until it is stopped.
pub(crate) fn serve(pause: Option<String>) -> Result<(), Error> {
    let pause = Duration::from_millis(pause.ok_or("no pause")?.parse()?);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", listener.local_addr()?);
    for connection in listener.incoming() {
        let connection = connection?;
        // A client that goes away ends its own connection.
        thread::spawn(move || answer(connection, pause).is_ok());
    }
    Ok(())
}

fn answer(mut connection: TcpStream, pause: Duration) -> Result<(), Error> {
    connection.set_nodelay(true)?;
    let mut requests = BufReader::with_capacity(64 * 1024, connection.try_clone()?);
    while let Some((path, length)) = head(&mut requests)? {
        std::io::copy(&mut requests.by_ref().take(length), &mut std::io::sink())?;
        thread::sleep(pause);
        let body = match path.split('?').next() {
            Some("/ShelfUploadPart") => "[]",
            _ => "a-name",
        };
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        connection.write_all((head + body).as_bytes())?;
    }
    Ok(())
}

/// Path and length of the next request.
fn head(requests: &mut impl BufRead) -> Result<Option<(String, u64)>, Error> {
    let mut first = String::new();
    if requests.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let path = first.split(' ').nth(1).ok_or("no path")?.to_owned();
    let mut length = 0;
    loop {
        let mut line = String::new();
        requests.read_line(&mut line)?;
        let Some((name, value)) = line.split_once(':') else {
            return Ok(Some((path, length)));
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse()?;
        }
    }
}

//! The service: takes whatever comes.
//!
//! *Invariant:* an answer waits for nothing but the pause.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use podpis_bench::{Error, Served};

/// The process itself.
pub(crate) fn serve() -> Result<(), Error> {
    let pause = Served::pause()?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            // A client that goes away ends its own connection.
            thread::spawn(move || answer(connection, pause).is_ok());
        }
    });
    Served::last(&url)
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

//! A server that says the same to everybody.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Answers "hello" to everything.
pub(super) const HELLO: &str =
    "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello";

/// Listens on this machine for as long as the process lives.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers every request with `answer`.
    pub(super) fn start(answer: &'static str) -> Self {
        Self::with(move |mut socket, heads| {
            let head = head(&mut socket);
            heads.lock().unwrap().push(head);
            let _ = socket.write_all(answer.as_bytes());
        })
    }

    /// Does with every connection what `serve` does.
    pub(super) fn with(
        serve: impl Fn(TcpStream, &Mutex<Vec<String>>) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let read = heads.clone();
        let serve = Arc::new(serve);
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                let (serve, read, socket) = (serve.clone(), read.clone(), socket.unwrap());
                std::thread::spawn(move || serve(socket, &read));
            }
        });
        Self { address, heads }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The heads of all requests up to now, in lower case.
    pub(super) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

/// Reads a request without a body, in lower case.
pub(super) fn head(socket: &mut impl Read) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && socket.read(&mut byte).is_ok_and(|read| read == 1) {
        head.extend(byte);
    }
    String::from_utf8(head).unwrap().to_lowercase()
}

//! What clients that others wrote send, written out as bytes, over a socket.
//!
//! *Invariant:* a request here is never built from a message of ours; each one names the client and the habit that it
//! has from it.

mod community;
mod csharp;
mod go;
mod java;
mod java_extern;

use std::time::{Duration, SystemTime};

use podpis_diadoc_proto::json;
use podpis_sandbox::{Bind, RunningServer, Sandbox, WorldOptions};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::strict;
use crate::support::START;

const BOX: &str = "d0b3a6c2-1111-4c5e-9a57-0d1ad0c00001";
const OLD_BOX: &str = "d0b3a6c211114c5e9a570d1ad0c00001@diadoc.ru";
const MESSAGE: &str = "d0b3a6c2-2222-4c5e-9a57-0d1ad0c00001";
const ENTITY: &str = "d0b3a6c2-3333-4c5e-9a57-0d1ad0c00001";

/// A client on the other end of a socket.
struct Client {
    sandbox: Sandbox,
    server: RunningServer,
    /// The header lines of every request from now on, each with its end.
    lines: String,
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Client {
    async fn new(lines: &str) -> Self {
        let now = SystemTime::UNIX_EPOCH + START;
        let sandbox = Sandbox::with_time(WorldOptions::default(), move || now);
        let server = sandbox.serve(Bind::loopback(0)).await.unwrap();
        Self {
            sandbox,
            server,
            lines: lines.to_owned(),
        }
    }

    /// Sends a request line, the lines of every request, more lines and a body.
    async fn say(&self, line: &str, more: &str, body: &[u8]) -> Answer {
        let mut socket = TcpStream::connect(self.server.address()).await.unwrap();
        let head = format!(
            "{line} HTTP/1.1\r\nHost: diadoc-api.kontur.ru\r\n{}{more}Content-Length: {}\r\nConnection: close\r\n\r\n",
            self.lines,
            body.len()
        );
        socket.write_all(head.as_bytes()).await.unwrap();
        socket.write_all(body).await.unwrap();
        let mut bytes = Vec::new();
        socket.read_to_end(&mut bytes).await.unwrap();
        let end = bytes.windows(4).position(|part| part == b"\r\n\r\n");
        let end = end.unwrap();
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let answer = Answer {
            status,
            head: head.to_ascii_lowercase(),
            body: bytes[end + 4..].to_vec(),
        };
        answer.check(line);
        answer
    }

    /// The same, and it has to be done.
    async fn done(&self, line: &str, more: &str, body: &[u8]) -> Answer {
        let answer = self.say(line, more, body).await;
        assert_eq!(answer.status, 200, "{line}: {}", answer.text());
        answer
    }

    /// What a GET answers in protobuf.
    async fn read(&self, line: &str, name: &str) -> Value {
        self.done(line, "", b"").await.message(name)
    }

    /// What a request without a body answers in JSON.
    async fn json(&self, line: &str) -> Value {
        self.done(line, "", b"").await.json()
    }

    /// From now on every request has this login.
    fn log_in(&mut self, authorization: &str) {
        self.lines += &format!("Authorization: {authorization}\r\n");
    }

    fn wait(&self) {
        self.sandbox.advance(Duration::from_secs(1));
    }

    /// The person agrees to what was asked last.
    fn agree(&self) {
        let push = self.sandbox.messages().pop().unwrap();
        self.sandbox.confirm(&push.operation).unwrap();
        self.wait();
    }

    fn code(&self) -> String {
        self.sandbox.messages().pop().unwrap().code.unwrap()
    }
}

impl Answer {
    /// Every message is whole, whoever reads it.
    #[track_caller]
    fn check(&self, line: &str) {
        let path = line.split([' ', '?']).nth(1).unwrap();
        let Some(message) = strict::message_of(path).filter(|_| self.status == 200) else {
            return;
        };
        let bytes = match self.is_json() {
            true => json::read(message, &self.body).unwrap(),
            false => self.body.clone(),
        };
        if let Err(error) = json::check(message, &bytes) {
            panic!("{line}: {error}");
        }
    }

    fn is_json(&self) -> bool {
        self.head.contains("content-type: application/json")
    }

    #[track_caller]
    fn has(&self, line: &str) {
        assert!(self.head.contains(line), "{}", self.head);
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body, which has to be JSON.
    fn json(&self) -> Value {
        assert!(self.is_json(), "{}", self.head);
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The body, which has to be this message in protobuf.
    fn message(&self, name: &str) -> Value {
        assert!(!self.is_json(), "{}", self.head);
        json::write(name, &self.body).unwrap()
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("{pointer}: {value}"))
}

/// A field of protobuf with bytes, short enough for a length of one byte or two.
fn field(tag: u8, bytes: &[u8]) -> Vec<u8> {
    let mut field = vec![tag];
    match u8::try_from(bytes.len()) {
        Ok(length) if length < 0x80 => field.push(length),
        _ => {
            let low = u8::try_from(bytes.len() & 0x7f).unwrap();
            field.extend([low | 0x80, u8::try_from(bytes.len() >> 7).unwrap()]);
        }
    }
    field.extend(bytes);
    field
}

/// LoginPassword of the director.
const LOGIN: &[u8] = b"\x0a\x19director@romashka.example\x12\x11director-password";

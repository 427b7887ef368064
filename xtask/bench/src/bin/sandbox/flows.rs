//! CloudSign from its start to its signature, with requests as bytes.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use podpis_bench::Error;
use podpis_sandbox::{Sandbox, WorldOptions};

/// CloudSignRequest with one file: its content and its name.
const REQUEST: &[u8] = b"\x0a\x12\x0a\x09\x0a\x07content\x12\x05a.xml";

pub(crate) struct Flows {
    sandbox: Sandbox,
    done: usize,
}

impl Flows {
    pub(crate) fn new() -> Self {
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        Self {
            sandbox: Sandbox::with_time(WorldOptions::default(), move || start),
            done: 0,
        }
    }

    pub(crate) fn done(&self) -> usize {
        self.done
    }

    pub(crate) fn run_up_to(&mut self, number: usize) -> Result<(), Error> {
        self.run(number.saturating_sub(self.done))
    }

    pub(crate) fn run(&mut self, number: usize) -> Result<(), Error> {
        for _ in 0..number {
            self.one()?;
        }
        Ok(())
    }

    fn one(&mut self) -> Result<(), Error> {
        let task = self.text("POST", "/CloudSign".to_owned(), REQUEST)?;
        self.sandbox.advance(Duration::from_secs(1));
        let token = self.text("GET", format!("/CloudSignResult?taskId={task}"), b"")?;
        let code = self.sandbox.last_code().ok_or("no SMS came")?;
        let path = format!("/CloudSignConfirm?token={token}&confirmationCode={code}");
        let task = self.text("POST", path, b"")?;
        self.sandbox.advance(Duration::from_secs(1));
        let path = format!("/CloudSignConfirmResult?taskId={task}");
        if self.ask("GET", path, b"")?.is_empty() {
            return Err("no signature came".into());
        }
        self.done += 1;
        Ok(())
    }

    /// The text in field 1 of the answer's message.
    fn text(&self, method: &str, path: String, body: &'static [u8]) -> Result<String, Error> {
        let answer = self.ask(method, path, body)?;
        let text = answer.get(2..).ok_or("the answer has no text")?;
        Ok(std::str::from_utf8(text)?.to_owned())
    }

    fn ask(&self, method: &str, path: String, body: &'static [u8]) -> Result<Bytes, Error> {
        let request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", "Bearer sandbox-oidc-director")
            .body(Bytes::from_static(body))?;
        let answer = self.sandbox.handle(&request);
        if answer.status() == 200 {
            Ok(answer.into_body())
        } else {
            Err(format!("{}: {}", request.uri().path(), answer.status()).into())
        }
    }
}

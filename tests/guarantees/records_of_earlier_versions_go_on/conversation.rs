//! What a program had said to the service when it left a record behind.
//!
//! **Invariant:** a world that hears the same requests at the same moments is the same world, to the last id and the
//! last byte of a signature: it makes everything from its seed, its clock and what it is asked.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use podpis::transport::HttpRequest;
use podpis_core::wait::Time as _;
use serde_json::Value;

use crate::stage::Stage;

/// The requests of one flow, in their order.
pub(crate) struct Conversation(Vec<Said>);

/// One request, and when it left.
struct Said {
    at: Duration,
    method: String,
    /// Path and query.
    path: String,
    headers: Vec<(String, String)>,
    body: Bytes,
    /// The status of the answer; none where it was lost on its way.
    status: Option<u64>,
}

impl Conversation {
    /// One JSON object in a line, as the fixtures have it.
    pub(crate) fn read(text: &str) -> Self {
        Self(text.lines().map(Said::read).collect())
    }

    /// All of them, to the service at this address.
    pub(crate) fn requests(&self, base: &str) -> impl Iterator<Item = HttpRequest> {
        self.0.iter().map(move |said| said.request(base))
    }

    /// Says the first of them to the sandbox of the stage, which answers as it did to the program that is gone. Where it
    /// does not, the sandbox has changed and not the records: an id that it does not know any more is a 404.
    pub(super) async fn repeat(&self, stage: &Stage, first: usize) {
        for said in self.0.get(..first).unwrap() {
            wait_until(stage, said.at);
            let answer = stage.transport().execute(said.request(stage.base())).await;
            let status = answer
                .ok()
                .map(|answer| u64::from(answer.status().as_u16()));
            assert_eq!(
                status, said.status,
                "the world is another one: {}",
                said.path
            );
        }
    }
}

/// Moves the stage's clock to a moment that is not over.
pub(super) fn wait_until(stage: &Stage, moment: Duration) {
    let pause = moment.checked_sub(stage.time.elapsed());
    stage.time.advance(pause.unwrap());
}

impl Said {
    fn read(line: &str) -> Self {
        let said: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| said[name].as_str().map(str::to_owned);
        let headers = said["headers"].as_object().unwrap();
        let headers = headers
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()));
        let body = match (text("text"), text("base64")) {
            (Some(text), None) => Bytes::from(text),
            (None, Some(text)) => STANDARD.decode(text).unwrap().into(),
            _ => Bytes::new(),
        };
        Self {
            at: Duration::from_millis(said["ms"].as_u64().unwrap()),
            method: text("method").unwrap(),
            path: text("path").unwrap(),
            headers: headers.collect(),
            body,
            status: said["status"].as_u64(),
        }
    }

    fn request(&self, base: &str) -> HttpRequest {
        let request = http::Request::builder()
            .method(self.method.as_str())
            .uri(format!("{base}{}", self.path));
        let request = self.headers.iter().fold(request, |request, (name, value)| {
            request.header(name, value)
        });
        request.body(self.body.clone()).unwrap()
    }
}

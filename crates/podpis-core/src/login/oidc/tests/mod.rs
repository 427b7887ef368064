//! The identity service as a script: every request is kept, every answer is given once.
//!
//! **Invariant:** a request that the script does not expect fails the test.

mod codes;
mod credentials;
mod devices;
mod failures;
mod grants;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use podpis_transport::{
    Delivery, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind,
};

use super::{ClientSecret, OidcProvider, OidcProviderBuilder, scope};
use crate::wait::{ManualTime, SharedTime};

/// In every form, at its end but for what a grant adds.
const CLIENT: &str = "client_id=my-program&client_secret=key%2F1";
const JSON: &str = "application/json; charset=utf-8";

#[derive(Clone, Debug, Default)]
struct Script(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    answers: VecDeque<Result<HttpResponse, Delivery>>,
    requests: Vec<HttpRequest>,
    /// How long the next answer takes.
    delay: Option<(SharedTime, Duration)>,
}

impl Script {
    fn answer(&self, status: u16, content_type: &str, body: &str) -> &Self {
        let answer = http::Response::builder()
            .status(status)
            .header("content-type", content_type)
            .header("x-kontur-trace-id", "trace-1")
            .body(Bytes::copy_from_slice(body.as_bytes()))
            .unwrap();
        self.0.lock().unwrap().answers.push_back(Ok(answer));
        self
    }

    fn json(&self, status: u16, body: &str) -> &Self {
        self.answer(status, JSON, body)
    }

    /// An answer with these tokens; an empty refresh token is none.
    fn tokens(&self, access: &str, refresh: &str) -> &Self {
        let mut body = format!(r#"{{"access_token":"{access}","expires_in":600"#);
        if !refresh.is_empty() {
            body.push_str(&format!(r#","refresh_token":"{refresh}""#));
        }
        body.push_str(r#","token_type":"Bearer"}"#);
        self.json(200, &body)
    }

    fn error(&self, code: &str) -> &Self {
        self.json(400, &format!(r#"{{"error":"{code}"}}"#))
    }

    fn nothing(&self, delivery: Delivery) -> &Self {
        self.0.lock().unwrap().answers.push_back(Err(delivery));
        self
    }

    fn slowly(&self, time: &ManualTime, delay: Duration) {
        self.0.lock().unwrap().delay = Some((time.clone().into(), delay));
    }

    /// `path body` of each request.
    fn requests(&self) -> Vec<String> {
        let state = self.0.lock().unwrap();
        let show = |request: &HttpRequest| {
            let body = std::str::from_utf8(request.body()).unwrap();
            format!("{} {body}", request.uri().path())
        };
        state.requests.iter().map(show).collect()
    }

    fn grant_types(&self) -> Vec<String> {
        let requests = self.requests();
        let first = |text: &String| {
            let form = text.split_once(' ').unwrap().1;
            let pair = form.split('&').next().unwrap();
            pair.trim_start_matches("grant_type=").to_owned()
        };
        requests.iter().map(first).collect()
    }
}

#[async_trait::async_trait]
impl Transport for Script {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let (answer, delay) = {
            let mut state = self.0.lock().unwrap();
            state.requests.push(request);
            let answer = state.answers.pop_front();
            (answer.expect("no answer in the script"), state.delay.take())
        };
        if let Some((time, delay)) = delay {
            time.sleep(delay).await;
        }
        answer.map_err(|delivery| TransportError::new(TransportErrorKind::Connect, delivery))
    }
}

fn builder(script: &Script, time: &ManualTime) -> OidcProviderBuilder {
    OidcProvider::builder(
        "https://identity.example.com".parse().unwrap(),
        "my-program",
        ClientSecret::new("key/1"),
        script.clone(),
        time.clone(),
    )
    .scope(scope::EXTERN)
}

fn stage() -> (Script, ManualTime, OidcProvider) {
    let (script, time) = (Script::default(), ManualTime::new());
    let provider = builder(&script, &time).build().unwrap();
    (script, time, provider)
}

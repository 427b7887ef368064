//! A client of Extern at a keyboard.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use podpis_sandbox::{ExternInfo, ExternOptions, PhoneMode, Sandbox, WorldOptions};
use podpis_transport::HttpResponse;
use serde_json::Value;

use crate::support::{asked, world};

pub(super) struct Client {
    pub(super) world: Sandbox,
    pub(super) authorization: String,
    pub(super) info: ExternInfo,
}

impl Client {
    pub(super) fn new() -> Self {
        Self::with(WorldOptions::default())
    }

    pub(super) fn with(options: WorldOptions) -> Self {
        let world = world(options);
        let info = world.world_info().extern_;
        Self {
            authorization: format!("Bearer {}", info.token),
            world,
            info,
        }
    }

    pub(super) fn with_extern(options: ExternOptions) -> Self {
        Self::with(WorldOptions::default().extern_options(options))
    }

    /// From now on everything is asked by this seeded user.
    pub(super) fn be(&mut self, user: usize) {
        let token = self.world.world_info().diadoc.users[user].token.clone();
        self.authorization = format!("Bearer {token}");
    }

    pub(super) fn wait(&mut self, time: Duration) {
        self.world.advance(time);
    }

    pub(super) fn phone(&mut self, mode: PhoneMode) {
        self.world.set_phone(mode, Duration::ZERO);
    }

    pub(super) fn raw(
        &mut self,
        method: &str,
        path: &str,
        body: impl Into<Bytes>,
        headers: &[(&str, &str)],
    ) -> HttpResponse {
        let mut request = http::Request::builder().method(method).uri(path);
        if !self.authorization.is_empty() {
            request = request.header("authorization", &self.authorization);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.into()).unwrap();
        let mut answer = self.world.handle(&request);
        asked(&request, &mut answer);
        answer
    }

    pub(super) fn call(
        &mut self,
        method: &str,
        path: &str,
        body: impl Into<Bytes>,
    ) -> (u16, Value) {
        let answer = self.raw(method, path, body, &[]);
        let broken = answer.status() == 502;
        assert!(broken || answer.headers().contains_key("x-kontur-trace-id"));
        let value = serde_json::from_slice(answer.body()).unwrap_or_default();
        (answer.status().as_u16(), value)
    }

    /// A call that has to have this status.
    #[track_caller]
    pub(super) fn expect(
        &mut self,
        status: u16,
        method: &str,
        path: &str,
        body: impl Into<Bytes>,
    ) -> Value {
        let (known, answer) = self.call(method, path, body);
        assert_eq!(known, status, "{method} {path}: {answer}");
        answer
    }

    #[track_caller]
    pub(super) fn get(&mut self, path: &str) -> Value {
        self.expect(200, "GET", path, "")
    }

    #[track_caller]
    pub(super) fn post(&mut self, path: &str) -> Value {
        self.expect(200, "POST", path, "")
    }

    /// `/v1/{account}` and the rest.
    pub(super) fn path(&self, rest: &str) -> String {
        format!("/v1/{}/{rest}", self.info.account)
    }

    pub(super) fn draft(&self, id: &str) -> String {
        self.path(&format!("drafts/{id}"))
    }

    /// A body of a draft to this recipient, signed by this certificate.
    pub(super) fn meta(&self, certificate: &str, field: &str, code: &str) -> String {
        let thumbprint = &self.info.certificate(certificate).unwrap().thumbprint;
        let content = STANDARD.encode(self.world.certificate(thumbprint).unwrap());
        serde_json::json!({
            "sender": {
                "inn": "6676130154",
                "kpp": "667601001",
                "certificate": { "content": content },
                "ipaddress": "8.8.8.8",
            },
            "recipient": { field: code },
            "payer": { "inn": "6676130154", "organization": { "kpp": "667601001" } },
        })
        .to_string()
    }

    /// Puts a content up and gives its id.
    pub(super) fn upload(&mut self, body: impl Into<Bytes>) -> String {
        let (status, made) = self.call("POST", &self.path("contents"), body);
        assert_eq!(status, 201, "{made}");
        text(&made, "id").to_owned()
    }

    /// A new draft with one document for each file; gives its path and the paths of the documents.
    pub(super) fn new_draft(
        &mut self,
        meta: &str,
        files: &[(&str, &str)],
    ) -> (String, Vec<String>) {
        let (status, made) = self.call("POST", &self.path("drafts"), meta.to_owned());
        assert_eq!(status, 201, "{made}");
        let draft = self.draft(text(&made, "id"));
        let mut documents = Vec::new();
        for (name, body) in files {
            let content = self.upload((*body).to_owned());
            let request = serde_json::json!({
                "content-id": content,
                "description": {
                    "type": "urn:document:fns534-report",
                    "filename": name,
                    "content-type": "application/xml",
                },
            });
            let path = format!("{draft}/documents");
            let (status, made) = self.call("POST", &path, request.to_string());
            assert_eq!(status, 201, "{made}");
            documents.push(format!("{path}/{}", text(&made, "id")));
        }
        (draft, documents)
    }

    /// Signs a draft or a reply in the app.
    pub(super) fn sign(&mut self, path: &str) {
        let started = self.post(&format!("{path}/cloud-sign"));
        self.confirm_push();
        let done = self.get(&format!("{path}/tasks/{}", text(&started, "task-id")));
        assert_eq!(done["task-state"], "succeed");
    }

    /// Starts a task of a draft, waits, and gives it when it has ended.
    pub(super) fn task(&mut self, draft: &str, act: &str) -> Value {
        let started = self.post(&format!("{draft}/{act}"));
        assert_eq!(started["task-state"], "running");
        self.wait(Duration::from_secs(1));
        self.get(&format!("{draft}/tasks/{}", text(&started, "id")))
    }

    /// The operation of the newest message on the phone.
    pub(super) fn operation(&mut self) -> String {
        self.world.messages().last().unwrap().operation.clone()
    }

    pub(super) fn code(&mut self) -> String {
        self.world.messages().last().unwrap().code.clone().unwrap()
    }

    /// Lets the push go out and confirms it.
    pub(super) fn confirm_push(&mut self) {
        self.wait(Duration::from_secs(1));
        let operation = self.operation();
        self.world.confirm(&operation).unwrap();
        self.wait(Duration::from_secs(1));
    }

    pub(super) fn counters(&mut self) -> podpis_sandbox::Counters {
        self.world.counters()
    }

    pub(super) fn certificate_body(&self, kind: &str) -> String {
        let thumbprint = &self.info.certificate(kind).unwrap().thumbprint;
        let der = self.world.certificate(thumbprint).unwrap();
        format!(r#"{{"certificate-base64":"{}"}}"#, STANDARD.encode(der))
    }
}

pub(super) fn bytes(value: &Value) -> Vec<u8> {
    STANDARD.decode(value.as_str().unwrap()).unwrap()
}

pub(super) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field]
        .as_str()
        .unwrap_or_else(|| panic!("{field} in {value}"))
}

//! A person at a keyboard: makes requests to a world at times of its own choosing.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use podpis_diadoc_proto::prost::Message;
use podpis_diadoc_proto::{
    AsyncMethodResult, CloudSignConfirmResult, CloudSignFile, CloudSignRequest, CloudSignResult,
    ContentV2,
};
use podpis_sandbox::{DiadocInfo, Sandbox, WorldOptions};
use podpis_transport::{HttpRequest, HttpResponse};

use crate::strict;

/// 2023-11-14.
pub(crate) const START: Duration = Duration::from_secs(1_700_000_000);

pub(crate) struct Desk {
    pub(crate) world: Sandbox,
    pub(crate) authorization: Option<String>,
    /// Whether answers may be what no strict reader takes.
    pub(crate) odd: bool,
}

/// A world whose clock only goes forward when it is told to.
pub(crate) fn world(options: WorldOptions) -> Sandbox {
    Sandbox::with_time(options, || SystemTime::UNIX_EPOCH + START)
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self::with(WorldOptions::default())
    }

    pub(crate) fn with(options: WorldOptions) -> Self {
        let mut desk = Self {
            world: world(options),
            authorization: None,
            odd: false,
        };
        desk.be(0);
        desk
    }

    /// From now on everything is asked by this seeded user.
    pub(crate) fn be(&mut self, user: usize) {
        let token = self.info().users[user].token.clone();
        self.authorization = Some(format!("Bearer {token}"));
    }

    pub(crate) fn info(&self) -> DiadocInfo {
        self.world.world_info().diadoc
    }

    pub(crate) fn wait(&mut self, time: Duration) {
        self.world.advance(time);
    }

    pub(crate) fn request(&self, method: &str, path: &str, body: impl Into<Bytes>) -> HttpRequest {
        let mut request = http::Request::builder().method(method).uri(path);
        if let Some(value) = &self.authorization {
            request = request.header("authorization", value);
        }
        request.body(body.into()).unwrap()
    }

    /// A desk whose options ask for answers that no strict reader takes.
    pub(crate) fn odd(options: WorldOptions) -> Self {
        Self {
            odd: true,
            ..Self::with(options)
        }
    }

    pub(crate) fn send(&mut self, request: &HttpRequest) -> HttpResponse {
        let mut answer = self.world.handle(request);
        asked(request, &mut answer);
        if !self.odd {
            strict::check(request, &answer);
        }
        answer
    }

    pub(crate) fn get(&mut self, path: &str) -> HttpResponse {
        self.send(&self.request("GET", path, ""))
    }

    pub(crate) fn post(&mut self, path: &str, body: impl Into<Bytes>) -> HttpResponse {
        self.send(&self.request("POST", path, body))
    }

    pub(crate) fn json(
        &mut self,
        method: &str,
        path: &str,
        body: &str,
    ) -> (u16, serde_json::Value) {
        let answer = self.send(&self.request(method, path, body.to_owned()));
        let value = serde_json::from_slice(answer.body()).unwrap_or_default();
        (answer.status().as_u16(), value)
    }

    /// Starts a signature and gives the task's id.
    pub(crate) fn start(&mut self, files: Vec<ContentV2>) -> String {
        let answer = self.post("/CloudSign", sign_request(files));
        answer.is(200);
        message::<AsyncMethodResult>(&answer).task_id.unwrap()
    }

    /// Polls once, after the world had its time, and gives the token.
    pub(crate) fn token(&mut self, task: &str) -> String {
        self.wait(Duration::from_secs(1));
        let answer = self.get(&format!("/CloudSignResult?taskId={task}"));
        answer.is(200);
        message::<CloudSignResult>(&answer).token.unwrap()
    }

    pub(crate) fn code(&mut self) -> String {
        self.world.messages().pop().unwrap().code.unwrap()
    }

    pub(crate) fn confirm(&mut self, token: &str, code: &str, form: &str) -> HttpResponse {
        self.post(
            &format!("/CloudSignConfirm?token={token}&confirmationCode={code}&return={form}"),
            "",
        )
    }

    /// Confirms with the right code and gives the task's id.
    pub(crate) fn confirmed(&mut self, token: &str, form: &str) -> String {
        let code = self.code();
        let answer = self.confirm(token, &code, form);
        answer.is(200);
        message::<AsyncMethodResult>(&answer).task_id.unwrap()
    }

    pub(crate) fn result(&mut self, task: &str) -> HttpResponse {
        self.wait(Duration::from_secs(1));
        self.get(&format!("/CloudSignConfirmResult?taskId={task}"))
    }

    /// The whole way, and the signatures.
    pub(crate) fn sign(&mut self, files: Vec<ContentV2>) -> Vec<Bytes> {
        let task = self.start(files);
        let token = self.token(&task);
        let task = self.confirmed(&token, "Content");
        let answer = self.result(&task);
        answer.is(200);
        contents(&answer)
    }
}

/// What an answer answers.
#[derive(Clone)]
struct Asked(String);

pub(crate) fn asked(request: &HttpRequest, answer: &mut HttpResponse) {
    let line = format!("{} {}", request.method(), request.uri());
    answer.extensions_mut().insert(Asked(line));
}

/// An answer that has to have a status.
pub(crate) trait Is {
    fn is(&self, status: u16) -> &Self;
}

impl Is for HttpResponse {
    #[track_caller]
    fn is(&self, status: u16) -> &Self {
        let asked = self.extensions().get::<Asked>();
        let asked = asked.map_or("", |asked| &asked.0);
        let body = String::from_utf8_lossy(self.body());
        assert_eq!(self.status(), status, "{asked}: {body}");
        self
    }
}

/// The rows of a table, with bars between the cells.
pub(crate) fn rows<const N: usize>(table: &str) -> impl Iterator<Item = [&str; N]> {
    let rows = table.lines().filter(|row| !row.trim().is_empty());
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        cells.try_into().unwrap()
    })
}

/// A number in a cell.
pub(crate) fn number(cell: &str) -> u16 {
    cell.parse().unwrap()
}

/// A default value but for what is filled in.
pub(crate) fn made<T: Default>(fill: impl FnOnce(&mut T)) -> T {
    but(T::default(), fill)
}

/// A value but for what is changed.
pub(crate) fn but<T>(mut one: T, change: impl FnOnce(&mut T)) -> T {
    change(&mut one);
    one
}

/// A box id as answers write it.
pub(crate) fn old_form(id: &str) -> String {
    format!("{}@diadoc.ru", id.replace('-', ""))
}

pub(crate) fn sign_request(files: Vec<ContentV2>) -> Vec<u8> {
    let file = |content| CloudSignFile {
        content: Some(content),
        file_name: Some("act.xml".to_owned()),
    };
    CloudSignRequest {
        files: files.into_iter().map(file).collect(),
    }
    .encode_to_vec()
}

pub(crate) fn inline(content: &'static str) -> ContentV2 {
    made(|it: &mut ContentV2| it.content = Some(content.into()))
}

pub(crate) fn message<M: Message + Default>(answer: &HttpResponse) -> M {
    M::decode(answer.body().clone()).unwrap()
}

pub(crate) fn contents(answer: &HttpResponse) -> Vec<Bytes> {
    message::<CloudSignConfirmResult>(answer)
        .signatures
        .into_iter()
        .map(|one| one.content.unwrap())
        .collect()
}

pub(crate) fn header<'a>(answer: &'a HttpResponse, name: &str) -> Option<&'a str> {
    let answer = answer.headers().get(name);
    answer.map(|value| value.to_str().unwrap())
}

pub(crate) fn text(answer: &HttpResponse) -> String {
    String::from_utf8(answer.body().to_vec()).unwrap()
}

//! What stands in for Extern: ids that must be encoded, answers when all goes well, and those when it does not.
//!
//! **Invariant:** what the service says holds `planted` wherever no error may quote it.

use std::ops::Deref;
use std::time::Duration;

use podpis::core::call::Effect;
use podpis::core::wait::PollPolicy;
use podpis::extern_api::endpoints;
use podpis::extern_api::model::{AccountId, DraftId, ReplyId};
use podpis::secret::Token;
use podpis::{DocumentPath, ErrorKind, Extern, ExternLogin, ReqwestTransport, SharedTransport};

use super::answer::Gives;
use super::server::{ANYTHING, Says, Sent, Server, Service, ok, status};

pub(super) const BEARER: &str = "Bearer h.p+l/s==";

/// The path of the account `a/1 +`.
macro_rules! of_account {
    ($method:literal) => {
        concat!($method, " /v1/a%2F1%20%2B")
    };
}

/// The paths of the two places: a document of a docflow, and one of an inventory.
macro_rules! at {
    (docflow $method:literal, $verb:literal) => {
        concat!(
            $crate::wire::extern_server::of_account!($method),
            "/docflows/f%3F2/documents/e%233",
            $verb
        )
    };
    (inventory $method:literal, $verb:literal) => {
        concat!(
            $crate::wire::extern_server::of_account!($method),
            "/docflows/f%3F2/documents/%D1%8F/inventories/i%254/documents/e%233",
            $verb
        )
    };
}
/// The path of the draft `d&5`.
macro_rules! of_draft {
    ($method:literal, $rest:literal) => {
        concat!(
            $crate::wire::extern_server::of_account!($method),
            "/drafts/d%265",
            $rest
        )
    };
}

/// A request with a body: its endpoint, line, type and length, and the body.
macro_rules! sends {
    ($endpoint:literal, $line:expr, json $length:literal, $body:expr) => {
        $crate::wire::extern_server::sends!(
            $endpoint,
            $line,
            "application/json; charset=utf-8",
            $length,
            $body.as_bytes()
        )
    };
    ($endpoint:literal, $line:expr, octets $length:literal, $body:expr) => {
        $crate::wire::extern_server::sends!(
            $endpoint,
            $line,
            "application/octet-stream",
            $length,
            $body
        )
    };
    ($endpoint:literal, $line:expr, $type:literal, $length:literal, $body:expr) => {
        $crate::wire::extern_server::Exact {
            headers: &[
                ("accept", "application/json"),
                ("content-type", $type),
                ("content-length", $length),
            ],
            body: $body,
            ..$crate::wire::extern_server::Exact::get($endpoint, $line)
        }
    };
}
/// [`SIGNATURE`] in Base64.
macro_rules! signature {
    () => {
        "MFoGCSqGSIb3DQEHAqBNMEsCAQMxDTALBglghkgBZQMEAgEwCwYJKoZIhvcNAQcBMSowKAIBA4ADa2V5MAsGCWCGSAFlAwQCATAKBggqhkjOPQQDAgQFdmFsdWU="
    };
}
pub(super) use {at, of_account, of_draft, sends, signature};

/// The smallest signature that can be read: a signer without attributes and without a certificate.
pub(super) const SIGNATURE: &[u8] = b"\x30\x5a\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x4d\x30\x4b\x02\x01\x03\
    \x31\x0d\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\
    \x31\x2a\x30\x28\x02\x01\x03\x80\x03key\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\
    \x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02\x04\x05value";

pub(super) fn account() -> AccountId {
    AccountId::new("a/1 +")
}

pub(super) fn draft() -> DraftId {
    DraftId::new("d&5")
}

pub(super) fn reply() -> ReplyId {
    ReplyId::new("r=6")
}

pub(super) fn in_docflow() -> DocumentPath {
    DocumentPath::docflow("f?2".into(), "e#3".into())
}

pub(super) fn in_inventory() -> DocumentPath {
    DocumentPath::docflow("f?2".into(), "я".into()).inventory("i%4".into(), "e#3".into())
}

pub(super) const CERTIFICATE: &[u8] =
    include_bytes!("../../crates/podpis-cms/tests/fixtures/keys/p256.crt.der");

pub(super) const JSON: &[(&str, &str)] = &[("Content-Type", "application/json; charset=utf-8")];
pub(super) const OCTETS: &[(&str, &str)] = &[("Content-Type", "application/octet-stream")];

/// A request as it must be on the wire, in literals.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exact {
    /// The endpoint's name.
    pub(super) endpoint: &'static str,
    /// Method and target, as they are encoded.
    pub(super) line: &'static str,
    /// The parameters as the service reads them.
    pub(super) query: &'static [(&'static str, &'static str)],
    /// But for the Authorization and the transport's own.
    pub(super) headers: &'static [(&'static str, &'static str)],
    pub(super) body: &'static [u8],
}

impl Exact {
    /// Asks for JSON.
    pub(super) const fn get(endpoint: &'static str, line: &'static str) -> Self {
        Self {
            endpoint,
            line,
            query: &[],
            headers: &[("accept", "application/json")],
            body: b"",
        }
    }

    /// Asks for JSON without sending anything, and says that it does not.
    pub(super) const fn post(endpoint: &'static str, line: &'static str) -> Self {
        Self {
            headers: &[("accept", "application/json"), ("content-length", "0")],
            ..Self::get(endpoint, line)
        }
    }

    pub(super) const fn query(self, query: &'static [(&'static str, &'static str)]) -> Self {
        Self { query, ..self }
    }

    /// As it is with this login.
    pub(super) fn by(&self, login: &[(&str, &str)]) -> Sent {
        let asks = self.headers.iter().any(|(name, _)| *name == "accept");
        let accept = if asks { &[][..] } else { &[ANYTHING] };
        let headers = [self.headers, accept, login].concat();
        Sent::new(self.line, self.query, &headers, self.body)
    }
}

/// A server that speaks for Extern, and a client of it.
#[derive(Debug)]
pub(super) struct ExternWire {
    pub(super) client: Extern,
    server: Server,
}

impl Deref for ExternWire {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.server
    }
}

impl ExternWire {
    pub(super) async fn new(transport: &ReqwestTransport) -> Self {
        Self::over(transport.clone()).await
    }

    pub(super) async fn over(transport: impl Into<SharedTransport>) -> Self {
        let login = ExternLogin::bearer(&Token::new("h.p+l/s=="));
        Self::of(transport, login).await
    }

    pub(super) async fn with_login(transport: &ReqwestTransport, login: ExternLogin) -> Self {
        Self::of(transport.clone(), login).await
    }

    async fn of(transport: impl Into<SharedTransport>, login: ExternLogin) -> Self {
        let server = Server::of(&EXTERN).await;
        let client = Extern::builder(server.base().parse().unwrap(), login, transport)
            .time(server.time.clone())
            .observer(server.told.clone())
            // Where polls begin early, the tables would say more of that than of the answers.
            .polls(PollPolicy::growing(
                Duration::from_secs(2),
                Duration::from_secs(5),
            ))
            .build();
        Self { client, server }
    }

    /// Every request so far is as it is written, and there are no others.
    pub(super) async fn got(&self, requests: &[Exact]) {
        let login = [("authorization", BEARER)];
        let requests: Vec<Sent> = requests.iter().map(|exact| exact.by(&login)).collect();
        self.server.got(&requests).await;
    }
}

/// A success with this JSON.
pub(super) const fn json(body: &'static str) -> Says {
    ok(body.as_bytes()).header(JSON)
}

/// A part of a content.
pub(super) const fn part(
    range: &'static [(&'static str, &'static str)],
    body: &'static [u8],
) -> Says {
    Says {
        status: 206,
        ..ok(body).header(range)
    }
}

/// A refusal with an error model, whose id is none that is known to mean something else.
pub(super) const fn refuses(number: u16) -> Says {
    let body = r#"{"id":"urn:error:externapi:error","status-code":"bad-request","message":"Не сложилось","track-id":"planted","properties":{"p":"planted"}}"#;
    Says {
        body: body.as_bytes(),
        code: Some("urn:error:externapi:error"),
        ..status(number)
    }
}

/// The same with an id that says what was wrong.
pub(super) const fn refuses_known(number: u16) -> Says {
    let body = r#"{"id":"urn:error:externapi:signatureNotFound","status-code":400,"trace-id":"[T-1(-)] ","message":"Не сложилось","properties":null}"#;
    Says {
        body: body.as_bytes(),
        code: Some("urn:error:externapi:signatureNotFound"),
        ..status(number)
    }
}

const LOCK_BODY: &str = r#"{"id":"urn:error:externapi:concurrentApiTaskActive","status-code":409,"track-id":"m4n3","message":"Не сложилось","trace-id":"[T-587660f5(-)] ","context":{"concurrent-task":{"id":"5b35fae5","task-type":"urn:task-type:initReplySignOperation"}}}"#;

/// Another task holds the draft or the docflow.
pub(super) const LOCKED: Says = Says {
    body: LOCK_BODY.as_bytes(),
    code: Some("urn:error:externapi:concurrentApiTaskActive"),
    ..status(409)
};

/// How that refusal is told.
pub(super) const NAMES_THE_TASK: Gives = Gives::Failed(
    ErrorKind::Refused,
    Some(Effect::NotApplied),
    r#"AnotherOperationOpen { operation: Some("5b35fae5"), sort: Some("urn:task-type:initReplySignOperation") }"#,
);

/// The same where the task is not told.
pub(super) const LOCKED_BY_SOMEBODY: Says = Says {
    body: r#"{"id":"urn:error:externapi:concurrentApiTaskActive","message":"Не сложилось"}"#
        .as_bytes(),
    ..LOCKED
};
pub(super) const NAMES_NO_TASK: Gives = Gives::Failed(
    ErrorKind::Refused,
    Some(Effect::NotApplied),
    "AnotherOperationOpen { operation: None, sort: None }",
);

/// A refusal whose body says nothing that can be read.
pub(super) const fn mute(number: u16, body: &'static [u8]) -> Says {
    Says {
        body,
        words: None,
        ..status(number)
    }
}

/// An answer that cannot be read for this reason; nothing was applied.
pub(super) const fn unread(why: &'static str) -> Gives {
    Gives::Failed(ErrorKind::UnreadableAnswer, Some(Effect::NotApplied), why)
}

/// The same, to a request that may have been applied.
pub(super) const fn unread_unknown(why: &'static str) -> Gives {
    Gives::Failed(ErrorKind::UnreadableAnswer, Some(Effect::Unknown), why)
}

/// A row per line: the answer, how the call ends, what is next; then requests and milliseconds waited.
macro_rules! rows {
    ($($says:expr => $gives:expr, $then:expr, $sent:literal $slept:literal;)*) => {
        &[$($crate::wire::answer::Row {
            says: $says,
            gives: $gives,
            then: $then,
            sent: $sent,
            logins: 0,
            slept: $slept,
        }),*]
    };
}
pub(super) use rows;

/// What each endpoint says when all goes well: a start asks the phone, and nothing is signed yet.
const GOOD: &[(&str, &str)] = &[
    ("Accounts", r#"{"accounts":[]}"#),
    ("Certificates", r#"{"certificates":[]}"#),
    ("Content", "text"),
    ("ContentUpload", r#"{"id":"c:9"}"#),
    (
        "ContentPart",
        r#"{"content":{"id":"c:9"},"is-completed":true}"#,
    ),
    ("Drafts", r#"{"drafts":[]}"#),
    ("DraftCreate", r#"{"id":"d&5"}"#),
    ("DraftPut", r#"{"id":"d&5"}"#),
    ("DraftDelete", ""),
    ("DraftMeta", "{}"),
    ("DraftMetaPut", "{}"),
    ("DraftDocumentAdd", r#"{"id":"e-7"}"#),
    ("DraftDocumentPut", r#"{"id":"e-7"}"#),
    ("DraftDocumentDelete", ""),
    ("DraftDocumentContent", r#""dGV4dA==""#),
    ("DraftDocumentEncryptedContent", r#""dGV4dA==""#),
    ("DraftDocumentPrint", RUNNING),
    (
        "DraftDocumentTask",
        r#"{"task-state":"succeed","task-result":{"content-id":"c:9"}}"#,
    ),
    ("DraftDocumentSignaturePut", ""),
    ("DraftSignatureAdd", r#"{"id":"s@1"}"#),
    ("DraftSignature", r#"{"id":"s@1"}"#),
    ("DraftSignaturePut", r#"{"id":"s@1"}"#),
    ("DraftSignatureDelete", ""),
    ("DraftSignatureContent", r#""MAA=""#),
    ("DraftCheck", RUNNING),
    ("DraftPrepare", RUNNING),
    ("DraftSend", RUNNING),
    (
        "Draft",
        r#"{"documents":[{"rel":"document","href":"https://host/v1/a/drafts/d/documents/e-7?x=planted"}]}"#,
    ),
    (
        "DraftDocument",
        r#"{"description":{"filename":"a.xml"},"contents":[{"content-id":"c:8","encrypted":true},{"content-id":"c:9","encrypted":false}],"signature-content-link":{"rel":"","href":"x"}}"#,
    ),
    ("DraftDocumentSignature", r#""MAA=""#),
    ("DraftCloudSign", PHONE),
    ("DraftCloudSignConfirm", r#"{"signed-documents":[]}"#),
    ("DraftTasks", r#"{"api-task-page-items":[]}"#),
    ("DraftTask", SUCCEED),
    ("Document", r#"{"description":{"filename":"a.xml"}}"#),
    (
        "DocumentTask",
        r#"{"task-state":"succeed","task-result":{"content-id":"c:9"}}"#,
    ),
    ("Docflows", r#"{"docflows-page-item":[]}"#),
    ("Docflow", r#"{"id":"f?2"}"#),
    ("Documents", "[]"),
    ("DocumentDescription", r#"{"filename":"a.xml"}"#),
    ("DocumentEncryptedContent", r#""dGV4dA==""#),
    ("DocumentDecryptedContent", r#""dGV4dA==""#),
    ("DocumentDecryptedContentPut", r#"{"content-id":"c:9"}"#),
    ("DocumentSignatures", r#"[{"id":"s@1"}]"#),
    ("DocumentSignature", r#"{"id":"s@1"}"#),
    ("DocumentSignatureContent", r#""MAA=""#),
    (
        "DecryptContent",
        r#"{"decryption-task-id":"t/7","confirm-type":"my-dss"}"#,
    ),
    ("ConfirmContentDecryption", r#"{"content-id":"c:9"}"#),
    ("DecryptContentConfirm", r#""dGV4dA==""#),
    (
        "Reply",
        r#"{"filename":"a.xml","content":"dGV4dA==","signature":null}"#,
    ),
    ("GenerateReply", r#"{"id":"r=6"}"#),
    ("ReplyContentPut", r#"{"id":"r=6"}"#),
    ("ReplySignaturePut", ""),
    ("ReplySend", r#"{"id":"f?2"}"#),
    (
        "PfrGenerateReply",
        r#"{"id":"r=6","documents":[{"id":"p@8"}]}"#,
    ),
    ("PfrReplyDecryptedContentPut", ""),
    ("PfrReplySignaturePut", ""),
    ("PfrReplySend", r#"{"id":"f?2"}"#),
    ("TestConfirmationCode", "739155"),
    ("ReplyCloudSign", PHONE),
    ("ReplyCloudSignConfirm", r#"{"signed-documents":[]}"#),
    ("ReplyTask", SUCCEED),
    ("PfrReply", r#"{"documents":[{"id":"e-7"},{"id":"e-8"}]}"#),
    ("PfrReplyCloudSign", PHONE),
    ("PfrReplyCloudSignConfirm", r#"{"links":[]}"#),
    ("PfrReplyTask", SUCCEED),
];

const PHONE: &str =
    r#"{"links":[],"documents-to-sign":[],"task-id":"t/7","confirm-type":"my-dss"}"#;
const SUCCEED: &str = r#"{"task-state":"succeed"}"#;
const RUNNING: &str = r#"{"id":"t/7","task-state":"running"}"#;

/// Asks for a code.
pub(super) const SMS: Says =
    json(r#"{"links":[],"request-id":"q+8 =","task-id":null,"confirm-type":"sms"}"#);

pub(super) const SIGNED_REPLY: Says = json(r#"{"filename":"a.xml","signature":"MAA="}"#);
pub(super) const UNSIGNED_PFR_REPLY: Says = json(r#"{"documents":[{"id":"e-7"},{"id":"e-8"}]}"#);
pub(super) const SIGNED_PFR_REPLY: Says =
    json(r#"{"documents":[{"id":"e-8","signature":"MAA="},{"id":"e-7","signature":"MAA="}]}"#);
pub(super) const DECRYPTED: Says = json(
    r#"{"content":{"docflow-document-contents":[{"content-id":"c:8","encrypted":true},{"content-id":"c:9","encrypted":false}]}}"#,
);

pub(super) const EXTERN: Service = Service {
    endpoints: endpoints::ALL,
    good: |endpoint, _| {
        let good = GOOD.iter().find(|(name, _)| *name == endpoint);
        let says = ok(good.unwrap().1.as_bytes());
        match endpoint {
            "Content" => says.header(OCTETS),
            _ => says.header(JSON),
        }
    },
    logins: &[BEARER],
    secrets: &["planted", "739 155", "739%20155", "h.p+l/s==", "MAA="],
};

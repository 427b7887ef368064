//! Makes the calls of Extern that are one request each, and looks at every answer to them.
//!
//! **Invariant:** what the service names is sent once, whatever is answered; what has a name that the client chose,
//! and what only reads, is sent again where that may help. An odd answer is an error or a result, never a panic.

use podpis::core::call::{Effect, Endpoint, Replay};
use podpis::extern_api::endpoints;
use podpis::extern_api::model::{
    CertificateRequest, DocumentDescription, DocumentRequest, DraftMeta, Payer, Recipient, Sender,
    SignatureRequest,
};
use podpis::extern_api::{DocflowFilter, LocalFile};
use podpis::transport::{
    Delivery, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind,
};
use podpis::{DocumentPath, Error, ErrorKind, ReqwestTransport};
use serde_json::Value;

use ErrorKind::{Login, Service};
use Gives::Fine;

use super::answer::{Gives, Row, Table, compare_call, not_applied, unknown};
use super::extern_server::{
    ExternWire, JSON, LOCKED, SIGNATURE, account, draft, in_docflow, in_inventory, json, mute,
    refuses, refuses_known, reply, rows, unread, unread_unknown,
};
use super::server::{
    EMPTY, HTML, HTML_502, Says, UNTYPED_HTML, WAIT_7, WAIT_120, is_at, ok, status,
};
use super::{extern_docflows, extern_draft_documents, extern_drafts, extern_replies};

/// What a call that is sent once makes of a refusal and of a failure.
pub(super) const ONCE: &[Row] = rows! {
    // the answer                               => how it ends,          what came, requests ms
    status(302)                                 => unknown(Service),     "", 1 0;
    refuses(400)                                => not_applied(Service), "", 1 0;
    refuses_known(400)                          => not_applied(Service), "", 1 0;
    mute(400, b"")                              => not_applied(Service), "", 1 0;
    mute(400, b"{\"id\":\"planted")             => not_applied(Service), "", 1 0;
    mute(400, b"{\"message\":[\"planted\"]}")   => not_applied(Service), "", 1 0;
    refuses(401)                                => not_applied(Login),   "", 1 0;
    refuses(403)                                => not_applied(Service), "", 1 0;
    refuses(404)                                => not_applied(Service), "", 1 0;
    mute(404, b"")                              => not_applied(Service), "", 1 0;
    refuses(405)                                => not_applied(Service), "", 1 0;
    refuses(408)                                => unknown(Service),     "", 1 0;
    refuses(409)                                => not_applied(Service), "", 1 0;
    LOCKED                                      => not_applied(Service), "", 1 0;
    LOCKED.header(WAIT_7)                       => not_applied(Service), "", 1 0;
    refuses(413)                                => not_applied(Service), "", 1 0;
    mute(429, b"")                              => not_applied(Service), "", 3 1_500;
    refuses(429).header(WAIT_7)                 => not_applied(Service), "", 3 14_000;
    refuses(429).header(WAIT_120)               => not_applied(Service), "", 1 0;
    refuses(500)                                => unknown(Service),     "", 1 0;
    refuses(500).header(WAIT_7)                 => unknown(Service),     "", 1 0;
    mute(500, b"{\"id\":{\"planted\":1}}")      => unknown(Service),     "", 1 0;
    refuses(502)                                => unknown(Service),     "", 1 0;
    HTML_502                                    => unknown(Service),     "", 1 0;
    refuses(503)                                => unknown(Service),     "", 1 0;
    refuses(503).header(WAIT_7)                 => unknown(Service),     "", 1 0;
    mute(504, b"")                              => unknown(Service),     "", 1 0;
    // It may be there, and nobody was told its name.
    EMPTY                       => unread_unknown("the answer is empty"),           "", 1 0;
    status(204)                 => unread_unknown("the answer is empty"),           "", 1 0;
    HTML                        => unread_unknown("it is an HTML page"),            "", 1 0;
    UNTYPED_HTML                => unread_unknown("it is an HTML page"),            "", 1 0;
    json("{\"id\":\"planted")   => unread_unknown("the answer ends too early"),     "", 1 0;
    json("planted")             => unread_unknown("the answer is not JSON"),        "", 1 0;
    json("[]")                  => unread_unknown("the answer must not be a list"), "", 1 0;
    json("null")                => unread_unknown("the answer must not be null"),   "", 1 0;
    json("\"planted\"")         => unread_unknown("the answer must not be a text"), "", 1 0;
};

/// A success is one whatever it says, but for a page of somebody else.
pub(super) const WRITTEN: &[Row] = rows! {
    json("{}")                => Fine, "", 1 0;
    json("[\"new\"]")         => Fine, "", 1 0;
    json("{\"id\":\"planted") => Fine, "", 1 0;
    ok(b"text")               => Fine, "", 1 0;
    EMPTY                     => Fine, "", 1 0;
    status(201)               => Fine, "", 1 0;
    status(202)               => Fine, "", 1 0;
    status(204)               => Fine, "", 1 0;
    HTML                      => unread("it is an HTML page"), "", 1 0;
    UNTYPED_HTML              => unread("it is an HTML page"), "", 1 0;
};

/// What is not there counts as removed: an answer that was lost may have been its removal.
pub(super) const GONE: &[Row] = rows! {
    status(404) => Fine, "", 1 0;
};

/// New and read with it.
pub(super) const fn created(body: &'static str) -> Says {
    Says {
        status: 201,
        ..json(body)
    }
}

/// The meta of the wire's own documents.
pub(super) fn meta() -> DraftMeta {
    let sender = Sender::new("6676130154", b"text", "8.8.8.8").with_kpp("667601001");
    let payer = Payer::new("6676130154").with_kpp("667601001");
    DraftMeta::new(
        sender.with_representative(false),
        Recipient::ifns("0087"),
        payer,
    )
}

fn document() -> DocumentRequest {
    let kind = "urn:document:fns534-report";
    let description = DocumentDescription::new(kind, "отчет.xml", "application/xml");
    DocumentRequest::new("c:9".into()).with_description(description)
}

/// Calls the endpoint and tells what came.
pub(super) async fn call(
    endpoint: &str,
    wire: &ExternWire,
    place: &DocumentPath,
) -> Result<String, Error> {
    let (client, account, draft, reply) = (&wire.client, &account(), &draft(), &reply());
    let (id, signature, part) = (&"e-7".into(), &"s@1".into(), &"p@8".into());
    let certificate = CertificateRequest::new(b"text");
    let none = |(): ()| String::new();
    Ok(match endpoint {
        "Drafts" => joined(
            client
                .account(account)
                .drafts()
                .await?
                .into_iter()
                .map(|one| one.id),
        ),
        "DraftCreate" => named(client.account(account).create_draft(&meta()).await?.id),
        "DraftPut" => client
            .account(account)
            .put_draft(draft, &meta())
            .await
            .map(none)?,
        "DraftDelete" => client
            .account(account)
            .delete_draft(draft)
            .await
            .map(none)?,
        "DraftMeta" => {
            let meta = client.account(account).draft_meta(draft).await?;
            let sender = meta.sender.unwrap_or_default();
            let to = meta.recipient.and_then(|recipient| recipient.ifns_code);
            let representative = sender.is_representative;
            format!("{} {} {representative:?}", named(sender.inn), named(to))
        }
        "DraftMetaPut" => {
            let mut meta = DraftMeta::default();
            meta.payer = Some(Payer::new("1"));
            client
                .account(account)
                .put_draft_meta(draft, &meta)
                .await
                .map(none)?
        }
        "DraftDocumentAdd" => {
            let document = document();
            let calls = client.account(account);
            let added = calls.add_draft_document(draft, &document);
            named(added.await?.id)
        }
        "DraftDocumentPut" => client
            .account(account)
            .put_draft_document(draft, id, &document())
            .await
            .map(none)?,
        "DraftDocumentDelete" => client
            .account(account)
            .delete_draft_document(draft, id)
            .await
            .map(none)?,
        "DraftDocumentContent" => shown(
            &client
                .account(account)
                .draft_document_content(draft, id)
                .await?,
        ),
        "DraftDocumentEncryptedContent" => {
            let calls = client.account(account);
            let content = calls.draft_document_encrypted_content(draft, id);
            shown(&content.await?)
        }
        "DraftDocumentSignaturePut" => client
            .account(account)
            .put_draft_document_signature(draft, id, SIGNATURE)
            .await
            .map(none)?,
        "DraftSignatureAdd" => {
            let request = SignatureRequest::new(SIGNATURE);
            let calls = client.account(account);
            let added = calls.add_draft_signature(draft, id, &request);
            named(added.await?.id)
        }
        "DraftSignature" => {
            let calls = client.account(account);
            let one = calls.draft_signature(draft, id, signature);
            named(one.await?.id)
        }
        "DraftSignaturePut" => {
            let request = SignatureRequest::new(SIGNATURE).third_party();
            client
                .account(account)
                .put_draft_signature(draft, id, signature, &request)
                .await
                .map(none)?
        }
        "DraftSignatureDelete" => client
            .account(account)
            .delete_draft_signature(draft, id, signature)
            .await
            .map(none)?,
        "DraftSignatureContent" => {
            let calls = client.account(account);
            let content = calls.draft_signature_content(draft, id, signature);
            content
                .await?
                .map_or("none".to_owned(), |bytes| shown(&bytes))
        }
        "Docflows" => {
            let page = client
                .account(account)
                .docflow_page(&DocflowFilter::default(), 0)
                .await?;
            joined(page.items.into_iter().map(|one| one.id))
        }
        "Docflow" => {
            let docflow = client.account(account).docflow(&"f?2".into()).await?;
            let status = docflow.status.map(|status| status.to_string());
            let documents = docflow.documents.len();
            format!("{} {} {documents}", named(docflow.id), named(status))
        }
        "Documents" => {
            let documents = client
                .account(account)
                .docflow_documents(&"f?2".into())
                .await?;
            joined(documents.into_iter().map(|one| one.id))
        }
        "DocumentDescription" => {
            let description = client.account(account).document_description(place).await?;
            let size = description.decrypted_content_size;
            format!("{} {size:?}", named(description.filename))
        }
        "DocumentEncryptedContent" => shown(
            &client
                .account(account)
                .document_encrypted_content(place)
                .await?,
        ),
        "DocumentDecryptedContent" => shown(
            &client
                .account(account)
                .document_decrypted_content(place)
                .await?,
        ),
        "DocumentDecryptedContentPut" => {
            let content = "c:9".into();
            let calls = client.account(account);
            let stored = calls.put_document_decrypted_content(place, &content);
            named(stored.await?.content_id)
        }
        "GenerateReply" => {
            let (kind, codes) = ("urn:document:fns534-report-receipt", &["04 1", "05"]);
            let calls = client.account(account);
            let made = calls.generate_reply(place, kind, &certificate, codes);
            named(made.await?.id)
        }
        "ReplyContentPut" => {
            let calls = client.account(account);
            let put = calls.put_reply_content(place, reply, "text");
            named(put.await?.id)
        }
        "ReplySignaturePut" => client
            .account(account)
            .put_reply_signature(place, reply, SIGNATURE)
            .await
            .map(none)?,
        "PfrGenerateReply" => {
            let kind = "pfr-report-protocol-reply";
            let calls = client.account(account);
            let made = calls.generate_pfr_reply(place, kind, &certificate);
            let made = made.await?;
            format!("{} {}", named(made.id), made.documents.len())
        }
        "PfrReplyDecryptedContentPut" => client
            .account(account)
            .put_pfr_reply_content(place, reply, part, "text")
            .await
            .map(none)?,
        "PfrReplySignaturePut" => client
            .account(account)
            .put_pfr_reply_signature(place, reply, part, SIGNATURE)
            .await
            .map(none)?,
        "ContentUpload" => {
            let upload = client
                .account(account)
                .upload(LocalFile::bytes("a.xml", "text"));
            upload.run().await?.content.to_string()
        }
        other => panic!("{other} is not called here"),
    })
}

fn named(id: Option<impl ToString>) -> String {
    id.map_or("none".to_owned(), |id| id.to_string())
}

fn joined(ids: impl Iterator<Item = Option<impl ToString>>) -> String {
    let ids: Vec<String> = ids.map(named).collect();
    ids.join(" ")
}

fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

fn tables() -> Vec<&'static Table> {
    [
        extern_drafts::ANSWERS,
        extern_draft_documents::ANSWERS,
        extern_docflows::ANSWERS,
        extern_replies::CALLS,
    ]
    .concat()
}

#[tokio::test]
async fn every_request_of_a_call() {
    let transport = ReqwestTransport::new().unwrap();
    let requests = [
        extern_drafts::REQUESTS,
        extern_draft_documents::REQUESTS,
        extern_docflows::REQUESTS,
        extern_replies::REQUESTS,
    ];
    for exact in requests.into_iter().flatten() {
        let wire = ExternWire::new(&transport).await;
        let in_inventory_too = exact.line.contains("/inventories/");
        let place = if in_inventory_too {
            in_inventory()
        } else {
            in_docflow()
        };
        call(exact.endpoint, &wire, &place).await.unwrap();
        wire.got(&[*exact]).await;
    }
}

#[tokio::test]
async fn every_answer_to_a_call() {
    let transport = ReqwestTransport::new().unwrap();
    let mut wrong = Vec::new();
    for table in tables() {
        for row in table.all_rows() {
            let wire = ExternWire::new(&transport).await;
            wire.script(table.endpoint, &[row.says]);
            let (outcome, then) = match call(table.endpoint, &wire, &in_docflow()).await {
                Ok(text) => (Ok(()), text),
                Err(error) => (Err(error), String::new()),
            };
            wrong.extend(compare_call(table, row, &wire, outcome, then).await);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A wire on which every request to an endpoint arrives and no answer comes back.
#[derive(Debug)]
pub(super) struct Mute {
    wire: ReqwestTransport,
    to: &'static Endpoint,
}

impl Mute {
    pub(super) fn to(name: &str) -> Self {
        Self {
            wire: ReqwestTransport::new().unwrap(),
            to: endpoint(name),
        }
    }
}

fn endpoint(name: &str) -> &'static Endpoint {
    let mut known = endpoints::ALL.iter();
    known.find(|known| known.name == name).unwrap()
}

#[async_trait::async_trait]
impl Transport for Mute {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let (method, path) = (
            request.method().to_string(),
            request.uri().path().to_owned(),
        );
        let answer = self.wire.execute(request).await?;
        if !is_at(self.to, &method, &path) {
            return Ok(answer);
        }
        let kind = TransportErrorKind::Timeout;
        Err(TransportError::new(kind, Delivery::Unknown))
    }
}

#[tokio::test]
async fn a_call_whose_answer_does_not_come() {
    let mut seen = 0;
    for table in tables() {
        let wire = ExternWire::over(Mute::to(table.endpoint)).await;
        let error = call(table.endpoint, &wire, &in_inventory()).await;
        let error = error.unwrap_err();
        let once = endpoint(table.endpoint).replay == Replay::OnlyIfNotSent;
        let (sent, effect) = match once {
            true => (1, Effect::Unknown),
            false => (3, Effect::NotApplied),
        };
        assert_eq!(error.kind(), ErrorKind::NoAnswer, "{error}");
        assert_eq!(wire.count(table.endpoint), sent, "{}", table.endpoint);
        assert_eq!(error.effect(), Some(effect), "{}", table.endpoint);
        assert_eq!(error.may_have_been_applied(), once, "{}", table.endpoint);
        seen += usize::from(once);
    }
    assert_eq!(seen, 3, "a draft, a document and a signature");
}

/// Every value of a JSON text in turn as something else, and the text cut short.
pub(super) fn odd(body: &str) -> Vec<String> {
    fn places(value: &Value, path: String, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => fields
                .iter()
                .for_each(|(name, inner)| places(inner, format!("{path}/{name}"), found)),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .for_each(|(at, inner)| places(inner, format!("{path}/{at}"), found)),
            _ => {}
        }
        found.push(path);
    }
    let whole: Value = serde_json::from_str(body).unwrap();
    let mut paths = Vec::new();
    places(&whole, String::new(), &mut paths);
    let mut bodies = Vec::new();
    for path in paths {
        for odd in [
            r#"["planted"]"#,
            r#"{"planted":[{}]}"#,
            "null",
            "-7e3",
            r#""planted""#,
        ] {
            let mut changed = whole.clone();
            *changed.pointer_mut(&path).unwrap() = serde_json::from_str(odd).unwrap();
            bodies.push(changed.to_string());
        }
    }
    for at in [1, body.len() / 2, body.len() - 1] {
        bodies.extend(body.get(..at).map(str::to_owned));
    }
    bodies
}

#[tokio::test]
async fn an_odd_answer_is_an_error_or_a_result() {
    let transport = ReqwestTransport::new().unwrap();
    for table in tables() {
        let first = table
            .rows
            .iter()
            .find(|row| row.says.header_value("Content-Type") == Some(JSON[0].1));
        let Some(first) = first.filter(|row| row.says.status < 300) else {
            continue;
        };
        let wire = ExternWire::new(&transport).await;
        for body in odd(std::str::from_utf8(first.says.body).unwrap()) {
            wire.script(table.endpoint, &[json(body.clone().leak())]);
            if let Err(error) = call(table.endpoint, &wire, &in_docflow()).await {
                assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{body}: {error}");
                assert!(
                    !format!("{error:?}").contains("planted"),
                    "{body}: {error:?}"
                );
            }
            assert_eq!(wire.count(table.endpoint), 1, "{body}");
        }
    }
}

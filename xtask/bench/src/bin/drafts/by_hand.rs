//! What an expert would write for the signing of drafts alone.
//!
//! *Invariant:* it does the same: documents and signatures are read side by side, ten requests at once, every answer is
//! checked, what is about to be sent is in the journal before, and signatures are verified and are for the documents.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use futures_util::future::try_join_all;
use http::{HeaderValue, Method, header};
use podpis::SharedTransport;
use podpis_bench::{Error, signing};
use podpis_extern_model::{Draft, DraftDocument, SignConfirmed, SignInit, read_bytes};
use serde_json::from_slice as read;
use tokio::sync::Semaphore;
use url::form_urlencoded::byte_serialize;

use crate::recorded::Recorded;

/// By hand.
pub(crate) struct ByHand {
    transport: SharedTransport,
    authorization: HeaderValue,
    permits: Semaphore,
    journal: Mutex<HashMap<u64, Record>>,
    place: String,
}

/// What the journal keeps.
#[derive(Clone)]
struct Record {
    documents: Vec<Document>,
    step: Step,
}

#[derive(Clone)]
struct Document {
    id: String,
    #[expect(dead_code, reason = "for the person who looks into the journal")]
    name: String,
    sha256: Vec<u8>,
}

#[derive(Clone)]
enum Step {
    Starting,
    Code {
        request: String,
    },
    Confirming {
        #[expect(dead_code, reason = "what to ask about after a crash")]
        request: String,
    },
    Fetching,
    Signed {
        signatures: Vec<Vec<u8>>,
    },
}

impl ByHand {
    pub(crate) fn new(recorded: &Recorded) -> Result<Self, Error> {
        let mut authorization = HeaderValue::from_static("Bearer a token");
        authorization.set_sensitive(true);
        Ok(Self {
            transport: SharedTransport::new(recorded.clone()),
            authorization,
            permits: Semaphore::new(10),
            journal: Mutex::default(),
            place: format!("/v1/{}", encoded(&recorded.account)),
        })
    }

    /// The signatures of the draft.
    pub(crate) async fn sign(&self, draft: &str) -> Result<Vec<Vec<u8>>, Error> {
        let id = fastrand::u64(..);
        let draft = format!("{}/drafts/{}", self.place, encoded(draft));
        let mut record = self.started(id, &draft).await?;
        self.confirmed(id, &draft, &mut record, "739155").await?;
        let documents = record.documents.iter();
        let asked = documents.map(|document| self.signature(&draft, &document.id));
        let signatures = try_join_all(asked).await?;
        self.save(id, &mut record, Step::Signed { signatures });
        let Step::Signed { signatures: given } = &record.step else {
            return Err("it is not signed".into());
        };
        let documents = record.documents.iter();
        let digests: Vec<&[u8]> = documents.map(|one| one.sha256.as_slice()).collect();
        let bound = signing::bind_digests(&digests, given)?;
        let signatures = bound.into_iter().map(|position| given[position].clone());
        let signatures = signatures.collect();
        self.records().remove(&id);
        Ok(signatures)
    }

    async fn started(&self, id: u64, path: &str) -> Result<Record, Error> {
        let draft: Draft = read(&self.call(Method::GET, path).await?)?;
        let links = draft.documents.iter();
        let mut record = Record {
            documents: try_join_all(links.map(|link| self.document(path, &link.href))).await?,
            step: Step::Starting,
        };
        if record.documents.is_empty() {
            return Err("there is nothing to sign".into());
        }
        self.save(id, &mut record, Step::Starting);
        let path = format!("{path}/cloud-sign");
        let started: SignInit = read(&self.call(Method::POST, &path).await?)?;
        let request = started
            .request_id
            .ok_or("no code is asked for")?
            .to_string();
        self.save(id, &mut record, Step::Code { request });
        Ok(record)
    }

    async fn confirmed(
        &self,
        id: u64,
        draft: &str,
        record: &mut Record,
        code: &str,
    ) -> Result<(), Error> {
        let Step::Code { request } = record.step.clone() else {
            return Err("it waits for no code".into());
        };
        let path = format!(
            "{draft}/cloud-sign-confirm?requestId={}&code={}",
            encoded(&request),
            encoded(code)
        );
        self.save(id, record, Step::Confirming { request });
        let _: SignConfirmed = read(&self.call(Method::POST, &path).await?)?;
        self.save(id, record, Step::Fetching);
        Ok(())
    }

    async fn document(&self, draft: &str, link: &str) -> Result<Document, Error> {
        let id = link.rsplit('/').next().unwrap_or_default().to_owned();
        let path = format!("{draft}/documents/{}", encoded(&id));
        let document: DraftDocument = read(&self.call(Method::GET, &path).await?)?;
        let mut contents = document.contents.into_iter();
        let open = contents.find(|content| content.encrypted == Some(false));
        let content = document.data_to_sign_content_id;
        let content = content.or(open.and_then(|open| open.content_id));
        let content = content.ok_or("a document without content")?.to_string();
        let path = format!("{}/contents/{}", self.place, encoded(&content));
        let bytes = self.call(Method::GET, &path).await?;
        let named = document.description.and_then(|known| known.filename);
        Ok(Document {
            name: named.unwrap_or_else(|| id.clone()),
            id,
            sha256: digest(&SHA256, &bytes).as_ref().to_vec(),
        })
    }

    async fn signature(&self, draft: &str, document: &str) -> Result<Vec<u8>, Error> {
        let path = format!("{draft}/documents/{}/signature", encoded(document));
        Ok(read_bytes(None, &self.call(Method::GET, &path).await?)?)
    }

    /// The answer, a success that is no web page.
    async fn call(&self, method: Method, path: &str) -> Result<Bytes, Error> {
        let request = http::Request::builder()
            .method(method)
            .uri(format!("http://localhost{path}"))
            .header(header::AUTHORIZATION, self.authorization.clone())
            .header(header::CONTENT_LENGTH, 0)
            .body(Bytes::new())?;
        let permit = self.permits.acquire().await?;
        let response = self.transport.execute(request).await?;
        drop(permit);
        if !response.status().is_success() {
            return Err(format!("{path} answered {}", response.status()).into());
        }
        let kind = response.headers().get(header::CONTENT_TYPE);
        if kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
            return Err("a web page instead of an answer".into());
        }
        Ok(response.into_body())
    }

    /// Stores the record with its new step; whoever cannot store does not send.
    fn save(&self, id: u64, record: &mut Record, step: Step) {
        record.step = step;
        self.records().insert(id, record.clone());
    }

    fn records(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Record>> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn encoded(value: &str) -> String {
    byte_serialize(value.as_bytes()).collect()
}

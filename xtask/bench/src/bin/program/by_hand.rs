//! What an expert would write with reqwest alone, for this one case.
//!
//! *Invariant:* it makes the calls that the program of podpis makes, in the same order and after the same pauses.

use std::path::Path;
use std::time::Duration;

use podpis::core::wait::{SystemTimer, Time as _};
use podpis::diadoc_proto::prost::Message;
use podpis::diadoc_proto::{
    AsyncMethodResult, CloudSignConfirmResult, CloudSignFile, CloudSignRequest, CloudSignResult,
    ContentV2, LoginPassword,
};
use podpis_bench::Error;
use reqwest::header::AUTHORIZATION;
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;
use url::form_urlencoded::byte_serialize;

/// Before the first poll.
const PAUSE: Duration = Duration::from_millis(100);

/// Signs the document that the arguments name by the service that they name.
pub(crate) fn sign(mut arguments: impl Iterator<Item = String>) -> Result<(), Error> {
    let url = arguments.next().ok_or("no address")?;
    let document = arguments.next().ok_or("no document")?;
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(signed(url, Path::new(&document)))
}

async fn signed(url: String, document: &Path) -> Result<(), Error> {
    let client = Client::builder()
        .no_proxy()
        .tls_certs_only([]) // The service is asked by plain http.
        .build()?;
    let mut service = Service {
        client,
        url,
        authorization: String::new(),
    };
    let content = std::fs::read(document)?;
    service.json("/_sandbox/health").await?;
    let world = service.json("/_sandbox/world").await?;
    service.log_in(&world["diadoc"]).await?;

    let file = CloudSignFile::new()
        .with_content(ContentV2::new().with_content(content))
        .with_file_name("act.xml");
    let body = CloudSignRequest::new().with_files(vec![file]);
    let task: AsyncMethodResult = service.post("/CloudSign", body.encode_to_vec()).await?;
    let task = encoded(&required(task.task_id)?);
    let path = format!("/CloudSignResult?taskId={task}");
    let asked: CloudSignResult = service.finished(&path).await?;

    let messages = service.json("/_sandbox/messages").await?;
    let code = messages[messages.as_array().map_or(0, Vec::len).saturating_sub(1)]["code"]
        .as_str()
        .ok_or("no code")?;
    let path = format!(
        "/CloudSignConfirm?token={}&confirmationCode={}&return=Content",
        encoded(&required(asked.token)?),
        encoded(code)
    );
    let task: AsyncMethodResult = service.post(&path, Vec::new()).await?;
    let task = encoded(&required(task.task_id)?);
    let path = format!("/CloudSignConfirmResult?taskId={task}");
    let signed: CloudSignConfirmResult = service.finished(&path).await?;
    let signature = signed
        .signatures
        .into_iter()
        .find_map(|one| one.content)
        .ok_or("no signature")?;
    let signature: Vec<u8> = signature.into();
    std::fs::write(document.with_extension("xml.p7s"), signature)?;
    Ok(())
}

struct Service {
    client: Client,
    url: String,
    authorization: String,
}

impl Service {
    async fn json(&self, path: &str) -> Result<Value, Error> {
        let answer = self
            .client
            .get(format!("{}{path}", self.url))
            .send()
            .await?;
        Ok(serde_json::from_slice(&answer.bytes().await?)?)
    }

    async fn log_in(&mut self, seeded: &Value) -> Result<(), Error> {
        let text = |name: &str| seeded[name].as_str().ok_or("no login");
        let body = LoginPassword::new(text("login")?, text("password")?).encode_to_vec();
        let client = format!("DiadocAuth ddauth_api_client_id={}", text("api_client_id")?);
        self.authorization.clone_from(&client);
        let path = "/V3/Authenticate?type=password";
        let answer = self.call(Method::POST, path, body).await?;
        let token = answer.text().await?;
        self.authorization = format!("{client},ddauth_token={}", token.trim());
        Ok(())
    }

    async fn post<M: Message + Default>(&self, path: &str, body: Vec<u8>) -> Result<M, Error> {
        let answer = self.call(Method::POST, path, body).await?;
        Ok(M::decode(answer.bytes().await?)?)
    }

    /// Polls until there is an answer.
    async fn finished<M: Message + Default>(&self, path: &str) -> Result<M, Error> {
        loop {
            SystemTimer::new().sleep(PAUSE).await;
            let answer = self.call(Method::GET, path, Vec::new()).await?;
            if answer.status() == StatusCode::OK {
                return Ok(M::decode(answer.bytes().await?)?);
            }
        }
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<reqwest::Response, Error> {
        let request = self
            .client
            .request(method, format!("{}{path}", self.url))
            .header(AUTHORIZATION, &self.authorization)
            .body(body);
        Ok(request.send().await?.error_for_status()?)
    }
}

fn required(value: Option<String>) -> Result<String, Error> {
    value.ok_or_else(|| "a field is missing".into())
}

fn encoded(value: &str) -> String {
    byte_serialize(value.as_bytes()).collect()
}

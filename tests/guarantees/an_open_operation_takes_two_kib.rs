//! Promise: an open operation takes no more than two KiB of memory while it waits, with its record in a journal in memory
//! and all that it takes to go on with it in time.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use allocation_counter::measure;
use http::{HeaderValue, StatusCode, header};
use podpis::secret::{ApiClientId, Password};
use podpis::transport::{HttpRequest, HttpResponse, TransportError};
use podpis::{Begin as _, Diadoc, DiadocLogin, File, MemoryJournal, Podpis, Transport};
use podpis_core::wait::{ManualTime, Time as _};
use podpis_diadoc_proto::AsyncMethodResult;
use podpis_diadoc_proto::prost::Message as _;

const MANY: u64 = 2_000;

/// A service that takes everything and is at work for ever.
#[derive(Debug)]
struct AtWork;

#[async_trait::async_trait]
impl Transport for AtWork {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let task = AsyncMethodResult::new().with_task_id("0f2f7d4e-5c1c-4f5e-9a57-0d3c3a3b2a11");
        Ok(match request.uri().path() {
            "/V3/Authenticate" => HttpResponse::new("a-token".into()),
            "/CloudSign" => HttpResponse::new(task.encode_to_vec().into()),
            _ => {
                let mut response = HttpResponse::default();
                *response.status_mut() = StatusCode::NO_CONTENT;
                let pause = HeaderValue::from_static("1");
                response.headers_mut().insert(header::RETRY_AFTER, pause);
                response
            }
        })
    }
}

#[test]
fn with_the_digests_of_its_file_and_between_its_polls() {
    let time = ManualTime::at(UNIX_EPOCH + Duration::from_secs(1));
    let login = DiadocLogin::password(ApiClientId::new("id"), "login", Password::new("password"));
    let diadoc = Diadoc::builder("https://localhost".parse().unwrap(), login, AtWork);
    let diadoc = diadoc.time(time.clone()).build();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let journal = MemoryJournal::new();
    let mut driven = None;
    let allocated = measure(|| {
        runtime.block_on(async {
            for number in 0..MANY {
                let file = File::bytes("act.xml", format!("act {number}"));
                drop(diadoc.cloud_sign([file]).start(&journal).await.unwrap());
            }
            let podpis = Podpis::new().with_diadoc(diadoc.clone());
            let driver = podpis.driver(Arc::new(journal.clone())).time(time.clone());
            driven = Some(driver.start());
            time.sleep(Duration::from_secs(100)).await;
        });
    });
    let (driver, _news) = driven.unwrap();
    assert_eq!(driver.counts().all_open() as u64, MANY);
    assert_eq!(driver.counts().late, 0);
    let each = allocated.bytes_current as u64 / MANY;
    assert!(each <= 2_048, "{each} bytes");
}

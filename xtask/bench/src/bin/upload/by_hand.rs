//! What an expert would write with reqwest alone, for this one case.
//!
//! *Invariant:* the same parts, as many at once, and the same digests, which are made side by side.

use std::path::Path;
use std::thread;

use aws_lc_rs::digest::{Context, SHA256};
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use podpis_bench::Error;
use reqwest::Client;
use streebog::{Digest as _, Streebog256, Streebog512};
use tokio::io::AsyncReadExt as _;

const PART: usize = 512 * 1024;

const AT_ONCE: usize = 4;

/// Puts it there.
pub(crate) fn put(url: &str, document: &Path, is_known: bool) -> Result<(), Error> {
    let client = Client::builder().no_proxy().tls_certs_only([]).build()?;
    crate::on_a_runtime(all(client, url, document, is_known))
}

async fn all(client: Client, url: &str, document: &Path, is_known: bool) -> Result<(), Error> {
    let token = send(
        &client,
        format!("{url}/V3/Authenticate?type=password"),
        Bytes::new(),
    )
    .await?;
    let size = std::fs::metadata(document)?.len();
    let count = size.div_ceil(PART as u64);
    let mut file = tokio::fs::File::open(document).await?;
    let mut digests = Digests::new(is_known);
    let mut name = token;
    let mut on_their_way = FuturesUnordered::new();
    for index in 0..count {
        let mut part = vec![0; usize::try_from(size - index * PART as u64)?.min(PART)];
        file.read_exact(&mut part).await?;
        digests.update(&part);
        if index == 0 {
            name = send(&client, format!("{url}/ShelfUploadPartInit"), part.into()).await?;
            continue;
        }
        let is_last = index + 1 == count;
        while on_their_way.len() >= if is_last { 1 } else { AT_ONCE } {
            on_their_way.next().await.ok_or("nothing is on its way")??;
        }
        let path =
            format!("ShelfUploadPart?fileName={name}&partIndex={index}&isLastPart={is_last}");
        on_their_way.push(send(&client, format!("{url}/{path}"), part.into()));
    }
    while let Some(sent) = on_their_way.next().await {
        sent?;
    }
    digests.finish();
    Ok(())
}

async fn send(client: &Client, url: String, body: Bytes) -> Result<String, Error> {
    let answer = client.post(url).body(body).send().await?;
    Ok(answer.error_for_status()?.text().await?)
}

struct Digests {
    sha256: Context,
    streebog256: Streebog256,
    streebog512: Option<Streebog512>,
}

impl Digests {
    fn new(is_known: bool) -> Self {
        Self {
            sha256: Context::new(&SHA256),
            streebog256: Streebog256::new(),
            streebog512: (!is_known).then(Streebog512::new),
        }
    }

    fn update(&mut self, part: &[u8]) {
        thread::scope(|scope| {
            if let Some(streebog512) = &mut self.streebog512 {
                scope.spawn(|| streebog512.update(part));
            }
            self.streebog256.update(part);
            self.sha256.update(part);
        });
    }

    fn finish(self) {
        std::hint::black_box((
            self.sha256.finish(),
            self.streebog256.finalize(),
            self.streebog512.map(Streebog512::finalize),
        ));
    }
}

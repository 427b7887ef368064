//! A content of 300 MB goes up and comes down in a process that never has more than 64 MiB.
//!
//! The process of this test is the client and nothing else; the sandbox, which holds the content in memory, is a
//! second process: this program again, told by a variable to serve. What the client had at its peak is `VmHWM` of
//! `/proc/self/status`, which only Linux has; elsewhere the content travels, and nothing is measured.

#![allow(missing_docs, reason = "tests have names that say what they show")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "failing loudly is what tests are for, and the figure is worth seeing"
)]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use http::header::{CONTENT_RANGE, RANGE};
use podpis::cms::DigestAlgorithm;
use podpis::extern_api::LocalFile;
use podpis::secret::Token;
use podpis::transport::{Delivery, HttpRequest, HttpResponse, TransportError, TransportErrorKind};
use podpis::{Extern, ExternLogin, ReqwestTransport, Transport};
use podpis_core::wait::ManualTime;
use podpis_sandbox::{Bind, ExternInfo, Sandbox, WorldOptions};

const MEGABYTE: u64 = 1_000_000;
const SIZE: u64 = 300 * MEGABYTE;
const MOST: u64 = 64 * 1024 * 1024;

/// Makes this program the sandbox.
const SERVE: &str = "PODPIS_TEST_SERVE_CONTENTS";

/// The sandbox's side: serves until its standard input ends, which is when the client is gone.
#[test]
fn serves_the_sandbox_where_it_is_told_to() {
    if std::env::var_os(SERVE).is_none() {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sandbox = Sandbox::new(WorldOptions::default());
    let server = runtime.block_on(sandbox.serve(Bind::loopback(0))).unwrap();
    let info = serde_json::to_string(&sandbox.world_info().extern_).unwrap();
    println!("\nserving {} {info}", server.base_url());
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

/// The other process. It ends when this does.
struct Served {
    child: Child,
    base: String,
    info: ExternInfo,
}

impl Served {
    fn start() -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "serves_the_sandbox_where_it_is_told_to",
                "--nocapture",
            ])
            .env(SERVE, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let told = lines
            .map(Result::unwrap)
            .find_map(|line| line.strip_prefix("serving ").map(str::to_owned))
            .unwrap();
        let (base, info) = told.split_once(' ').unwrap();
        Self {
            child,
            base: base.to_owned(),
            info: serde_json::from_str(info).unwrap(),
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Loses the answer to one part on the way up and to one on the way down, twice each.
#[derive(Clone, Debug)]
struct Unsteady {
    inner: ReqwestTransport,
    lost: Arc<Mutex<BTreeMap<&'static str, u32>>>,
}

#[async_trait::async_trait]
impl Transport for Unsteady {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let begins = |name, range: &str| {
            let value: Option<&http::HeaderValue> = request.headers().get(name);
            value.is_some_and(|value| value.to_str().unwrap().starts_with(range))
        };
        let unlucky = if begins(CONTENT_RANGE, "bytes 83886080-") {
            Some("up")
        } else if begins(RANGE, "bytes=83886080-") {
            Some("down")
        } else {
            None
        };
        let answer = self.inner.execute(request).await?;
        if let Some(way) = unlucky {
            let mut lost = self.lost.lock().unwrap();
            let times = lost.entry(way).or_default();
            if *times < 2 {
                *times += 1;
                let kind = TransportErrorKind::Interrupted;
                return Err(TransportError::new(kind, Delivery::Unknown));
            }
        }
        Ok(answer)
    }
}

/// Bytes that repeat nowhere: each block of 64 kB begins with its number.
fn write_source(path: &Path) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    let mut block = vec![0x5A; 64 * 1024];
    let mut left = SIZE;
    for number in 0_u64.. {
        block[..8].copy_from_slice(&number.to_le_bytes());
        let length = left.min(block.len() as u64);
        file.write_all(&block[..usize::try_from(length).unwrap()])
            .unwrap();
        left -= length;
        if left == 0 {
            break;
        }
    }
    file.flush().unwrap();
}

/// The most memory this process ever had, in bytes; none where the system does not say.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

#[test]
fn a_content_of_300_mb_travels_in_64_mib_with_a_part_failing_twice_each_way() {
    let served = Served::start();
    let folder = tempfile::tempdir().unwrap();
    let (source, target) = (folder.path().join("up.bin"), folder.path().join("down.bin"));
    write_source(&source);
    let transport = Unsteady {
        inner: ReqwestTransport::new().unwrap(),
        lost: Arc::default(),
    };
    let lost = transport.lost.clone();
    // The pauses before repetitions pass at once.
    let client = Extern::builder(
        served.base.parse().unwrap(),
        ExternLogin::bearer(&Token::new(&*served.info.token)),
        transport,
    )
    .time(ManualTime::at(std::time::UNIX_EPOCH))
    .build();
    let account = served.info.account.as_str().into();
    let before = peak();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let uploaded = runtime
        .block_on(
            client
                .account(&account)
                .upload(LocalFile::path(&source))
                .run(),
        )
        .unwrap();
    let between = peak();
    let download = client
        .account(&account)
        .download(&uploaded.content)
        .expect_size(SIZE)
        .digests(&[DigestAlgorithm::Sha256]);
    let downloaded = runtime.block_on(download.to_path(&target)).unwrap();
    let after = peak();

    assert_eq!(uploaded.size, SIZE);
    for digests in [&uploaded.digests, &downloaded.digests] {
        let sha256 = digests.get(&DigestAlgorithm::Sha256).unwrap();
        assert_eq!(Some(sha256), uploaded.digests.get(&DigestAlgorithm::Sha256));
    }
    assert_eq!(std::fs::metadata(&target).unwrap().len(), SIZE);
    assert_eq!(
        *lost.lock().unwrap(),
        BTreeMap::from([("down", 2), ("up", 2)])
    );
    println!(
        "peak memory before, after the upload, after the download: {before:?} {between:?} {after:?}"
    );
    if let Some(peak) = after {
        assert!(peak <= MOST, "{peak} bytes of memory at the peak");
    }
}

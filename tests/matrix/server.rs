//! A server that does what the fault says to every request, and the clock of whoever waits for it.
//!
//! **Invariant:** the clock passes a limit only when the server has fallen silent for good, so no machine is too slow
//! for the table.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use podpis::core::BaseUrl;
use podpis::core::wait::{ManualTime, Time};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use super::fault::Fault;

/// It ends with the test.
#[derive(Debug)]
pub(super) struct Hostile {
    address: SocketAddr,
    heard: Arc<Heard>,
    serving: Option<JoinHandle<()>>,
}

/// What the server tells the test.
#[derive(Debug)]
struct Heard {
    asked: AtomicUsize,
    /// A permit for each connection on which nothing comes any more.
    silent: Semaphore,
}

impl Hostile {
    pub(super) async fn new(fault: Fault) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Heard {
            asked: AtomicUsize::new(0),
            silent: Semaphore::new(0),
        });
        let serving = (fault != Fault::Refused).then(|| {
            let heard = Arc::clone(&heard);
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    heard.asked.fetch_add(1, Ordering::SeqCst);
                    tokio::spawn(act(fault, stream, Arc::clone(&heard)));
                }
            })
        });
        Self {
            address,
            heard,
            serving,
        }
    }

    pub(super) fn address(&self) -> BaseUrl {
        format!("http://{}", self.address).parse().unwrap()
    }

    /// How many requests came, each on its own connection.
    pub(super) fn asked(&self) -> usize {
        self.heard.asked.load(Ordering::SeqCst)
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        if let Some(serving) = &self.serving {
            serving.abort();
        }
    }
}

/// What is written, and how it ends. A broken pipe is the client's right.
async fn act(fault: Fault, mut stream: TcpStream, heard: Arc<Heard>) {
    if fault == Fault::ClosedBefore || read_request(&mut stream).await.is_none() {
        return;
    }
    let head = |status: u16, headers: &[(&str, &str)], length: usize| {
        let headers = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"));
        let headers: String = headers.collect();
        format!(
            "HTTP/1.1 {status} x\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
        )
    };
    let written = match fault {
        Fault::Refused | Fault::ClosedBefore | Fault::ClosedAfter | Fault::Silent => Vec::new(),
        Fault::SlowHead => b"HTTP/1.1 200 x\r\nContent-".to_vec(),
        Fault::SlowBody | Fault::Reset | Fault::TooShort => {
            [head(200, &[], 100).as_bytes(), b"part"].concat()
        }
        Fault::NoHttp => b"220 mail.example ready\r\n".to_vec(),
        Fault::Endless => b"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec(),
        Fault::Status(status, headers) => head(status, headers, 0).into_bytes(),
        Fault::Body(headers, body) => [head(200, headers, body.len()).as_bytes(), body].concat(),
    };
    if stream.write_all(&written).await.is_err() || stream.flush().await.is_err() {
        return;
    }
    match fault {
        Fault::Silent | Fault::SlowHead | Fault::SlowBody => {
            heard.silent.add_permits(1);
            // Until the client has gone.
            let _ = stream.read(&mut [0]).await;
        }
        Fault::Endless => {
            let chunk = [b"400\r\n".as_slice(), &[b'x'; 0x400], b"\r\n"].concat();
            while stream.write_all(&chunk).await.is_ok() {}
        }
        Fault::Reset => {
            let _ = stream.set_zero_linger();
        }
        _ => {
            let _ = stream.shutdown().await;
        }
    }
}

/// Reads the head of a request, and the bytes that it promises.
async fn read_request(stream: &mut TcpStream) -> Option<()> {
    let mut read = Vec::new();
    loop {
        let end = read.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&read[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |length| length.parse().unwrap());
            if read.len() >= end + 4 + length {
                return Some(());
            }
        }
        if stream.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    }
}

/// A clock that moves when somebody pauses, and to a limit when the server has fallen silent.
#[derive(Clone, Debug)]
pub(super) struct Patience {
    time: ManualTime,
    heard: Arc<Heard>,
}

impl Patience {
    pub(super) fn new(server: &Hostile) -> Self {
        Self {
            time: ManualTime::new(),
            heard: Arc::clone(&server.heard),
        }
    }

    /// How long the client paused.
    pub(super) fn slept(&self) -> Duration {
        self.time.slept()
    }
}

#[async_trait::async_trait]
impl Time for Patience {
    fn now(&self) -> SystemTime {
        self.time.now()
    }

    fn elapsed(&self) -> Duration {
        self.time.elapsed()
    }

    async fn sleep(&self, pause: Duration) {
        self.time.sleep(pause).await;
    }

    async fn limit(&self, longest: Duration) {
        self.heard.silent.acquire().await.unwrap().forget();
        self.time.advance(longest);
    }
}

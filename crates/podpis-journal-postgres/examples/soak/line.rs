//! A line to the server that breaks now and then.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};

use crate::Failure;
use crate::cluster::Cluster;

/// One of so many messages is the last one of its connection.
const BREAKS: u64 = 400;

pub(crate) struct Line {
    folder: TempDir,
    broken: Arc<AtomicU64>,
}

impl Line {
    pub(crate) fn to(cluster: &Cluster) -> Result<Self, Failure> {
        let folder = tempfile::tempdir_in("/tmp")?;
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432"))?;
        let server = cluster.socket().join(".s.PGSQL.5432");
        let broken = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&broken);
        tokio::spawn(async move {
            let mut seed = 0x9e37_79b9_7f4a_7c15;
            while let Ok((client, _)) = listener.accept().await {
                seed = next(seed);
                tokio::spawn(pass(client, server.clone(), seed, Arc::clone(&counted)));
            }
        });
        Ok(Self { folder, broken })
    }

    pub(crate) fn address(&self) -> String {
        let host = self.folder.path().display();
        format!("postgres://podpis@/postgres?host={host}")
    }

    /// How many connections it broke.
    pub(crate) fn broken(&self) -> u64 {
        self.broken.load(Ordering::Relaxed)
    }
}

/// The next number as if at random (xorshift).
fn next(mut seed: u64) -> u64 {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^ (seed << 17)
}

async fn pass(
    mut client: UnixStream,
    server: PathBuf,
    mut seed: u64,
    broken: Arc<AtomicU64>,
) -> std::io::Result<()> {
    let mut server = UnixStream::connect(server).await?;
    let (mut sent, mut said) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let (from, to, length) = tokio::select! {
            length = client.read(&mut sent) => (&sent, &mut server, length?),
            length = server.read(&mut said) => (&said, &mut client, length?),
        };
        seed = next(seed);
        let breaks = seed.is_multiple_of(BREAKS);
        if breaks {
            broken.fetch_add(1, Ordering::Relaxed);
        }
        if length == 0 || breaks {
            return Ok(());
        }
        to.write_all(&from[..length]).await?;
    }
}

//! By hand: a file for each operation.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use podpis_bench::Error;
use serde_json::{Value, json};

use crate::Starts;
use crate::one_by_hand::{ByHand as Client, Operation};
use crate::service::Service;
use crate::way::Way as _;

/// By hand.
pub(crate) struct ByHand {
    client: Client,
    folder: PathBuf,
}

impl Starts for ByHand {
    fn new(folder: &Path, service: Service) -> Result<Self, Error> {
        Ok(Self {
            client: Client::over(service),
            folder: folder.to_owned(),
        })
    }

    async fn start(&self, document: Vec<u8>) -> Result<(), Error> {
        self.started(document).await.map(drop)
    }

    async fn whole(&self, document: Vec<u8>) -> Result<Vec<Vec<u8>>, Error> {
        let (name, mut operation) = self.started(document).await?;
        self.client.poll(&mut operation).await?;
        self.at(&name, "code", json!(null)).await?;
        self.at(&name, "confirming", json!(null)).await?;
        self.client.confirm(&mut operation, "739155").await?;
        self.at(&name, "signing", json!(operation.id())).await?;
        self.client.poll(&mut operation).await?;
        let signatures = self.client.signatures(&operation)?;
        let kept: Vec<String> = signatures.iter().map(|der| STANDARD.encode(der)).collect();
        self.at(&name, "signed", json!(kept)).await?;
        self.client.forget(operation).await?;
        let folder = self.folder.clone();
        let removed = tokio::task::spawn_blocking(move || remove(&folder, &name));
        removed.await??;
        Ok(signatures)
    }
}

impl ByHand {
    /// Starts, under a name.
    async fn started(&self, document: Vec<u8>) -> Result<(String, Operation), Error> {
        let name = format!("{:016x}", fastrand::u64(..));
        self.at(&name, "starting", json!(document.len())).await?;
        let operation = self.client.start(document).await?;
        self.at(&name, "preparing", json!(operation.id())).await?;
        Ok((name, operation))
    }

    /// Stores how far it is.
    async fn at(&self, name: &str, state: &str, kept: Value) -> Result<(), Error> {
        let record = json!({"id": name, "file": "act.xml", "state": state, "kept": kept});
        self.store(name, record.to_string()).await
    }

    async fn store(&self, name: &str, text: String) -> Result<(), Error> {
        let (folder, name) = (self.folder.clone(), name.to_owned());
        let stored = tokio::task::spawn_blocking(move || store(&folder, &name, &text));
        Ok(stored.await??)
    }
}

/// When this returns, the record is gone.
fn remove(folder: &Path, name: &str) -> io::Result<()> {
    fs::remove_file(folder.join(format!("{name}.json")))?;
    File::open(folder)?.sync_all()
}

/// When this returns, the record is safe.
fn store(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    let beside = folder.join(format!("{name}.tmp"));
    let mut file = File::create(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, folder.join(format!("{name}.json")))?;
    File::open(folder)?.sync_all()
}

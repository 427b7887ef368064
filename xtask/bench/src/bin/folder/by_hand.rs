//! By hand: a file for each operation.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use podpis_bench::Error;

use crate::Starts;
use crate::one_by_hand::ByHand as Client;
use crate::service::Service;
use crate::way::Way as _;

/// By hand.
pub(crate) struct ByHand {
    client: Client,
    folder: PathBuf,
}

impl Starts for ByHand {
    fn new(folder: &Path) -> Result<Self, Error> {
        Ok(Self {
            client: Client::over(Service::at_work()),
            folder: folder.to_owned(),
        })
    }

    async fn start(&self, document: Vec<u8>) -> Result<(), Error> {
        let name = format!("{:016x}", fastrand::u64(..));
        let record = serde_json::json!({
            "id": name, "file": "act.xml", "size": document.len(), "state": "starting",
        });
        self.store(&name, record.to_string()).await?;
        let operation = self.client.start(document).await?;
        let record = serde_json::json!({
            "id": name, "file": "act.xml", "state": "preparing", "task": operation.id(),
        });
        self.store(&name, record.to_string()).await
    }
}

impl ByHand {
    async fn store(&self, name: &str, text: String) -> Result<(), Error> {
        let (folder, name) = (self.folder.clone(), name.to_owned());
        let stored = tokio::task::spawn_blocking(move || store(&folder, &name, &text));
        Ok(stored.await??)
    }
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

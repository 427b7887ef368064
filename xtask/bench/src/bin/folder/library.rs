//! podpis: its journal in a folder.

use std::path::Path;

use podpis::secret::{ApiClientId, Password};
#[allow(
    clippy::wildcard_imports,
    unused_imports,
    reason = "`Begin`, where the tree that is measured has it"
)]
use podpis::*;
use podpis::{Diadoc, DiadocLogin, File, FolderJournal};
use podpis_bench::Error;

use crate::Starts;
use crate::service::Service;

/// As a user calls it.
pub(crate) struct Library {
    diadoc: Diadoc,
    journal: FolderJournal,
}

impl Starts for Library {
    fn new(folder: &Path) -> Result<Self, Error> {
        let password = Password::new("a password");
        let login = DiadocLogin::password(ApiClientId::new("bench"), "login", password);
        let service = Service::at_work();
        Ok(Self {
            diadoc: Diadoc::builder("http://localhost".parse()?, login, service).build(),
            journal: FolderJournal::at(folder)?,
        })
    }

    async fn start(&self, document: Vec<u8>) -> Result<(), Error> {
        let signing = self.diadoc.cloud_sign([File::bytes("act.xml", document)]);
        drop(signing.start(&self.journal).await?);
        Ok(())
    }
}

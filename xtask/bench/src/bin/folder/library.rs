//! podpis: its journal in a folder.

use std::path::Path;

use podpis::secret::{ApiClientId, ConfirmationCode, Password};
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
    fn new(folder: &Path, service: Service) -> Result<Self, Error> {
        let password = Password::new("a password");
        let login = DiadocLogin::password(ApiClientId::new("bench"), "login", password);
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

    async fn whole(&self, document: Vec<u8>) -> Result<Vec<Vec<u8>>, Error> {
        let signing = self.diadoc.cloud_sign([File::bytes("act.xml", document)]);
        let mut run = signing.start(&self.journal).await?;
        run.poll().await?;
        run.confirm(ConfirmationCode::new("739155")).await?;
        run.poll().await?;
        let output = run.output()?;
        let signatures = output.all()?.iter().map(|one| one.der().to_vec()).collect();
        run.forget().await?;
        Ok(signatures)
    }
}

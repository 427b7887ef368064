//! podpis: drives operations step by step, with its journal in memory.

use podpis::diadoc::CloudSign;
use podpis::secret::{ApiClientId, ConfirmationCode, Password};
#[allow(
    clippy::wildcard_imports,
    unused_imports,
    reason = "`Begin`, where the tree that is measured has it"
)]
use podpis::*;
use podpis::{Deadline, Diadoc, DiadocLogin, File, MemoryJournal, NoPrompt, Run};
use podpis_bench::{Error, Still};

use crate::service::Service;
use crate::way::{Waiting, Way};

/// As a user calls it.
pub(crate) struct Library {
    diadoc: Diadoc,
    journal: MemoryJournal,
}

impl Way for Library {
    type Operation<'a> = Run<'a, CloudSign>;

    fn new(service: Service) -> Result<Self, Error> {
        let password = Password::new("a password");
        let login = DiadocLogin::password(ApiClientId::new("bench"), "login", password);
        Ok(Self {
            diadoc: Diadoc::builder("http://localhost".parse()?, login, service)
                .time(Still)
                .build(),
            journal: MemoryJournal::new(),
        })
    }

    fn waiting(&self, document: Vec<u8>) -> Waiting<'_> {
        Box::pin(async {
            let mut run = self.start(document).await?;
            run.wait(&mut NoPrompt, Deadline::minutes(10)).await?;
            Ok(())
        })
    }

    async fn start(&self, document: Vec<u8>) -> Result<Self::Operation<'_>, Error> {
        let signing = self.diadoc.cloud_sign([File::bytes("act.xml", document)]);
        Ok(signing.start(&self.journal).await?)
    }

    async fn poll(&self, run: &mut Self::Operation<'_>) -> Result<(), Error> {
        Ok(run.poll().await?)
    }

    async fn confirm(&self, run: &mut Self::Operation<'_>, code: &str) -> Result<(), Error> {
        Ok(run.confirm(ConfirmationCode::new(code)).await?)
    }

    fn signatures(&self, run: &Self::Operation<'_>) -> Result<Vec<Vec<u8>>, Error> {
        let signatures = run.output()?;
        Ok(signatures
            .all()?
            .iter()
            .map(|one| one.der().to_vec())
            .collect())
    }

    async fn forget(&self, run: Self::Operation<'_>) -> Result<(), Error> {
        Ok(run.forget().await?)
    }
}

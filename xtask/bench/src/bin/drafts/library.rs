//! podpis: signs a draft, with its journal in memory.

use podpis::extern_api::model::{AccountId, DraftId};
use podpis::secret::{ConfirmationCode, Token};
use podpis::{Begin as _, Extern, ExternLogin, MemoryJournal, Transport};
use podpis_bench::{Error, Still};

use crate::recorded::Recorded;

/// As a user calls it.
pub(crate) struct Library {
    client: Extern,
    account: AccountId,
    draft: DraftId,
    journal: MemoryJournal,
}

/// A client with a token.
pub(crate) fn client(url: &str, token: &str, service: impl Transport) -> Result<Extern, Error> {
    let login = ExternLogin::bearer(&Token::new(token));
    Ok(Extern::builder(url.parse()?, login, service)
        .time(Still)
        .build())
}

impl Library {
    /// Over what was recorded.
    pub(crate) fn new(recorded: &Recorded) -> Result<Self, Error> {
        let client = client("http://localhost", "a token", recorded.clone())?;
        Ok(Self::of(client, &recorded.account, &recorded.draft))
    }

    pub(crate) fn of(client: Extern, account: &str, draft: &str) -> Self {
        Self {
            client,
            account: AccountId::new(account),
            draft: DraftId::new(draft),
            journal: MemoryJournal::new(),
        }
    }

    /// The signatures of the draft.
    pub(crate) async fn sign(&self) -> Result<Vec<Vec<u8>>, Error> {
        self.signed_with(|| "739155".to_owned()).await
    }

    pub(crate) async fn signed_with(
        &self,
        code: impl FnOnce() -> String,
    ) -> Result<Vec<Vec<u8>>, Error> {
        let signing = self.client.account(&self.account).sign_draft(&self.draft);
        let mut run = signing.start(&self.journal).await?;
        run.confirm(ConfirmationCode::new(code())).await?;
        run.poll().await?;
        let signatures = run.output()?;
        let signatures = signatures.all()?;
        let given = signatures.iter().map(|one| one.der().to_vec()).collect();
        run.forget().await?;
        Ok(given)
    }
}

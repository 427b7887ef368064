//! Accounts and certificates.
//!
//! **Invariant:** pages are read to their end.

use podpis_core::Error;
use podpis_core::call::Call;
use podpis_extern_model::{Account, AccountId, AccountList, Certificate, CertificateList};

use crate::Extern;
use crate::endpoints::{ACCOUNTS, CERTIFICATES};
use crate::json::{asking, reading};

/// How many items are asked for at once; the service's own default.
const PAGE: usize = 100;

impl Extern {
    /// The accounts that the user may work with.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn accounts(&self) -> Result<Vec<Account>, Error> {
        let mut accounts = Vec::new();
        loop {
            let call = paged(Call::new(&ACCOUNTS), accounts.len());
            let page: AccountList = reading(&self.caller().call(asking(call)).await?)?;
            let count = page.accounts.len();
            accounts.extend(page.accounts);
            if is_last(count, accounts.len(), page.total_count) {
                return Ok(accounts);
            }
        }
    }

    /// The certificates of the user in this account; [`judge`](crate::judge) says which can sign remotely.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn certificates(&self, account: &AccountId) -> Result<Vec<Certificate>, Error> {
        let mut certificates = Vec::new();
        loop {
            let call = paged(
                Call::new(&CERTIFICATES).segment("account", account.as_str()),
                certificates.len(),
            );
            let page: CertificateList = reading(&self.caller().call(asking(call)).await?)?;
            let count = page.certificates.len();
            certificates.extend(page.certificates);
            if is_last(count, certificates.len(), page.total_count) {
                return Ok(certificates);
            }
        }
    }
}

fn paged(call: Call, skip: usize) -> Call {
    call.query("skip", skip.to_string())
        .query("take", PAGE.to_string())
}

/// An empty page ends the list too, whatever the total says.
fn is_last(count: usize, seen: usize, total: Option<u64>) -> bool {
    count == 0 || total.map_or(count < PAGE, |total| seen as u64 >= total)
}

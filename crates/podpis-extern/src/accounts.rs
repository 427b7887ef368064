//! Accounts and certificates.
//!
//! **Invariant:** pages are read to their end.

use podpis_core::Error;
use podpis_core::call::Call;
use podpis_extern_model::{Account, AccountId, AccountList, Certificate, CertificateList};

use crate::Extern;
use crate::endpoints::{ACCOUNTS, CERTIFICATES};
use crate::json::{asking, reading};
use crate::pages;

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
            let call = pages::page(Call::new(&ACCOUNTS), accounts.len(), PAGE);
            let page: AccountList = reading(&self.caller().call(asking(call)).await?)?;
            if pages::add(&mut accounts, page.accounts, PAGE, page.total_count) {
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
            let call = Call::new(&CERTIFICATES).segment("account", account.as_str());
            let call = pages::page(call, certificates.len(), PAGE);
            let page: CertificateList = reading(&self.caller().call(asking(call)).await?)?;
            if pages::add(&mut certificates, page.certificates, PAGE, page.total_count) {
                return Ok(certificates);
            }
        }
    }
}

//! Accounts and certificates.
//!
//! **Invariant:** pages are read to their end.

use podpis_core::Error;
use podpis_core::call::Call;
use podpis_extern_model::{Account, AccountList, Certificate, CertificateList};

use crate::endpoints::{ACCOUNTS, CERTIFICATES};
use crate::json::{asking, reading};
use crate::pages::Pages;
use crate::{Extern, InAccount};

/// How many items are asked for at once; the service's own default.
const PAGE: usize = 100;

impl Extern {
    /// The accounts that the user may work with.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn accounts(&self) -> Result<Vec<Account>, Error> {
        let mut accounts = Pages::of("accounts", PAGE);
        loop {
            let call = accounts.next(Call::new(&ACCOUNTS));
            let answer = self.caller().call(asking(call)).await?;
            let page: AccountList = reading(&answer)?;
            if accounts.add(&answer, page.accounts, page.total_count)? {
                return Ok(accounts.into_all());
            }
        }
    }
}

impl InAccount {
    /// The certificates of the user in this account; [`unusable`](crate::unusable) says which
    /// cannot sign remotely, and why.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn certificates(&self) -> Result<Vec<Certificate>, Error> {
        let mut certificates = Pages::of("certificates", PAGE);
        loop {
            let call = Call::new(&CERTIFICATES).segment("account", self.id.as_str());
            let answer = self.caller().call(asking(certificates.next(call))).await?;
            let page: CertificateList = reading(&answer)?;
            if certificates.add(&answer, page.certificates, page.total_count)? {
                return Ok(certificates.into_all());
            }
        }
    }
}

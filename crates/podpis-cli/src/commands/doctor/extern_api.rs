//! What the user has in Extern.
//!
//! **Invariant:** only reads.

use podpis::Extern;
use podpis::extern_api::model::{Account, AccountId};
use podpis::extern_api::unusable;

use super::diadoc::judge;
use super::finding::Findings;
use super::service;
use crate::connection::Connection;
use crate::environment::{self, EXTERN_ACCOUNT};
use crate::failure::Failure;
use crate::messages::{Check, DoctorMessage};
use crate::moment;
use crate::profile::ServiceName;

/// What needs a connection, the login first.
const LATER: [Check; 3] = [Check::Login, Check::Account, Check::Certificates];

/// Looks at it.
pub(super) async fn examine(
    sandbox: Option<&str>,
    mut findings: Findings<'_>,
) -> Result<(), Failure> {
    let findings = &mut findings;
    let Some(connection) = service::reach::<Extern>(sandbox, &LATER, findings).await? else {
        return Ok(());
    };
    let client = connection.reader();
    let accounts = client.accounts().await;
    let Some(accounts) = service::logged_in(ServiceName::Extern, accounts, &LATER, findings)?
    else {
        return Ok(());
    };
    let Some((id, account)) = account(&connection, &accounts, findings)? else {
        return findings.skipped(&[Check::Certificates]);
    };
    let listed = match client.account(&id).certificates().await {
        Ok(listed) => listed,
        Err(error) => {
            let failure = Failure::from(error);
            return findings.failure(Check::Certificates, &failure, DoctorMessage::TryAgain);
        }
    };
    let now = moment::now();
    let inn = account.inn.as_deref();
    let judged = listed.iter().map(|one| {
        let name = one.thumbprint.clone().or_else(|| one.fio.clone());
        (name.unwrap_or_default(), unusable(one, now, inn))
    });
    judge(judged.collect(), findings)
}

/// The account that would be worked with.
fn account<'a>(
    connection: &Connection<Extern>,
    accounts: &'a [Account],
    findings: &mut Findings<'_>,
) -> Result<Option<(AccountId, &'a Account)>, Failure> {
    let named = match environment::value(EXTERN_ACCOUNT)? {
        Some(named) => Some(named),
        None => connection.seeded().map(|world| world.account.clone()),
    };
    let Some(named) = named else {
        let (found, advice) = (
            DoctorMessage::AccountUnnamed(accounts.len()),
            DoctorMessage::NameAccount,
        );
        findings.problem(Check::Account, found, advice)?;
        return Ok(None);
    };
    let id = AccountId::new(named.clone());
    let Some(account) = accounts.iter().find(|one| one.id.as_ref() == Some(&id)) else {
        let (found, advice) = (
            DoctorMessage::AccountUnknown(named),
            DoctorMessage::NameAccount,
        );
        findings.problem(Check::Account, found, advice)?;
        return Ok(None);
    };
    let name = account.organization_name.as_ref().or(account.name.as_ref());
    let name = name.map_or_else(String::new, |name| format!(", {name}"));
    let found = DoctorMessage::AccountFound(format!("{named}{name}"));
    findings.fine(Check::Account, found)?;
    Ok(Some((id, account)))
}

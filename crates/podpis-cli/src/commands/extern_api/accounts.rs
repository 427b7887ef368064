//! `podpis extern accounts`.
//!
//! **Invariant:** only reads.

use clap::Args;
use podpis::Extern;
use podpis::extern_api::model::Account;
use serde_json::{Value, json};

use crate::connection::{Connection, ExternArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, columns};

#[derive(Debug, Args)]
pub(crate) struct AccountsArguments {
    #[command(flatten)]
    extern_api: ExternArguments,
}

/// Lists.
pub(super) async fn run(arguments: &AccountsArguments, output: Output) -> Result<Exit, Failure> {
    let connection = Connection::<Extern>::open(&arguments.extern_api.service, output).await?;
    let accounts = connection.reader().accounts().await?;
    output.list(&accounts, told, shown)?;
    Ok(Exit::Done)
}

fn name(account: &Account) -> Option<String> {
    let name = account.organization_name.as_ref();
    name.or(account.name.as_ref()).cloned()
}

fn told(account: &Account) -> Value {
    json!({
        "account": account.id,
        "inn": account.inn,
        "kpp": account.kpp,
        "name": name(account),
    })
}

fn shown(account: &Account) -> Vec<String> {
    let numbers = [account.inn.clone(), account.kpp.clone()];
    let numbers: Vec<String> = numbers.into_iter().flatten().collect();
    let id = account.id.as_ref().map(ToString::to_string);
    vec![columns([id, Some(numbers.join("/")), name(account)])]
}

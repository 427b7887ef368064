//! `podpis extern accounts`.
//!
//! **Invariant:** only reads.

use clap::Args;
use serde_json::json;

use crate::connection::ExternArguments;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Message;
use crate::output::Output;

#[derive(Debug, Args)]
pub(crate) struct AccountsArguments {
    #[command(flatten)]
    extern_api: ExternArguments,
}

/// Lists.
pub(super) async fn run(arguments: &AccountsArguments, output: Output) -> Result<Exit, Failure> {
    let (connection, _) = arguments.extern_api.connect(output).await?;
    let accounts = connection.reader().accounts().await?;
    if accounts.is_empty() {
        output.say(&Message::NothingListed);
    }
    for account in accounts {
        let id = account.id.map(|id| id.to_string());
        let name = account.organization_name.or(account.name);
        output.result(&json!({
            "account": id,
            "inn": account.inn,
            "kpp": account.kpp,
            "name": name,
        }))?;
        let numbers = [account.inn, account.kpp];
        let numbers: Vec<String> = numbers.into_iter().flatten().collect();
        let shown = [id, Some(numbers.join("/")), name];
        let shown: Vec<String> = shown.into_iter().flatten().collect();
        output.show(&shown.join("  "))?;
    }
    Ok(Exit::Done)
}

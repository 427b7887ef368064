//! `podpis diadoc organizations`.
//!
//! **Invariant:** only reads, and registers nobody.

use clap::Args;
use podpis::diadoc::organizations::{Organization, OrganizationBox};
use serde_json::{Value, json};

use crate::connection::DiadocArguments;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Message;
use crate::output::Output;

#[derive(Debug, Args)]
pub(crate) struct OrganizationsArguments {
    #[command(flatten)]
    diadoc: DiadocArguments,
}

/// Lists.
pub(super) async fn run(
    arguments: &OrganizationsArguments,
    output: Output,
) -> Result<Exit, Failure> {
    let (connection, _) = arguments.diadoc.connect(output).await?;
    let organizations = connection.reader().organizations().await?;
    if organizations.is_empty() {
        output.say(&Message::NothingListed);
    }
    for organization in &organizations {
        output.result(&told(organization))?;
        let numbers = [Some(organization.inn.clone()), organization.kpp.clone()];
        let numbers: Vec<String> = numbers.into_iter().flatten().collect();
        let line = [
            organization.id.clone(),
            numbers.join("/"),
            organization.full_name.clone(),
        ];
        output.show(&line.join("  "))?;
        for one in &organization.boxes {
            let [guid, address] = names(one);
            let line: Vec<String> = [guid, address, one.title.clone()]
                .into_iter()
                .flatten()
                .collect();
            output.show(&format!("  {}", line.join("  ")))?;
        }
    }
    Ok(Exit::Done)
}

/// Both names of a box: its GUID and its address.
fn names(one: &OrganizationBox) -> [Option<String>; 2] {
    [&one.guid, &one.address].map(|id| id.as_ref().map(ToString::to_string))
}

fn told(organization: &Organization) -> Value {
    let boxes = organization.boxes.iter().map(|one| {
        let [guid, address] = names(one);
        json!({ "box": guid, "address": address, "title": one.title })
    });
    json!({
        "organization": organization.id,
        "inn": organization.inn,
        "kpp": organization.kpp,
        "name": organization.full_name,
        "test": organization.is_test,
        "boxes": boxes.collect::<Vec<Value>>(),
    })
}

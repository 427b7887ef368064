//! `podpis diadoc organizations`.
//!
//! **Invariant:** only reads, and registers nobody.

use clap::Args;
use podpis::Diadoc;
use podpis::diadoc::organizations::{Organization, OrganizationBox};
use serde_json::{Value, json};

use crate::connection::{Connection, DiadocArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, columns};

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
    arguments.diadoc.in_box()?;
    let connection = Connection::<Diadoc>::open(&arguments.diadoc.service, output).await?;
    let organizations = connection.reader().organizations().await?;
    output.list(&organizations, told, shown)?;
    Ok(Exit::Done)
}

fn shown(organization: &Organization) -> Vec<String> {
    let numbers = [Some(organization.inn.clone()), organization.kpp.clone()];
    let numbers: Vec<String> = numbers.into_iter().flatten().collect();
    let name = organization.full_name.clone();
    let first = [organization.id.clone(), numbers.join("/"), name].map(Some);
    let one = |one: &OrganizationBox| {
        let [guid, address] = names(one);
        format!("  {}", columns([guid, address, one.title.clone()]))
    };
    let boxes = organization.boxes.iter().map(one);
    [columns(first)].into_iter().chain(boxes).collect()
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

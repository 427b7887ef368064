//! `podpis diadoc prepare`: has the service write the signer into documents before they are signed.
//!
//! **Invariant:** changes no document and asks nobody; what is written are exactly the bytes that have to be signed.

use std::path::PathBuf;

use bytes::Bytes;
use clap::Args;
use podpis::diadoc::message;
use podpis::diadoc::prepare::{PostedBy, Preparation, PreparedDocument, Signer, ToPrepare};
use podpis::diadoc::{BoxId, EntityId, MessageId};
use podpis::diadoc_proto::invoicing::signers::ExtendedSigner;
use podpis::{Diadoc, Thumbprint};
use serde_json::json;

use crate::connection::{Connection, DiadocArguments};
use crate::environment::parse;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::{DiadocMessage, Message};
use crate::out_folder::OutFolder;
use crate::output::Output;

#[derive(Debug, Args)]
pub(crate) struct PrepareArguments {
    /// Message or draft of the documents; with a sandbox, a seeded unsent document unless given
    #[arg(long, value_name = "MESSAGE", requires = "entity")]
    message: Option<String>,

    /// Document in it
    #[arg(long, value_name = "ENTITY", requires = "message")]
    entity: Vec<String>,

    /// Thumbprint of the certificate whose owner signs
    #[arg(long, value_name = "THUMBPRINT")]
    cert: Option<String>,

    /// Box of the recipient, where a draft does not name it
    #[arg(long, value_name = "BOX")]
    to_box: Option<String>,

    /// Folder for the prepared documents; the current one unless given. Nothing that is there is replaced
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    diadoc: DiadocArguments,
}

/// Prepares and writes.
pub(super) async fn run(arguments: PrepareArguments, output: Output) -> Result<Exit, Failure> {
    let mut signer: Option<Thumbprint> = arguments
        .cert
        .map(|text| parse("--cert", &text))
        .transpose()?;
    let to_box: Option<BoxId> = arguments
        .to_box
        .map(|text| parse("--to-box", &text))
        .transpose()?;
    let folder = OutFolder::asked(arguments.out.as_deref())?;
    let in_box = arguments.diadoc.in_box()?;
    let connection = Connection::<Diadoc>::open(&arguments.diadoc.service, output).await?;
    let (message, entities) = match (arguments.message, connection.seeded()) {
        (Some(message), _) => (message, arguments.entity),
        (None, Some(world)) => {
            let unsent = &world.messages.unsent;
            (unsent.message.clone(), vec![unsent.entity.clone()])
        }
        (None, None) => return Err(Failure::usage(Message::MissingIds("--message, --entity"))),
    };
    if let (None, Some(person)) = (signer, connection.person()) {
        signer = person.dss_certificate;
    }
    let in_box = connection.in_box(in_box, output).await?;
    let client = connection.reader();
    let message_id = MessageId::new(message);
    let read = client.in_box(&in_box).message(&message_id).read().await?;
    let to_prepare = |entity: &String| {
        let entity = EntityId::new(entity.as_str());
        let mut wanted = if read.is_draft() {
            ToPrepare::in_draft(&message_id, &entity)
        } else {
            ToPrepare::unsent(&message_id, &entity)
        };
        if let Some(signer) = signer {
            wanted = if is_universal(&read, &entity) {
                let extended = ExtendedSigner::new()
                    .with_box_id(in_box.as_str())
                    .with_signer_certificate_thumbprint(signer.to_string());
                wanted.extended_signer(extended)
            } else {
                wanted.signer(Signer::thumbprint(signer))
            };
        }
        match &to_box {
            Some(to_box) => wanted.to_box(to_box),
            None => wanted,
        }
    };
    let prepared = client
        .in_box(&in_box)
        .prepare_documents(entities.iter().map(to_prepare))
        .send()
        .await?;
    let mut exit = Exit::Done;
    for one in &prepared.documents {
        match one {
            Preparation::Prepared(prepared) => write(prepared, &read, &folder, output)?,
            Preparation::NotSupported(document) => {
                exit = exit.worst(Exit::Refused);
                let why = DiadocMessage::NotPrepared(name(&read, &document.entity)).into();
                output.say(&why);
                output.result(&json!({
                    "message": document.message.as_str(),
                    "entity": document.entity.as_str(),
                    "error": { "kind": "not_prepared", "message": output.text(&why) },
                }))?;
            }
        }
    }
    Ok(exit)
}

fn write(
    prepared: &PreparedDocument,
    read: &message::Message,
    folder: &OutFolder,
    output: Output,
) -> Result<(), Failure> {
    let document = &prepared.patched.document;
    let id = &prepared.patched.id;
    let name = name(read, &document.entity);
    let place = match &prepared.content {
        Some(bytes) => folder.write(&name, &[("", bytes)])?.into_iter().next(),
        None => None,
    };
    let posted_by = match prepared.patched.posted_by {
        PostedBy::SendDraft => "send_draft",
        PostedBy::PostMessagePatch => "post_message_patch",
    };
    output.result(&json!({
        "message": document.message.as_str(),
        "entity": document.entity.as_str(),
        "patched_content_id": id.as_str(),
        "file": place,
        "size": prepared.content.as_ref().map(Bytes::len),
        "posted_by": posted_by,
    }))?;
    output.show(id.as_str())?;
    let place = place.unwrap_or_default();
    output.say(&DiadocMessage::Prepared { file: name, place }.into());
    Ok(())
}

/// Universal transfer documents take an extended signer and no plain one.
fn is_universal(read: &message::Message, entity: &EntityId) -> bool {
    let info = read.attachment(entity).and_then(|document| document.info());
    info.is_some_and(|info| {
        let name = info.type_named_id.to_ascii_lowercase();
        name.starts_with("universal")
    })
}

/// The name of a document; its id where the service gives none.
fn name(read: &message::Message, entity: &EntityId) -> String {
    let document = read.attachment(entity);
    let name = document.and_then(|document| document.file_name());
    name.unwrap_or(entity.as_str()).to_owned()
}

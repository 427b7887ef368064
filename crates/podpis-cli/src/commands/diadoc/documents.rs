//! `podpis diadoc documents`: lists documents, or what waits for a signature, and saves them to be read.
//!
//! **Invariant:** only reads; a list that does not wait is told as it comes, page by page.

use std::path::PathBuf;

use clap::Args;
use futures_util::TryStreamExt as _;
use podpis::Diadoc;
use podpis::diadoc::InBox;
use podpis::diadoc::documents::ListedDocument;
use serde_json::json;

use crate::asked::AttachAsk;
use crate::connection::{Connection, DiadocArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::{DiadocMessage, Message};
use crate::out_folder::OutFolder;
use crate::output::{Output, joined};
use crate::waiting::{FilterArguments, Need, Survey, lines, told};

#[derive(Debug, Args)]
#[command(
    after_help = "With --waiting each document is told with what it needs: nothing but a signature, which podpis diadoc \
                  attach --waiting gives, or something else. Documents of drafts are told then too, behind the others: a draft \
                  is sent to its recipient with its signatures."
)]
pub(crate) struct DocumentsArguments {
    /// Only documents that wait for something that this side signs
    #[arg(long)]
    waiting: bool,

    #[command(flatten)]
    filter: FilterArguments,

    /// At most so many
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    /// Folder for the documents themselves, to be read before they are signed. Nothing that is there is replaced
    #[arg(long, value_name = "DIR")]
    save: Option<PathBuf>,

    #[command(flatten)]
    diadoc: DiadocArguments,
}

/// Lists.
pub(super) async fn run(arguments: &DocumentsArguments, output: Output) -> Result<Exit, Failure> {
    let filter = arguments.filter.filter()?;
    let folder = arguments.save.as_deref();
    let folder = folder
        .map(|folder| OutFolder::asked(Some(folder)))
        .transpose()?;
    let in_box = arguments.diadoc.in_box()?;
    let connection = Connection::<Diadoc>::open(&arguments.diadoc.service, output).await?;
    let in_box = connection.in_box(in_box, output).await?;
    let client = connection.reader();
    let telling = Telling {
        in_box: client.in_box(&in_box),
        folder,
        output,
    };
    let most = arguments.limit.unwrap_or(u64::MAX);
    let mut told = 0;
    if arguments.waiting {
        let ask = AttachAsk::default();
        let survey = Survey::of(&client, &in_box, &ask, &[], output).await?;
        for one in survey.find(filter, arguments.filter.has_drafts()).await? {
            if told == most {
                break;
            }
            telling.tell(&one.document, Some(&one.need)).await?;
            told += 1;
        }
    } else {
        let mut documents = telling.in_box.documents(&filter);
        while told < most
            && let Some(document) = documents.try_next().await?
        {
            telling.tell(&document, None).await?;
            told += 1;
        }
    }
    if told == 0 {
        output.say(&Message::NothingListed);
    }
    Ok(Exit::Done)
}

struct Telling {
    in_box: InBox,
    folder: Option<OutFolder>,
    output: Output,
}

impl Telling {
    async fn tell(&self, document: &ListedDocument, need: Option<&Need>) -> Result<(), Failure> {
        let place = match &self.folder {
            Some(folder) => Some(self.save(document, folder).await?),
            None => None,
        };
        let result = told(document, need, self.output);
        self.output.result(&match &place {
            Some(place) => joined(result, json!({ "saved": place })),
            None => result,
        })?;
        for line in lines(document, need, self.output) {
            self.output.show(&line)?;
        }
        if let Some(place) = place {
            self.output.say(&DiadocMessage::Saved(place).into());
        }
        Ok(())
    }

    async fn save(&self, document: &ListedDocument, folder: &OutFolder) -> Result<String, Failure> {
        let (message, entity) = (&document.message, &document.entity);
        let bytes = self.in_box.entity_content(message, entity).await?;
        let written = folder.write(document.name(), &[("", &bytes)])?;
        Ok(written.into_iter().next().unwrap_or_default())
    }
}

//! Which documents are looked at, as people say it.
//!
//! **Invariant:** what cannot be understood is an error before anything is sent.

use clap::Args;
use podpis::diadoc::documents::DocumentFilter;

use crate::environment::parse;
use crate::failure::Failure;
use crate::messages::Message;
use crate::moment;

// Which documents.
#[derive(Args, Clone, Debug)]
pub(crate) struct FilterArguments {
    /// Only documents of this type, by Diadoc's name of it: Nonformalized, UniversalTransferDocument and more
    #[arg(long = "type", value_name = "TYPE")]
    document_type: Option<String>,

    /// Only documents from or to this box
    #[arg(long, value_name = "BOX")]
    counterparty: Option<String>,

    /// Only documents since then: 2024-06-15, or with a time, 2024-06-15T12:00:00Z. What is not sent yet counts by when
    /// it was made
    #[arg(long, value_name = "TIME")]
    since: Option<String>,

    /// Without documents of drafts. Those are in no list: the feed of the box is read for them
    #[arg(long, requires = "waiting")]
    no_drafts: bool,
}

impl FilterArguments {
    /// Whether it says anything.
    pub(crate) fn is_empty(&self) -> bool {
        let said = [&self.document_type, &self.counterparty, &self.since];
        !self.no_drafts && said.into_iter().all(Option::is_none)
    }

    /// Whether drafts are looked at too.
    pub(crate) fn has_drafts(&self) -> bool {
        !self.no_drafts
    }

    /// As the client takes it.
    pub(crate) fn filter(&self) -> Result<DocumentFilter, Failure> {
        let mut filter = DocumentFilter::default();
        if let Some(name) = &self.document_type {
            // It is a part of a word of the service that has a dot behind it.
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
            if !is_name {
                return Err(Failure::usage(Message::BadArgument("--type")));
            }
            filter.document_type = Some(name.clone());
        }
        if let Some(text) = &self.counterparty {
            filter.counterparty = Some(parse("--counterparty", text)?);
        }
        if let Some(text) = &self.since {
            filter.sent_from = Some(moment::argument("--since", text)?);
        }
        Ok(filter)
    }
}

/// A box by what its two forms have in common, where they have anything.
pub(crate) fn digits(name: &str) -> String {
    let name = name.split('@').next().unwrap_or(name);
    let digits = name.chars().filter(|c| *c != '-');
    digits.collect::<String>().to_ascii_lowercase()
}

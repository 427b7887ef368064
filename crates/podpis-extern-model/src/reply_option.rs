//! Which replies a document can have.
//!
//! **Invariant:** only what the service offers, by a link with `rel` `reply`: nothing is concluded from the type of a
//! document.

use crate::{Link, open_enum};

/// The beginning of the types of documents, which the name of a reply does without.
const PREFIX: &str = "urn:document:";

/// A reply that a document can have now.
///
/// Source: `getReplyOptions` of the official Java SDK: the name of the link is the type, its address the ready request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplyOption {
    /// The type of the reply as `generate-reply` takes it, for example `fns534-report-receipt`.
    pub reply_type: String,
    /// Whether it is a package for the pension fund, made by `pfr-generate-reply`.
    pub is_package: bool,
    /// The address that makes it.
    pub href: String,
}

impl ReplyOption {
    /// What a link offers; none where neither its name nor its address says which reply it is.
    #[must_use]
    pub fn of(link: &Link) -> Option<Self> {
        let (path, query) = link.href.split_once('?').unwrap_or((&link.href, ""));
        let in_query = query.split('&').find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            name.eq_ignore_ascii_case("documentType").then_some(value)
        });
        let named = link.name.as_deref().map(str::trim);
        let reply_type = named
            .filter(|name| !name.is_empty())
            .or(in_query)
            .map(|name| open_enum::without_prefix(name, PREFIX))
            .filter(|name| !name.is_empty())?;
        let method = path.rsplit('/').next().unwrap_or_default();
        Some(Self {
            reply_type: reply_type.to_owned(),
            is_package: method.eq_ignore_ascii_case("pfr-generate-reply"),
            href: link.href.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::{Document, read};

    #[test]
    fn a_document_says_what_it_can_be_answered_with() {
        let document: Document = read(
            br#"{"links":[
                {"rel":"self","href":"https://h/documents/d"},
                {"rel":"reply","href":"https://h/documents/d/generate-reply?documentType=a","name":"a"},
                {"rel":"Reply","href":"https://h/documents/d/generate-reply?x=1&documentType=b"},
                {"rel":"reply","href":"https://h/documents/d/pfr-generate-reply","name":"urn:document:c"},
                {"rel":"reply","href":"https://h/documents/d","name":" "},
                {"rel":"reply"}
            ]}"#,
        )
        .unwrap();
        let options: Vec<(String, bool)> = document
            .reply_options()
            .map(|option| (option.reply_type, option.is_package))
            .collect();
        let expected = [("a", false), ("b", false), ("c", true)];
        assert_eq!(
            options,
            expected.map(|(name, package)| (name.to_owned(), package))
        );
    }
}

//! A page of drafts.
//!
//! **Invariant:** no source names the list inside the page, so every name that the service's other pages have is read.

use serde::Deserialize;

use super::Draft;
use crate::lenient;

/// A page of drafts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct DraftPage {
    /// How many drafts stand before this page.
    #[serde(deserialize_with = "lenient::count")]
    pub skip: Option<u64>,
    /// How many drafts a page holds at most.
    #[serde(deserialize_with = "lenient::count")]
    pub take: Option<u64>,
    /// How many drafts there are.
    #[serde(deserialize_with = "lenient::count")]
    pub total_count: Option<u64>,
    /// The drafts of this page.
    #[serde(
        alias = "items",
        alias = "drafts-page-item",
        alias = "drafts-page-items",
        alias = "draft-page-items",
        deserialize_with = "lenient::list"
    )]
    pub drafts: Vec<Draft>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_found_under_every_name() {
        for name in ["drafts", "items", "drafts-page-item", "drafts-page-items"] {
            let body = format!(r#"{{"skip":0,"total-count":"1","{name}":[{{"id":"d"}},null]}}"#);
            let page: DraftPage = crate::read(body.as_bytes()).unwrap();
            assert_eq!(page.drafts.len(), 1, "{name}");
            assert_eq!(page.total_count, Some(1));
        }
        let page: DraftPage = crate::read(br#"{"drafts":null}"#).unwrap();
        assert!(page.drafts.is_empty());
    }
}

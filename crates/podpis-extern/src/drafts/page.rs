//! A page of drafts.
//!
//! **Invariant:** no source names the list inside the page, so every name that the service's other pages have is read.

use podpis_extern_model::Draft;
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct DraftPage {
    pub(super) total_count: Option<u64>,
    #[serde(
        alias = "items",
        alias = "drafts-page-item",
        alias = "drafts-page-items",
        alias = "draft-page-items"
    )]
    pub(super) drafts: Vec<Draft>,
}

#[cfg(test)]
mod tests {
    use podpis_extern_model::read;

    use super::*;

    #[test]
    fn the_list_is_found_under_every_name() {
        for name in ["drafts", "items", "drafts-page-item", "drafts-page-items"] {
            let body = format!(r#"{{"skip":0,"total-count":1,"{name}":[{{"id":"d"}}]}}"#);
            let page: DraftPage = read(body.as_bytes()).unwrap();
            assert_eq!(page.drafts.len(), 1, "{name}");
            assert_eq!(page.total_count, Some(1));
        }
    }
}

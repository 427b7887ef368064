//! Lists of documents, and which of them wait for a signature of ours.
//!
//! | module | decides |
//! |---|---|
//! | `filter` | which documents are asked for |
//! | `listed` | what a list tells of a document |
//! | `needs` | what a document that waits needs |
//!
//! **Invariant:** a list is read page by page, as far as somebody asks for more, and holds one page. A list is no
//! snapshot: a document that changes while pages are read may be missed or come with what it was; whoever needs each
//! change reads [`events`](crate::events) too.

mod filter;
mod listed;
mod needs;

use std::collections::HashSet;

use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt as _, TryStreamExt as _};
use podpis_core::Error;
use podpis_core::call::Answer;
use podpis_diadoc_proto::documents::DocumentList;

pub use filter::{Direction, DocumentFilter};
pub use listed::ListedDocument;
pub use needs::Needs;

use crate::{InBox, protobuf};

impl InBox {
    /// Documents of the box (V3/GetDocuments). Pages are asked for as the stream is read; a page that cannot be got is
    /// an error, and the end.
    ///
    /// With [`DocumentFilter::waiting`] only those that wait for something that this side signs, each once; the ids of
    /// those are held, beside the page.
    ///
    /// ```no_run
    /// # async fn example(in_box: podpis_diadoc::InBox) -> Result<(), podpis_core::Error> {
    /// use futures_util::TryStreamExt as _;
    /// use podpis_diadoc::documents::{DocumentFilter, Needs};
    ///
    /// let me = in_box.employee().await?;
    /// let mut waiting = in_box.documents(&DocumentFilter { waiting: true, ..DocumentFilter::default() });
    /// while let Some(document) = waiting.try_next().await? {
    ///     if document.needs(Some(&me)) == Some(Needs::Signature) {
    ///         println!("{} {}", document.message, document.entity);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn documents(
        &self,
        filter: &DocumentFilter,
    ) -> BoxStream<'static, Result<ListedDocument, Error>> {
        let categories = filter.categories();
        let (in_box, filter, only_waiting) = (self.clone(), filter.clone(), filter.waiting);
        let begin = Place {
            category: 0,
            after: filter.after.clone(),
        };
        let earliest = filter.earliest();
        let pages = stream::try_unfold(Some(begin), move |place| {
            let (in_box, filter) = (in_box.clone(), filter.clone());
            let category = place
                .as_ref()
                .and_then(|place: &Place| categories.get(place.category).cloned());
            async move {
                let (Some(place), Some(category)) = (place, category) else {
                    return Ok::<_, Error>(None);
                };
                let page = in_box.page(&filter, &category, &place).await?;
                Ok(Some(page))
            }
        });
        let mut given = HashSet::new();
        let mut is_wanted = move |document: &ListedDocument| {
            if !only_waiting {
                return true;
            }
            let ids = (&document.message, &document.entity);
            let key = format!("{} {}", ids.0, ids.1).to_ascii_lowercase();
            let is_late = earliest.is_none_or(|earliest| {
                let moment = document.delivered.or(document.sent).or(document.created);
                moment.is_none_or(|moment| moment >= earliest)
            });
            is_late && document.needs(None).is_some() && given.insert(key)
        };
        pages
            .map_ok(|documents| stream::iter(documents.into_iter().map(Ok)))
            .try_flatten()
            .try_filter(move |document| std::future::ready(is_wanted(document)))
            .boxed()
    }

    /// A page, and where the next one begins.
    async fn page(
        &self,
        filter: &DocumentFilter,
        category: &str,
        place: &Place,
    ) -> Result<(Vec<ListedDocument>, Option<Place>), Error> {
        let next_category = Some(Place {
            category: place.category.saturating_add(1),
            after: None,
        });
        let call = filter.ask(self.id.as_str(), category, place.after.as_deref());
        let answer = match self.caller().call(call).await {
            Ok(answer) => answer,
            Err(error) if filter::may_be_no_category(category, &error) => {
                return Ok((Vec::new(), next_category));
            }
            Err(error) => return Err(error),
        };
        let list: DocumentList = protobuf::read(&answer)?;
        let next = if list.documents.len() < usize::from(filter.count()) {
            next_category
        } else {
            Some(Place {
                category: place.category,
                after: Some(behind(&answer, &list, place.after.as_deref())?),
            })
        };
        let documents = list.documents.into_iter();
        let documents = documents.map(|wire| ListedDocument::new(wire, category));
        Ok((documents.collect(), next))
    }
}

/// Where a page begins.
#[derive(Clone, Debug)]
struct Place {
    category: usize,
    after: Option<String>,
}

/// The key behind which the next page begins. A page that leads to itself would never end.
fn behind(answer: &Answer, list: &DocumentList, after: Option<&str>) -> Result<String, Error> {
    let last = list.documents.last();
    let key = last.and_then(|last| last.index_key.clone());
    key.filter(|key| !key.is_empty() && Some(key.as_str()) != after)
        .ok_or_else(|| answer.unreadable("the last document of a page has no new IndexKey"))
}

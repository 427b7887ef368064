//! Lists docflows and reads them.
//!
//! **Invariant:** a list is read page by page, as far as somebody asks for more. A docflow that is not there may be
//! one that was sent a moment ago: only a deadline says that it never will be.

mod documents;
mod filter;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt as _, TryStreamExt as _};
use podpis_core::call::Call;
use podpis_core::wait::Deadline;
use podpis_core::{Error, ErrorKind};
use podpis_extern_model::{
    ContentId, ContentReference, ContentRequest, Docflow, DocflowDocumentDescription, DocflowId,
    DocflowPage, Document,
};

pub use filter::{DocflowFilter, DocflowOrder};

use crate::endpoints::{
    DOCFLOW, DOCFLOWS, DOCUMENT_DECRYPTED_CONTENT, DOCUMENT_DECRYPTED_CONTENT_PUT,
    DOCUMENT_DESCRIPTION, DOCUMENT_ENCRYPTED_CONTENT, DOCUMENTS,
};
use crate::explain::is_not_found;
use crate::json::{asking, reading, sending};
use crate::{DocumentPath, InAccount, pages};

impl InAccount {
    /// The docflows of an account, without their documents. Pages are asked for as the stream is read; a page that
    /// cannot be got is an error, and the end.
    ///
    /// ```no_run
    /// # async fn example(extern_api: podpis_extern::Extern, account: podpis_extern::model::AccountId)
    /// # -> Result<(), podpis_core::Error> {
    /// use futures_util::TryStreamExt as _;
    /// use podpis_extern::DocflowFilter;
    ///
    /// let filter = DocflowFilter { incoming: Some(true), finished: Some(false), ..DocflowFilter::default() };
    /// let mut docflows = extern_api.account(&account).docflows(&filter);
    /// while let Some(docflow) = docflows.try_next().await? {
    ///     println!("{:?}: {:?}", docflow.id, docflow.status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn docflows(&self, filter: &DocflowFilter) -> BoxStream<'static, Result<Docflow, Error>> {
        let (account, filter) = (self.clone(), filter.clone());
        let pages = stream::try_unfold(Some(0), move |skip: Option<u64>| {
            let (account, filter) = (account.clone(), filter.clone());
            async move {
                let Some(skip) = skip else {
                    return Ok::<_, Error>(None);
                };
                let page = account.docflow_page(&filter, skip).await?;
                let count = page.items.len() as u64;
                let seen = skip + count;
                let take = u64::from(filter.take());
                let is_last = pages::is_last(page.items.len(), take, seen, page.total_count);
                Ok(Some((page.items, (!is_last).then_some(seen))))
            }
        });
        pages
            .map_ok(|items| stream::iter(items.into_iter().map(Ok)))
            .try_flatten()
            .boxed()
    }

    /// One page of the docflows of an account, after `skip` of them.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn docflow_page(
        &self,
        filter: &DocflowFilter,
        skip: u64,
    ) -> Result<DocflowPage, Error> {
        let call = Call::new(&DOCFLOWS)
            .segment("account", self.id.as_str())
            .query("skip", skip.to_string())
            .query("take", filter.take().to_string());
        reading(&self.caller().call(asking(filter.ask(call))).await?)
    }

    /// A docflow with its documents. One that was sent a moment ago is not found for a while: see
    /// [`InAccount::docflow_when_indexed`].
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn docflow(&self, docflow: &DocflowId) -> Result<Docflow, Error> {
        let call = Call::new(&DOCFLOW)
            .segment("account", self.id.as_str())
            .segment("docflow", docflow.as_str());
        reading(&self.caller().call(asking(call)).await?)
    }

    /// A docflow that was just sent, as soon as the service finds it. The pauses are those between polls.
    ///
    /// # Errors
    /// [`ErrorKind::Deadline`] when it is not found in time. When the service refuses for another reason.
    pub async fn docflow_when_indexed(
        &self,
        docflow: &DocflowId,
        deadline: Deadline,
    ) -> Result<Docflow, Error> {
        let (time, polls) = (&self.client.runs().time, &self.client.runs().polls);
        let start = time.elapsed();
        let mut poll = 0;
        loop {
            let error = match self.docflow(docflow).await {
                Err(error) if is_not_found(&error) || error.is_transient() => error,
                found => return found,
            };
            let waited = time.elapsed().saturating_sub(start);
            let left = deadline.as_duration().saturating_sub(waited);
            if left.is_zero() {
                let text = format!("docflow {docflow} is still not there ({error})");
                return Err(error.with_kind(ErrorKind::Deadline, text));
            }
            let hint = error.service().and_then(|answer| answer.retry_after);
            time.sleep(polls.pause(poll, hint).min(left)).await;
            poll = poll.saturating_add(1);
        }
    }

    /// The documents of a docflow.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn docflow_documents(&self, docflow: &DocflowId) -> Result<Vec<Document>, Error> {
        let call = Call::new(&DOCUMENTS)
            .segment("account", self.id.as_str())
            .segment("docflow", docflow.as_str());
        reading(&self.caller().call(asking(call)).await?)
    }

    /// What a document is.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn document_description(
        &self,
        place: &DocumentPath,
    ) -> Result<DocflowDocumentDescription, Error> {
        let call = Call::new(&DOCUMENT_DESCRIPTION)
            .segment("account", self.id.as_str())
            .segments("place", place.segments());
        reading(&self.caller().call(asking(call)).await?)
    }

    /// The encrypted bytes of a document, by the method that the documentation calls deprecated: at most 64 MB,
    /// whole in memory. [`InAccount::download`] has no such limit; the ids are in the document's
    /// `docflow_document_contents`.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn document_encrypted_content(&self, place: &DocumentPath) -> Result<Bytes, Error> {
        let call = Call::new(&DOCUMENT_ENCRYPTED_CONTENT)
            .segment("account", self.id.as_str())
            .segments("place", place.segments());
        self.bytes_of(call).await
    }

    /// The bytes of a document, by the method that the documentation calls deprecated; as
    /// [`InAccount::document_encrypted_content`].
    ///
    /// # Errors
    /// When the service does not answer or refuses, for example because nobody has decrypted it yet.
    pub async fn document_decrypted_content(&self, place: &DocumentPath) -> Result<Bytes, Error> {
        let call = Call::new(&DOCUMENT_DECRYPTED_CONTENT)
            .segment("account", self.id.as_str())
            .segments("place", place.segments());
        self.bytes_of(call).await
    }

    /// Stores bytes that were decrypted elsewhere, and are in the contents service, as the bytes of a document.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn put_document_decrypted_content(
        &self,
        place: &DocumentPath,
        content: &ContentId,
    ) -> Result<ContentReference, Error> {
        let call = Call::new(&DOCUMENT_DECRYPTED_CONTENT_PUT)
            .segment("account", self.id.as_str())
            .segments("place", place.segments());
        let body = ContentRequest::new(content.clone());
        reading(&self.caller().call(sending(call, &body)).await?)
    }
}

//! What both sides do with an operation.

use std::pin::Pin;

use podpis_bench::Error;

use crate::service::Service;

/// An operation that is driven by itself and never gets further than to wait.
pub(crate) type Waiting<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>;

/// One of the two sides.
pub(crate) trait Way: Sized {
    /// An operation that was started.
    type Operation<'a>
    where
        Self: 'a;

    /// A client of the service.
    fn new(service: Service) -> Result<Self, Error>;

    /// Starts signing a document, and waits.
    fn waiting(&self, document: Vec<u8>) -> Waiting<'_>;

    /// Starts signing a document.
    async fn start(&self, document: Vec<u8>) -> Result<Self::Operation<'_>, Error>;

    /// Asks once how far the service is.
    async fn poll(&self, operation: &mut Self::Operation<'_>) -> Result<(), Error>;

    /// Gives the code.
    async fn confirm(&self, operation: &mut Self::Operation<'_>, code: &str) -> Result<(), Error>;

    /// The signatures, checked, in the documents' order.
    fn signatures(&self, operation: &Self::Operation<'_>) -> Result<Vec<Vec<u8>>, Error>;

    /// The record is needed no more.
    async fn forget(&self, operation: Self::Operation<'_>) -> Result<(), Error>;
}

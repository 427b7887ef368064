//! Answers that are bytes of a document or of a signature, however the service wraps them.
//!
//! **Invariant:** bytes that are not there are `None`, never an error and never empty.

use bytes::Bytes;
use podpis_core::Error;
use podpis_core::call::Call;
use podpis_extern_model::read_bytes;

use crate::InAccount;
use crate::explain::is_not_found;
use crate::json::{asking, content_type};

impl InAccount {
    /// The bytes of a document: in a JSON string, or as they are; a web page may be one.
    pub(crate) async fn bytes_of(&self, call: Call) -> Result<Bytes, Error> {
        let answer = self.caller().call(asking(call.any_body())).await?;
        read_bytes(content_type(&answer), answer.body())
            .map(Bytes::from)
            .map_err(|error| answer.unreadable(error))
    }

    pub(crate) async fn signature_bytes(&self, call: Call) -> Result<Option<Vec<u8>>, Error> {
        let answer = match self.caller().call(call).await {
            Ok(answer) => answer,
            Err(error) if is_not_found(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        if answer.body().is_empty() {
            return Ok(None);
        }
        let bytes = read_bytes(content_type(&answer), answer.body())
            .map_err(|error| answer.unreadable(error))?;
        Ok(Some(bytes).filter(|bytes| !bytes.is_empty()))
    }
}

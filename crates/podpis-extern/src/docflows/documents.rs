//! Reads a docflow's documents and their signatures.
//!
//! **Invariant:** only reads. A signature that is not there is `None`, never an error and never empty bytes.

use podpis_cms::Signed;
use podpis_core::Error;
use podpis_core::call::Call;
use podpis_extern_model::{Document, Signature, SignatureId};

use crate::endpoints::{
    DOCUMENT, DOCUMENT_SIGNATURE, DOCUMENT_SIGNATURE_CONTENT, DOCUMENT_SIGNATURES,
};
use crate::json::{asking, reading};
use crate::{DocumentPath, InAccount};

impl InAccount {
    /// A document of a docflow or of an inventory.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn document(&self, place: &DocumentPath) -> Result<Document, Error> {
        let call = Call::new(&DOCUMENT)
            .segment("account", self.id.as_str())
            .segments("place", place.segments());
        reading(&self.caller().call(asking(call)).await?)
    }

    /// The signatures of a document, without their bytes.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn document_signatures(&self, place: &DocumentPath) -> Result<Vec<Signature>, Error> {
        let call = Call::new(&DOCUMENT_SIGNATURES)
            .segment("account", self.id.as_str())
            .segments("place", place.segments());
        reading(&self.caller().call(asking(call)).await?)
    }

    /// One signature of a document, without its bytes.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn document_signature(
        &self,
        place: &DocumentPath,
        signature: &SignatureId,
    ) -> Result<Signature, Error> {
        let call = Call::new(&DOCUMENT_SIGNATURE)
            .segment("account", self.id.as_str())
            .segments("place", place.segments())
            .segment("signature", signature.as_str());
        reading(&self.caller().call(asking(call)).await?)
    }

    /// The bytes of one signature of a document, in DER.
    ///
    /// Which of a document's signatures is one's own, the service does not say: list them, get each, and pick by
    /// digest with [`podpis_cms`].
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn document_signature_content(
        &self,
        place: &DocumentPath,
        signature: &SignatureId,
    ) -> Result<Option<Vec<u8>>, Error> {
        let call = Call::new(&DOCUMENT_SIGNATURE_CONTENT)
            .segment("account", self.id.as_str())
            .segments("place", place.segments())
            .segment("signature", signature.as_str());
        self.signature_bytes(asking(call)).await
    }

    /// The signature of these bytes among a document's signatures: the way to one's own after a reply was sent,
    /// because the service does not say which it is. None where no signature is for these bytes.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn signature_for(
        &self,
        place: &DocumentPath,
        bytes: &[u8],
    ) -> Result<Option<Signed>, Error> {
        let document = podpis_cms::Document::content(place.document_id().to_string(), bytes);
        let expectation = self.client.expectation(None);
        for listed in self.document_signatures(place).await? {
            let Some(id) = &listed.id else { continue };
            let Some(der) = self.document_signature_content(place, id).await? else {
                continue;
            };
            // Signatures of other people and of other bytes are there too; they are not errors.
            if let Ok(signed) = podpis_cms::verify_detached(&document, &der, &expectation)
                && signed.checks().digest().is_passed()
            {
                return Ok(Some(signed));
            }
        }
        Ok(None)
    }
}

//! Signatures of documents, as the service lists them.
//!
//! **Invariant:** a signature here is a description and a link; its bytes come by another request.

use serde::{Deserialize, Serialize};

use crate::open_enum::open_enum;
use crate::{Base64, Link, SignatureId, lenient};

open_enum! {
    /// For whom somebody signed.
    ///
    /// Source: the documentation of docflow documents.
    pub enum SignerType {
        /// For the controlling body.
        CuRepresentative = "cu-representative",
        /// For a local controlling body.
        CuLocalRepresentative = "cu-local-representative",
        /// For the organization.
        OrganizationRepresentative = "organization-representative",
        /// For the operator.
        ProviderRepresentative = "provider-representative",
        /// For somebody else.
        ThirdPartyRepresentative = "third-party-representative",
    }
}

/// A signature of a document.
///
/// Source: `Signature` of the official SDKs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct Signature {
    /// Its id.
    #[serde(deserialize_with = "lenient::filled")]
    pub id: Option<SignatureId>,
    /// For people.
    pub title: Option<String>,
    /// SHA-1 of the signer's certificate in hexadecimal digits.
    #[serde(deserialize_with = "lenient::filled")]
    pub signature_certificate_thumbprint: Option<String>,
    /// Where its bytes are.
    pub content_link: Option<Link>,
    /// Where to go on.
    #[serde(deserialize_with = "lenient::list")]
    pub links: Vec<Link>,
    /// For whom somebody signed.
    pub signer_type: Option<SignerType>,
}

/// Body of a request that adds a signature which was made elsewhere.
///
/// Source: `SignatureRequest` of the official C# SDK.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct SignatureRequest {
    /// The signature, detached CMS. The service wants DER; `podpis-extern` makes it of every form that it can read.
    pub base64_content: Base64,
    /// Whether somebody else than the sender signed.
    pub is_third_party_signature: bool,
}

impl SignatureRequest {
    /// A signature of the sender.
    pub fn new(signature: impl AsRef<[u8]>) -> Self {
        Self {
            base64_content: Base64::encode(signature),
            is_third_party_signature: false,
        }
    }

    /// Says that somebody else than the sender signed.
    #[must_use]
    pub fn third_party(mut self) -> Self {
        self.is_third_party_signature = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_says_whose_signature_it_is() {
        let request = SignatureRequest::new([1, 2, 3]).third_party();
        assert_eq!(
            serde_json::to_string(&request).unwrap(),
            r#"{"base64-content":"AQID","is-third-party-signature":true}"#
        );
    }

    #[test]
    fn every_spelling_of_a_signer() {
        for value in SignerType::ALL {
            assert_eq!(
                &SignerType::from(value.as_str().replace('-', "").as_str()),
                value
            );
        }
    }
}

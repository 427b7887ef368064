//! Names of things in Kontur.Extern.
//!
//! **Invariant:** one type per thing, and every id is an opaque text: the service writes UUIDs today, but its
//! request ids are not always such (the official Java SDK's tests use `123`), so none is parsed. Whoever puts
//! an id into a path or a query encodes it.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the id as the service gave it.
            pub fn new(value: impl Into<String>) -> Self {
                Self(value.into())
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self(value)
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self(value.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// An account: an organization as this user may act for it.
    AccountId
}

id! {
    /// A draft: documents that are being prepared for a controlling body.
    DraftId
}

id! {
    /// A document of a draft, of a docflow, or of a PFR reply.
    DocumentId
}

id! {
    /// A docflow: the exchange that began when a draft was sent or a demand came.
    DocflowId
}

id! {
    /// A reply to a document of a docflow, or a PFR reply.
    ReplyId
}

id! {
    /// An inventory: an answer to a demand of the FNS with the documents that were asked for.
    InventoryId
}

id! {
    /// A task: what the service works on after it answered. Named `apiTaskId` in the method descriptions.
    TaskId
}

id! {
    /// A request for a code by SMS. It goes back to the service together with the code.
    RequestId
}

id! {
    /// Bytes in the contents service.
    ContentId
}

id! {
    /// A signature of a document.
    SignatureId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_kept_as_it_came() {
        let id: RequestId = serde_json::from_str(r#""123 /ё""#).unwrap();
        assert_eq!(id.as_str(), "123 /ё");
        assert_eq!(serde_json::to_string(&id).unwrap(), r#""123 /ё""#);
        assert_eq!(id.to_string(), "123 /ё");
    }
}

//! Starting and confirming a signature of a draft, a reply or a PFR reply.
//!
//! **Invariant:** an answer that is an object can always be read as far as its ids are readable; what the ids
//! mean is in [`Confirmation`].

use serde::Deserialize;

use crate::{ConfirmType, Confirmation, Link, RequestId, TaskId, lenient};

/// Answer to the start of a signature of a draft or a reply.
///
/// Source: `SignInitiation` of the official Java SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct SignInit {
    /// Where to go on.
    #[serde(deserialize_with = "lenient::list")]
    pub links: Vec<Link>,
    /// The documents that will be signed.
    #[serde(deserialize_with = "lenient::list")]
    pub documents_to_sign: Vec<Link>,
    /// Filled for an SMS certificate.
    #[serde(deserialize_with = "lenient::filled")]
    pub request_id: Option<RequestId>,
    /// Filled for a certificate in the myDSS app.
    #[serde(deserialize_with = "lenient::filled")]
    pub task_id: Option<TaskId>,
    /// How a person confirms.
    pub confirm_type: Option<ConfirmType>,
}

impl SignInit {
    /// What is needed next.
    #[must_use]
    pub fn needs(&self) -> Confirmation {
        let (request, task) = (self.request_id.as_ref(), self.task_id.as_ref());
        Confirmation::by(request, task, self.confirm_type.as_ref())
    }
}

/// Answer to the start of a signature of a PFR reply, which signs all its documents at once.
///
/// Source: `PfrSignInitiation` of the official Java SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct PfrSignInit {
    /// Where to go on.
    #[serde(deserialize_with = "lenient::list")]
    pub links: Vec<Link>,
    /// Filled for an SMS certificate.
    #[serde(deserialize_with = "lenient::filled")]
    pub request_id: Option<RequestId>,
    /// Filled for a certificate in the myDSS app.
    #[serde(deserialize_with = "lenient::filled")]
    pub task_id: Option<TaskId>,
    /// How a person confirms.
    pub confirm_type: Option<ConfirmType>,
}

impl PfrSignInit {
    /// What is needed next.
    #[must_use]
    pub fn needs(&self) -> Confirmation {
        let (request, task) = (self.request_id.as_ref(), self.task_id.as_ref());
        Confirmation::by(request, task, self.confirm_type.as_ref())
    }
}

/// Answer to the code for a draft or a reply: the documents are signed.
///
/// Source: `SignedDraft` and `SignConfirmResultData` of the official Java SDK, `SignResult` of the C# one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct SignConfirmed {
    /// Links to what was signed. No source says what exactly they point to.
    #[serde(deserialize_with = "lenient::list")]
    pub signed_documents: Vec<Link>,
    /// Where to go on.
    #[serde(deserialize_with = "lenient::list")]
    pub links: Vec<Link>,
}

/// Answer to the code for a PFR reply: its documents are signed.
///
/// Source: `PfrSignConfirmResultData` of the official Java SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct PfrSignConfirmed {
    /// Where to go on.
    #[serde(deserialize_with = "lenient::list")]
    pub links: Vec<Link>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    #[test]
    fn an_id_is_a_text_a_number_or_absent() {
        let needs = |body: &str| read::<SignInit>(body.as_bytes()).unwrap().needs();
        let code = Confirmation::Code(RequestId::new("123"));
        assert_eq!(needs(r#"{"request-id":"123","task-id":null}"#), code);
        assert_eq!(needs(r#"{"request-id":123,"task-id":" "}"#), code);
        for body in [
            "{}",
            r#"{"request-id":""}"#,
            r#"{"task-id":null,"confirm-type":"my-dss"}"#,
        ] {
            assert_eq!(needs(body), Confirmation::None, "{body}");
        }
        assert!(read::<SignInit>(br#"{"task-id":{"id":"t"}}"#).is_err());
    }
}

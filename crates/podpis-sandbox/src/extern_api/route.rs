//! Decides which method of Extern lives at which path.
//!
//! **Invariant:** paths are compared without regard to case; a document of an inventory has every method that a
//! document has, under the same names.

use http::Method;

/// A method of Extern or of its identity service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    ConnectToken,
    DeviceAuthorization,
    Authorize,
    ConfirmationCode,
    Accounts,
    Account,
    Certificates,
    Contents,
    ContentPart,
    Content,
    Drafts,
    DraftCreate,
    Draft,
    DraftPut,
    DraftDelete,
    DraftMeta,
    DraftMetaPut,
    DraftDocumentAdd,
    DraftDocument,
    DraftDocumentPut,
    DraftDocumentDelete,
    DraftDocumentContent,
    DraftDocumentContentPut,
    DraftDocumentEncryptedContent,
    DraftDocumentPrint,
    DraftDocumentTask,
    DraftDocumentSignature,
    DraftDocumentSignaturePut,
    DraftDocumentSignatures,
    DraftSignatureAdd,
    DraftSignature,
    DraftSignaturePut,
    DraftSignatureDelete,
    DraftSignatureContent,
    DraftCheck,
    DraftPrepare,
    DraftSend,
    DraftCloudSign,
    DraftCloudSignConfirm,
    DraftTasks,
    DraftTask,
    DraftChange,
    Docflows,
    Docflow,
    DocflowDocuments,
    Document,
    DocumentDescription,
    DocumentEncryptedContent,
    DocumentDecryptedContent,
    DocumentDecryptedContentPut,
    DocumentPrint,
    DocumentInventories,
    Inventory,
    DocumentSignatures,
    DocumentSignature,
    DocumentSignatureContent,
    DocumentTask,
    DecryptContent,
    DecryptContentConfirm,
    ConfirmContentDecryption,
    GenerateReply,
    Reply,
    ReplyContentPut,
    ReplySignaturePut,
    ReplyCloudSign,
    ReplyCloudSignConfirm,
    ReplyTask,
    ReplySend,
    PfrGenerateReply,
    PfrReply,
    PfrReplyDocumentContent,
    PfrReplySignaturePut,
    PfrReplyCloudSign,
    PfrReplyCloudSignConfirm,
    PfrReplyTask,
    PfrReplySend,
}

/// How a method is called on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Get,
    Post,
    Put,
    Delete,
}

impl Verb {
    fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
            Self::Put => Method::PUT,
            Self::Delete => Method::DELETE,
        }
    }
}

use Endpoint as E;
use Verb::{Delete, Get, Post, Put};

/// `@` stands for a document, in a docflow or in an inventory.
const DOCUMENT: &str = "v1/{account}/docflows/{docflow}/documents/{document}";
const INVENTORY: &str = "v1/{account}/docflows/{docflow}/documents/{related}/inventories/{inventory}/documents/{document}";

#[rustfmt::skip]
const TABLE: &[(Endpoint, &str, Verb, &str)] = &[
    (E::ConnectToken, "ConnectToken", Post, "connect/token"),
    (E::DeviceAuthorization, "DeviceAuthorization", Post, "connect/deviceauthorization"),
    (E::Authorize, "Authorize", Get, "connect/authorize"),
    (E::ConfirmationCode, "ConfirmationCode", Get, "test-tools/v1/get-cloud-sign-confirmation-code"),
    (E::Accounts, "Accounts", Get, "v1"),
    (E::Account, "Account", Get, "v1/{account}"),
    (E::Certificates, "Certificates", Get, "v1/{account}/certificates"),
    (E::Contents, "Contents", Post, "v1/{account}/contents"),
    (E::ContentPart, "ContentPart", Put, "v1/{account}/contents/{item}"),
    (E::Content, "Content", Get, "v1/{account}/contents/{item}"),
    (E::Drafts, "Drafts", Get, "v1/{account}/drafts"),
    (E::DraftCreate, "DraftCreate", Post, "v1/{account}/drafts"),
    (E::Draft, "Draft", Get, "v1/{account}/drafts/{draft}"),
    (E::DraftPut, "DraftPut", Put, "v1/{account}/drafts/{draft}"),
    (E::DraftDelete, "DraftDelete", Delete, "v1/{account}/drafts/{draft}"),
    (E::DraftMeta, "DraftMeta", Get, "v1/{account}/drafts/{draft}/meta"),
    (E::DraftMetaPut, "DraftMetaPut", Put, "v1/{account}/drafts/{draft}/meta"),
    (E::DraftDocumentAdd, "DraftDocumentAdd", Post, "v1/{account}/drafts/{draft}/documents"),
    (E::DraftDocument, "DraftDocument", Get, "v1/{account}/drafts/{draft}/documents/{document}"),
    (E::DraftDocumentPut, "DraftDocumentPut", Put, "v1/{account}/drafts/{draft}/documents/{document}"),
    (E::DraftDocumentDelete, "DraftDocumentDelete", Delete, "v1/{account}/drafts/{draft}/documents/{document}"),
    (E::DraftDocumentContent, "DraftDocumentContent", Get, "v1/{account}/drafts/{draft}/documents/{document}/decrypted-content"),
    (E::DraftDocumentContentPut, "DraftDocumentContentPut", Put, "v1/{account}/drafts/{draft}/documents/{document}/decrypted-content"),
    (E::DraftDocumentEncryptedContent, "DraftDocumentEncryptedContent", Get, "v1/{account}/drafts/{draft}/documents/{document}/encrypted-content"),
    (E::DraftDocumentPrint, "DraftDocumentPrint", Get, "v1/{account}/drafts/{draft}/documents/{document}/print"),
    (E::DraftDocumentTask, "DraftDocumentTask", Get, "v1/{account}/drafts/{draft}/documents/{document}/tasks/{task}"),
    (E::DraftDocumentSignature, "DraftDocumentSignature", Get, "v1/{account}/drafts/{draft}/documents/{document}/signature"),
    (E::DraftDocumentSignaturePut, "DraftDocumentSignaturePut", Put, "v1/{account}/drafts/{draft}/documents/{document}/signature"),
    (E::DraftDocumentSignatures, "DraftDocumentSignatures", Get, "v1/{account}/drafts/{draft}/documents/{document}/signatures"),
    (E::DraftSignatureAdd, "DraftSignatureAdd", Post, "v1/{account}/drafts/{draft}/documents/{document}/signatures"),
    (E::DraftSignature, "DraftSignature", Get, "v1/{account}/drafts/{draft}/documents/{document}/signatures/{item}"),
    (E::DraftSignaturePut, "DraftSignaturePut", Put, "v1/{account}/drafts/{draft}/documents/{document}/signatures/{item}"),
    (E::DraftSignatureDelete, "DraftSignatureDelete", Delete, "v1/{account}/drafts/{draft}/documents/{document}/signatures/{item}"),
    (E::DraftSignatureContent, "DraftSignatureContent", Get, "v1/{account}/drafts/{draft}/documents/{document}/signatures/{item}/content"),
    (E::DraftCheck, "DraftCheck", Post, "v1/{account}/drafts/{draft}/check"),
    (E::DraftPrepare, "DraftPrepare", Post, "v1/{account}/drafts/{draft}/prepare"),
    (E::DraftSend, "DraftSend", Post, "v1/{account}/drafts/{draft}/send"),
    (E::DraftCloudSign, "DraftCloudSign", Post, "v1/{account}/drafts/{draft}/cloud-sign"),
    (E::DraftCloudSignConfirm, "DraftCloudSignConfirm", Post, "v1/{account}/drafts/{draft}/cloud-sign-confirm"),
    (E::DraftTasks, "DraftTasks", Get, "v1/{account}/drafts/{draft}/tasks"),
    (E::DraftTask, "DraftTask", Get, "v1/{account}/drafts/{draft}/tasks/{task}"),
    (E::Docflows, "Docflows", Get, "v1/{account}/docflows"),
    (E::Docflow, "Docflow", Get, "v1/{account}/docflows/{docflow}"),
    (E::DocflowDocuments, "DocflowDocuments", Get, "v1/{account}/docflows/{docflow}/documents"),
    (E::Document, "Document", Get, "@"),
    (E::DocumentDescription, "DocumentDescription", Get, "@/description"),
    (E::DocumentEncryptedContent, "DocumentEncryptedContent", Get, "@/encrypted-content"),
    (E::DocumentDecryptedContent, "DocumentDecryptedContent", Get, "@/decrypted-content"),
    (E::DocumentDecryptedContentPut, "DocumentDecryptedContentPut", Put, "@/decrypted-content"),
    (E::DocumentPrint, "DocumentPrint", Post, "@/print"),
    (E::DocumentInventories, "DocumentInventories", Get, "v1/{account}/docflows/{docflow}/documents/{document}/inventories"),
    (E::Inventory, "Inventory", Get, "v1/{account}/docflows/{docflow}/documents/{document}/inventories/{item}"),
    (E::DocumentSignatures, "DocumentSignatures", Get, "@/signatures"),
    (E::DocumentSignature, "DocumentSignature", Get, "@/signatures/{item}"),
    (E::DocumentSignatureContent, "DocumentSignatureContent", Get, "@/signatures/{item}/content"),
    (E::DocumentTask, "DocumentTask", Get, "@/tasks/{task}"),
    (E::DecryptContent, "DecryptContent", Post, "@/decrypt-content"),
    (E::DecryptContentConfirm, "DecryptContentConfirm", Post, "@/decrypt-content-confirm"),
    (E::ConfirmContentDecryption, "ConfirmContentDecryption", Post, "@/confirm-content-decryption"),
    (E::GenerateReply, "GenerateReply", Post, "@/generate-reply"),
    (E::Reply, "Reply", Get, "@/replies/{reply}"),
    (E::ReplyContentPut, "ReplyContentPut", Put, "@/replies/{reply}/content"),
    (E::ReplySignaturePut, "ReplySignaturePut", Put, "@/replies/{reply}/signature"),
    (E::ReplyCloudSign, "ReplyCloudSign", Post, "@/replies/{reply}/cloud-sign"),
    (E::ReplyCloudSignConfirm, "ReplyCloudSignConfirm", Post, "@/replies/{reply}/cloud-sign-confirm"),
    (E::ReplyTask, "ReplyTask", Get, "@/replies/{reply}/tasks/{task}"),
    (E::ReplySend, "ReplySend", Post, "@/replies/{reply}/send"),
    (E::PfrGenerateReply, "PfrGenerateReply", Post, "@/pfr-generate-reply"),
    (E::PfrReply, "PfrReply", Get, "@/pfr-replies/{reply}"),
    (E::PfrReplyDocumentContent, "PfrReplyDocumentContent", Put, "@/pfr-replies/{reply}/documents/{item}/decrypted-content"),
    (E::PfrReplySignaturePut, "PfrReplySignaturePut", Put, "@/pfr-replies/{reply}/documents/{item}/signature"),
    (E::PfrReplyCloudSign, "PfrReplyCloudSign", Post, "@/pfr-replies/{reply}/cloud-sign"),
    (E::PfrReplyCloudSignConfirm, "PfrReplyCloudSignConfirm", Post, "@/pfr-replies/{reply}/cloud-sign-confirm"),
    (E::PfrReplyTask, "PfrReplyTask", Get, "@/pfr-replies/{reply}/tasks/{task}"),
    (E::PfrReplySend, "PfrReplySend", Post, "@/pfr-replies/{reply}/send"),
];

/// What the names of all methods of drafts begin with, and of no other.
const DRAFT: &str = "Draft";
const DRAFT_CHANGE: &str = "DraftChange";

/// What some methods are called in faults too: the names that a client gives them.
const ALSO: [(&str, &str); 4] = [
    ("ContentUpload", "Contents"),
    ("Documents", "DocflowDocuments"),
    ("PfrReplyDecryptedContentPut", "PfrReplyDocumentContent"),
    ("TestConfirmationCode", "ConfirmationCode"),
];

/// The name that the journal uses for what a fault calls so.
pub(crate) fn journal_name(name: &str) -> &str {
    ALSO.iter()
        .find(|(also, _)| also.eq_ignore_ascii_case(name))
        .map_or(name, |(_, known)| known)
}

impl Endpoint {
    /// The name in the journal and in faults.
    pub(crate) fn name(self) -> &'static str {
        TABLE
            .iter()
            .find(|row| row.0 == self)
            .map_or(DRAFT_CHANGE, |row| row.1)
    }

    /// Whether it is about drafts, or one of them.
    pub(super) fn is_of_drafts(self) -> bool {
        self.name().starts_with(DRAFT)
    }

    /// Every name that a fault can have.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        let also = ALSO.iter().map(|row| row.0);
        TABLE
            .iter()
            .map(|row| row.1)
            .chain([DRAFT_CHANGE])
            .chain(also)
    }
}

/// The ids in a path.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ids<'a> {
    pub(super) account: &'a str,
    pub(super) draft: &'a str,
    pub(super) docflow: &'a str,
    pub(super) document: &'a str,
    pub(super) related: Option<&'a str>,
    pub(super) inventory: Option<&'a str>,
    pub(super) reply: &'a str,
    pub(super) task: &'a str,
    pub(super) item: &'a str,
}

/// Where a request goes.
#[derive(Clone, Debug)]
pub(crate) enum Route<'a> {
    To(Endpoint, Ids<'a>),
    /// The path is known, but only with these methods.
    WrongMethod(String),
    Unknown,
}

/// Where a request goes; none when the path is not one of Extern's.
pub(crate) fn route<'a>(method: &Method, path: &'a str) -> Option<Route<'a>> {
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let first = segments.first()?.to_ascii_lowercase();
    if !matches!(first.as_str(), "v1" | "connect" | "test-tools") {
        return None;
    }
    let mut allowed: Vec<String> = Vec::new();
    for (endpoint, _, verb, pattern) in TABLE {
        let Some(ids) = fit(pattern, &segments) else {
            continue;
        };
        if verb.method() == *method {
            return Some(Route::To(*endpoint, ids));
        }
        allowed.push(verb.method().to_string());
    }
    let changes = [Method::POST, Method::PUT, Method::DELETE].contains(method);
    if changes
        && segments.len() >= 4
        && let Some(ids) = fit("v1/{account}/drafts/{draft}", &segments[..4])
    {
        return Some(Route::To(E::DraftChange, ids));
    }
    Some(if allowed.is_empty() {
        Route::Unknown
    } else {
        Route::WrongMethod(allowed.join(", "))
    })
}

fn fit<'a>(pattern: &str, segments: &[&'a str]) -> Option<Ids<'a>> {
    let Some(rest) = pattern.strip_prefix('@') else {
        return bind(pattern.split('/'), segments);
    };
    let rest = || rest.split('/').filter(|part| !part.is_empty());
    bind(DOCUMENT.split('/').chain(rest()), segments)
        .or_else(|| bind(INVENTORY.split('/').chain(rest()), segments))
}

fn bind<'p, 'a>(pattern: impl Iterator<Item = &'p str>, segments: &[&'a str]) -> Option<Ids<'a>> {
    let mut ids = Ids::default();
    let mut given = segments.iter().copied();
    for part in pattern {
        let value = given.next()?;
        if !part.starts_with('{') {
            if !part.eq_ignore_ascii_case(value) {
                return None;
            }
            continue;
        }
        if value.is_empty() {
            return None;
        }
        match part {
            "{account}" => ids.account = value,
            "{draft}" => ids.draft = value,
            "{docflow}" => ids.docflow = value,
            "{document}" => ids.document = value,
            "{related}" => ids.related = Some(value),
            "{inventory}" => ids.inventory = Some(value),
            "{reply}" => ids.reply = value,
            "{task}" => ids.task = value,
            _ => ids.item = value,
        }
    }
    given.next().is_none().then_some(ids)
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::{Endpoint, Route, route};

    fn found(method: Method, path: &str) -> Option<Endpoint> {
        match route(&method, path) {
            Some(Route::To(endpoint, _)) => Some(endpoint),
            _ => None,
        }
    }

    #[test]
    fn paths_are_found_in_any_case() {
        assert_eq!(found(Method::GET, "/V1/"), Some(Endpoint::Accounts));
        assert_eq!(
            found(Method::POST, "/v1/a/Drafts/b/Cloud-Sign"),
            Some(Endpoint::DraftCloudSign)
        );
        assert_eq!(
            found(
                Method::POST,
                "/v1/a/docflows/b/documents/c/inventories/d/documents/e/replies/f/cloud-sign"
            ),
            Some(Endpoint::ReplyCloudSign)
        );
        assert_eq!(
            found(Method::DELETE, "/v1/a/drafts/b/documents/c"),
            Some(Endpoint::DraftDocumentDelete)
        );
        assert_eq!(
            found(Method::POST, "/v1/a/drafts/b/pack"),
            Some(Endpoint::DraftChange)
        );
        assert!(route(&Method::GET, "/V3/Authenticate").is_none());
        assert!(matches!(
            route(&Method::GET, "/v1/a/drafts/b/cloud-sign"),
            Some(Route::WrongMethod(_))
        ));
        assert!(matches!(
            route(&Method::GET, "/v1/a/nothing"),
            Some(Route::Unknown)
        ));
    }

    #[test]
    fn every_endpoint_has_its_own_name() {
        let mut names: Vec<&str> = Endpoint::names().collect();
        names.sort_unstable();
        let before = names.len();
        names.dedup();
        assert_eq!(names.len(), before);
    }
}

//! Decides which method of Extern lives at which path.
//!
//! **Invariant:** paths are compared without regard to case; a document of an inventory has every method that a
//! document has, under the same names.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use http::Method;
use matchit::{Params, Router};

/// The methods of Extern and of its identity service, with their paths. Names are those in the journal and in faults.
macro_rules! endpoints {
    ($($Name:ident $method:ident $path:literal,)*) => {
        /// A method of Extern or of its identity service.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Endpoint {
            $($Name,)*
            /// Any other change of a draft.
            DraftChange,
        }

        const TABLE: &[(Endpoint, &str, Method, &str)] = &[
            $((Endpoint::$Name, stringify!($Name), Method::$method, $path),)*
        ];
    };
}

endpoints! {
    ConnectToken POST "connect/token",
    DeviceAuthorization POST "connect/deviceauthorization",
    AuthenticationCertificate POST "authentication/certificate",
    Authorize GET "connect/authorize",
    ConfirmationCode GET "test-tools/v1/get-cloud-sign-confirmation-code",
    AuthenticateByPass POST "auth/{item}/authenticate-by-pass",
    AuthenticateByCert POST "auth/{item}/authenticate-by-cert",
    ApproveCert POST "auth/{item}/approve-cert",
    AuthenticateByTruster POST "auth/{item}/authenticate-by-truster",
    ApproveTruster POST "auth/{item}/approve-truster",
    RegisterExternalServiceId PUT "auth/{item}/register-external-service-id",
    SessionsRefresh POST "sessions/{item}/sessions/refresh",
    Accounts GET "v1",
    Events GET "v1/events",
    Account GET "v1/{account}",
    Organizations GET "v1/{account}/organizations",
    Organization GET "v1/{account}/organizations/{item}",
    Warrants GET "v1/{account}/warrants",
    Certificates GET "v1/{account}/certificates",
    Contents POST "v1/{account}/contents",
    ContentPart PUT "v1/{account}/contents/{item}",
    Content GET "v1/{account}/contents/{item}",
    Drafts GET "v1/{account}/drafts",
    DraftCreate POST "v1/{account}/drafts",
    Draft GET "v1/{account}/drafts/{draft}",
    DraftPut PUT "v1/{account}/drafts/{draft}",
    DraftDelete DELETE "v1/{account}/drafts/{draft}",
    DraftMeta GET "v1/{account}/drafts/{draft}/meta",
    DraftMetaPut PUT "v1/{account}/drafts/{draft}/meta",
    DraftDocumentAdd POST "v1/{account}/drafts/{draft}/documents",
    DraftDocument GET "v1/{account}/drafts/{draft}/documents/{document}",
    DraftDocumentPut PUT "v1/{account}/drafts/{draft}/documents/{document}",
    DraftDocumentDelete DELETE "v1/{account}/drafts/{draft}/documents/{document}",
    DraftDocumentContent GET "v1/{account}/drafts/{draft}/documents/{document}/decrypted-content",
    DraftDocumentContentPut PUT "v1/{account}/drafts/{draft}/documents/{document}/decrypted-content",
    DraftDocumentEncryptedContent GET "v1/{account}/drafts/{draft}/documents/{document}/encrypted-content",
    DraftDocumentPrint GET "v1/{account}/drafts/{draft}/documents/{document}/print",
    DraftDocumentTask GET "v1/{account}/drafts/{draft}/documents/{document}/tasks/{task}",
    DraftDocumentSignature GET "v1/{account}/drafts/{draft}/documents/{document}/signature",
    DraftDocumentSignaturePut PUT "v1/{account}/drafts/{draft}/documents/{document}/signature",
    DraftDocumentSignatures GET "v1/{account}/drafts/{draft}/documents/{document}/signatures",
    DraftSignatureAdd POST "v1/{account}/drafts/{draft}/documents/{document}/signatures",
    DraftSignature GET "v1/{account}/drafts/{draft}/documents/{document}/signatures/{item}",
    DraftSignaturePut PUT "v1/{account}/drafts/{draft}/documents/{document}/signatures/{item}",
    DraftSignatureDelete DELETE "v1/{account}/drafts/{draft}/documents/{document}/signatures/{item}",
    DraftSignatureContent GET "v1/{account}/drafts/{draft}/documents/{document}/signatures/{item}/content",
    DraftCheck POST "v1/{account}/drafts/{draft}/check",
    DraftPrepare POST "v1/{account}/drafts/{draft}/prepare",
    DraftSend POST "v1/{account}/drafts/{draft}/send",
    DraftCloudSign POST "v1/{account}/drafts/{draft}/cloud-sign",
    DraftCloudSignConfirm POST "v1/{account}/drafts/{draft}/cloud-sign-confirm",
    DraftTasks GET "v1/{account}/drafts/{draft}/tasks",
    DraftTask GET "v1/{account}/drafts/{draft}/tasks/{task}",
    Docflows GET "v1/{account}/docflows",
    Docflow GET "v1/{account}/docflows/{docflow}",
    DocflowDocuments GET "v1/{account}/docflows/{docflow}/documents",
    Document GET "@",
    DocumentDescription GET "@/description",
    DocumentEncryptedContent GET "@/encrypted-content",
    DocumentDecryptedContent GET "@/decrypted-content",
    DocumentDecryptedContentPut PUT "@/decrypted-content",
    DocumentPrint POST "@/print",
    DocumentRelated GET "@/related",
    DocumentInventories GET "v1/{account}/docflows/{docflow}/documents/{document}/inventories",
    Inventory GET "v1/{account}/docflows/{docflow}/documents/{document}/inventories/{item}",
    DocumentSignatures GET "@/signatures",
    DocumentSignature GET "@/signatures/{item}",
    DocumentSignatureContent GET "@/signatures/{item}/content",
    DocumentTask GET "@/tasks/{task}",
    DecryptContent POST "@/decrypt-content",
    DecryptContentConfirm POST "@/decrypt-content-confirm",
    ConfirmContentDecryption POST "@/confirm-content-decryption",
    GenerateReply POST "@/generate-reply",
    Reply GET "@/replies/{reply}",
    ReplyContentPut PUT "@/replies/{reply}/content",
    ReplySignaturePut PUT "@/replies/{reply}/signature",
    ReplyCloudSign POST "@/replies/{reply}/cloud-sign",
    ReplyCloudSignConfirm POST "@/replies/{reply}/cloud-sign-confirm",
    ReplyTask GET "@/replies/{reply}/tasks/{task}",
    ReplySend POST "@/replies/{reply}/send",
    PfrGenerateReply POST "@/pfr-generate-reply",
    PfrReply GET "@/pfr-replies/{reply}",
    PfrReplyDocumentContent PUT "@/pfr-replies/{reply}/documents/{item}/decrypted-content",
    PfrReplySignaturePut PUT "@/pfr-replies/{reply}/documents/{item}/signature",
    PfrReplyCloudSign POST "@/pfr-replies/{reply}/cloud-sign",
    PfrReplyCloudSignConfirm POST "@/pfr-replies/{reply}/cloud-sign-confirm",
    PfrReplyTask GET "@/pfr-replies/{reply}/tasks/{task}",
    PfrReplySend POST "@/pfr-replies/{reply}/send",
}

/// `@` stands for a document, in a docflow or in an inventory.
const DOCUMENT: &str = "v1/{account}/docflows/{docflow}/documents/{document}";
const INVENTORY: &str = "v1/{account}/docflows/{docflow}/documents/{related}/inventories/{inventory}/documents/{document}";

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

/// The places of the rows by their paths.
static PATHS: LazyLock<Router<Vec<usize>>> = LazyLock::new(|| {
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, (_, _, _, path)) in TABLE.iter().enumerate() {
        match path.strip_prefix('@') {
            None => places.entry(format!("/{path}")).or_default().push(place),
            Some(rest) => {
                for document in [DOCUMENT, INVENTORY] {
                    let path = format!("/{document}{rest}");
                    places.entry(path).or_default().push(place);
                }
            }
        }
    }
    // Whatever else there is below a draft.
    places.entry(ANY_DRAFT.to_owned()).or_default();
    let mut router = Router::new();
    for (path, places) in places {
        // Two rows whose paths cannot be told apart are seen by a test.
        let _ = router.insert(path, places);
    }
    router
});

const ANY_DRAFT: &str = "/v1/{account}/drafts/{draft}/{*item}";
const SERVICES: [&str; 6] = [
    "v1",
    "connect",
    "authentication",
    "test-tools",
    "auth",
    "sessions",
];

/// Where a request goes, by a path in lower case; none when it is not one of Extern's.
pub(crate) fn route<'a>(method: &Method, path: &'a str) -> Option<Route<'a>> {
    let path = path.trim_end_matches('/');
    let first = path.split('/').nth(1)?;
    if !SERVICES.contains(&first) {
        return None;
    }
    let Ok(found) = PATHS.at(path) else {
        return Some(Route::Unknown);
    };
    let ids = Ids::of(&found.params);
    let rows = || found.value.iter().filter_map(|place| TABLE.get(*place));
    if let Some(row) = rows().find(|row| row.2 == *method) {
        return Some(Route::To(row.0, ids));
    }
    let changes = [Method::POST, Method::PUT, Method::DELETE].contains(method);
    let allowed: Vec<&str> = rows().map(|row| row.2.as_str()).collect();
    Some(if changes && !ids.draft.is_empty() {
        Route::To(Endpoint::DraftChange, ids)
    } else if allowed.is_empty() {
        Route::Unknown
    } else {
        Route::WrongMethod(allowed.join(", "))
    })
}

impl<'a> Ids<'a> {
    fn of(params: &Params<'_, 'a>) -> Self {
        let id = |name: &str| params.get(name).unwrap_or_default();
        Self {
            account: id("account"),
            draft: id("draft"),
            docflow: id("docflow"),
            document: id("document"),
            related: params.get("related"),
            inventory: params.get("inventory"),
            reply: id("reply"),
            task: id("task"),
            item: id("item"),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::{Endpoint, Route, route};

    fn found(method: Method, path: &str) -> Option<Endpoint> {
        match route(&method, &path.to_ascii_lowercase()) {
            Some(Route::To(endpoint, _)) => Some(endpoint),
            _ => None,
        }
    }

    #[test]
    fn paths_are_found_in_any_case() {
        assert_eq!(found(Method::GET, "/V1/"), Some(Endpoint::Accounts));
        let seen = found(Method::POST, "/v1/a/Drafts/b/Cloud-Sign");
        assert_eq!(seen, Some(Endpoint::DraftCloudSign));
        assert_eq!(
            found(
                Method::POST,
                "/v1/a/docflows/b/documents/c/inventories/d/documents/e/replies/f/cloud-sign"
            ),
            Some(Endpoint::ReplyCloudSign)
        );
        let seen = found(Method::DELETE, "/v1/a/drafts/b/documents/c");
        assert_eq!(seen, Some(Endpoint::DraftDocumentDelete));
        let seen = found(Method::POST, "/v1/a/drafts/b/pack");
        assert_eq!(seen, Some(Endpoint::DraftChange));
        assert!(route(&Method::GET, "/v3/authenticate").is_none());
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
    fn every_path_is_told_from_all_others() {
        for (endpoint, name, method, path) in super::TABLE {
            for document in [super::DOCUMENT, super::INVENTORY] {
                let path = format!("/{}", path.replace('@', document));
                assert_eq!(found(method.clone(), &path), Some(*endpoint), "{name}");
            }
        }
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
